// Shows the reader's progress and the next episode on the pages of series, topics and episodes. Loaded if there is
// progress.

import { next, ofGoal, point, review, steps } from "./journey.js"
import { finished, idOf } from "./progress.js"
import { number, translate } from "./words.js"

// The button of a series' page counts the episodes of all pages of the series; the button of a topic's page and
// of its graph leads through the episodes of the topic's order.
const ofList = (place, all, ids) => {
  const { series } = place.dataset, byId = new Map(all.map(step => [step.id, step]))
  const own = series ? all.filter(step => step.url.startsWith(`episodes/${series}/`)).sort((a, b) => a.rank - b.rank)
    : [...document.querySelectorAll(".mg-episodes--numbered .mg-title, .mg-graph__order + ul .mg-episode")].map(one => byId.get(idOf(one.href))).filter(Boolean)
  const count = place.querySelector(".mg-count"), done = own.filter(step => ids.includes(step.id)).length
  const action = place.querySelector(".mg-action"), isAll = done > 0 && done === own.length
  const ofTopic = isAll ? document.querySelector(".mg-more a[href*='review/?of=topic']") : undefined
  // a series goes on after the episode that was marked last, and then from its start; a topic goes on with its first
  // open step
  const at = series ? own.indexOf(byId.get(ids.findLast?.(id => own.includes(byId.get(id))))) : -1, isOpen = step => !ids.includes(step.id)
  const open = own.slice(at + 1).find(isOpen) ?? own.find(isOpen), following = open ? [open] : next(all, ids)
  point(action, done && !ofTopic && (series || open !== own[0]) ? following : undefined, ofTopic ?? (isAll ? review() : undefined))
  place.parentElement.querySelector(".mg-before")?.toggleAttribute("hidden", own.length > 0 && open !== own[0])
  if (!count) return
  count.dataset.text ??= count.textContent
  count.textContent = own.length ? translate("n-of-n-finished", number(done), number(own.length)) : count.dataset.text
}

// From an episode in a stage of the path, the path goes on instead of the series, with the episodes of the goal.
const ofEpisode = (place, every, ids) => {
  const at = every.findIndex(step => step.id === idOf(location))
  const open = every[at]?.stage ? ofGoal(every).filter(step => step.stage && !ids.includes(step.id)) : []
  const following = open.find(step => every.indexOf(step) > at) ?? open[0]
  point(place, following && [following])
}

let latest = 0
export const init = async () => {
  const mine = ++latest, ids = finished(), all = ids.length ? await steps() : []
  if (mine !== latest) return
  for (const place of document.querySelectorAll(".mg-progress--list")) ofList(place, all, ids)
  for (const place of document.querySelectorAll(".mg-after")) ofEpisode(place, all, ids)
}
addEventListener("mlguide:progress", init)
