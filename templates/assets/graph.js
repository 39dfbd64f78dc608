// The graph is moved about in: by pointer, by keyboard, by buttons; what a point is tied to stands out. Loaded on pages
// that have a graph. Without it the drawing is whole and its links work.

import { count, translate } from "./words.js"

const STEP = 1.25, NEAREST = 6, SHIFT = .12

const live = figure => {
  const frame = figure.querySelector(".mg-graph__frame"), svg = frame.querySelector("svg"), whole = svg.viewBox.baseVal, home = [whole.x, whole.y, whole.width, whole.height]
  let [x, y, width, height] = home, drag
  const points = [...svg.querySelectorAll(":scope > a")], lines = [...svg.querySelectorAll("[data-ends]")]
  const told = document.createElement("span")
  told.className = "mg-graph__told"

  const show = () => {
    svg.setAttribute("viewBox", [x, y, width, height].map(value => Math.round(value * 10) / 10).join(" "))
    figure.classList.toggle("mg-graph--moved", width < home[2])
  }
  const keep = () => {
    // something of the drawing stays in sight
    x = Math.min(Math.max(x, home[0] - width / 2), home[0] + home[2] - width / 2)
    y = Math.min(Math.max(y, home[1] - height / 2), home[1] + home[3] - height / 2)
    show()
  }
  const zoom = (by, atX = x + width / 2, atY = y + height / 2) => {
    const next = Math.min(home[2], Math.max(home[2] / NEAREST, width / by)), part = next / width
    x = atX - (atX - x) * part
    y = atY - (atY - y) * part
    width = next
    height *= part
    width === home[2] ? reset() : keep()
  }
  const reset = () => { [x, y, width, height] = home; show() }
  const move = (right, down) => { x += right * width; y += down * height; keep() }
  const place = event => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
    return [at.x, at.y]
  }

  const button = (name, text, act) => {
    const made = document.createElement("button")
    made.type = "button"
    made.title = name
    made.setAttribute("aria-label", name)
    made.textContent = text
    made.addEventListener("click", act)
    return made
  }
  const tools = document.createElement("div")
  tools.className = "mg-graph__tools"
  tools.setAttribute("role", "group")
  tools.setAttribute("aria-label", translate("graph-view"))
  tools.append(button(translate("zoom-in"), "+", () => zoom(STEP)), button(translate("zoom-out"), "−", () => zoom(1 / STEP)), button(translate("zoom-reset"), "⤢", reset))
  figure.prepend(tools)
  figure.querySelector("figcaption").append(told)
  figure.classList.add("mg-graph--live")

  figure.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = { "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), "0": reset,
      ArrowLeft: () => move(-SHIFT, 0), ArrowRight: () => move(SHIFT, 0), ArrowUp: () => move(0, -SHIFT), ArrowDown: () => move(0, SHIFT) }[event.key]
    // a graph that is seen whole leaves the arrows to the page
    if (!act || (event.key.startsWith("Arrow") && width === home[2])) return
    event.preventDefault()
    act()
  })

  // the wheel scrolls the page unless Ctrl is held, which is what pinching on a touchpad gives as well
  svg.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, ...place(event))
  }, { passive: false })

  // a mouse drags the drawing; fingers scroll its frame, as they do anywhere
  svg.addEventListener("pointerdown", event => {
    if (event.pointerType === "mouse" && !event.button && width < home[2]) drag = { from: event, last: event, moved: false }
  })
  svg.addEventListener("pointermove", event => {
    if (!drag) return
    if (!drag.moved && Math.hypot(event.clientX - drag.from.clientX, event.clientY - drag.from.clientY) > 4) {
      drag.moved = true
      svg.setPointerCapture(event.pointerId)
    }
    if (!drag.moved) return
    const [fromX, fromY] = place(drag.last), [toX, toY] = place(event)
    drag.last = event
    x -= toX - fromX
    y -= toY - fromY
    keep()
  })
  const lift = () => setTimeout(() => { drag = undefined })
  svg.addEventListener("pointerup", lift)
  svg.addEventListener("pointercancel", lift)
  // the end of a drag is no click on the point below
  svg.addEventListener("click", event => { if (drag?.moved) { event.preventDefault(); event.stopPropagation() } }, true)
  svg.addEventListener("dragstart", event => event.preventDefault())

  const light = point => {
    for (const lit of figure.querySelectorAll(".mg-on")) lit.classList.remove("mg-on")
    figure.classList.toggle("mg-graph--lit", point !== undefined)
    told.textContent = ""
    if (point === undefined) return
    const near = new Set([point])
    for (const line of lines) {
      const ends = line.dataset.ends.split(" ").map(Number)
      if (!ends.includes(point)) continue
      line.classList.add("mg-on")
      ends.forEach(end => near.add(end))
    }
    for (const number of near) points[number].classList.add("mg-on")
    told.textContent = `${points[point].querySelector("title").textContent}: ${near.size === 1 ? translate("no-connections") : count(near.size - 1, "connection")}`
  }
  points.forEach((point, number) => {
    point.addEventListener("pointerenter", event => { if (event.pointerType === "mouse" && !drag?.moved) light(number) })
    point.addEventListener("pointerleave", () => light())
    point.addEventListener("focus", () => {
      if (!point.matches(":focus-visible")) return
      light(number)
      const [across, down] = point.getAttribute("transform").match(/-?\d+/g).map(Number)
      // a point that is reached by keyboard comes into sight
      if (across < x || across > x + width || down < y || down > y + height) { x = across - width / 2; y = down - height / 2; keep() }
    })
    point.addEventListener("blur", () => light())
  })
}

// Brings the graphs of the page to life, each once.
export const arrive = () => {
  for (const figure of document.querySelectorAll(".mg-graph:not(.mg-graph--live)")) live(figure)
}
