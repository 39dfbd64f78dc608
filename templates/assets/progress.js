// Shows a checkbox for finished episodes beside each episode. The marked episodes are stored on the device, separately
// for each site of a host. Loaded on pages of episodes, on pages that list episodes, and by the player.

import { translate } from "./words.js"

const ROOT = new URL("../../", import.meta.url), KEY = `mlguide.heard:${ROOT.pathname}`, MOST = 40000
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/
let visit = [], refused = false

const clean = ids => [...new Set(Array.isArray(ids) ? ids : [])].filter(id => typeof id === "string" && ID.test(id)).slice(0, MOST)

// Returns the ids of the finished episodes, in the order in which they were marked. If the browser stores no data,
// returns the episodes that were marked since the page was loaded.
export const finished = () => {
  if (refused) return visit
  try { return clean(JSON.parse(localStorage.getItem(KEY) ?? "[]")) } catch (error) {
    if (error instanceof SyntaxError) return []
    refused = true
    return visit
  }
}

// Returns whether the browser stores no data, so that the progress is lost after this visit.
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

// Returns the id of an episode from the address of its page or transcript, or undefined for other addresses.
export const idOf = address => {
  const url = new URL(address, location)
  if (url.origin !== ROOT.origin || !url.pathname.startsWith(ROOT.pathname)) return undefined
  const [folder, series, name] = url.pathname.slice(ROOT.pathname.length).split("/")
  const id = name?.replace(/\.html$/, "")
  return folder === "episodes" && id?.startsWith(`${series}-`) && ID.test(id) ? id : undefined
}

export const root = ROOT

// Tells all elements on the page that show progress to update.
const notify = () => dispatchEvent(new CustomEvent("mlguide:progress"))

const box = (id, title) => {
  const label = document.createElement("label"), input = document.createElement("input")
  label.className = "mg-checkbox"
  input.type = "checkbox"
  input.dataset.id = id
  input.ariaLabel = label.title = translate("finished-title", title)
  input.addEventListener("change", () => mark(id, input.checked))
  label.append(input)
  return label
}

const show = () => {
  const ids = new Set(finished())
  document.documentElement.classList.toggle("mg-begun", ids.size > 0)
  for (const input of document.querySelectorAll(".mg-checkbox input")) input.checked = ids.has(input.dataset.id)
  for (const link of document.querySelectorAll(":is(.mg-episodes, .mg-list, .mg-years__episodes) .mg-title")) link.parentElement.classList.toggle("mg-done", ids.has(idOf(link.href)))
  const count = document.querySelector(".mg-finished")
  if (count) {
    const boxes = [...count.closest("section").querySelectorAll(".mg-checkbox input")], done = boxes.filter(input => input.checked)
    count.textContent = done.length ? translate("n-of-n-finished", done.length, boxes.length) : ""
  }
  const own = document.querySelector(".mg-progress--episode")
  if (!own) return
  let note = own.querySelector(".mg-count")
  if (refused && !note) own.append(note = Object.assign(document.createElement("span"), { className: "mg-count" }))
  if (note) note.textContent = refused ? translate("progress-not-kept") : ""
}

// Lists and episodes load the code that shows the next episode only if the reader has finished one.
let isLoaded = false
const list = () => {
  if (!finished().length || !document.querySelector(".mg-progress--list, .mg-after")) return
  isLoaded = true
  import("./listed.js").then(part => part.init())
}

addEventListener("mlguide:progress", () => { show(); if (!isLoaded) list() })
// another tab has changed or reset the progress
addEventListener("storage", event => { if (event.key === KEY || event.key === null) notify() })

// Adds a checkbox to each episode on the page once.
export const init = () => {
  for (const item of document.querySelectorAll("ol.mg-episodes > li:not(:has(.mg-checkbox))")) {
    const link = item.querySelector("a.mg-title"), id = link && !item.closest("details") && idOf(link.href)
    if (id) item.append(box(id, link.textContent))
  }
  // early.js has already set the page's own checkbox; the reader may have changed it before this script was loaded
  const own = idOf(location)
  for (const input of own ? document.querySelectorAll(".mg-progress--episode .mg-checkbox input:not([data-id])") : []) {
    if (input.checked !== input.defaultChecked) mark(own, input.checked)
    input.dataset.id = own
    // the checkbox now shows the stored state, and browsers must not restore another state at the next visit
    input.autocomplete = "off"
    input.addEventListener("change", () => mark(own, input.checked))
  }
  show()
  list()
  if (document.querySelector(".mg-progress--path, .mg-progress--home")) import("./journey.js").then(journey => journey.init())
}
