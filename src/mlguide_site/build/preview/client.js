// Keeps a page of the preview up to date: puts what has changed in its place, or loads the page again, where the reader
// was; and shows what stands in the way of a build. Served with previews only.
(() => {
  if (window.mlguidePreview) return
  window.mlguidePreview = true
  const here = document.currentScript.src
  // the build that the page is of; a newer one may come before news can be listened to
  let number = Number(document.currentScript.dataset.build)
  // whether there is no page at this address yet
  const isMissing = "missing" in document.currentScript.dataset
  const site = new URL("..", here)
  const KEY = "mlguide-preview"
  let panel = null

  const kept = () => {
    try { return JSON.parse(sessionStorage.getItem(KEY) || "null") } catch { return null }
  }
  const before = kept()
  if (before && before.at === location.pathname) {
    const back = () => scrollTo({ left: before.x, top: before.y, behavior: "instant" })
    back()
    addEventListener("load", () => requestAnimationFrame(back))
  }
  try { sessionStorage.removeItem(KEY) } catch { /* the place is not kept then */ }

  const again = () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ at: location.pathname, x: scrollX, y: scrollY }))
    } catch { /* the place is not kept then */ }
    location.reload()
  }

  // a page, or anything that is no page: a style, a script, a picture may be used by any
  const isPage = path => /(^|\/|\.html)$/.test(path)
  const concerns = changed => !changed || changed.some(path =>
    !isPage(path) || isMissing && path === "404.html" || new URL(path, site).pathname === location.pathname)

  // What the theme itself exchanges where it loads a page without the browser's help, and how it tells its parts of it.
  const PARTS = ["announce", "container", "header-topic", "outdated", "logo", "skip"].map(name => `[data-md-component=${name}]`)
  const CODE = "script:not([type*=json]), link[rel~=stylesheet], link[rel=preload][as=script], style"
  const code = page => [...page.querySelectorAll(CODE)].map(part => part.src || part.href || part.textContent)
  const isTheme = () => typeof window.document$?.next === "function" && document.querySelector(PARTS[1])

  // Whether the page could be brought up to date as it stands: the sound goes on, and what the reader opened stays.
  const exchanged = async () => {
    const at = location.pathname
    const answer = await fetch(at + location.search, { cache: "no-store" })
    if (!answer.ok) return false
    const next = new DOMParser().parseFromString(await answer.text(), "text/html")
    // the reader has gone on
    if (at !== location.pathname) return true
    // what is at work already can't be taken back, and what isn't yet begins with a page
    const known = new Set(code(document))
    if (!code(next).every(part => known.has(part)) || next.querySelector(`${PARTS[1]} :is(${CODE})`)) return false
    const x = scrollX, y = scrollY
    for (const part of PARTS) {
      const old = document.querySelector(part), made = next.querySelector(part)
      if (!old !== !made) return false
      if (old) old.replaceWith(made)
    }
    document.title = next.title
    window.document$.next(document)
    const back = () => scrollTo({ left: x, top: y, behavior: "instant" })
    back()
    requestAnimationFrame(back)
    return true
  }

  let isAtWork = false, isWanted = false
  const renew = async () => {
    isWanted = true
    if (isAtWork) return
    isAtWork = true
    try {
      while (isWanted) {
        isWanted = false
        if (!await exchanged()) return again()
      }
    } catch {
      again()
    } finally {
      isAtWork = false
    }
  }

  // Whether there is a page at this address by now, however the address was written: with a slash behind it, without.
  const stands = async () => (await fetch(location.pathname, { method: "HEAD", cache: "no-store" })).ok

  const show = problems => {
    if (panel) panel.remove()
    panel = null
    if (!problems.length) return
    panel = document.createElement("div")
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`
      :host { all: initial }
      section { position: fixed; inset: auto 0 0; z-index: 2147483647; max-height: 60vh; overflow: auto;
        padding: 1rem 1.25rem; background: #2b1113; color: #fff; border-top: 4px solid #ff8a80;
        font: 15px/1.5 ui-monospace, Consolas, monospace }
      h2 { margin: 0 0 .5rem; font: 600 17px/1.4 system-ui, sans-serif }
      p { margin: 0 0 .5rem; font-family: system-ui, sans-serif }
      ol { margin: 0; padding-inline-start: 1.5rem } li { overflow-wrap: anywhere; margin-block: .25rem }
      button { float: inline-end; padding: .3rem .8rem; font: inherit; color: inherit; background: none;
        border: 1px solid currentColor; border-radius: 4px; cursor: pointer }
      button:focus-visible { outline: 3px solid #fff; outline-offset: 2px }`)
    const shadow = panel.attachShadow({ mode: "open" })
    shadow.adoptedStyleSheets = [sheet]
    const box = document.createElement("section")
    box.setAttribute("role", "alert")
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Hide" })
    close.addEventListener("click", () => panel.remove())
    const title = Object.assign(document.createElement("h2"), { textContent: "The last edit could not be built" })
    const note = Object.assign(document.createElement("p"), {
      textContent: "What you see is the last good state. This goes away with the next edit that can be built.",
    })
    const list = document.createElement("ol")
    for (const problem of problems) list.append(Object.assign(document.createElement("li"), { textContent: problem }))
    box.append(close, title, note, list)
    shadow.append(box)
    document.body.append(panel)
  }

  const listen = () => {
    const source = new EventSource(new URL("events", here))
    source.addEventListener("message", event => {
      const news = JSON.parse(event.data)
      show(news.problems)
      const missed = news.number > number + 1
      const isNew = news.number !== number
      number = news.number
      if (!isNew) return
      if (!missed && !concerns(news.changed)) {
        if (isMissing) stands().then(found => { if (found) again() }, () => {})
        return
      }
      if (!missed && news.changed?.every(isPage) && isTheme()) renew()
      else again()
    })
    addEventListener("pagehide", () => source.close(), { once: true })
    addEventListener("pageshow", event => { if (event.persisted) listen() }, { once: true })
  }
  listen()
})()
