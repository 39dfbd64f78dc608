// Runs a function for this page, and for each page that the theme loads by itself.
var __md_each = act => { if (typeof document$ !== "undefined") document$.subscribe(act); else act() }

// Makes tables, code and formulas that scroll sideways focusable, so that readers can scroll them by keyboard. A table's column
// headings become its label.
(() => {
  const mark = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap, pre > code, .mg-formula")) {
      if (box.scrollWidth > box.clientWidth) {
        const heads = [...box.querySelectorAll("th")].map(head => head.textContent.trim()).filter(Boolean)
        box.tabIndex = 0
        if (!box.matches("code")) box.setAttribute("role", "group")
        if (heads.length) box.setAttribute("aria-label", heads.join(", "))
      } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name)
    }
  }
  // the theme wraps tables after its start, and after each page that it loads by itself
  __md_each(() => setTimeout(mark))
  addEventListener("resize", mark)
})()

// Lets the browser load the font of formulas shortly before a formula comes into view.
;(() => {
  const watch = new IntersectionObserver(seen => {
    if (seen.some(one => one.isIntersecting)) document.documentElement.classList.add("mg-mathematics")
  }, { rootMargin: "600px" })
  const init = () => { for (const formula of document.querySelectorAll("article math")) watch.observe(formula) }
  __md_each(init)
})()

// Screen readers announce headings without the sign of their links. After instant navigation, the focus moves to the
// page's heading, or to the heading that the address names.
;(() => {
  let loaded = false
  const init = () => {
    for (const link of document.querySelectorAll("article .headerlink")) {
      const heading = link.parentElement
      link.setAttribute("aria-label", link.title)
      heading.setAttribute("aria-label", [...heading.childNodes].filter(part => part !== link).map(part => part.textContent).join("").trim())
    }
    let id = ""
    // an address that someone typed can have an invalid escape
    try { id = decodeURIComponent(location.hash.slice(1)) } catch {}
    const named = document.getElementById(id)
    const heading = location.hash && named ? named.closest("h1, h2, h3, h4, h5, h6") : document.querySelector("article h1")
    if (loaded && heading && !document.querySelector("dialog[open]")) {
      heading.tabIndex = -1
      heading.focus({ preventScroll: true })
    }
    loaded = true
  }
  __md_each(init)
})()

// A link in the table of contents closes it where it lies over the page.
addEventListener("click", event => event.target.closest?.("[popover] a")?.closest("[popover]").togglePopover?.(false), true)

// Opens the search by its button, by `/`, and by Ctrl+K or Cmd+K, and closes the menu by Escape. The search's code is loaded only then.
;(() => {
  const base = document.currentScript.src, language = document.documentElement.lang.toLowerCase()
  // all files of the search are requested at once, the largest first; otherwise, each file would be requested after
  // another
  const parts = [
    `../../pagefind/wasm.${language}.pagefind`, `../../pagefind/pagefind-entry.json?ts=${Math.floor(Date.now() / 6e4)}`,
    "words.js", "search.css", "../../pagefind/pagefind.js", "search-worker.js"
  ]
  let code
  const load = () => {
    if (!code) {
      code = import(new URL("search.js", base))
      // the next attempt may succeed
      code.catch(() => { code = undefined })
    }
    for (const part of parts.splice(0)) fetch(new URL(part, base)).then(answer => answer.arrayBuffer()).catch(() => {})
    return code
  }
  // Opens the dialog with its field at once, so that no key is lost while the code is loaded. On the page `search/`, the
  // dialog is a part of the page.
  let dialog
  const onPage = () => document.querySelector(".mg-searching")
  const show = () => {
    if (!dialog) {
      const name = document.querySelector(".mg-find > span")?.textContent.trim() || "Search"
      dialog = document.createElement("dialog")
      dialog.className = "mg-search"
      dialog.setAttribute("aria-label", name)
      dialog.innerHTML = `<form role="search" class="md-typeset"><div class="mg-search__field"><label for="mg-query" class="mg-visually-hidden"></label><input type="search" name="q" id="mg-query" dir="auto" autocomplete="off" spellcheck="false" enterkeyhint="search"></div></form>`
      dialog.querySelector("form").addEventListener("submit", event => event.preventDefault())
    }
    const field = dialog.querySelector("input"), place = onPage()
    // a dialog that was part of another page is still open
    if (!dialog.matches("body [open]")) {
      field.dataset.before = field.value
      if (place) field.placeholder = place.dataset.what
      dialog.open = false
      ;(place ?? document.body).append(dialog)
      dialog[place ? "show" : "showModal"]()
    }
    field.focus()
  }
  // if the search can't be loaded, the search page offers lists instead
  const open = () => {
    show()
    load().then(search => search.open(), () => {
      dialog.close()
      const page = document.querySelector("a.mg-find")?.href
      if (page && !onPage()) location.assign(page)
    })
  }
  for (const sign of ["pointerover", "focusin"])
    addEventListener(sign, event => {
      if (event.target.closest?.(".mg-find") && !navigator.connection?.saveData) load().catch(() => {})
    }, { capture: true, passive: true })
  addEventListener("click", event => {
    const button = event.target.closest?.(".mg-find")
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    open()
  }, true)
  addEventListener("keydown", event => {
    const { key, altKey, target } = event, control = event.ctrlKey || event.metaKey
    const typing = target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")
    if (key === "Escape") document.querySelector("#__drawer:checked")?.click()
    if (altKey || (control ? key.toLowerCase() !== "k" : typing || key !== "/")) return
    event.preventDefault()
    event.stopImmediatePropagation()
    open()
  }, true)
  const init = () => {
    if (new URL(location).searchParams.has("q")) open()
    else if (onPage()) {
      show()
      // the page is shown before the index is loaded
      requestAnimationFrame(() => setTimeout(() => onPage() && open()))
    }
  }
  __md_each(init)
})()

// Marks the words that the search found on this page.
;(() => {
  const code = new URL("found.js", document.currentScript.src)
  const mark = () => { try { if (sessionStorage.getItem("mlguide.found")) import(code).then(found => found.mark()) } catch {} }
  __md_each(mark)
})()

// In print, the address of a link is shown after the link if it leads to another host. Links within the site can also
// start with a host, because the theme or a script has set them.
try {
  const own = new CSSStyleSheet()
  own.replaceSync(`@media print { .md-content a:is([href^="${location.origin}/"], [href="${location.origin}"])::after { content: none !important } }`)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, own]
} catch {}

// Loads the code of the player when audio is to be played, or if audio was open on the previous page.
;(() => {
  const code = new URL("player.js", document.currentScript.src), kept = `mlguide.player:${new URL("../../", code).pathname}`
  const findAudio = () => document.querySelector("article .mg-listen audio")
  // the second of a timestamp that the site generated, or of a link in the notes to the page's own audio
  const second = timestamp => {
    if (timestamp.dataset.t) return Number(timestamp.dataset.t)
    const [address, at] = timestamp.href.split("#t=")
    return address === findAudio().src.split("#")[0] && /^\d{1,6}$/.test(at) ? Number(at) : -1
  }
  // if the player can't be loaded, use the browser's own player
  const play = at => import(code).then(player => player.play(findAudio(), at), () => {
    const audio = findAudio()
    document.querySelector(".mg-listen-button")?.remove()
    audio.hidden = false
    audio.style.display = "block"
    if (at !== undefined) audio.currentTime = at
    audio.play().catch(() => {})
  })
  addEventListener("click", event => {
    const timestamp = event.target.closest?.("a.mg-timestamp[data-t], article a[href*='#t=']")
    if (!timestamp || !findAudio() || second(timestamp) < 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    play(second(timestamp))
  }, true)
  // the second in the address, if there is one
  const lead = (instead, search = location.search) => {
    if (!/^#t-|[?&]t=/m.test(`${location.hash}\n${search}`)) return instead()
    import(new URL("seconds.js", code)).then(part => part.second(search)).then(at => {
      if (findAudio() && at !== undefined) import(code).then(player => player.ready(findAudio(), at))
      else instead()
    })
  }
  addEventListener("hashchange", () => lead(() => {}, ""))
  const init = () => {
    const audio = findAudio()
    if (audio && !audio.nextElementSibling?.matches(".mg-listen-button")) {
      const button = document.createElement("button")
      button.type = "button"
      button.className = "mg-listen-button"
      button.textContent = audio.dataset.listen ?? "Listen"
      button.addEventListener("click", () => play())
      audio.after(button)
      audio.hidden = true
    }
    lead(() => {
      try { if (JSON.parse(localStorage.getItem(kept))?.open) import(code).then(player => player.resume()) } catch {}
    })
  }
  __md_each(init)
})()

// The menu on phones marks the section of the page, as the tabs do.
;(() => {
  const init = () => {
    const tab = document.querySelector(".md-tabs__item--active a")
    for (const link of document.querySelectorAll(".md-nav--primary .md-nav__link")) if (link.href === tab?.href) {
      link.classList.add("md-nav__link--active")
      link.ariaCurrent = tab.ariaCurrent
    }
  }
  __md_each(init)
})()

// Loads code that only some pages need.
;(() => {
  const base = document.currentScript.src
  // the elements that need the code, the code, and the elements that don't work without it
  const parts = ["resources", "entries"].map(name => [`form[data-list=${name}]`, `${name}.js`, "form[data-list]"])
  parts.push(...["review", "transcript-tools", "queue"].map(name => [`.mg-${name}`, `${name}.js`, `.mg-${name}`]))
  // checkboxes wait until the page is loaded and idle, unless the reader has made progress; graphs, the export of
  // reviews and the form for mistakes wait until the reader first uses the page, unless the first use may be a tap
  const ticks = [".mg-progress, .mg-progress--list, ol.mg-episodes, .mg-group > .mg-list, .mg-years__episodes", "progress.js", ".mg-progress"]
  const drawings = [[".mg-graph", "graph.js"], [".mg-progress--review", "journey.js", ".mg-progress"], [".mg-mistake", "mistake.js"]]
  const signs = ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"]
  const stored = kind => { try { return Object.keys(localStorage).some(name => name.startsWith(`mlguide.${kind}:`)) } catch { return false } }
  const due = [".mg-due, [data-cards]", "due.js"]
  let idle = false, awake = false
  const init = () => {
    const reviewed = stored("review"), all = awake || reviewed || stored("heard")
    for (const link of document.querySelectorAll(".mg-due")) link.hidden = !reviewed
    for (const [sign, name, worked] of [...parts, ...reviewed ? [due] : [], ...all || idle ? [ticks] : [], ...all || idle && matchMedia("(hover: none)").matches ? drawings : []])
      if (document.querySelector(sign)) import(new URL(name, base)).then(part => part.init(), () => {
        if (worked) for (const part of document.querySelectorAll(worked)) part.remove()
      })
  }
  const wake = event => {
    // the page behind the search dialog can wait, because new elements would cause another layout
    if (event.target.closest?.("dialog")) return
    for (const sign of signs) removeEventListener(sign, wake, true)
    awake = true
    init()
  }
  for (const sign of signs) addEventListener(sign, wake, { capture: true, passive: true })
  // a page that is never idle loads the code after three seconds
  const rest = () => (globalThis.requestIdleCallback ?? setTimeout)(() => { if (!awake) { idle = true; init() } }, { timeout: 3000 })
  if (document.readyState === "complete") rest()
  else addEventListener("load", rest)
  __md_each(init)
})()

// Shows the buttons for offline reading. Their code is loaded only when the reader uses one, or if there is a saved copy.
;(() => {
  if (!navigator.serviceWorker) return
  const code = new URL("offline.js", document.currentScript.src)
  const show = () => {
    for (const button of document.querySelectorAll("button.mg-save[hidden]")) {
      button.hidden = false
      button.addEventListener("click", () => import(code).then(offline => offline.open()))
    }
  }
  __md_each(show)
  if (navigator.serviceWorker.controller) import(code).then(offline => offline.init(), () => {})
})()

// Opens the tab that the address names, or the tab that the reader chose before.
;(() => {
  const choose = () => {
    const named = document.getElementById(location.hash.slice(1))
    if (named?.name?.startsWith("__tabbed_")) named.checked = true
    if (!document.querySelector(".tabbed-set")) return
    let chosen
    try { chosen = JSON.parse(document.getElementById("__config").textContent).features.includes("content.tabs.link") && __md_get("__tabs") } catch {}
    if (!Array.isArray(chosen)) return
    for (const set of document.querySelectorAll(".tabbed-set")) {
      const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")]
      const label = chosen.map(text => labels.find(label => label.innerText.trim() === text)).find(Boolean)
      const input = label && document.getElementById(label.htmlFor)
      if (input) input.checked = true
    }
  }
  __md_each(choose)
})()

// Loads the code of previews when the first link in the content is hovered, focused or, for terms, tapped.
;(() => {
  const code = new URL("previews.js", document.currentScript.src)
  let later, ready, last
  const first = event => {
    const link = event.target.closest?.("article a[href]")
    if (ready || !link) return
    const tap = event.type === "click" && event.pointerType === "touch" && /\/glossary\/[^/]+(\/|\.html)$/.test(link.pathname)
    if (event.type === "click" && !tap) return
    if (tap) {
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    last = event
    later ??= import(code).then(previews => {
      ready = true
      previews.begin(last)
      return previews
    })
    later.then(previews => { if (tap) previews.tapped(link) }, () => {
      ready = true
      if (tap) link.click()
    })
  }
  for (const type of ["pointerover", "focusin", "click"]) addEventListener(type, first, true)
})()
