// The search field of the glossary and of the indexes of episodes, tools and people. It finds entries whose names or
// summaries contain all words; matches in names come first. Some indexes can also be filtered by topic or series.
import { choose, folded, marked, SPACED, within, words } from "./filters.js"
import { make, nodes } from "./make.js"
import { count, translate } from "./words.js"

const code = ([name, url, hue]) => make("a", { class: `mg-label mg-hue${hue}`, href: within(url) }, name)
const term = ([url, name, short, , summary, episodes, , only], query) => {
  const title = make("dt", {}, make("a", { href: within(url) }, ...marked(name, query)))
  if (short.length) title.append(" ", make("span", { class: "mg-names" }, short.join(", ")))
  if (episodes) title.append(" ", make("span", { class: "mg-count" }, only ? code(only) : make("a", { href: `${within(url)}#s.mentions` }, count(episodes, "episode"))))
  const text = make("dd", {}, ...summary[0] || summary.length > 2 ? explained(summary, query) : [translate("not-defined")])
  return make("div", {}, title, text)
}
const row = ([url, name, short, , summary, episodes, , only], query) => {
  const title = make("p", { class: "mg-names" }, make("a", { class: "mg-title", href: within(url) }, ...marked(name, query))), item = make("li", {}, title)
  if (short.length) title.append(" ", make("span", {}, short.join(", ")))
  if (episodes) item.append(make("p", { class: "mg-count" }, only ? code(only) : count(episodes, "episode")))
  if (summary[0]) item.append(make("p", { class: "mg-summary" }, ...explained(summary, query)))
  return item
}
const fact = (label, links) => make("span", {}, make("span", {}, translate(label)), " ", make("span", {}, ...links.flatMap(link => ["\u00a0", link]).slice(1)))
const person = (entry, query) => {
  const [works, episodes] = entry[7], item = row(entry.with(5, 0), query), links = []
  if (episodes.length) links.push(fact(episodes.length === 1 ? "episode" : "episodes", episodes.map(one => make("span", {}, code(one), " ", one[3]))))
  if (works.length) links.push(fact("works", works.map(([title, url]) => make("a", { href: within(url) }, title))))
  if (links.length) item.append(make("p", { class: "mg-row__links" }, ...links))
  return item
}
// An episode has the same parts as in the list of all episodes, with the whole summary if only that contains the query. If
// its title and summary don't contain the query, it also has the names of its topics, terms and tools that do.
const episode = ([url, name, [label, day, length], , [whole, clause, names], hue, , date], query, form) => {
  const facts = make("p", { class: "mg-meta" }), item = make("li", { class: `mg-hue${hue}` })
  if (label) item.append(make("span", { class: "mg-label" }, label), " ")
  item.append(make("a", { class: "mg-title", href: within(url) }, ...marked(name, query)))
  const hiddenIn = text => query.filter(word => !isIn(unpadded(folded(`${label} ${name} ${text}`)), word))
  const hidden = hiddenIn(whole), summary = hiddenIn(clause).length > hidden.length ? whole : clause
  const because = hidden.length ? names.split(", ").filter(one => hidden.some(word => isIn(unpadded(folded(one)), word))).slice(0, 3) : []
  const marks = because.flatMap(one => [translate("list-separator"), make("mark", {}, one)]).slice(1)
  if (summary || marks.length) item.append(make("p", { class: "mg-summary" }, ...marked(summary, query, true), marks.length && summary ? make("br") : "", ...marks.length ? [form.dataset.mentions, " "] : [], ...marks))
  if (day) facts.append(make("time", { datetime: date }, day), " ")
  if (length) facts.append(make("span", { class: "mg-length" }, length))
  item.append(facts)
  return item
}

const spaced = text => ` ${text.replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `
// In texts, only words are found that begin with a word of the query, because “aws” isn't meant to find “draws”.
const isIn = (text, word) => SPACED.test(word) ? spaced(text).includes(` ${word}`) : text.includes(word)

const unpadded = text => text.replace(/(?<![\p{L}\p{N}])0+(?=\d)/gu, "")

// The parts of a summary are texts and formulas by turns.
const explained = (summary, query) => nodes(summary).flatMap((part, at) => at % 2 ? [part] : marked(part, query, true))

// The second field of a tool is its category, which isn't one of its names. Entries come first whose name is the query,
// then those with words of names that begin with its words, then those with other parts of names. Of these tools
// and people, those of more episodes come first; of other entries, those whose name begins with the query.
const pick = (list, { find = "", topic, category, series }, form) => {
  // numbers are found with and without zeros in front
  const wordsToFind = words(find).map(unpadded), query = wordsToFind.join(" "), parts = wordsToFind.map(word => spaced(word).trimEnd())
  const weighs = form.dataset.of === "tools" || form.dataset.of === "people"
  const ranked = list.flatMap(entry => {
    const all = [entry[1], ...form.dataset.of === "tools" ? [] : entry[2], ...entry[3]].map(name => unpadded(folded(name))), names = all.join("  "), own = spaced(names)
    const text = unpadded(folded(entry[4].filter((_, at) => at % 2 === 0).join(" ")))
    if (topic && !entry[6].includes(topic) || category && !entry[2].includes(category) || series && !entry[0].split("/").includes(series) || !wordsToFind.every(word => names.includes(word) || isIn(text, word))) return []
    const ranks = [all.includes(query), !weighs && names.startsWith(query), parts.every(part => own.includes(part)), wordsToFind.every(word => names.includes(word))]
    const rank = query ? ranks.indexOf(true) : 0
    return [[rank < 0 ? 4 : rank, category ? entry.with(2, []) : entry]]
  })
  ranked.sort(([a, one], [b, other]) => a - b || (weighs && query ? other[5] - one[5] : 0))
  return { items: ranked.map(([, entry]) => entry), total: list.length }
}

// the noun for the entries of an index, and how to draw them
const KINDS = {
  episodes: { one: "episode", into: ["ul", "mg-list"], draw: episode },
  glossary: { one: "term", into: ["dl", "mg-terms"], draw: term },
  tools: { one: "tool", into: ["ul", "mg-lines"], draw: row },
  people: { one: "person", into: ["ul", "mg-lines mg-lines--people"], draw: person },
}

export const init = () => {
  const form = document.querySelector("form[data-list=entries]")
  if (!form) return
  const { of } = form.dataset, { one, into: [tag, style], draw } = KINDS[of]
  choose(form, {
    path: `${of}/index.json`, one, pick,
    // progress.js marks the finished episodes once the rows are on the page
    draw: ({ find = "" }) => ({ into: make(tag, { class: style }), part: items => {
      queueMicrotask(() => dispatchEvent(new Event("mlguide:progress")))
      return items.map(item => draw(item, words(find).map(unpadded), form))
    } }),
    describe: (chosen, form) => Object.keys(chosen).map(name => {
      const field = form.elements[name]
      return `${field.labels[0].querySelector("span").textContent}: ${field.selectedOptions?.[0].text ?? field.value}`
    }).join(". "),
  })
}
