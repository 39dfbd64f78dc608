"""The files that a root needs on a code host, and updates of the files that `init` wrote."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.request import url2pathname

from pydantic import BaseModel, ValidationError

from mlguide_site.content.files import change_files, decode, exclusive, read_bytes, resolve_inside
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.site_settings import PATH as SETTINGS
from mlguide_site.errors import UsageError, content_error, visible
from mlguide_site.merge.merge_lines import three_way
from mlguide_site.merge.records import body_lines, line_hashes

HOSTS: Mapping[str, Sequence[str]] = {"none": (), "github": ("any", "github"), "gitlab": ("any", "gitlab")}
"""Maps each code host to the subfolders of `templates/hosting/` that contain its files."""
RECORD = ".mlguide/hosting.json"
_PROGRAM = re.compile(r"https://[\w.-]+(?:/[\w.-]+){2,}@[0-9a-f]{40}")
_ADDRESS = re.compile(rb"^( *)# (site|edit)_url: https://(example\.org/notes/|github\.com/owner/\S+)(?=\r?$)", re.M)
_GITHUB = "https://github.com/"
_USES = re.compile(r"\buses: ([\w./-]+)@(\S+(?: # \S+)?)")
_REMOTE = re.compile(r'^\[remote "origin"\][^\[]*?^\s*url\s*=\s*(?:[a-z+]+://)?(?:[^/@\s]*@)?([\w.-]+)', re.M)


class Hosting(BaseModel):
    """The code host of a root, and the `mlguide` that its workflows install, as `address@commit`."""

    host: Literal["github", "gitlab", "none"] = "none"
    program: str = ""


NO_HOST = Hosting()


class Record(Hosting):
    """The record of the last `init`: the site's title, and the hashes of the lines of each written file, by path."""

    title: str
    files: dict[str, str]


class Updates(NamedTuple):
    """The results of an update, as lines of text: the changed files, the conflicts and the missing settings."""

    changes: list[str]
    conflicts: list[str]
    missing: list[str]


def choose_hosting(folder: Path, host: str | None, action: str, known: Hosting | None = None) -> Hosting:
    """Return the code host, and the repository and commit of `mlguide`. `known` is the record of the last `init`. The
    default host is the host in `known`, or else the host of the git remote. The default repository and commit are those
    of the installed `mlguide`, or else those in `known`. Except for `none`, raises UsageError if they are invalid."""
    host = host or (known.host if known else _host_of(folder))
    program = _GITHUB + action if action else _installed_from() or (known.program if known else "")
    on_host = _PROGRAM.fullmatch(program) and (host != "github" or program.startswith(_GITHUB))
    if host != "none" and not on_host:
        what = f'"{visible(action)}" is not a repository and commit' if action else "the address of mlguide is unknown"
        remedy = 'COMMIT is the hash that "git rev-parse HEAD" prints in a clone of mlguide; or use --host none'
        raise UsageError(f"{what}; give the repository of mlguide with --action OWNER/REPO@COMMIT; {remedy}")
    return Hosting.model_validate({"host": host, "program": program if on_host else ""})


def _host_of(folder: Path) -> str:
    """Return the host of a repository's git remote, or `none`. A subfolder can't have workflows, so it gets `none`."""
    config = folder / ".git/config"
    remote = _REMOTE.search(read_bytes(config).decode("utf-8", "replace")) if config.is_file() else None
    names = remote[1].casefold().split(".") if remote else ()
    return next((host for host in ("github", "gitlab") if host in names), "none")


def _installed_from() -> str:
    try:
        origin = json.loads(distribution("mlguide").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return ""
    url, commit = origin.get("url", ""), origin.get("vcs_info", {}).get("commit_id", "")
    if url.startswith("file://"):
        checkout = url2pathname(url.removeprefix("file://"))
        url, commit = _git(checkout, "config", "--get", "remote.origin.url"), _git(checkout, "rev-parse", "HEAD")
    url = re.sub(r"^(?:ssh://)?git@([\w.-]+)[:/]", r"https://\1/", url).removesuffix(".git")
    return f"{url}@{commit}" if _PROGRAM.fullmatch(f"{url}@{commit}") else ""


def _git(folder: str, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def hosting_files(hosting: Hosting) -> dict[str, bytes]:
    """Return the files for a host, by path."""
    url, _, commit = hosting.program.partition("@")
    values = {"PROGRAM_ACTION": hosting.program.removeprefix(_GITHUB), "PROGRAM_URL": url, "PROGRAM_COMMIT": commit}
    files = {}
    for folder in (packaged_templates() / "hosting" / name for name in HOSTS[hosting.host]):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            text = path.read_text("utf-8")
            for name, value in values.items():
                text = text.replace(name, value)
            files[path.relative_to(folder).as_posix()] = text.encode()
    return files


def dump_record(hosting: Hosting, title: str, files: Mapping[str, bytes]) -> bytes:
    """Return the record of the files that `init` wrote."""
    hashes = {path: " ".join(line_hashes(data.decode())) for path, data in sorted(files.items())}
    record = Record(host=hosting.host, program=hosting.program, title=title, files=hashes)
    return (record.model_dump_json(indent=1) + "\n").encode()


def read_record(root: Path) -> Record | None:
    """Return the record that `init` wrote into a root, or None. Raises ContentError for an invalid record."""
    path = resolve_inside(root, RECORD)
    if not path.exists():
        return None
    try:
        record = Record.model_validate_json(read_bytes(path))
    except ValidationError:
        raise content_error(RECORD, "not a record of init", "restore it from an earlier commit, or remove it") from None
    return record.model_copy(update={"program": record.program if _PROGRAM.fullmatch(record.program) else ""})


def update_files(root: Path, hosting: Hosting, title: str, files: Mapping[str, bytes]) -> Updates:
    """Merge new versions of files into a root (three-way merge), in one atomic change. A file that a person deleted
    isn't written again. A person's lines win over changes of the same lines. Raises ContentError if a file or the
    record can't be read; then nothing is written."""
    record = read_record(root)
    known, updates = record.files if record else {}, Updates([], [], [])
    writes, before = dict[str, bytes | None](), dict[str, bytes | None]()
    with exclusive(root):
        for path in sorted({*files, *known}):
            target, base = resolve_inside(root, path), known.get(path, "").split()
            if not target.exists():
                if path not in known:
                    writes[path], before[path] = files[path], None
                    updates.changes.append(f"added: {path}")
                continue
            before[path] = data = read_bytes(target)
            ours = decode(data, path)
            if path not in files:
                if list(line_hashes(ours)) == base:
                    writes[path] = None
                    updates.changes.append(f"removed: {path}")
                else:
                    updates.changes.append(f"kept, because you edited it: {path}; delete it if you don't need it")
                continue
            merged, _, conflicts = three_way(base, ours, _with_pins(files[path].decode(), ours, base))
            if conflicts:
                what = "you and the new version changed the same lines; yours are kept, and all other lines are updated"
                updates.conflicts.append(f"{path}: {what}")
            for _, mine, other in conflicts:
                updates.conflicts.extend([*(f"  yours: {one}" for one in mine), *(f"  new:   {one}" for one in other)])
            if line_hashes(merged) != line_hashes(ours):
                writes[path] = f"{merged}\n".encode()
                updates.changes.append(f"updated: {path}")
        if hosting.host != "none":
            before[SETTINGS] = data = read_bytes(resolve_inside(root, SETTINGS))
            if (settings := _use_addresses(data, updates)) != data:
                writes[SETTINGS] = settings
        writes[RECORD] = dump_record(hosting, title, files)
        change_files(root, writes, known=before)
    return updates


def _use_addresses(before: bytes, updates: Updates) -> bytes:
    """In `mkdocs.yml`, replace unedited example addresses with variables that workflows set (`MLGUIDE_SITE_URL`)."""
    after = _ADDRESS.sub(lambda one: b'%s%s_url: !ENV [MLGUIDE_%s_URL, ""]' % (one[1], one[2], one[2].upper()), before)
    if after != before:
        updates.changes.append(f"updated: {SETTINGS}")
    names = ("site_url", "edit_url")
    updates.missing.extend(name for name in names if not re.search(rf"^ *{name}:".encode(), after, re.M))
    return after


def _with_pins(theirs: str, ours: str, base: Sequence[str]) -> str:
    """Return the new workflow `theirs` with the action versions that somebody, such as Dependabot, set in `ours`."""
    lines = [line for line, hash in zip(body_lines(ours), line_hashes(ours), strict=True) if hash not in base]
    pins = {found[1]: found[2] for line in lines if (found := _USES.search(line))}
    return _USES.sub(lambda found: f"uses: {found[1]}@{pins.get(found[1], found[2])}", theirs)
