// Which episodes the reader has finished: a checkbox beside each. What is checked is stored on the device, separately for
// each site of a host. Loaded on pages that list episodes or are about one, and by the player.

import { translate } from "./words.js"

const ROOT = new URL("../../", import.meta.url), KEY = `mlguide.heard:${ROOT.pathname}`, MOST = 20000
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/
let visit = [], refused = false

const clean = ids => [...new Set(Array.isArray(ids) ? ids : [])].filter(id => typeof id === "string" && ID.test(id)).slice(0, MOST)

// The ids of the finished episodes, in the order in which they were marked. Where the browser stores nothing, those
// marked since the page was loaded.
export const finished = () => {
  if (refused) return visit
  try { return clean(JSON.parse(localStorage.getItem(KEY) ?? "[]")) } catch (error) {
    if (error instanceof SyntaxError) return []
    refused = true
    return visit
  }
}

// Whether marks are lost with this visit.
export const isTemporary = () => refused

export const save = ids => {
  visit = clean(ids)
  try {
    if (visit.length) localStorage.setItem(KEY, JSON.stringify(visit))
    else localStorage.removeItem(KEY)
    refused = false
  } catch { refused = true }
  notify()
}

export const mark = (id, done = true) => {
  const before = finished().filter(other => other !== id)
  save(done ? [...before, id] : before)
}

// The id of the episode that an address is the page of, or the transcript; undefined for others.
export const idOf = address => {
  const url = new URL(address, location)
  if (url.origin !== ROOT.origin || !url.pathname.startsWith(ROOT.pathname)) return undefined
  const [folder, series, name] = url.pathname.slice(ROOT.pathname.length).split("/")
  const id = name?.replace(/\.html$/, "")
  return folder === "episodes" && id?.startsWith(`${series}-`) && ID.test(id) ? id : undefined
}

export const root = ROOT

// Everything on the page that shows progress is updated.
const notify = () => dispatchEvent(new CustomEvent("mlguide:progress"))

const box = (id, text) => {
  const label = document.createElement("label"), input = document.createElement("input"), words = document.createElement("span")
  label.className = "mg-checkbox"
  input.type = "checkbox"
  input.dataset.id = id
  words.textContent = text
  words.className = "mg-visually-hidden"
  input.addEventListener("change", () => mark(id, input.checked))
  label.append(input, words)
  return label
}

const show = () => {
  const ids = new Set(finished())
  for (const input of document.querySelectorAll(".mg-checkbox input")) {
    input.checked = ids.has(input.dataset.id)
    input.closest("li")?.classList.toggle("mg-done", input.checked)
  }
  const own = document.querySelector(".mg-progress--episode")
  if (!own) return
  let note = own.querySelector(".mg-count")
  if (refused && !note) own.append(note = Object.assign(document.createElement("span"), { className: "mg-count" }))
  if (note) note.textContent = refused ? translate("progress-not-kept") : ""
}

addEventListener("mlguide:progress", show)
// another tab has changed something, or cleared all
addEventListener("storage", event => { if (event.key === KEY || event.key === null) notify() })

// Puts boxes beside the episodes of the page, each once.
export const init = () => {
  for (const item of document.querySelectorAll("ol.mg-episodes > li:not(:has(.mg-checkbox))")) {
    const link = item.querySelector("a.mg-title"), id = link && !item.closest("details") && idOf(link.href)
    if (id) item.append(box(id, translate("finished-title", link.textContent)))
  }
  // the page's own box is there from the first, as early.js set it; the reader may have changed it before this was loaded
  const own = idOf(location), input = document.querySelector(".mg-progress--episode .mg-checkbox input:not([data-id])")
  if (input && own) {
    if (input.checked !== input.defaultChecked) mark(own, input.checked)
    input.dataset.id = own
    // by now it shows what is stored; a browser must not restore another state of it at the next visit
    input.autocomplete = "off"
    input.addEventListener("change", () => mark(own, input.checked))
  }
  show()
  if (document.querySelector(".mg-progress--path, .mg-progress--home")) import("./journey.js").then(journey => journey.init())
}
