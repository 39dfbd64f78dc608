"""Tests of offline reading: the manifest, saved sites and topics without a connection, updates, and deletion."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import server, talks
from browser.conftest import DESKTOP, PHONE, visiting
from browser.waiting import eventually
from conftest import run_command
from mlguide_site.content.resources import packaged_templates

pytestmark = pytest.mark.browser

TOPIC, SAVED_EPISODE, OTHER = "topics/nuts/", "episodes/talk/talk-002/", "episodes/talk/talk-001/"
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"
VERSION = "() => getComputedStyle(document.documentElement).getPropertyValue('--version').trim()"
"""The version of the styles of a page."""
CACHES = "async () => (await caches.keys()).length"


class Host:
    """A host whose site tests can replace while it is served."""

    def __init__(self, folder: Path, versions: list[Path]) -> None:
        self.site, self.versions, self.url = folder / "site", versions, ""
        self.publish(0)

    def publish(self, version: int, *paths: str) -> None:
        """Publish a version of the site, or only some of its files."""
        for path in paths:
            shutil.copy2(self.versions[version] / path, self.site / path)
        if not paths:
            shutil.rmtree(self.site, ignore_errors=True)
            shutil.copytree(self.versions[version], self.site)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Path]]:
    """Three versions of a small site below a path, and the address for which they are built. In the third version, the
    topic has another slug."""
    folder = tmp_path_factory.mktemp("versions")
    root = folder / "kb"
    # the theme loads pages by itself only at the address for which the site is built
    with server.serve(folder, "/sub/") as url:
        talks.build(root, url)
    note = root / "episodes/talk/talk-003.md"
    note.write_text(note.read_text("utf-8") + " ![Plan](<talk-003/R&D's 50%25 (1).png>)\n", "utf-8")
    note.with_suffix("").mkdir()
    shutil.copy2(packaged_templates() / "assets/icon-512.png", note.with_suffix("") / "R&D's 50% (1).png")
    run_command("mlguide", "build", "--strict", cwd=root)
    shutil.copytree(root / "site", folder / "one")
    note = root / "episodes/talk/talk-002.md"
    note.write_text(note.read_text("utf-8").replace("See talk 1.", "Newer text."), "utf-8")
    topics = root / "knowledge/topics.yml"
    topics.write_text(topics.read_text("utf-8").replace("Nut growing", "Nuts and seeds"), "utf-8")
    style = root / "templates/assets/site.css"
    style.parent.mkdir(parents=True, exist_ok=True)
    style.write_text(
        (packaged_templates() / "assets/site.css").read_text("utf-8") + "html { --version: new }\n", "utf-8"
    )
    run_command("mlguide", "build", cwd=root)
    shutil.copytree(root / "site", folder / "two")
    run_command("mlguide", "rename", "topic:nuts", "seeds", cwd=root)
    run_command("mlguide", "build", cwd=root)
    shutil.copytree(root / "site", folder / "three")
    return url, [folder / "one", folder / "two", folder / "three"]


@pytest.fixture
def host(versions: tuple[str, list[Path]], tmp_path: Path) -> Iterator[Host]:
    """A host with the first version."""
    found = Host(tmp_path, versions[1])
    with server.serve(found.site, "/sub/") as url:
        found.url = url
        yield found


@pytest.fixture
def reading(browser, host):
    """`with reading(path, **options) as page:` opens a page in a new context."""

    @contextmanager
    def opened(path: str = "", **options) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        with visiting(context, host.url) as visit:
            visit.page.goto(host.url + path)
            yield visit.page
        context.close()

    return opened


def save(page: Page, what: str) -> None:
    """Save the whole site or the topic of the page, and wait until it is saved."""
    page.get_by_role("button", name="Save for offline").click()
    dialog = page.get_by_role("dialog", name="Save for offline")
    dialog.get_by_role("radio", name=what).check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("Saved", timeout=30000)
    dialog.get_by_role("button", name="Close").click()


def reload(page: Page) -> None:
    """Load the page again. Then wait for the browser's search for a new version, so that no earlier search is still
    running, or is repeated, when the test publishes a version."""
    page.reload()
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")


@contextmanager
def reloading(page: Page) -> Iterator[None]:
    """Wait until the page is loaded again. `expect_navigation` also ends when the theme stores the scroll position."""
    page.evaluate("() => { window.isOld = true }")
    yield
    page.wait_for_function("() => !window.isOld && document.readyState === 'complete'")


def texts(page: Page, host: Host, path: str) -> str:
    page.goto(host.url + path)
    return page.locator("article").inner_text()


def test_nothing_is_registered_before_the_reader_saves(reading) -> None:
    with reading(TOPIC) as page:
        page.get_by_role("button", name="Save for offline").click()
        dialog = page.get_by_role("dialog")
        # sizes are shown before saving
        expect(dialog.get_by_role("radio", name="Whole site, with search")).to_have_count(1)
        assert "MB" in dialog.locator("form").inner_text()
        expect(dialog.get_by_role("radio", name="This topic")).to_be_checked()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert page.evaluate(WORKERS) == 0
        assert page.evaluate(CACHES) == 0


def test_the_manifest_makes_the_site_installable(reading, host) -> None:
    with reading() as page:
        session = page.context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        assert manifest["name"] == "Talks"
        assert page.locator("link[rel=manifest]").evaluate("link => new URL('./', link.href).href") == host.url
        for icon in manifest["icons"]:
            answer = page.request.get(host.url + icon["src"])
            assert answer.headers["content-type"] == icon["type"]


def test_a_saved_site_is_read_and_searched_without_a_connection(reading, host) -> None:
    with reading() as page:
        save(page, "Whole site")
        page.context.set_offline(True)
        shutil.rmtree(host.site)
        for path in (SAVED_EPISODE, OTHER, TOPIC, "glossary/cupule/", "path/?x=1", "index.html"):
            assert page.goto(host.url + path).ok, path
            expect(page.locator("article h1")).to_be_visible()
        # with instant navigation
        page.goto(host.url)
        page.locator("article a", has_text="Without sound").first.click()
        page.wait_for_url(f"**/{SAVED_EPISODE}")
        expect(page.locator("article h1")).to_contain_text("Without sound")
        page.keyboard.press("/")
        page.keyboard.type("shells")
        expect(page.locator(".mg-results a").first).to_contain_text("On shells")
        # what no copy contains
        page.goto(host.url + "nowhere/")
        expect(page.get_by_role("heading", name="This page isn't saved")).to_be_visible()
        # nothing is wrong with the copy
        page.goto(host.url)
        page.get_by_role("button", name="Save for offline").click()
        dialog = page.get_by_role("dialog", name="Save for offline")
        expect(dialog.get_by_role("button", name="Delete")).to_be_visible()
        expect(dialog.get_by_role("status")).to_be_empty()


@pytest.mark.parametrize("what", ["Whole site", "This topic"])
def test_pictures_with_signs_in_their_names_are_saved(reading, host, what) -> None:
    with reading("topics/nuts/") as page:
        save(page, what)
        page.context.set_offline(True)
        page.goto(host.url + "episodes/talk/talk-003/")
        picture = page.get_by_role("img", name="Plan")
        expect(picture).to_be_visible()
        page.wait_for_function("() => document.querySelector('img[alt=Plan]').naturalWidth > 0")


def test_a_saved_topic_is_read_without_a_connection_and_other_pages_say_so(reading, host) -> None:
    with reading(TOPIC) as page:
        save(page, "This topic")
        kept = page.evaluate(
            "async () => { const stores = await Promise.all((await caches.keys()).map(name => caches.open(name)));"
            " return (await Promise.all(stores.map(one => one.keys()))).flat().map(one => one.url) }"
        )
        assert not [url for url in kept if "pagefind" in url or ".wav" in url]
        page.context.set_offline(True)
        assert "On shells" in texts(page, host, TOPIC)
        assert "See talk 1." in texts(page, host, SAVED_EPISODE)
        assert page.locator("article").evaluate("part => getComputedStyle(part).display") == "block"
        assert page.goto(host.url).ok
        page.goto(host.url + OTHER)
        expect(page.get_by_role("heading", name="This page isn't saved")).to_be_visible()
        page.get_by_role("link", name="Home").click()
        expect(page.locator("article h1")).to_contain_text("find it again later")
        # with a connection, all pages are there
        page.context.set_offline(False)
        assert "About nuts" in texts(page, host, OTHER)


def test_a_new_version_is_told_and_replaces_the_old_one_as_a_whole(reading, host) -> None:
    with reading(TOPIC) as page:
        save(page, "Whole site")
        reload(page)
        host.publish(1)
        # the first visit still shows the saved version, and every page shows the same one
        assert "See talk 1." in texts(page, host, SAVED_EPISODE)
        notice = page.locator(".mg-update")
        expect(notice).to_contain_text("A new version is available.", timeout=30000)
        assert "Nut growing" in texts(page, host, TOPIC)
        expect(notice).to_be_visible()
        other = page.context.new_page()
        other.goto(host.url + SAVED_EPISODE)
        notice.get_by_role("button", name="Reload").click()
        # on a busy machine, the page asks for a minute
        expect(page.locator("article h1")).to_contain_text("Nuts and seeds", timeout=90000)
        # other tabs change too
        expect(other.locator("article")).to_contain_text("Newer text.")
        expect(page.locator(".mg-update")).to_have_count(0)
        page.context.set_offline(True)
        assert "Newer text." in texts(page, host, SAVED_EPISODE)


def test_a_half_published_site_never_replaces_a_copy(reading, host) -> None:
    with reading() as page:
        save(page, "Whole site")
        reload(page)
        # the list is new, but the pages are still old
        host.publish(1, "offline.json", "sw.js")
        states = page.evaluate(
            "async () => { const found = await navigator.serviceWorker.getRegistration();"
            " return await new Promise((done, fail) => { const follow = () => {"
            " found.installing?.addEventListener('statechange', event => done(event.target.state)) };"
            " found.addEventListener('updatefound', follow); follow(); found.update();"
            " setTimeout(() => fail(new Error('no update was found')), 20000) }) }"
        )
        assert states == "redundant"
        assert "See talk 1." in texts(page, host, SAVED_EPISODE)
        expect(page.locator(".mg-update")).to_have_count(0)
        page.context.set_offline(True)
        assert "Nut growing" in texts(page, host, TOPIC)


def test_a_saved_topic_and_new_pages_do_not_mix(reading, host) -> None:
    with reading(TOPIC) as page:
        save(page, "This topic")
        reload(page)
        host.publish(1)
        # a page that isn't saved is new, and so are its styles; a saved page is old, and so are its styles
        for path, version in ((OTHER, "new"), (SAVED_EPISODE, ""), (OTHER, "new")):
            page.goto(host.url + path)
            assert page.evaluate(VERSION) == version
        # from a saved page, a new page is opened as a whole
        page.goto(host.url + TOPIC)
        expect(page.locator(".mg-update")).to_be_visible(timeout=30000)
        page.goto(host.url + SAVED_EPISODE)
        page.locator("article a[href*=talk-001]").first.click()
        expect(page.locator("article h1")).to_contain_text("Nuts & bolts")
        assert page.evaluate(VERSION) == "new"


def test_a_saved_topic_is_kept_when_it_is_renamed(reading, host) -> None:
    with reading(TOPIC) as page:
        save(page, "This topic")
        reload(page)
        host.publish(2)
        page.reload()
        with reloading(page):
            page.locator(".mg-update").get_by_role("button", name="Reload").click()
        page.wait_for_url("**/topics/seeds/")
        page.context.set_offline(True)
        for path, text in ((TOPIC, "On shells"), ("topics/seeds/", "On shells"), (SAVED_EPISODE, "Newer text.")):
            page.goto(host.url + path)
            expect(page.locator("article")).to_contain_text(text)


def test_a_copy_is_deleted(reading, host) -> None:
    with reading(TOPIC) as page:
        save(page, "This topic")
        page.reload()
        page.get_by_role("button", name="Save for offline").click()
        expect(page.get_by_role("dialog")).to_contain_text("Saved: nuts")
        with reloading(page):
            page.get_by_role("button", name="Delete the saved copy").click()
        assert page.evaluate(WORKERS) == 0
        assert page.evaluate(CACHES) == 0
        eventually(page, lambda: page.evaluate("() => navigator.serviceWorker.controller === null"), True)


def test_another_topic_and_the_site_are_added_to_a_copy(reading, host) -> None:
    with reading(TOPIC) as page:
        save(page, "This topic")
        # the browser can lose the first request to replace the copy
        page.add_init_script(
            "const post = ServiceWorker.prototype.postMessage;"
            "ServiceWorker.prototype.postMessage = function(message) {"
            " if (sessionStorage.isLost) post.call(this, message); else sessionStorage.isLost = true }"
        )
        page.reload()
        page.get_by_role("button", name="Save for offline").click()
        dialog = page.get_by_role("dialog", name="Save for offline")
        expect(dialog.get_by_role("radio")).to_have_count(1)
        dialog.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_function(
            "() => document.readyState === 'complete'"
            " && navigator.serviceWorker.controller?.scriptURL.endsWith('save=all')"
        )
        page.context.set_offline(True)
        assert "About nuts" in texts(page, host, OTHER)


def test_a_copy_that_cannot_be_saved_says_so(reading, host) -> None:
    with reading() as page:
        page.get_by_role("button", name="Save for offline").click()
        dialog = page.get_by_role("dialog", name="Save for offline")
        expect(dialog.get_by_role("radio")).to_have_count(1)
        (host.site / "search/index.html").unlink()
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog.get_by_role("status")).to_contain_text("can't be saved", timeout=30000)
        eventually(page, lambda: (page.evaluate(WORKERS), page.evaluate(CACHES)), (0, 0))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_dialog_and_the_notice_are_accessible(browser, host, viewport) -> None:
    context = browser.new_context(viewport=viewport)
    with visiting(context, host.url) as visit:
        page = visit.page
        page.goto(host.url + TOPIC)
        page.get_by_role("button", name="Save for offline").click()
        expect(page.get_by_role("dialog").get_by_role("radio")).to_have_count(2)
        assert visit.axe() == []
        page.get_by_role("dialog").get_by_role("button", name="Close").focus()
        save_button = page.get_by_role("dialog").get_by_role("button", name="Save", exact=True)
        save_button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("Saved", timeout=30000)
        assert visit.axe() == []
        page.keyboard.press("Escape")
        reload(page)
        host.publish(1)
        page.reload()
        expect(page.locator(".mg-update")).to_be_visible(timeout=30000)
        assert visit.axe() == []
        assert visit.faults == []
    context.close()


def test_text_like_a_link_to_a_wrong_address_does_not_matter_for_a_copy(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=(packaged_templates() / "assets/copy-files.js").read_text("utf-8"))
    links = '<a href="../b/">B</a> <a href="../d/index.html">D</a>'
    article = f'<article><p>Wrong: <code>&lt;a href="http://[x"&gt;</code>. {links}</p></article>'
    call = "html => mlguideCopy([['a/', 1, ''], ['b/', 1, ''], ['c/', 1, ''], ['d/', 1, '']], ['a/'], async () => html)"
    assert [file[0] for file in page.evaluate(call, article)] == ["a/", "b/", "d/"]
    page.close()
