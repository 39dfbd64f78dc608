// Shows the reader's progress on the learning path and the next episodes, and exports, imports and resets the progress.

import { finished, isTemporary, root, save } from "./progress.js"
import { clean, isTemporary as isReviewTemporary, merge, plain, read, save as saveReview } from "./review-state.js"
import { count as counted, language, number, translate } from "./words.js"

const FORMAT = "mlguide-heard", IMPORTED = 20000, LARGEST = 4 * 1024 * 1024
let path

// Fetched only if the reader has marked an episode as finished.
export const steps = () => path ??= fetch(new URL("path/steps.json", root))
  .then(answer => { if (!answer.ok) throw new Error(answer.status); return answer.json() })
  .then(rows => rows.map(([id, label, title, url, needs, goals, rank, stage]) => ({ id, title, short: label || title, url, needs, goals, rank, stage })))
  .catch(() => { path = undefined; return [] })

// The goal that the reader has chosen on the learning path, or "".
const GOAL = `mlguide.goal:${root.pathname}`
const goal = () => { try { return localStorage.getItem(GOAL) ?? "" } catch { return "" } }
const keepGoal = value => { try { value ? localStorage.setItem(GOAL, value) : localStorage.removeItem(GOAL) } catch {} }
const jumpTo = part => document.querySelector(`.mg-stages [href$="#${part.getAttribute("aria-labelledby")}"]`)
const goals = form => {
  form.dataset.ready = "true"
  const every = make("input", { type: "checkbox" }), text = make("span"), others = make("label", { class: "mg-goals__others" }, every, text)
  const lead = document.querySelector(".mg-intro")
  // other episodes are hidden until the reader asks for them; the numbers count the episodes that are shown
  let isAutomatic
  const apply = isChosen => {
    if (isChosen && isAutomatic) every.checked = isAutomatic = false
    const choices = [...form.elements.goal], chosen = Math.max(0, choices.findIndex(choice => choice.checked))
    const { value, dataset } = choices[chosen]
    const lists = [...document.querySelectorAll(".mg-goals ~ .mg-section > ol")]
    const of = (place, name) => place.dataset[name]?.split("|")[every.checked ? 0 : chosen]
    // shows the topics of a stage in its link, and returns them, or undefined if all goals have the same ones
    const nameStage = (place, jump) => {
      const names = of(place, "topics")?.split("\n").filter(Boolean).join("\u00a0· ")
      if (jump && names !== undefined) jump.querySelector(".mg-about-stage").textContent = names
      return names
    }
    let hidden = 0, step = lists[0]?.start
    for (const list of lists) {
      for (const item of list.children) {
        const other = value && !item.dataset.goals?.split(" ").includes(value)
        if (other) hidden++
        item.hidden = other && !every.checked
        item.querySelector(".mg-meta").dataset.other = other ? form.dataset.other : ""
        if (!item.hidden) item.style.counterSet = `list-item ${step++}`
      }
      const part = list.parentElement, jump = jumpTo(part)
      part.hidden = !list.querySelector(":scope > :not([hidden])")
      // a long stage has episodes on other pages, too
      if (part.dataset.sizes) part.dataset.size = of(part, "sizes")
      if (jump) jump.parentElement.hidden = part.hidden && !Number(part.dataset.size)
      const hours = part.querySelector(".mg-hours"), length = of(part, "lengths")
      if (hours) hours.textContent = length && ` · ${length}`
      const names = nameStage(part, jump)
      if (names !== undefined) part.querySelector(".mg-about-stage").textContent = names && form.dataset.colon + names
    }
    // stages on other pages
    for (const jump of document.querySelectorAll(".mg-stages [data-sizes]")) {
      const size = Number(of(jump, "sizes"))
      jump.parentElement.hidden = !size
      jump.querySelector(".mg-size").textContent = counted(size, "episode")
      nameStage(jump, jump)
    }
    // the episodes of a goal may begin on another page; links to other pages of the path show the other episodes there
    if (dataset.page && !document.querySelector(".mg-goals ~ .mg-section:not([hidden])")) {
      if (isChosen || !/\/page\/\d+/.test(location.pathname)) location.replace(dataset.page)
      else if (!every.checked) {
        every.checked = isAutomatic = true
        return apply()
      }
    }
    text.textContent = form.dataset.others.replace("{}", number(hidden))
    others.hidden = !hidden
    if (lead) lead.textContent = dataset.lead
  }
  const keep = ({ value }) => {
    keepGoal(value)
    const address = new URL(location.href)
    value ? address.searchParams.set("goal", value) : address.searchParams.delete("goal")
    history.replaceState(history.state, "", address)
  }
  // a goal that was chosen before this script was loaded stays; an unknown goal in the address changes nothing
  const options = [...form.elements.goal], asked = new URL(location.href).searchParams.get("goal")
  const kept = [form.elements.goal.value || asked, asked ?? goal(), goal(), ""].map(value => options.find(choice => choice.value === value)).find(Boolean)
  kept.checked = true
  // the address has the goal too, so that readers can share or bookmark it
  keep(kept)
  form.append(others)
  form.addEventListener("change", event => {
    if (event.target !== every) keep(event.target)
    apply(event.target !== every)
    show()
  })
  apply()
}

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

// Returns the episodes of the chosen goal. A goal that no episode has any more counts as none.
export const ofGoal = (every, wanted = goal()) => {
  const chosen = every.filter(step => step.goals.includes(wanted))
  return chosen.length ? chosen : every
}

// Returns the next episode of the path and the reason, if any: the one that follows the episode that was marked last in
// its series, and in its stage or as a next step, or else the first unfinished one. Its prerequisites are finished.
export const next = (all, ids) => {
  const done = new Set(ids), byId = new Map(all.map(step => [step.id, step]))
  const free = step => !done.has(step.id) && !step.needs.some(id => byId.has(id) && !done.has(id))
  const first = all.find(free), last = byId.get(ids.findLast?.(id => byId.has(id))), series = step => step.url.split("/")[1]
  const after = last && all.slice(all.indexOf(last) + 1).find(step => free(step) && series(step) === series(last) && (step.stage === last.stage || step.needs.includes(last.id)))
  if (after) return [after, translate("next-after", last.short)]
  const names = first?.needs.filter(id => byId.has(id)).map(id => byId.get(id).short)
  return first && [first, names.length ? translate("next-ready", names.join(", ")) : translate("next-first")]
}

const summary = (all, ids, following) => {
  const done = new Set(ids), count = all.filter(step => done.has(step.id)).length
  const part = make("div", { class: "mg-journey" })
  part.append(make("p", { class: "mg-journey__count" }, translate("n-of-n-finished", number(count), number(all.length))),
    make("progress", { max: all.length || 1, value: count, "aria-label": translate("episodes-finished") }))
  if (!following) part.append(make("p", {}, translate(count === all.length ? "all-finished" : "next-blocked")))
  return part
}

const button = (text, act) => {
  const made = make("button", { type: "button", class: "mg-button" }, text)
  made.addEventListener("click", act)
  return made
}

// Exports the finished episodes, in the order in which they were finished, and the reviewed cards as a file.
const exportFile = () => {
  const { cards } = plain(read()), review = Object.keys(cards).length ? { review: { cards } } : {}
  const text = JSON.stringify({ format: FORMAT, version: 1, heard: [...finished()], ...review }, null, 1) + "\n"
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }))
  const way = make("a", { href: address, download: "heard.json" })
  way.click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

// Adds the finished episodes and the reviewed cards of a file. Importing a file never removes any, and leaves room for
// others: it adds at most half of what the device keeps.
const importFile = async file => {
  if (!file) return ""
  if (file.size > LARGEST) return translate("file-too-large")
  let data
  try { data = JSON.parse(await file.text()) } catch { return translate("file-no-json") }
  if (data?.format !== FORMAT || !Array.isArray(data.heard)) return translate("file-no-progress")
  const before = finished()
  save([...before, ...data.heard.slice(0, Math.max(0, IMPORTED - before.length))])
  const added = [counted(finished().length - before.length, "episode")], state = read()
  if (data.review) {
    added.push(counted(merge(state, clean(data.review)), "card"))
    saveReview(state)
  }
  return translate("progress-added", new Intl.ListFormat(language, { type: "unit" }).format(added))
}

// The page has a button for importing progress from the start, so a file may have been chosen before this script was
// loaded.
const tools = part => {
  const status = make("p", { class: "mg-count", role: "status" }), file = part.querySelector("input[type=file]")
  const importChosen = async () => { const words = await importFile(file.files[0]); file.value = ""; status.textContent = words }
  file.addEventListener("change", importChosen)
  let cleared, changing = false
  const any = () => finished().length > 0 || read().cards.size > 0
  const clear = button(translate("reset-progress"), () => {
    // one undo step, which ends when the reader makes progress
    const before = cleared ?? { heard: finished(), review: read() }, back = cleared !== undefined
    cleared = back ? undefined : before
    changing = true
    // another tab may have stored progress since
    if (back) merge(before.review, read())
    save(back ? [...before.heard, ...finished()] : [])
    saveReview(back ? before.review : clean())
    changing = false
    show()
    status.textContent = back ? translate("progress-restored") : translate("progress-cleared")
    clear.textContent = back ? translate("reset-progress") : translate("undo")
  })
  const exporter = button(translate("export-progress"), exportFile)
  const show = () => { exporter.hidden = !any(); clear.hidden = exporter.hidden && !cleared }
  const refresh = () => {
    if (changing) return
    // the reader has moved to another page
    if (!part.isConnected) return removeEventListener("mlguide:progress", refresh)
    if (cleared && any()) {
      cleared = undefined
      clear.textContent = translate("reset-progress")
    }
    show()
  }
  addEventListener("mlguide:progress", refresh)
  show()
  part.prepend(exporter)
  part.append(clear, status)
  if (file.files.length) importChosen()
}

// On the home page, the next episode, or else the review, replaces the first button and the list under "Start here".
const lead = (first, review) => {
  const start = document.getElementById("s.start")?.closest("section")
  if (start) start.hidden = Boolean(first ?? review)
  point(document.querySelector(".mg-hero .mg-action:not(.mg-action--quiet)"), first, review)
}
// The link to the review of all cards, if the site has cards.
export const review = () => document.querySelector(".md-tabs a[href*='review/']")
// A button that leads to the first episode of a list leads to the next episode instead, if there is one, to a review once
// all episodes are finished, or, on the path, to the first episode of the goal.
export const point = (action, first, review) => {
  if (!action) return
  const own = action.dataset, shown = document.querySelector(".mg-goals ~ .mg-section li:not([hidden]) > .mg-title")
  own.text ??= action.textContent
  own.href ??= action.href
  action.textContent = first ? translate("continue-with", first[0].title) : review ? review.textContent.trim() : shown ? translate("start-with", shown.textContent) : own.text
  action.href = first ? new URL(first[0].url, root) : (review ?? shown)?.href ?? own.href
}

// On the path, counts the finished episodes of each stage, and marks the next episode and its stage.
const mark = (following, ids) => {
  for (const [at, part] of document.querySelectorAll(".mg-progress--path ~ .mg-section").entries()) {
    const links = [...part.querySelectorAll("li:not([hidden]) > .mg-title")], jump = jumpTo(part)
    const here = links.filter(one => (one.ariaCurrent = following && one.href.endsWith(following[0].url) ? "step" : null)).length
    const done = part.querySelectorAll(".mg-done:not([hidden])").length
    const size = part.dataset.size
    for (const place of [part, jump]) if (place) place.querySelector(".mg-size").textContent = done && !size ? translate("n-of-n-finished", number(done), number(links.length)) : counted(Number(size ?? links.length), "episode")
    if (jump) jump.ariaCurrent = (ids.length ? here : !at) ? "step" : null
  }
}

let latest = 0
const show = async () => {
  const mine = ++latest
  for (const part of document.querySelectorAll(".mg-journey__tools:not(:has([role=status]))")) tools(part)
  for (const form of document.querySelectorAll(".mg-goals:not([data-ready])")) goals(form)
  const ids = finished(), wanted = goal()
  const all = ofGoal(ids.length ? await steps() : [], wanted)
  // if episodes were marked or reset meanwhile, a later call shows them
  if (mine !== latest) return
  for (const place of document.querySelectorAll(".mg-progress--path, .mg-progress--home")) {
    const whole = place.matches(".mg-progress--path")
    const old = place.querySelector(".mg-journey"), following = ids.length ? next(all, ids) : undefined
    if (ids.length && all.length) {
      const fresh = summary(all, ids, following)
      if (old) old.replaceWith(fresh)
      else place.prepend(fresh)
    } else old?.remove()
    if (!whole) {
      lead(following, ids.length && all.length ? review() : undefined)
      for (const card of document.querySelectorAll(".mg-list [href*='?goal=']")) {
        const chosen = card.href.endsWith(`?goal=${wanted}`)
        card.ariaCurrent = chosen ? "true" : null
        if (chosen) place.querySelector(".mg-journey__count")?.append(" · ", make("a", { href: card.href }, card.textContent))
      }
    }
    if (whole) {
      mark(following, ids)
      point(place.querySelector(".mg-action"), following, all.length ? review() : undefined)
      const total = Number(document.querySelector(".mg-goals [name=goal]:checked")?.dataset.size ?? place.dataset.total), note = place.querySelector(".mg-journey__note")
      note.textContent = isTemporary() || isReviewTemporary() ? translate("progress-not-kept")
        : ids.length ? [following?.[1], translate("progress-kept")].filter(Boolean).join(" ")
        : `${translate("n-of-n-finished", 0, number(total))}. ${translate("progress-hint")}`
    }
  }
}

addEventListener("mlguide:progress", show)
export const init = show
