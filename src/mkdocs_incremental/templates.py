"""Pages without a source of their own: the theme's static templates (404.html, sitemap.xml …) and `extra_templates`."""

import gzip
import io
import logging
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import jinja2
from mkdocs import utils
from mkdocs.commands.build import get_context

from mkdocs_incremental import clock
from mkdocs_incremental.built import Message
from mkdocs_incremental.course import Course
from mkdocs_incremental.messages import overheard
from mkdocs_incremental.observed import ObservedList

log = logging.getLogger("mkdocs.commands.build")
SITEMAP = "sitemap.xml"


class Rendered(NamedTuple):
    """What templates without a page were found to make."""

    files: dict[str, bytes]
    """By path in the site."""
    reads: str
    """What they read, as `Noted.told` says it."""
    said: tuple[Message, ...]
    """The warnings meanwhile."""


def templates(course: Course) -> Rendered:
    """Render them all. Raises what plugins and templates raise."""
    with course.reads.by(None) as noted, overheard() as said:
        made = dict(_rendered(course))
    return Rendered(made, noted.told(), tuple(said))


def _rendered(course: Course) -> Iterator[tuple[str, bytes]]:
    for name in sorted(course.config.theme.static_templates):
        try:
            template = course.env.get_template(name)
        except jinja2.TemplateNotFound:
            log.warning("Template skipped: '%s' not found in theme directories.", name)
            continue
        if data := _render(course, name, template):
            yield name, data
            if name == SITEMAP:
                yield f"{name}.gz", _compressed(course, name, data)
    for name in course.config.extra_templates:
        file = course.files.get_file_from_path(name)
        if file is None:
            log.warning("Template skipped: '%s' not found in docs_dir.", name)
            continue
        try:
            template = jinja2.Template(file.content_string)
        except Exception as error:
            log.warning("Error reading template '%s': %s", name, error)
            continue
        if data := _render(course, name, template):
            yield file.dest_uri, data


def _render(course: Course, name: str, template: jinja2.Template) -> bytes:
    config, plugins = course.config, course.config.plugins
    template = plugins.on_pre_template(template, template_name=name, config=config)
    if utils.is_error_template(name):
        # shown at any depth, so its addresses begin at the host
        base = urlsplit(config.site_url or "/").path
    else:
        base = utils.get_relative_url(".", name)
    pages = ObservedList(course.files.documentation_pages(), course.reads)
    context = get_context(course.nav, pages, config, base_url=base)
    context["build_date_utc"] = clock.ObservedTime.of(context["build_date_utc"], course.reads.flag)
    context = plugins.on_template_context(context, template_name=name, config=config)
    output = plugins.on_post_template(template.render(context), template_name=name, config=config)
    if not output.strip():
        log.info("Template skipped: '%s' generated empty output.", name)
        return b""
    return output.encode("utf-8")


def _compressed(course: Course, name: str, data: bytes) -> bytes:
    """As MkDocs compresses its sitemap: with the day of the pages as its time."""
    pages = [file.page for file in course.files.documentation_pages() if file.page is not None]
    buffer = io.BytesIO()
    time = utils.get_build_timestamp(pages=pages)
    with gzip.GzipFile(fileobj=buffer, filename=f"{name}.gz", mode="wb", mtime=time) as stream:
        stream.write(data)
    return buffer.getvalue()
