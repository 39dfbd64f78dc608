// Shows the resources that match the filters as a list or a table, in any order. Without filters, the tree stays.
import { choose, folded, marked, within, words } from "./filters.js"
import { make } from "./make.js"
import { translate } from "./words.js"

const ORDER = { importance: ["essential", "valuable", "supplementary"], difficulty: ["easy", "medium", "hard"], price: ["free", "$", "$$", "$$$"] }
const TITLES = { title: "title", format: "format", importance: "importance", difficulty: "difficulty", price: "price", episodes: "episodes" }
const PICKS = { ordered: "part-ordered", all: "part-all", any: "part-any", one: "part-one" }
const FACETS = ["format", "importance", "difficulty", "price", "subject"]
const NAMED = 4 // maximum number of linked episodes in a row

// Members of a group are also found by the group's title.
const read = list => list.read ??= list.resources.map(([url, title, format, importance, difficulty, price, subject, episodes, summary, parent, how, address, authors, count], at) => ({
  at, url, title, format, importance, difficulty, price, subject, episodes, summary, parent, how, address, authors, count,
  text: folded([title, ...authors, summary, list.resources[parent]?.[1] ?? "", ...subject.map(slug => list.topics[slug])].join("  ")),
}))
// Returns the resources without those that only group others.
const single = list => {
  const parents = new Set(read(list).map(entry => entry.parent))
  return read(list).filter(entry => entry.address || !parents.has(entry.at))
}
const name = ([, label, title]) => label ? `${label}: ${title}` : title

// Returns whether a resource matches one filter. `value` of the filters `find` and `episode` has been prepared by
// `pick`.
const fits = (entry, filter, value) => {
  if (filter === "find") return value.every(word => entry.text.includes(word))
  if (filter === "episode") return entry.episodes.some(at => value.has(at))
  return [entry[filter]].flat().includes(value)
}

const compare = (key, down) => {
  const rank = entry => key === "episodes" ? -entry.count : ORDER[key].indexOf(entry[key])
  const value = entry => key === "format" ? entry.format.join(", ") : entry.title
  const lacks = entry => key in ORDER ? !entry[key] : key === "format" && !entry.format.length
  const by = key in ORDER ? (a, b) => rank(a) - rank(b) : key === "episodes" ? (a, b) => rank(b) - rank(a) : (a, b) => value(a).localeCompare(value(b), document.documentElement.lang || "en")
  // unknown values come last in both directions
  return (a, b) => lacks(a) - lacks(b) || (down ? -1 : 1) * by(a, b) || a.at - b.at
}
const sorting = text => {
  const key = (text ?? "").replace(/^-/, "")
  return Object.hasOwn(TITLES, key) ? { key, down: text.startsWith("-") } : undefined
}
const sortLabel = text => {
  const sort = sorting(text)
  if (sort) return sort.down ? translate("descending", translate(TITLES[sort.key])) : translate(TITLES[sort.key])
}

const pick = (list, chosen, form) => {
  const entries = single(list), filters = Object.entries(chosen).flatMap(([filter, value]) => {
    if (filter === "find") return [[filter, words(value)]]
    if (filter === "episode") return [[filter, episodesWith(list, value)]]
    return FACETS.includes(filter) ? [[filter, value]] : []
  })
  const but = left => entries.filter(entry => filters.every(([filter, value]) => filter === left || fits(entry, filter, value)))
  for (const facet of FACETS) if (form.elements[facet]) tally(form.elements[facet], but(facet), facet)
  const fold = form.querySelector("details")
  if (Object.keys(chosen).some(key => fold.querySelector(`[name=${key}]`))) fold.open = true
  const items = but(), sort = sorting(chosen.sort)
  if (sort) items.sort(compare(sort.key, sort.down))
  return { items, total: entries.length }
}

// Finds episodes by id, or by words of their numbers and titles.
const episodesWith = (list, text) => {
  const wanted = words(text), exact = list.episodes.findIndex(episode => episode[3] === text || name(episode) === text)
  if (exact >= 0) return new Set([exact])
  return new Set(list.episodes.flatMap((episode, at) => wanted.every(word => folded(name(episode)).includes(word)) ? [at] : []))
}

// Shows for each option how many resources would match.
const tally = (select, entries, facet) => {
  const counts = Object.create(null)
  for (const entry of entries) for (const value of new Set([entry[facet]].flat())) counts[value] = (counts[value] ?? 0) + 1
  for (const option of select.options) {
    if (!option.value) continue
    option.dataset.title ??= option.textContent.replace(/ \([\d,]+\)$/, "")
    option.textContent = `${option.dataset.title} (${counts[option.value] ?? 0})`
    option.disabled = !counts[option.value] && !option.selected
  }
}

const link = (url, text, attributes = {}) => make("a", { href: within(url), ...attributes }, ...[text].flat())
// Returns the label of a value, such as `book` or `easy`, in the site's language.
const named = (list, value) => Object.hasOwn(list.labels, value) ? list.labels[value] : value
const host = address => { try { return new URL(address).hostname.replace(/^www\./, "") || address } catch { return address } }
const out = entry => entry.address ? [" ", make("a", { class: "mg-out", href: entry.address }, host(entry.address))] : []
const parent = (entry, list) => {
  const above = read(list)[entry.parent]
  return above ? [translate(PICKS[above.how] ?? "part-of"), " ", link(above.url, above.title)] : []
}
const episodes = (entry, list) => {
  const parts = entry.episodes.slice(0, NAMED).flatMap(at => {
    const [url, label, title, , hue] = list.episodes[at]
    return [", ", link(url, label || title, label ? { class: `mg-label mg-hue${hue}` } : {})]
  }).slice(1)
  const rest = entry.count - Math.min(NAMED, entry.episodes.length)
  return rest > 0 ? [...parts, ", ", link(entry.url, translate("n-more", rest))] : parts
}

const badge = (list, text, kind, title) => text ? [make("span", { class: `mg-badge${kind && ` mg-badge--${kind}`}`, ...(title && { title: translate(title) }) }, make("span", {}, named(list, text))), " "] : []
const row = (list, query) => entry => {
  const formats = entry.format.map(value => named(list, value)).join(", ")
  const box = make("div", { class: "mg-row" }, link(entry.url, marked(entry.title, query), { class: "mg-title" }))
  const texts = [entry.summary ? marked(entry.summary, query) : [], parent(entry, list)]
  box.append(...texts.filter(text => text.length).map(text => make("p", { class: "mg-summary" }, ...text)))
  box.append(make("p", { class: "mg-badges" }, ...badge(list, entry.importance, `${entry.importance} mg-rank`), ...badge(list, formats, ""), ...badge(list, entry.difficulty, "difficulty", "difficulty"), ...badge(list, entry.price, "price")))
  const links = [out(entry), episodes(entry, list)].filter(part => part.length)
  if (links.length) box.append(make("p", { class: "mg-row__links" }, ...links.map(part => make("span", {}, ...part))))
  return make("li", {}, box)
}

// The rows have the labels of the page's list above them, if there are any.
const rows = (list, { find = "" }) => {
  const into = make("ul", { class: "mg-rows" })
  return { into, around: make("div", {}, document.querySelector(".mg-all > .mg-heads")?.cloneNode(true) ?? "", into), part: items => items.map(row(list, words(find))) }
}

const table = (list, chosen, change) => {
  const entries = read(list), has = key => key === "title" || entries.some(entry => entry[key]?.length)
  const columns = Object.keys(TITLES).filter(has), sort = sorting(chosen.sort)
  const heads = columns.map(key => {
    const mine = sort?.key === key, next = `${mine && !sort.down ? "-" : ""}${key}`
    const button = make("button", { type: "button", "data-key": key }, translate(TITLES[key]))
    button.addEventListener("click", () => change("sort", next, sortLabel(next)))
    return make("th", { scope: "col", ...(mine ? { "aria-sort": sort.down ? "descending" : "ascending" } : {}) }, button)
  })
  const cell = { title: entry => [link(entry.url, entry.title), ...out(entry), make("small", {}, ...parent(entry, list))], format: entry => [entry.format.map(value => named(list, value)).join(", ")], episodes: entry => episodes(entry, list) }
  const into = make("tbody")
  const around = make("div", { class: "md-typeset__scrollwrap" }, make("table", { class: "mg-table" }, make("caption", { class: "mg-visually-hidden" }, translate("resources")), make("thead", {}, make("tr", {}, ...heads)), into))
  const line = entry => make("tr", {}, ...columns.map((key, at) => make(at ? "td" : "th", at ? {} : { scope: "row" }, ...(cell[key]?.(entry) ?? [named(list, entry[key])]))))
  return { into, around, part: items => items.map(line) }
}

const describe = (chosen, form) => FACETS.concat("find", "episode", "sort").filter(key => chosen[key]).map(key => {
  const field = form.elements[key], option = field.selectedOptions?.[0]
  return `${field.labels[0].querySelector("span").textContent}: ${option ? option.dataset.title ?? option.textContent : chosen[key]}`
}).join("; ")

export const init = () => {
  const form = document.querySelector("form[data-list=resources]")
  if (!form) return
  choose(form, {
    path: "resources/index.json", one: "resource", pick, describe, label: (field, value) => field === "sort" ? sortLabel(value) : undefined,
    onLoad: list => form.querySelector("datalist")?.append(...list.episodes.map(episode => make("option", { value: name(episode) }))),
    draw: (chosen, list, change) => chosen.as === "table" ? table(list, chosen, change) : rows(list, chosen),
  })
}
