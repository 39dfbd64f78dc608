// Creates elements. Shared by several scripts.
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

// Returns the nodes of a text. Every second part is a formula in MathML, which the build has written.
export const nodes = parts => parts.map((part, at) => {
  if (at % 2 === 0) return part
  const holder = document.createElement("template")
  holder.innerHTML = part
  // lets the browser load the font of formulas, as in site.js
  document.documentElement.classList.add("mg-mathematics")
  return holder.content
})
