// Adds a section, its address and the selected text to the form for mistakes. The section is that of the selected text,
// of the address, or at the middle of the window. Texts are cut, because hosts refuse addresses of more than 8,000 bytes.
const fill = event => {
  const link = event.target.closest?.(".mg-mistake")
  // the selection is lost after the pointer is pressed; a click without a pointer has no detail
  if (!link || event.detail) return
  const headings = [...document.querySelectorAll("article :is(h2, h3, h4, h5, h6)[id]")].filter(one => !one.closest("[data-pagefind-ignore]"))
  const text = getSelection(), quote = text.toString().trim().slice(0, 300)
  let id = ""
  try { id = decodeURIComponent(location.hash.slice(1)) } catch {}
  const place = quote ? text.anchorNode : document.getElementById(id)
  const heading = headings.findLast(one => place
    ? one === place || one.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING
    : one.getBoundingClientRect().top < innerHeight / 2)
  const name = heading && (heading.getAttribute("aria-label") ?? heading.textContent.trim()).slice(0, 100)
  const form = new URL(link.dataset.form ??= link.href), query = form.searchParams
  const address = new URL(heading ? `#${heading.id}` : "#", location).href.replace(/#$/, "")
  const where = [query.get("page"), ...name ? [`"${name}"`] : [], address].join(", ")
  // GitLab has no fields
  const gitlab = form.pathname.includes("/-/"), title = gitlab ? "issue[title]" : "title"
  query.set(gitlab ? "issue[description]" : "page", quote && gitlab ? `${where}\n\n${quote.replace(/^/gm, "> ")}` : where)
  if (quote && !gitlab) query.set("mistake", quote)
  if (name) query.set(title, `${query.get(title)}: ${name}`)
  link.href = form
}

let started = false
export const init = () => {
  if (!started) for (const sign of ["pointerdown", "click"]) addEventListener(sign, fill, true)
  started = true
}
