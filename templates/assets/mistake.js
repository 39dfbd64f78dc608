// Adds a section, its address and the selected text to the form for mistakes. The section is that of the selected text,
// of the address, or at the middle of the window.
const fill = event => {
  const link = event.target.closest?.(".mg-mistake")
  // the selection is lost after the pointer is pressed; a click without a pointer has no detail
  if (!link || event.detail) return
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4, h5, h6)[id]")].filter(one => !one.closest("[data-pagefind-ignore]"))
  const text = getSelection(), quote = text.toString().trim().slice(0, 1000)
  const place = quote ? text.anchorNode : document.getElementById(decodeURIComponent(location.hash.slice(1)))
  const heading = headings.findLast(one => place
    ? one === place || one.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING
    : one.getBoundingClientRect().top < innerHeight / 2)
  const name = heading && (heading.getAttribute("aria-label") ?? heading.textContent.trim())
  const form = new URL(link.dataset.form ??= link.href), query = form.searchParams
  const address = new URL(heading ? `#${heading.id}` : "#", location).href.replace(/#$/, "")
  const where = [query.get("page"), ...name ? [`"${name}"`] : [], address].join(", ")
  query.set("page", where)
  if (quote) query.set("mistake", quote)
  // GitLab has no fields
  query.set("issue[description]", quote ? `${where}\n\n${quote.replace(/^/gm, "> ")}` : where)
  if (name) for (const key of ["title", "issue[title]"]) query.set(key, `${query.get(key)}: ${name}`)
  link.href = form
}

let started = false
export const init = () => {
  if (!started) for (const sign of ["pointerdown", "click"]) addEventListener(sign, fill, true)
  started = true
}
