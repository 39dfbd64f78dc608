"""JSON Schemas (draft 2020-12) of the file kinds, generated from the models: editors complete and check by them."""

import json
from typing import Any

from mlguide_site.content.knowledge import KNOWLEDGE, SUGGESTIONS
from mlguide_site.model import Episode, Record, Suggestions


def schema_files() -> dict[str, str]:
    """File name to text: `episode.schema.json` for front matter, `<name>.schema.json` for each knowledge file."""
    files = {"episode.schema.json": _text(_schema(Episode) | {"patternProperties": {"^x-": {}}})}
    files["suggest.schema.json"] = _text({"title": SUGGESTIONS} | _schema(Suggestions))
    for name, model in KNOWLEDGE.items():
        entry = _schema(model)
        definitions = entry.pop("$defs", {})
        key = model.__name__
        inner = {"$ref": entry["$ref"]} if "$ref" in entry else {"$ref": f"#/$defs/{key}"}
        definitions.setdefault(key, entry)
        definitions[key].get("properties", {}).pop("parent", None) if name == "resources" else None
        files[f"{name}.schema.json"] = _text(
            {
                "title": f"knowledge/{name}.yml",
                "type": ["object", "null"],
                "propertyNames": {"pattern": "^[a-z0-9][a-z0-9-]{0,63}$"},
                "additionalProperties": inner,
                "$defs": definitions,
            }
        )
    return dict(sorted(files.items()))


def _schema(model: type[Record]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True, mode="validation")


def _text(schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
