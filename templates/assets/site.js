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
