// Shows on the home page and on pages of topics how many of the cards that the reader has reviewed are due.

import { DUE, endOfDay, read } from "./review-state.js"
import { number, translate } from "./words.js"

export const dueToday = (state = read(), now = Date.now()) =>
  [...state.cards].filter(([id, card]) => card[DUE] < endOfDay(now) && !state.gone.has(id)).length

export const init = () => {
  const home = document.querySelector(".mg-due"), topic = document.querySelector("[data-cards]"), state = read()
  if (home) {
    const due = dueToday(state)
    home.textContent = due ? translate("n-due-today", due) : translate("review")
    home.hidden = !state.cards.size
  }
  if (!topic) return
  const all = topic.dataset.cards.split(" "), seen = all.filter(id => state.cards.has(id))
  if (!seen.length) return
  const own = topic.dataset, due = seen.filter(id => state.cards.get(id)[DUE] < endOfDay()).length, left = all.length - seen.length
  own.text ??= topic.textContent
  const parts = [[own.due, due], [own.new, left]].filter(([, size]) => size).map(([words, size]) => words.replace("{}", number(size)))
  topic.textContent = [own.text, ...parts].join(" · ")
}
