"""Reads and changes `hub.yml`, the file that lists the shows of a hub."""

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mlguide_site.content.files import decode_content, exclusive, read_bytes, resolve_inside, write_atomic
from mlguide_site.content.knowledge import dump_schema
from mlguide_site.content.site_settings import PATH as SETTINGS
from mlguide_site.content.site_settings import is_site_address, read_origin
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_edit import Addition, add_all, dump_mapping
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.errors import Problem, ResourceError, Span, UsageError, content_error, refuse_errors, visible
from mlguide_site.importers import Context, EntryDraft, Source
from mlguide_site.importers.common.addresses import is_web_address, without_secrets
from mlguide_site.importers.opml import feeds
from mlguide_site.merge.fetch import fetch, is_public
from mlguide_site.merge.sources import FORMATS
from mlguide_site.model.base import Record, Slug, Text, Title, Url
from mlguide_site.model.slugs import make_slug

PATH, SCHEMA = "hub.yml", "schemas/hub.schema.json"
_MEMBER = re.compile(r"(tool|topic|resource|term|person):[a-z0-9-]+/[a-z0-9-]+")


def _member(value: str) -> str:
    if not _MEMBER.fullmatch(value):
        raise ValueError("is not an entry of a show; write the kind, show and slug, such as tool:my-show/docker")
    return value


def _members(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) < 2:
        raise ValueError("has fewer than two entries; write at least two")
    if len({value.partition(":")[0] for value in values}) > 1:
        raise ValueError("has entries of several kinds; write entries of one kind")
    return values


def _address(value: str) -> str:
    if not is_site_address(value):
        raise ValueError("is not the address of a site; write one such as https://example.org/hub/")
    return value


Members = Annotated[tuple[Annotated[str, AfterValidator(_member)], ...], AfterValidator(_members)]


def _feed(value: object) -> object:
    if isinstance(value, str) and not is_web_address(value):
        remedy = "begin it with https:// or http://; for a file, run mlguide init --feed FILE, and write folder: …"
        raise ValueError(f"is not a web address; {remedy}")
    return value


class Show(Record):
    """A show of a hub. Exactly one of the fields `feed`, `git` and `folder` is set."""

    title: Title | None = Field(None, description="name of the show; default: the name in the feed or the settings")
    feed: Annotated[Url, BeforeValidator(_feed)] | None = Field(None, description="address of the show's feed")
    git: Text | None = Field(None, description="address of a git repository with the show's notes")
    folder: Text | None = Field(None, description="folder with the show's notes, relative to hub.yml")

    @property
    def source(self) -> str:
        return self.feed or self.git or self.folder or ""

    @model_validator(mode="after")
    def _has_one_source(self) -> "Show":
        if [self.feed, self.git, self.folder].count(None) != 2:
            raise ValueError("must have one source; write exactly one of feed, git and folder")
        return self


class Hub(Record):
    """The shows of a hub, and decisions about entries that shows have in common."""

    title: Title = Field(description="name of the hub")
    address: Annotated[Url, AfterValidator(_address)] | None = Field(None, description="address of the published hub")
    shows: dict[Slug, Show] = Field(default_factory=dict, description="shows of the hub, by slug")
    same: tuple[Members, ...] = Field((), description="groups of entries that the hub joins")
    different: tuple[Members, ...] = Field((), description="groups of entries that the hub never joins")

    def url(self, path: str = "") -> str:
        """Return the address of a path in the site, or "" if the hub has no address."""
        return f"{self.address.rstrip('/')}/{path}" if self.address else ""


class HubFile(NamedTuple):
    """A valid `hub.yml`, and the positions of its values."""

    hub: Hub
    located: Located


def read_hub(root: Path) -> HubFile:
    """Read `hub.yml`. Raises UsageError if the file is missing, ContentError if it is invalid, and ResourceError."""
    if not (root / PATH).is_file():
        remedy = 'go to the folder of a hub, pass the folder with -C, or run "mlguide hub init"'
        raise UsageError(f"{root}: no {PATH} here; {remedy}")
    return _validated(decode_content(read_bytes(resolve_inside(root, PATH)), PATH))


def _validated(text: str) -> HubFile:
    located = read_yaml(text, PATH)
    hub, problems = validate(Hub, located.value, located, PATH)
    refuse_errors(problems)
    assert hub is not None
    return HubFile(hub, located)


def init_hub(root: Path, title: str | None, address: str) -> None:
    """Create a hub in a new or empty folder. Raises UsageError, ContentError (title or address) and ResourceError."""
    if root.exists() and (not root.is_dir() or {path.name for path in root.iterdir()} - {".git", "LICENSE"}):
        raise UsageError(f"{root}: this is not an empty folder; choose a new or empty folder")
    fields = {"title": visible(title or root.resolve().name)} | ({"address": address} if address else {})
    text = f"# yaml-language-server: $schema={SCHEMA}\n{dump_mapping(fields)}"
    _validated(text)
    schema = dump_schema(Hub.model_json_schema())
    for path, data in {".gitignore": ".mlguide/\nsite/\nstore/\n", SCHEMA: schema, PATH: text}.items():
        write_atomic(root / path, data.encode())


def add_shows(root: Path, sources: Iterable[str], opml: Path | None) -> dict[str, dict[str, str]]:
    """Add shows to `hub.yml`: feeds, git addresses, folders, and the feeds of an OPML file. Sources that are already in
    `hub.yml` are skipped. Return the fields of the added shows, by slug. If a source can't be read, nothing is written.
    Raises UsageError, ContentError and ResourceError."""
    shows = read_hub(root).hub.shows
    found = [_described(root, source) for source in sources]
    listed = feeds(Source(str(opml), read_bytes(opml))) if opml else []
    private = [line for _, url, line in listed if _is_private(url)]
    message = "the feed is on a private network, so a hub can't import it; no show was added"
    remedy = "remove the feed from the file"
    refuse_errors(Problem(str(opml), Span(line), message, remedy) for line in private)
    found += [{"title": title or urlsplit(url).hostname or "", "feed": url} for title, url, _ in listed]
    known, added = {show.source for show in shows.values()}, dict[str, dict[str, str]]()
    numbers = Counter[str]()
    for fields in found:
        if (source := [*fields.values()][-1]) not in known:
            known.add(source)
            slug = make_slug(fields["title"], "show")
            stem = slug[:50].rstrip("-")
            while slug in shows or slug in added:
                numbers[stem] += 1
                slug = f"{stem}-{numbers[stem] + 1}"
            added[slug] = fields
    with exclusive(root):
        where = [Addition(("shows",), {slug: fields}) for slug, fields in added.items()]
        where = where if shows or not added else [Addition((), {"shows": added}, tuple(Hub.model_fields))]
        text, failed = add_all(decode_content(read_bytes(root / PATH), PATH), where, PATH)
        if failed:
            remedy = "write the file in YAML block style, and remove a line shows: without shows"
            raise content_error(PATH, "the shows can't be added to this file", remedy)
        write_atomic(root / PATH, text.encode())
    return added


def _is_private(url: str) -> bool:
    """Return whether an address names a private host. The IP addresses of host names are checked by each import."""
    host = urlsplit(url).hostname or ""
    try:
        return not is_public(host)
    except ValueError:
        return host.rpartition(".")[2] == "localhost"


def _described(root: Path, source: str) -> dict[str, str]:
    if Path(source).is_dir():
        if not (Path(source) / SETTINGS).is_file():
            raise UsageError(f"{source}: no {SETTINGS} here; give the folder of a knowledge base")
        folder = Path(os.path.relpath(Path(source).resolve(), root.resolve())).as_posix()
        return {"title": read_origin(Path(source)).name, "folder": folder}
    if source.startswith(("git@", "ssh://", "git://")) or source.rstrip("/").endswith(".git"):
        name = source.rstrip("/").removesuffix("/.git").replace(":", "/").rpartition("/")[2].removesuffix(".git")
        return {"title": name, "git": source}
    if Path(source).is_file():
        remedy = "create a knowledge base from it with mlguide init --feed, and add the folder"
        remedy = "add the feeds of an OPML file with --opml" if source.lower().endswith(".opml") else remedy
        raise UsageError(f"{source}: a hub imports feeds only from web addresses; {remedy}")
    if not is_web_address(source):
        raise UsageError(f"{source}: no such folder; give a feed, a folder or an address that ends in .git")
    feed = fetch(source)
    if not FORMATS["feed"].sniff(feed):
        raise ResourceError(f"{without_secrets(source)}: this is not a feed; give the address of the show's feed")
    entries = [item for item in FORMATS["feed"].items(feed, Context()) if isinstance(item, EntryDraft)]
    titles = [str(one.fields["title"]) for one in entries if one.kind == "series"]
    return {"title": titles[0] if titles else urlsplit(source).hostname or "", "feed": source}
