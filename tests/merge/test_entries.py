"""Tests of merging entries from sources into knowledge files."""

import pytest

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.importers import Draft, EntryDraft
from mlguide_site.importers.common.naming import entry_slug
from mlguide_site.merge import entries
from mlguide_site.merge.entries import EntryChange, add_entries, resolve_slugs
from mlguide_site.merge.records import ENTRIES_PATH, dump_record, load_record

PATH = "knowledge/resources.yml"
TERMS = "knowledge/glossary.yml"
HEAD = "# what the notes point to\n"


def resource(title: str, *urls: str, parent: str = "", slug: str = "", **fields: object) -> EntryDraft:
    slug = slug or title.casefold().replace(" ", "-")
    return EntryDraft("resource", slug, {"title": title, "urls": list(urls), **fields}, parent)


def add(text: str, *drafts: EntryDraft, written: object = None) -> EntryChange:
    return add_entries({PATH: text}, [("notes.md", drafts)], written or {})  # type: ignore[arg-type]


def test_a_new_entry_stands_where_its_slug_belongs() -> None:
    text = f"{HEAD}\nadze:\n  title: Adze\n\n# sharp\nplane:\n  title: Plane\n"
    change = add(text, resource("File", "https://a.example/f", format="book"))
    assert change.texts[PATH] == (
        f"{HEAD}\nadze:\n  title: Adze\n\nfile:\n  title: File\n  urls:\n    - https://a.example/f\n  format: book\n\n"
        "# sharp\nplane:\n  title: Plane\n"
    )
    assert change.new == ("resource file",)


@pytest.mark.parametrize("text", ["", HEAD, "{}\n", f"{HEAD}{{}}\n"])
def test_an_empty_file_takes_entries(text: str) -> None:
    change = add(text, resource("B"), resource("A"))
    assert change.texts[PATH] == (HEAD + "\n" if HEAD in text else "") + "a:\n  title: A\n\nb:\n  title: B\n"


@pytest.mark.parametrize(
    "draft",
    [
        resource("Planes again", "http://www.a.example/p/"),
        resource("the PLANE"),
        resource("Plane", "https://other.example/"),
        EntryDraft("resource", "plane", {"title": "Planing"}),
    ],
    ids=["address", "alias", "title", "slug"],
)
def test_what_is_there_is_found_and_stays(draft: EntryDraft) -> None:
    text = "plane:\n  title: Plane # mine\n  aliases: [The plane]\n  urls: [https://a.example/p]\n"
    change = add(text, draft)
    assert (change.texts, change.new, change.changed) == ({}, (), ())


def test_lacking_fields_are_added_in_their_place() -> None:
    text = "plane:\n  title: Plane\n  # the price\n  price: free\n  children:\n    saw:\n      title: Saw\n"
    change = add(text, resource("Plane", "https://a.example/p", format="book", price="$"))
    assert change.texts[PATH] == (
        "plane:\n  title: Plane\n  urls:\n    - https://a.example/p\n  format: book\n  # the price\n  price: free\n"
        "  children:\n    saw:\n      title: Saw\n"
    )
    assert change.changed == ("resource plane",)


def test_children_keep_their_order_and_find_their_parent() -> None:
    drafts = [resource("Tools"), resource("Saw", parent="tools"), resource("Adze", parent="tools")]
    change = add("", *drafts, resource("Teeth", parent="saw"))
    value = read_yaml(change.texts[PATH], PATH).value
    assert list(value["tools"]["children"]) == ["saw", "adze"]
    assert value["tools"]["children"]["saw"]["children"] == {"teeth": {"title": "Teeth"}}
    more = add(change.texts[PATH], resource("Tools"), resource("Rasp", parent="tools"), written=change.written)
    assert more.texts[PATH] == change.texts[PATH] + "    rasp:\n      title: Rasp\n"


def test_again_changes_nothing_and_what_is_taken_out_stays_out() -> None:
    drafts = [resource("Saw", "https://a.example/s", price="$"), resource("Plane")]
    first = add(HEAD, *drafts)
    again = add(first.texts[PATH], *drafts, written=first.written)
    assert (again.texts, again.new, again.changed, again.written) == ({}, (), (), first.written)
    cut = first.texts[PATH].replace("  price: $\n", "").replace("plane:\n  title: Plane\n\n", "")
    assert add(cut, *drafts, written=first.written).texts == {}


def test_two_of_one_slug_are_two() -> None:
    drafts = [resource("C", "https://a.example/c"), resource("C++", "https://a.example/cpp", slug="c")]
    change = add("", *drafts)
    assert [name[:10] for name in change.new] == ["resource c", "resource c"]
    again = add(change.texts[PATH], *drafts, written=change.written)
    assert again.texts == {}


def test_names_with_the_same_slug_are_different_entries() -> None:
    def people(*names: str, text: str = "", written: object = None) -> EntryChange:
        drafts = [EntryDraft("person", entry_slug(name), {"name": name}) for name in names]
        return add_entries({"knowledge/people.yml": text}, [("f.xml", drafts)], written or {})  # type: ignore[arg-type]

    change = people("李明", "黎明", "★")
    text = change.texts["knowledge/people.yml"]
    assert [name[:15] for name in change.new] == ["person li-ming", "person li-ming-", "person person"]
    assert len(set(change.slugs[0]["person"].values())) == 3
    # a person's edit of an imported name doesn't make another entry
    edited = text.replace("李明", "李明 (host)")
    assert people("黎明", "李明", text=edited, written=change.written).texts == {}
    assert people("力鸣", text=edited, written=change.written).new
    assert add("c:\n  title: C\n", resource("C++", slug="c")).new
    assert add("c:\n  title: C++\n", resource("C")).new


def test_sources_in_any_order() -> None:
    one = [resource("Saw", "https://a.example/s"), resource("Adze", "https://a.example/a")]
    two = [resource("Rasp", "https://a.example/r"), resource("Adze", authors=["A. Smith"])]
    texts = []
    for first, second in ((one, two), (two, one)):
        before = add(HEAD, *first)
        texts.append(add(before.texts[PATH], *second, written=before.written))
    assert texts[0].texts == texts[1].texts
    assert texts[0].written == texts[1].written


def test_a_file_in_another_style_stays_and_it_is_said() -> None:
    text = "{plane: {title: Plane}}\n"
    change = add(text, resource("Plane", price="$"), resource("Saw"))
    assert change.texts == {}
    assert [problem.message for problem in change.problems] == ["new fields of plane, saw can't be added safely"]


def test_entries_beyond_the_limit_of_a_file_are_left_out_with_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_ENTRIES", 2)
    change = add("plane:\n  title: Plane\n", *(resource(title) for title in ("Adze", "Plane", "Rasp", "Saw")))
    assert change.texts[PATH] == "adze:\n  title: Adze\n\nplane:\n  title: Plane\n"
    assert change.slugs[0]["resource"] == {"adze": "adze", "plane": "plane", "rasp": "", "saw": ""}
    message = "more than 2 entries or 40,000 names; 2 new ones are left out"
    assert [problem.message for problem in change.problems] == [message]


def test_entries_with_more_names_than_a_file_may_have_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_NAMES", 4)
    many = resource("Adze", aliases=["Adz", "Axe"])
    change = add("plane:\n  title: Plane\n  aliases: [Planer]\n", many, resource("Rasp"), resource("Saw"))
    assert change.slugs[0]["resource"] == {"adze": "", "rasp": "rasp", "saw": "saw"}
    change = add("plane:\n  title: Plane\n", resource("Plane", price="$", aliases=[f"Plane {at}" for at in range(4)]))
    assert change.texts[PATH] == "plane:\n  title: Plane\n  price: $\n"
    assert [problem.message[-23:] for problem in change.problems] == ["1 new ones are left out"]


def test_fields_that_the_model_refuses_are_reported() -> None:
    change = add("", resource("Saw", "javascript:alert(1)", format="poem"), EntryDraft("resource", "x", {"price": "$"}))
    assert change.texts[PATH] == "saw:\n  title: Saw\n"
    assert [problem.message.partition(" of ")[0] for problem in change.problems] == ["format", "urls", "title"]


def test_a_list_longer_than_its_field_may_have_keeps_its_first_items() -> None:
    links = [{"title": str(at), "url": f"https://a.example/{at}"} for at in range(60)]
    draft = EntryDraft("person", "ann", {"name": "Ann", "links": links})
    change = add_entries({"knowledge/people.yml": ""}, [("f.xml", [draft])], {})
    assert change.texts["knowledge/people.yml"].count("url:") == 50
    [problem] = change.problems
    assert problem.message == "only the first 50 of 60 links of the person on line 1 are used"


def test_terms_are_found_by_name_and_not_by_their_abbreviation() -> None:
    text = "factorisation-machine:\n  term: Factorisation machine\n  abbreviations: [FM]\n"
    draft = EntryDraft("term", "foundation-model", {"term": "foundation model", "abbreviations": ["FM"]})
    change = add_entries({TERMS: text}, [("a.txt", [draft])], {})
    assert change.new == ("term foundation-model",)


def test_records_round_trip() -> None:
    written = {"resource": {"a": ("title", "urls")}}
    assert load_record(dump_record(written), ENTRIES_PATH) == written
    for data in (b"", b"[]", b'{"a": 1}', b"\xff"):
        with pytest.raises(ContentError):
            load_record(data, ENTRIES_PATH)


def test_what_stands_under_an_entry_that_cannot_be_goes_to_the_top() -> None:
    drafts = [
        EntryDraft("resource", "a", {"title": "A\u202e"}),
        EntryDraft("resource", "b", {"title": "B"}, "a"),
        EntryDraft("resource", "c", {"title": "C"}, "b"),
    ]
    found = add_entries({}, [("o.opml", drafts)], {})
    assert found.texts == {
        "knowledge/resources.yml": "b:\n  title: B\n  children:\n    c:\n      title: C\n",
    }
    assert [problem.message for problem in found.problems] == [
        "title of the resource on line 1 can't be used: A\\u202e"
    ]


def test_resolve_slugs() -> None:
    draft = Draft("s", 1, None, "", {"topics": ["ml", "gone", "other"]}, "")
    assert resolve_slugs(draft, {"topic": {"ml": "learning", "gone": ""}}).fields == {"topics": ["learning", "other"]}


def test_an_entry_that_was_renamed_in_the_root_is_found_by_its_former_slug() -> None:
    text = "plane:\n  title: Plane\n  former: [smoother, cpp]\n"
    change = add(text, resource("Smoother", price="free"))
    assert (change.new, change.changed) == ((), ("resource plane",))
    assert change.slugs[0]["resource"] == {"smoother": "plane"}
    # another entry with this slug, and a name that has its slug by chance
    assert add(text + "smoother:\n  title: Iron\n", resource("Smoother", price="free")).slugs[0]["resource"] == {
        "smoother": "smoother"
    }
    assert add(text, resource("C++", slug="cpp")).new == ("resource cpp",)


def test_a_former_slug_does_not_join_entries_that_only_share_it() -> None:
    text = "plane-2:\n  title: Planer\n  urls: [https://a.example/p]\n  former: [plane]\n"
    assert add(text, resource("Plane", "https://b.example/p")).new == ("resource plane",)
    assert add(text, resource("Plane")).new == ()
    terms = {TERMS: "c:\n  term: C++\n  definition: Objects.\n"}
    drafts = [EntryDraft("term", "c", {"term": term, "definition": "A language."}) for term in ("C", "C++")]
    written = {"term": {"cpp": add_entries(terms, [("a.md", drafts[1:])], {}).written["term"]["c"]}}
    terms = {TERMS: "cpp:\n  term: C plus plus\n  definition: Objects.\n  former: [c]\n"}
    assert add_entries(terms, [("a.md", drafts[1:])], written).new == ()
    assert add_entries(terms, [("a.md", drafts[:1])], written).new == ("term c",)
