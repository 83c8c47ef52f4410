"""Scores are those that ``ranking`` documents: random queries, scored by plain loops and by the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.errors import QueryError
from minutes_archive.search.engine import Request
from minutes_archive.search.expand import Thesaurus
from minutes_archive.search.plan import make_plan
from minutes_archive.search.reading import parse
from minutes_archive.search.whoosh import WhooshEngine
from search.made_up import TOPICS
from search.reference import ReferenceEngine
from search.scores import Scorer
from search.test_search_agreement import WORDS, made_up_meetings

ITEMS = 60
words = st.sampled_from(WORDS)
leaves = st.one_of(
    words, words, st.lists(words, min_size=2, max_size=3).map(lambda found: f'"{" ".join(found)}"'),
    st.sampled_from(["bi*", "off*", "bkies~", "zebra", 'title:"off road"', "person:bike", "number:1624"]),
)
runs = st.lists(st.one_of(leaves, leaves.map("-{}".format)), min_size=1, max_size=5).map(" ".join)
queries = st.one_of(runs, st.tuples(runs, st.sampled_from(["AND", "OR"]), runs).map(" ".join))


@pytest.fixture(scope="module", params=["one segment", "several segments"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    made = WhooshEngine(tmp_path_factory.mktemp("index") / "public", Audience.PUBLIC, TOPICS)
    meetings = list(made_up_meetings(7, ITEMS))
    # Ever smaller additions: each becomes a segment of its own.
    steps = [len(meetings)] if request.param == "one segment" else [6, 9, len(meetings)]
    for step in steps:
        made.update(meetings[:step])
    yield made
    made.close()


@cache
def oracle() -> tuple[ReferenceEngine, Scorer]:
    """What knows the words, and what scores them."""
    lexicon = ReferenceEngine(Audience.PUBLIC)
    lexicon.update(made_up_meetings(7, ITEMS))
    known = cache(lexicon.has)
    lexicon.has = known  # type: ignore[method-assign]
    return lexicon, Scorer(made_up_meetings(7, ITEMS))


@settings(max_examples=120, deadline=None)
@given(query=queries, match=st.sampled_from(["most", "all", "any"]), expand=st.booleans())
@example(query="off-road bikes", match="most", expand=True)  # what related words find is worth more than some of what was typed
def test_scores_are_as_documented(engine: WhooshEngine, query: str, match: str, expand: bool) -> None:
    lexicon, scorer = oracle()
    try:
        plan = make_plan(parse(query), lexicon, Thesaurus(TOPICS) if expand else None, match)  # type: ignore[arg-type]
        page = engine.search(Request(query, match=match, expand=expand, limit=ITEMS))  # type: ignore[arg-type]
    except QueryError:
        return
    assert {hit.id: hit.score for hit in page.hits} == pytest.approx(scorer.scores(plan.node))
