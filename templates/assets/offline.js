// Saves the site or a topic for offline reading, deletes the copy, and reports new versions of the site. Loaded when the
// reader opens the dialog, and on every page if there is a saved copy. The service worker is registered only when the
// reader saves. It saves a complete version, and the pages are only replaced when the reader reloads.

import "./copy-files.js"
import { make } from "./make.js"
import { translate } from "./words.js"

const HOME = new URL("../../", import.meta.url), TOPIC = /^topics\/[^/]+(\/|\.html)$/
const workers = navigator.serviceWorker
// the time at which the reader asked for the new version, and how long the page asks for it
const ASKED = "mlguide-reload", PATIENCE = 60000
let dialog

const sheet = make("link", { rel: "stylesheet", href: new URL("offline.css", import.meta.url) })
const styled = new Promise(done => { sheet.onload = sheet.onerror = done })
document.head.append(sheet)

const registered = () => workers.getRegistration(HOME).then(found => found?.scope === HOME.href ? found : undefined)
const worker = registration => registration && (registration.installing ?? registration.waiting ?? registration.active)
// the address of the script names the saved topics, or "all"
const selection = registration => registration ? new URL(worker(registration).scriptURL).searchParams.getAll("save") : []
const ownName = address => decodeURIComponent(address.replace(/^topics\/|\/$|\.html$/g, "")).replaceAll("-", " ")

const megabytes = files => {
  const size = files.reduce((sum, [, bytes]) => sum + bytes, 0) / 1e6
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: size < 10 ? 1 : 0 }).format(size)
}

const load = async address => {
  const answer = await fetch(new URL(address || "./", HOME), { cache: "no-cache" })
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`)
  return answer
}

// Waits until a worker has fetched all files. Fails if it can't.
const installed = (registration, installing, report) => new Promise((done, fail) => {
  const hear = event => { if (event.source === installing && event.data?.of) report(event.data) }
  workers.addEventListener("message", hear)
  workers.startMessages()
  const check = () => {
    if (installing.state === "installing" && registration.waiting !== installing) return
    workers.removeEventListener("message", hear)
    installing.state === "redundant" ? fail(new Error("not installed")) : done()
  }
  installing.addEventListener("statechange", check)
  check()
})

// Replaces the copy by the one that waits. The service worker then takes over, which reloads the page. A request in the moment
// in which Chromium stops the old worker starts that one again, and the new one waits on. So the page is reloaded, and asks again.
const activate = registration => {
  registration.waiting?.postMessage("activate")
  sessionStorage.setItem(ASKED, Date.now())
  setTimeout(() => location.reload(), 3000)
}

const forget = async () => {
  await (await registered())?.unregister()
  for (const name of await caches.keys()) if (name.endsWith(`-${HOME.href}`)) await caches.delete(name)
}

// Shows what can be saved, with its size, and what is saved.
const fill = async () => {
  const body = dialog.querySelector(".mg-offline__body"), status = dialog.querySelector("[role=status]")
  const topic = location.href.split(/[?#]/)[0].slice(HOME.href.length)
  const registration = await registered(), before = selection(registration)
  const parts = []
  for (const name of before) parts.push(make("li", {}, name === "all" ? translate("copy-has-site") : translate("copy-has", ownName(name))))
  const form = make("form", {})
  // the list isn't part of the copy
  if (!before.includes("all")) try {
    const list = await (await load("offline.json")).json()
    const choices = TOPIC.test(topic) ? [[topic, "copy-topic"], ["all", "copy-site"]] : [["all", "copy-site"]]
    for (const [value, label] of choices) {
      if (before.includes(value)) continue
      const files = await globalThis.mlguideCopy(list, [value], async address => (await load(address)).text())
      const input = make("input", { type: "radio", name: "save", value })
      input.checked = !form.childElementCount
      form.append(make("label", {}, input, translate(label, megabytes(files))))
    }
    if (form.childElementCount) form.append(make("button", { type: "submit" }, translate("copy-save")))
  } catch { status.textContent = translate("copy-failed") }
  form.addEventListener("submit", event => {
    event.preventDefault()
    const chosen = new FormData(form).get("save")
    save(chosen === "all" ? ["all"] : [...before, chosen])
  })
  const remove = make("button", { type: "button" }, translate("copy-delete"))
  remove.addEventListener("click", async () => {
    await forget()
    // the worker controls the page until it is reloaded
    if (workers.controller) location.reload()
    else await fill()
  })
  body.replaceChildren(...parts.length ? [make("ul", {}, ...parts)] : [], ...form.childElementCount ? [form] : [], ...parts.length ? [remove] : [])
}

const save = async wanted => {
  const status = dialog.querySelector("[role=status]"), progress = make("progress", { max: 1, "aria-label": translate("copy-save") })
  const query = new URLSearchParams(wanted.map(one => ["save", one]))
  for (const control of dialog.querySelectorAll(".mg-offline__body :is(button, input)")) control.disabled = true
  status.before(progress)
  try {
    const first = !(await registered()), registration = await workers.register(new URL(`sw.js?${query}`, HOME), { scope: HOME.href, updateViaCache: "none" })
    const installing = registration.installing ?? registration.waiting
    if (installing) {
      await installed(registration, installing, ({ saved, of }) => {
        progress.max = of
        progress.value = saved
        status.textContent = translate("copy-progress", saved, of)
      })
      watch(registration)
      status.textContent = translate("copy-saved")
      // a larger selection replaces the copy, which may be of an older version; then the page is reloaded
      if (!first) return activate(registration)
    }
  } catch {
    status.textContent = translate("copy-failed")
    // the files of a first copy that failed would fill the storage
    if (!(await registered())?.active) await forget()
  }
  progress.remove()
  await fill()
}

export const open = async () => {
  await styled
  if (!dialog) {
    const close = make("button", { type: "button", class: "mg-close" }, translate("close"))
    const title = make("h2", { id: "mg-offline" }, translate("save-offline"))
    dialog = make("dialog", { class: "mg-offline md-typeset", "aria-labelledby": "mg-offline" },
      title, make("p", {}, translate("copy-hint")), make("div", { class: "mg-offline__body" }), make("p", { role: "status" }), close)
    close.addEventListener("click", () => dialog.close())
    document.body.append(dialog)
  }
  dialog.querySelector("[role=status]").textContent = ""
  dialog.showModal()
  await fill()
}

// Tells the reader about a version that is fetched and waits.
const tell = registration => {
  if (document.querySelector(".mg-update")) return
  if (Date.now() - sessionStorage.getItem(ASKED) < PATIENCE) return activate(registration)
  const reload = make("button", { type: "button" }, translate("reload"))
  reload.addEventListener("click", () => activate(registration))
  const text = make("span", { role: "status" })
  document.body.append(make("div", { class: "mg-update md-typeset" }, text, reload))
  // screen readers announce only changes
  setTimeout(() => { text.textContent = translate("update-available") })
}

let watched
const watch = registration => {
  if (watched) return
  watched = true
  const look = installing => {
    // the state of a worker that waits can still be "installing" in a page that was opened meanwhile
    const check = () => { if (registration.waiting && registration.active && !dialog?.open) tell(registration) }
    installing?.addEventListener("statechange", check)
    if (installing) check()
  }
  look(registration.waiting)
  look(registration.installing)
  registration.addEventListener("updatefound", () => look(registration.installing))
  // another version must not mix with the parts of this page, in any tab
  let controlled = Boolean(workers.controller)
  workers.addEventListener("controllerchange", () => { if (controlled) location.reload(); controlled = true })
}

// Looks for a new version, on pages that the service worker controls.
export const init = async () => {
  const registration = await registered()
  if (!registration) return
  watch(registration)
  registration.update().catch(() => {})
}
