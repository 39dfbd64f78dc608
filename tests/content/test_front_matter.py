"""Tests of front matter and YAML: values, errors with their place, and edits that change nothing else."""

from pathlib import Path

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.content.files import conflict_markers, decode
from mlguide_site.content.front_matter import dump_note, set_field, split_front_matter
from mlguide_site.content.validate import _start
from mlguide_site.content.yaml_edit import dump_value
from mlguide_site.content.yaml_read import MAX_KNOWLEDGE, MAX_VALUES, read_yaml
from mlguide_site.errors import ContentError, Span


def problems(text: str, reader=read_yaml) -> list[str]:
    with pytest.raises(ContentError) as caught:
        reader(text, "a.yml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no\nb: 12:30\nc: 010\nd: 2024-02-30", {"a": "no", "b": "12:30", "c": "010", "d": "2024-02-30"}),
        ("a: ''\nb:\nc: ~\nd: 'null'", {"a": "", "b": None, "c": None, "d": "null"}),
        ("", {}),
        ("# only a comment\n", {}),
        ("a: [x, {y: z}]", {"a": ["x", {"y": "z"}]}),
    ],
)
def test_scalars_stay_what_was_written(text, value):
    assert read_yaml(text, "a.yml").value == value


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: 1\na: 2", 'a.yml:2:1: the key "a" is used twice, first on line 1;'),
        ("a: &x [1]\nb: *x", "a.yml:1:4: YAML anchors"),
        ("a: !!python/object:os.system x", "a.yml:1:4: YAML tags"),
        ("a: {<<: {b: c}}", "a.yml:1:5: YAML merge keys are not allowed; write the keys in full"),
        ("- a", "a.yml:1:1: not a mapping"),
        ("a: [b", "a.yml:1:4: not valid YAML: a bracket is not closed; add the closing bracket, or put"),
        ("a: b: c", "a.yml:1:4: not valid YAML"),
        ("ä:\n a: \x07", "a.yml:2:5: the invisible control character U+0007"),
        ("a: ä\nb: \u2028", "a.yml:2:4: the invisible control character U+2028"),
        ("ä: ü\nb: &x 1", "a.yml:2:4: YAML anchors and aliases are not allowed; write a plain value, in quotes"),
        ("ä: ü\nb: !x 1", "a.yml:2:4: YAML tags are not allowed; write a plain value, in quotes"),
        ("a: " + "[" * 30 + "]" * 30, "a.yml:1:24: nested deeper than 20 levels"),
        ("a: " + "[" * 20_000, "a.yml:1:25: nested deeper than 20 levels"),
        ("a:\n" + "- " * 20_000, "a.yml:2:"),
        ("a: " + "{b: " * 20_000, "a.yml:1:"),
        ("? [a]\n: b", "a.yml:1:3: a key must be plain text"),
    ],
)
def test_refused_with_place_and_remedy(text, start):
    found = problems(text)
    assert found[0].startswith(start)
    assert "; " in found[0]


def test_every_fault_of_a_document_is_reported():
    assert len(problems("a: 1\na: 2\nb: 1\nb: 2")) == 2


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("id: x\n", "a.md:1:1: no front matter"),
        ("---\nid: x\n", 'a.md:3:1: the front matter is not closed; put a line "---" after the last key'),
        ("\n\n---\nid: x\n---\n", 'a.md:1:1: no front matter in the first line; begin the file with a line "---"'),
        (" ---\nid: x\n---\n", "a.md:1:1: no front matter in the first line"),
        ("", "a.md:1:1: no front matter"),
    ],
)
def test_front_matter_must_be_there(text, start):
    with pytest.raises(ContentError) as caught:
        split_front_matter(text, "a.md")
    assert str(caught.value).startswith(start)


def test_line_ends_and_byte_order_mark():
    text = decode("\ufeff---\r\nid: x\r\n---\r\n\r\nBody\r\n".encode(), "a.md")
    assert split_front_matter(text, "a.md") == ("id: x", 2, "Body\n", 5)


def test_first_bad_byte_is_named():
    with pytest.raises(ContentError) as caught:
        decode("ä\nbc".encode() + b"\xff", "a.md")
    assert str(caught.value) == "a.md:2:3: byte 0xff is not UTF-8; save the file as UTF-8"


def test_a_conflict_marker_within_a_line_is_none():
    assert conflict_markers("---\ntitle: '>>>>>>> )'\n---\n\n||||||| =\n", "a.md") == []


def test_conflict_markers_outside_code_are_found():
    text = "Title\n=======\n\n```\n<<<<<<< here\n```\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"
    assert [p.span.line for p in conflict_markers(text, "a.md")] == [7, 11]


def test_places_of_values_and_keys():
    located = read_yaml("topics:\n  - a\n  - b\naudio: {url: x}\nempty:\n", "a.yml", line=2)
    assert located.find(("topics", 1)) == Span(4, 5)
    assert located.find(("audio", "url")) == Span(5, 14)
    assert located.find_key(("audio", "url")) == Span(5, 9)
    assert located.find(("empty",)) == Span(6, 1)
    assert located.find(("nothing",)) == Span(2, 1)


NOTE = "---\nid: a-001 # kept\ntitle: One\n# about topics\ntopics:\n  - x\n  - y\nx-own: 1\n---\n\nBody --- text\n"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("title", "Two: more", NOTE.replace("title: One", "title: 'Two: more'")),
        ("topics", ["z"], NOTE.replace("topics:\n  - x\n  - y", "topics: [z]")),
        ("topics", None, NOTE.replace("topics:\n  - x\n  - y\n", "")),
        ("date", "2020", NOTE.replace("title: One\n", "title: One\ndate: '2020'\n")),
        ("missing", None, NOTE),
    ],
)
def test_set_field_keeps_every_other_byte(key, value, expected):
    order = ["id", "title", "date", "topics"]
    assert set_field(NOTE, key, value, order) == expected
    crlf = set_field("\ufeff" + NOTE.replace("\n", "\r\n"), key, value, order)
    assert crlf == "\ufeff" + expected.replace("\n", "\r\n")


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\ufeff\ufffe\uffff"))
values = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(texts, values, max_size=5), st.text("ab \n#-", max_size=40))
def test_a_note_reads_back_as_it_was_written(fields, body):
    text = dump_note(fields, body)
    parts = split_front_matter(text, "a.md")
    assert read_yaml(parts.yaml, "a.md").value == fields
    # empty lines before a body are not part of it
    assert parts.body.split() == body.split()


@given(values)
def test_dumped_values_are_standard_yaml_on_one_line(value):
    text = dump_value(value)
    assert "\n" not in text
    assert read_yaml(f"a: {text}", "a.yml").value == {"a": value}
    yaml.safe_load(text)


def test_the_number_of_values_is_limited() -> None:
    keys = "".join(f"k{number}: v\n" for number in range(MAX_VALUES // 2 - 1))
    assert len(read_yaml(keys, "a.yml").value) == MAX_VALUES // 2 - 1
    with pytest.raises(ContentError, match="more than 100 lines begin with %"):
        read_yaml("\r".join(f"%TAG !t{at}! x" for at in range(200)) + "\n---\na: b\n", "a.yml")
    with pytest.raises(ContentError, match=r"a\.yml:100000:\d+: more than 200,000 keys and values; shorten the file"):
        read_yaml(keys + "k: v\n", "a.yml")


def test_the_size_of_a_knowledge_file_is_limited() -> None:
    text = f"k: {'x' * (MAX_KNOWLEDGE - 4)}\n"
    assert read_yaml(text, "a.yml").value
    with pytest.raises(ContentError, match=r"a\.yml:1:1: more than 8 MiB of YAML"):
        read_yaml(text + "\n", "a.yml")


@pytest.mark.parametrize(
    "text", ["yes", "No", "n", "null", "a b", "a  b", "a/b-c_d", "true story", "ON", "e5", "x-", "é"]
)
def test_texts_without_quotes_are_read_as_they_are(text: str) -> None:
    assert read_yaml(f"k: {dump_value(text)}", "").value == {"k": text}


def test_another_reader_splits_the_bundled_notes_the_same_way():
    for path in sorted((Path(__file__).parents[2] / "episodes").glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        fields, body = frontmatter.parse(text)
        split = split_front_matter(text, path.name)
        assert set(fields) == set(read_yaml(split.yaml, path.name).value)
        assert body == split.body.strip()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title: One # checked", "Two", "title: Two # checked"),
        ("title: 'One # 1'", "Two", "title: Two"),
        ("title: One # checked", None, "# checked"),
        ("title: >- # long\n  One # 1\n  one", "Two", "# long\ntitle: Two"),
        ("title:\n  # first\n  - One # 1\n  # last\n  - Two", ["One"], "# first\n# 1\n# last\ntitle: [One]"),
        ("title: [One, # 1\n  '#two']", ["One"], "# 1\ntitle: [One]"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_new_value_keeps_the_comments_of_its_field(field, value, expected, newline):
    before, after = (f"---\nid: a\n{own}\n# next\nx: 1\n---\n".replace("\n", newline) for own in (field, expected))
    assert set_field(before, "title", value) == after


def test_dump_note() -> None:
    assert dump_note({"id": "a-001", "title": "One"}, "Text") == "---\nid: a-001\ntitle: One\n---\n\nText\n"


def test_only_the_start_of_a_large_value_is_written_for_a_message() -> None:
    large = {"a": [[["x" * 1_000] * 1_000] * 1_000], **{str(at): at for at in range(1_000)}}
    assert len(str(_start(large))) < 300_000 and _start([1, {"a": "b"}]) == [1, {"a": "b"}]
