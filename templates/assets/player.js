// The player at the bottom of the window. It continues while the reader moves through the site. If the theme doesn't
// load pages by itself, the next page continues at the same position. Loaded when audio is to be played. Positions and
// the speed are stored on the device, separately for each site of a host. Whether the audio is playing is stored for
// the tab.

import { make } from "./make.js"
import { translate } from "./words.js"

const KEY = `mlguide.player:${new URL("../../", import.meta.url).pathname}`, SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3], STEP = 15, MOST = 200
let bar, audio, now

// the stored data can be anything, because other sites of the host can write to it
const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY))
    return kept?.constructor === Object ? kept : {}
  } catch { return {} }
}
const left = source => {
  const at = read().places?.[source]
  return Number.isFinite(at) ? at : 0
}
const plays = {
  get here() { try { return sessionStorage.getItem(KEY) === "plays" } catch { return false } },
  set here(now) { try { now ? sessionStorage.setItem(KEY, "plays") : sessionStorage.removeItem(KEY) } catch {} }
}
// only one tab plays at a time; what it stores is newer than the position of the others
const tabs = globalThis.BroadcastChannel && new BroadcastChannel(KEY)
tabs?.addEventListener("message", () => { if (now) audio.pause(), now.used = false })
const store = changes => { try { localStorage.setItem(KEY, JSON.stringify({ ...read(), ...changes })) } catch {} }
const clock = seconds => {
  const whole = Math.floor(seconds), two = part => String(part).padStart(2, "0")
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}` : `${Math.floor(whole / 60)}:${two(whole % 60)}`
}

const build = () => {
  audio = make("audio", { preload: "metadata" })
  const button = (name, text, act, key) => {
    const element = make("button", { type: "button", "aria-label": name, title: key ? `${name} (${key})` : name, ...key && { "aria-keyshortcuts": key } }, text)
    element.addEventListener("click", act)
    return element
  }
  const play = button(translate("play"), "▶", toggle, "K")
  const title = make("a", { class: "mg-player__title" })
  const seek = make("input", { type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": translate("position") })
  const time = make("span", { class: "mg-player__time" }, "0:00")
  const speed = make("select", { "aria-label": translate("speed") }, ...SPEEDS.map(rate => make("option", { value: rate }, `${rate}×`)))
  const copy = button(translate("copy-moment"), "", async () => {
    const link = new URL(now.page)
    link.searchParams.set("t", Math.floor(reached()))
    // without permission to copy, the reader can copy the link from the player
    say(await navigator.clipboard?.writeText(link).then(() => translate("link-copied"), () => "") || link)
  })
  copy.classList.add("mg-player__copy")
  bar = make("section", { class: "mg-player", "aria-label": translate("player"), hidden: "" }, audio,
    play, button(translate("seek-back", STEP), "−15", () => skip(-STEP), "J"), button(translate("seek-forward", STEP), "+15", () => skip(STEP), "L"),
    make("div", { class: "mg-player__middle" }, title, time, seek), speed, copy, button(translate("close-player"), "×", close), make("span", { class: "mg-player__fault", role: "status" }))
  // not in the head, because the theme removes elements that the next page's head doesn't have
  document.body.append(make("link", { rel: "stylesheet", href: new URL("player.css", import.meta.url) }))
  document.body.append(bar)
  speed.value = String(SPEEDS.find(rate => rate === read().speed) ?? 1)
  speed.addEventListener("change", () => { audio.playbackRate = Number(speed.value); store({ speed: Number(speed.value) }) })
  seek.addEventListener("input", () => { now.used = true; audio.currentTime = Number(seek.value); show() })
  const show = () => {
    if (!now) return
    const at = reached(), all = audio.duration
    seek.max = String(Math.floor(Number.isFinite(all) ? all : 0))
    seek.value = String(Math.floor(at))
    seek.setAttribute("aria-valuetext", clock(at))
    time.textContent = Number.isFinite(all) ? `${clock(at)} / ${clock(all)}` : clock(at)
    mark(at)
    const name = now.chapter ? `${now.title} · ${now.chapter}` : now.title
    if (title.textContent !== name) title.textContent = name
  }
  const state = () => {
    const name = translate(audio.paused ? "play" : "pause")
    play.textContent = audio.paused ? "▶" : "❚❚"
    play.setAttribute("aria-label", name)
    play.title = `${name} (K)`
    show()
    remember()
  }
  audio.addEventListener("timeupdate", () => { show(); finish(); if (Math.abs(audio.currentTime - (now?.saved ?? -9)) > 5) remember() })
  audio.addEventListener("loadedmetadata", () => {
    audio.playbackRate = Number(speed.value)
    // a position after the end is ignored
    if (now && now.requested >= audio.duration) {
      const before = left(now.source)
      audio.currentTime = before < audio.duration ? before : 0
    }
    show()
  })
  audio.addEventListener("seeked", show)
  audio.addEventListener("play", () => { now.used = true; tabs?.postMessage("plays"); state() })
  audio.addEventListener("pause", state)
  audio.addEventListener("ended", () => { finish(); next() })
  audio.addEventListener("playing", () => say(""))
  audio.addEventListener("error", () => { if (audio.error && audio.getAttribute("src")) say(translate("audio-not-loaded")) })
  addEventListener("pagehide", remember)
  addEventListener("keydown", keys)
  const media = navigator.mediaSession
  if (media) for (const [name, act] of [["play", () => now && audio.paused && toggle()], ["pause", () => audio.pause()], ["seekbackward", () => skip(-STEP)], ["seekforward", () => skip(STEP)]])
    try { media.setActionHandler(name, act) } catch {}
  bar.refresh = () => {
    say("")
    show()
    title.href = now.page
    if (media) media.metadata = new MediaMetadata({ title: now.title })
  }
}

const toggle = () => {
  if (!audio.paused) return audio.pause()
  if (audio.ended && queue().length) return next()
  // another tab may have played on
  if (!now.used && left(now.source) !== now.left) audio.currentTime = left(now.source)
  start()
}
const say = text => { if (bar) bar.querySelector("[role=status]").textContent = text }
const start = (own = now) => audio.play().catch(error => { if (now === own && !/NotAllowed|Abort/.test(error.name)) say(translate("audio-not-played")) })
const skip = seconds => { if (audio.readyState) now.used = true, audio.currentTime = Math.max(0, Math.min(audio.duration || Infinity, audio.currentTime + seconds)) }

// Until the audio is loaded, its element reports a requested position, possibly that of the previous audio.
const reached = () => audio.readyState ? audio.currentTime : 0

const close = () => {
  audio.pause()
  remember()
  store({ open: null })
  plays.here = false
  audio.removeAttribute("src")
  // otherwise the keys of the system would go on with the audio
  audio.load()
  bar.hidden = true
  document.documentElement.classList.remove("mg-playing")
  now = undefined
  mark(-1)
}

// Stores the last position of each audio file, the latest last. The number of positions is limited, so that stored data
// can't grow without end.
const remember = () => {
  if (!now) return
  const places = Object.entries(read().places ?? {}).filter(([source]) => source !== now.source)
  now.saved = reached()
  if (!audio.ended && now.saved > STEP) places.push([now.source, Math.floor(now.saved)])
  plays.here = !audio.paused
  // another tab may have played on, or closed the player
  if (!now.used) return
  // keep the stored position while the audio isn't loaded
  const stopped = audio.readyState ? { places: Object.fromEntries(places.slice(-MOST)) } : {}
  store({ ...stopped, open: { source: now.source, title: now.title, page: now.page, at: audio.readyState ? now.saved : now.requested } })
}

// Returns whether audio after a position was played. Moving the slider there doesn't count as playing.
const played = from => {
  for (let at = 0; at < audio.played.length; at++) if (audio.played.end(at) > Math.max(from, audio.played.start(at))) return true
  return false
}

// Marks an episode as finished when it plays within its last minute, or within the last twentieth of a short episode.
const finish = () => {
  const left = audio.duration - audio.currentTime
  const last = Math.min(60, audio.duration / 20)
  if (!now || now.finished || !(left <= last) || (audio.paused && !audio.ended) || audio.seeking || !played(audio.duration - last)) return
  now.finished = true
  const { page } = now
  import("./progress.js").then(progress => { const id = progress.idOf(page); if (id) progress.mark(id) })
}

const keys = event => {
  if (!now || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable]")) return
  const act = { k: toggle, j: () => skip(-STEP), l: () => skip(STEP) }[event.key.toLowerCase()]
  if (!act) return
  event.preventDefault()
  act()
}

// Highlights the line that is being spoken, on the page of the transcript, and the chapter, on the page of the episode.
// While the page's own audio plays, its button pauses.
const mark = at => {
  const own = now && [...document.querySelectorAll("article audio")].some(audio => audio.src === now.source)
  const listen = document.querySelector(".mg-listen-button"), name = own && !audio.paused ? translate("pause") : listen?.previousElementSibling.dataset.listen
  if (listen && listen.textContent !== name) listen.textContent = name
  const chapters = own ? [...document.querySelectorAll(".mg-chapters > ol > li")] : []
  // other pages of the site still show the name of the chapter
  if (chapters.length) now.chapters = chapters.map(item => [Number(item.querySelector("[data-t]")?.dataset.t), item.textContent.replace(/^\s*\S+\s+/, "")])
  const number = (now?.chapters ?? []).filter(([start]) => start <= at).length - 1
  if (now) now.chapter = now.chapters?.[number]?.[1]
  for (const item of document.querySelectorAll(".mg-chapters > ol > li")) item === chapters[number] ? item.setAttribute("aria-current", "true") : item.removeAttribute("aria-current")
  const lines = own ? [...document.querySelectorAll(".mg-transcript span[id]")] : []
  const line = lines.filter(span => Number(span.id.slice(2)) <= at).at(-1)
  const before = document.querySelector(".mg-current-line")
  if (before === line) return
  before?.classList.remove("mg-current-line")
  line?.classList.add("mg-current-line")
  document.dispatchEvent(new CustomEvent("mg-line", { detail: audio.paused ? "paused" : "" }))
}

const take = ({ source, title, page }, at, playing) => {
  if (!bar) build()
  const other = now?.source !== source
  if (other) {
    remember()
    now = { source, title, page, left: left(source) }
    audio.src = source
    bar.refresh()
  }
  bar.hidden = false
  document.documentElement.classList.add("mg-playing")
  // a position after the end is ignored, and so is a position that was requested for the previous audio
  const there = audio.readyState && at >= audio.duration ? undefined : at
  if (other || there !== undefined || !audio.currentTime) audio.currentTime = now.requested = there ?? left(source)
  if (playing) now.used = true, start()
}

const QUEUE = `${KEY}.queue`
const queue = () => {
  try { return JSON.parse(sessionStorage.getItem(QUEUE)).filter(page => page.startsWith(`${location.origin}/`)) } catch { return [] }
}
// Plays the next episode of the queue, which is a list of addresses of episodes in this tab. An episode whose page has no
// audio is left out. Without a connection, the queue stays, and the button of the player tries again.
const next = async () => {
  const [page, ...others] = queue()
  if (!page) return
  const answer = await fetch(page).catch(() => {})
  if (!answer) return say(translate("audio-not-loaded"))
  try {
    sessionStorage.setItem(QUEUE, JSON.stringify(others))
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("article .mg-listen audio")
    take({ source: new URL(found.getAttribute("src"), page).href, title: found.dataset.title ?? "", page }, undefined, true)
  } catch { next() }
}

// Plays episodes one after another.
export const playAll = pages => {
  try { sessionStorage.setItem(QUEUE, JSON.stringify(pages)) } catch {}
  next()
}

// Plays the audio of an <audio> element on the page, from a given second or from the stored position. Without a second,
// audio that is playing is paused.
export const play = (element, at) => {
  element.pause()
  if (at === undefined && now?.source === element.src && !audio.paused) return audio.pause()
  try { if (now?.source !== element.src) sessionStorage.removeItem(QUEUE) } catch {}
  take({ source: element.src, title: element.dataset.title ?? document.title, page: location.href.replace(/[?#].*/, "") }, at, true)
}

// Shows the player at a given second, without starting it. Until the reader uses the player, nothing is stored.
export const ready = (element, at) => take({ source: element.src, title: element.dataset.title ?? document.title, page: location.href.replace(/[?#].*/, "") }, at, false)

// Continues the audio that was open on the previous page.
export const resume = () => {
  const open = read().open
  const { source, title, page, at } = open ?? {}
  if (now) mark(reached())
  if (now || ![source, title, page].every(part => typeof part === "string") || !/^https?:/.test(page)) return
  take({ source, title, page }, Number.isFinite(at) ? at : undefined, plays.here)
}
