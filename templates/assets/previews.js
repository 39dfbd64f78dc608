// Shows previews of links, which are read from the linked page, on hover and focus. The first tap on a term also shows
// a preview; the second tap follows the link. Escape, or leaving the link, closes the preview.

import { make } from "./make.js"
import { kindLabel, translate } from "./words.js"

const HOME = new URL("../../", import.meta.url), KEY = `mlguide.previews:${HOME.pathname}`, WAIT = 300, LEAVE = 300, MOST = 320
const ENTRY = /^(?:episodes\/[^/]+|topics|tools|resources|glossary|people)\/(?!page\/|index\.html$)[^/]+(?:\/|\.html)$/
const read = new Map()
let box, shown, waiting, leaving, latest = 0, followed

const off = () => { try { return localStorage.getItem(KEY) === "off" } catch { return false } }
const savesData = () => matchMedia("(prefers-reduced-data: reduce)").matches || navigator.connection?.saveData

// Returns the address of the page that a link leads to, or undefined for navigation links and links beside a summary.
const target = link => {
  if (!(link instanceof HTMLAnchorElement) || !link.closest("article") || link.closest("nav, .mg-graph, .mg-terms, .mg-review, .mg-preview, .mg-names, .mg-results")) return
  if (link.parentElement.querySelector(":scope > .mg-summary")) return
  let url
  // the address may be invalid
  try { url = new URL(link.href) } catch { return }
  if (url.origin !== HOME.origin || !url.pathname.startsWith(HOME.pathname) || url.pathname === location.pathname) return
  url.hash = url.search = ""
  return ENTRY.test(url.pathname.slice(HOME.pathname.length)) ? url : undefined
}

// Returns the texts and the formulas of an element, as far as they fit.
const parts = element => {
  let size = 0
  const all = node => node.localName === "math" ? [node] : node.data ?? [...node.childNodes].flatMap(all), found = []
  for (const part of [all(element)].flat()) {
    const text = (part.textContent ?? part).replace(/\s+/g, " ")
    size += text.length
    if (size > MOST) return [...found, part.nodeType ? "…" : `${text.slice(0, text.lastIndexOf(" ", text.length + MOST - size))}…`]
    found.push(part.nodeType ? document.importNode(part, true) : text)
  }
  return found
}

// Only text and formulas are taken from the fetched page.
const fetched = async url => {
  const answer = await fetch(url)
  if (!answer.ok || !/html/.test(answer.headers.get("content-type") ?? "")) throw url
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const article = page.querySelector("article"), heading = article?.querySelector("h1")
  if (!heading) throw url
  heading.querySelector(".headerlink")?.remove()
  // a definition consists of several paragraphs
  const texts = [...article.querySelectorAll(".mg-lead, .mg-head > p:not([class])")], lead = page.createElement("p")
  if (texts.length) lead.append(...texts.flatMap(text => [...text.childNodes, " "]))
  else lead.append(page.querySelector("meta[name=description]")?.content ?? "")
  return {
    kind: [article.dataset.kind && kindLabel(article.dataset.kind), article.querySelector(".mg-facts .mg-label")?.textContent].filter(Boolean).join(" · "),
    title: heading.textContent.trim(),
    summary: parts(lead),
  }
}

const style = () => new Promise(resolve => {
  const sheet = make("link", { rel: "stylesheet", href: new URL("previews.css", import.meta.url) })
  sheet.onload = sheet.onerror = resolve
  document.body.append(sheet)
})
let styled

// removes the current preview, but not one that is still loading
const discard = () => {
  clearTimeout(leaving)
  box?.remove()
  shown?.link.removeAttribute("aria-describedby")
  shown = leaving = undefined
}
const hide = () => { clearTimeout(waiting); latest++; discard() }

const show = async (link, by, x) => {
  const url = target(link), mine = ++latest
  if (!url) return
  if (!read.has(url.href)) read.set(url.href, fetched(url))
  let preview
  try { [preview] = await Promise.all([read.get(url.href), styled]) } catch { read.delete(url.href) }
  if (mine !== latest || !link.isConnected || by !== "touch" && !link.matches(":" + by)) return
  discard()
  if (!preview) { if (by === "touch") follow(link); return }
  box = make("div", { class: "mg-preview", id: "mg-preview", role: by === "touch" ? "status" : "tooltip" })
  // screen readers announce a status when its content changes
  link.closest("main").append(box)
  box.append(make("p", { class: "mg-preview__kind" }, preview.kind), make("p", { class: "mg-preview__title" }, preview.title))
  if (preview.summary.length) box.append(make("p", {}, ...preview.summary.map(part => part.cloneNode?.(true) ?? part)))
  if (by === "touch") box.append(make("p", {}, make("a", { href: link.href }, translate("open"))))
  else link.setAttribute("aria-describedby", box.id)
  shown = { link, by }
  place(link, x)
}

// Places the preview below the hovered line, or above it if there is more space.
const place = (link, x) => {
  const lines = [...link.getClientRects()], line = lines.find(rect => x >= rect.left && x <= rect.right) ?? lines[0]
  if (!line) return
  const base = (box.offsetParent ?? document.documentElement).getBoundingClientRect(), edge = 8
  const left = Math.max(edge, Math.min(line.left, document.documentElement.clientWidth - box.offsetWidth - edge))
  const below = line.bottom + box.offsetHeight + edge <= innerHeight || line.top < innerHeight - line.bottom
  const top = below ? line.bottom + 4 : line.top - box.offsetHeight - 4
  box.style.left = `${left - base.left}px`
  box.style.top = `${top - base.top}px`
}

const follow = link => { followed = link; link.click(); followed = undefined }

const over = event => {
  if (event.pointerType === "touch") return
  const link = event.target.closest?.("a[href]")
  clearTimeout(waiting)
  if (event.target.closest?.(".mg-preview") || (link && link === shown?.link)) { leaving = clearTimeout(leaving); return }
  if (shown?.by === "hover") leaving ??= setTimeout(discard, LEAVE)
  if (target(link) && link.matches(":hover")) waiting = setTimeout(() => show(link, "hover", event.clientX), WAIT)
}

const focus = event => {
  const link = event.target.closest?.("a[href]")
  if (link === shown?.link || !link?.matches(":focus-visible") || !target(link)) return
  clearTimeout(waiting)
  waiting = setTimeout(() => show(link, "focus"), WAIT)
}

const blur = () => {
  clearTimeout(waiting)
  if (shown?.by !== "focus") return
  if (box.matches(":hover")) shown.by = "hover"
  else hide()
}

const isTerm = link => target(link)?.pathname.slice(HOME.pathname.length).startsWith("glossary/")

const click = event => {
  const link = event.target.closest?.("a[href]")
  if (!link || event.defaultPrevented || link === followed) return
  if (event.pointerType !== "touch" || link === shown?.link || !isTerm(link)) { if (!link.closest(".mg-preview")) hide(); return }
  event.preventDefault()
  event.stopImmediatePropagation()
  show(link, "touch", event.clientX)
}

// Adds a switch for previews to the footer.
const addSwitch = () => {
  const foot = document.querySelector(".mg-foot:last-of-type")
  if (!foot || foot.querySelector(".mg-preview-switch")) return
  const button = make("button", { type: "button", class: "mg-preview-switch" })
  const update = () => { button.textContent = translate(off() ? "previews-on" : "previews-off") }
  button.addEventListener("click", () => {
    try { off() ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, "off") } catch {}
    hide()
    update()
  })
  update()
  foot.append(button)
}

const unless = act => event => { if (!off()) act(event) }

// Starts previews with the first event.
export const begin = event => {
  if (savesData()) return
  const touched = event => { if (shown?.by === "touch" && !event.target.closest?.(".mg-preview") && event.target.closest?.("a") !== shown.link) hide() }
  styled = style()
  addEventListener("pointerover", unless(over))
  addEventListener("focusin", unless(focus))
  addEventListener("focusout", blur)
  addEventListener("pointerdown", touched)
  addEventListener("click", unless(click), true)
  addEventListener("keydown", event => { if (event.key === "Escape") hide() }, true)
  document.documentElement.addEventListener("pointerleave", unless(over))
  if (typeof document$ !== "undefined") document$.subscribe(() => { hide(); styled.then(addSwitch) })
  // the switch would be unreadable without styles
  styled.then(addSwitch)
  if (event.type === "focusin") unless(focus)(event)
  else if (event.type === "pointerover") unless(over)(event)
}

// Handles a tap on a term.
export const tapped = link => { if (!off() && !savesData() && isTerm(link)) show(link, "touch"); else follow(link) }
