"""The link "Report a mistake" fills in the form with the section, its address and the selected text."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from browser import server
from browser.conftest import DESKTOP, PHONE, Visiting
from conftest import run_command

pytestmark = pytest.mark.browser

PAGE, FILE = "episodes/looms/looms-001/", "episodes/looms/looms-001.md"
LINK = "Report a mistake"
LONG = "\n\n".join(f"Line {number} of a long text." for number in range(60))
NOTE = f"---\nid: looms-001\ntitle: Frame\n---\n\n## Warp & *weft*\n\n{LONG}\n\n## Öl\n\nOil it **well**.\n\n{LONG}\n"


@pytest.fixture(scope="module")
def looms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("looms") / "kb"
    run_command("mlguide", "init", root, "--title", "Looms", cwd=root.parent)
    settings = (root / "mkdocs.yml").read_text("utf-8")
    old = "# edit_url: https://github.com/owner/name/edit/main/{path}"
    assert old in settings
    (root / "mkdocs.yml").write_text(settings.replace(old, old[2:]), "utf-8")
    (root / "knowledge/series.yml").write_text("looms: {title: Looms}\n", "utf-8")
    (root / "episodes/looms").mkdir(parents=True)
    (root / FILE).write_text(NOTE, "utf-8")
    run_command("mlguide", "build", cwd=root)
    with server.serve(root / "site") as home:
        yield home


def pressed(page: Page, key: bool = False) -> dict[str, str]:
    """Press the link without leaving the page, and return the values of the form."""
    link = page.get_by_role("link", name=LINK)
    if not page.evaluate("performance.getEntriesByType('resource').some(one => one.name.endsWith('/mistake.js'))"):
        # the code is loaded when the reader first does something
        with page.expect_response("**/mistake.js"):
            page.mouse.move(5, 5)
        page.wait_for_load_state("networkidle")
    link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    if key:
        link.focus()
        page.keyboard.press("Enter")
    else:
        link.click()
    return form_of(page)


def form_of(page: Page) -> dict[str, str]:
    address = urlsplit(page.get_by_role("link", name=LINK).get_attribute("href") or "")
    assert address.path in ("/owner/name/issues/new", "/owner/name/-/issues/new")
    return {name: values[0] for name, values in parse_qs(address.query).items()}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("key", [False, True], ids=["pointer", "key"])
def test_the_section_at_the_middle_of_the_window(looms: str, visit_with: Visiting, viewport, key: bool) -> None:
    with visit_with(looms, viewport=viewport) as visit:
        visit.page.goto(looms + PAGE)
        form = pressed(visit.page, key)
        assert form["page"] == f'{FILE}, "Öl", {looms}{PAGE}#%C3%B6l'
        assert form["title"] == f"Mistake in {FILE}: Öl" and "mistake" not in form
        assert form["template"] == "correction.yml"


def test_the_section_of_the_address_and_of_the_selected_text(looms: str, visit_with: Visiting) -> None:
    with visit_with(looms, viewport=DESKTOP) as visit:
        visit.page.goto(f"{looms}{PAGE}?x=1#warp-weft")
        section = f'{FILE}, "Warp & weft", {looms}{PAGE}?x=1#warp-weft'
        assert pressed(visit.page)["page"] == section
        visit.page.get_by_text("Oil it well.").select_text()
        form = pressed(visit.page)
        assert form["page"] == f'{FILE}, "Öl", {looms}{PAGE}?x=1#%C3%B6l' and form["mistake"] == "Oil it well."
        # the values are those of the last press
        visit.page.evaluate("getSelection().empty()")
        form = pressed(visit.page)
        assert form["page"] == section and "mistake" not in form and form["title"].count(":") == 1


def test_gitlab_gets_a_description(looms: str, visit_with: Visiting) -> None:
    with visit_with(looms, viewport=DESKTOP) as visit:
        visit.page.goto(looms + PAGE)
        address = "https://gitlab.com/owner/name/-/issues/new?issue%5Btitle%5D=Mistake&page=x"
        visit.page.get_by_role("link", name=LINK).evaluate("(link, href) => link.href = href", address)
        visit.page.evaluate("() => getSelection().selectAllChildren(document.querySelector('article'))")
        form = pressed(visit.page)
        assert form["issue[description]"].startswith(f"x, {looms}{PAGE}\n\n> Episodes\n> Looms\n> Frame")
        assert form["issue[title]"] == "Mistake" and "mistake" not in form and len(form["issue[description]"]) < 800
        visit.page.evaluate("getSelection().empty()")
        form = pressed(visit.page)
        assert form["issue[description]"] == f'x, "Öl", {looms}{PAGE}#%C3%B6l' and form["issue[title]"] == "Mistake: Öl"


def test_without_script_the_form_names_the_file(looms: str, visit_with: Visiting) -> None:
    with visit_with(looms, viewport=DESKTOP, java_script_enabled=False) as visit:
        visit.page.goto(looms + PAGE)
        form = form_of(visit.page)
        assert form["page"] == FILE and form["title"] == f"Mistake in {FILE}"
