"""Helpers that use the search as a reader does: open it, type a query, and wait for the complete first results."""

from playwright.sync_api import Page

PART = 8
"""The number of results that the search shows at a time."""

# results appear one by one after the line with their number; the "more" button appears with the last one
COMPLETE = """([words, part]) => {
  const list = document.querySelector("dialog .mg-results"), more = document.querySelector("dialog .mg-show-more")
  const total = Number(more.dataset.total ?? NaN), said = document.querySelector("dialog .mg-status").textContent
  return said.includes(words) && list.children.length === Math.min(total, part) && more.hidden === total <= part
}"""
# each page has exactly one kind; when a kind is chosen, the other kinds are counted as if none were chosen
COUNTED = """() => {
  let sum = 0
  const kind = document.querySelector("dialog select[name=kind]")
  for (const option of kind.value ? kind.selectedOptions : kind.options)
    sum += Number(/\\((\\d+)\\)$/.exec(option.text)?.[1] ?? 0)
  return sum === Number(document.querySelector("dialog .mg-show-more").dataset.total)
}"""


def open_search(page: Page, keys: str = "/") -> None:
    """Open the search with the keyboard, and wait until its input has the focus."""
    page.keyboard.press(keys)
    page.wait_for_selector("dialog[open] input:focus")
    page.wait_for_selector("dialog[open] .mg-status", state="attached")


def find(page: Page, words: str) -> list[str]:
    """Type a query into the open search, and return the titles of the results."""
    page.wait_for_selector("dialog[open] .mg-status", state="attached")
    _forget(page)
    page.locator("dialog input").fill(words)
    return complete(page)


def narrow(page: Page, name: str, value: str) -> list[str]:
    """Choose a value of a filter in the open search, and return the titles of the results."""
    _forget(page)
    page.locator("dialog details").evaluate("fold => { fold.open = true }")
    page.locator(f"dialog select[name={name}]").select_option(value)
    return complete(page)


def complete(page: Page) -> list[str]:
    """Wait until the open search shows all first results of the query, and return their titles."""
    page.wait_for_selector("dialog[open] .mg-status", state="attached")
    words = page.locator("dialog input").input_value().strip()
    page.wait_for_function(COMPLETE, arg=[words, PART])
    return page.locator("dialog .mg-results > li > a").all_inner_texts()


def counted(page: Page) -> None:
    """Wait until the filters and the spelling suggestion match the results. They are updated last."""
    page.wait_for_function(COUNTED)


def _forget(page: Page) -> None:
    """Remove the number of previous results, so that it can't be mistaken for the number of new results."""
    page.evaluate("() => { delete document.querySelector('dialog .mg-show-more').dataset.total }")
