"""Writes ZIP archives whose bytes depend only on the files and on the version of zlib."""

import io
import zipfile
from collections.abc import Collection, Iterable


def zipped(files: Iterable[tuple[str, bytes]], stored: Collection[str] = (), level: int | None = None) -> bytes:
    """Return an archive of `files` (path and bytes). The files in `stored` are not compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name, data in files:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            out.writestr(info, data, compresslevel=level)
    return packed.getvalue()
