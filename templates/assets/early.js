// What the theme keeps in scripts within its pages, in a file: the policy of the pages lets no script within a page run.
// It runs before anything is painted, so that the colours that a reader chose don't flash up late.
// What needs scripts is there from the first, so that it doesn't push the rest down later.
document.documentElement.classList.replace("no-js", "js")

// By these names the theme's own script remembers things, apart for each site of a host.
var __md_scope = new URL(document.currentScript.dataset.scope, location)
if (!__md_scope.pathname.endsWith("/")) __md_scope = new URL(`${__md_scope.pathname}/`, location)
var __md_hash = text => [...text].reduce((sum, sign) => (sum << 5) - sum + sign.charCodeAt(0), 0)
// A browser may refuse to store anything, and even to read.
var __md_get = (name, store, scope = __md_scope) => {
  try { return JSON.parse((store ?? localStorage).getItem(`${scope.pathname}.${name}`)) } catch { return null }
}
var __md_set = (name, value, store, scope = __md_scope) => {
  try { (store ?? localStorage).setItem(`${scope.pathname}.${name}`, JSON.stringify(value)) } catch {}
}

// The addresses that the theme can load by itself.
var __md_pages = async base => {
  const answer = await fetch(new URL("assets/mlguide/addresses.txt", base))
  if (!answer.ok) return new Map()
  const home = new URL("./", base).href
  return new Map((await answer.text()).split("\n").slice(0, -1).map(address => [home + address, []]))
}

// A page that the theme has fetched, once the style sheets that it needs besides those at hand have come; or late.
var __md_dressed = async page => {
  const here = [...document.styleSheets].map(sheet => sheet.href)
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].map(link => link.href).filter(href => !here.includes(href))
  const come = Promise.all(missing.map(href => fetch(href).then(answer => answer.arrayBuffer()).catch(() => {})))
  await Promise.race([come, new Promise(done => setTimeout(done, 3000))])
  return page
}

;(() => {
  // once what it needs has been read, before it is painted
  const soon = act => {
    if (act()) return
    const watch = new MutationObserver(() => { if (act()) watch.disconnect() })
    watch.observe(document, { childList: true, subtree: true })
    addEventListener("DOMContentLoaded", () => watch.disconnect())
  }

  // an episode's own box; progress.js goes by what differs from this
  const home = new URL("../../", document.currentScript.src).pathname, name = location.pathname.slice(home.length).split("/")[2]
  let finished
  try { finished = name && JSON.parse(localStorage.getItem(`mlguide.heard:${home}`)) } catch {}
  if (Array.isArray(finished) && finished.includes(name.replace(/\.html$/, ""))) soon(() => {
    const own = document.querySelector(".mg-progress--episode input")
    return own && (own.checked = own.defaultChecked = true)
  })

  // the colours that the reader chose, or else those of the system where the site has them
  let colour
  try {
    const { index, color } = __md_get("__palette") ?? { index: 0 }
    const odd = Object.entries(color ?? {}).some(([name, value]) => /[^a-z]/.test(name) || typeof (value ?? "") != "string")
    // something else wrote it, and the theme would stumble over it
    if (odd || !Number.isInteger(index)) localStorage.removeItem(`${__md_scope.pathname}.__palette`)
    else colour = color
  } catch {}
  soon(() => {
    if (!document.body) return false
    let chosen = colour
    if (!chosen || chosen.media === "(prefers-color-scheme)") {
      const inputs = [...document.querySelectorAll("[data-md-color-media^='(prefers-color-scheme:']")]
      const input = inputs.find(input => matchMedia(input.dataset.mdColorMedia).matches)
      if (!input) return false
      chosen = Object.fromEntries(["media", "scheme", "primary", "accent"].map(name => [name, input.getAttribute(`data-md-color-${name}`)]))
    }
    for (const [name, value] of Object.entries(chosen)) document.body.setAttribute(`data-md-color-${name}`, value)
    return true
  })
})()

// The theme sets the addresses of all links of a page that it has loaded by itself. Those of links in drawings can't be set.
Object.defineProperty(SVGAElement.prototype, "href", { ...Object.getOwnPropertyDescriptor(SVGAElement.prototype, "href"), set() {} })

// The theme takes the first change of the address for a new page: it would fetch this one again and scroll to its top.
// Its listener comes after this one, which stops the event where another script only moves within the page.
addEventListener("popstate", event => { if (window.__md_stays) event.stopImmediatePropagation() })

// Room for what scripts add is kept from the first painting on.
document.documentElement.classList.add("mg-script")

// The other scripts, which the page only fetches ahead: each runs by itself, in their order, before the page counts as
// loaded. What the layout takes is done before, so that the reader waits for neither at a stretch.
addEventListener("DOMContentLoaded", () => {
  const scripts = [...document.querySelectorAll("body > link[rel=preload][as=script]")].map(link => {
    const script = Object.assign(document.createElement("script"), { src: link.href, async: false })
    link.replaceWith(script)
    return script
  })
  // the theme's, which is the first, waits for the page to have been read; that is past
  scripts[0]?.addEventListener("load", () => window.document$?.next(document))
  document.body.getBoundingClientRect()
}, { once: true })
