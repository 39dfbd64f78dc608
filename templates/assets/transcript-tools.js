// The tools above a transcript: they find words, follow the audio, and copy a link to a moment.
import { folded } from "./filters.js"
import { translate } from "./words.js"

const MOST = 1000 // maximum number of marked matches

// Returns the range of each match in the lines. A folded text can have another length than the text itself, so the
// offsets of its characters are kept.
const find = (lines, query) => {
  const found = []
  for (const line of query ? lines : []) {
    const text = line.firstChild
    if (text?.nodeType !== Node.TEXT_NODE || !folded(text.data).includes(query)) continue
    const offsets = []
    let comparable = "", offset = 0
    for (const sign of text.data) {
      const part = folded(sign)
      comparable += part
      offsets.push(...Array(part.length).fill(offset))
      offset += sign.length
    }
    for (let at = comparable.indexOf(query); at >= 0 && found.length < MOST; at = comparable.indexOf(query, at + query.length)) {
      const range = document.createRange()
      range.setStart(text, offsets[at])
      range.setEnd(text, offsets[at + query.length] ?? text.length)
      found.push(range)
    }
  }
  return found
}

const show = element => element.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
const highlight = (name, ranges) => { if (typeof Highlight !== "undefined") CSS.highlights.set(name, new Highlight(...ranges)) }

export const init = () => {
  const tools = document.querySelector(".mg-transcript-tools")
  if (!tools || "ready" in tools.dataset) return
  tools.dataset.ready = ""
  const lines = [...document.querySelectorAll(".mg-transcript span[id]")]
  const field = tools.querySelector("[type=search]"), status = tools.querySelector("[role=status]"), follow = tools.querySelector("[type=checkbox]")
  let matches = [], at = 0

  const move = step => {
    at = matches.length ? (at + step + matches.length) % matches.length : 0
    highlight("mg-found", matches.filter(match => match !== matches[at]))
    highlight("mg-found-here", matches.slice(at, at + 1))
    status.textContent = matches.length ? translate("n-of-n", at + 1, matches.length) : folded(field.value.trim()) ? translate("no-results") : ""
    if (!matches.length) return
    if (follow) follow.checked = false
    show(matches[at].startContainer.parentElement)
  }
  field.addEventListener("input", () => { matches = find(lines, folded(field.value.trim())); at = 0; move(0) })
  tools.addEventListener("submit", event => { event.preventDefault(); move(event.submitter?.value === "back" ? -1 : 1) })
  field.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.isComposing) return
    event.preventDefault()
    move(event.shiftKey ? -1 : 1)
  })

  // the line that is being spoken, or else the first line in the window
  const here = () => document.querySelector(".mg-current-line") ?? lines.find(line => line.getBoundingClientRect().bottom > 100) ?? lines.at(-1)
  tools.querySelector("[name=copy]").addEventListener("click", async () => {
    const link = new URL(`#${here().id}`, location)
    try {
      await navigator.clipboard.writeText(link)
      status.textContent = translate("link-copied")
    } catch {
      // without permission to copy, the address of the page becomes the link
      location.hash = link.hash
    }
  })

  const line = ({ detail }) => {
    const current = document.querySelector(".mg-current-line")
    if (!tools.isConnected) document.removeEventListener("mg-line", line)
    // the line of a link stays in view until the audio plays
    else if (current && follow?.checked && (detail !== "paused" || !document.querySelector(".mg-transcript :target"))) show(current)
  }
  document.addEventListener("mg-line", line)
  if (!follow) return
  follow.addEventListener("change", line)
  // a reader who scrolls wants to read another part
  for (const sign of ["wheel", "touchmove"]) document.querySelector(".mg-transcript").addEventListener(sign, () => { follow.checked = false }, { passive: true })
}
