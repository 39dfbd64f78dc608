// The glossary's search field. It finds terms whose names or definitions contain all words; matches in names come
// first.
import { choose, folded, make, within, words } from "./filters.js"
import { count, translate } from "./words.js"

const item = ([url, term, short, , definition, episodes]) => {
  const name = make("dt", {}, make("a", { href: within(url) }, term))
  if (short.length) name.append(" ", make("span", { class: "mg-names" }, short.join(", ")))
  const text = make("dd", {}, definition || translate("not-defined"))
  if (episodes) text.append(" ", make("span", { class: "mg-count" }, count(episodes, "episode")))
  return make("div", {}, name, text)
}

const pick = (list, { find = "" }) => {
  const wordsToFind = words(find), first = wordsToFind[0] ?? ""
  const ranked = list.map(entry => {
    const names = folded([entry[1], ...entry[2], ...entry[3]].join("  ")), all = `${names}  ${folded(entry[4])}`
    if (!wordsToFind.every(word => all.includes(word))) return [9, entry]
    return [wordsToFind.every(word => names.includes(word)) ? (names.startsWith(first) ? 0 : 1) : 2, entry]
  })
  return { items: ranked.filter(([rank]) => rank < 9).sort((a, b) => a[0] - b[0]).map(([, entry]) => entry), total: list.length }
}

export const init = () => {
  const form = document.querySelector("form[data-of=glossary]")
  if (form) choose(form, {
    path: "glossary/terms.json", one: "term", pick,
    draw: () => ({ into: make("dl", { class: "mg-terms" }), part: items => items.map(item) }),
    describe: ({ find }) => `${translate("find-term")}: ${find}`,
  })
}
