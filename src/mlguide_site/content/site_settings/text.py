"""The text of `mkdocs.yml` as nodes, within limits of size and nesting."""

from typing import Any

import yaml

from mlguide_site.errors import ContentError, Problem, Span

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no branch - where PyYAML was built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

PATH = "mkdocs.yml"
MAX_BYTES = 256 * 1024
MAX_DEPTH = 30


def compose(text: str) -> yaml.Node | None:
    """The nodes of the settings' text. Raises ContentError for what is no YAML, too large or too deep."""
    if len(text) > MAX_BYTES:
        raise ContentError([Problem(PATH, Span(), f"larger than {MAX_BYTES // 1024} KiB", "keep what matters")])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=Loader):
            depth += isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent))
            depth -= isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent))
            if depth > MAX_DEPTH:
                place = place_of(event.start_mark)
                raise ContentError([Problem(PATH, place, f"nested deeper than {MAX_DEPTH} levels", "make it flatter")])
        return yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        what = " ".join(str(error.problem or error.context or "cannot be read").split())
        remedy = "check indentation, quotes and colons"
        place = place_of(error.problem_mark or error.context_mark)
        raise ContentError([Problem(PATH, place, f"not valid YAML: {what}", remedy)]) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        what = " ".join(str(error).split("\n")[0].split())[:200]
        raise ContentError([Problem(PATH, Span(), f"not valid YAML: {what}", "check the file")]) from None


def place_of(mark: Any) -> Span:
    """The place of one of PyYAML's marks; the beginning where there is none."""
    return Span(mark.line + 1, mark.column + 1) if mark else Span()
