// The search: a dialog over Pagefind's index. Loaded when it is first asked for; the page `search/` opens it by itself.
// The query and the filters stand in the address, so that a search can be sent to somebody and survives a reload.

const FILTERS = { kind: "Kind", series: "Series", topic: "Topic", tool: "Tool", year: "Year" }
const PAGES = 8 // results that are fetched at a time
const PLACES = 3 // headings or spoken seconds shown of one page
const HOME = new URL("../../", import.meta.url)
let pagefind, dialog, form, field, list, status, more, asked = 0, gone = false, waiting, built, loading, say, counted

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

// What Pagefind gives is text with <mark> around words; nothing else of it is taken for markup.
const marked = excerpt => {
  const from = new DOMParser().parseFromString(excerpt, "text/html").body
  const out = document.createDocumentFragment()
  for (const node of from.childNodes)
    out.append(node.nodeName === "MARK" ? make("mark", {}, node.textContent) : node.textContent)
  return out
}

// Pagefind asks for its parts one after the other. They are asked for together here, so that it finds them in the store
// of the browser; where one can't be had, it says so when it asks itself.
const fetchAhead = async () => {
  const get = name => fetch(new URL(`pagefind/${name}`, HOME))
  get("pagefind-worker.js").catch(() => {})
  const { languages } = await (await get("pagefind-entry.json")).json()
  const language = document.documentElement.lang.toLowerCase(), known = languages[language] ?? languages[language.split("-")[0]]
  if (known) await Promise.all([get(`wasm.${known.wasm}.pagefind`), get(`pagefind.${known.hash}.pf_meta`)])
}
const load = async () => {
  const index = await import(new URL("pagefind/pagefind.js", HOME))
  await index.options({ baseUrl: "/", excerptLength: 24 })
  await index.init()
  return index
}

const build = async () => {
  const styled = new Promise(resolve => {
    const sheet = make("link", { rel: "stylesheet", href: new URL("search.css", import.meta.url) })
    sheet.onload = sheet.onerror = resolve
    document.head.append(sheet)
  });
  // imported here, so that nothing of the index waits for it
  ({ say, count: counted } = await import("./words.js"))
  await styled
  field = make("input", { type: "search", name: "q", id: "mg-query", placeholder: say("Search"), autocomplete: "off", spellcheck: "false", enterkeyhint: "search", "aria-describedby": "mg-status" })
  const close = make("button", { type: "button", class: "mg-close" }, say("Close"))
  const choices = make("div", { class: "mg-filters", role: "group", "aria-label": say("Filters") })
  for (const [name, label] of Object.entries(FILTERS))
    choices.append(make("label", {}, make("span", {}, say(label)), make("select", { name }, make("option", { value: "" }, say("All")))))
  status = make("p", { class: "mg-status", id: "mg-status", role: "status" })
  list = make("ol", { class: "mg-results" })
  more = make("button", { type: "button", class: "mg-further", hidden: "" }, say("Show more"))
  form = make("form", { role: "search", class: "md-typeset" },
    make("div", { class: "mg-ask" }, make("label", { for: "mg-query", class: "mg-unseen" }, say("Search this site")), field, close), choices, status, list, more)
  dialog = make("dialog", { class: "mg-search", "aria-label": say("Search") }, form)
  document.body.append(dialog)
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close() })
  dialog.addEventListener("close", () => { clearTimeout(waiting); asked++; address(true) })
  // where the theme loads pages by itself, a result leads away from under the dialog
  list.addEventListener("click", event => { if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) { gone = true; dialog.close() } })
  dialog.addEventListener("keydown", move)
  form.addEventListener("submit", event => { event.preventDefault(); list.querySelector("a")?.click() })
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); pagefind?.preload(field.value.trim(), { filters: chosen() }) })
  choices.addEventListener("change", search)
}

// Up and down go through the results as Tab does; from the first one up to the field again.
const move = event => {
  if (event.key === "Escape") { event.preventDefault(); dialog.close(); return }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp" || event.target.tagName === "SELECT") return
  const stops = [field, ...list.querySelectorAll("a"), ...(more.hidden ? [] : [more])]
  const at = stops.indexOf(document.activeElement)
  const next = stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]
  event.preventDefault()
  next.focus()
}

const chosen = () => Object.fromEntries(Object.keys(FILTERS).map(name => [name, form.elements[name].value]).filter(([, value]) => value))

const address = closed => {
  if (gone) { gone = !closed; return }
  const url = new URL(location)
  for (const name of ["q", ...Object.keys(FILTERS)]) url.searchParams.delete(name)
  if (!closed) for (const [name, value] of Object.entries({ q: field.value.trim(), ...chosen() })) if (value) url.searchParams.set(name, value)
  if (url.href !== location.href) history.replaceState(history.state, "", url)
}

const offer = (total, now) => {
  for (const name of Object.keys(FILTERS)) {
    const select = form.elements[name], value = select.value, counts = now[name] ?? {}
    const order = name === "year" ? (a, b) => b[0].localeCompare(a[0]) : (a, b) => b[1] - a[1] || a[0].localeCompare(b[0])
    const options = Object.keys(total[name] ?? {}).map(key => [key, counts[key] ?? 0]).filter(([key, count]) => count || key === value).sort(order)
    select.replaceChildren(make("option", { value: "" }, say("All")), ...options.map(([key, count]) => make("option", { value: key }, `${name === "kind" ? say(key) : key} (${count})`)))
    select.value = value
    select.closest("label").hidden = !Object.keys(total[name] ?? {}).length
  }
}

// Sections are told apart by their headings; in a transcript, by the seconds that its lines begin at.
const places = data => {
  const spoken = data.anchors.filter(anchor => /^t-\d+$/.test(anchor.id)).sort((a, b) => a.location - b.location)
  if (!spoken.length) return data.sub_results.filter(part => part.url !== data.url && part.title !== data.meta.title).slice(0, PLACES).map(part => [part.title, part.url, part.excerpt])
  const words = data.raw_content.split(/\s+/)
  const found = new Map()
  for (const { location: word } of data.weighted_locations) {
    const line = spoken.filter(anchor => anchor.location <= word).at(-1)
    if (!line) continue
    const next = spoken[spoken.indexOf(line) + 1]?.location ?? words.length
    if (!found.has(line.id)) found.set(line.id, { line, next, hits: new Set() })
    found.get(line.id).hits.add(word)
  }
  return [...found.values()].sort((a, b) => b.hits.size - a.hits.size || a.line.location - b.line.location).slice(0, PLACES).map(({ line, next, hits }) => {
    const seconds = Number(line.id.slice(2)), clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(part => String(Math.floor(part)).padStart(2, "0")).join(":")
    const text = document.createElement("div")
    words.slice(line.location, next).forEach((word, at) => text.append(hits.has(line.location + at) ? make("mark", {}, word) : word, " "))
    return [clock, `${data.url.replace(/[?#].*/, "")}#${line.id}`, text.innerHTML]
  })
}

const result = data => {
  const url = new URL(data.url.replace(/^\//, ""), HOME)
  const item = make("li", {}, make("a", { class: "mg-title", href: url }, data.meta.title ?? data.url))
  const kind = data.meta.kind ?? data.filters.kind?.[0], said = [kind && say(kind), data.meta.label, data.filters.series?.[0]].filter(Boolean)
  if (said.length) item.append(make("p", { class: "mg-meta" }, ...said.flatMap(text => [make("span", {}, text), " "])))
  const inside = places(data)
  if (!inside.length) item.append(make("p", { class: "mg-summary" }, marked(data.excerpt)))
  else item.append(make("ul", {}, ...inside.map(([title, to, excerpt]) => {
    const place = new URL(to.replace(/^\//, ""), HOME)
    return make("li", {}, make("a", { href: place }, title), make("p", { class: "mg-summary" }, marked(excerpt)))
  })))
  return item
}

const search = async () => {
  const mine = ++asked, words = field.value.trim(), filters = chosen()
  address()
  if (!words && !Object.keys(filters).length) {
    list.replaceChildren(); more.hidden = true; status.textContent = say("Type to search; the arrow keys move through what is found.")
    const total = await pagefind.filters()
    if (mine === asked) offer(total, total)
    return
  }
  const find = () => pagefind.search(words || null, { filters })
  const found = await find()
  if (mine !== asked) return
  const count = found.results.length
  let told = count ? counted(count, "result") : say("No results")
  if (words) told = say("{} for “{}”", told, words)
  status.textContent = Object.keys(filters).length ? say("{} with these filters", told) : told
  list.replaceChildren()
  const show = async () => {
    const at = list.children.length
    // each is shown as soon as it and those before it are there
    for (const fresh of found.results.slice(at, at + PAGES).map(entry => entry.data())) {
      const item = result(await fresh)
      if (mine !== asked) return
      list.append(item)
    }
    more.hidden = list.children.length >= count
    return list.children[at]
  }
  more.onclick = async () => (await show())?.querySelector("a").focus()
  await show()
  // what there is to choose from weighs more than the results, and is counted only once it is there
  const total = await pagefind.filters(), { filters: counts } = await find()
  if (mine === asked) offer(total, counts ?? {})
}

export const open = async () => {
  loading ??= load()
  loading.catch(() => {})
  await (built ??= build())
  if (!dialog.open) {
    dialog.showModal()
    const asks = new URL(location).searchParams
    field.value = asks.get("q") ?? field.value
    field.focus()
    field.select()
  }
  try {
    if (!pagefind) {
      pagefind = await loading
      const asks = new URL(location).searchParams, wanted = Object.keys(FILTERS).filter(name => asks.has(name))
      if (wanted.length) {
        const total = await pagefind.filters()
        offer(total, total)
        for (const name of wanted) {
          const select = form.elements[name], value = asks.get(name)
          if ([...select.options].some(option => option.value === value)) select.value = value
        }
      }
    }
    await search()
  } catch (error) {
    pagefind = loading = undefined
    status.textContent = say("The search index can't be loaded. It is part of a built site, and browsers load it over http only.")
  }
}

fetchAhead().catch(() => {})
