// Keeps a page of the preview up to date. Replaces changed parts, or reloads the page and restores the scroll position.
// Also shows errors that prevent a build. Served only in previews.
(() => {
  if (window.mlguidePreview) return
  window.mlguidePreview = true
  const here = document.currentScript.src
  // the number of the build that generated the page; a newer build may finish before this script listens for events
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
  try { sessionStorage.removeItem(KEY) } catch { /* then the scroll position isn't restored */ }

  const again = () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ at: location.pathname, x: scrollX, y: scrollY }))
    } catch { /* then the scroll position isn't restored */ }
    location.reload()
  }

  // pages concern only their own address; other files, such as styles, scripts and images, concern every page
  const isPage = path => /(^|\/|\.html)$/.test(path)
  const concerns = changed => !changed || changed.some(path =>
    !isPage(path) || isMissing && path === "404.html" || new URL(path, site).pathname === location.pathname)

  // The elements that the theme exchanges when it loads a page by itself, and the test for a theme that supports this.
  const PARTS = ["announce", "container", "header-topic", "outdated", "logo", "skip"].map(name => `[data-md-component=${name}]`)
  const CODE = "script:not([type*=json]), link[rel~=stylesheet], link[rel=preload][as=script], style"
  const code = page => [...page.querySelectorAll(CODE)].map(part => part.src || part.href || part.textContent)
  const isTheme = () => typeof window.document$?.next === "function" && document.querySelector(PARTS[1])

  // Updates the page in place and returns whether this was possible. Audio continues, and opened elements stay open.
  const exchanged = async () => {
    const at = location.pathname
    const answer = await fetch(at + location.search, { cache: "no-store" })
    if (!answer.ok) return false
    const next = new DOMParser().parseFromString(await answer.text(), "text/html")
    // the reader has moved to another page
    if (at !== location.pathname) return true
    // running scripts and styles can't be removed, and new ones start only with a new page
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

  // Returns whether there is now a page at this address, with or without a slash at the end.
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
      textContent: "This page shows the last successful build. This message disappears after the next successful build.",
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
