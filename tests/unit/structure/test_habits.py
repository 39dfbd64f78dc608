"""What words do in documentation is counted, kept in a file, and told of a text's words."""

import io
import tarfile
import zipfile

import numpy as np
import pytest

from benchmarks.structure.habits import Counts, habits_of
from benchmarks.structure.reading import Passage, passages
from mlguide_site.recovery.habits import (
    APART,
    FIRST_BOUND,
    UNREAD,
    UNSEEN,
    coherence,
    pack,
    places,
    rows_of,
    shipped,
    unpack,
)

WORDS = "kiln glaze clay wheel slip cone".split()


@pytest.fixture(scope="module")
def habits():
    counts = Counts()
    for at in range(60):
        counts.add(Passage(False, f"The kiln glaze melts at number {at}. Cone and slip, clay of a wheel."))
        counts.add(Passage(True, "Overview" if at % 2 else "Kiln glaze"))
        counts.add(Passage(False, "An overview of wheel and cone is near."))
    return habits_of(counts, 3)


def test_words_written_side_by_side_cohere(habits):
    levels = coherence("kiln glaze".split(), habits)
    assert levels[0] == UNREAD
    assert levels[1] >= FIRST_BOUND
    assert coherence("glaze kiln".split(), habits)[1] == APART
    assert coherence("kiln quux".split(), habits)[1] == UNREAD


def test_a_stop_parts_words(habits):
    assert coherence("slip clay".split(), habits)[1] < FIRST_BOUND


def test_rare_words_never_seen_together_say_little():
    counts = Counts()
    for at in range(2000):
        counts.add(Passage(False, f"common words fill these lines {'kiln here' if at < 20 else 'slip there'} again"))
    assert coherence("kiln slip".split(), habits_of(counts, 3))[1] in (UNSEEN, APART)
    assert coherence("common lines".split(), habits_of(counts, 3))[1] == APART


def test_places_tell_what_begins_headings(habits):
    told = places(["overview", "kiln", "quux"], habits)
    assert told[0, 2] > told[1, 2]
    assert told[1, 0] > 0
    assert not told[2].any()


def test_a_file_gives_habits_back(habits):
    again = unpack(pack(habits))
    assert again.rows == habits.rows
    assert np.array_equal(again.places, habits.places)
    assert np.array_equal(again.pairs, habits.pairs)
    assert np.array_equal(again.levels, habits.levels)
    assert np.abs(again.logs - habits.logs).max() <= 1 / 16
    assert again.read == habits.read


@pytest.mark.parametrize("data", [b"", b"MLGHABT2", b"MLGSTRC1" + b"\0" * 60])
def test_other_files_are_refused(data):
    with pytest.raises(ValueError, match="not a"):
        unpack(data)


def test_what_is_shipped_is_whole():
    known = shipped()
    assert len(known.rows) > 20_000
    assert (np.diff(known.pairs.astype(np.int64)) > 0).all()
    assert (rows_of(["the", "network", "model’s"], known)[:2] >= 0).all()


def test_documentation_is_read_from_archives(tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        for name, text in {
            "a/guide.rst": "Firing a kiln\n=============\n\nHeat it :ref:`slowly <s>` over many hours.\n\n.. note::\n",
            "a/tests/guide.rst": "This is no documentation at all, it is a test.\n",
            "a/kiln.py": '"""Fires what was shaped before.\n\nWarm it at first."""\nfire = 1\n',
            "a/bad.md": "\udcff",
        }.items():
            data = text.encode("utf-8", "surrogateescape")
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with zipfile.ZipFile(tmp_path / "b.whl", "w") as packed:
        packed.writestr("b/README.md", "# Clay\n\n- Wedge the [clay](x) well before use.\n\n```\nno words\n```\n")
        packed.writestr(
            "b/service.json", '{"documentation":"<p>Heat it slowly over many hours.</p><p>Then let it cool.</p>"}'
        )
        packed.writestr("b/none.bin", "nothing")
    (tmp_path / "c.txt").write_text("no archive")
    assert list(passages(tmp_path)) == [
        Passage(True, "Firing a kiln"),
        Passage(False, "Heat it slowly over many hours."),
        Passage(False, "Fires what was shaped before."),
        Passage(True, "Clay"),
        Passage(False, "Wedge the clay well before use."),
    ]
