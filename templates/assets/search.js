// The search dialog. search-worker.js reads Pagefind's index. This script is loaded when the dialog is first opened; on
// the page `search/`, the dialog is a part of the page. The query and the filters are stored in the address, so that
// readers can share a search, and reloading keeps it.

import { make } from "./make.js"
import { escaped, unspaced } from "./unspaced.js"
import { count as counted, kindLabel, translate } from "./words.js"

const FILTERS = { kind: "kind", series: "series", topic: "topic", tool: "tool", year: "year" }
const PAGES = 8 // number of results that are fetched at a time
const WAIT = 120 // milliseconds to wait for another key before searching
const PATIENCE = 400 // milliseconds after which the status says that a search is running
const TOPICS = 8 // number of topics that are offered if there are no results
const LONGEST = 200 // maximum length of a query, because long queries take longer
const REST = 1500 // milliseconds after which the filters are filled if the reader doesn't type
const HOME = new URL("../../", import.meta.url)
let worker, dialog, form, field, list, status, more, fold, hints, built, place, isActive = false
// Numbers of searches: the latest, the shown, the one whose first result will be opened, the counted, the retried.
let latest = 0, shown = 0, openFirst = 0, countedFor = 0, retried = 0
let leads = false // whether the site's own page is the first result
let leaving = false, focusAt = 0, hasFilters = false, inputTimer, idleTimer, statusTimer, tag = Math.floor(Date.now() / 6e4)

// Pagefind returns text with <mark> around words and their punctuation. All other markup is treated as text. An ellipsis
// marks text that is cut within a sentence.
const marked = excerpt => {
  const from = new DOMParser().parseFromString(excerpt, "text/html").body
  const out = document.createDocumentFragment()
  for (const { nodeName, textContent } of from.childNodes) {
    const [, before, word, after] = textContent.match(/^([\p{Ps}\p{Pi}"']*)(.*?)([^\p{L}\p{M}\p{N}+#]*)$/su)
    out.append(...nodeName === "MARK" && word ? [before, make("mark", {}, word), after] : [textContent])
  }
  if (/[^\p{P}\s]\s*$/u.test(from.textContent)) out.append("…")
  return out
}

// Pagefind requests its files one after the other. The file that the entry point names is requested here early, so that
// it is ready when Pagefind needs it. If the file can't be loaded, Pagefind reports that.
const fetchAhead = async () => {
  const { languages } = await (await fetch(new URL(`pagefind/pagefind-entry.json?ts=${tag}`, HOME))).json()
  const language = document.documentElement.lang.toLowerCase(), known = languages[language] ?? languages[language.split("-")[0]]
  if (known) await fetch(new URL(`pagefind/pagefind.${known.hash}.pf_meta`, HOME)).then(answer => answer.arrayBuffer())
}

const startWorker = () => {
  fetchAhead().catch(() => {})
  worker = new Worker(new URL("search-worker.js", import.meta.url), { type: "module", name: `${document.documentElement.lang.toLowerCase()} ${tag}` })
  worker.addEventListener("message", ({ data }) => { if (data.request === latest) receive(data) })
  worker.addEventListener("error", event => { event.preventDefault(); fail() })
}

// Handles a message of the worker about the latest search.
const receive = ({ request, total, answered, isPartial, isNext, isBegin, isNamed, some, isLonger, spelling, item, done, all, now, failed }) => {
  if (failed) fail()
  else if (total !== undefined) {
    clearTimeout(statusTimer)
    shown = request
    if (!isLonger) {
      list.replaceChildren()
      hints.replaceChildren()
    }
    const own = ownPages(isBegin)
    if (spelling && !own.length) hints.append(make("p", {}, translate("did-you-mean"), " ", hint(spelling, () => { field.value = spelling })))
    if (own.length && !isLonger) hints.append(make("p", {}, ...own.flatMap(({ href, textContent }) => [make("a", { href }, textContent.trim()), " "])))
    leads = own.length > 0 && (isBegin && !isNamed || own[0].textContent.trim().toLowerCase() === field.value.trim().toLowerCase())
    if (leads && openFirst === request) { openFirst = 0; firstLink().click() }
    more.dataset.total = total
    more.hidden = !isLonger || list.children.length >= total
    const words = field.value.trim(), count = total + own.length, text = count ? counted(count, "result") : translate("no-results"), of = !words ? text : answered ? translate("results-instead", text, answered, words) : translate("results-for", text, words)
    const filtered = Object.keys(chosen()).length > 0
    status.textContent = [isPartial && translate("some-words"), isNext && translate("no-number", words), filtered ? translate("results-filtered", of) : of, some && translate("some-shows", ...some)].filter(Boolean).join(" ")
    if (!total && filtered) suggest(translate("clear-filters"), () => { for (const name of Object.keys(FILTERS)) form.elements[name].value = "" })
  } else if (item) {
    list.append(result(item))
    if (openFirst === request) { openFirst = 0; firstLink().click() }
    if (list.children.length === focusAt) { focusAt = 0; list.lastElementChild.querySelector("a").focus() }
  } else if (done) {
    more.hidden = list.children.length >= Number(more.dataset.total)
    // the filter counts are larger than the results, so they are requested only after the results
    countFilters()
  } else if (all) {
    const before = JSON.stringify(chosen())
    if (shown === latest && !list.children.length && !hints.querySelector("a") && field.value.trim()) offer(all.topic)
    showFilters(all, now)
    hasFilters = true
    // the address may contain values that don't exist
    if (JSON.stringify(chosen()) !== before) search()
  }
}

// Returns the link that Enter opens: the first result, or the site's own page that the reader looks for.
const firstLink = () => (leads ? hints : list).querySelector("a")

// Returns links to the site's own pages whose names are in the query, and to the learning path if the reader asks where
// to begin. The index doesn't have these pages.
const ownPages = isBegin => {
  const typed = field.value.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  // filters don't apply to these pages
  return Object.keys(chosen()).length ? [] : [...document.querySelectorAll(".md-tabs__link")].filter(({ href, textContent }) =>
    isBegin && /\/path\/(?:index\.html)?$/.test(href) || textContent.toLowerCase().trim().split(/\s+/).every(word => typed.includes(word)))
}

// Returns a button that changes the search.
const hint = (text, change, style = "mg-hint") => {
  const button = make("button", { type: "button", class: style }, text)
  button.addEventListener("click", () => { change(); field.focus(); search() })
  return button
}
const suggest = (text, change) => status.append(". ", hint(text, change, "mg-suggestion"))

// Offers the topics with the most pages if there are no results.
const offer = (topics = {}) => {
  const most = Object.entries(topics).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, TOPICS)
  if (!most.length || hints.querySelector("ul")) return
  hints.append(make("p", {}, translate("try-topic")), make("ul", { class: "mg-hints__topics" }, ...most.map(([topic]) => make("li", {}, hint(topic, () => {
    field.value = ""
    for (const name of Object.keys(FILTERS)) form.elements[name].value = ""
    form.elements.topic.append(make("option", { value: topic }, topic))
    form.elements.topic.value = topic
  })))))
}

const isShown = () => dialog?.open && dialog.isConnected
const isModal = () => dialog.matches(":modal")
// If the theme loads pages by itself, the dialog would stay open above the new page.
const leave = () => { if (isModal()) { leaving = true; dialog.close() } }

// Handles a missing part of the index. The site may have been rebuilt since the page was loaded, so the search is
// repeated once with the current entry point.
const fail = () => {
  worker?.terminate()
  worker = undefined
  tag = Date.now()
  clearTimeout(statusTimer)
  if (!isShown()) return
  if (retried !== latest) {
    search()
    retried = latest
    return
  }
  list.replaceChildren()
  hints.replaceChildren()
  more.hidden = true
  status.textContent = translate("search-failed")
}

const send = (what, rest) => { if (!worker) startWorker(); worker.postMessage({ request: latest, what, words: field.value.trim(), filters: chosen(), ...rest }) }
const countFilters = () => { if (countedFor !== latest) { countedFor = latest; send("counts") } }
const stopTimers = () => { for (const timer of [inputTimer, idleTimer, statusTimer]) clearTimeout(timer); inputTimer = undefined }

const build = async () => {
  const styled = new Promise(resolve => {
    const sheet = make("link", { rel: "stylesheet", href: new URL("search.css", import.meta.url) })
    sheet.onload = sheet.onerror = resolve
    // not in the head, because the theme removes elements that the next page's head doesn't have
    document.body.append(sheet)
  })
  await styled
  // site.js has opened the dialog with its field, so that the reader can type at once
  dialog = document.querySelector("dialog.mg-search")
  form = dialog.querySelector("form")
  field = form.querySelector("input")
  for (const [name, value] of Object.entries({ placeholder: document.querySelector(".mg-searching")?.dataset.what ?? translate("search"), maxlength: LONGEST, "aria-describedby": "mg-status" })) field.setAttribute(name, value)
  dialog.setAttribute("aria-label", translate("search"))
  form.querySelector("label").textContent = translate("search-site")
  const close = make("button", { type: "button", class: "mg-close" }, translate("close"))
  const choices = make("div", { class: "mg-filters", role: "group", "aria-label": translate("filters") })
  for (const [name, label] of Object.entries(FILTERS))
    choices.append(make("label", {}, make("span", {}, translate(label)), make("select", { name }, make("option", { value: "" }, translate("all")))))
  fold = make("details", { class: "mg-fold" }, make("summary", {}, translate("filters")), choices)
  status = make("p", { class: "mg-status", id: "mg-status", role: "status" })
  list = make("ol", { class: "mg-results" })
  more = make("button", { type: "button", class: "mg-show-more", hidden: "" }, translate("show-more"))
  // the first result follows the field, so that Tab leads to it; the style sheet shows filters and button at the top
  hints = make("div", { class: "mg-hints" })
  form.append(status, hints, list, more, fold, close)
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", event => { if (event.target === dialog && isModal()) dialog.close() })
  dialog.addEventListener("close", () => { isActive = false; stopTimers(); latest++; address(true) })
  list.addEventListener("click", event => { if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) { remember(event.target.closest("a")); leave() } })
  hints.addEventListener("click", event => { if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) leave() })
  dialog.addEventListener("keydown", move)
  // the results may belong to an earlier query; open the first result as soon as the current results arrive
  form.addEventListener("submit", event => {
    event.preventDefault()
    if (inputTimer) search()
    if (shown === latest && firstLink()) firstLink().click()
    else openFirst = latest
  })
  field.addEventListener("input", () => { stopTimers(); inputTimer = setTimeout(search, WAIT) })
  choices.addEventListener("change", search)
  for (const sign of ["pointerenter", "focusin"]) choices.addEventListener(sign, () => { if (!hasFilters) countFilters() })
  more.addEventListener("click", () => {
    const at = list.children.length
    if (focusAt === at + 1) return
    focusAt = at + 1
    send("more", { from: at, to: at + PAGES })
  })
}

// Stores the words that were found on a page; site.js marks them there.
const remember = link => {
  const words = [...new Set([...link.closest(".mg-results > li").querySelectorAll("mark")].map(mark => mark.textContent))].slice(0, 20)
  try { sessionStorage.setItem("mlguide.found", JSON.stringify({ path: link.pathname, words })) } catch {}
}

// The arrow keys move through the results like Tab. Up from the first result moves to the search field.
const move = event => {
  if (event.key === "Escape" && isModal()) { event.preventDefault(); dialog.close(); return }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp" || event.target.tagName === "SELECT") return
  const stops = [field, ...status.querySelectorAll("button"), ...hints.querySelectorAll("button, a"), ...list.querySelectorAll("a"), ...(more.hidden ? [] : [more])]
  const at = stops.indexOf(document.activeElement)
  const next = stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]
  event.preventDefault()
  next.focus()
}

const chosen = () => Object.fromEntries(Object.keys(FILTERS).map(name => [name, form.elements[name].value]).filter(([, value]) => value))

const address = closed => {
  if (!dialog.isConnected) return
  if (leaving) { leaving = !closed; return }
  const url = new URL(location)
  for (const name of ["q", ...Object.keys(FILTERS)]) url.searchParams.delete(name)
  if (!closed) for (const [name, value] of Object.entries({ q: field.value.trim(), ...chosen() })) if (value) url.searchParams.set(name, value)
  if (url.href !== location.href) history.replaceState(history.state, "", url)
}

const showFilters = (total, now) => {
  for (const name of Object.keys(FILTERS)) {
    const select = form.elements[name], value = select.value, counts = new Map(Object.entries(now[name] ?? {}))
    const order = name === "year" ? (a, b) => b[0].localeCompare(a[0]) : (a, b) => b[1] - a[1] || a[0].localeCompare(b[0])
    const options = Object.keys(total[name] ?? {}).map(key => [key, counts.get(key) ?? 0]).filter(([key, count]) => count || key === value).sort(order)
    select.replaceChildren(make("option", { value: "" }, translate("all")), ...options.map(([key, count]) => make("option", { value: key }, `${name === "kind" ? kindLabel(key) : key} (${count})`)))
    select.value = value
    select.closest("label").hidden = !Object.keys(total[name] ?? {}).length
  }
}

// Marks the words of the query in a title. In scripts without spaces, words are also marked within runs of letters.
const titled = title => {
  const typed = field.value.toLowerCase().split(/\s+/).filter(Boolean), fits = part => typed.some(word => part === word || word.length > 3 && part.startsWith(word))
  const word = unspaced.test(field.value) ? new RegExp(`(${typed.map(escaped).join("|")})`, "iu") : /([\p{L}\p{N}+#]+)/u
  return title.split(word).map((part, at) => at % 2 && fits(part.toLowerCase()) ? make("mark", {}, part) : part)
}

const result = data => {
  const to = url => new URL(url.replace(/^\//, ""), HOME)
  const item = make("li", {}, make("a", { class: "mg-title", dir: "auto", href: to(data.url) }, ...titled(data.title)))
  if (data.hue) item.className = `mg-hue${data.hue}`
  // on phones, a code such as MLG 012 replaces the name of the series, but "Episode 12" doesn't
  const label = /^\p{Lu}{2}/u.test(data.label ?? "") ? "mg-label mg-label--code" : "mg-label"
  const facts = [[data.kind && kindLabel(data.kind), "mg-badge"], [data.label, label], [data.series, "mg-count"]].filter(([text]) => text)
  if (facts.length) item.append(make("p", { class: "mg-meta" }, ...facts.flatMap(([text, style]) => [make("span", { class: style }, text), " "])))
  if (!data.inside.length) item.append(make("p", { class: "mg-summary", dir: "auto" }, marked(data.excerpt)))
  else item.append(make("ul", {}, ...data.inside.map(([title, url, excerpt]) =>
    make("li", {}, make("a", { href: to(url), dir: "auto" }, title), make("p", { class: "mg-summary", dir: "auto" }, marked(excerpt))))))
  return item
}

const search = () => {
  stopTimers()
  latest++
  openFirst = focusAt = 0
  address()
  if (!field.value.trim() && !Object.keys(chosen()).length) {
    shown = latest
    list.replaceChildren()
    more.hidden = true
    hints.replaceChildren()
    status.textContent = matchMedia("(pointer: coarse), (max-width: 44.99em)").matches ? "" : translate("search-keys")
    idleTimer = setTimeout(countFilters, hasFilters ? 0 : REST)
    return
  }
  statusTimer = setTimeout(() => { status.textContent = translate("searching") }, PATIENCE)
  send("find", { count: PAGES, isName: ownPages().length > 0 })
}

// going back loads another page, which the dialog would cover
addEventListener("popstate", () => { if (dialog) leave() })
// search again when there is a connection again
addEventListener("online", () => { if (isShown() && !worker) search() })

// Starts the dialog that site.js has opened.
export const open = async () => {
  if (!worker) startWorker()
  await (built ??= build())
  if (isActive && dialog.parentElement === place || !dialog.open) return
  isActive = true
  place = dialog.parentElement
  const query = new URL(location).searchParams, isTyped = field.value !== (field.dataset.before ?? "")
  if (!isTyped) field.value = (query.get("q") ?? field.value).slice(0, LONGEST)
  for (const name of Object.keys(FILTERS)) {
    const select = form.elements[name], value = query.get(name)
    if (!value) continue
    // a selected value that doesn't exist is removed once the filter values are known
    if (![...select.options].some(option => option.value === value)) select.append(make("option", { value }, name === "kind" ? kindLabel(value) : value))
    select.value = value
  }
  fold.open = !isModal() && matchMedia("(min-width: 45em)").matches || Object.keys(chosen()).length > 0
  if (!isTyped) field.select()
  search()
}

startWorker()
