"""The player goes on across pages, begins at the second asked for, remembers; transcripts lead to the second."""

import io
import re
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from browser import server
from browser.conftest import DESKTOP, PHONE
from conftest import run_command

pytestmark = pytest.mark.browser

SOUND = "https://sound.example/talk.wav"
LENGTH = 900
PHRASE = "the walnut keeps its shell"
VTT = f"""WEBVTT

00:00:00.000 --> 00:00:06.000
<v Robin>Welcome to the first talk.

00:12:34.000 --> 00:12:40.000
<v Ann>And so {PHRASE} & its <secret>.

00:13:00.000 --> 00:13:05.000
<v Robin>Thank you, Ann.
"""


@pytest.fixture(scope="module")
def talks(tmp_path_factory) -> Iterator[str]:
    """A small site with sound, a transcript and chapters, served at the address that it was built for."""
    root = tmp_path_factory.mktemp("talks") / "kb"
    site = root / "site"
    run_command("mlguide", "init", root, "--title", "Talks", cwd=root.parent)
    (root / "knowledge" / "series.yml").write_text("talk:\n  title: Talks\n", "utf-8")
    folder = root / "episodes" / "talk"
    folder.mkdir(parents=True)
    audio = f"audio: {{url: '{SOUND}', type: audio/wav}}\n"
    first = f"---\nid: talk-001\ntitle: Nuts & bolts\n{audio}duration: '00:15:00'\n---\n\nAbout nuts.\n"
    (folder / "talk-001.md").write_text(first, "utf-8")
    (folder / "talk-002.md").write_text("---\nid: talk-002\ntitle: Without sound\n---\n\nSee talk 1.\n", "utf-8")
    (folder / "talk-001.vtt").write_text(VTT, "utf-8")
    chapters = (
        '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}, {"startTime": 754, "title": "Nuts"}]}'
    )
    (folder / "talk-001.chapters.json").write_text(chapters, "utf-8")
    site.mkdir()
    with server.serve(site) as url:
        settings = root / "mkdocs.yml"
        text = settings.read_text("utf-8")
        settings.write_text(re.sub(r"(?m)^#? ?site_url:.*$", f"site_url: {url}", text), "utf-8")
        run_command("mlguide", "build", "--strict", cwd=root)
        yield url


def sound() -> bytes:
    """A quarter of an hour of quiet."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(3000)
        file.writeframes(b"\x80" * 3000 * LENGTH)
    return out.getvalue()


def part_of(data: bytes, asked: str | None) -> dict[str, object]:
    """The answer of a server that gives parts of a file, without which no player can seek."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked or "")
    headers = {"Content-Type": "audio/wav", "Accept-Ranges": "bytes"}
    if not found:
        return {"body": data, "headers": headers}
    first, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return {"status": 206, "body": data[first : last + 1], "headers": headers}


@pytest.fixture(scope="module")
def quiet() -> bytes:
    return sound()


@pytest.fixture
def listening(talks, quiet, visit_with):
    """`with listening(path, **options) as page:` opens a page of the site, its sound being at hand."""

    @contextmanager
    def opened(path: str, **options):
        with visit_with(talks, **{"viewport": DESKTOP, **options}) as visit:
            visit.page.route(SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
            visit.page.goto(talks + path)
            yield visit
            assert visit.faults == []

    return opened


EPISODE = "episodes/talk/talk-001/"
AT = "document.querySelector('.mg-player audio').currentTime"
PLAYS = (
    "(() => { const a = document.querySelector('.mg-player audio'); return a && !a.paused && a.currentTime > %s })()"
)


def test_it_goes_on_while_the_reader_moves_through_the_site(listening) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 0.2)
        page.evaluate("document.querySelector('.mg-player audio').marked = true")
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        page.wait_for_url("**/glossary/")
        before = page.evaluate(AT)
        page.wait_for_function(PLAYS % (before + 0.2))
        assert page.evaluate("document.querySelector('.mg-player audio').marked")
        title = page.locator(".mg-player__title")
        assert title.inner_text() == "Nuts & bolts"
        title.click()
        page.wait_for_url("**/" + EPISODE)


@pytest.mark.parametrize("path", [EPISODE + "?t=754", EPISODE + "transcript/?t=754"])
def test_an_address_with_a_second_begins_there(listening, path) -> None:
    with listening(path) as visit:
        page = visit.page
        page.wait_for_function(
            f"document.querySelector('.mg-player audio')?.readyState > 0 && Math.abs({AT} - 754) < 1"
        )
        assert page.evaluate("document.querySelector('.mg-player audio').paused")
        page.locator(".mg-player").get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function(PLAYS % 754)


def test_stamps_play_and_the_spoken_line_is_marked(listening) -> None:
    with listening(EPISODE + "transcript/") as visit:
        page = visit.page
        page.locator("a.mg-stamp[data-t='754']").click()
        page.wait_for_function(PLAYS % 753.9)
        page.wait_for_selector("#t-754.mg-said")
        assert PHRASE in page.locator(".mg-said").inner_text()
        page.keyboard.press("j")
        page.wait_for_function(f"{AT} < 745")
        page.wait_for_selector("#t-0.mg-said")


def test_chapters_are_stamps(listening) -> None:
    with listening(EPISODE) as visit:
        visit.page.locator(".mg-chapters a.mg-stamp", has_text="12:34").click()
        visit.page.wait_for_function(PLAYS % 753.9)


def test_keys_speed_and_place_are_kept(listening) -> None:
    with listening(EPISODE + "?t=300") as visit:
        page = visit.page
        page.wait_for_function(f"document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 299")
        page.locator(".mg-player select").select_option("1.5")
        page.locator("h1").click()
        page.keyboard.press("k")
        page.wait_for_function(PLAYS % 300)
        page.keyboard.press("l")
        page.wait_for_function(f"{AT} > 314")
        page.keyboard.press("k")
        page.goto(page.url.partition("?")[0])
        page.wait_for_function(f"document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 313")
        assert page.evaluate("document.querySelector('.mg-player audio').playbackRate") == 1.5
        page.get_by_role("button", name="Close the player").click()
        assert not page.locator(".mg-player").is_visible()
        page.reload()
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 313)


def test_search_leads_to_the_spoken_second(listening, talks) -> None:
    with listening("") as visit:
        page = visit.page
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open] input:focus")
        page.keyboard.type("walnut shell")
        page.wait_for_function("document.querySelector('.mg-status').textContent.includes('walnut shell')")
        page.wait_for_selector(".mg-results ul a")
        for _ in range(10):
            page.keyboard.press("ArrowDown")
            if "#t-754" in page.evaluate("document.activeElement.href || ''"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url(talks + EPISODE + "transcript/#t-754")
        page.wait_for_selector("#t-754")
        assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_open_player_is_accessible_and_fits(listening, viewport, scheme) -> None:
    with listening(EPISODE + "transcript/?t=5", viewport=viewport, color_scheme=scheme) as visit:
        page = visit.page
        page.wait_for_selector(".mg-player:not([hidden])")
        assert visit.axe() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_stamps_are_media_fragments(listening, quiet) -> None:
    with listening(EPISODE, java_script_enabled=False) as visit:
        assert visit.page.locator(".mg-chapters a.mg-stamp").nth(1).get_attribute("href") == SOUND + "#t=754"
        assert visit.page.locator("article audio").is_visible()


def test_the_sound_is_not_asked_for_before_it_is_played(talks, visit_with) -> None:
    with visit_with(talks, viewport=DESKTOP) as visit:
        visit.page.goto(talks + EPISODE)
        visit.page.wait_for_load_state("networkidle")
        assert visit.faults == []
        assert Path(SOUND).name in visit.page.content()
