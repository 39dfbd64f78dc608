"""Files of a root: read as bytes and text, written whole or not at all, inside one folder only."""

import contextlib
import errno
import os
import re
import secrets
import stat
from pathlib import Path, PurePosixPath

from mlguide_site.errors import ContentError, Problem, ResourceError, Span

_REASONS = {errno.ENOSPC: "No space left", errno.EDQUOT: "No space left", errno.EACCES: "Permission denied"}
_CONFLICT = re.compile(r"(?:<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|) ")
_CONFLICT_END = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.M)
_FENCE = re.compile(r"---[ \t]*$")


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary file in its folder, flushed to disk, replaces it.

    Folders are made as needed; the mode of an existing file is kept. Raises ResourceError if the disk refuses: the old
    bytes are kept and no temporary file is left.
    """
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileNotFoundError):
                temporary.chmod(stat.S_IMODE(path.stat().st_mode))
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise resource_error(path, error) from None


def remove_file(path: Path) -> None:
    """Remove a file if it exists. Raises ResourceError if the disk refuses."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise resource_error(path, error) from None


def resource_error(path: Path | str, error: OSError) -> ResourceError:
    """The exception for a failed operation on a file: `PATH: No space left; …`."""
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    remedy = "free some and run it again" if reason == "No space left" else "see to it and run it again"
    return ResourceError(f"{path}: {reason}; {remedy}")


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file. Raises ResourceError if it can't be read, or is a pipe or a device."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ResourceError(f"{path}: this is not a regular file; put the file itself there")
        return path.read_bytes()
    except OSError as error:
        raise resource_error(path, error) from None


def resolve_inside(root: Path, relative: str) -> Path:
    """The path of a file of the root, from its path relative to it with forward slashes.

    Raises ContentError if it would leave the root: by `..`, as an absolute path, by a drive or an odd character, or
    through a symbolic link, whether the file exists or not.
    """
    pure = PurePosixPath(relative)
    odd = not relative or "\\" in relative or ":" in relative or not relative.isprintable()
    if odd or pure.is_absolute() or ".." in pure.parts or pure.parts == ():
        raise _outside(relative)
    path = root
    try:
        for part in pure.parts:
            path = path / part
            if path.is_symlink():
                raise _outside(relative)
            if path != root / pure and path.exists() and not path.is_dir():
                raise ResourceError(f"{relative}: {part} is a file where a folder is to be; move it away")
    except OSError as error:
        raise resource_error(relative, error) from None
    return path


def _outside(relative: str) -> ContentError:
    message, remedy = "the path leaves the root, or goes through a symbolic link", "use a file in the root"
    return ContentError([Problem(relative, Span(), message, remedy)])


def decode(data: bytes, path: str) -> str:
    """The text of a file: UTF-8, a byte-order mark skipped. Raises ContentError that names the first bad byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # places are counted behind the byte-order mark
        data = error.object
        before = data[: error.start]
        span = Span(before.count(b"\n") + 1, len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise ContentError([Problem(path, span, message, "save the file as UTF-8")]) from None
    if "\x00" in text:
        span = Span(text[: text.index("\x00")].count("\n") + 1, 1)
        raise ContentError([Problem(path, span, "the file holds a NUL character", "remove it")])
    return text


def decode_content(data: bytes, path: str) -> str:
    """The text of a content file. Raises ContentError if it isn't UTF-8, or holds an unresolved merge conflict."""
    text = decode(data, path)
    if conflicts := conflict_markers(text, path):
        raise ContentError(conflicts)
    return text


def conflict_markers(text: str, path: str, line: int = 1) -> list[Problem]:
    """A problem for each line that a git merge left behind. Code blocks, setext underlines and markers within a line
    are none."""
    if not _CONFLICT_END.search(text):
        return []
    remedy = "resolve the conflict and remove the markers"
    found, fenced = [], ""
    # a text in the front matter begins no block of code in the body
    in_front = _FENCE.match(text.partition("\n")[0]) is not None
    for number, content in enumerate(text.split("\n"), line):
        in_front = in_front and (number == line or not _FENCE.match(content))
        fence = None if in_front else re.match(r"\s*(```+|~~~+)", content)
        if fence and (not fenced or content.strip().startswith(fenced)):
            fenced = "" if fenced else fence[1]
        elif not fenced and _CONFLICT.match(content):
            found.append(Problem(path, Span(number, 1), "a merge conflict is not resolved", remedy))
    return found
