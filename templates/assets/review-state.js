// The state of the cards that the reader reviews. It is stored on the device, separately for each site of a host. Stored
// data and imported files may be damaged, so only valid values are used.

const ROOT = new URL("../../", import.meta.url), MOST = 20000
export const KEY = `mlguide.review:${ROOT.pathname}`
const ID = /^[!-~]{1,16}$/
// the minimum and the maximum of each value of a card: when it is due (in seconds, as all times), stability, difficulty,
// interval in days, learning step, reviews, lapses, state (1 learning, 2 review, 3 relearning), and the last review
const RANGES = [[0, 1e10], [.001, 36500], [1, 10], [0, 36500], [0, 9], [1, 1e6], [0, 1e6], [1, 3], [0, 1e10]]
const WHOLE = [0, 3, 4, 5, 6, 7, 8]
export const DUE = 0, STATE = 7, LAST = 8
let visit, refused = false

const isCard = card => Array.isArray(card) && card.length === RANGES.length
  && RANGES.every(([least, most], at) => Number.isFinite(card[at]) && card[at] >= least && card[at] <= most)
  && WHOLE.every(at => Number.isInteger(card[at]))
const count = value => Number.isInteger(value) && value > 0 && value <= MOST ? value : 0

// Returns the state of a parsed JSON value: `cards` maps ids to values as in RANGES. `day` is the day of the last new
// card, `fresh` the number of new cards on that day, and `more` the number of additional new cards that the reader asked
// for. `gone` has the ids of cards that the site doesn't have any more.
export const clean = value => {
  const cards = value?.cards, [day, fresh, more] = Array.isArray(value?.day) ? value.day : []
  const entries = cards && typeof cards === "object" && !Array.isArray(cards) ? Object.entries(cards) : []
  return {
    cards: new Map(entries.filter(([id, card]) => ID.test(id) && isCard(card)).slice(0, 2 * MOST)),
    day: typeof day === "string" ? day : "", fresh: count(fresh), more: count(more),
    gone: new Set(Array.isArray(value?.gone) ? value.gone.filter(id => typeof id === "string") : []),
  }
}

// Returns the state as a value for JSON. The cards are sorted, so that the same state gives the same file.
export const plain = ({ cards, day, fresh, more, gone }) => ({
  cards: Object.fromEntries([...cards].sort(([one], [other]) => one < other ? -1 : 1)),
  day: [day, fresh, more], gone: [...gone].filter(id => cards.has(id)),
})

export const read = () => {
  if (refused) return clean(visit)
  try { return clean(JSON.parse(localStorage.getItem(KEY) ?? "null")) } catch (error) {
    if (error instanceof SyntaxError) return clean()
    refused = true
    return clean(visit)
  }
}

// Returns whether the browser stores no data, so that the state is lost after this visit.
export const isTemporary = () => refused

export const save = state => {
  visit = plain(state)
  try {
    if (state.cards.size) localStorage.setItem(KEY, JSON.stringify(visit))
    else localStorage.removeItem(KEY)
    refused = false
  } catch { refused = true }
  dispatchEvent(new CustomEvent("mlguide:progress"))
}

// Adds the cards of another state, unless the own state has a later review of a card. Returns the number of cards added.
// New cards are left out if there would be more than half of the cards that `clean` keeps, and so are cards that were
// last reviewed in the future (by more than two days, because clocks differ), so that no own card is lost.
export const merge = (state, other, latest = Date.now() / 1000 + 172800) => [...other.cards].filter(([id, card]) => {
  const own = state.cards.get(id)
  const added = card[LAST] < latest && (own ? own[LAST] < card[LAST] : state.cards.size < MOST)
  if (added) state.cards.set(id, card)
  return added
}).length

// Returns the end of the reader's day, in seconds.
export const endOfDay = (now = Date.now()) => new Date(now).setHours(24, 0, 0, 0) / 1000
