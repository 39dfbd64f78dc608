// The player at the foot of the window. It goes on while the reader moves through the site; where the theme doesn't load
// pages by itself, the next page takes it up where it was. Loaded when something is to be played. What it remembers
// (where one stopped, the speed) stays on the device, apart for each site of a host; whether it plays, in the tab.

import { translate } from "./words.js"

const KEPT = `mlguide.player:${new URL("../../", import.meta.url).pathname}`, SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3], STEP = 15, MOST = 200
let bar, sound, now

// anything may stand there, for other sites of the host can write to it as well
const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT))
    return kept?.constructor === Object ? kept : {}
  } catch { return {} }
}
const left = source => {
  const at = Object.entries(read().places ?? {}).find(([name]) => name === source)?.[1]
  return Number.isFinite(at) ? at : 0
}
const plays = {
  get here() { try { return sessionStorage.getItem(KEPT) === "plays" } catch { return false } },
  set here(now) { try { now ? sessionStorage.setItem(KEPT, "plays") : sessionStorage.removeItem(KEPT) } catch {} }
}
// one tab plays at a time
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(KEPT)
tabs?.addEventListener("message", () => sound?.pause())
const keep = changes => { try { localStorage.setItem(KEPT, JSON.stringify({ ...read(), ...changes })) } catch {} }
const clock = seconds => {
  const whole = Math.floor(Number.isFinite(seconds) ? seconds : 0), two = part => String(part).padStart(2, "0")
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}` : `${Math.floor(whole / 60)}:${two(whole % 60)}`
}
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

const hint = (name, key) => `${name} (${key})`

const build = () => {
  sound = make("audio", { preload: "metadata" })
  const button = (name, text, act, key) => {
    const element = make("button", { type: "button", "aria-label": name, title: key ? hint(name, key) : name, ...key && { "aria-keyshortcuts": key } }, text)
    element.addEventListener("click", act)
    return element
  }
  const play = button(translate("play"), "▶", toggle, "K")
  const title = make("a", { class: "mg-player__title" })
  const seek = make("input", { type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": translate("position") })
  const time = make("span", { class: "mg-player__time" }, "0:00")
  const speed = make("select", { "aria-label": translate("speed") }, ...SPEEDS.map(rate => make("option", { value: rate }, `${rate}×`)))
  const fault = make("span", { class: "mg-player__fault", role: "status" })
  bar = make("section", { class: "mg-player", "aria-label": translate("player"), hidden: "" }, sound,
    play, button(translate("seek-back", STEP), "−15", () => skip(-STEP), "J"), button(translate("seek-forward", STEP), "+15", () => skip(STEP), "L"),
    make("div", { class: "mg-player__middle" }, title, seek), time, speed, button(translate("close-player"), "×", close), fault)
  // not in the head, from which the theme takes what the next page hasn't
  document.body.append(make("link", { rel: "stylesheet", href: new URL("player.css", import.meta.url) }))
  document.body.append(bar)
  speed.value = String(read().speed ?? 1)
  if (!speed.value) speed.value = "1"
  speed.addEventListener("change", () => { sound.playbackRate = Number(speed.value); keep({ speed: Number(speed.value) }) })
  seek.addEventListener("input", () => { now.used = true; sound.currentTime = Number(seek.value); show() })
  const show = () => {
    const at = reached(), all = sound.duration
    seek.max = String(Math.floor(Number.isFinite(all) ? all : 0))
    seek.value = String(Math.floor(at))
    seek.setAttribute("aria-valuetext", clock(at))
    time.textContent = Number.isFinite(all) ? `${clock(at)} / ${clock(all)}` : clock(at)
    mark(at)
  }
  const state = () => {
    const name = translate(sound.paused ? "play" : "pause")
    play.textContent = sound.paused ? "▶" : "❚❚"
    play.setAttribute("aria-label", name)
    play.title = hint(name, "K")
    remember()
  }
  sound.addEventListener("timeupdate", () => { show(); finish(); if (Math.abs(sound.currentTime - (now?.saved ?? -9)) > 5) remember() })
  sound.addEventListener("loadedmetadata", () => {
    sound.playbackRate = Number(speed.value)
    // a second that this sound hasn't is none
    if (now && now.wanted >= sound.duration) {
      const before = left(now.source)
      sound.currentTime = before < sound.duration ? before : 0
    }
    show()
  })
  sound.addEventListener("seeked", show)
  sound.addEventListener("play", () => { now.used = true; tabs?.postMessage("plays"); state() })
  sound.addEventListener("pause", state)
  sound.addEventListener("ended", () => { finish(); now.at = 0; remember(true) })
  sound.addEventListener("playing", () => { fault.textContent = "" })
  sound.addEventListener("error", () => { if (sound.error && sound.getAttribute("src")) fault.textContent = translate("audio-not-loaded") })
  addEventListener("pagehide", () => remember())
  addEventListener("keydown", keys)
  const media = navigator.mediaSession
  if (media) for (const [name, act] of [["play", toggle], ["pause", toggle], ["seekbackward", () => skip(-STEP)], ["seekforward", () => skip(STEP)]])
    try { media.setActionHandler(name, act) } catch {}
  bar.tell = () => {
    fault.textContent = ""
    show()
    title.textContent = now.title
    title.href = now.page
    if (media && typeof MediaMetadata !== "undefined") media.metadata = new MediaMetadata({ title: now.title })
  }
}

const toggle = () => sound.paused ? start() : sound.pause()
const start = (own = now) => sound.play().catch(error => { if (now === own && error.name !== "NotAllowedError" && error.name !== "AbortError") bar.querySelector("[role=status]").textContent = translate("audio-not-played") })
const skip = seconds => { if (sound.readyState) now.used = true, sound.currentTime = Math.max(0, Math.min(sound.duration || Infinity, sound.currentTime + seconds)) }

// Until a sound is there, what its element tells is the second that was asked for, be it of this sound or the one before.
const reached = () => sound.readyState ? sound.currentTime : 0

const close = () => {
  sound.pause()
  remember()
  keep({ open: null })
  plays.here = false
  sound.removeAttribute("src")
  bar.hidden = true
  document.documentElement.classList.remove("mg-playing")
  now = undefined
  mark(-1)
}

// Where each sound was left, the latest last; only so many, so that what is kept doesn't grow for ever.
const remember = done => {
  if (!now) return
  const places = Object.entries(read().places ?? {}).filter(([source]) => source !== now.source)
  now.saved = reached()
  if (!done && now.saved > STEP) places.push([now.source, Math.floor(now.saved)])
  // where one stopped stays as it was while the sound isn't there, and where this tab only shows it
  const stopped = sound.readyState && now.used ? { places: Object.fromEntries(places.slice(-MOST)) } : {}
  keep({ ...stopped, open: { source: now.source, title: now.title, page: now.page, at: sound.readyState ? now.saved : now.wanted } })
  plays.here = !sound.paused
}

// Whether something behind a second was played: the slider leads there as well.
const played = from => {
  for (let at = 0; at < sound.played.length; at++) if (sound.played.end(at) > Math.max(from, sound.played.start(at))) return true
  return false
}

// An episode that has played to its last minute, or the last twentieth of a short one, counts as heard.
const finish = () => {
  const left = sound.duration - sound.currentTime
  const last = Math.min(60, sound.duration / 20)
  if (!now || now.heard || !(left <= last) || (sound.paused && !sound.ended) || sound.seeking || !played(sound.duration - last)) return
  now.heard = true
  const { page } = now
  import("./progress.js").then(progress => { const id = progress.idOf(page); if (id) progress.mark(id) })
}

const keys = event => {
  if (!now || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input:not([type=range]), textarea, select, dialog, [contenteditable]")) return
  const act = { k: toggle, j: () => skip(-STEP), l: () => skip(STEP) }[event.key]
  if (!act) return
  event.preventDefault()
  act()
}

// The line that is being said, on the page of its transcript.
const mark = at => {
  const own = now && [...document.querySelectorAll("article audio")].some(audio => audio.src === now.source)
  const lines = own ? [...document.querySelectorAll(".mg-transcript span[id]")] : []
  const line = lines.filter(span => Number(span.id.slice(2)) <= at).at(-1)
  const before = document.querySelector(".mg-said")
  if (before === line) return
  before?.classList.remove("mg-said")
  line?.classList.add("mg-said")
}

const take = ({ source, title, page }, at, playing) => {
  if (!bar) build()
  const other = now?.source !== source
  if (other) {
    if (now) remember()
    now = { source, title, page }
    sound.src = source
    bar.tell()
  }
  bar.hidden = false
  document.documentElement.classList.add("mg-playing")
  // a second that the sound hasn't leads nowhere; one asked of the sound before stays behind
  const there = sound.readyState && at >= sound.duration ? undefined : at
  if (other || there !== undefined || !sound.currentTime) sound.currentTime = now.wanted = there ?? left(source)
  if (playing) start()
  else remember()
}

// Play the sound of an <audio> on the page, from a second on or from where it was left.
export const play = (audio, at) => {
  audio.pause()
  take({ source: audio.src, title: audio.dataset.title ?? document.title, page: location.href.replace(/[?#].*/, "") }, at, true)
}

// Show the player at a second, but let the reader begin.
export const ready = (audio, at) => {
  take({ source: audio.src, title: audio.dataset.title ?? document.title, page: location.href.replace(/[?#].*/, "") }, at, false)
  now.used = true
}

// Go on with what played on the page before.
export const resume = () => {
  const open = read().open
  const { source, title, page, at } = open ?? {}
  if (now || ![source, title, page].every(part => typeof part === "string") || !/^https?:/.test(page)) return
  take({ source, title, page }, Number.isFinite(at) ? at : undefined, plays.here)
}
