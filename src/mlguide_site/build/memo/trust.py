"""Whether a file of remembered results is of this user's own making: a stranger's could say anything of any input.

A secret lies in the user's own cache folder, where no checkout can put one; what is remembered names it by a digest.
"""

import contextlib
import hashlib
import os
import secrets
import sys
from pathlib import Path

FILE = "owner.key"
_LENGTH = 32


def cache_folder() -> Path | None:
    """The folder in which programs of this user keep what they can make again; None where there is none."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = f"{home}/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or f"{home}/.cache"
    return Path(base) / "mlguide" if base and os.path.isabs(base) else None


def owner_mark(folder: Path | None) -> str:
    """What this user's files are marked with: 32 hexadecimal digits; "" where no secret can be kept in the folder."""
    if folder is None:
        return ""
    path = folder / FILE
    try:
        data = _secret(path)
        if data is None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = folder / f".{FILE}.{secrets.token_hex(4)}"
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_LENGTH))
            with contextlib.suppress(FileExistsError):
                # of two processes that make one at the same time, both take the one that stands in the end
                os.replace(fresh, path)
            data = _secret(path)
    except OSError:
        return ""
    return hashlib.blake2b(data, digest_size=16, person=b"mlguide memo").hexdigest() if data else ""


def _secret(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    return data if len(data) == _LENGTH else None
