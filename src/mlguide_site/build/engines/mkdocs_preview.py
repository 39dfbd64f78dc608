"""The preview: MkDocs stays in memory, and an edit renders only what it changes, in a folder of the preview."""

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from mkdocs_incremental.builder import Builder
from mlguide_site.build.built import Job
from mlguide_site.build.cache import opened
from mlguide_site.build.engines.configuration import site_settings
from mlguide_site.build.engines.faults import listening, translated
from mlguide_site.build.inputs import INPUTS
from mlguide_site.build.preview.run import LogRecorder, clear, run, site_url
from mlguide_site.content.files import exclusive
from mlguide_site.errors import SiteError

SITE = "build/preview"
CACHE = "build/preview.cache"
ADDRESS = ("127.0.0.1", 8000)


class MkDocsSite:
    """The site of a root in a folder of the preview, and MkDocs' objects, kept in memory between builds."""

    def __init__(self, root: Path, log: Callable[[str], None], url: str, jobs: int) -> None:
        self.root, self.site = root, root / SITE
        self._log, self._url, self._jobs = log, url, jobs
        self._config: MkDocsConfig | None = None
        self._builder: Builder | None = None

    def build(self) -> Iterable[str] | None:
        """Bring the pages up to date; the addresses of those that changed, None for all. Raises SiteError."""
        result = self._guarded(self._build)
        return None if result.full else [_address(path) for path in (*result.written, *result.removed)]

    def render_early(self, paths: Iterable[str]) -> Iterable[str]:
        """Render the pages of edited notes that no other page depends on, before `build`; their addresses. Raises
        SiteError."""
        plugin, builder = self._plugin(), self._builder
        if plugin is None or builder is None:
            return ()
        result = self._guarded(lambda: builder.update(written) if (written := plugin.edit(paths)) else None)
        return [_address(path) for path in result.written] if result is not None else ()

    def finish(self) -> None:
        """Add the files that no engine makes, without the search index. Raises SiteError."""
        plugin, config = self._plugin(), self._config
        if plugin is not None:
            self._guarded(lambda: plugin.complete(config, self.site, with_search=False))

    def prepare_edits(self) -> None:
        """Get ready for `render_early`. Raises SiteError."""
        plugin, config = self._plugin(), self._config
        if plugin is not None:
            self._guarded(lambda: plugin.prepare_edits(config))

    def watched_folders(self) -> Iterable[Path]:
        """The root's input folders, and those that the settings name."""
        found = [self.root / name for name in INPUTS]
        if self._config is not None:
            found += [Path(path) for path in self._config.watch]
            hooks = self._config.user_configs[0].get("hooks") if self._config.user_configs else None
            found += [(self.root / str(hook)).parent for hook in hooks or ()]
        return [path for path in found if path.resolve() != self.root.resolve()]

    def close(self) -> None:
        """Close the cache, and reset the plugin, which MkDocs passes to later builds of this process."""
        plugin = self._plugin()
        if plugin is not None:
            plugin.finish = None
        if self._builder is not None:
            self._builder.close()
            self._builder = None

    def _guarded(self, work: Callable[[], Any]) -> Any:
        """Run some work with the root locked. Whatever it raises becomes a SiteError, so that the preview goes on."""
        try:
            with translated(self.root, self._log), exclusive(self.root):
                return work()
        except SiteError:
            raise
        except Exception as error:
            what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise SiteError(f"the build failed: {what}") from None

    def _build(self) -> Any:
        if self._builder is None:
            self._load()
            with opened(self.root) as cache:
                if cache.fresh:
                    # files that an earlier preview added are unknown, so nothing would delete them
                    clear(self.site, self.root / CACHE)
            self._builder = Builder(self._load, self.site, self.root / CACHE, self._jobs, drafts=True, notice=self._log)
        return self._builder.build()

    def _load(self) -> MkDocsConfig:
        config = site_settings(self.root)
        config.site_url = self._url
        config.strict = False
        self._config = config
        plugin = self._plugin()
        if plugin is not None:
            plugin.job = Job(jobs=self._jobs, say=self._log)
            plugin.finish = lambda _: None  # the preview calls `finish` when browsers show the pages
        return config

    def _plugin(self) -> Any:
        return self._config.plugins.get("mlguide") if self._config is not None else None


def _address(path: str) -> str:
    """The address of a file of the site, relative to the site's."""
    return path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def serve(root: Path, log: Callable[[str], None], address: str | None, browse: bool, jobs: int = 1) -> None:
    """Serve a preview that follows every edit until it is stopped; `browse` opens a browser. Raises ResourceError if
    the server can't listen at the address."""
    recorder = LogRecorder(log)
    listen, mount = _address_of(root, address)
    site = MkDocsSite(root, recorder, site_url(listen, mount), jobs)
    if threading.current_thread() is threading.main_thread():
        # end in order on a signal as on Ctrl+C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with listening("mkdocs", recorder, logging.WARNING):
            run(root, site, listen, mount, recorder, log, browse)
    except KeyboardInterrupt:
        log("Stopped")
    finally:
        site.close()


def _address_of(root: Path, address: str | None) -> tuple[tuple[str, int], str]:
    """Where to listen and the path of the site, by its settings; defaults if these can't be read."""
    try:
        config = site_settings(root)
        listen = (config.dev_addr.host, config.dev_addr.port)
        mount = "/" + urlsplit(config.site_url or "").path.strip("/")
    except (SiteError, MkDocsException, Abort, OSError, ValueError):
        listen, mount = ADDRESS, "/"
    if address is not None:
        host, _, port = address.rpartition(":")
        listen = (host.strip("[]"), int(port))
    return listen, mount if mount.endswith("/") else f"{mount}/"
