"""When a meeting known by its body and day alone is the one that a site's page shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from minutes_archive.access import Audience
from minutes_archive.model import ParsedItem, Piece
from minutes_archive.normalise import copy_ids, matches, meeting_id_of, normalise
from normalise.pieces import capture, page

ITEMS = (ParsedItem("Apologies", "1"), ParsedItem("Dredging of the Inner Basin", "2"), ParsedItem("Mooring Fees", "3"))


def printed(*items: ParsedItem, audience: Audience = Audience.PUBLIC, council: str | None = None, **shown: Any) -> Piece:
    told = tuple(replace(item, minutes_text=f"{item.title} was talked about.") for item in items or ITEMS)
    held = replace(capture(2, audience), council=council)
    return page(*told, captured=held, **{"site": None, "number": None, **shown})


@pytest.mark.parametrize(("copy", "places"), [
    (printed(), {0: 0, 1: 1, 2: 2}),
    (printed(time=None), {0: 0, 1: 1, 2: 2}),
    (printed(body="The Harbour Board"), {0: 0, 1: 1, 2: 2}),
    (printed(*ITEMS[1:]), {0: 1, 1: 2}),
    (printed(ParsedItem("DREDGING OF THE INNER BASIN"), ParsedItem("Mooring fees for 2025", "3")), {0: 1, 1: 2}),
    (printed(*ITEMS, ParsedItem("A Late Matter", "4")), {0: 0, 1: 1, 2: 2}),
    (printed(ParsedItem("Apologies"), ParsedItem("A Late Matter"), ParsedItem("Another")), None),
    (printed(date="2024-06-06"), None),
    (printed(time="10:00"), None),
    (printed(body="Pilotage Board"), None),
    (printed(council="marlwick"), None),
    (printed(site="elsewhere.example", number="3"), None),
], ids=str)
def test_a_copy_shares_body_day_and_most_items(copy: Piece, places: dict[int, int] | None):
    assert matches(copy, page(*ITEMS)) == places


def test_a_copy_with_the_pages_own_ids_is_placed_by_them():
    """A service answer that names no site: its mark must find the item though the page has another title."""
    shown = page(ParsedItem("Sale of the Mill", "1", anchor="71"), ParsedItem("Fees", "2", anchor="72"))
    told = page(ParsedItem("Sale", "9", anchor="71", withheld=True), ParsedItem("Fees", "2", anchor="72"), site=None)
    assert matches(told, shown) == {0: 0, 1: 1}
    assert [item.audience for item in normalise(shown, [told]).items] == [Audience.OFFICER, Audience.PUBLIC]


def test_what_only_the_copy_has_stands_after_the_pages_own_items():
    late = ParsedItem("A Late Matter", "4")
    meeting = normalise(page(*ITEMS), [printed(*ITEMS, late)])
    assert [item.title for item in meeting.items] == [*(item.title for item in ITEMS), "A Late Matter"]
    assert all(item.text_sources["minutes_text"].path == "file-2.html" for item in meeting.items)


def test_an_officers_copy_with_more_than_the_page_stays_a_meeting_of_its_own():
    held = printed(*ITEMS, ParsedItem("A Late Matter"), audience=Audience.OFFICER)
    assert matches(held, page(*ITEMS)) is None
    assert matches(printed(audience=Audience.OFFICER), page(*ITEMS)) is not None


def test_a_public_copy_is_not_put_into_an_officers_page():
    assert matches(printed(), page(*ITEMS, captured=capture(1, Audience.OFFICER))) is None


@pytest.mark.parametrize("shown", [{}, {"time": None}, {"body": "The Harbour Board"}], ids=str)
def test_a_page_knows_the_ids_of_its_copies(shown: dict[str, Any]):
    assert meeting_id_of(printed(**shown)) in copy_ids(page(*ITEMS))
