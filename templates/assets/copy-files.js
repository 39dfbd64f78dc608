// Returns an address in the site as the list of files has it. Pages also have other forms, such as `(` for `%28`.
globalThis.mlguideListed = address => address.split("/").map(part => {
  try { part = decodeURIComponent(part) } catch { return part }
  return encodeURIComponent(part).replace(/[!'()*]/g, sign => `%${sign.charCodeAt().toString(16).toUpperCase()}`)
}).join("/").replace(/(^|\/)index\.html$/, "$1")

// Chooses the files of a copy for offline reading. The page and the service worker both run this script. `list` has the
// address, the number of bytes and the digest of each file, and `wanted` has "all" or the addresses of topics. `load`
// returns the HTML of a page by its address.
globalThis.mlguideCopy = async (list, wanted, load) => {
  if (wanted.includes("all")) return list
  const addresses = new Set(list.map(file => file[0])), chosen = new Set(), base = "https://site.invalid/"
  // the topics that still exist, and the home page, where an installed site starts
  const pages = new Set(["", ...wanted])
  for (const page of pages) {
    if (!addresses.has(page)) continue
    const html = await load(page), article = html.slice(html.indexOf("<article"), html.lastIndexOf("</article>"))
    chosen.add(page)
    // the old address of a renamed topic leads to the topic
    const [, next] = html.match(/<meta http-equiv="refresh" content="0; url=([^"]+)"/) ?? []
    if (next) pages.add(new URL(next, base + page).href.slice(base.length))
    for (const [, name, address] of article.matchAll(/ (href|src)="([^"#?]+)/g)) {
      const url = address.replaceAll("&amp;", "&")
      // of the home page, only the images; text may look like an attribute
      if ((page || name === "src") && URL.canParse(url, base + page)) chosen.add(mlguideListed(new URL(url, base + page).href.slice(base.length)))
    }
  }
  return list.filter(([address]) => {
    // the folder of an episode has the transcript and images
    const [episode] = address.match(/^episodes\/[^/]+\/[^/]+(?=\/.)/) ?? []
    return chosen.has(address) || address.startsWith("assets/") || episode && (chosen.has(`${episode}/`) || chosen.has(`${episode}.html`))
  })
}
