"""The annotator against the labels of the fictional council, which were written from the text alone.

The floors stand slightly under what is reached on the whole. They are a guard against losing ground, not a measure of
quality: the rules were tuned on the first half of the meetings and mended after a first look at the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.annotate_items import VOCABULARY
from council.source import SourceItem, SourceMeeting, plain, read_council
from minutes_archive.access import Audience
from minutes_archive.annotate import annotate
from minutes_archive.model import Document, Item, Meeting, Source

FOLDER = Path(__file__).parent.parent / "council" / "meetings"
Pair = tuple[SourceItem, Item]


def record(meeting: SourceMeeting) -> Meeting:
    """A meeting as the record holds it before it is annotated: every text whole."""
    items = tuple(
        Item(
            id=one.id, ordinal=at, title=one.title, number=one.number.rstrip(".") or None, parent=one.parent,
            agenda_text=plain(one.agenda), decision_text=plain(one.decision), minutes_text=plain(one.minutes),
            documents=tuple(Document(d.title, None, d.type, d.size, d.restricted, d.reason) for d in one.documents),
            audience=Audience.PUBLIC,
        )
        for at, one in enumerate(meeting.items, 1)
    )
    return Meeting(meeting.meeting, Source(), body=meeting.body, date=meeting.date.isoformat(), items=items)


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Every labelled item beside what the annotator makes of it."""
    def read() -> Iterator[Pair]:
        for meeting in read_council(FOLDER):
            yield from zip(meeting.items, annotate(record(meeting), VOCABULARY).items, strict=True)

    return list(read())


def share(right: list[bool]) -> float:
    return sum(right) / len(right)


def found(one: Item) -> frozenset[str]:
    return frozenset(decision.type for decision in one.decisions)


def test_enough_is_labelled(pairs: list[Pair]):
    assert len(pairs) > 280


def test_the_whole_set_of_decision_types(pairs: list[Pair]):
    assert share([found(one) == gold.decisions for gold, one in pairs]) >= 0.97


def test_each_decision_type(pairs: list[Pair]):
    right, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    for gold, one in pairs:
        right.update(found(one) & gold.decisions)
        extra.update(found(one) - gold.decisions)
        missed.update(gold.decisions - found(one))
    for type_ in right | extra | missed:
        assert right[type_] >= 0.9 * (right[type_] + extra[type_]), f"precision of {type_}"
        assert right[type_] >= 0.9 * (right[type_] + missed[type_]), f"recall of {type_}"


def test_restriction_and_paragraphs(pairs: list[Pair]):
    assert share([one.restriction == gold.restriction for gold, one in pairs]) >= 0.99
    assert share([one.exempt_paragraphs == gold.paragraphs for gold, one in pairs]) >= 0.99


def test_business_of_form(pairs: list[Pair]):
    assert share([one.procedural == gold.procedural for gold, one in pairs]) >= 0.99


def test_topics(pairs: list[Pair]):
    right = sum(len(set(one.topics) & set(gold.topics)) for gold, one in pairs)
    told = sum(len(one.topics) for _, one in pairs)
    labelled = sum(len(gold.topics) for gold, _ in pairs)
    assert 2 * right / (told + labelled) >= 0.81
