// Replaces the inline scripts of the theme, because the content security policy forbids inline scripts. This file runs
// before the first paint, so that the page doesn't flash in other colours than the reader's. Elements that need scripts
// are shown at once, so that they don't move the rest of the page later.
document.documentElement.classList.replace("no-js", "js")

// The theme's own script stores data under these names, separately for each site of a host.
var __md_scope = new URL(document.currentScript.dataset.scope, location)
if (!__md_scope.pathname.endsWith("/")) __md_scope = new URL(`${__md_scope.pathname}/`, location)
var __md_hash = text => [...text].reduce((sum, sign) => (sum << 5) - sum + sign.charCodeAt(0), 0)
// Browsers may refuse to read or write stored data.
var __md_get = (name, store, scope = __md_scope) => {
  try { return JSON.parse((store ?? localStorage).getItem(`${scope.pathname}.${name}`)) } catch { return null }
}
var __md_set = (name, value, store, scope = __md_scope) => {
  try { (store ?? localStorage).setItem(`${scope.pathname}.${name}`, JSON.stringify(value)) } catch {}
}

// Returns the addresses of the pages that the theme can load by itself.
var __md_pages = async base => {
  const answer = await fetch(new URL("assets/mlguide/addresses.txt", base))
  if (!answer.ok) return new Map()
  const home = new URL("./", base).href
  return new Map((await answer.text()).split("\n").slice(0, -1).map(address => [home + address, []]))
}

// Returns a page that the theme has fetched, once the additional style sheets that it needs are loaded, or after three
// seconds.
var __md_dressed = async page => {
  const here = [...document.styleSheets].map(sheet => sheet.href)
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].map(link => link.href).filter(href => !here.includes(href))
  const come = Promise.all(missing.map(href => fetch(href).then(answer => answer.arrayBuffer()).catch(() => {})))
  await Promise.race([come, new Promise(done => setTimeout(done, 3000))])
  return page
}

;(() => {
  // runs a function as soon as the elements that it needs are parsed, before they are painted
  const soon = act => {
    if (act()) return
    const watch = new MutationObserver(() => { if (act()) watch.disconnect() })
    watch.observe(document, { childList: true, subtree: true })
    addEventListener("DOMContentLoaded", () => watch.disconnect())
  }

  // sets an episode's own checkbox; progress.js detects later changes by comparing with this default
  const home = new URL("../../", document.currentScript.src).pathname, name = location.pathname.slice(home.length).split("/")[2]
  // Browsers before 2024 don't know light-dark(). The theme removes elements from the head when it loads another page.
  if (!CSS.supports("color", "light-dark(red,red)")) document.documentElement.insertAdjacentHTML("beforeend", `<link rel="stylesheet" href="${home}assets/mlguide/older.css">`)

  let finished
  try { finished = JSON.parse(localStorage.getItem(`mlguide.heard:${home}`)) } catch {}
  // readers who have finished an episode need no advice for beginners
  if (finished?.length) document.documentElement.classList.add("mg-begun")
  if (finished?.includes?.(name?.replace(/\.html$/, ""))) soon(() => {
    const own = document.querySelector(".mg-progress--episode input")
    return own && (own.checked = own.defaultChecked = true)
  })

  // hides the link to the cards that are due, unless the reader has reviewed cards
  let reviewed
  try { reviewed = localStorage.getItem(`mlguide.review:${home}`) } catch {}
  document.documentElement.classList.toggle("mg-reviewed", Boolean(reviewed))
  document.documentElement.classList.toggle("mg-chosen", /[?&]of=/.test(location.search))
  if (!reviewed && /^(index\.html)?$/.test(location.pathname.slice(home.length))) soon(() => {
    const due = document.querySelector(".mg-due")
    return due && (due.hidden = true)
  })

  // sets the colours that the reader chose, or else the system's colours if the site has them
  let colour
  try {
    const { index, color } = __md_get("__palette") ?? { index: 0 }
    const odd = Object.entries(color ?? {}).some(([name, value]) => /[^a-z]/.test(name) || typeof (value ?? "") != "string")
    // other data than the theme's would make the theme fail
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

// When the theme loads a page by itself, it sets the address of every link. Links in SVG drawings don't support that.
Object.defineProperty(SVGAElement.prototype, "href", { ...Object.getOwnPropertyDescriptor(SVGAElement.prototype, "href"), set() {} })

// The theme takes the first change of the address for a new page: it would fetch the current page again and scroll to
// the top. This listener runs before the theme's, and stops the event if another script only moves within the page.
addEventListener("popstate", event => { if (window.__md_stays) event.stopImmediatePropagation() })

// Space for elements that scripts add is reserved from the first paint.
document.documentElement.classList.add("mg-script")

// The page only preloads the other scripts. They run one by one, in order, before the page counts as loaded. The layout
// is computed before, so that neither task blocks the reader for long.
addEventListener("DOMContentLoaded", () => {
  const scripts = [...document.querySelectorAll("body > link[rel=preload][as=script]")].map(link => {
    const script = Object.assign(document.createElement("script"), { src: link.href, async: false })
    link.replaceWith(script)
    return script
  })
  // the theme's script is the first; it waits for the end of parsing, which has already passed
  scripts[0]?.addEventListener("load", () => window.document$?.next(document))
  document.body.getBoundingClientRect()
}, { once: true })
