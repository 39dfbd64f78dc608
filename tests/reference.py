"""The reference in `docs/reference/`, generated from the commands and the schemas; `make accept` writes it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from mlguide_site.content.knowledge import schema_files

Schema = Mapping[str, Any]
KNOWLEDGE = ("series", "topics", "tools", "resources", "glossary", "people", "suggest")


def reference_pages() -> dict[str, str]:
    """File name to text of every generated page."""
    schemas = schema_files()
    parsed = {name.removesuffix(".schema.json"): json.loads(text) for name, text in schemas.items()}
    return {
        "commands.md": _commands(),
        "front-matter.md": "\n".join(_front_matter(parsed["episode"])) + "\n",
        "knowledge.md": "\n".join(_knowledge(parsed)) + "\n",
    }


def _commands() -> str:
    command = [sys.executable, "-m", "typer", "mlguide_site.cli.commands", "utils", "docs"]
    found = subprocess.run(
        [*command, "--name", "mlguide", "--title", "Commands"],
        capture_output=True,
        check=True,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONUTF8": "1"},
    )
    lines = found.stdout.decode().splitlines()
    # typer offers completion for the shell that it runs in
    return "\n".join(line for line in lines if not re.match(r"\* `--(install|show)-completion", line)).strip() + "\n"


def _front_matter(schema: Schema) -> Iterator[str]:
    yield "# Front matter"
    yield ""
    yield "The fields at the top of each file in `episodes/`, between two lines `---`. Only `id` and `title` are"
    yield "required."
    yield "Keys that begin with `x-` are yours: they are kept and published in `catalog.json`."
    yield from _fields(schema, schema)
    yield from _parts(schema, "Source")


def _knowledge(schemas: Mapping[str, Schema]) -> Iterator[str]:
    yield "# Fields of knowledge files"
    yield ""
    yield "Each file in `knowledge/` maps slugs to entries. These are the fields of an entry."
    for name in KNOWLEDGE:
        schema = schemas[name]
        yield from ("", f"## {name}.yml")
        entry = schema.get("additionalProperties") or schema.get("patternProperties") or schema
        while isinstance(entry, dict) and "properties" not in entry:
            entry = schema["$defs"][entry["$ref"].rpartition("/")[2]] if "$ref" in entry else next(iter(entry.values()))
        yield from _fields(schema, entry)


def _parts(schema: Schema, *without: str) -> Iterator[str]:
    for name, part in sorted(schema.get("$defs", {}).items()):
        if "properties" in part and name not in without:
            yield from ("", f"## {name}", "", part.get("description", ""))
            yield from _fields(schema, part)


def _fields(schema: Schema, record: Schema) -> Iterator[str]:
    yield from ("", "| field | value | meaning |", "| --- | --- | --- |")
    required = set(record.get("required", ()))
    for name, field in record["properties"].items():
        needed = " (required)" if name in required else ""
        yield f"| `{name}`{needed} | {_value(schema, field)} | {field.get('description', '').replace('<', '&lt;')} |"


def _value(schema: Schema, field: Schema) -> str:
    if "$ref" in field:
        return _value(schema, schema["$defs"][field["$ref"].rpartition("/")[2]])
    if "enum" in field or "const" in field:
        return ", ".join(f"`{one}`" for one in field.get("enum", [field.get("const")]))
    if "anyOf" in field:
        found = [_value(schema, one) for one in field["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(found))
    if field.get("type") == "array":
        inner = _value(schema, field["items"]) if "items" in field else "values"
        return f"list of {inner}"
    if "properties" in field:
        return "{" + ", ".join(f"`{name}`" for name in field["properties"]) + "}"
    kinds = {"string": "text", "integer": "number", "boolean": "`true` or `false`", "object": "mapping"}
    return kinds.get(field.get("type", ""), field.get("type", "any"))
