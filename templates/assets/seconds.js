// What the second means that an address names: `?t=754`, `?t=12:34`, `?t=1:02:03`, `#t-754`. Loaded where one does.
const parse = text => /^\d{1,6}$|^(?:\d{1,2}:[0-5]?\d|\d{1,3}):[0-5]\d$/.test(text ?? "") ? text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0) : undefined

// `#t-754` leads to the line of the transcript that holds that second; where there is none, the second is given back.
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
  else return at
}

// The second at which to begin by the address, and by this query of it; none where there is none, or it leads to a line.
export const second = search => {
  const line = go()
  return parse(new URLSearchParams(search).get("t")) ?? line
}
