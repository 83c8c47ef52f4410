"""The embedded engine finds what plain loops find: random queries over random items.

$MINUTES_QUERIES says how many; `make agreement` asks 2,000.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.errors import QueryError
from minutes_archive.model import Meeting
from minutes_archive.search.engine import Filters, Request, ResultPage, SearchEngine
from minutes_archive.search.whoosh import WhooshEngine
from search.made_up import TOPICS, item, meeting
from search.reference import ReferenceEngine

# Few words, so that they meet; spelled in many ways, so that spelling is tried.
WORDS = (
    "off-road", "off road", "offroad", "bikes", "bike", "quads", "motorbikes", "e-scooters", "E Scooters", "escooter",
    "car park", "carpark", "parking", "20mph", "20 mph", "the", "of", "police", "crime", "and", "commissioner", "PCC",
    "07/2525/FUL", "2525", "council's", "knife", "knives", "anti-social", "antisocial", "social", "s106", "café",
    "by-law", "byelaws", "Q4", "quarter 4", "2024/25", "2024/2025", "H.M.O.", "HMO", "O'Neill", "January 2024", "24/0811/FUL",
)
LABELS = ("off-road-bikes", "housing", "waste")
DECISIONS = ("noted", "deferred", "minutes_confirmed")


def made_up_meetings(seed: int, items: int = 60) -> Iterator[Meeting]:
    chance = random.Random(seed)

    def text(longest: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, longest)))

    for first in range(0, items, 6):
        yield meeting(
            f"m{first}",
            *(
                item(
                    f"{n}", text(3), text(9), number=chance.choice([None, "12", "SSP/1624"]), decision_text=text(3),
                    agenda_text=text(3), documents=(text(3), text(2)), procedural=chance.random() < 0.2,
                    topics=tuple(chance.sample(LABELS, chance.randint(0, 2))), decisions=chance.sample(DECISIONS, 1),
                )
                for n in range(first, first + 6)
            ),
            date=chance.choice([None, "2023-05-01", "2024-04-30", "2024-05-01"]),
            body=chance.choice([None, "Cabinet", "Police and Crime Panel"]),
            people=tuple(chance.sample(["Ann Bike", "Bo Knife"], 1)),
        )


words = st.sampled_from(WORDS)
leaves = st.one_of(
    words,
    st.lists(words, min_size=1, max_size=3).map(lambda found: f'"{" ".join(found)}"'),
    st.sampled_from(["bi*", "off*", "escoot*", "bkies~", "polices~", "zebra", "polcie", "comissioner"]),
    st.sampled_from(["have we discussed", "what did cabinet decide about", "before", "SSP 01624", "7 2525 ful", "2023", "24/25"]),
    st.sampled_from(["number:1624", "person:bike", "body:crime", "topic:bikes"]),
    words.map(lambda word: f'title:"{word}"'),
    st.sampled_from(LABELS).map("topic:{}".format),
    st.sampled_from(DECISIONS).map("decision:{}".format),
    st.sampled_from(["date:2023", "date:2023/24", "date:2024-05..", "date:..2023", "restriction:open"]),
)
runs = st.lists(st.one_of(leaves, leaves.map("-{}".format)), min_size=1, max_size=5).map(" ".join)
queries = st.recursive(
    runs,
    lambda inner: st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " NOT "]), inner).map(
        lambda two: f"({two[0]}){two[1]}({two[2]})"
    ),
    max_leaves=3,
)
filters = st.builds(
    Filters, topic=st.sampled_from([(), ("housing",), ("housing", "waste")]), body=st.sampled_from([(), ("Cabinet",)])
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchEngine, SearchEngine]]:
    folder: Path = tmp_path_factory.mktemp("index") / "public"
    pair = ReferenceEngine(Audience.PUBLIC, TOPICS), WhooshEngine(folder, Audience.PUBLIC, TOPICS)
    for engine in pair:
        engine.update(made_up_meetings(7))
    yield pair
    for engine in pair:
        engine.close()


@settings(max_examples=int(os.environ.get("MINUTES_QUERIES", "300")), deadline=None)
@given(query=queries, match=st.sampled_from(["most", "all", "any"]), expand=st.booleans(), kept=filters)
def test_both_engines_find_the_same(
    engines: tuple[SearchEngine, SearchEngine], query: str, match: str, expand: bool, kept: Filters
) -> None:
    request = Request(query, kept, match=match, expand=expand, limit=100, facets=True)  # type: ignore[arg-type]
    pages: list[ResultPage | str] = []
    for engine in engines:
        try:
            pages.append(engine.search(request))
        except QueryError as error:
            pages.append(str(error))
    expected, actual = pages
    if isinstance(expected, str) or isinstance(actual, str):
        assert actual == expected
        return
    assert {(hit.id, hit.partial) for hit in actual.hits} == {(hit.id, hit.partial) for hit in expected.hits}
    assert (actual.total, actual.facets, actual.expanded) == (expected.total, expected.facets, expected.expanded)
    ranked = [hit.score for hit in actual.hits]
    assert ranked == sorted(ranked, reverse=True)


@settings(max_examples=60, deadline=None)
@given(query=runs, first=st.integers(0, 8), size=st.integers(0, 8))
def test_pages_are_slices_of_one_list(
    engines: tuple[SearchEngine, SearchEngine], query: str, first: int, size: int
) -> None:
    whole = engines[1].search(Request(query, limit=100)).hits
    page = engines[1].search(Request(query, limit=size, offset=first)).hits
    assert page == whole[first:first + size]
