"""The measure of annotations measured: what counts as right, on labels and items small enough to count by hand."""

from __future__ import annotations

import pytest

from accuracy.annotation.labels import Label, LabelledDecision, fictional_meetings
from accuracy.annotation.measure import Tally, measure_item, same_vote, surname
from minutes_archive.access import Audience
from minutes_archive.model import Decision, Item, Span, Vote

TEXT = "RESOLVED that the report be noted. The Clerk will write."
NOTED, ACTION = TEXT[:34], TEXT[35:]


def label(*decisions: tuple[str, int, int], votes: tuple[Vote, ...] = ()) -> Label:
    found = tuple(LabelledDecision(type_, "minutes_text", Span(start, end)) for type_, start, end in decisions)
    types = frozenset(type_ for type_, _, _ in decisions) or frozenset({"none"})
    return Label(found, types, votes, "open", (), False, frozenset(), None)


def annotated(*decisions: Decision, votes: tuple[Vote, ...] = ()) -> Item:
    return Item("m/1", 1, "Report", minutes_text=TEXT, audience=Audience.PUBLIC, decisions=decisions, votes=votes)


def measured(item: Item, wanted: Label) -> Tally:
    tally = Tally()
    measure_item(tally, item, wanted)
    return tally


def test_an_item_is_complete_when_its_set_of_types_is():
    noted = Decision("noted", NOTED, "minutes_text", 0, 34)
    assert measured(annotated(noted), label(("noted", 9, 33))).complete == 1
    part = measured(annotated(noted), label(("noted", 9, 33), ("action", 35, 56)))
    assert (part.complete, part.of_all_types().recall, part.of_all_types().precision) == (0, 0.5, 1.0)


def test_no_decision_is_a_label_of_its_own_and_no_decision_found():
    tally = measured(annotated(Decision("none")), label())
    assert tally.complete == 1
    assert tally.of_all_types().right == 0


def test_words_are_right_when_they_overlap_with_the_labelled_ones():
    elsewhere = Decision("noted", ACTION, "minutes_text", 35, 56)
    assert measured(annotated(elsewhere), label(("noted", 9, 33))).overlapping == 0


def test_a_span_is_valid_when_it_holds_its_words():
    assert measured(annotated(Decision("noted", "other words", "minutes_text", 0, 11)), label(("noted", 0, 9))).valid == 0


@pytest.mark.parametrize(("one", "other"), [
    ("Councillor Ann Hext", "Hext"), ("Cllr. Hext (J)", "Hext (J)"), ("the Mayor", "Mayor"), ("Mrs O’Kane", "O'Kane"),
    ("M. Van Rooy", "Rooy"),
])
def test_names_are_compared_by_surname(one: str, other: str):
    assert surname(one) == surname(other)


def test_votes_are_paired_in_their_order_and_each_miss_counts_once():
    carried, lost = Vote(7, 2, result="carried"), Vote(3, 6, result="lost")
    assert not same_vote(carried, lost)
    tally = measured(annotated(votes=(lost,)), label(votes=(carried, lost)))
    assert (tally.votes, tally.votes_right) == (2, 1)


def test_every_label_of_a_fictional_meeting_stands_in_its_text():
    for one in fictional_meetings():
        for item, wanted in zip(one.meeting.items, one.labels, strict=True):
            assert all(item.text_of(decision.field)[decision.span.start:decision.span.end] for decision in wanted.decisions)
