"""The measures of the search, against figures worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from accuracy.search.__main__ import by_kind, faults, totals
from accuracy.search.collection import Collection
from accuracy.search.judgements import Query
from accuracy.search.measures import Scores, interval, mean, score
from accuracy.search.peers import Fts5, PlainBm25
from accuracy.search.run import BM25, FTS5, METHODS, OURS, Answer, answer_all, spelt_alike
from minutes_archive.access import Audience
from minutes_archive.model import Item
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.workspace import Workspace

# One item that decides (gain 3), one that mentions (gain 1): the best there can be is 3 + 1 / log2(3) = 3.6309.
GRADES = {"decides": 2, "mentions": 1}


@pytest.mark.parametrize(("ranking", "ndcg", "mrr", "recall", "success"), [
    (["decides", "mentions"], 1.0, 1.0, 1.0, 1.0),
    (["mentions", "decides"], (1 + 3 / 1.58496) / 3.63093, 0.5, 1.0, 0.0),
    (["mentions", "other", "decides"], 2.5 / 3.63093, 1 / 3, 1.0, 0.0),
    (["other", *"abcdefghi", "decides"], 0.0, 1 / 11, 0.5, 0.0),
    ([*"abcdefghijklmnopqrst", "decides"], 0.0, 1 / 21, 0.0, 0.0),
    ([], 0.0, 0.0, 0.0, 0.0),
])
def test_a_ranking_is_scored(ranking: list[str], ndcg: float, mrr: float, recall: float, success: float):
    found = score(ranking, GRADES)
    assert found.ndcg == pytest.approx(ndcg, abs=1e-4)
    assert (found.mrr, found.recall, found.success) == (pytest.approx(mrr), recall, success)


def test_means_and_their_intervals():
    assert mean([Scores(1, 1, 0, 1), Scores(0, 0.5, 0, 0)]) == Scores(0.5, 0.75, 0, 0.5)
    assert interval([("one", 0.25), ("two", 0.25), ("two", 0.25)]) == (0.25, 0.25)
    spread = [(f"theme {number}", number / 10) for number in range(11)]
    low, high = interval(spread)
    assert low < 0.5 < high
    assert (low, high) == interval(spread), "the seed is fixed"
    # A spelling more of the same theme is no new evidence: two themes cannot make an interval narrower than their values.
    assert interval([("one", 0.0)] * 50 + [("two", 1.0)] * 50) == (0.0, 1.0)


@pytest.fixture
def items() -> dict[str, Item]:
    texts = {
        "stems": "The benches were painted.", "phrase": "a bench off the road", "hyphen": "the off-road bench", "none": "Noted.",
    }
    return {key: Item(key, place, "", minutes_text=text) for place, (key, text) in enumerate(texts.items())}


@pytest.mark.parametrize(("query", "fts5", "bm25"), [
    ("bench", ["hyphen", "phrase", "stems"], ["hyphen", "phrase"]),
    ("off-road", ["hyphen"], ["hyphen", "phrase"]),
    ('"painted benches"', ["hyphen", "phrase", "stems"], ["stems"]),
    ("swimming", [], []),
    ('"', [], []),
])
def test_the_peers(items: dict[str, Item], query: str, fts5: list[str], bm25: list[str]):
    assert sorted(Fts5(items).rank(query)) == sorted(fts5)
    assert sorted(PlainBm25(items).rank(query)) == sorted(bm25)


def test_plain_bm25_puts_the_shorter_and_the_rarer_first(items: dict[str, Item]):
    assert PlainBm25(items).rank("bench")[0] == "hyphen"
    assert PlainBm25(items).rank("the painted")[0] == "stems"


def test_spellings_are_alike_where_they_find_the_same_items():
    def answer(kind: str, found: list[str], judgement: str = "bikes") -> Answer:
        return Answer(Query("", kind, judgement, GRADES), {OURS: found})

    alone = answer("variant", ["x"], "scooters")
    answers = [answer("theme", ["a", "b"]), answer("variant", ["b", "a"]), answer("variant", ["a"]), alone]
    assert spelt_alike(answers) == (1, 2)


def test_every_method_answers_over_the_same_items(sample_archive: Path):
    view = ArchiveView(RecordStore(Workspace.of_archive(sample_archive)), Audience.PUBLIC)
    items = {item.id: item for meeting in view.meetings() for item in meeting.items}
    collection = Collection(sample_archive, items, {key: key for key in items})
    wanted = {"moderngov.thornmere.example/3171/21304": 2}
    deferred = Query("knife crime", "decision", "knives", wanted, {"decision": ["deferred"]})
    filtered, whole = answer_all(collection, [deferred, Query("knife crime", "theme", "knives", wanted)])
    for method in METHODS:
        assert filtered.scores(method).success == 1.0, method
        assert set(filtered.found[method]) < set(whole.found[method]) <= set(items), method
    assert len(whole.found[FTS5]) > len(wanted)


def test_the_tables_tell_the_figures():
    def answer(kind: str, ours: list[str], peer: list[str], grades: dict[str, int]) -> Answer:
        return Answer(Query(f"a {kind}", kind, kind, grades), {OURS: ours, FTS5: peer, BM25: peer})

    answers = [
        answer("theme", ["decides", "mentions"], ["mentions", "decides"], GRADES),
        answer("typo", [], ["decides"], GRADES),
        answer("no-answer", [], ["junk", "more junk"], {}),
    ]
    told = "\n".join(totals("Some", answers))
    assert "| minutes | 2 | 0.500 | 0.000 to 1.000 | 0.500 | 0.500 | 0.500 | 1 of 1 | 0.0 |" in told
    assert "| FTS5 | 2 | 0.811 |" in told
    assert "| 0 of 1 | 2.0 |" in told
    assert "nDCG@10 above FTS5: -0.311" in told
    assert "| typo | 1 | 0.000 | 0.826 | 0.826 |" in "\n".join(by_kind(answers))
    assert list(faults(answers)) == ["0.000 (FTS5 0.826) typo: a typo ", "        missed: decides"]
