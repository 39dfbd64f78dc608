"""Tests that a show can't change the pages of other shows or of the hub."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conftest import write_files
from labels import Settings
from memory import traced
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.hub import HUB
from mlguide_site.hub.hub_catalog import hub_catalog
from mlguide_site.hub.hub_file import Hub, HubFile
from mlguide_site.hub.joins import join, merged
from mlguide_site.hub.partial import Mentioned, Named, Partial, Shown, names_of
from mlguide_site.hub.run import publish
from mlguide_site.hub.store import Record, Store, packed
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.mentions import Context
from mlguide_site.model.records import Episode, Kind, Status
from mlguide_site.pages.facets import RESOURCE_LIST
from mlguide_site.pages.site import Site
from mlguide_site.publish.machine_files import site_files

PAGE = "episodes/{0}.md"


def show(name: str, *numbers: str, **topics: dict[str, Any]) -> Partial:
    episodes = [Shown(meta=Episode(id=f"{name}-{own}", title=name), own=own, page=PAGE.format(name)) for own in numbers]
    ids = tuple(one.meta.id for one in episodes)
    entries = [
        Mentioned(kind=Kind.TOPIC, slug=slug, fields=fields, episodes=ids, quotes={}) for slug, fields in topics.items()
    ]
    return Partial(show=name, title=name, summary="", cover="", episodes=tuple(episodes), entries=tuple(entries))


def hub(*shows: Partial, **fields: Any) -> tuple[list[Named], HubFile]:
    values = {"title": "T", "shows": {one.show: {"folder": one.show} for one in shows}, **fields}
    return merged(*map(names_of, shows)), HubFile(Hub.model_validate(values), read_yaml("title: T", "hub.yml"))


def linked(*shows: Partial) -> LinkedCatalog:
    return hub_catalog(shows, join(*hub(*shows)))


def test_an_id_of_two_shows_keeps_both_episodes() -> None:
    files = linked(show("radio", "lab-001"), show("radio-lab", "001", "002")).catalog.episodes
    places = {id: file.place for id, file in files.items()}
    assert places == {
        "radio-lab-001": "shows/radio/episodes/radio.md",
        "radio-lab-001-2": "shows/radio-lab/episodes/radio-lab.md",
        "radio-lab-002": "shows/radio-lab/episodes/radio-lab.md",
    }


def test_episodes_without_a_number_have_the_name_of_their_show() -> None:
    one = show("ash", "001", "ash-news-001").model_copy(update={"title": "Ash radio"})
    site = Site(linked(one, show("birch", "001")), Settings("Hub"), str)
    assert [(card.label, card.name) for card in site.cards.values()] == [
        ("Ash radio · Episode 1", "Ash radio · Episode 1"),
        ("Ash radio", "ash"),
        ("birch · Episode 1", "birch · Episode 1"),
    ]


def test_opposite_parents_hide_no_topics() -> None:
    one = show("ash", "001", x={"name": "Xylo", "parent": "y"}, y={"name": "Yarn"})
    two = show("birch", "001", x={"name": "Xylo"}, y={"name": "Yarn", "parent": "x"})
    topics = linked(one, two).catalog.topics
    assert {slug: topic.parent for slug, topic in topics.items()} == {"x": None, "y": "x"}


def test_the_latest_episodes_are_quoted() -> None:
    """Check two shows with alternating dates: the pages of the hub quote the ten latest episodes of both."""
    shows = []
    for at, name in enumerate(("ash", "birch")):
        dates = {f"{name}-{number:03}": date(2024, number, 1 + at) for number in range(1, 13)}
        quotes = {id: (Context("", "", "With Loom.", 5, 9),) for id in dates}
        entry = Mentioned(kind=Kind.TOOL, slug="loom", fields={"name": "Loom"}, episodes=tuple(dates), quotes=quotes)
        metas = {id: Episode(id=id, title=name, date=day) for id, day in dates.items()}
        episodes = tuple(Shown(meta=meta, own=id[-3:], page=PAGE.format(name)) for id, meta in metas.items())
        shows.append(Partial(show=name, title=name, summary="", cover="", episodes=episodes, entries=(entry,)))
    found = linked(*shows)
    key = (Kind.TOOL, "loom")
    assert {*found.contexts[key]} == {f"{name}-{number:03}" for name in ("ash", "birch") for number in range(8, 13)}
    assert len(found.episodes_of[key]) == 24
    assert found.catalog.show_pages(*key) == {name: f"shows/{name}/tools/loom.md" for name in ("ash", "birch")}


def test_the_list_of_resources_has_the_latest_episodes() -> None:
    """The list for the filters would otherwise have megabytes in a large hub."""
    shows = []
    for name in ("ash", "birch"):
        one = show(name, *(f"{number:03}" for number in range(1, 13)))
        fields = {"title": "Looms", "urls": [{"url": "https://loom.example/"}]}
        ids = tuple(shown.meta.id for shown in one.episodes)
        entry = Mentioned(kind=Kind.RESOURCE, slug="looms", fields=fields, episodes=ids, quotes={})
        shows.append(one.model_copy(update={"entries": (entry,)}))
    listed = json.loads(site_files(linked(*shows), Settings("Hub"))[RESOURCE_LIST]())
    assert len(listed["episodes"]) == len(listed["resources"][0][7]) == 10
    assert listed["resources"][0][-1] == 24


def test_an_episode_needs_little_memory() -> None:
    one = show("ash", *(f"{number:04}" for number in range(2000)))
    found, peak = traced(lambda: linked(one, show("birch")))
    assert peak < 2000 * 1500
    topics = {f"t{number}": {"name": f"T {number}"} for number in range(500)}
    many = [show(name, *(f"{number:03}" for number in range(50)), **topics) for name in ("ash", "birch")]
    joined = join(*hub(*many))
    assert traced(lambda: hub_catalog(many, joined))[1] < 60 * 100 * 500, "bytes for each mention"
    kept = found.catalog.episodes["ash-0007"].meta
    assert kept.model_dump() == one.episodes[7].meta.model_dump()
    assert (kept.tags, kept.status) == ((), Status.PUBLISHED)


def test_memory_for_entries_with_one_address_or_name_is_linear() -> None:
    tools = [Named("ash", "tool", f"t{n}", f"Tool {n}", (), ("https://loom.example/",)) for n in range(1500)]
    people = [Named(f"s{n}", "person", "ida", "Ida", (), ()) for n in range(400)]
    shows = [show("ash"), *(show(one.show) for one in people)]
    file = hub(*shows)[1]
    joined, peak = traced(lambda: join([*tools, *people], file))
    assert peak < 40 * 2**20
    assert not joined.groups and 0 < len(joined.problems) <= 100


def test_a_show_with_the_name_of_the_hub_does_not_replace_it(tmp_path: Path) -> None:
    store, records = Store(str(tmp_path / "store")), {}
    for name, folder in ((HUB, HUB), ("hub", "shows/hub")):
        page = tmp_path / "pages" / name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(name, "utf-8")
        records[name] = store.commit(folder, Record(site=store.write(f"{folder}/a.zip", packed(page.parent))))
    (tmp_path / ".mlguide").mkdir()
    for _ in range(2):
        publish(tmp_path, str(tmp_path / "store"), records, records)
        assert (tmp_path / "site/index.html").read_text("utf-8") == HUB
        assert (tmp_path / "site/shows/hub/index.html").read_text("utf-8") == "hub"


def test_topics_of_two_shows_never_join_to_a_deep_chain() -> None:
    chains = {f"t{at}": {"name": f"Topic {at}", "parent": f"t{at - 1}"} for at in range(100) if at % 20}
    tops = {f"t{at}": {"name": f"Topic {at}", "parent": f"t{at - 1}"} for at in range(20, 100, 20)}
    bare = {f"t{at}": {"name": f"Topic {at}"} for at in range(100)}
    topics = linked(show("a", "1", **bare | chains), show("b", "1", **bare | tops)).catalog.topics
    assert len(topics) == 100
    depths = dict.fromkeys(topics, 0)
    for slug in depths:
        one = slug
        while one := topics[one].parent or "":
            depths[slug] += 1
    assert 19 <= max(depths.values()) <= 20


def test_joined_entries_have_as_many_aliases_as_the_entries_of_a_show_may_have() -> None:
    fields = [{"name": "Docker", "aliases": [f"{name} {at}" for at in range(120)]} for name in "ab"]
    aliases = (
        linked(show("a", "1", docker=fields[0]), show("b", "1", docker=fields[1])).catalog.topics["docker"].aliases
    )
    assert (len(aliases), aliases[:120]) == (200, tuple(fields[0]["aliases"]))


@pytest.mark.parametrize("damage", [lambda data: data[:40], lambda data: data[:60] + b"\xff" * 20 + data[80:], None])
def test_a_damaged_site_of_a_show_stops_no_other_show(tmp_path: Path, damage) -> None:
    store, records = Store(str(tmp_path / "store")), {}
    for name in ("ash", "birch"):
        page = write_files(tmp_path / "pages" / name, {"index.html": f"{name} and its words" * 20})
        archive = store.write(f"shows/{name}/a.zip", packed(page))
        records[name] = store.commit(f"shows/{name}", Record(context="1", notes="n.zip", site=archive))
    (tmp_path / ".mlguide").mkdir()
    archive = tmp_path / "store/shows/ash/a.zip"
    if damage:
        archive.write_bytes(damage(archive.read_bytes()))
    else:
        archive.unlink()
    assert publish(tmp_path, str(tmp_path / "store"), records, records) == ["ash"]
    assert (tmp_path / "site/shows/birch/index.html").read_text("utf-8").startswith("birch")
    assert not (tmp_path / "site/shows/ash").exists()
    assert [store.record(f"shows/{name}").context for name in ("ash", "birch")] == ["", "1"]
