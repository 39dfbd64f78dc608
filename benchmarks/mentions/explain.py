"""Says why doubtful names were taken or left: `python -m benchmarks.mentions.explain FILE [--name NAME] [--most N]`.

FILE is a text in Markdown, with or without front matter and marks, read as an episode of the bundled knowledge base.
Prints for each doubtful name its place and the two sums (log-odds; a name counts where the second is above 0), and
what the first sum is made of: amount, where it counts (everywhere, for names of that kind and shape, for a group of
entries, for the name itself) and the feature (see `mlguide_site/linking/names/evidence.py`).
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.mentions.measure import ROOT
from benchmarks.mentions.texts import unmark
from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.names.scores import parts, weights
from mlguide_site.linking.scan import Layout
from mlguide_site.markdown.parse import parse

_WIDTH = 40


def explained(text: str, table: NameTable, name: str, most: int) -> Iterator[str]:
    """The lines to print for a text; for one name alone where it is given."""
    meta: dict[str, object] = {}
    marked = text
    if text.startswith("---"):
        split = split_front_matter(text, "text")
        meta, marked = read_yaml(split.yaml, "text", split.yaml_line).value or {}, split.body
    body, _, _ = unmark(marked)
    given = meta.get("topics")
    topics = frozenset(map(str, given)) if isinstance(given, list) else frozenset()
    layout = Layout(parse(body, str(meta.get("title", ""))))
    for one in table.weigh(table.match(layout.text, topics), topics, layout.lines):
        words = layout.text[one.start : one.end]
        if name and name.lower() not in (words.lower(), one.subject.name.partition(":")[2]):
            continue
        before = layout.text[max(0, one.start - _WIDTH) : one.start]
        after = layout.text[one.end : one.end + _WIDTH]
        sign = "taken" if one.taken else "left"
        place = f"{before}[{words}]{after}".replace("\n", " ").replace("\x00", " ¶ ")
        yield f"{sign} {one.entry[0].value}:{one.entry[1]} {one.verdict.first:+.2f} {one.verdict.second:+.2f}: {place}"
        for amount, context, feature in parts(weights(), one.subject, one.verdict.features)[:most]:
            yield f"    {amount:+.2f}  {context or 'everywhere':24} {feature or 'to begin with'}"


def main(arguments: Sequence[str]) -> int:
    """Explain the doubtful names of a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mentions.explain", description=__doc__)
    parser.add_argument("file", type=Path, help="a text in Markdown")
    parser.add_argument("--name", default="", help="this name alone")
    parser.add_argument("--most", type=int, default=12, help="so many parts of the first sum for each (12)")
    options = parser.parse_args(arguments)
    table = NameTable.of(load(dict(read_root(ROOT).texts)).catalog)
    for line in explained(options.file.read_text("utf-8"), table, options.name, options.most):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
