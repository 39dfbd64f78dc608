// Lets the reader review cards, one at a time. The ts-fsrs library schedules the cards (Free Spaced Repetition
// Scheduler). The cards and the library are loaded when the reader starts, or at once if the reader has reviewed before.

import { make, nodes } from "./make.js"
import { finished } from "./progress.js"
import { DUE, endOfDay, isTemporary, read, save, STATE } from "./review-state.js"
import { count as counted, language, number, translate } from "./words.js"

const HOME = new URL("../../", import.meta.url)
// a question with formulas is a list, as an answer
const question = front => typeof front === "string" ? [front] : nodes(front)
const NEW_PER_DAY = 20, AHEAD = 20 * 60  // seconds that a learning step may be shown early
const GRADES = ["grade-again", "grade-hard", "grade-good", "grade-easy"]
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]]
const dayOf = now => { const day = new Date(now); return [day.getFullYear(), day.getMonth() + 1, day.getDate()].join("-") }

// Returns the values that are stored for a card of the library, and the reverse.
export const packed = ({ due, stability, difficulty, scheduled_days, learning_steps, reps, lapses, state, last_review }) =>
  [Math.round(due / 1000), stability, difficulty, scheduled_days, learning_steps, reps, lapses, state, Math.round(last_review / 1000)]
export const unpacked = (values, now) => {
  const [due, stability, difficulty, scheduled_days, learning_steps, reps, lapses, state, last] = values
  // the device's clock may have been set back
  const last_review = new Date(Math.min(last * 1000, now))
  return { due: new Date(due * 1000), stability, difficulty, elapsed_days: 0, scheduled_days, learning_steps, reps, lapses, state, last_review }
}

// Returns the four possible next values of a card, one for each grade. New cards have no values.
export const outcomes = ({ createEmptyCard, fsrs }, values, now) => {
  const scheduler = fsrs({ enable_fuzz: false }), card = values ? unpacked(values, now) : createEmptyCard(new Date(now))
  const found = scheduler.repeat(card, new Date(now))
  return GRADES.map((_, at) => packed(found[at + 1].card))
}

// Returns the ids of the cards to review now, in order, and the number of new cards among them. Learning cards whose
// next step is due come first, then the other due cards, new cards, and cards whose next step is due soon. New cards of
// finished episodes, and a topic's own, come first. `waiting` is the number of new cards beyond the limit of the day.
export const plan = (cards, state, now, done = new Set()) => {
  const at = now / 1000, end = Math.max(endOfDay(now), at + AHEAD), byDue = (one, other) => state.cards.get(one)[DUE] - state.cards.get(other)[DUE]
  const fresh = cards.filter(({ id }) => !state.cards.has(id))
  const due = cards.map(({ id }) => id).filter(id => state.cards.get(id)?.[DUE] < end).sort(byDue)
  const learns = id => state.cards.get(id)[STATE] !== 2, later = id => learns(id) && state.cards.get(id)[DUE] > at
  const today = state.day === dayOf(now)
  const limit = Math.max(0, NEW_PER_DAY + (today ? state.more - state.fresh : 0))
  const first = [...fresh.filter(card => done.has(card.episode)), ...fresh.filter(card => !done.has(card.episode))].slice(0, limit)
  const parts = [due.filter(id => learns(id) && !later(id)), due.filter(id => !learns(id)), first.map(({ id }) => id), due.filter(later)]
  return { ids: parts.flat(), due: due.length, fresh: first.length, waiting: fresh.length - first.length }
}

// Returns the state after a card was graded.
const graded = (state, id, values, now) => {
  if (!state.cards.has(id)) {
    const day = dayOf(now)
    if (state.day !== day) Object.assign(state, { day, fresh: 0, more: 0 })
    state.fresh++
  }
  state.cards.set(id, values)
  return state
}

const format = (value, unit, fraction = 0) =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: fraction, numberingSystem: "latn" }).format(value)
export const interval = seconds => {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1)
  return format(Math.max(1, seconds / size), unit, size > 86400 ? 1 : 0)
}
const inDays = days =>
  new Intl.RelativeTimeFormat(language, { numeric: "auto", numberingSystem: "latn" }).format(days, "day")

let loading
// Fetches the cards and the library once. The next attempt may succeed.
const load = () => {
  loading ??= Promise.all([
    fetch(new URL("review/cards.json", HOME)).then(answer => answer.ok ? answer.json() : Promise.reject(new Error(answer.status))),
    import("./ts-fsrs.js"),
  ]).then(([{ names, hues, topics, cards }, library]) => ({
    library,
    cards: cards.map(([id, front, back, url, term, episode, at]) => ({ id, front, back, url, term, episode, topics: topics[at], name: names[episode], hue: hues[episode] })),
  }))
  // the font of formulas, so that a review needs no network later
  loading.then(({ cards }) => { if (cards.some(card => card.back.length > 1)) document.fonts.load("1em mg-mathematics") }).catch(() => {})
  loading.catch(() => { loading = undefined })
  return loading
}
const within = scope => {
  const [kind, name] = scope.split(/\.(.*)/)
  if (kind === "glossary") return card => card.term
  if (kind === "topic") return card => card.topics.includes(name)
  return kind === "episode" ? card => !card.term && card.episode === name : () => true
}

let words
// Returns a label that only this page has.
const say = (key, ...values) => words[key].replace(/{}/g, () => values.shift())
const button = (text, name, act) => {
  const made = make("button", { type: "button", class: name }, text)
  made.addEventListener("click", act)
  return made
}

export const init = () => {
  const part = document.querySelector(".mg-review:not([data-ready])")
  if (!part) return
  part.dataset.ready = "true"
  words = JSON.parse(part.dataset.words)
  for (const link of document.querySelectorAll(".mg-tags a")) link.href = `?of=topic.${link.pathname.match(/[^/]+(?=\/$|\.html)/)}`
  const form = part.querySelector("form"), chosen = form.elements.of, status = form.querySelector("[role=status]")
  const bar = part.querySelector(".mg-review__bar"), place = part.querySelector(".mg-review__card"), foot = part.querySelector(".mg-review__foot")
  const meter = bar.querySelector("progress"), left = bar.querySelector(".mg-review__left"), back = bar.querySelector(".mg-review__undo")
  // all cards, the library, the current card with its possible next values, and the grades of this session
  let all, library, card, past = [], total = 0, many = 0, shown = false, offersMore = false

  // a topic's own questions come first, then key terms, the questions of its episodes, and other terms
  const rank = card => chosen.value && (card.episode === chosen.value ? 3 : card.term === 2 ? 2 : !card.term)
  const cards = () => all.filter(within(chosen.value)).sort((one, other) => rank(other) - rank(one))
  const planned = () => plan(cards(), read(), Date.now(), new Set([...finished(), chosen.value].filter(Boolean)))

  // the list has the chosen cards, which are loaded when the reader opens it
  const list = document.querySelector("details.mg-all"), [, ...whole] = list?.children ?? []
  const listed = async () => {
    const scope = chosen.value, own = make("div", { class: "mg-questions" })
    if (scope && list.open) {
      try { await ready() } catch { return fail() }
      own.append(...cards().map(({ front, back }) => make("details", { class: "mg-fold" }, make("summary", {}, ...question(front)), make("p", {}, ...nodes(back)))))
    }
    if (scope === chosen.value) list.replaceChildren(list.firstElementChild, ...scope ? [own] : whole)
  }
  list?.addEventListener("toggle", listed)

  // before the cards are loaded, nothing was reviewed, so that all cards are new
  const count = () => {
    // the example isn't from the chosen cards
    document.documentElement.classList.toggle("mg-chosen", chosen.value)
    if (list) {
      list.firstElementChild.textContent = chosen.selectedOptions[0].text
      listed()
    }
    const size = Number(chosen.selectedOptions[0].dataset.size)
    const { due, fresh, waiting } = all ? planned() : { due: 0, fresh: Math.min(size, NEW_PER_DAY) }
    offersMore = !due && !fresh && waiting > 0
    form.elements.start.textContent = offersMore ? say("more-new") : due + fresh ? say("start-cards", counted(due + fresh, "card")) : say("start-review")
    // who has graded a card knows how to review
    document.documentElement.classList.toggle("mg-reviewed", read().cards.size > 0)
    const now = [due && say("n-due", number(due)), fresh && say("n-new-today", number(fresh))].filter(Boolean).join(" · ")
    status.textContent = [...now ? [now] : [say("nothing-due"), ...all ? later(waiting) : []], ...lost()].join(now ? " · " : " ")
  }
  const lost = () => isTemporary() ? [translate("progress-not-kept")] : []
  // sentences about the cards that aren't due today
  const later = waiting => {
    const state = read(), end = endOfDay(Date.now()), times = cards().map(({ id }) => state.cards.get(id)?.[DUE]).filter(due => due >= end)
    const next = times.length && say("next-due", inDays(Math.floor((Math.min(...times) - end) / 86400) + 1))
    return [next, waiting && say("not-yet-shown", counted(waiting, "card"))].filter(Boolean)
  }
  const ready = async () => {
    const found = await load()
    library = found.library
    all = found.cards
    const known = new Set(all.map(({ id }) => id)), state = read(), gone = [...state.cards.keys()].filter(id => !known.has(id))
    if (gone.join() !== [...state.gone].join()) save({ ...state, gone: new Set(gone) })
  }
  const fail = () => { status.textContent = say("cards-failed") }

  const arrange = running => {
    bar.hidden = !running
    part.toggleAttribute("data-running", running)
    form.hidden = true
  }
  const stop = () => {
    arrange(false)
    card = undefined
    place.replaceChildren()
    foot.replaceChildren()
    form.hidden = false
    count()
    form.querySelector("button").focus()
  }

  // the question may have been in view for hours, and graded in another window
  const present = (now, state = read()) => outcomes(library, state.cards.get(card.id), now)
  const answer = () => {
    shown = true
    const now = Date.now(), options = present(now)
    place.append(
      make("p", { class: "mg-review__back", dir: "auto" }, ...nodes(card.back)),
      make("p", { class: "mg-more" }, make("a", { href: new URL(card.url, HOME).href }, say("see-source", card.term ? card.front : card.name))))
    // the second click of a double click on the button that was here doesn't grade
    const grades = GRADES.map((name, at) => {
      const made = button(say(name), `mg-review__grade mg-review__${name}`, ({ detail }) => detail < 2 && grade(at))
      made.setAttribute("aria-keyshortcuts", at + 1)
      made.append(" ", make("small", {}, interval(options[at][DUE] - Math.round(now / 1000))))
      return made
    })
    foot.replaceChildren(
      make("p", { id: "s.grade", class: "mg-count" }, say("grade-question")),
      make("div", { role: "group", class: "mg-review__grades", "aria-labelledby": "s.grade" }, ...grades))
    grades[2].focus({ preventScroll: true })
    foot.scrollIntoView({ block: "nearest" })
  }
  const ask = id => {
    const state = read(), { ids } = planned(), learning = ids.filter(one => (state.cards.get(one)?.[STATE] ?? 2) !== 2).length
    // a card that isn't in learning yet counts twice, so that the bar moves with each step
    const first = ids.length - learning, more = first * 2 + learning
    card = all.find(one => one.id === id)
    shown = false
    total = Math.max(total, more)
    many = Math.max(many, first)
    meter.max = total
    meter.value = total - more + 1
    left.textContent = [first && translate("n-of-n", number(many - first + 1), number(many)), learning && say("n-to-repeat", number(learning)), ...lost()].filter(Boolean).join(" · ")
    back.hidden = !past.length
    place.replaceChildren(
      make("p", { class: `mg-review__place${card.hue && !card.term ? ` mg-hue${card.hue}` : ""}` }, card.term ? say("explain-term") : card.name),
      make("p", { class: "mg-review__front", dir: "auto" }, ...question(card.front)))
    const show = button(say("show-answer"), "mg-review__show", answer)
    foot.replaceChildren(show)
    show.focus({ preventScroll: true })
    part.scrollIntoView({ block: "nearest" })
  }
  const next = () => {
    const [id] = planned().ids
    if (id) ask(id)
    else finish()
  }
  const grade = at => {
    const state = read(), { id } = card, now = Date.now()
    past.push({ id, missed: !at, before: state.cards.get(id), day: state.day, fresh: state.fresh, more: state.more })
    save(graded(state, id, present(now, state)[at], now))
    next()
  }
  const undo = () => {
    if (!past.length) return
    const { id, before, missed: _, ...day } = past.pop(), state = { ...read(), ...day }
    if (before) state.cards.set(id, before)
    else state.cards.delete(id)
    save(state)
    arrange(true)
    ask(id)
    answer()
  }

  const finish = () => {
    const { waiting } = planned(), scope = chosen.value, [kind] = scope.split("."), own = cards()[0]
    // the cards of the day outside of the chosen set
    const rest = scope && !waiting ? plan(all, read(), Date.now()).ids.length : 0
    arrange(false)
    card = undefined
    const said = [past.length ? say("n-reviewed", counted(new Set(past.map(({ id }) => id)).size, "card")) : say("nothing-due"), ...later(waiting), ...lost()]
    const title = make("h2", { tabindex: "-1" }, say(rest ? "these-done" : "done-for-today"))
    const missed = all.filter(({ id }) => past.some(one => one.missed && one.id === id))
    place.replaceChildren(title, make("p", {}, said.join(" ")))
    if (missed.length) {
      place.append(make("h3", {}, say("read-again")), make("ul", { class: "mg-list" }, ...missed.map(({ front, url }) =>
        make("li", {}, make("a", { href: new URL(url, HOME).href }, ...question(front))))))
    }
    const ways = [button(say("other-cards"), "mg-button", stop)]
    if (kind === "topic" || kind === "episode" && own) {
      const page = kind === "episode" ? own.url.split("#")[0] : `topics/${scope.slice(6)}${part.dataset.suffix}`
      ways.push(make("a", { class: "mg-button", href: new URL(page, HOME).href }, say("see-source", chosen.selectedOptions[0].text.replace(/ \([^(]*$/, ""))))
    }
    if (rest) ways.unshift(button(say("more-today", number(rest)), "mg-review__show", () => { chosen.value = ""; moved(); start() }))
    else if (waiting) ways.unshift(button(say("more-new"), "mg-review__show", startMore))
    if (past.length) ways.push(button(translate("undo"), "mg-button", undo))
    foot.replaceChildren(make("div", { class: "mg-review__ways" }, ...ways))
    title.focus({ preventScroll: true })
  }

  const start = async () => {
    try { await ready() } catch { return fail() }
    if (!part.isConnected) return
    past = []
    total = many = 0
    arrange(true)
    next()
  }

  const startMore = () => {
    const state = read(), day = dayOf(Date.now()), today = state.day === day ? state : { ...state, day, fresh: 0, more: 0 }
    save({ ...today, more: today.more + NEW_PER_DAY })
    start()
  }

  const keys = [[say("space-key")], ["1", "–", "4"], ["U"]]
  const hint = say("review-keys", "\0", "\0", "\0").split("\0").flatMap((words, at) =>
    [words, ...(keys[at] ?? []).map(key => key === "–" ? key : make("kbd", {}, key))])
  part.append(make("p", { class: "mg-count mg-review__keys" }, ...hint))

  form.addEventListener("submit", event => { event.preventDefault(); offersMore ? startMore() : start() })
  const address = () => {
    const url = new URL(location)
    url.search = chosen.value && `of=${chosen.value}`
    history.replaceState(history.state, "", url)
  }
  const moved = () => { address(); count() }
  chosen.addEventListener("change", moved)
  back.addEventListener("click", undo)
  bar.querySelector(".mg-review__end").addEventListener("click", stop)
  part.addEventListener("keydown", event => {
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return
    const { key } = event, press = key === " " || key === "Enter", onControl = event.target.closest("button, a")
    if (!(press && (event.repeat || !onControl)) && !(shown && /^[1-4]$/.test(key)) && !(key === "u" && past.length) && key !== "Escape") return
    event.preventDefault()
    // a key that is held down must not also grade the answer that it has shown
    if (event.repeat) return
    if (key === "Escape") stop()
    else if (key === "u") undo()
    else if (!press) grade(Number(key) - 1)
    else if (shown) grade(2)
    else answer()
  })

  const query = new URL(location).searchParams, early = query.has("start")
  // a form that was submitted before this script was loaded has lost the scope in the address
  const wanted = query.get("of") || (early && document.referrer && new URL(document.referrer).searchParams.get("of")) || ""
  const option = () => [...chosen.options].find(({ value }) => value === wanted)
  const restore = () => {
    if (all && wanted && !option()) {
      const found = all.filter(within(wanted))
      if (found.length) chosen.append(make("option", { value: wanted, "data-size": found.length }, found[0].name ?? wanted))
    }
    chosen.value = option() ? wanted : ""
    count()
  }
  restore()
  // the progress may be reset or imported
  const refresh = () => {
    // the reader has moved to another page
    if (!part.isConnected) removeEventListener("mlguide:progress", refresh)
    else if (!form.hidden) all || !read().cards.size ? count() : ready().then(count, fail)
  }
  addEventListener("mlguide:progress", refresh)
  if (read().cards.size || !option()) ready().then(restore, fail)
  if (early) {
    address()
    start()
  }
}
