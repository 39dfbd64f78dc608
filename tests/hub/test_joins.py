"""Golden tests: which entries of shows are joined. In `joins/`, a `.yml` file has the entries of shows, and a `.txt`
file the result."""

from pathlib import Path

import pytest
import yaml

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.hub import joins
from mlguide_site.hub.hub_file import Hub, HubFile
from mlguide_site.hub.joins import join, merged
from mlguide_site.hub.partial import Named

FOLDER = Path(__file__).parent / "joins"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yml")))
def test_joins(name, golden) -> None:
    text = (FOLDER / f"{name}.yml").read_text("utf-8")
    values = yaml.safe_load(text)
    names, shows = [], {}
    for member, fields in values.pop("entries").items():
        kind, _, place = member.partition(":")
        show, _, slug = place.partition("/")
        shows[show] = {"folder": show}
        urls = tuple(f"https://{url}" for url in fields.get("urls", ()))
        names.append(Named(show, kind, slug, fields["name"], tuple(fields.get("also", ())), urls))
    file = HubFile(Hub.model_validate({"title": "T", "shows": shows, **values}), read_yaml(text, "hub.yml"))
    joined = join(merged(names), file)
    lines = [
        f"{kind}:{slug} = {' + '.join(f'{own}:{show}/{place}' for show, own, place in members)}"
        for (kind, slug), members in joined.groups.items()
    ]
    golden(FOLDER / f"{name}.txt", "".join(f"{line}\n" for line in [*lines, *map(str, joined.problems)]))
    halves = merged(merged(*([one] for one in names[::2])), merged(*([one] for one in names[1::2])))
    assert join(halves, file) == joined, "the result depends on the order of the reduction"


def test_the_work_grows_with_the_number_of_names_also_if_shows_share_many_aliases(monkeypatch) -> None:
    computed = []
    monkeypatch.setattr(joins, "name_key", lambda name, key=joins.name_key: computed.append(name) or key(name))
    aliases = tuple(f"Alias {at}" for at in range(300))
    names = [Named(show, "tool", show, f"Tool {show}", aliases, ()) for show in "ab"]
    text = "title: T\nshows:\n  a: {folder: a}\n  b: {folder: b}\n"
    file = HubFile(Hub.model_validate(yaml.safe_load(text)), read_yaml(text, "hub.yml"))
    assert len(join(names, file).problems) == 1
    assert len(computed) <= 5 * 2 * 300


def test_a_slug_for_a_second_page_replaces_no_other_page() -> None:
    names = [
        Named(show, "tool", slug, slug, (), (f"https://{name}.example/",))
        for name, slug, shows in (("a", "x-cedar-2", "ash birch"), ("b", "x", "ash birch"), ("c", "x", "cedar dill"))
        for show in shows.split()
    ]
    shows = {one: {"folder": one} for one in ("ash", "birch", "cedar", "dill")}
    file = HubFile(Hub.model_validate({"title": "T", "shows": shows}), read_yaml("title: T", "hub.yml"))
    assert sorted(slug for _, slug in join(merged(names), file).groups) == ["x", "x-cedar-2", "x-cedar-3"]


def test_a_slug_joins_only_names_that_it_contains() -> None:
    names = [Named(show, "tool", "c", name, (), ()) for show, name in (("ash", "C"), ("birch", "C++"), ("cedar", "C"))]
    shows = {one: {"folder": one} for one in ("ash", "birch", "cedar")}
    file = HubFile(Hub.model_validate({"title": "T", "shows": shows}), read_yaml("title: T", "hub.yml"))
    [members] = join(merged(names), file).groups.values()
    assert [show for show, *_ in members] == ["ash", "cedar"]
