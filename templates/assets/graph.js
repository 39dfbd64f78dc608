// Highlights a node of the graph and its neighbours when the node is hovered, focused by keyboard or tapped. In wide
// windows, the connections of the last node stay until the pointer leaves the graph or Escape is pressed. Loaded on pages
// with a graph. Without this script, the graph is complete and its links work.

import { translate } from "./words.js"

// the functions that end the highlight of each graph
const ends = new WeakMap()
const isWide = matchMedia("(hover: hover) and (min-width: 75em)")

const prepare = figure => {
  const nodes = [...figure.querySelectorAll(".mg-net a")], lines = [...figure.querySelectorAll("[data-ends]")]
  const sizes = figure.querySelectorAll("small")
  for (const size of sizes) size.dataset.all = size.textContent
  const panel = figure.querySelector(".mg-graph__selected")
  const status = document.createElement("div"), close = document.createElement("button")
  status.className = "mg-graph__status"
  Object.assign(close, { type: "button", textContent: "×", ariaLabel: translate("close"), title: translate("close") })
  panel.append(close, status)
  figure.classList.add("mg-graph--ready")

  const items = new Map([...document.querySelectorAll(".mg-connections .mg-title")].map(title => [title.href, title.parentNode]))
  let tapped, pending, current
  const highlight = (number, isTapped) => {
    current = number
    for (const old of figure.querySelectorAll(".mg-highlighted")) old.classList.remove("mg-highlighted", "mg-reached")
    figure.classList.toggle("mg-graph--highlighted", number !== undefined)
    status.textContent = ""
    for (const size of sizes) size.textContent = size.dataset.all
    if (number === undefined) return
    const node = nodes[number], linked = new Map([[node]])
    for (const line of lines) {
      const [one, other, shared] = line.dataset.ends.split(" ").map(Number)
      if (one !== number && other !== number) continue
      line.classList.add("mg-highlighted")
      // an arrowhead belongs to the line of a prerequisite, not to the episode
      if (line.classList.contains("mg-needs")) nodes[other].classList.add("mg-reached")
      linked.set(nodes[one === number ? other : one], shared)
    }
    for (const [other, shared] of linked) {
      other.classList.add("mg-highlighted")
      if (shared !== undefined) other.querySelector("small")?.replaceChildren(shared || "")
    }
    clearTimeout(pending)
    // the panel has the connections from the list, with links if they can be tapped
    status.append(...items.get(node.href).cloneNode(true).childNodes)
    if (panel.dataset.note) status.append(Object.assign(document.createElement("p"), { className: "mg-note", textContent: panel.dataset.note }))
    if (isWide.matches) {
      const head = document.createElement("div"), ties = document.createElement("div")
      ties.className = "mg-graph__ties"
      ties.append(...status.querySelectorAll(":scope > :is(p, details)"))
      // the list names the episodes, the panel only the neighbours
      for (const small of ties.querySelectorAll("small")) {
        small.previousSibling.textContent = small.nextElementSibling ? translate("list-separator") : ""
        small.remove()
      }
      for (const fold of ties.querySelectorAll("details")) fold.open = Number.parseFloat(fold.textContent) > 2
      head.append(...status.childNodes)
      status.append(head, ties)
    }
    if (!isTapped && !isWide.matches) for (const link of status.querySelectorAll("a")) link.removeAttribute("href")
    // at the other edge of the window if it would cover the name
    panel.classList.remove("mg-graph__selected--above")
    const covers = node.getBoundingClientRect().bottom > panel.getBoundingClientRect().top
    panel.classList.toggle("mg-graph__selected--above", covers && !isTapped)
  }
  nodes.forEach((node, number) => {
    // the pointer may only cross a name on its way to the panel, so it selects the name when it rests there
    const select = event => {
      const isKept = isWide.matches && figure.classList.contains("mg-graph--highlighted")
      // when the panel is closed, a name can appear below a pointer that doesn't move
      const rests = !event.movementX && !event.movementY
      if (event.pointerType !== "mouse" || rests || isKept && current === number) return
      clearTimeout(pending)
      pending = setTimeout(highlight, isKept ? 200 : 0, number)
    }
    node.addEventListener("pointermove", select)
    node.addEventListener("pointerleave", () => {
      clearTimeout(pending)
      if (!isWide.matches) highlight()
    })
    node.addEventListener("focus", () => { if (node.matches(":focus-visible")) highlight(number) })
    node.addEventListener("blur", event => {
      // the reader taps a link or the button of the panel
      if (isWide.matches || panel.contains(event.relatedTarget)) return
      tapped = undefined
      highlight()
    })
    // the second tap opens the page, and so does the link
    node.addEventListener("click", event => {
      if (event.pointerType !== "touch" || tapped === number) return
      event.preventDefault()
      event.stopPropagation()
      tapped = number
      highlight(number, true)
      // the list of connections doesn't cover the name
      node.style.scrollMarginBlockEnd = `${panel.offsetHeight + 16}px`
      node.scrollIntoView({ block: "nearest" })
    })
  })
  // in wide windows, the legend is back when the pointer has left both, unless the selected name or the panel has the focus
  figure.addEventListener("pointerleave", () => {
    clearTimeout(pending)
    const focused = figure.querySelector(":focus-visible")
    if (isWide.matches && (!focused || focused !== nodes[current] && !panel.contains(focused))) pending = setTimeout(highlight, 300)
  })
  figure.addEventListener("pointerenter", () => clearTimeout(pending))
  close.addEventListener("click", () => {
    nodes[tapped]?.focus({ preventScroll: true })
    tapped = undefined
    highlight()
  })
  ends.set(figure, highlight)
  // the pointer or the focus was there before this script
  const first = nodes.findIndex(node => node.matches(":hover, :focus-visible"))
  if (first >= 0) highlight(first)
}

document.addEventListener("keydown", event => {
  if (event.key === "Escape") for (const figure of document.querySelectorAll(".mg-graph--ready")) ends.get(figure)?.()
})

// Prepares each graph of the page once.
export const init = () => {
  for (const figure of document.querySelectorAll(".mg-graph:not(.mg-graph--ready)")) prepare(figure)
}
