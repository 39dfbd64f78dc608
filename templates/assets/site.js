// A table that scrolls sideways can be reached and scrolled by keyboard; its column heads are its name.
(() => {
  const mark = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (box.scrollWidth > box.clientWidth) {
        const heads = [...box.querySelectorAll("th")].map(head => head.textContent.trim()).filter(Boolean)
        box.tabIndex = 0
        box.setAttribute("role", "group")
        if (heads.length) box.setAttribute("aria-label", heads.join(", "))
      } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name)
    }
  }
  // the theme wraps tables once it has started, and again after each page that it loads by itself
  if (typeof document$ !== "undefined") document$.subscribe(() => setTimeout(mark))
  addEventListener("resize", mark)
})()

// The search opens by its button, by `/` and by Ctrl+K or Cmd+K; the code for it is loaded then.
;(() => {
  const code = new URL("search.js", document.currentScript.src)
  const open = () => import(code).then(search => search.open())
  addEventListener("click", event => {
    const button = event.target.closest?.(".mg-find")
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    open()
  }, true)
  addEventListener("keydown", event => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k"
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey
    if (!command && !slash) return
    event.preventDefault()
    event.stopPropagation()
    open()
  }, true)
  const arrive = () => { if (document.querySelector(".mg-searching") || new URL(location).searchParams.has("q")) open() }
  if (typeof document$ !== "undefined") document$.subscribe(arrive)
  else arrive()
})()
