// Highlights a node of the graph and its neighbours when the node is hovered, focused by keyboard or tapped. Loaded on
// pages with a graph. Without this script, the graph is complete and its links work.

import { count, translate } from "./words.js"

const prepare = figure => {
  const nodes = [...figure.querySelectorAll(".mg-net a")], lines = [...figure.querySelectorAll("[data-ends]")]
  const sizes = figure.querySelectorAll("small")
  for (const size of sizes) size.dataset.all = size.textContent
  const status = document.createElement("span")
  status.className = "mg-graph__status"
  figure.querySelector(".mg-graph__selected").prepend(status, " ")
  figure.classList.add("mg-graph--ready")

  let tapped
  const highlight = number => {
    for (const old of figure.querySelectorAll(".mg-highlighted")) old.classList.remove("mg-highlighted")
    figure.classList.toggle("mg-graph--highlighted", number !== undefined)
    status.textContent = ""
    for (const size of sizes) size.textContent = size.dataset.all
    if (number === undefined) return
    const linked = new Set([number])
    for (const line of lines) {
      const [shared, ...ends] = line.dataset.ends.split(" ").reverse().map(Number)
      if (!ends.includes(number)) continue
      line.classList.add("mg-highlighted")
      for (const end of ends) {
        linked.add(end)
        const size = nodes[end].querySelector("small")
        if (size) size.textContent = end !== number && shared || ""
      }
    }
    for (const other of linked) nodes[other].classList.add("mg-highlighted")
    const name = nodes[number].title || nodes[number].querySelector("span").textContent
    status.textContent = `${name}: ${linked.size === 1 ? translate("no-connections") : count(linked.size - 1, "connection")}`
  }
  nodes.forEach((node, number) => {
    node.addEventListener("pointerenter", event => { if (event.pointerType === "mouse") highlight(number) })
    node.addEventListener("pointerleave", () => highlight())
    node.addEventListener("focus", () => { if (node.matches(":focus-visible")) highlight(number) })
    node.addEventListener("blur", event => {
      // the reader taps the link beside the name
      if (status.contains(event.relatedTarget)) return
      tapped = undefined
      highlight()
    })
    // the second tap opens the page, and so does the link
    node.addEventListener("click", event => {
      if (event.pointerType !== "touch" || tapped === number) return
      event.preventDefault()
      event.stopPropagation()
      tapped = number
      highlight(number)
      const open = document.createElement("a")
      open.href = node.href
      open.textContent = translate("open")
      status.append(" ", open)
    })
  })
  // the pointer or the focus was there before this script
  const first = nodes.findIndex(node => node.matches(":hover, :focus-visible"))
  if (first >= 0) highlight(first)
}

// Prepares each graph of the page once.
export const init = () => {
  for (const figure of document.querySelectorAll(".mg-graph:not(.mg-graph--ready)")) prepare(figure)
}
