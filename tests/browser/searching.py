"""The search as a reader uses it: opened, asked, waited for until all that it finds first stands there."""

from playwright.sync_api import Page

PART = 8
"""Results that are shown at a time."""

# results come one by one behind the line that says how many there are; the button for more comes with the last
COMPLETE = """([words, part]) => {
  const list = document.querySelector("dialog .mg-results"), more = document.querySelector("dialog .mg-show-more")
  const total = Number(more.dataset.total ?? NaN), said = document.querySelector("dialog .mg-status").textContent
  return said.includes(words) && list.children.length === Math.min(total, part) && more.hidden === total <= part
}"""
# each page is of one kind; where one is chosen, the others are counted as if it weren't
COUNTED = """() => {
  let sum = 0
  const kind = document.querySelector("dialog select[name=kind]")
  for (const option of kind.value ? kind.selectedOptions : kind.options)
    sum += Number(/\\((\\d+)\\)$/.exec(option.text)?.[1] ?? 0)
  return sum === Number(document.querySelector("dialog .mg-show-more").dataset.total)
}"""


def open_search(page: Page, keys: str = "/") -> None:
    """Open the search by keyboard, and wait until it can be typed into."""
    page.keyboard.press(keys)
    page.wait_for_selector("dialog[open] input:focus")


def find(page: Page, words: str) -> list[str]:
    """Type words into the open search; the titles that `complete` gives."""
    page.wait_for_selector("dialog[open]")
    _forget(page)
    page.locator("dialog input").fill(words)
    return complete(page)


def narrow(page: Page, name: str, value: str) -> list[str]:
    """Choose a value of one of the open search's filters; the titles that `complete` gives."""
    _forget(page)
    page.locator(f"dialog select[name={name}]").select_option(value)
    return complete(page)


def complete(page: Page) -> list[str]:
    """Wait until the open search shows all that it shows at first for what is typed there; the titles of that."""
    page.wait_for_selector("dialog[open]")
    words = page.locator("dialog input").input_value().strip()
    page.wait_for_function(COMPLETE, arg=[words, PART])
    return page.locator("dialog .mg-results > li > a").all_inner_texts()


def counted(page: Page) -> None:
    """Wait until the filters, and a name that was perhaps meant, are those of what is found: they come last."""
    page.wait_for_function(COUNTED)


def _forget(page: Page) -> None:
    """Take away the number of what was found before, by which it would pass for what is found now."""
    page.evaluate("() => { delete document.querySelector('dialog .mg-show-more').dataset.total }")
