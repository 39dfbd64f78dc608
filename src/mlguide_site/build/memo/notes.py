"""Note files as earlier builds read them: front matter, parsed body and what the text names, each part made when asked.

A note file is known by its bytes; what its text names also by the tables that it was looked through with. Joining up
asks for little of each; the text itself, its blocks and its tree come from the store or are read anew, and only for the
few notes whose pages are made again.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, overload

from mlguide_site.build.memo import forms
from mlguide_site.build.memo.stamps import Stamp
from mlguide_site.build.memo.values import Known, text_digest
from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER, Located, read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.linking.scan import Mention, Scan
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.parse import parse
from mlguide_site.model import Episode, EpisodeFile
from mlguide_site.model.slugs import parse_id


class NoteRow(NamedTuple):
    """A note file as it is kept: its stamp and whether that can be trusted, digest of its bytes, front matter, the
    light part of its document, the same of its scan, a digest of all of the scan, one of what others than its own page
    are told of the text; and what is read when asked for: the text, the heavy parts of document and scan, and the text
    in which names are searched, as it is searched."""

    path: str
    size: int
    time: int
    changed: int
    number: int
    settled: bool
    digest: str
    front: str
    outline: str
    found: str
    named: str
    outward: str
    text: str
    blocks: str
    mentions: str
    searched: str

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.size, self.time, self.changed, self.number)


LIGHT = NoteRow._fields[: NoteRow._fields.index("text")]
"""What of a row is read for every note."""
Fetch = Callable[[str], str]
"""Gives a heavy part of a row by its name: `text`, `blocks`, `mentions`, `searched`."""


class _Recent:
    """What was last read of the heavy parts: so many of them stay, however many are asked for in the end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._read: deque[tuple[object, tuple[str, ...]]] = deque()

    def fill(self, record: object, **values: object) -> None:
        """Set fields of a record until others have been set since."""
        _fill(record, **values)
        self._read.append((record, tuple(values)))
        if len(self._read) > self._most:
            old, names = self._read.popleft()
            for name in names:
                object.__delattr__(old, name)

    def forget(self) -> None:
        """Let go of all of it: the records know the builds that read them."""
        for record, names in self._read:
            for name in names:
                object.__delattr__(record, name)
        self._read.clear()


_recent = _Recent(64)


def forget_recent() -> None:
    """Let go of the heavy parts that were read last; whoever asks for them has them read again."""
    _recent.forget()


def scanned_key(names: str, references: str, listed: Iterable[str]) -> str:
    """What a text was scanned with: the fingerprints of the tables, and what the front matter of the episode lists."""
    return f"{names} {references} {' '.join(sorted(set(listed)))}"


class RememberedFile(EpisodeFile, Known):
    """An episode's file whose body and places are read when they are asked for."""

    __slots__ = ("_digest", "_fetch", "_front")
    _digest: str
    _fetch: Fetch
    _front: str

    @property
    def known_digest(self) -> str:
        return f"{self.path} {self._digest}"

    @property
    def front_digest(self) -> str:
        """A digest of the front matter alone."""
        return text_digest(self._front)

    def __getattr__(self, name: str) -> Any:
        if name == "body":
            _recent.fill(self, body=split_front_matter(self._fetch("text"), self.path).body)
        elif name == "spans":
            _recent.fill(self, spans=_places(self._fetch("text"), self.path))
        else:
            raise AttributeError(name)
        return getattr(self, name)


def _places(text: str, path: str) -> Located | None:
    try:
        parts = split_front_matter(text, path)
        return read_yaml(parts.yaml, path, parts.yaml_line, MAX_FRONT_MATTER)
    except ContentError:
        return None


def write_front(file: EpisodeFile) -> str:
    """The front matter of a file as JSON."""
    meta = file.meta.model_dump(mode="json", exclude_defaults=True)
    return forms.write_json([meta, file.body_line, dict(file.extra)])


def remembered_file(path: str, front: str, digest: str, fetch: Fetch) -> RememberedFile:
    """A file from its front matter."""
    values, line, extra = json.loads(front)
    meta = Episode.model_validate(values)
    series = path.split("/")[1] if path.count("/") > 1 else ""
    key = parse_id(series, meta.id)
    file = RememberedFile.__new__(RememberedFile)
    number = key.number if key else None
    _fill(file, path=path, series=series, number=number, meta=meta, body_line=line, extra=extra)
    _fill(file, _digest=digest, _fetch=fetch, _front=front)
    return file


class FrontMatter(EpisodeFile, Known):
    """An episode's file of which only the front matter is to be seen."""

    __slots__ = ("_digest",)
    _digest: str

    @property
    def known_digest(self) -> str:
        return self._digest

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{name} is not for pages to see")


def front_only(file: EpisodeFile) -> EpisodeFile:
    """A file without its body and places."""
    front = FrontMatter.__new__(FrontMatter)
    for name in ("path", "series", "number", "meta", "body_line", "extra"):
        _fill(front, **{name: getattr(file, name)})
    digest = file.front_digest if isinstance(file, RememberedFile) else text_digest(write_front(file))
    _fill(front, _digest=f"{file.path} {digest}")
    return front


class RememberedDocument(Document, Known):
    """A parsed body whose blocks come from the store, and whose tree is parsed anew, when they are asked for."""

    __slots__ = ("_digest", "_fetch", "_file")
    _digest: str
    _fetch: Fetch
    _file: EpisodeFile

    @property
    def known_digest(self) -> str:
        return f"document {self._digest}"

    def __getattr__(self, name: str) -> Any:
        if name == "tokens":
            _recent.fill(self, tokens=parse(self._file.body, self._file.meta.title).tokens)
        elif name in ("blocks", "segments"):
            blocks, segments = forms.read_blocks(self._fetch("blocks"))
            _recent.fill(self, blocks=blocks, segments=segments)
        else:
            raise AttributeError(name)
        return getattr(self, name)


def remembered_document(
    file: EpisodeFile, outline: str, digest: str, fetch: Fetch, parsed: Document | None = None
) -> RememberedDocument:
    """A document from its outline, or from a parsed one."""
    made = RememberedDocument.__new__(RememberedDocument)
    if parsed is None:
        sections, links, findings, opening = forms.read_outline(outline)
    else:
        sections, links, findings, opening = parsed.sections, parsed.links, parsed.findings, parsed.opening
        _fill(made, tokens=parsed.tokens, blocks=parsed.blocks, segments=parsed.segments)
    _fill(
        made,
        sections=sections,
        links=links,
        findings=findings,
        opening=opening,
        _file=file,
        _digest=digest,
        _fetch=fetch,
    )
    return made


class Mentions(Sequence[Mention], Known):
    """The mentions of a scan, read when somebody asks for one."""

    __slots__ = ("_digest", "_fetch", "_known")
    _known: tuple[Mention, ...]

    def __init__(self, digest: str, fetch: Fetch) -> None:
        self._digest, self._fetch = digest, fetch

    @property
    def known_digest(self) -> str:
        return f"mentions {self._digest}"

    def __getattr__(self, name: str) -> Any:
        if name != "_known":
            raise AttributeError(name)
        _recent.fill(self, _known=forms.read_mentions(self._fetch("mentions")))
        return self._known

    @overload
    def __getitem__(self, at: int) -> Mention: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mention]: ...
    def __getitem__(self, at: int | slice) -> Mention | Sequence[Mention]:
        return self._known[at]

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[Mention]:
        return iter(self._known)


def remembered_scan(found: str, named: str, fetch: Fetch) -> Scan:
    """A scan from its light part. `named` is a digest of all of it."""
    quotes, references = forms.read_found(found)
    return Scan(Mentions(named, fetch), quotes, references)


def write_scan(scan: Scan) -> tuple[str, str, str]:
    """A scan as it is kept: what was found, a digest of all of it, the mentions."""
    found, mentions = forms.write_found(scan.quotes, scan.references), forms.write_mentions(scan.mentions)
    return found, text_digest(f"{found}\n{mentions}"), mentions


def outward_digest(file: EpisodeFile, document: Document, scan: Scan) -> str:
    """A digest of all that others than its own page are told of a body: its headings and links, what it names and
    refers to, in which sentences, and, without a summary, how it begins. Places in the body are left out: only the
    note's own page asks for them."""
    references = [
        (use.found._replace(start=0, end=0), use.section, use.link, use.whole, *use[-3:]) for use in scan.references
    ]
    links = [(link.href, link.text, link.image) for link in document.links]
    opening = "" if file.meta.summary else document.opening
    said = [[section[:3] for section in document.sections], links, scan.quotes, references, opening]
    return text_digest(forms.write_json(said))


def _fill(record: object, **values: object) -> None:
    """Set fields of a frozen record that is not finished yet."""
    for name, value in values.items():
        object.__setattr__(record, name, value)
