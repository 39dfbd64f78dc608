"""The preview, by MkDocs kept in memory: an edit renders what it changes, in a folder of the preview's own."""

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
from mlguide_site.build.preview.run import Heard, clear, run, site_url
from mlguide_site.content.files import exclusive
from mlguide_site.errors import SiteError

SITE = "build/preview"
CACHE = "build/preview.cache"
ADDRESS = ("127.0.0.1", 8000)


class SiteMaker:
    """Makes the site of a root in a folder of its own, as often as asked."""

    def __init__(self, root: Path, say: Callable[[str], None], url: str, jobs: int) -> None:
        self.root, self.site = root, root / SITE
        self._say, self._url, self._jobs = say, url, jobs
        self._config: MkDocsConfig | None = None
        self._builder: Builder | None = None

    def make(self) -> Iterable[str] | None:
        """Bring the pages up to date; the addresses of those that changed, None for all. Raises SiteError."""
        built = self._told(self._build)
        if built.full:
            return None
        return [_address(path) for path in (*built.written, *built.removed)]

    def soon(self, paths: Iterable[str]) -> Iterable[str]:
        """Make the pages of edited notes ahead of `make`, which is to follow, where that takes next to no time; their
        addresses. Raises SiteError."""
        plugin, builder = self._plugin(), self._builder
        if plugin is None or builder is None:
            return ()
        built = self._told(lambda: builder.update(written) if (written := plugin.edit(paths)) else None)
        return [_address(path) for path in built.written] if built is not None else ()

    def complete(self) -> None:
        """Add what no engine makes, but for the search index. Raises SiteError."""
        plugin = self._plugin()
        if plugin is not None and self._config is not None:
            config = self._config
            self._told(lambda: plugin.complete(config, self.site, with_search=False))

    def settle(self) -> None:
        """Make ready for `soon`. Raises SiteError."""
        plugin = self._plugin()
        if plugin is not None and self._config is not None:
            config = self._config
            self._told(lambda: plugin.prepare_edits(config))

    def folders(self) -> Iterable[Path]:
        """What is to be watched: the root's own folders, and what the settings name besides."""
        found = [self.root / name for name in INPUTS]
        if self._config is not None:
            found += [Path(path) for path in self._config.watch]
            hooks = self._config.user_configs[0].get("hooks") if self._config.user_configs else None
            found += [(self.root / str(hook)).parent for hook in hooks or ()]
        return [path for path in found if path.resolve() != self.root.resolve()]

    def close(self) -> None:
        """Let go of the cache, and of what the preview asked of the plugin, which MkDocs gives to later builds of this
        process again."""
        plugin = self._plugin()
        if plugin is not None:
            plugin.finish = None
        if self._builder is not None:
            self._builder.close()
            self._builder = None

    def _told(self, work: Callable[[], Any]) -> Any:
        """What a piece of work gives; whatever it raises is told as a build tells it."""
        try:
            with translated(self.root, self._say), exclusive(self.root):
                return work()
        except SiteError:
            raise
        except Exception as error:
            # a preview goes on, whatever other people's code raises
            what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise SiteError(f"the build failed: {what}") from None

    def _build(self) -> Any:
        if self._builder is None:
            self._load()
            with opened(self.root) as cache:
                is_first = cache.fresh
            if is_first:
                # what was added to an earlier preview isn't known: it would stay
                clear(self.site, self.root / CACHE)
            self._builder = Builder(self._load, self.site, self.root / CACHE, self._jobs, drafts=True, notice=self._say)
        return self._builder.build()

    def _load(self) -> MkDocsConfig:
        config = site_settings(self.root)
        config.site_url = self._url
        config.strict = False
        self._config = config
        plugin = self._plugin()
        if plugin is not None:
            plugin.job = Job(jobs=self._jobs, say=self._say)
            # what no engine makes is added once browsers show the pages
            plugin.finish = lambda _: None
        return config

    def _plugin(self) -> Any:
        return self._config.plugins.get("mlguide") if self._config is not None else None


def _address(path: str) -> str:
    """The address of a file of the site, relative to the site's."""
    return path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def serve(root: Path, say: Callable[[str], None], address: str | None, open_browser: bool, jobs: int = 1) -> None:
    """Serve a preview that follows every edit, until it is stopped. Raises ResourceError where nothing can listen."""
    heard = Heard(say)
    listen, mount = _place(root, address)
    maker = SiteMaker(root, heard, site_url(listen, mount), jobs)
    if threading.current_thread() is threading.main_thread():
        # whoever stops it otherwise than by Ctrl+C lets it end as well
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with listening("mkdocs", heard, logging.WARNING):
            run(root, maker, listen, mount, heard, say, open_browser)
    except KeyboardInterrupt:
        say("Stopped")
    finally:
        maker.close()


def _place(root: Path, address: str | None) -> tuple[tuple[str, int], str]:
    """Where to listen, and below which path the site is to stand, as its settings say; while they can't be read, where
    one would expect it."""
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
