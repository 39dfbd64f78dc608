// Marks the words that the search found on this page. search.js stores the words when a result is opened.

import { escaped, unspaced } from "./unspaced.js"

const MOST = 500 // maximum number of marks

export const mark = () => {
  let found
  try {
    found = JSON.parse(sessionStorage.getItem("mlguide.found"))
    sessionStorage.removeItem("mlguide.found")
  } catch {}
  const article = document.querySelector("article")
  if (typeof Highlight === "undefined" || !article || found?.path !== location.pathname || !Array.isArray(found.words) || !found.words.length) return
  const words = found.words.map(word => escaped(String(word))).join("|")
  // in scripts without spaces, words begin and end within runs of letters
  const within = `(?<=${unspaced.source})|(?=${unspaced.source})`
  const pattern = new RegExp(`(?:(?<![\\p{L}\\p{N}])|${within})(?:${words})(?:(?![\\p{L}\\p{N}])|${within})`, "giu"), ranges = []
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
  for (let text; ranges.length < MOST && (text = texts.nextNode());)
    for (const { index, 0: word } of text.data.matchAll(pattern))
      ranges.push(new StaticRange({ startContainer: text, startOffset: index, endContainer: text, endOffset: index + word.length }))
  CSS.highlights.set("mg-found", new Highlight(...ranges))
}
