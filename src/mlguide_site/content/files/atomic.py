"""Writing files so that a reader sees the old bytes or the new ones and nothing between, inside one folder only."""

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path, PurePosixPath

from mlguide_site.errors import ContentError, Problem, ResourceError, Span

_REASONS = {errno.ENOSPC: "No space left", errno.EDQUOT: "No space left", errno.EACCES: "Permission denied"}


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary file beside it, flushed to disk, takes its place.

    Folders are made as needed; the mode of a file that is there is kept. Raises ResourceError where the disk refuses:
    the old bytes stand and no temporary file is left.
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
    """Remove a file, if it is there. Raises ResourceError where the disk refuses."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise resource_error(path, error) from None


def resource_error(path: Path | str, error: OSError) -> ResourceError:
    """What a failed operation on a file is called: `PATH: No space left; …`."""
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    remedy = "free some and run it again" if reason == "No space left" else "see to it and run it again"
    return ResourceError(f"{path}: {reason}; {remedy}")


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file. Raises ResourceError where it can't be read, or is a pipe or a device."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ResourceError(f"{path}: this is not a regular file; put the file itself there")
        return path.read_bytes()
    except OSError as error:
        raise resource_error(path, error) from None


def resolve_inside(root: Path, relative: str) -> Path:
    """The path of a file of the root, from its path relative to it with forward slashes.

    Raises ContentError where it would leave the root: by `..`, as an absolute path, by a drive or an odd character, or
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
    problem = Problem(
        relative, Span(), "the path leaves the root, or goes through a symbolic link", "use a file in the root"
    )
    return ContentError([problem])
