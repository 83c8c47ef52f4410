"""The index on disk: whole or refused, old or new, and nothing left of what was taken out."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from minutes_archive import durable
from minutes_archive.access import Audience
from minutes_archive.errors import IndexDamagedError
from minutes_archive.model import Meeting
from minutes_archive.search.engine import Request, Update
from minutes_archive.search.whoosh import WhooshEngine
from minutes_archive.search.whoosh import engine as module
from minutes_archive.search.whoosh.columns import ColumnFile
from minutes_archive.search.whoosh.generation import open_whoosh
from minutes_archive.search.whoosh.manifest import NAME, Manifest
from minutes_archive.search.whoosh.opening import current_manifest, open_segments
from minutes_archive.search.whoosh.reader import Reader
from search.made_up import TOPICS, archive, item, meeting

QUERIES = ("", "bikes", "off-road bikes", "oak officer objects zebra", "plan*", '"the report"', "person:amory police")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index" / "public"


@pytest.fixture
def engine(folder: Path) -> Iterator[WhooshEngine]:
    made = WhooshEngine(folder, Audience.PUBLIC, TOPICS)
    yield made
    made.close()


def answers(engine: WhooshEngine) -> list[object]:
    pages = [engine.search(Request(query, limit=50, facets=True)) for query in QUERIES]
    return [(page.total, page.hits, page.facets, page.did_you_mean) for page in pages]


def generation_of(folder: Path) -> str:
    return current_manifest(folder, Audience.PUBLIC).generation


def files_of(folder: Path) -> set[str]:
    """The files that there should be."""
    return {NAME, *current_manifest(folder, Audience.PUBLIC).files}


def lexicon(folder: Path) -> set[str]:
    return set(Reader(open_segments(folder, current_manifest(folder, Audience.PUBLIC))).surfaces(""))


def test_an_update_tells_what_it_did(engine: WhooshEngine, folder: Path) -> None:
    first, second, third = archive()
    assert engine.update([first, second]) == Update(added=2, changed=0, removed=0, items=7)
    before = generation_of(folder)
    assert engine.update([first, second]) == Update(added=0, changed=0, removed=0, items=7)
    assert generation_of(folder) == before
    changed = meeting("2024", item("scooters", "E Scooters"), date="2024-01-16")
    assert engine.update([changed, third]) == Update(added=1, changed=1, removed=1, items=4)
    assert engine.update([]) == Update(added=0, changed=0, removed=2, items=0)
    assert engine.search(Request("")).total == 0


def _grown() -> list[list[Meeting]]:
    first, second, third = archive()
    return [[first], [first, second], [first, second, third]]


def _changed() -> list[list[Meeting]]:
    first, second, third = archive()
    return [[meeting("2023", item("old", "Wagtails", "Wagtails.")), second], [first, second, third]]


def _removed() -> list[list[Meeting]]:
    return [[*archive(), meeting("gone", item("gone", "Wagtails", "bikes and a report"))], archive()]


@pytest.mark.parametrize("steps", [_grown, _changed, _removed])
def test_changes_one_by_one_equal_a_rebuild(tmp_path: Path, steps: Callable[[], list[list[Meeting]]]) -> None:
    grown = WhooshEngine(tmp_path / "grown", Audience.PUBLIC, TOPICS)
    for state in steps():
        grown.update(state)
    rebuilt = WhooshEngine(tmp_path / "rebuilt", Audience.PUBLIC, TOPICS)
    rebuilt.update(archive())
    assert answers(grown) == answers(rebuilt)
    grown.update(archive(), rebuild=True)
    assert answers(grown) == answers(rebuilt)
    grown.close()
    rebuilt.close()


def test_the_words_of_what_was_taken_out_are_gone(engine: WhooshEngine, folder: Path) -> None:
    item_gone = item("s", "Wagtail", "The wagtail-heron matter.", documents=("Lapwing report",))
    secret = meeting("s", item_gone, people=("Ib Osprey",))
    engine.update([*archive(), secret])
    assert {"wagtail", "wagtailheron", "lapwing", "osprey"} <= lexicon(folder)
    engine.update(archive())
    assert not {"wagtail", "wagtailheron", "heron", "lapwing", "osprey"} & lexicon(folder)
    assert {path.name for path in folder.iterdir()} == files_of(folder)
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    assert not [word for word in (b"wagtail", b"lapwing", b"osprey") if word in held]


def test_nothing_is_written_beside_the_index(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    engine.update(archive()[:1])
    assert [path for path in folder.parent.iterdir() if path != folder] == []
    assert {path.name for path in folder.iterdir()} == files_of(folder)


def test_an_index_that_is_not_there_says_what_to_do(engine: WhooshEngine) -> None:
    with pytest.raises(IndexDamagedError, match="minutes index --rebuild"):
        engine.search(Request("bikes"))


def test_any_flipped_bit_is_refused_and_an_update_mends_it(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    expected = answers(engine)
    engine.close()
    files = sorted(path for path in folder.iterdir() if path.suffix != ".toc")
    assert {path.name for path in files} == {NAME, "minutes_00000001000.columns"}
    chance = random.Random(5)
    for path in files:
        sound = path.read_bytes()
        for place in chance.sample(range(len(sound)), min(30, len(sound))):
            broken = bytearray(sound)
            broken[place] ^= 1 << chance.randrange(8)
            path.write_bytes(broken)
            with pytest.raises(IndexDamagedError, match="minutes index --rebuild"):
                answers(engine)
            engine.close()
        path.write_bytes(sound)
    assert answers(engine) == expected
    engine.close()
    files[-1].write_bytes(files[-1].read_bytes()[:-1])
    assert engine.update(archive()) == Update(added=3, changed=0, removed=0, items=10)
    assert answers(engine) == expected


def test_whoosh_unpickles_nothing_that_was_changed(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    toc = folder / "_minutes_1.toc"
    sound = toc.read_bytes()
    toc.write_bytes(b"cos\nsystem\n(S'true'\ntR." + sound[24:])
    with pytest.raises(IndexDamagedError):
        open_whoosh(folder, Audience.PUBLIC)
    assert engine.update(archive()).added == 3


@pytest.mark.parametrize("harm", ["missing", "toc", "folder", "manifest", "empty"])
def test_files_missing_are_refused(engine: WhooshEngine, folder: Path, harm: str) -> None:
    engine.update(archive())
    engine.close()
    if harm == "missing":
        next(folder.glob("*.columns")).unlink()
    elif harm == "toc":
        next(folder.glob("*.toc")).unlink()
    elif harm == "folder":
        shutil.rmtree(folder)
    elif harm == "manifest":
        (folder / NAME).unlink()
    else:
        (folder / NAME).write_bytes(b"")
    with pytest.raises(IndexDamagedError, match="minutes index --rebuild"):
        engine.search(Request("bikes"))
    engine.update(archive())
    assert engine.search(Request("bikes")).total


def test_files_added_are_not_looked_at_and_go(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    expected = answers(engine)
    (folder / "_minutes_99.toc").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    engine.close()
    assert answers(engine) == expected
    with pytest.raises(IndexDamagedError):
        open_whoosh(folder, Audience.PUBLIC)
    engine.update(archive())
    assert {path.name for path in folder.iterdir()} == files_of(folder)


def test_another_audiences_index_is_refused(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    officer = WhooshEngine(folder, Audience.OFFICER)
    with pytest.raises(IndexDamagedError, match="another audience"):
        officer.search(Request("bikes"))


def test_an_update_that_fails_leaves_the_old_state(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    expected = answers(engine)

    def failing() -> Iterator[Meeting]:
        yield meeting("new", item("new", "Wagtails"))
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        engine.update(failing())
    assert answers(engine) == expected
    assert {path.name for path in folder.iterdir()} == files_of(folder)


def test_an_error_after_the_new_generation_is_current_leaves_it_whole(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.update(archive()[:1])

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(durable, "sync_folder", fail)
        with pytest.raises(OSError, match="Input/output"):
            engine.put(archive()[1:])
    assert {path.name for path in folder.iterdir()} == files_of(folder)
    assert engine.search(Request(limit=99)).total == 10


def test_a_manifest_that_cannot_be_read_now_takes_nothing_away(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.update(archive())
    expected, read = answers(engine), Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == NAME:
            raise OSError(24, "Too many open files")
        return read(path)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_bytes", refuse)
        with pytest.raises(OSError, match="Too many"):
            engine.update(archive()[:1])
    assert answers(engine) == expected


def test_a_reader_goes_over_to_a_new_generation(engine: WhooshEngine, folder: Path) -> None:
    engine.update(archive())
    reader = WhooshEngine(folder, Audience.PUBLIC)
    assert reader.search(Request("wagtail")).total == 0
    engine.update([*archive(), meeting("new", item("new", "Wagtails"))])
    assert reader.search(Request("wagtail")).total == 1
    reader.close()


def test_a_reader_that_loses_the_race_with_a_writer_tries_again(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.update(archive())
    writer = WhooshEngine(folder, Audience.PUBLIC)
    overtaken = [meeting("new", item("new", "Wagtails"))]

    def slow(path: Path, manifest: Manifest) -> list[ColumnFile]:
        if overtaken:
            writer.update([*archive(), overtaken.pop()], rebuild=True)  # between the manifest and the files
        return open_segments(path, manifest)

    monkeypatch.setattr(module, "open_segments", slow)
    assert engine.search(Request("wagtail")).total == 1


SCRIPT = """
import sys
from pathlib import Path
from search.made_up import archive
from minutes_archive.access import Audience
from minutes_archive.search.whoosh import WhooshEngine
engine = WhooshEngine(Path(sys.argv[1]), Audience.PUBLIC)
engine.update(archive()[:1])
engine.update(archive())
engine.update(archive()[1:])
"""


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for seed in ("1", "2"):
        paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
        subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / seed)], check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
        )
        found = sorted(path for path in (tmp_path / seed).rglob("*") if path.is_file())
        trees.append({str(path.relative_to(tmp_path / seed)): path.read_bytes() for path in found})
    assert trees[0] == trees[1]


@pytest.mark.parametrize(
    "query",
    [
        "s" * 2000, " ".join(["the"] * 100), "(" * 50 + "bikes" + ")" * 50, "\x00\x1f bikes", "a~ " * 8,
        "-" * 1999 + "a", "cafe\u0301*",
    ],
)
def test_odd_queries_are_answered(engine: WhooshEngine, query: str) -> None:
    engine.update(archive())
    assert engine.search(Request(query)).total >= 0


def test_whatever_a_record_holds_can_be_indexed(engine: WhooshEngine) -> None:
    odd = item("o", "\ud800 Title \x00", "word " * 70_000 + "x" * 100_000, topics=("a\x1fb", "\udfff"), number="№")
    engine.update([meeting("o", odd, body="\ud800")])
    page = engine.search(Request("word title", full_text=True, facets=True))
    assert (page.total, page.hits[0].title) == (1, odd.title)
    assert page.hits[0].text == odd.minutes_text
