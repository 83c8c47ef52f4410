"""The door: the public view is the archive as it would be without what is for officers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.model import Document, Item, Meeting, Problem, Source
from minutes_archive.records.schema import write_record
from minutes_archive.records.view import see

PUBLIC, OFFICER = Audience.PUBLIC, Audience.OFFICER


def meeting(*marks: Audience, **changes: object) -> Meeting:
    items = tuple(
        Item(id=f"b/2024-01-01/{mark.value}-{n}", ordinal=n, title=f"{mark.value} {n}", audience=mark)
        for n, mark in enumerate(marks, start=1)
    )
    values = {"audience": PUBLIC, "date": "2024-01-01", "items": items, **changes}
    return replace(Meeting(id="b/2024-01-01", source=Source(sha256="0" * 64)), **values)  # type: ignore[arg-type]


def test_officers_see_everything():
    whole = meeting(PUBLIC, OFFICER)
    assert see(whole, OFFICER) is whole


def test_hidden_items_leave_no_gap():
    seen = see(meeting(PUBLIC, OFFICER, PUBLIC), PUBLIC)
    assert seen is not None
    assert [(item.ordinal, item.title) for item in seen.items] == [(1, "public 1"), (2, "public 3")]


def test_a_meeting_with_nothing_to_see_is_not_there():
    assert see(meeting(OFFICER, OFFICER), PUBLIC) is None
    assert see(meeting(audience=OFFICER), PUBLIC) is None
    assert see(meeting(PUBLIC, audience=OFFICER), PUBLIC) is None


def test_a_cancelled_meeting_without_items_is_seen():
    assert see(meeting(), PUBLIC) == meeting()


def test_a_hidden_parent_is_not_pointed_at():
    whole = meeting(OFFICER, PUBLIC)
    child = replace(whole.items[1], parent=whole.items[0].id)
    seen = see(replace(whole, items=(whole.items[0], child)), PUBLIC)
    assert seen is not None
    assert seen.items[0].parent is None


def test_of_a_restricted_document_only_its_existence_and_reason_are_seen():
    paper = Document("Tender prices of Canary Ltd", "https://x.example/canary.pdf", "pdf", "74 KB", True, "paragraph 3")
    open_paper = Document("Report", "https://x.example/report.pdf", "pdf", "1 MB")
    whole = meeting(PUBLIC)
    seen = see(replace(whole, items=(replace(whole.items[0], documents=(paper, open_paper)),)), PUBLIC)
    assert seen is not None
    assert seen.items[0].documents == (Document("", None, "pdf", None, True, "paragraph 3"), open_paper)


def test_problems_that_tell_of_hidden_items_are_not_seen():
    hidden = Problem("truncated", "info", "b/2024-01-01/officer-2", "…")
    shown = Problem("truncated", "info", "b/2024-01-01/public-1", "…")
    page = Problem("text_not_read", "warning", "b/2024-01-01", "120 characters of 2 items")
    seen = see(meeting(PUBLIC, OFFICER, problems=(hidden, shown, page)), PUBLIC)
    assert seen is not None
    assert seen.problems == (shown,)
    seen = see(meeting(PUBLIC, problems=(shown, page)), PUBLIC)
    assert seen is not None
    assert seen.problems == (shown, page)


@pytest.mark.parametrize(("withdrawn", "seen"), [(None, True), ("2025-03-01", False), ("2030-03-01", True)])
def test_what_its_source_took_down_early_is_for_officers(withdrawn: str | None, seen: bool):
    assert (see(meeting(PUBLIC, withdrawn_at=withdrawn), PUBLIC) is not None) is seen
    assert see(meeting(PUBLIC, withdrawn_at=withdrawn), OFFICER) is not None


def test_a_released_item_of_a_withdrawn_meeting_is_seen_again():
    whole = meeting(PUBLIC, PUBLIC, withdrawn_at="2025-03-01")
    released = replace(whole.items[0], released_at="2025-04-01")
    seen = see(replace(whole, items=(released, whole.items[1])), PUBLIC)
    assert seen is not None
    assert [item.title for item in seen.items] == ["public 1"]


@given(st.lists(st.sampled_from(Audience), max_size=8))
def test_the_public_view_is_that_of_an_archive_that_never_held_the_rest(marks: list[Audience]):
    whole = meeting(*marks)
    public_only = replace(whole, items=tuple(item for item in whole.items if item.audience is PUBLIC))
    with_hidden = see(whole, PUBLIC)
    without = see(public_only, PUBLIC) if public_only.items or not whole.items else None
    assert (with_hidden and write_record(with_hidden)) == (without and write_record(without))
