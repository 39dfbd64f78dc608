// Runs the search in a worker: sends queries to Pagefind, and sends the page only the data that it shows. The worker's
// name contains the page's language.

import { createInstance } from "../../pagefind/pagefind.js"

const PLACES = 3 // maximum number of headings or transcript lines shown for a page
const EXCERPT = 24 // number of words in an excerpt
const NAME = 40 // maximum length of a name that is looked up
const FIRST = 2 // number of results that are fetched first, because fetching all results at once would delay them
const FOLDER = new URL("../../pagefind/", import.meta.url)
const [language, tag] = self.name.split(" ")
// Pagefind reads the language from the document, which workers don't have
self.document = { querySelector: () => ({ getAttribute: () => language }) }
// If a part of the index can't be loaded, Pagefind finds less and reports no error. Failed requests are recorded here,
// so that each search can report its own failure.
let lost = false
const plainFetch = self.fetch
self.fetch = async (...what) => {
  try {
    const answer = await plainFetch(...what)
    if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`)
    return answer
  } catch (error) {
    lost = true
    throw error
  }
}
// Pagefind reports unreadable files only on the console
console.error = () => { lost = true }
addEventListener("unhandledrejection", event => event.preventDefault())
const index = createInstance({
  basePath: FOLDER.href, baseUrl: "/", excerptLength: EXCERPT, metaCacheTag: tag, noWorker: true
})

// Returns the words of a page as Pagefind counts them. In languages without spaces, Pagefind separates words with an
// invisible character.
const joint = data => data.raw_content.includes("\u200B") ? "" : " "
const wordsOf = data => data.raw_content.split(joint(data) ? /\s+/ : "\u200B")

// Returns the places of matches on a page. Sections are named by their headings, transcript lines by their start.
const places = data => {
  const spoken = data.anchors.filter(anchor => /^t-\d+$/.test(anchor.id)).sort((a, b) => a.location - b.location)
  if (!spoken.length) return data.sub_results.filter(part => part.url !== data.url && part.title !== data.meta.title).slice(0, PLACES).map(part => [part.title, part.url, part.excerpt])
  const words = wordsOf(data)
  const found = new Map()
  for (const { location: word } of data.weighted_locations) {
    let low = 0, high = spoken.length
    while (low < high) {
      const middle = low + high >> 1
      if (spoken[middle].location <= word) low = middle + 1
      else high = middle
    }
    if (!low) continue
    const line = spoken[low - 1]
    if (!found.has(line.id)) found.set(line.id, { line, next: spoken[low]?.location ?? words.length, hits: new Set() })
    found.get(line.id).hits.add(word)
  }
  return [...found.values()].sort((a, b) => b.hits.size - a.hits.size || a.line.location - b.line.location).slice(0, PLACES).map(({ line, next, hits }) => {
    const seconds = Number(line.id.slice(2)), clock = (seconds < 3600 ? [seconds / 60, seconds % 60] : [seconds / 3600, seconds / 60 % 60, seconds % 60]).map((part, at) => String(Math.floor(part)).padStart(at && 2, "0")).join(":")
    const text = words.slice(line.location, next).map((word, at) => hits.has(line.location + at) ? `<mark>${word}</mark>` : word).join(joint(data))
    return [clock, `${data.url.replace(/[?#].*/, "")}#${line.id}`, text]
  })
}

const resultOf = data => ({
  url: data.url, title: data.meta.title ?? data.url, kind: data.meta.kind ?? data.filters.kind?.[0],
  label: data.meta.label, series: data.filters.series?.[0], excerpt: data.excerpt, inside: places(data)
})

// Corrects mistyped words. If no page contains a word, Pagefind finds words with the same start, which can be
// unrelated.
const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
const parted = text => folded(text).split(/[^\p{L}\p{N}+#]+/u).filter(Boolean)
const alike = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return false
  // added, missing, changed or swapped letters (Damerau-Levenshtein distance)
  let before, row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1)
    }
    before = row
    row = next
  }
  return row[b.length] <= most
}

// Returns the query with unmatched words replaced by similar names of tools and topics. Returns undefined if all words
// were found or no name is similar.
const corrected = (words, all) => {
  const names = [...new Set(["tool", "topic"].flatMap(kind => Object.keys(all[kind] ?? {})).flatMap(name => name.split(/\s+/)))]
  let changed = false
  const query = words.split(/\s+/).map(word => {
    const typed = folded(word)
    if (typed.length < 4 || /[^\p{L}\p{N}]/u.test(typed) || [...hits].some(hit => hit.startsWith(typed) || typed.startsWith(hit) && hit.length > 3)) return word
    const name = names.find(name => alike(typed, folded(name), typed.length < 7 ? 1 : 2))
    if (!name || parted(words).includes(folded(name))) return word
    changed = true
    return name
  }).join(" ")
  return changed ? query : undefined
}

let latest = 0, found = [], hits = new Set()

// Returns the words that were found on a page, and the words of its metadata, such as the title.
const hitsOf = data => {
  const text = wordsOf(data)
  return [...data.locations.slice(0, 100).map(place => text[place] ?? ""), ...Object.values(data.meta)].map(parted).flatMap(words => [...words, words.join("")])
}

// If no page contains a word, Pagefind uses the longest indexed word that the query's word starts with. This can be
// another form of the word, or an unrelated word ("do" for "dokcer") whose results don't match the query. Only applied
// to writing systems in which words change at the end.
const isNear = (typed, hit) => {
  let same = 0
  const [a, b] = [typed, hit].map(word => word.replaceAll("y", "i"))
  while (same < a.length && a[same] === b[same]) same++
  return same === a.length || same >= (a.length < 6 ? 2 : 3) && same * 2.5 >= a.length
}
const isLoose = (words, data) => {
  const found = hitsOf(data), whole = folded(words).split(/\s+/)
  return whole.some(word => {
    const parts = parted(word), near = part => found.some(hit => isNear(part, hit))
    return /^[\p{scx=Latin}\p{scx=Cyrillic}\p{scx=Greek}\p{N}\p{P}\p{S}]+$/u.test(word) && parts.length > 0 && !near(parts.join("")) && !parts.every(near)
  })
}

// Splits a query in the same way as `linking/search_names.py` splits the names of episodes.
const AROUND = new Set("http https www md the of from in s episode episodes ep eps no nos number numbers".split(" "))
const reference = query => {
  const text = query.normalize("NFKC").toLowerCase().trim().replace(/\.md$/, "")
  const address = /^\S+\/\S+$/.test(text) ? text.replace(/#.*$/, "").replace(/\?\D*$/, "") : text
  let number = ""
  const rest = address.replace(/(?:^|[^\p{L}\p{N}])(?:s|season\s+)(\d{1,4})(?:[\s,-]*(?:e|episode\s+)|-)(\d{1,5})(?!\d)/u, (_, season, episode) => {
    number = `s${Number(season)}e${Number(episode)}`
    return " "
  })
  const parts = (rest.match(/\p{L}+|\p{Nd}+/gu) ?? []).map(part => /^\d+$/.test(part) ? part.replace(/^0+(?=\d)/, "") : part)
  const isNumber = at => /^\d/.test(parts[at] ?? "")
  let at = parts.findIndex((part, at) => isNumber(at + 1) && /^(?:episodes?|eps?|nos?|numbers?)$/.test(part)) + 1 || parts.length - 1
  if (number || !isNumber(at)) at = -1
  if (at >= 0) number = parts[at]
  const named = parts.filter((part, place) => place !== at && !AROUND.has(part)).join(" ")
  if (number && number.length < 12) return { named, number }
  return /^[a-z\d]+(?:-[a-z\d]+)+$/.test(text) ? { named: "", number: text } : undefined
}

// Lists beside the index: pages by name, and episodes by number. Lists are kept unless they failed to load.
const lists = new Map()
const listOf = name => {
  if (!lists.has(name)) {
    const list = fetch(new URL(`${name}.json?ts=${tag}`, FOLDER)).then(answer => answer.json())
    list.catch(() => lists.delete(name))
    lists.set(name, list)
  }
  return lists.get(name)
}
const own = (list, name) => Object.hasOwn(list, name) ? list[name] : []

// Returns a page that wasn't found by its words, in the format of Pagefind's results. The excerpt is the start of the
// page.
const MARK = 12 // number of bytes before the data in each part of the index
const page = async id => {
  const { body } = await fetch(new URL(`fragment/${id}.pf_fragment`, FOLDER))
  const bytes = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
  const { url, content, meta, filters } = JSON.parse(new TextDecoder().decode(bytes.slice(MARK)))
  const raw = content.replace(/</g, "&lt;").replace(/>/g, "&gt;"), data = { raw_content: raw }
  const excerpt = wordsOf(data).slice(0, EXCERPT).join(joint(data))
  return { ...data, url, meta, filters, excerpt, anchors: [], sub_results: [], locations: [], weighted_locations: [] }
}
const pages = new Map()
const pagesOf = async (ids, filters) => {
  const all = await Promise.all(ids.map(async id => {
    if (!pages.has(id)) pages.set(id, await page(id))
    return { id, data: async () => pages.get(id) }
  }))
  return all.filter(({ id }) => Object.entries(filters).every(([name, value]) => pages.get(id).filters[name]?.includes(value)))
}

// Returns the episodes that a query refers to in the way notes do. If an episode is in the first season, the query may
// omit the season.
const episodes = async (words, filters) => {
  const target = reference(words)
  if (!target) return []
  const groups = (await listOf("numbers")).filter(([names]) => !target.named || names.includes(target.named))
  for (const number of new Set([target.number, target.number.replace(/^s1e/, "")])) {
    const found = await pagesOf(groups.flatMap(([, numbers]) => own(numbers, number)), filters)
    if (found.length) return found
  }
  return []
}

// Returns the pages with a name that equals the whole query.
const entries = async (words, filters) => {
  const called = parted(words).join(" ")
  return called && called.length <= NAME ? pagesOf(own(await listOf("names"), called), filters) : []
}

// Returns the results and the number of results for each filter value; pages found by name come first. If words refer
// to an episode, they are also split. `near` has words of pages that match only other words; these pages are left out.
const searched = async (words, filters) => {
  let query = plain(words)
  const find = () => index.search(query || null, { filters })
  const [first, numbered] = await Promise.all(words ? [find(), episodes(words, filters)] : [find(), []])
  if (numbered.length) query = words.normalize("NFKC").match(/\p{L}+|\p{Nd}+/gu).join(" ")
  let { results, filters: counts } = numbered.length ? await find() : first, near = []
  const best = words && results.length ? await results[0].data() : undefined
  if (best && isLoose(query, best)) results = [], counts = {}, near = hitsOf(best)
  // a page with this name usually comes first anyway; if not, the words may also be the name of another page
  const isCalled = best && results.length && parted(best.meta.title ?? "").join(" ") === parted(words).join(" ")
  const called = words && !isCalled ? await entries(words, filters) : []
  const all = new Map([...numbered, ...called].map(entry => [entry.id, entry])), extra = new Map(all)
  // pages that are also found by their words show the places of the words
  for (const entry of results) if (extra.delete(entry.id)) all.set(entry.id, entry)
  return { results: [...all.values(), ...results.filter(entry => !all.has(entry.id))], counts, near, extra: [...extra.values()] }
}

// Returns the number of results for each filter value, including pages that were found only by name.
const counted = async (words, filters) => {
  const { counts, extra } = await searched(words, filters)
  // without inherited properties, because a filter value can have the same name
  const sums = Object.fromEntries(Object.entries(counts).map(([name, values]) => [name, { __proto__: null, ...values }]))
  for (const entry of extra)
    for (const [name, values] of Object.entries((await entry.data()).filters))
      for (const value of values) (sums[name] ??= { __proto__: null })[value] = (sums[name][value] ?? 0) + 1
  return sums
}

const sendResults = async (request, from, to) => {
  const shown = found.slice(from, to), loading = shown.slice(0, FIRST).map(entry => entry.data())
  for (let at = 0; at < shown.length; at++) {
    const data = await loading[at], item = resultOf(data)
    for (const word of hitsOf(data)) hits.add(word)
    if (at === 0) loading.push(...shown.slice(FIRST).map(entry => entry.data()))
    if (request !== latest) return
    postMessage({ request, item })
  }
  postMessage({ request, done: true })
}

// In the index, C# and C++ are separate words. Before a word, these characters have no meaning.
const plain = words => words.replace(/(^|[\s"])[#+]+(?=[\p{L}\p{N}])/gu, "$1")

const answers = {
  async find(request, { words, filters, count }) {
    latest = request
    const answer = await searched(words, filters)
    if (lost) throw new Error("a part of the index is missing")
    if (request !== latest) return
    found = answer.results
    hits = new Set(answer.near)
    postMessage({ request, total: found.length })
    await sendResults(request, 0, count)
  },
  more: (request, { from, to }) => sendResults(request, from, to),
  // the filter values; with words or filters, also the number of results for each value
  async counts(request, { words, filters }) {
    latest = request
    const all = await index.filters()
    const count = async filters => words || Object.keys(filters).length ? await counted(words, filters) : all
    const now = { ...await count(filters) }
    // the counts of a filter's values ignore the value that is selected in the same filter
    for (const name of Object.keys(filters)) {
      if (request !== latest) return
      const { [name]: _, ...others } = filters
      now[name] = (await count(others))[name]
    }
    if (request === latest) postMessage({ request, all, now, nearest: words && corrected(words, all) })
  }
}

addEventListener("message", async ({ data: { request, what, ...rest } }) => {
  try {
    await answers[what](request, rest)
  } catch (error) {
    postMessage({ request, failed: String(error) })
  }
})
