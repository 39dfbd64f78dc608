// Runs the search in a worker: sends queries to Pagefind, and sends the page only the data that it shows. The worker's
// name contains the page's language.

import { createInstance } from "../../pagefind/pagefind.js"
import { unspaced } from "./unspaced.js"

const PLACES = 3 // maximum number of headings or transcript lines shown for a page
const NAME = 40 // maximum length of a name that is looked up
const FIRST = 2 // number of results that are fetched first, because fetching all results at once would delay them
const FOLDER = new URL("../../pagefind/", import.meta.url)
const [language, tag] = self.name.split(" ")
const EXCERPT = /^(zh|ja|th|lo|km|my)\b/.test(language) ? 72 : 24 // number of words or letters in an excerpt
// Pagefind reads the language from the document, which workers don't have
self.document = { querySelector: () => ({ getAttribute: () => language }) }
// In scripts without spaces, each pair of letters is a word of the index (see `search/pagefind.py`), and of queries; so
// is a word after an apostrophe, as in “l’histoire”, or after a dash.
// Small digits after a letter, as in CO₂, are digits after an invisible sign there.
// Otherwise, Pagefind would split queries into words by itself.
const { Segmenter } = Intl
Intl.Segmenter = undefined
const runs = new RegExp(`(?:(?=${unspaced.source})\\p{L}\\p{M}*)+`, "gu")
const separated = words => words.replace(/(?<=\p{L})[⁰¹²³⁴-⁹₀-₉]+/gu, digits => digits.normalize("NFKC")).replace(/(?<=[\p{L}\p{N}]['’])(?=\p{L}{3})|(?<=[\p{L}\p{N}][–—‑…·•→×])(?=[\p{L}\p{N}])|(?<=(?<![\p{L}\p{N}])#)(?=[\p{L}\p{N}]{2})/gu, " ").replace(runs, run => {
  const letters = run.match(/\p{L}\p{M}*/gu)
  return ` ${letters.slice(1).map((letter, at) => letters[at] + letter).join(" ") || run} `
})
// Returns a text of the index as it is on the page. Marks of pairs are joined, and include the last letter.
const joined = text => text.replace(/(?:\p{L}~\^|\^~)<\/mark> <mark>/gu, "").replace(/(\p{L})~\^<\/mark> (\1\p{M}*)/gu, "$2</mark>").replace(/(?:\p{L}~\^|\^~)(<\/mark>)?(?: |$)/gu, "$1").replace(/\u2061(\d)/g, (_, digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).replace(/\u2062(\d)/g, (_, digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])
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
const OPTIONS = { excerptLength: EXCERPT, metaCacheTag: tag }
const index = createInstance({ ...OPTIONS, basePath: FOLDER.href, baseUrl: "/", noWorker: true })
// The shows of a hub, each with its folder, its title and its id in the index of shows. A hub replaces the empty list.
const SHOWS = []
const BEST = 2 // number of shows that are searched for the first results
const MOST = 24 // maximum number of shows that are searched for a query, unless the reader selects a show
// In a hub, the filter for series selects shows.
const ofShow = ({ series, ...filters }) => ({ ...filters, ...series && { [SHOWS.length ? "show" : "series"]: series } })
const asSeries = (all, others) => SHOWS.length ? { ...all, series: { ...others, ...all.show } } : all
// Equal pages of a hub and of its shows have the same id. Of these pages, only the page of the hub is shown.
const isOwn = async entry => !SHOWS.length || !(await entry.data()).url.startsWith("/shows/")
// The index of shows finds the shows that contain the words of a query. It can be opened only when the hub's index is
// ready, because it uses the same WebAssembly file. The empty search waits for that.
const SHOWS_INDEX = new URL("../search/shows/", FOLDER).href
const shows = SHOWS.length ? index.search("").then(() => createInstance({ ...OPTIONS, basePath: SHOWS_INDEX, baseUrl: "/", noWorker: true })) : undefined
// the files that Pagefind then requests are already requested here
const ahead = async () => {
  const { languages } = await (await plainFetch(`${SHOWS_INDEX}pagefind-entry.json?ts=${tag}`)).json()
  for (const { hash } of Object.values(languages)) plainFetch(`${SHOWS_INDEX}pagefind.${hash}.pf_meta`)
}
if (SHOWS.length) ahead().catch(() => {})
const loaded = new Map()
const load = some => Promise.all(some.map(([folder, title]) => {
  if (!loaded.has(folder)) loaded.set(folder, index.mergeIndex(new URL(`../${folder}/pagefind/`, FOLDER).href, { ...OPTIONS, baseUrl: `/${folder}/`, mergeFilter: { show: title } }))
  return loaded.get(folder)
}))

// Returns the shows that contain the words of a query, the most relevant first. If no show contains all of the words, a
// show can contain one of them. A show without an id isn't in the index of shows.
const showsFor = async (words, filters) => {
  if (!SHOWS.length) return []
  if (filters.show) return SHOWS.filter(([, title]) => title === filters.show)
  const query = (words ?? "").replaceAll('"', " ").trim()
  if (!query) return SHOWS
  const idsFor = async query => (await (await shows).search(separated(query))).results.map(({ id }) => id)
  let ids = await idsFor(query)
  if (!ids.length) ids = (await Promise.all(wordsIn(query).slice(0, MOST_WORDS).map(idsFor))).flat()
  const byId = new Map(SHOWS.map(show => [show[2], show]))
  return [...new Set([...ids.map(id => byId.get(id)), ...SHOWS.filter(([, , id]) => !id)])]
}

// Searches the index of the site and, in a hub, of the shows that contain the words.
const search = async (words, filters, most = BEST) => {
  await load((await showsFor(words, filters)).slice(0, most))
  return index.search(words && separated(words), { filters })
}

// Returns the words of a page as Pagefind counts them.
const wordsOf = data => data.raw_content.split(/\s+/)

// Returns an excerpt without a title at its start, because the title is shown above the excerpt. If the excerpt starts
// within a sentence, the few words before it are added, or else an ellipsis.
const bare = text => text.replace(/<\/?mark>/g, "")
const untitled = (title, excerpt, data) => {
  const words = excerpt.split(" "), size = title.split(" ").length, start = bare(words.slice(0, size).join(" "))
  if (words.length > size && start.replace(/\.$/, "") === title) return words.slice(size).join(" ")
  const raw = joined(data.raw_content), before = raw.slice(0, Math.max(0, raw.indexOf(bare(excerpt)))).trimEnd()
  const [, few] = before.match(/(?:^|[.!?。؟][\p{Pe}\p{Pf}"]*\s+)((?:[^\s.!?。؟]+\s+){0,9}[^\s.!?。؟]+)$/u) ?? []
  return !before || /[.!?。؟][\p{Pe}\p{Pf}"]*$/u.test(before) || /[:;]$/.test(before) && !/^\P{L}*\p{Ll}/u.test(bare(excerpt)) ? excerpt : few ? `${few} ${excerpt}` : `…${excerpt}`
}

// Returns a part of a text with marks around the words that were found.
const passage = (words, from, to, found) => joined(words.slice(from, to).map((word, at) => found.has(from + at) ? `<mark>${word}</mark>` : word).join(" "))

// Returns the places of matches on a page, those with most of the words first. Sections are named by their headings,
// transcript lines by their start.
const STEM = 4 // words with the same first letters count once
const places = data => {
  const spoken = data.anchors.filter(anchor => /^t-\d+$/.test(anchor.id)).sort((a, b) => a.location - b.location)
  const words = wordsOf(data), amount = part => new Set(part.locations.map(at => folded(words[at] ?? "").replace(/[^\p{L}\p{N}]+/gu, "").slice(0, STEM))).size
  if (!spoken.length) return data.sub_results.filter(part => part.url !== data.url && part.title !== data.meta.title).sort((a, b) => amount(b) - amount(a)).slice(0, PLACES).map(part => [joined(part.title), part.url, untitled(joined(part.title), joined(part.excerpt), data)])
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
    return [clock, `${data.url.replace(/[?#].*/, "")}#${line.id}`, passage(words, line.location, next, hits)]
  })
}

// Returns the whole sentences at the start of a page. For a short page, for a page that is found by its name, and for a term
// that is found by its definition, they answer more than another place.
const NAMED = 7 // the smallest weight of titles and other names
const WHOLE = /^.{40,}(?:[\p{L}\p{N})]{3}[.!?؟][\p{Pe}\p{Pf}"]*(?:<\/mark>)?(?=\s)|[。！？])/u
const start = (title, data) => {
  const text = untitled(title, passage(wordsOf(data), 0, EXCERPT + title.split(" ").length, new Set(data.locations)), data)
  return text.match(WHOLE)?.[0] ?? text
}

const resultOf = data => {
  const { kind = data.filters.kind?.[0], label, hue } = data.meta, title = joined(data.meta.title ?? "")
  const named = !data.locations.length || /^(?:Tool|Resource|Person)$/.test(kind) || data.weighted_locations.some(({ weight }) => weight >= NAMED)
  // the texts of episodes are long, and their starts are not needed
  const first = kind !== "Episode" && named || kind === "Term" ? start(title, data) : ""
  const excerpt = first && named || first.includes("<mark>") ? first : untitled(title, joined(data.excerpt), data)
  return { url: data.url, title: title || data.url, kind, label, hue, series: data.filters.series?.[0], excerpt, inside: places(data) }
}

// Corrects mistyped words. If no page contains a word, Pagefind finds words with the same start, which can be
// unrelated.
const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
const parted = text => folded(joined(text)).split(/[^\p{L}\p{N}+#]+/u).filter(Boolean)
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

// The words of the names of all pages.
let vocabulary
const namesAndWords = async () => {
  const names = await listOf("names")
  vocabulary ??= [...new Set(Object.keys(names).flatMap(name => name.split(" ")))]
  return names
}
const single = word => word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word
const nearest = typed => [1, ...typed.length < 7 ? [] : [2]].map(most => vocabulary.find(word => word.length > 3 && (most < 2 || word[0] === typed[0]) && alike(typed, word, most))).find(Boolean)
// the number of letters with which both words begin
const shared = (a, b) => {
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  return same
}
// whether a word is another form of another word
const ENDING = /^(?:[a-z]?ing|[ae]d|al|d|e[drs]?|ion|ions|ly|r|s)?$/
const isForm = (a, b) => {
  const same = shared(a, b)
  return same > 2 && ENDING.test(a.slice(same)) && ENDING.test(b.slice(same))
}
// whether a page contains words of scripts without spaces is known from their pairs of letters
const isKnown = (typed, hit) => unspaced.test(typed) || isForm(typed, hit) || hit.startsWith(typed) || hit.length > 3 && typed.startsWith(hit.slice(0, -1)) && typed.length - hit.length < 4

// Returns the query with two words joined that are one word in names, such as “over fitting”.
const united = async words => {
  await namesAndWords()
  const known = word => vocabulary.includes(folded(word)), done = []
  for (const word of words.includes('"') ? [words] : words.split(/\s+/)) {
    const before = done.at(-1), isOne = before && known(before + word) && !(known(before) && known(word))
    done.push(isOne ? done.pop() + word : word)
  }
  return done.join(" ")
}

// Returns the query with mistyped words replaced by similar words of names. A word that some page contains is replaced
// only if the whole query then is a name.
const corrected = async words => {
  if (words.includes('"')) return words
  const names = await namesAndWords(), typed = words.split(/\s+/)
  const right = await Promise.all(typed.map(async word => {
    const letters = folded(word)
    if (letters.length < 4 || /[^\p{L}\p{N}]/u.test(letters) || vocabulary.includes(letters) || vocabulary.includes(single(letters))) return [word, word]
    const name = nearest(letters)
    if (!name) return [word, word]
    const [first] = (await search(word, {})).results
    return [first && hitsOf(await first.data()).some(hit => isKnown(letters, hit)) ? word : name, name]
  }))
  const all = right.map(([, name]) => name).join(" ")
  return own(names, parted(all).join(" ")).length ? all : right.map(([word]) => word).join(" ")
}

// Returns the query without the words of a question. A query of such words alone, or in quotation marks, stays as it is.
const QUESTION = {
  en: "a about am an and any are at be beginner beginners best between can could difference do does explain explained explanation for from get good has have help how i in introduction into is it its me mean meaning means much my need of on or our should teach tell than that the there these this to tutorial use using versus vs want was we were what what's whats when where which who whom whose why will with work works would you your",
  de: "als am an auf aus bei beim das dem den der des die ein eine einem einen einer eines erklärt es für gegen hat im in ist kann man mein mit nach oder sind so soll sollte um und unterschied vom von vor wann warum was welche welcher welches wer werden wie wieso wird wo wozu zu zum zur zwischen",
  es: "a al cómo como con contra cuál cual cuándo cuando de del diferencia dónde donde el en entre es explicación hay hace la las lo los me mi o para por porque puede puedo que qué quién quien se ser sirve son su un una unas unos y",
  fr: "a à au aux avec c'est ce ces comment contre d'un d'une dans de des différence du elle en entre est et fait il ils je la le les leur ma mon on ou où par peut pour pourquoi qu'est-ce quand que quel quelle quelles quels qui quoi sa sert se son sont sur un une",
  ar: "أو أين إلى الذي التي الفرق بين على عن في كيف لماذا ما ماذا متى من هل هو هي و"
}
// Words with which newcomers ask where to begin, what to do then, and what to do first.
const BEGIN = {
  en: "begin beginner beginners beginning getting newbie newcomer newcomers roadmap curriculum start started starting,learn learning study studying,first",
  de: "anfang anfangen anfänger anfängen beginn beginnen einsteiger einstieg start starten,lernen,zuerst",
  es: "comenzar comienzo empezar empiezo principiante principiantes,aprender estudiar,primero",
  fr: "commencer débutant débutants débuter,apprendre étudier,d'abord",
  ar: "ابدأ أبدأ البداية مبتدئ للمبتدئين,أتعلم تعلم,أولا"
}
const [begin, learn, first] = (BEGIN[language.split("-")[0]] ?? ",,").split(",").map(words => new Set(words.split(" ").filter(Boolean).map(folded)))
const unmarked = word => folded(word).replace(/[?!.,:;؟¿¡]+/g, "")
const question = new Set((QUESTION[language.split("-")[0]] ?? "").split(" ").map(folded))
const subject = words => {
  if (words.includes('"')) return words
  const rest = words.split(/\s+/).filter(word => !question.has(unmarked(word)))
  return rest.length ? rest.join(" ") : words
}

// Returns the subject of a query that asks where to begin, without such words if the other words are a name. A name with
// such a word, such as “cold start”, doesn't ask this.
const unbegun = async typed => {
  const asked = subject(typed), words = typed.split(/\s+/).map(unmarked), has = set => words.some(word => set.has(word))
  const isFirst = has(learn) && has(first), isBegin = word => begin.has(unmarked(word)) || isFirst && first.has(unmarked(word))
  const parts = asked.split(/\s+/), isStudy = asked !== typed && learn.has(unmarked(parts[0]))
  if (typed.includes('"') || !has(begin) && !isFirst && !isStudy || asked === typed && !words.every(word => begin.has(word) || question.has(word))) return
  if ((isStudy || parts.some(isBegin)) && (await entries(asked)).length) return
  const from = parts.findIndex(word => !isBegin(word) && !learn.has(unmarked(word)))
  const rest = from < 0 ? "" : parts.slice(from, parts.findLastIndex(word => !isBegin(word)) + 1).join(" ")
  return rest && ((await entries(rest)).length || (await search(plain(asked), {})).results.length < PLACES) ? rest : asked
}

// Returns the name that is most like a query without results, or "" if no name is similar.
const likely = async words => {
  const typed = parted(words).join(" "), most = Math.min(4, Math.floor(typed.length / 2.5))
  if (!typed || typed.length > NAME) return ""
  const names = Object.keys(await listOf("names"))
  for (let many = 1; many <= most; many++) {
    const near = names.filter(name => many * 2 < name.length && alike(typed, name, many))
    if (near.length) return near.find(name => name[0] === typed[0]) ?? near[0]
  }
  return ""
}

let latest = 0, found = []
const FEW = 8 // with fewer results, a name is searched in full

// Returns the words that were found on a page, and the words of its metadata, such as the title.
const hitsOf = data => {
  const text = wordsOf(data)
  return [...data.locations.slice(0, 100).map(place => text[place] ?? ""), ...Object.values(data.meta)].map(parted).flatMap(words => [...words, words.join("")])
}

// If no page contains a word, Pagefind uses the longest indexed word that the query's word starts with. This can be
// another form of the word, or an unrelated word ("do" for "dokcer") whose results don't match the query. A word may also
// be found as a part of another, such as SQL in MySQL. Only applied to writing systems in which words change at the end.
const isNear = (typed, hit) => {
  const [a, b] = [typed, hit].map(word => word.replaceAll("y", "i")), same = shared(a, b)
  return same === a.length || same >= (a.length < 4 ? 2 : 3) && same * 2.5 >= a.length
}
const isLoose = (words, data) => {
  const found = hitsOf(data), whole = folded(words).split(/\s+/), text = wordsOf(data), hits = [...data.locations.map(at => text[at] ?? ""), ...Object.values(data.meta)].map(folded)
  if (separated(words).split(/\s+/).some(part => unspaced.test(part) && !hits.some(hit => hit.includes(folded(part))))) return true
  return whole.some(word => {
    const parts = parted(word), near = part => found.some(hit => isNear(part, hit) || part.length > 1 && hit.includes(part))
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
  // "S3" and "HTTP/2" are names
  if (!named && /^[^\p{L}\p{N}]*(?:s|md|https?|www)[^\p{L}\p{N}\s-]?\d+[^\p{L}\p{N}]*$/u.test(text)) return undefined
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
  const excerpt = wordsOf(data).slice(0, EXCERPT).join(" ")
  return { ...data, url, meta, filters, excerpt, anchors: [], sub_results: [], locations: [], weighted_locations: [] }
}
const pages = new Map()
const fits = filters => ({ id }) => Object.entries(filters).every(([name, value]) => pages.get(id).filters[name]?.includes(value))
const pagesOf = async (ids, filters = {}) => {
  const all = await Promise.all(ids.map(async id => {
    if (!pages.has(id)) pages.set(id, await page(id))
    return { id, data: async () => pages.get(id) }
  }))
  return all.filter(fits(filters))
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

// Returns the episode after one that has no notes, such as MLG 12 for "MLG 9".
const following = async (words, filters) => {
  const target = reference(words)
  if (!target?.named || !/^\d+$/.test(target.number)) return []
  const groups = (await listOf("numbers")).filter(([names]) => names.includes(target.named))
  if (groups.length !== 1 || own(groups[0][1], target.number).length) return []
  const after = Object.keys(groups[0][1]).map(Number).filter(number => number > target.number)
  return after.length ? pagesOf(own(groups[0][1], String(Math.min(...after))), filters) : []
}

// Returns the pages with a name that equals the whole query, in singular or plural, those with this title first. Topics
// whose names begin with the query follow.
const BEGUN = 8 // maximum number of names that are checked for topics, or of pages for titles
const entries = async words => {
  const called = parted(words).join(" "), forms = [called, single(called), `${called}s`]
  if (!called || called.length > NAME) return []
  const names = await listOf("names"), equal = new Set(forms.flatMap(form => own(names, form)))
  const begun = Object.keys(names).filter(name => forms.some(form => name.startsWith(`${form} `))).sort((a, b) => a.length - b.length)
  const all = await pagesOf([...new Set([...equal, ...begun.slice(0, BEGUN).flatMap(name => own(names, name))])])
  const place = ({ id }) => {
    const { meta, filters } = pages.get(id), at = forms.indexOf(parted(meta.title ?? "").join(" "))
    return at < 0 ? equal.has(id) ? 3 : filters.kind?.includes("Topic") ? 4 : 5 : at
  }
  return all.filter(entry => place(entry) < 5).sort((a, b) => place(a) - place(b))
}

// Returns some pages with the shortest names that begin with the query, whose last word may not be typed completely.
const completed = async (words, filters) => {
  const typed = parted(words).join(" "), names = await listOf("names")
  const isWhole = vocabulary?.includes(typed.split(" ").at(-1)) ?? Object.keys(names).some(name => name.split(" ").includes(typed))
  const from = start => Object.keys(names).filter(name => name.startsWith(start)).sort((a, b) => a.length - b.length)
  let begun = typed.length < 3 || isWhole ? [] : from(typed)
  // the end may be mistyped
  if (!begun.length && typed.length > 5 && !isWhole) begun = from(typed.slice(0, -1))
  return (await pagesOf([...new Set(begun.slice(0, BEGUN).flatMap(name => own(names, name)))], filters)).slice(0, PLACES)
}

// Returns the pages whose names are parts of the query, those with longer names first, and whether the names are the
// whole query. If several names are the whole query, pages whose titles contain all its words come first, unless the query
// was a question, which may ask about both names.
const MOST_WORDS = 5 // maximum number of words in a part
const parts = async (words, filters, isQuestion) => {
  const names = await listOf("names"), typed = parted(words), found = []
  let covered = 0
  for (let at = 0; at < typed.length;) {
    let size = Math.min(MOST_WORDS, typed.length - at), ids = []
    for (; size && !ids.length; size -= ids.length ? 0 : 1) {
      const name = typed.slice(at, at + size)
      ids = own(names, name.join(" "))
      if (!ids.length) ids = own(names, [...name.slice(0, -1), single(name.at(-1))].join(" "))
    }
    if (ids.length) { found.push([size, ids]); covered += size }
    at += size || 1
  }
  found.sort(([a], [b]) => b - a)
  const whole = covered === typed.length, hasAll = own => typed.every(word => own.includes(word))
  const longer = whole && !isQuestion && found[0]?.[0] < typed.length ? Object.keys(names).filter(name => hasAll(name.split(" "))) : []
  const titled = await pagesOf([...new Set(longer.flatMap(name => own(names, name)))].slice(0, BEGUN), filters)
  const pagesOfParts = await pagesOf([...new Set(found.flatMap(([, ids]) => ids))].slice(0, 6), filters)
  return { whole, pages: [...titled.filter(({ id }) => hasAll(parted(pages.get(id).meta.title ?? ""))), ...pagesOfParts] }
}

// Moves the best episode to a place after the pages found by name, or to the third place, if it comes later, because
// readers look for episodes too.
let episodeIds
const withEpisode = async (results, named) => {
  episodeIds ??= new Set((await listOf("numbers")).flatMap(([, numbers]) => Object.values(numbers).flat()))
  const at = results.findIndex(({ id }) => episodeIds.has(id))
  const to = Math.min(2, named || 2)
  return at <= to ? results : [...results.slice(0, to), results[at], ...results.slice(to, at), ...results.slice(at + 1)]
}

// Returns the words of a query. The browser finds the words of scripts without spaces.
const wordsIn = query => query.trim().split(/\s+/).flatMap(word => unspaced.test(word) && Segmenter ? [...new Segmenter(undefined, { granularity: "word" }).segment(word)].filter(part => part.isWordLike).map(part => part.segment) : [word])

// Returns the pages that contain the most and the rarest words of a query, if no page contains all of them.
const MOST_RELAXED = 24
const relaxed = async (words, filters) => {
  const lists = await Promise.all(wordsIn(words).slice(0, 8).map(async word => {
    const { results } = await search(word, filters)
    return results.length && isLoose(word, await results[0].data()) ? [] : results
  }))
  const scores = new Map(), all = new Set(lists.flat().map(entry => entry.id)).size
  for (const list of lists)
    for (const entry of list) {
      const [score, kept] = scores.get(entry.id) ?? [0, entry]
      scores.set(entry.id, [score + (1 + Math.log(1 + all / list.length)) * (1 + entry.score / list[0].score), kept])
    }
  const ranked = [...scores.values()].sort(([a], [b]) => b - a)
  return ranked.slice(0, MOST_RELAXED).map(([, entry]) => entry)
}

// Returns the results, the number of results for each filter value, the query that they answer, and whether they contain
// only some of its words. Pages found by name come first. If words refer to an episode, they are also split.
const searched = async (typed, filters, most, isName) => {
  // a name may contain words of questions, such as “K-means”
  const about = typed && subject(typed), isWhole = about !== typed && own(await listOf("names"), parted(typed).join(" ")).length > 0
  const asked = isWhole ? typed : about, path = typed ? await unbegun(typed) : undefined
  let words = path ?? asked, query = plain(words), isPartial = false
  const find = () => search(query || null, filters, most)
  const [first, exact] = await Promise.all(words ? [find(), episodes(typed, filters)] : [find(), []])
  const after = words && !exact.length ? await following(typed, filters) : []
  const isNext = after.length > 0, numbered = isNext ? after : exact
  if (numbered.length) query = typed.normalize("NFKC").match(/\p{L}+|\p{Nd}+/gu).join(" ")
  // after the next episode, only pages that name the missing episode
  if (isNext) query = `"${query}"`
  let { results, filters: counts } = numbered.length ? await find() : first
  const check = async () => {
    const best = words && results.length ? await results[0].data() : undefined
    if (best && isLoose(query, best)) results = [], counts = {}
    return results.length ? best : undefined
  }
  let best = await check()
  const known = words ? await entries(typed) : []
  if (words !== typed && !known.length) known.push(...await entries(words))
  const called = known.filter(fits(filters))
  let named = []
  const further = []
  const add = entries => {
    const before = new Set(results.map(({ id }) => id))
    further.push(...entries.filter(({ id }) => !before.has(id)))
  }
  // a single letter in a name would find all words that begin with it
  if (known.length && !numbered.length && /(?:^|\s)\p{L}\s/u.test(words) && !words.includes('"')) {
    const { results: phrase } = await search(`"${query}"`, filters, most)
    query = query.replace(/(?<!\S)(\p{L})\s+/gu, "$1-");
    ({ results, filters: counts } = await find())
    best = await check()
    add(phrase)
  }
  // a short name, such as LLM, also finds the pages that have only the full name
  const full = known.length && results.length < FEW ? joined(pages.get(known[0].id).meta.title ?? "") : ""
  if (full && parted(full).join() !== parted(words).join()) add((await search(plain(full), filters, most)).results)
  if (words && !numbered.length && !known.length) {
    const one = isName ? words : await united(words)
    const right = one === words && (isName || best && parted(words).every(word => hitsOf(best).some(hit => isKnown(word, hit)))) ? words : await corrected(one)
    if (right !== words) {
      words = right
      query = plain(words);
      ({ results, filters: counts } = await find())
      best = await check()
    }
    const found = await parts(words, filters, subject(typed) !== typed)
    if (!results.length && !words.includes('"')) {
      results = await relaxed(query, filters)
      isPartial = results.length > 0 && wordsIn(words).length > 1
      counts = {}
    }
    // names that begin with the query come first; names of only a part of the query come after the best page
    const begun = isPartial || found.whole ? [] : await completed(words, filters)
    named = found.whole ? found.pages : begun.length ? begun : [...best ? results.slice(0, 1) : [], ...found.pages.slice(0, 2)]
  }
  const all = new Map([...numbered, ...called, ...named].map(entry => [entry.id, entry])), extra = new Map(all)
  // pages that are also found by their words show the places of the words
  for (const entry of results)
    if (extra.has(entry.id) && (entry === all.get(entry.id) || await isOwn(entry)) && extra.delete(entry.id) && !isNext)
      all.set(entry.id, entry)
  for (const entry of isPartial || !best ? [...results, ...further] : further) extra.set(entry.id, entry)
  const answered = words === (path ?? asked) ? "" : words
  const ranked = [...all.values(), ...[...further, ...results].filter(entry => !all.has(entry.id))]
  return { results: words ? await withEpisode(ranked, all.size) : ranked, counts, extra: words ? [...extra.values()] : [], answered, isPartial, isNext, isBegin: path !== undefined, isNamed: known.length > 0 }
}

// Returns the number of results for each filter value, including pages that were found only by name.
const counted = async (words, filters) => {
  const { counts, extra } = await searched(words, filters, MOST)
  // without inherited properties, because a filter value can have the same name
  const sums = Object.fromEntries(Object.entries(counts).map(([name, values]) => [name, { __proto__: null, ...values }]))
  for (const entry of extra) {
    const { url, filters } = await entry.data(), show = SHOWS.filter(([folder]) => url.startsWith(`/${folder}/`)).map(([, title]) => title)
    for (const [name, values] of Object.entries({ ...filters, show }))
      for (const value of values) (sums[name] ??= { __proto__: null })[value] = (sums[name][value] ?? 0) + 1
  }
  return sums
}

const sendResults = async (request, from, to) => {
  const shown = found.slice(from, to), loading = shown.slice(0, FIRST).map(entry => entry.data())
  for (let at = 0; at < shown.length; at++) {
    const item = resultOf(await loading[at])
    if (at === 0) loading.push(...shown.slice(FIRST).map(entry => entry.data()))
    if (request !== latest) return
    postMessage({ request, item })
  }
  postMessage({ request, done: true })
}

// In the index, C# and C++ are separate words. Before a word, these characters have no meaning.
const plain = words => words.replace(/(^|[\s"])[#+]+(?=[\p{L}\p{N}])/gu, "$1")

const answers = {
  async find(request, { words, filters, count, isName }) {
    latest = request
    const own = ofShow(filters), most = (await showsFor(plain(subject(words)), own)).length
    let answer = await searched(words, own, BEST, isName)
    if (!answer.results.length && most > BEST) answer = await searched(words, own, MOST, isName)
    if (lost) throw new Error("a part of the index is missing")
    if (request !== latest) return
    found = answer.results
    const spelling = found.length || !words ? "" : await likely(words)
    if (request !== latest) return
    const about = { answered: answer.answered, isPartial: answer.isPartial, isNext: answer.isNext, isBegin: answer.isBegin, isNamed: answer.isNamed, some: most > MOST ? [MOST, SHOWS.length] : undefined }
    postMessage({ request, total: found.length, ...about, spelling })
    await sendResults(request, 0, count)
    if (most <= BEST || request !== latest) return
    // now search more shows; their results come after the first results
    const { results } = await searched(words, own, MOST, isName), ids = new Set(found.map(entry => entry.id)), before = found.length
    const further = results.filter(entry => !ids.has(entry.id))
    if (request !== latest || !further.length) return
    found = [...found, ...further]
    postMessage({ request, total: found.length, ...about, isLonger: true })
    if (before < count) await sendResults(request, before, count)
  },
  more: (request, { from, to }) => sendResults(request, from, to),
  // the filter values; with words or filters, also the number of results for each value
  async counts(request, { words, filters: chosen }) {
    latest = request
    const filters = ofShow(chosen)
    const wanted = await showsFor(plain(subject(words)), {})
    if (words) await load(wanted.slice(0, MOST))
    const all = await index.filters()
    // the number of results in other shows is unknown
    const others = { __proto__: null, ...Object.fromEntries(wanted.filter(([folder]) => !loaded.has(folder)).map(([, title]) => [title, "…"])) }
    const count = async filters => words || Object.keys(filters).length ? await counted(words, filters) : all
    const now = { ...await count(filters) }
    // the counts of a filter's values ignore the value that is selected in the same filter
    for (const name of Object.keys(filters)) {
      if (request !== latest) return
      const { [name]: _, ...others } = filters
      now[name] = (await count(others))[name]
    }
    if (request === latest) postMessage({ request, all: asSeries(all, others), now: asSeries(now, others) })
  }
}

addEventListener("message", async ({ data: { request, what, ...rest } }) => {
  // phones type typographic quotation marks
  if (rest.words) rest.words = rest.words.replace(/[“”„‟«»「」『』]/g, '"')
  try {
    await answers[what](request, rest)
  } catch (error) {
    postMessage({ request, failed: String(error) })
  }
})
