"""Tests of the content security policy: all pages have the same one, and only the site's own content and audio is
allowed."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from lxml import html

from conftest import ADDRESS
from labels import Settings
from mlguide_site.content.address_hosts import host_source, settings_source
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.publish.content_security_policy import (
    MAX_HOSTS,
    content_policy,
    media_hosts,
    meta,
    policy_partial,
)

pytestmark = pytest.mark.slow


def rules(policy: str) -> dict[str, list[str]]:
    """Return the sources in a policy by directive, as browsers parse it."""
    return {name: sources for name, *sources in (rule.split() for rule in policy.split(";"))}


def policies(site: Path) -> dict[str, str]:
    """Return the policy of every page of a site, by path."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        values = html.fromstring(path.read_bytes()).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert len(values) == 1, path
        found[path.relative_to(site).as_posix()] = values[0]
    return found


def test_every_page_of_a_site_has_the_same_policy(addressed) -> None:
    found = policies(addressed.site)
    lost = found.pop("404.html")
    assert len(set(found.values())) == 1
    assert rules(next(iter(found.values()))) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
    assert rules(lost)["default-src"] == ["'none'"]


def test_no_page_has_a_script_a_style_or_a_handler_within_it(addressed) -> None:
    for path in sorted(addressed.site.rglob("*.html")):
        if path.name == "404.html":
            continue
        page = html.fromstring(path.read_bytes())
        assert page.xpath("//style | //*[@style]") == [], path
        assert page.xpath("//script[not(@src)][not(contains(@type, 'json'))]") == [], path
        assert [name for name in page.xpath("//@*") if name.attrname.startswith("on")] == [], path


@pytest.mark.parametrize("site", ["bundled", "addressed"])
def test_the_page_for_what_is_missing_allows_its_own_style_and_script_alone(site, request) -> None:
    text = (request.getfixturevalue(site).site / "404.html").read_text("utf-8")
    policy = rules(html.fromstring(text.encode()).xpath("//meta[@http-equiv]/@content")[0])
    for name in ("style", "script"):
        inside = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digests = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inside]
        assert policy.get(f"{name}-src", []) == digests, f"write into templates/theme/404.html: {digests}"


def test_the_hosts_of_the_sound_are_in_order_and_named_once(linked) -> None:
    root = {
        "knowledge/series.yml": "a: {title: Alpha}",
        "a-001": "audio: {url: 'https://z.example/a.mp3'}\n---\n",
        "a-002": "audio: {url: 'https://count.example/redirect.mp3/cdn.example/b.mp3'}\n---\n",
        "a-003": "audio: {url: 'https://Z.example:8443/c.mp3'}\n---\n",
        "a-004": "audio: {url: 'https://z.example/d.mp3'}\n---\n",
    }
    catalog = linked(root).catalog
    named = ["https://cdn.example", "https://count.example", "https://z.example", "https://z.example:8443"]
    assert list(media_hosts(catalog)) == named
    assert list(media_hosts(catalog, ["https://*.later.example"])) == ["https://*.later.example", *named]
    policy = policy_partial(catalog, Settings("S", media=("https:",))).decode()
    assert f"media-src 'self' {' '.join(sorted(['https:', *named]))};" in policy


def test_where_they_are_very_many_all_are_allowed(linked) -> None:
    root = {"knowledge/series.yml": "a: {title: Alpha}"}
    root |= {f"a-{n:03}": f"audio: {{url: 'https://h{n}.example/a.mp3'}}\n---\n" for n in range(1, MAX_HOSTS + 2)}
    assert media_hosts(linked(root).catalog) == ("https:",)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example;script-src*/x", "https://a.example,x/y", "https://*/x", "https://'self'/x", "https://[::1]/x",
        "https://a b/x", "https:///x", "javascript:x", "data:x", "https://a.example:99999/", "https://a\u2100b/", "https://a..b/",
        'https://a">/x', "//a.example", "",
    ],
)  # fmt: skip
def test_no_address_adds_a_rule(address) -> None:
    assert host_source(address) == ""
    assert meta(content_policy([host_source(address)])) == meta(content_policy())


@pytest.mark.parametrize(
    "text", ["*", "https://*", "a.example", "https://a.example/b", "https://a; script-src *", "", "data:"]
)
def test_a_setting_that_is_no_host_is_a_problem(tmp_path, text) -> None:
    assert settings_source(text) == ""
    options = json.dumps({"mlguide": {"media": [text], "allow": [text]}})
    (tmp_path / "mkdocs.yml").write_text(f"site_name: S\ndocs_dir: build/pages\nplugins: [{options}]\n", "utf-8")
    found = [problem.message for problem in settings_problems(tmp_path)]
    assert found == [f'{name}: "{text}" is not a host' for name in ("media", "allow")]


def test_only_a_preview_allows_scripts_within_pages() -> None:
    assert rules(content_policy())["script-src"] == ["'self'"]
    assert rules(content_policy(preview=True))["script-src"] == ["'self'", "'unsafe-inline'"]


def test_the_settings_allow_more_than_audio(linked) -> None:
    catalog = linked({"knowledge/series.yml": "a: {title: Alpha}"}).catalog
    hosts = "https://*.cdn.example https://stats.example"
    settings = Settings("S", allow=("https://stats.example/", "https://*.cdn.example", "'unsafe-inline'"))
    policy = policy_partial(catalog, settings).decode()
    for name in ("img-src", "font-src", "connect-src"):
        assert f" {hosts}; " in policy.partition(f"{name} 'self'")[2].partition("src")[0].removeprefix(" data:"), name
    assert policy.count(f"'self' 'unsafe-inline' {hosts};") == 2
    assert f"media-src 'self' {hosts}" not in policy
    assert "a; script-src" not in policy_partial(catalog, Settings("S", allow=("https://a; script-src *",))).decode()


def test_hosts_that_set_headers_are_told_what_no_page_can_say(addressed) -> None:
    headers = (addressed.site / "_headers").read_text("utf-8")
    assert "frame-ancestors 'self'" in headers
    assert "nosniff" in headers


def test_a_root_may_have_a_policy_of_its_own(run, tmp_path) -> None:
    run("mlguide", "init", "kb", "--site-url", ADDRESS, cwd=tmp_path)
    own = tmp_path / "kb/templates/theme/partials/content-policy.html"
    own.parent.mkdir(parents=True)
    own.write_text('<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">', "utf-8")
    run("mlguide", "build", cwd=tmp_path / "kb")
    found = policies(tmp_path / "kb/site")
    found.pop("404.html")
    assert set(found.values()) == {"default-src 'self'"}
