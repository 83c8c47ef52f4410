"""What people type, and what they mean by it: references, other writings, questions, times. For every engine."""

from __future__ import annotations

import pytest

from minutes_archive.access import Audience
from minutes_archive.search.engine import Request
from minutes_archive.search.expand import Thesaurus
from minutes_archive.search.plan import Favoured, Hint, Label, make_plan
from minutes_archive.search.reading import parse
from search.made_up import Filled, Topic, item, meeting
from search.reference import ReferenceEngine


def ids(engine_page: object) -> list[str]:
    return [hit.id.removeprefix("m/") for hit in engine_page.hits]  # type: ignore[attr-defined]


REFERENCES = [
    meeting(
        "m", item("stp", "Bikes", number="STP/4/24"), item("stp5", "Knives", number="STP/5/24"),
        item("ful", "24/0811/FUL: Food store"), item("cab", "Vehicles", number="CAB/31/24"),
        item("advice", "Citizens advice", "The bureau saw 31 people in 24 weeks."), item("s106", "Works under s106"),
        item("plan", "Local plan 2036", "Phase 2 of 24 was reached."),
    ),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("stp 4 24", "stp"),
        ("STP 4/24", "stp"),
        ("STP/04/24", "stp"),
        ("stp4/24", "stp"),
        ("STP-4-24", "stp"),
        ("number:STP/04/24", "stp"),
        ("STP 4", "stp"),
        ("minute STP/4/24", "stp"),
        ("item no. 24/811", "ful"),
        ("STP 9 24", ""),
        ("24/811/FUL", "ful"),
        ("24/0811/FUL", "ful"),
        ("24 0811 FUL", "ful"),
        ("24 811 ful", "ful"),
        ("24/811", "ful"),
        ("0811", "ful"),
        ("811", "ful"),
        ('"24/0811/FUL"', "ful"),
        ('"24/811/FUL"', ""),
        ("CAB 31 24", "cab"),
        ("CAB/31/24", "cab"),
        ("cab", "advice"),
        ("s 106", "s106"),
        ("section 106", ""),
        ("local plan 2036", "plan"),
    ],
)
def test_a_reference_is_found_however_it_is_typed(filled: Filled, query: str, expected: str) -> None:
    engine = filled(REFERENCES, (Topic("Citizens advice", ("CAB",)),))
    assert sorted(ids(engine.search(Request(query)))) == expected.split()


WRITINGS = [
    meeting(
        "m", item("year", "Budget 2024/25"), item("years", "Fees 2024/2025"), item("law", "By-laws"), item("bye", "Byelaw"),
        item("bylaw", "Bylaws"), item("rule", "Required by law"), item("deferral", "Deferral of a decision"),
        item("deferred", "It was deferred"), item("rider", "A motorcyclist"), item("ride", "Motorcycles"),
        item("name", "Councillor O’Neill"), item("q4", "Performance Q4"), item("quarter", "Report for quarter 4"),
        item("fourth", "Fourth quarter figures"), item("dots", "H.M.O. licensing"), item("hmo", "HMO licences"),
        item("mph", "A 20mph zone"), item("miles", "20 miles per hour"), item("site", "A site for travellers"),
        item("travel", "School travel, travelled and travelling"),
    ),
]


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        (("2024/25", "2024/2025", "2024-25"), "year years"),
        (("by-law", "byelaw", "bylaw", "bye-laws", "Bylaws"), "bye bylaw law"),
        (("required by law",), "rule"),
        (('"by law"',), "rule"),
        (("deferral", "deferred", "deferrals"), "deferral deferred"),
        (("motorcyclist", "motorcycle", "motorcyclists"), "ride rider"),
        (("O'Neill", "o neill", "O’NEILL", "oneill"), "name"),
        (("Q4", "quarter 4", "fourth quarter", "q 4", "4th quarter", "Quarter four"), "fourth q4 quarter"),
        (("H.M.O.", "HMO", "hmos"), "dots hmo"),
        (("20mph", "20 mph", "20 miles per hour", "20-mph"), "miles mph"),
        (("travel", "travelling"), "travel"),
        (("traveller", "travellers", "travelers"), "site"),
    ],
)
def test_ways_of_writing_that_are_one(filled: Filled, queries: tuple[str, ...], expected: str) -> None:
    engine = filled(WRITINGS)
    assert {query: sorted(ids(engine.search(Request(query, limit=50)))) for query in queries} == dict.fromkeys(
        queries, expected.split()
    )


@pytest.mark.parametrize("query", ["O'Neill", "travellers", "byelaw"])
def test_a_word_of_its_own_is_not_taken_for_others(filled: Filled, query: str) -> None:
    held = [item("ill", "One ill person"), item("travel", "Travelled far"), item("law", "Required by law"), item("low", "Below")]
    page = filled([meeting("m", *held)]).search(Request(query))
    assert (page.total, page.expanded, page.did_you_mean) == (0, {}, None)


QUESTIONS = [
    meeting(
        "m", item("before", "What members discussed before", "They decided, said and considered; cabinet had minutes of it."),
        item("knife", "Knife crime"), item("x", "Cabinet minutes"), date="2024-01-16",
    ),
    meeting("n", item("later", "Knife crime"), date="2023-01-16", body="Scrutiny Committee"),
]


@pytest.mark.parametrize(
    "query",
    [
        "have we discussed knife crime before", "Have we ever talked about knife crime?", "any minutes on knife crime",
        "when did we discuss knife crime", "when was knife crime last discussed", "what was decided about knife crime",
        "what did members say about knife crime", "show me all decisions on knife crime", "is there anything on knife crime",
        "did they consider knife crime in previous meetings", "what happened about knife crime", "knife crime",
        "What's happening with knife crime", 'any minutes on "knife crime"', "minutes about knife crime date:2023..",
    ],
)
def test_the_frame_of_a_question_weighs_nothing(filled: Filled, query: str) -> None:
    page = filled(QUESTIONS).search(Request(query))
    assert sorted(ids(page)) == ["knife", "later"]
    assert not any(hit.partial for hit in page.hits)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # A frame finds nothing of its own, and what is looked for stays required.
        ("have we discussed zeppelins before", ""),
        ("what did cabinet decide about zeppelins", ""),
        ("any minutes on zeppelin crime", ""),
        # Words of frames are words like any other where they are no frame.
        ("cabinet minutes", "before x"),
        ("minutes", "before x"),
        ("members discussed before", "before"),
        ("have they decided", "before"),
    ],
)
def test_words_of_frames_alone(filled: Filled, query: str, expected: str) -> None:
    assert sorted(ids(filled(QUESTIONS).search(Request(query)))) == expected.split()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("what did scrutiny decide about knife crime", "later"),
        ("what did the cabinet decide about knife crime", "knife"),
        ("has the scrutiny committee considered knife crime", "later"),
        ("knife crime january 2023", "later"),
        ("knife crime 16 January 2023", "later"),
        ("knife crime in 2024", "knife"),
        ("knife crime 2022/23", "later"),
        ("knife crime 22/23", "later"),
    ],
)
def test_the_body_and_the_time_that_are_named_stand_first(ranked: Filled, query: str, first: str) -> None:
    page = ranked(QUESTIONS).search(Request(query))
    assert ids(page)[0] == first
    assert sorted(ids(page)) == ["knife", "later"]


TIMES = [
    meeting(
        "m", item("mentions", "Reports", "A flood in the lane, at the back."), item("next", "Date of next meeting",
        "5 February 2025", procedural=True), date="2025-01-22",
    ),
    meeting("n", item("flood", "Flooding"), item("minutes", "Minutes - 22 January 2025", procedural=True), date="2025-02-05"),
    meeting("p", item("ref", "Rain", number="SSP/24/25"), date="2021-01-14"),
    meeting("o", item("old", "Flooding"), item("june", "Flooding in June 2019", "Flooding"), date="2020-01-14"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("flooding january 2025", "mentions june flood old"),
        ("flooding 2025", "flood mentions june old"),
        ("flooding january", "june old mentions flood"),
        ("flooding june 2019", "june flood old mentions"),
        ("flooding 5 february", "flood june old mentions"),
        # A month that is a word, and a number that is no year, are required as ever.
        ("flooding may", ""),
        ("flooding 2525", ""),
        # Alone they are words of the text, but name no business of form.
        ("minutes january 2025", "minutes"),
        # A reference is none, whatever it looks like.
        ("SSP 24/25 rain", "ref"),
        ("rain 24/25", "ref"),
    ],
)
def test_times_lift_what_was_then_and_ask_for_nothing(ranked: Filled, query: str, expected: str) -> None:
    assert ids(ranked(TIMES).search(Request(query))) == expected.split()


def test_words_that_tell_a_time_are_required_where_the_query_is_strict(filled: Filled) -> None:
    engine = filled(TIMES)
    assert sorted(ids(engine.search(Request("flooding june 2019", match="all")))) == ["june"]
    assert sorted(ids(engine.search(Request("flooding AND 2019")))) == ["june"]
    assert ids(engine.search(Request("when did we discuss floods", match="all"))) == []


def test_a_time_alone_does_not_ask_for_the_minutes_of_that_day(ranked: Filled) -> None:
    held = [item("said", "Works", "From 22 January 2025 on."), item("minutes", "Minutes - 22 January 2025", procedural=True)]
    assert ids(ranked([meeting("m", *held)]).search(Request("22 january 2025"))) == ["said", "minutes"]


def test_a_hint_is_of_the_plan() -> None:
    engine = ReferenceEngine(Audience.PUBLIC)
    plan = make_plan(parse("what did the cabinet decide about budget"), engine, Thesaurus(), "most")
    assert isinstance(plan.node, Favoured)
    assert plan.node.hints == (Hint(Label("body", "cabinet")),)
