"""Lists the files of a site that readers can save for offline reading, and adds the service worker and the manifest."""

import hashlib
import io
import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

from mkdocs_incremental.output import files_in
from mkdocs_incremental.signatures import of_status
from mlguide_site.build.cache import Rows
from mlguide_site.build.outputs import put
from mlguide_site.config import Settings
from mlguide_site.content.files import disk_errors
from mlguide_site.content.resources import ASSETS, packaged_templates, without_comments
from mlguide_site.model.wording import is_right_to_left
from mlguide_site.publish.social_cards import FOLDER

LIST, WORKER, MANIFEST, ICON = "offline.json", "sw.js", "manifest.json", f"{ASSETS}/icon-512.png"
SIZE = 512  # the width and height of the icon in pixels
SUFFIXES = tuple(".html .css .js .svg .png .webp .jpg .jpeg .gif .avif .ico .woff2 .json .txt".split())
"""The suffixes of the files that pages need. Audio is left out."""
_UNUSED = (FOLDER, "assets/javascripts/lunr/")  # social cards, and the theme's search


def offline_files(site: Path, settings: Settings, known: Rows) -> Rows:
    """Write the list, the service worker and the manifest into a site. `known` has the rows of the last build, with the
    signature, size and digest of each file. Return the new rows. Raises ResourceError."""
    rows = {}
    with disk_errors(site):
        write_icon(site, settings.favicon)
        put(f"{site}/{MANIFEST}", manifest(settings))
        for path in filter(_is_saved, files_in(site)):
            place = f"{site}/{path}"
            signature = of_status(os.lstat(place))
            rows[path] = row = known.get(path, ("", ""))
            if row[0] != signature:
                data = Path(place).read_bytes()
                rows[path] = signature, f"{len(data)} {_sha256(data)}"
        files = ((_address(path), *value.split()) for path, (_, value) in rows.items())
        listed = _json(sorted((address, int(size), sha256) for address, size, sha256 in files))
        put(f"{site}/{LIST}", listed)
        put(f"{site}/{WORKER}", worker(settings, _sha256(listed)))
    return rows


def _is_saved(path: str) -> bool:
    """Return whether a file is part of a saved copy. JSON and text at the top of a site or beside notes is not."""
    is_data = path.endswith((".json", ".txt")) and ("/" not in path or path.startswith("episodes/"))
    in_copy = path.endswith(SUFFIXES) or path.startswith("pagefind/")
    return in_copy and not is_data and not path.startswith(_UNUSED) and path not in (WORKER, "404.html")


def _address(path: str) -> str:
    return path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path


def _sha256(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def worker(settings: Settings, digest: str) -> bytes:
    """Return the service worker. `digest` is the digest of the list of files."""
    texts = [settings.wording.translate(key) for key in ("not-saved", "not-saved-hint", "home")]
    direction = "rtl" if is_right_to_left(settings.language) else "ltr"
    data = {"list": digest, "page": texts, "language": settings.language, "direction": direction}
    source = (packaged_templates() / "service-worker.js").read_bytes()
    return b"const SITE = %b\n%b" % (_json(data), without_comments(source, WORKER))


def manifest(settings: Settings) -> bytes:
    """Return the web app manifest (https://www.w3.org/TR/appmanifest/), which lets readers install the site."""
    is_svg = settings.favicon.endswith(".svg")
    icons = [{"src": settings.favicon, "sizes": "any", "type": "image/svg+xml"}] if is_svg else []
    if not is_svg or settings.favicon.startswith(ASSETS):
        icons.append({"src": ICON, "sizes": f"{SIZE}x{SIZE}", "type": "image/png"})
    names = {"name": settings.site_name, "short_name": settings.site_name, "description": settings.site_description}
    colours = {"theme_color": "#f9f7f2", "background_color": "#f9f7f2"}
    place = {"start_url": "./", "scope": "./", "id": "./", "display": "minimal-ui", "lang": settings.language}
    return _json({**{key: text for key, text in names.items() if text}, **colours, **place, "icons": icons})


def write_icon(site: Path, favicon: str) -> None:
    """Draw the icon of an installed site from the site's favicon, unless the favicon is a drawing."""
    from PIL import Image  # noqa: PLC0415 - most sites have a drawing

    if favicon and not favicon.endswith(".svg") and (site / favicon).is_file():
        out = io.BytesIO()
        with Image.open(site / favicon) as image:
            image.convert("RGBA").resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "PNG")
        put(f"{site}/{ICON}", out.getvalue())
