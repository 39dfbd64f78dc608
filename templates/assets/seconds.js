// Reads the second that an address contains: `?t=754`, `?t=12:34`, `?t=1:02:03`, `#t-754`. Removes it when the reader
// plays the audio. Loaded only for such addresses.
const parse = text => /^\d{1,6}$|^(?:\d{1,2}:[0-5]?\d|\d{1,3}):[0-5]\d$/.test(text ?? "") ? text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0) : undefined

// Moves from `#t-754` to the line of the transcript that contains this second, or returns the second if there is no
// transcript.
const go = () => {
  const at = parse(/^#t-(.*)/.exec(location.hash)?.[1])
  if (at === undefined || document.getElementById(location.hash.slice(1))) return
  const lines = [...document.querySelectorAll(".mg-transcript span[id^=t-]")]
  const line = lines.filter(span => Number(span.id.slice(2)) <= at).at(-1) ?? lines[0]
  const transcript = [...document.querySelectorAll(".mg-head a")].find(link => /\/transcript(\/|\.html)$/.test(link.pathname))
  if (line) {
    window.__md_stays = true
    addEventListener("hashchange", () => { window.__md_stays = false }, { once: true })
    location.replace(`#${line.id}`)
  }
  else if (transcript) location.replace(`${transcript.href}#t-${at}`)
  else {
    history.replaceState(history.state, "", `?t=${at}`)
    return at
  }
}

// If the page is loaded again after the reader has played its audio, the player continues where the reader stopped.
addEventListener("timeupdate", ({ target }) => {
  const address = new URL(location)
  if (target.paused || target.src !== document.querySelector("article .mg-listen audio")?.src || !address.searchParams.has("t")) return
  address.searchParams.delete("t")
  history.replaceState(history.state, "", address)
}, true)

// Returns the second at which to start, from the query or the fragment of the address. Returns undefined if the address
// has no second or leads to a line.
export const second = search => {
  const line = go()
  return parse(new URLSearchParams(search).get("t")) ?? line
}
