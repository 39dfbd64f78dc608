"""Tests of edits in knowledge files: all comments are kept."""

import pytest

from mlguide_site.content import yaml_edit, yaml_read
from mlguide_site.content.yaml_edit import Addition, add_all
from mlguide_site.content.yaml_read import Located, read_yaml

NEW = Addition((), {"loom": {"name": "Loom"}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}  # ask Jo\n", "# ask Jo\n"),
        ("# Tools\n\n{ # one\n  # two\n} # three\n", "# Tools\n\n# one\n  # two\n# three\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_beside_an_empty_mapping_stay(text: str, expected: str, newline: str) -> None:
    found, left_out = add_all(text.replace("\n", newline), [NEW], "tools.yml")
    entry = "loom:\n  name: Loom\n"
    assert found == f"{expected}\n{entry}".replace("\n", newline)
    assert not left_out


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        (
            "fork:\n  name: Fork\n  # homepage: x\n# too long?\nrug:\n  name: Rug\n",
            (),
            "fork:\n  name: Fork\n  # homepage: x\n\nloom:\n  name: Loom\n\n# too long?\nrug:\n  name: Rug\n",
        ),
        (
            "rug:\n  name: Rug\n  match:\n    a: b\n    # c: d\n  # why\n  status: draft\n",
            ("rug",),
            "rug:\n  name: Rug\n  match:\n    a: b\n    # c: d\n  kind: x\n  # why\n  status: draft\n",
        ),
    ],
)
def test_a_comment_stays_with_its_entry(text: str, where: tuple[str, ...], expected: str) -> None:
    new = Addition(where, {"kind": "x"}, ("kind", "status")) if where else NEW
    assert add_all(text, [new], "tools.yml") == (expected, [])


def test_additions_to_a_large_file_are_not_tried_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()

    def counted(text: str, path: str) -> Located:
        read.append(path)
        return read_yaml(text, path)

    monkeypatch.setattr(yaml_edit, "read_yaml", counted)
    monkeypatch.setattr(yaml_read, "MAX_VALUES", 50)
    monkeypatch.setattr(yaml_edit, "MAX_TRIED", 1000)
    text = "".join(f"t{number}: {{name: T}}\n" for number in range(10, 22))
    many = [Addition((), {f"u{number}": {"name": "U"}}) for number in range(50)]
    assert add_all(text, many, "tools.yml") == (text, many)
    assert len(read) <= 3
