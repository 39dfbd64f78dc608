// Pointing at a node of the graph, or reaching it by keyboard, highlights it and what it is linked to. Loaded on pages that
// have a graph. Without it the drawing is whole and its links work.

import { count, translate } from "./words.js"

const live = figure => {
  const nodes = [...figure.querySelectorAll(".mg-net a")], lines = [...figure.querySelectorAll("[data-ends]")]
  const told = document.createElement("span")
  told.className = "mg-graph__told"
  figure.querySelector("figcaption").append(told)
  figure.classList.add("mg-graph--live")

  const light = number => {
    for (const lit of figure.querySelectorAll(".mg-on")) lit.classList.remove("mg-on")
    figure.classList.toggle("mg-graph--lit", number !== undefined)
    told.textContent = ""
    if (number === undefined) return
    const near = new Set([number])
    for (const line of lines) {
      const ends = line.dataset.ends.split(" ").map(Number)
      if (!ends.includes(number)) continue
      line.classList.add("mg-on")
      ends.forEach(end => near.add(end))
    }
    for (const other of near) nodes[other].classList.add("mg-on")
    const name = nodes[number].title || nodes[number].querySelector("span").textContent
    told.textContent = `${name}: ${near.size === 1 ? translate("no-connections") : count(near.size - 1, "connection")}`
  }
  nodes.forEach((node, number) => {
    node.addEventListener("pointerenter", event => { if (event.pointerType === "mouse") light(number) })
    node.addEventListener("pointerleave", () => light())
    node.addEventListener("focus", () => { if (node.matches(":focus-visible")) light(number) })
    node.addEventListener("blur", () => light())
  })
}

// Brings the graphs of the page to life, each once.
export const arrive = () => {
  for (const figure of document.querySelectorAll(".mg-graph:not(.mg-graph--live)")) live(figure)
}
