// Shows on the home page how many of the cards that the reader has reviewed are due.

import { DUE, endOfDay, read } from "./review-state.js"
import { translate } from "./words.js"

export const dueToday = (state = read(), now = Date.now()) =>
  [...state.cards].filter(([id, card]) => card[DUE] < endOfDay(now) && !state.gone.has(id)).length

export const init = () => {
  const link = document.querySelector(".mg-due"), state = read(), due = dueToday(state)
  link.textContent = due ? translate("n-due-today", due) : translate("review")
  link.hidden = !state.cards.size
}
