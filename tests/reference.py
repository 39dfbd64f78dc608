"""Generates the reference in `docs/reference/` and the completion of notes in VS Code from the commands and schemas.
`make accept` writes these files."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from labels import ENGLISH
from mlguide_site.content.knowledge import schema_files
from mlguide_site.mkdocs_plugin import PluginConfig
from mlguide_site.pages.page_kinds import INDEXED

Schema = Mapping[str, Any]
SITE_SETTINGS = {
    "site_name": "name of the site (required)",
    "site_description": "description of the site in one sentence, for search engines and feeds",
    "site_url": "address of the published site, which feeds, social cards and the site map need",
    "docs_dir": "must be `build/pages`, the folder of generated pages",
    "site_dir": "folder of the finished site; a build may delete other files in this folder",
    "nav": "pages in the navigation, including your own pages",
    "theme.language": "language of the site, such as `de`",
    "theme.logo, theme.favicon": "images in `templates/assets/`; write their paths as `assets/mlguide/<name>`",
    "extra_css": "style sheets; list `assets/mlguide/site.css` first, then your own style sheets",
    "hooks, plugins": "MkDocs hooks and plugins; their code runs in the build with all of your permissions",
    "use_directory_urls": "`false` if the addresses of pages should end in `.html`",
}
KNOWLEDGE = ("series", "topics", "tools", "resources", "glossary", "people", "suggest")


def reference_pages() -> dict[str, str]:
    """Return the text of every generated page by file name."""
    schemas = schema_files()
    parsed = {name.removesuffix(".schema.json"): json.loads(text) for name, text in schemas.items()}
    return {
        "commands.md": _commands(),
        "front-matter.md": "\n".join(_front_matter(parsed["episode"])) + "\n",
        "knowledge.md": "\n".join(_knowledge(parsed)) + "\n",
        "pages.md": "\n".join(_pages()) + "\n",
        "settings.md": "\n".join(_settings()) + "\n",
    }


def note_snippets() -> str:
    """Return VS Code snippets for the front matter of notes. Each field has its description, and its values if it has a
    fixed set."""
    schema = json.loads(schema_files()["episode.schema.json"])
    snippets = {}
    for name, field in schema["properties"].items():
        values = field.get("enum") or schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {}).get("enum")
        items = [field, field.get("items", {}), *field.get("anyOf", ())]
        record = next((schema["$defs"][one["$ref"].rpartition("/")[2]] for one in items if "$ref" in one), {})
        keys = record.get("required", ())
        place = f"{{{', '.join(f'{key}: ${at}' for at, key in enumerate(keys, 1))}}}" if keys else "$1"
        place = f"[{place}]" if field.get("type") == "array" else place
        place = f"${{1|{','.join(values)}|}}" if values else place
        snippets[f"front matter: {name}"] = {
            "scope": "markdown",
            "prefix": name,
            "body": f"{name}: {place}",
            "description": field["description"],
        }
    return json.dumps(snippets, indent=2, ensure_ascii=False) + "\n"


def _commands() -> str:
    command = [sys.executable, "-m", "typer", "mlguide_site.cli.commands", "utils", "docs"]
    found = subprocess.run(
        [*command, "--name", "mlguide", "--title", "Commands"],
        capture_output=True,
        check=True,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONUTF8": "1"},
    )
    lines = found.stdout.decode().splitlines()
    # typer only offers these options in shells that it recognises
    return "\n".join(line for line in lines if not re.match(r"\* `--(install|show)-completion", line)).strip() + "\n"


def _front_matter(schema: Schema) -> Iterator[str]:
    yield "# Front matter"
    yield ""
    yield "Each file in `episodes/` begins with these fields, between two `---` lines. Only `id` and `title` are"
    yield "required. The names of your own fields must begin with `x-`."
    yield ""
    yield "Some fields contain other fields, which are listed in the tables at the end of this page."
    yield from _fields(schema, schema)
    yield from _parts([schema])


def _knowledge(schemas: Mapping[str, Schema]) -> Iterator[str]:
    yield "# Fields of knowledge files"
    yield ""
    yield "Each file in `knowledge/` maps slugs to entries. The tables on this page list the fields of an entry."
    yield ""
    yield "Some fields contain other fields, which are listed in the tables at the end of this page."
    for name in KNOWLEDGE:
        schema = schemas[name]
        yield from ("", f"## {name}.yml")
        entry = schema.get("additionalProperties") or schema.get("patternProperties") or schema
        while isinstance(entry, dict) and "properties" not in entry:
            entry = schema["$defs"][entry["$ref"].rpartition("/")[2]] if "$ref" in entry else next(iter(entry.values()))
        if text := entry.get("description"):
            yield from ("", text)
        yield from _fields(schema, entry)
    yield from _parts(schemas[name] for name in KNOWLEDGE)


def _pages() -> Iterator[str]:
    yield "# Indexes"
    yield ""
    yield "A build generates these indexes. To add an index to the navigation, write its path under `nav` in"
    yield "`mkdocs.yml`. `pages/` can't contain a folder with the name of an index's folder."
    yield from ("", "| path | title | description |", "| --- | --- | --- |")
    for name in INDEXED:
        title = ENGLISH.translate(name)
        about = ENGLISH.labels.get(f"about-{name}", f"{title} of {{}}.").format("the show")
        yield f"| `{name}/index.md` | {title} | {about} |"


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "The file `mkdocs.yml` in the root contains the settings of the site. These settings are under `mlguide`:"
    yield ""
    yield "```yaml"
    yield "plugins:"
    yield "  - mlguide:"
    yield "      licence: CC BY-SA 4.0"
    yield "```"
    yield from ("", "| setting | value | meaning |", "| --- | --- | --- |")
    [record] = [one for one in ast.parse(inspect.getsource(PluginConfig)).body if isinstance(one, ast.ClassDef)]
    texts = {
        str(ast.unparse(one.targets[0])).rstrip("_"): ast.literal_eval(following.value)
        for one, following in pairwise(record.body)
        if isinstance(one, ast.Assign) and isinstance(following, ast.Expr)
    }
    values = {str: "text", int: "number", dict: "mapping", list: "list of text"}
    for name, option in PluginConfig._schema:
        yield f"| `{name}` | {values[type(option.default)]} | {' '.join(texts[name].split())} |"
    yield ""
    yield "`mlguide` also uses these settings of MkDocs:"
    yield from ("", "| setting | meaning |", "| --- | --- |")
    yield from (f"| `{name}` | {meaning} |" for name, meaning in SITE_SETTINGS.items())
    yield ""
    yield "For all other settings, see [MkDocs' user guide](https://www.mkdocs.org/user-guide/configuration/) and"
    yield "[Material for MkDocs](https://squidfunk.github.io/mkdocs-material/setup/)."


def _parts(schemas: Iterable[Schema]) -> Iterator[str]:
    """Yield a table for each record that occurs within fields, below the names of these fields."""
    uses: dict[str, set[str]] = {}
    parts: dict[str, tuple[Schema, Schema]] = {}
    for schema in schemas:
        records = [schema, *schema.get("$defs", {}).values()]
        fields = [field for record in records for field in record.get("properties", {}).items()]
        for name, part in schema.get("$defs", {}).items():
            owners = {
                field for field, value in fields if f'"#/$defs/{name}"' in json.dumps(value) and field != "children"
            }
            if "properties" in part and owners:
                uses[name] = uses.get(name, set()) | owners
                parts[name] = (schema, part)
    for name in sorted(parts, key=lambda one: sorted(uses[one])):
        schema, part = parts[name]
        yield from ("", f"## {', '.join(sorted(uses[name]))}", "", part.get("description", ""))
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
        return " or ".join(dict.fromkeys(found)).replace(f" or list of {found[0]}", ", or a list of these values")
    if field.get("type") == "array":
        inner = _value(schema, field["items"]) if "items" in field else "values"
        return f"list of {inner}"
    if "properties" in field:
        return "{" + ", ".join(f"`{name}`" for name in field["properties"]) + "}"
    kinds = {"string": "text", "integer": "number", "boolean": "`true` or `false`", "object": "mapping"}
    return kinds.get(field.get("type", ""), field.get("type", "any"))
