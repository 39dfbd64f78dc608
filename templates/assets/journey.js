// How far the reader is on the learning path, what comes next, and marks to take along, to bring back, to clear.

import { fleeting, heard, keep, root } from "./progress.js"
import { count as counted, number, say } from "./words.js"

const FORMAT = "mlguide-heard", LARGEST = 1024 * 1024
let path

// Fetched only for readers who have marked something.
const steps = () => path ??= fetch(new URL("path/steps.json", root))
  .then(answer => { if (!answer.ok) throw new Error(answer.status); return answer.json() })
  .then(rows => rows.map(([id, label, title, url, needs]) => ({ id, title, name: label ? `${label}: ${title}` : title, short: label || title, url, needs })))
  .catch(() => { path = undefined; return [] })

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}
const link = step => make("a", { href: new URL(step.url, root) }, step.name)

// The first episode of the path that was not heard while all that it requires was, and why; then, where it is another,
// the next one behind what was marked last.
export const next = (all, ids) => {
  const done = new Set(ids), byId = new Map(all.map(step => [step.id, step]))
  const free = step => !done.has(step.id) && step.needs.every(id => done.has(id) || !byId.has(id))
  const found = [], first = all.find(free)
  if (first) {
    const names = first.needs.filter(id => byId.has(id)).map(id => byId.get(id).short)
    found.push([first, names.length ? say("You have heard {}, on which it builds.", names.join(", ")) : say("It is the first on the path that you have not heard.")])
  }
  const last = ids.findLast?.(id => byId.has(id))
  const after = last && all.slice(all.indexOf(byId.get(last)) + 1).find(free)
  if (after && after !== first) found.push([after, say("It follows {}, which you marked last.", byId.get(last).short)])
  return found
}

const told = (all, ids) => {
  const done = new Set(ids), count = all.filter(step => done.has(step.id)).length
  const part = make("div", { class: "mg-journey" })
  part.append(make("p", { class: "mg-journey__count" }, say("{} of {} heard", number(count), number(all.length))),
    make("progress", { max: all.length || 1, value: count, "aria-label": say("Episodes heard") }))
  const steps = next(all, ids)
  if (steps.length) {
    part.append(make("h2", {}, say("Next for you")),
      make("ul", { class: "mg-list" }, ...steps.map(([step, why]) => make("li", {}, link(step), make("p", { class: "mg-summary" }, why)))))
  } else if (all.length) part.append(make("p", {}, count === all.length ? say("You have heard them all.") : say("What is left builds on episodes that you have not heard.")))
  return part
}

const button = (text, act) => {
  const made = make("button", { type: "button", class: "mg-button" }, text)
  made.addEventListener("click", act)
  return made
}

// The marks as a file, sorted: the same marks give the same file.
const save = () => {
  const text = JSON.stringify({ format: FORMAT, version: 1, heard: [...heard()].sort() }, null, 1) + "\n"
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }))
  const way = make("a", { href: address, download: "heard.json" })
  way.click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

// What a file adds to the marks; nothing is taken away by one.
const load = async file => {
  if (!file) return ""
  if (file.size > LARGEST) return say("That file is too large to be one of marks.")
  let read
  try { read = JSON.parse(await file.text()) } catch { return say("That file can't be read: it is no JSON.") }
  if (read?.format !== FORMAT || !Array.isArray(read.heard)) return say("That file holds no marks of this kind.")
  const before = heard()
  keep([...before, ...read.heard])
  return say("Added: {}.", counted(heard().length - before.length, "mark"))
}

// The page has the button that loads marks from the first; a file may have been chosen before this was loaded.
const tools = part => {
  const said = make("p", { class: "mg-count", role: "status" }), file = part.querySelector("input[type=file]")
  const bring = async () => { const words = await load(file.files[0]); file.value = ""; said.textContent = words }
  file.addEventListener("change", bring)
  let cleared
  const clear = button(say("Clear all marks"), () => {
    // one step back, until something else is marked
    const before = cleared ?? heard(), back = cleared !== undefined
    cleared = back ? undefined : before
    keep(back ? before : [])
    said.textContent = back ? say("The marks are back.") : say("All marks were cleared.")
    clear.textContent = back ? say("Clear all marks") : say("Undo")
  })
  const kept = button(say("Save my marks"), save)
  const show = () => { kept.hidden = !heard().length; clear.hidden = kept.hidden && !cleared }
  const heed = () => {
    // the reader has gone on to another page
    if (!part.isConnected) return removeEventListener("mlguide:heard", heed)
    if (cleared && heard().length) {
      cleared = undefined
      clear.textContent = say("Clear all marks")
    }
    show()
  }
  addEventListener("mlguide:heard", heed)
  show()
  part.prepend(kept)
  part.append(clear, said)
  if (file.files.length) bring()
}

const dress = () => {
  const style = new URL("journey.css", import.meta.url).href
  if ([...document.styleSheets].some(sheet => sheet.href === style)) return
  return new Promise(done => {
    const sheet = make("link", { rel: "stylesheet", href: style })
    sheet.onload = sheet.onerror = done
    // not in the head, from which the theme takes what the next page hasn't
    document.body.append(sheet)
  })
}

let asked = 0
const show = async () => {
  const mine = ++asked
  await dress()
  for (const part of document.querySelectorAll(".mg-heard--path .mg-journey__tools:not(:has([role=status]))")) tools(part)
  const ids = heard(), all = ids.length ? await steps() : []
  // what was marked or cleared meanwhile is shown by the call for that
  if (mine !== asked) return
  for (const place of document.querySelectorAll(".mg-heard--path, .mg-heard--home")) {
    const whole = place.matches(".mg-heard--path")
    const old = place.querySelector(".mg-journey")
    if (ids.length && all.length) {
      const fresh = told(all, ids)
      if (old) old.replaceWith(fresh)
      else place.prepend(fresh)
    } else old?.remove()
    if (whole) {
      const total = Number(place.dataset.total), kept = place.querySelector(".mg-journey__kept")
      kept.textContent = fleeting() ? say("This browser keeps no marks: they last for this visit.")
        : ids.length ? say("Marks stay on this device.")
        : `${say("{} of {} heard", 0, number(total))}. ${say("Tick what you have heard: marks stay on this device.")}`
    }
  }
}

addEventListener("mlguide:heard", show)
export const arrive = show
