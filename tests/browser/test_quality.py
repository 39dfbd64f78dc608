"""What every kind of page holds to: valid HTML, whatever names and texts a root has."""

import shutil
from pathlib import Path

import html5lib
import pytest
from filelock import FileLock

from browser.conftest import kinds_of
from browser.odd import write_odd_root
from conftest import Built, run_command

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def odd(tmp_path_factory) -> Built:
    """A root where everything is odd, in a language that is written from right to left, built once."""
    shared = tmp_path_factory.getbasetemp()
    root = shared / "odd"
    with FileLock(shared / "odd.lock"):
        if not (root / "site.done").exists():
            shutil.rmtree(root, ignore_errors=True)
            write_odd_root(root, "ar")
            run_command("mlguide", "build", cwd=root)
            (root / "site.done").touch()
    return Built(root, root / "site")


def html_faults(data: bytes) -> list[str]:
    """What a parser of HTML (html5lib, by the HTML Living Standard's section on parsing) finds wrong, as lines."""
    parser = html5lib.HTMLParser()
    parser.parse(data, transport_encoding="utf-8")
    return [f"line {line}, character {at}: {code} {found}" for (line, at), code, found in parser.errors]


def faults_of(site: Path) -> list[str]:
    """What is wrong with one page of every kind."""
    files = {
        url: site / url / "index.html" if url.endswith("/") or not url else site / url
        for url in kinds_of(site).values()
    }
    return [f"{url}: {fault}" for url, file in files.items() for fault in html_faults(file.read_bytes())]


def test_every_kind_of_page_is_valid_html(bundled) -> None:
    assert faults_of(bundled.site) == []


def test_odd_names_and_texts_leave_the_html_valid(odd) -> None:
    assert faults_of(odd.site) == []


def test_the_parser_sees_what_is_wrong() -> None:
    assert html_faults(b"<!doctype html><title>t</title><p>fine") == []
    assert html_faults(b'<!doctype html><title>t</title><p title="a"b>&nothing</b>')
