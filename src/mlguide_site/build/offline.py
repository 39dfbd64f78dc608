"""Lists the files of a site that readers can save for offline reading, and adds the service worker and the manifest."""

import hashlib
import json
import os
from base64 import b64encode
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from mkdocs_incremental.output import files_in
from mkdocs_incremental.signatures import of_status
from mlguide_site.build.cache import Rows
from mlguide_site.build.outputs import put
from mlguide_site.config import Settings
from mlguide_site.content.files import disk_errors
from mlguide_site.content.resources import ASSETS, packaged_templates, without_comments
from mlguide_site.pages.facets import EPISODE_LIST
from mlguide_site.publish.social_cards import FOLDER

LIST, WORKER, MANIFEST = "offline.json", "sw.js", "manifest.json"
SUFFIXES = tuple(".html .css .js .svg .png .webp .jpg .jpeg .gif .avif .ico .woff2 .json .txt".split())
"""The suffixes of the files that pages need. Audio is left out."""
_UNUSED = (FOLDER, "assets/javascripts/lunr/")  # not saved: social cards, and the theme's search


def offline_files(site: Path, settings: Settings, known: Rows) -> Rows:
    """Write the list of files, the service worker and the manifest into a site. `known` contains the rows of the
    previous build: the signature, size and digest of each file. Return the rows of this build. Raises ResourceError."""
    rows, listed = {}, []
    with disk_errors(site):
        put(f"{site}/{MANIFEST}", manifest(settings))
        for path in filter(_is_saved, files_in(site)):
            signature = of_status(os.lstat(f"{site}/{path}"))
            rows[path] = row = known.get(path, ("", ""))
            if row[0] != signature:
                data = (site / path).read_bytes()
                rows[path] = row = (signature, f"{len(data)} {_sha256(data)}")
            size, sha256 = row[1].split()
            address = path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path
            listed.append((address, int(size), sha256))
        data = _json(sorted(listed))
        put(f"{site}/{LIST}", data)
        put(f"{site}/{WORKER}", worker(settings, _sha256(data)))
    return rows


def _is_saved(path: str) -> bool:
    """Return whether a file is saved for offline use. Hidden files aren't, and JSON and text files at the top of a
    site or in `episodes/` only if they are the list of episodes."""
    in_copy = path.endswith(SUFFIXES) or path.startswith("pagefind/")
    if path.endswith((".json", ".txt")) and ("/" not in path or path.startswith("episodes/")):
        in_copy = path == EPISODE_LIST
    return in_copy and not path.startswith((".", *_UNUSED)) and path not in (WORKER, "404.html")


def _sha256(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def worker(settings: Settings, digest: str) -> bytes:
    """Return the service worker. `digest` is the digest of the list of files."""
    texts = [settings.wording.translate(key) for key in ("not-saved", "not-saved-hint", "home")]
    source = (packaged_templates() / "service-worker.js").read_bytes()
    data = _json({"list": digest, "page": texts, "language": settings.language})
    return b"const SITE = %b\n%b" % (data, without_comments(source, WORKER))


def manifest(settings: Settings) -> bytes:
    """Return the web app manifest (https://www.w3.org/TR/appmanifest/), which lets readers install the site."""
    names = {"name": settings.site_name, "short_name": settings.site_name, "description": settings.site_description}
    look = {"theme_color": "#f9f7f2", "background_color": "#f9f7f2", "display": "minimal-ui"}
    place = {"start_url": "./", "scope": "./", "id": "./", "lang": settings.language}
    icons = [{"src": settings.favicon, "sizes": "any", "type": guess_type(settings.favicon)[0] or "image/png"}]
    if settings.favicon == f"{ASSETS}/icon.svg":
        # some systems need a PNG icon
        icons.append({"src": f"{ASSETS}/icon-512.png", "sizes": "512x512", "type": "image/png"})
    return _json({**{key: text for key, text in names.items() if text}, **look, **place, "icons": icons})
