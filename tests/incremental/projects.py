"""Small MkDocs projects: helpers that edit them, build them with the driver and with MkDocs, and compare the sites."""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from mkdocs_incremental.builder import BuildResult, build
from mkdocs_incremental.messages import recorded

SETTINGS = """\
site_name: {name}
site_url: https://docs.example/at/
theme: {{name: null, custom_dir: theme, static_templates: [404.html, about.html]}}
nav: {nav}
not_in_nav: "/notes/"
exclude_docs: "hidden-*"
plugins: {plugins}
extra_templates: [feed.txt]
markdown_extensions: [toc: {{permalink: true}}, admonition, footnotes, tables]
validation: {{links: {{anchors: warn}}}}
"""
MAIN = """\
<html><head><title>{{ page.title }} - {{ config.site_name }}</title>
{% if page.meta.description %}<meta name="description" content="{{ page.meta.description }}">{% endif %}</head><body>
{% macro bar() %}
<nav>{% for item in nav %}<a href="{{ item.url|url }}"{% if item.active %} class="here"{% endif %}>{{ item.title }}</a>
{% for child in item.children or () %}<b>{{ child.title }}</b>{% endfor %}{% endfor %}</nav>{% endmacro %}
{{ shared(page, bar) if shared is defined and page else bar() }}
{% set last = page.previous_page %}{% if last %}<a rel="prev" href="{{ last.url|url }}">{{ last.title }}</a>{% endif %}
{% if page.next_page %}<a rel="next" href="{{ page.next_page.url|url }}">{{ page.next_page.title }}</a>{% endif %}
<ul>{% for item in page.toc %}<li>{{ item.title }}
{% for sub in item.children %} {{ sub.id }}{% endfor %}</li>{% endfor %}</ul>
{% block content %}{{ page.content }}{% endblock %}
{% include "foot.html" %}</body></html>
"""
THEME = {
    "main.html": MAIN,
    "foot.html": "<footer>{{ page.canonical_url }}</footer>",
    # reads every page's title and front matter
    "list.html": """{% extends "main.html" %}{% block content %}{% for file in pages %}
{{ file.url }} {{ file.page.title }} {{ file.page.meta.description }}{% endfor %}{% endblock %}""",
    # reads the time
    "year.html": """{% extends "main.html" %}{% block content %}{{ build_date_utc.strftime("%Y") }}
{{ page.update_date }}{{ page.content }}{% endblock %}""",
    # reads the content of another page
    "home.html": """{% extends "main.html" %}{% block content %}{{ page.content }}
{% for file in pages if file.src_uri == "notes/a.md" %}{{ file.page.content }}{% endfor %}{% endblock %}""",
    "404.html": "{{ nav.homepage.title }} {{ base_url }}",
    "about.html": "{% for file in pages %}{{ file.page.title }}, {% endfor %}",
    "style.css": "body {}",
}
PAGES = {
    "index.md": "---\ntemplate: home.html\n---\n# Home\n\n[a](notes/a.md) [b](notes/b.md#part) ![i](img/i.png)\n",
    "guide.md": "# Guide\n\n## Part\n\nSee [a](notes/a.md#part) and [home](index.md).\n",
    "list.md": "---\ntemplate: list.html\n---\n# All\n",
    "notes/a.md": "---\ndescription: First\ntags: [x, y]\n---\n# A\n\n## Part\n\nText.[^1]\n\n[^1]: Note.\n",
    "notes/b.md": "# B\n\n## Part\n\nBack to [a](a.md#part), [gone](gone.md), [no](a.md#no).\n",
    "notes/year.md": "---\ntemplate: year.html\n---\n# Year\n",
    "feed.txt": "{% for file in pages %}{{ file.page.title }}\n{% endfor %}",
    "img/i.png": "i",
}


@dataclass(frozen=True)
class Project:
    """A project in a separate folder."""

    folder: Path

    @property
    def site(self) -> Path:
        """The site folder of the driver."""
        return self.folder / "site"

    @property
    def cache(self) -> Path:
        """The cache file of the driver."""
        return self.folder / "cache" / "site.db"

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())

    def settings(
        self, name: str = "Docs", nav: str = "[index.md, {G: guide.md}, list.md]", plugins: str = "[]"
    ) -> None:
        """Write `mkdocs.yml`."""
        self.write("mkdocs.yml", SETTINGS.format(name=name, nav=nav, plugins=plugins))

    def build(self, jobs: int = 1, strict: bool = False) -> BuildResult:
        """Build with the driver."""
        config = load_config(str(self.folder / "mkdocs.yml"))
        config.strict = strict
        return build(config, self.site, self.cache, jobs)

    def build_clean(self) -> tuple[Mapping[str, bytes | None], list[str]]:
        """Build with MkDocs. Returns the files and the warnings."""
        folder = self.folder / "clean"
        shutil.rmtree(folder, ignore_errors=True)
        config = load_config(str(self.folder / "mkdocs.yml"), site_dir=str(folder))
        config.plugins.on_startup(command="build", dirty=False)
        with recorded() as heard:
            mkdocs_build(config)
        config.plugins.on_shutdown()
        return tree(folder), [message.text for message in heard]


def tree(folder: Path) -> Mapping[str, bytes | None]:
    """Return the contents of the files in a folder, by path. The content of a subfolder is None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def new_project(folder: Path, plugins: str = "[]") -> Project:
    """Write a project of eight files and a custom theme, with every way in which a page can read another page."""
    project = Project(folder)
    project.settings(plugins=plugins)
    for path, text in PAGES.items():
        project.write(f"docs/{path}", text)
    for path, text in THEME.items():
        project.write(f"theme/{path}", text)
    return project


def compare(project: Project, jobs: int = 1) -> BuildResult:
    """Build with the driver and with MkDocs. Both must agree on every byte and every warning."""
    try:
        built = project.build(jobs)
    except Abort as error:
        raise AssertionError(f"the build was refused: {error}") from None
    expected, warnings = project.build_clean()
    found = tree(project.site)
    differing = sorted(path for path in expected.keys() | found.keys() if expected.get(path, 0) != found.get(path, 0))
    assert not differing, (
        differing,
        built.reason,
        sorted(built.written),
        [found.get(differing[0]), expected.get(differing[0])],
    )
    assert [message.text for message in built.messages] == warnings
    return built


def silence() -> None:
    """Keep log messages from being printed. The tests inspect them."""
    logging.getLogger("mkdocs").propagate = False
