"""Ids, order, status and problems of a meeting that is put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.identity import is_id
from minutes_archive.model import ParsedItem, Problem
from minutes_archive.normalise import meeting_id_of, normalise
from normalise.pieces import capture, cut_item, fragment, page

# Ids

@pytest.mark.parametrize("shown, expected", [
    ({}, "democracy.marlwick.example/815"),
    ({"date": None, "time": None, "body": None}, "democracy.marlwick.example/815"),
    ({"site": None, "number": None}, "harbour-board/2024-06-05-1800"),
    ({"site": None, "number": None, "time": None}, "harbour-board/2024-06-05"),
    ({"site": None, "number": None, "date": None, "time": None}, "harbour-board/undated"),
])
def test_a_meetings_id_is_the_sites_own_else_of_body_date_and_time(shown: dict[str, None], expected: str):
    assert meeting_id_of(page(**shown)) == normalise(page(**shown)).id == expected


def test_an_items_id_is_the_sites_own_else_of_its_title():
    meeting = normalise(page(ParsedItem("Dues", anchor="71"), ParsedItem("Café & Quay")))
    assert [item.id for item in meeting.items] == [f"{meeting.id}/71", f"{meeting.id}/cafe-and-quay"]


def test_items_of_one_title_have_ids_of_their_own():
    ids = [item.id.rsplit("/", 1)[1] for item in normalise(page(*[ParsedItem("Motion")] * 3)).items]
    assert len(set(ids)) == 3
    assert ids[0] == "motion"


ITEMS = st.lists(
    st.builds(
        ParsedItem, title=st.text(max_size=40), anchor=st.one_of(st.none(), st.integers(1, 99).map(str)),
        minutes_text=st.text(max_size=20),
    ),
    max_size=8,
)


@given(ITEMS)
def test_ids_are_ids_and_each_stands_once(items: list[ParsedItem]):
    ids = [item.id for item in normalise(page(*items)).items]
    assert all(map(is_id, ids))
    assert len(set(ids)) == len(ids)


@given(ITEMS)
def test_ids_do_not_hang_on_the_text(items: list[ParsedItem]):
    other = [ParsedItem(item.title, anchor=item.anchor, minutes_text="As confirmed.") for item in items]
    assert [item.id for item in normalise(page(*items)).items] == [item.id for item in normalise(page(*other)).items]


@given(ITEMS)
def test_items_stand_in_page_order_and_are_counted_from_one(items: list[ParsedItem]):
    made = normalise(page(*items)).items
    assert [item.ordinal for item in made] == list(range(1, len(items) + 1))
    assert [item.title for item in made] == [item.title for item in items]


def test_a_fragment_shows_no_meeting():
    with pytest.raises(ValueError, match="no meeting"):
        meeting_id_of(fragment())
    with pytest.raises(ValueError, match="no meeting"):
        normalise(fragment())


# Status

@pytest.mark.parametrize("shown, date, captured_at, expected", [
    ("unknown", "2024-06-05", "2024-05-28T09:00:00Z", "scheduled"),
    ("unknown", "2024-06-05", "2024-06-05T23:59:00Z", "scheduled"),
    ("unknown", "2024-06-05", "2024-06-06T00:01:00Z", "unknown"),
    ("unknown", "2024-06-05", "", "unknown"),
    ("unknown", None, "2024-05-28T09:00:00Z", "unknown"),
    ("held", "2024-06-05", "2024-05-28T09:00:00Z", "held"),
    ("cancelled", "2024-06-05", "2024-05-28T09:00:00Z", "cancelled"),
    ("postponed", "2024-06-05", "2024-05-28T09:00:00Z", "postponed"),
])
def test_an_agenda_is_of_a_scheduled_meeting_while_its_day_is_not_past(
    shown: str, date: str | None, captured_at: str, expected: str
):
    assert normalise(page(status=shown, date=date, captured=capture(captured_at=captured_at))).status == expected


# What is cut

@pytest.mark.parametrize("cut, truncated", [
    (set(), False),
    ({"agenda_text"}, False),
    ({"minutes_text"}, True),
    ({"decision_text"}, True),
    ({"agenda_text", "minutes_text"}, True),
])
def test_cut_agenda_text_alone_hides_no_outcome(cut: set[str], truncated: bool):
    item = ParsedItem("Dues", agenda_text="To", decision_text="That", minutes_text="We", cut=frozenset(cut))
    meeting = normalise(page(item))
    assert meeting.items[0].truncated is truncated
    assert [one.code for one in meeting.problems] == (["truncated"] if truncated else [])


def test_a_whole_decision_does_not_make_cut_minutes_whole():
    assert normalise(page(cut_item(decision_text="That the dues be held."))).items[0].truncated


# Problems

def test_problems_name_the_item_or_the_meeting_by_its_id():
    said = tuple(Problem("odd", "warning", where, "reads oddly") for where in ("", "#0", "#1", "#7"))
    meeting = normalise(page(ParsedItem("Dues", anchor="71"), ParsedItem("Leases", anchor="72"), problems=said))
    assert [one.where for one in meeting.problems] == [meeting.id, meeting.items[0].id, meeting.items[1].id, meeting.id]


# Marks

def test_an_item_that_the_service_flags_is_withheld_and_for_officers():
    flagged, other = normalise(page(ParsedItem("Staffing", withheld=True), ParsedItem("Dues"))).items
    assert (flagged.restriction, flagged.audience) == ("withheld", Audience.OFFICER)
    assert (other.restriction, other.audience) == ("open", Audience.PUBLIC)


def test_normalising_annotates_nothing():
    meeting = normalise(page(ParsedItem("Dues", minutes_text="AGREED that dues be held.")))
    assert meeting.annotator is None
    assert (meeting.items[0].decisions, meeting.items[0].topics, meeting.items[0].evidence) == ((), (), ())
