"""The commands that make the site."""

from enum import StrEnum
from typing import Annotated

import typer

from mlguide_site.build.engines import load_preview
from mlguide_site.build.output import say
from mlguide_site.cli.building import build, check_time
from mlguide_site.cli.commands.app import TextFormat, app, root_of
from mlguide_site.errors import UsageError


class Engine(StrEnum):
    MKDOCS = "mkdocs"
    PROPERDOCS = "properdocs"
    ZENSICAL = "zensical"


@app.command("build")
def build_command(
    context: typer.Context,
    engine: Annotated[Engine, typer.Option(help="What turns the pages into HTML.")] = Engine.MKDOCS,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail the build.")] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, max=64, help="Processes at work; 0: one for each processor, at most 8.")
    ] = 0,
    timings: Annotated[bool, typer.Option("--timings", help="Say where the time went.")] = False,
    format: Annotated[
        TextFormat, typer.Option("--format", help="How to print what --timings tells; nothing else is printed.")
    ] = TextFormat.TEXT,
) -> None:
    """Build the site.

    Example: mlguide build --strict --timings
    """
    build(root_of(context), engine.value, strict, jobs, timings, as_json=format is not TextFormat.TEXT)


@app.command("serve")
def serve_command(
    context: typer.Context,
    address: Annotated[
        str | None, typer.Option("--address", metavar="HOST:PORT", help="Where to listen; 127.0.0.1:8000 if not given.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
) -> None:
    """Serve a preview that follows every edit; drafts are shown. Stop it with Ctrl+C.

    Example: mlguide serve --address 127.0.0.1:8080
    """
    if address is not None and not _is_address(address):
        raise UsageError(f'"{address}" is no address to listen at; give host and port, as in 127.0.0.1:8000')
    check_time()
    load_preview().serve(root_of(context), say, address, open_browser)


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536
