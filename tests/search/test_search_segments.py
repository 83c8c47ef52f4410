"""An index of many segments, however they came about, answers as one of a single segment does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.query import Phrase, Prefix, Term

from minutes_archive.access import Audience
from minutes_archive.errors import IndexDamagedError, MinutesArchiveError
from minutes_archive.search.engine import Request, Update
from minutes_archive.search.whoosh import WhooshEngine, building, draft, generation, worker
from minutes_archive.search.whoosh.columns import ColumnFile
from minutes_archive.search.whoosh.generation import open_whoosh
from minutes_archive.search.whoosh.opening import current_manifest
from minutes_archive.search.whoosh.wordlist import WordList
from search.made_up import TOPICS, archive, item, meeting
from search.test_search_agreement import made_up_meetings

QUERIES = (
    "", "bikes", "off-road bikes", '"car park"', "police OR knife", "bi*", "title:offroad -the", "topic:housing", "polises~",
    "20mph", "person:bike knives", "zebra police crime",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index" / "public"


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "_MOST_CHARACTERS", 600)
    monkeypatch.setattr(building, "_FEW_CHARACTERS", 300)


def engine_over(folder: Path, workers: int = 0) -> WhooshEngine:
    return WhooshEngine(folder, Audience.PUBLIC, TOPICS, workers=workers)


def answers(engine: WhooshEngine) -> list[object]:
    pages = [engine.search(Request(query, limit=60, facets=True, full_text=True)) for query in QUERIES]
    return [(page.total, page.hits, page.facets, page.did_you_mean, page.expanded) for page in pages]


def expected(folder: Path) -> list[object]:
    whole = engine_over(folder.with_name("whole"))
    whole.update(made_up_meetings(3))
    assert len(current_manifest(folder.with_name("whole"), Audience.PUBLIC).segments) == 1
    return answers(whole)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.usefixtures("small_segments")
def test_processes_that_help_change_no_byte(folder: Path) -> None:
    alone, helped = engine_over(folder), engine_over(folder.with_name("helped"), workers=2)
    alone.update(made_up_meetings(3))
    helped.update(made_up_meetings(3))
    assert len(current_manifest(folder, Audience.PUBLIC).segments) > 2
    assert files(folder) == files(folder.with_name("helped"))


def test_segments_by_size_answer_as_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = expected(folder)
    monkeypatch.setattr(draft, "_MOST_CHARACTERS", 600)
    engine = engine_over(folder)
    engine.update(made_up_meetings(3))
    assert len(current_manifest(folder, Audience.PUBLIC).segments) > 2
    assert answers(engine) == whole


def test_the_segments_of_a_full_build_are_joined_and_answer_as_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "_MOST_CHARACTERS", 600)
    made = {}
    for most in (1, 4, 100):
        monkeypatch.setattr(generation, "_MOST_JOINED", most)
        engine = engine_over(folder.with_name(f"joined-{most}"))
        engine.update(made_up_meetings(3))
        segments = current_manifest(folder.with_name(f"joined-{most}"), Audience.PUBLIC).segments
        made[most] = len(segments), answers(engine)
    assert made[4][0] == -(-made[1][0] // 4) > 1
    assert made[100][0] == 1
    assert made[1][1] == made[4][1] == made[100][1]


def test_what_is_taken_out_of_a_joined_segment_leaves_what_the_rest_alone_would_be(folder: Path) -> None:
    meetings = list(made_up_meetings(3))
    engine = engine_over(folder)
    engine.update(meetings)
    engine.put([], removed=[meeting.id for meeting in meetings[::3]])
    rest = engine_over(folder.with_name("rest"))
    rest.update([meeting for number, meeting in enumerate(meetings) if number % 3])
    assert answers(engine) == answers(rest)
    assert _words(folder) == _words(folder.with_name("rest"))


def _words(folder: Path) -> dict[str, list[str]]:
    """The word lists of an index of one segment: nothing of what was taken out is in them."""
    [name] = current_manifest(folder, Audience.PUBLIC).segments
    file = ColumnFile(folder / name, None)
    lists = {name: WordList(file, name) for name in ("terms", "forms")}
    return {name: list(words.words(range(len(words)))) for name, words in lists.items()}


def test_segments_by_and_by_answer_as_one_and_are_not_many(folder: Path) -> None:
    engine = engine_over(folder)
    meetings = list(made_up_meetings(3))
    engine.update(meetings[:1])
    for number in range(1, len(meetings)):
        assert engine.put([meetings[number]]) == Update(added=1, changed=0, removed=0, items=6 * (number + 1))
    assert len(current_manifest(folder, Audience.PUBLIC).segments) <= 4
    assert answers(engine) == expected(folder)


def test_putting_leaves_all_others_and_takes_away_what_is_named(folder: Path) -> None:
    engine = engine_over(folder)
    first, second, third = archive()
    engine.update([first, meeting("gone", item("gone", "Wagtails", "The wagtail-heron."))])
    assert engine.put([second, third], removed=["gone", "never was"]) == Update(added=2, changed=0, removed=1, items=10)
    assert engine.put([meeting("2023", item("bikes", "Lapwings"))]) == Update(added=0, changed=1, removed=0, items=8)
    assert engine.search(Request("lapwings")).total == 1
    assert engine.put([first]) == Update(added=0, changed=1, removed=0, items=10)
    assert not any(word in b"".join(files(folder).values()).lower() for word in (b"wagtail", b"lapwing"))
    rebuilt = engine_over(folder.with_name("rebuilt"))
    rebuilt.update(archive())
    assert answers(engine) == answers(rebuilt)


def test_nothing_can_be_put_where_there_is_no_index(folder: Path) -> None:
    with pytest.raises(IndexDamagedError, match="minutes index --rebuild"):
        engine_over(folder).put(archive())


def test_places_go_on_beyond_what_two_bytes_hold(folder: Path) -> None:
    engine = engine_over(folder)
    text = " ".join(["the cat sat", *(f"on mat{n}" for n in range(34_000)), "beside the heron pond"])
    engine.update([meeting("long", item("long", "Long", text), item("short", "Short", "A pond; then a heron."))])
    assert [hit.id for hit in engine.search(Request('"heron pond"')).hits] == ["m/long"]
    assert [hit.id for hit in engine.search(Request('"mat33999 beside the heron"')).hits] == ["m/long"]
    assert "beside the «heron pond»" in str(engine.search(Request('"heron pond"')).hits[0].snippet)


class Deaths:
    """Lets worker processes die: so many of them, as soon as they are started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, deaths: int) -> None:
        self.left = deaths
        self._start = subprocess.Popen
        monkeypatch.setattr(worker.subprocess, "Popen", self)

    def __call__(self, *arguments: object, **more: object) -> object:
        process = self._start(*arguments, **more)  # type: ignore[call-overload]
        if self.left:
            self.left -= 1
            process.kill()
        return process


@pytest.mark.usefixtures("small_segments")
def test_the_work_of_a_process_that_dies_is_done_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = engine_over(folder.with_name("alone"))
    alone.update(made_up_meetings(3))
    deaths = Deaths(monkeypatch, 2)
    engine_over(folder, workers=2).update(made_up_meetings(3))
    assert deaths.left == 0
    assert files(folder) == files(folder.with_name("alone"))


@pytest.mark.usefixtures("small_segments")
def test_where_every_process_dies_the_old_index_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_over(folder, workers=2)
    engine.update(archive()[:1])
    before = files(folder)
    Deaths(monkeypatch, 1000)
    with pytest.raises(MinutesArchiveError, match="its process ended 3 times"):
        engine.update(made_up_meetings(3))
    assert files(folder) == before


KILLED = """
import os, sys
from pathlib import Path
from minutes_archive.access import Audience
from minutes_archive.search.whoosh import WhooshEngine, {module} as module
from search.made_up import archive
real = module.{name}
def deadly(*arguments):
    if {late}: real(*arguments)
    os._exit(9)
module.{name} = deadly
WhooshEngine(Path(sys.argv[1]), Audience.PUBLIC).update(archive())
"""


@pytest.mark.parametrize(
    ("module", "name", "late", "stands"),
    [
        ("draft", "write_postings", False, "old"),
        ("draft", "write_postings", True, "old"),
        ("codec", "write_toc", False, "old"),
        ("codec", "write_toc", True, "old"),
        ("generation", "write_manifest", False, "old"),
        ("generation", "write_manifest", True, "new"),
    ],
)
def test_killed_while_building_leaves_the_old_index_or_the_new(
    folder: Path, module: str, name: str, late: bool, stands: str
) -> None:
    engine = engine_over(folder)
    engine.update(archive()[:1])
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    script = KILLED.format(module=module, name=name, late=late)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], check=False, env={**os.environ, "PYTHONPATH": paths}
    )
    assert done.returncode == 9
    assert engine.search(Request("")).total == {"old": 3, "new": 10}[stands]
    assert engine.update(archive()).items == 10
    assert {path.name for path in folder.iterdir()} == {"current.json", *current_manifest(folder, Audience.PUBLIC).files}


@pytest.fixture
def stock(folder: Path) -> Iterator[object]:
    """The stock searcher of Whoosh over an index of several segments."""
    engine = engine_over(folder)
    engine.update(archive()[:2])
    engine.put(archive()[2:])
    assert len(current_manifest(folder, Audience.PUBLIC).segments) == 2
    with open_whoosh(folder, Audience.PUBLIC).searcher() as searcher:
        yield searcher


def test_the_stock_searcher_of_whoosh_reads_the_index(stock) -> None:  # type: ignore[no-untyped-def]
    def found(query: object) -> set[str]:
        return {hit["line"].id for hit in stock.search(query)}

    assert stock.doc_count() == 10
    assert found(Term("minutes_text", "bike")) == {"m/apologies", "m/police"}
    assert found(Term("title", "=bikes")) == {"m/bikes", "m/short"}
    assert found(Prefix("minutes_text", "=motor")) == {"m/bikes"}
    assert found(Phrase("minutes_text", ["road", "over", "the", "river"])) == {"m/bridge"}
    assert found(Phrase("minutes_text", ["river", "road"])) == set()
    reader = stock.reader()
    assert {b"bike", b"=bikes", b"~off-road"} <= set(reader.lexicon("title"))
    assert reader.doc_frequency("title", "bike") == 2
    assert reader.field_length("title") == sum(reader.doc_field_length(n, "title") for n in range(10))
