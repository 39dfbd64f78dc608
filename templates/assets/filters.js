// Shared code of the filtered lists. The filters are stored in the address, so that readers can share a selection, and
// so that going back restores it. The whole list is fetched only when a filter is used. Long results are shown in
// parts.

import { make } from "./make.js"
import { count as counted, number, translate } from "./words.js"

const HOME = new URL("../../", import.meta.url), PART = 100

// Returns the address of a page without the host, so that it isn't printed like the addresses of links to other hosts.
export const within = url => {
  const { pathname, hash } = new URL(url, HOME)
  return pathname + hash
}

// Returns a text without accents and in lower case, for comparisons. Swiss readers write “ss” for “ß”.
export const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss")
export const words = text => folded(text).split(/\s+/).filter(Boolean)

// Matches words of scripts with spaces between words.
export const SPACED = /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{N}]+$/u

// Marks the words of the query in a name, or the beginnings of words in a text. A sign such as “ß” may have several
// folded letters, and a separate accent has none.
export const marked = (text, query, isText) => {
  const places = [], parts = []
  let plain = "", end = 0
  for (const { index, 0: sign } of text.matchAll(/./gsu)) for (const letter of folded(sign).split("")) {
    plain += letter
    places.push(index)
  }
  places.push(text.length)
  for (let at = 0; at < plain.length; at++) {
    const word = query.find(word => plain.startsWith(word, at) && (!isText || !SPACED.test(word) || /(?:^|[^\p{L}\p{N}])$/u.test(plain.slice(0, at))))
    if (!word || places[at + word.length] === places[at]) continue
    parts.push(text.slice(end, places[at]), make("mark", {}, text.slice(places[at], end = places[at + word.length])))
    at += word.length - 1
  }
  return [...parts, text.slice(end)]
}

const lists = new Map()
const listOf = path => {
  if (!lists.has(path)) lists.set(path, fetch(new URL(path, HOME)).then(answer => answer.ok ? answer.json() : Promise.reject(new Error(path))))
  lists.get(path).catch(() => lists.delete(path))
  return lists.get(path)
}

// Returns a link that searches all pages for a text, if any.
const elsewhere = text => text
  ? [" ", make("a", { class: "mg-show-more", href: `${document.querySelector(".mg-find").href}?q=${encodeURIComponent(text)}` }, translate("search-all", text))]
  : []

let current

// Filters a list by the fields of a form. If no filter is used, the page stays unchanged.
//
// - `path`: the address of the list
// - `one`: the noun for an item
// - `onLoad(list)`: called once with the list
// - `pick(list, chosen, form)`: returns the matching items in order, and the total
// - `draw(chosen, list, change)`: returns `part(items)`, which creates elements, and `into`, their parent
// - `describe`: returns the filters as text for print
// - `label`: returns the label of a value that isn't an option
export const choose = (form, { path, one, onLoad = () => {}, pick, draw, describe = () => "", label = () => undefined }) => {
  if (form.dataset.ready) return
  form.dataset.ready = "true"
  const found = form.parentElement.querySelector(".mg-filtered"), all = form.parentElement.querySelector(".mg-all")
  const status = form.querySelector("[role=status]"), clear = form.querySelector("[type=reset]")
  const before = status.textContent, names = [...new Set([...form.elements].map(field => field.name).filter(Boolean))]
  const page = location.pathname
  let latest = 0, timer, loaded

  // the theme may have loaded another page by itself
  const isCurrent = () => form.isConnected && location.pathname === page
  const chosen = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value))
  const set = (name, value, label) => {
    const field = form.elements[name]
    if (field instanceof RadioNodeList) {
      // setting the value of the whole group can't select the option with the empty value
      const radio = [...field].find(radio => radio.value === value) ?? field[0]
      radio.checked = true
      return
    }
    const known = field.tagName !== "SELECT" || [...field.options].some(option => option.value === value)
    if (!known && label) field.append(make("option", { value }, label))
    field.value = known || label ? value : ""
  }
  const address = push => {
    const url = new URL(location)
    for (const name of names) url.searchParams.delete(name)
    for (const [name, value] of Object.entries(chosen())) url.searchParams.set(name, value)
    if (url.href === location.href) return
    if (push) history.pushState(history.state, "", url)
    else history.replaceState(history.state, "", url)
  }

  const update = async () => {
    const mine = ++latest, now = chosen(), any = Object.keys(now).length > 0
    clear.hidden = Object.keys(now).every(name => name === "as")
    if (!any) {
      found.hidden = true
      found.replaceChildren()
      all.hidden = false
      status.textContent = before
      return
    }
    let list
    try { list = await listOf(path) } catch {
      if (mine === latest) status.textContent = translate("list-failed")
      return
    }
    if (mine !== latest || !isCurrent()) return
    if (!loaded) { loaded = true; onLoad(list) }
    const { items, total } = pick(list, now, form)
    status.textContent = items.length === total ? counted(total, one) : translate("n-of-n", number(items.length), counted(total, one))
    const summary = make("p", { class: "mg-print" }, [status.textContent, describe(now, form)].filter(Boolean).join(". "))
    const focused = found.contains(document.activeElement) ? document.activeElement.dataset.key : undefined
    if (items.length) {
      let shown = 0
      const { into, part, around = into } = draw(now, list, change)
      const more = make("button", { type: "button", class: "mg-show-more" }, translate("show-more"))
      const on = count => {
        const next = part(items.slice(shown, shown + count))
        into.append(...next)
        shown += next.length
        more.hidden = shown >= items.length
        return next[0]
      }
      more.addEventListener("click", () => on(PART)?.querySelector("a")?.focus())
      on(PART)
      found.replaceChildren(summary, around, more, ...elsewhere(now.find))
      found.rest = () => on(items.length)
    } else {
      const again = make("button", { type: "button", class: "mg-show-more" }, translate("clear-filters"))
      again.addEventListener("click", () => clear.click())
      found.replaceChildren(summary, make("div", { class: "mg-empty" }, make("p", {}, translate("no-matches")), again, ...elsewhere(now.find)))
      found.rest = undefined
    }
    found.hidden = false
    all.hidden = true
    if (focused) found.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus()
    // check again which tables scroll sideways
    dispatchEvent(new Event("resize"))
  }
  const change = (name, value, label) => { set(name, value, label); address(true); update() }
  const restore = () => {
    if (!isCurrent()) return
    const query = new URL(location).searchParams
    for (const name of names) set(name, query.get(name) ?? "", label(name, query.get(name)))
    return update()
  }

  form.addEventListener("submit", event => event.preventDefault())
  form.addEventListener("input", event => {
    if (event.target.tagName === "SELECT" || event.target.type === "radio") return
    clearTimeout(timer)
    timer = setTimeout(() => { if (isCurrent()) { address(false); update() } }, 150)
  })
  form.addEventListener("change", event => { if (event.target.tagName === "SELECT" || event.target.type === "radio") { address(true); update() } })
  form.addEventListener("reset", () => setTimeout(() => { if (isCurrent()) { address(true); update(); form.elements.find.focus() } }))
  // suggestions of fields also come from the list
  form.addEventListener("focusin", () => listOf(path).then(list => { if (!loaded) { loaded = true; onLoad(list) } }, () => {}), { once: true })
  current = { form, restore, found }
  // keep text that was typed before this script ran, unless the address contains filters
  if (Object.keys(chosen()).length && !names.some(name => new URL(location).searchParams.has(name))) {
    address(false)
    update()
  } else restore()
}

addEventListener("popstate", () => { if (current?.form.isConnected) current.restore() })
addEventListener("beforeprint", () => { if (current?.form.isConnected) current.found.rest?.() })
