"""The order of results."""

from __future__ import annotations

from pathlib import Path

import pytest

from minutes_archive.access import Audience
from minutes_archive.errors import NotFoundError
from minutes_archive.model import Decision, Item, Meeting
from minutes_archive.search.engine import Request
from minutes_archive.search.ranking import is_most, rarity, stepped
from minutes_archive.search.whoosh import WhooshEngine
from search.made_up import TOPICS, archive, item, meeting


def order(tmp_path: Path, meetings: list[Meeting], query: str, **more: str) -> list[str]:
    engine = WhooshEngine(tmp_path / "public", Audience.PUBLIC, TOPICS)
    engine.update(meetings)
    hits = engine.search(Request(query, limit=50, **more)).hits  # type: ignore[arg-type]
    engine.close()
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    return [hit.id.removeprefix("m/") for hit in hits]


FILLER = "It was raised by a resident who asked what could be done about it in the months to come."


@pytest.mark.parametrize(
    ("items", "query", "expected"),
    [
        # The title tells most, then the words of decisions, then the minutes, then the agenda.
        ([item("text", "Matter", f"Herons. {FILLER}"), item("title", "Herons", FILLER)], "herons", "title text"),
        (
            [
                item("agenda", "Matter", FILLER, agenda_text="Herons were seen."),
                item("minutes", "Matter", f"Herons were seen. {FILLER}"),
            ],
            "herons", "minutes agenda",
        ),
        # Words that stand side by side.
        (
            [item("apart", "Matter", f"Mill. {FILLER} Pond."), item("beside", "Matter", f"Mill pond. {FILLER} Then.")],
            "mill pond", "beside apart",
        ),
        # Procedural items last, unless the query names them.
        (
            [item("minutes", "Minutes", "Herons.", procedural=True), item("heron", "Matter", f"Herons. {FILLER}")],
            "herons", "heron minutes",
        ),
        (
            [
                item("apologies", "Apologies", "Apologies.", procedural=True),
                item("else", "Matter", f"Apologies. {FILLER}"),
            ],
            "apologies", "apologies else",
        ),
        # Typed words above related ones, however often those stand there; most of the words below all of them.
        ([item("related", "Quads", "Quads, quads."), item("typed", "Matter", f"Off-road bikes. {FILLER}")],
         "off-road bikes", "typed related"),
        ([item("most", "Heron mill", "Heron mill."), item("all", "Matter", f"Heron. Mill. Pond. {FILLER}")]
         + [item(f"x{n}", "Other") for n in range(9)], "heron mill pond", "all most"),
    ],
)
def test_what_comes_first(tmp_path: Path, items: list[Item], query: str, expected: str) -> None:
    assert order(tmp_path, [meeting("m", *items)], query) == expected.split()


def test_the_words_of_a_decision_count_twice(tmp_path: Path) -> None:
    text = "Herons were noted. Otters were seen."
    decision = Decision("noted", text[:18], "minutes_text", 0, 18)
    held = Item(id="m/decided", ordinal=1, title="Matter", minutes_text=text, decisions=(decision,))
    other = item("spoken", "Matter", "Otters were noted. Herons were seen.")
    assert order(tmp_path, [meeting("m", other, held)], "herons") == ["decided", "spoken"]


@pytest.mark.parametrize(
    ("query", "sort", "first"),
    [
        ("", "relevance", "scooters speed park budget apologies bikes tree bridge police short"),
        ("", "newest", "scooters speed park budget apologies bikes tree bridge police short"),
        ("", "oldest", "apologies bikes tree scooters speed park budget bridge police short"),
        ("bike", "oldest", "apologies bikes police short"),
        ("date:2023..", "relevance", "scooters speed park budget apologies bikes tree"),
    ],
)
def test_by_date_undated_last_then_as_in_the_meeting(tmp_path: Path, query: str, sort: str, first: str) -> None:
    assert order(tmp_path, archive(), query, sort=sort) == first.split()


def test_equal_scores_stand_newest_first(tmp_path: Path) -> None:
    old = meeting("a", item("old", "Herons"), date="2020-01-01")
    new = meeting("b", item("new", "Herons"), item("new2", "Herons"), date="2024-01-01")
    assert order(tmp_path, [old, new], "herons") == ["new", "new2", "old"]


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("motorbkies seen", "motorbikes seen"),
        ('oak "zebra" polise', None),
        ('budget "costs were" polise', 'budget "costs were" police'),
        ("oak", None),
        ("zebra", None),
        ("comissioner*", None),
    ],
)
def test_did_you_mean(tmp_path: Path, query: str, suggested: str | None) -> None:
    engine = WhooshEngine(tmp_path / "public", Audience.PUBLIC)
    engine.update(archive())
    assert engine.search(Request(query)).did_you_mean == suggested
    engine.close()


def test_items_like_one(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "public", Audience.PUBLIC)
    titles = {"a": "Herons at the mill pond", "b": "Mill pond herons return", "c": "Budget of the mill"}
    engine.update([meeting("m", *(item(key, title) for key, title in titles.items()))])
    page = engine.similar("m/a")
    assert [hit.id for hit in page.hits] == ["m/b"]
    with pytest.raises(NotFoundError, match="m/z"):
        engine.similar("m/z")
    engine.close()


@pytest.mark.parametrize(
    ("found", "asked", "weight", "named", "of", "expected"),
    [
        (1, 1, 1, 0, 1, True), (1, 2, 9, 0, 10, False), (2, 3, 5, 0, 10, True), (2, 3, 4.9, 0, 10, False),
        (2, 4, 9, 0, 10, False), (1, 2, 9, 9, 10, True), (1, 2, 5, 4.9, 10, False),
    ],
)
def test_most_is_half_the_weight_in_more_than_half_the_words_or_in_the_title(
    found: int, asked: int, weight: float, named: float, of: float, expected: bool
) -> None:
    assert is_most(found, asked, weight, named, of) is expected


def test_a_word_that_exists_nowhere_weighs_most() -> None:
    assert rarity(100, 0) > rarity(100, 1) > rarity(100, 100) > 0


def test_steps_keep_scores_falling() -> None:
    kinds = {0: [3.0, 1.0], 1: [8.0, 2.0], 2: [0.5, 0.0]}
    factors = stepped(kinds)
    scaled = [score * factors[kind] for kind in sorted(kinds) for score in kinds[kind]]
    assert scaled == sorted(scaled, reverse=True)
    assert factors[0] == 1
