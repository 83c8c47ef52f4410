"""What is withdrawn stays hidden, whatever id it comes back under; what is not, is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minutes_archive.access import Audience
from minutes_archive.model import Item, Meeting, Source
from minutes_archive.records.view import see
from minutes_archive.records.withdrawals import Act, Withdrawals, subject_of

PUBLIC, OFFICER = Audience.PUBLIC, Audience.OFFICER
TITLES = ("Apologies", "Purchase of the mill", "Grass cutting")


def meeting(identity: str = "thorn.example/81", **changes: object) -> Meeting:
    items = tuple(
        Item(f"{identity}/{80 + number}", number, title, number=str(number), audience=PUBLIC, minutes_text="Noted.")
        for number, title in enumerate(TITLES, start=1)
    )
    values = {
        "audience": PUBLIC, "council": "thorn", "body": "Works Committee", "date": "2024-06-03", "time": "18:00", "venue": "Hall",
        "items": items, **changes,
    }
    return replace(Meeting(id=identity, source=Source(sha256="0" * 64)), **values)  # type: ignore[arg-type]


def acts(*told: str, of: Meeting | None = None) -> Withdrawals:
    """"-82" withdraws the item 82, "+82" releases it, "-" and "+" the meeting; a second apart from 2026-01-01T00:00:01Z on."""
    held = of or meeting()
    made = []
    for second, one in enumerate(told, start=1):
        item = next((item for item in held.items if item.id.endswith(f"/{one[1:]}")), None) if one[1:] else None
        at, identity = f"2026-01-01T00:00:{second:02d}Z", item.id if item else held.id
        made.append(Act(at, one[0] == "-", identity, "", subject_of(held, item)))
    return Withdrawals(made)


def shown(held: Meeting, withdrawals: Withdrawals) -> list[str]:
    seen = see(held, PUBLIC, withdrawals.of(held))
    return [item.title for item in seen.items] if seen else []


@pytest.mark.parametrize(("told", "hidden"), [
    ((), ""),
    (("-82",), "2"),
    (("-82", "+82"), ""),
    (("-82", "+82", "-82"), "2"),
    (("-",), "123"),
    (("-", "+"), ""),
    # An item that was withdrawn by itself stays so when its meeting is let back.
    (("-82", "-", "+"), "2"),
    (("-", "-82", "+"), "2"),
    (("-", "-82", "+", "+82"), ""),
    # An item that is let back out of a withdrawn meeting is shown alone, until the meeting is withdrawn again.
    (("-", "+82"), "13"),
    (("-", "+82", "-"), "123"),
    (("-82", "+82", "-"), "123"),
    (("+82", "+"), ""),
])
def test_the_last_act_on_an_item_decides(told: tuple[str, ...], hidden: str):
    assert shown(meeting(), acts(*told)) == [title for number, title in enumerate(TITLES, start=1) if str(number) not in hidden]


def test_a_released_item_of_a_withdrawn_meeting_comes_without_what_is_said_beside_it():
    seen = see(meeting(), PUBLIC, acts("-", "+82").of(meeting()))
    assert seen is not None
    assert (seen.venue, [item.ordinal for item in seen.items]) == (None, [1])


@pytest.mark.parametrize(("name", "again"), [
    ("the same", meeting()),
    ("its text changed", meeting(items=tuple(replace(item, minutes_text="RESOLVED.") for item in meeting().items))),
    ("another host of the council", meeting("new.example/7")),
    ("a copy without the site's ids", meeting("thorn/works-committee/2024-06-03-1800")),
    ("a copy of which the council is not said", meeting("works-committee/2024-06-03-1800", council=None)),
    ("a copy without time", meeting("thorn/works-committee/2024-06-03", time=None)),
    ("the body in other letters", meeting("thorn/works-committee/2024-06-03", body="WORKS  committee")),
])
def test_what_is_withdrawn_comes_back_under_no_other_id(name: str, again: Meeting):
    assert shown(again, acts("-82")) == ["Apologies", "Grass cutting"]
    assert shown(again, acts("-")) == []
    assert shown(again, acts("-", "+")) == list(TITLES)


@pytest.mark.parametrize(("name", "other"), [
    ("another day", meeting("thorn.example/82", date="2024-07-01")),
    ("another body", meeting("thorn.example/82", body="Planning Committee")),
    ("another council", meeting("lathe.example/82", council="lathe")),
    ("the same host says that it is another", meeting("thorn.example/82")),
    ("hosts of councils that are not known", meeting("lathe.example/82", council=None)),
    ("another time", meeting("thorn/works-committee/2024-06-03-1000", time="10:00")),
    ("no day", meeting("thorn/works-committee/undated", date=None)),
])
def test_another_meeting_is_not_touched(name: str, other: Meeting):
    assert shown(other, acts("-82")) == shown(other, acts("-")) == list(TITLES)


def test_a_meeting_without_day_is_told_by_its_capture():
    held = meeting("works-committee/undated", council=None, date=None)
    again = meeting("thorn/works-committee/undated", date=None)
    other = replace(again, source=Source(sha256="1" * 64))
    assert shown(again, acts("-", of=held)) == []
    assert shown(other, acts("-", of=held)) == list(TITLES)


@pytest.mark.parametrize(("name", "items", "left"), [
    ("its id changed", {"id": "thorn.example/81/99"}, ["Apologies", "Grass cutting"]),
    ("id and title changed", {"id": "thorn.example/81/99", "title": "The mill"}, ["Apologies", "Grass cutting"]),
    ("only the number changed", {"number": "7"}, ["Apologies", "Grass cutting"]),
    ("nothing is left", {"id": "thorn.example/81/99", "title": "Any", "number": "7"}, ["Apologies", "Any", "Grass cutting"]),
])
def test_an_item_is_told_by_id_then_title_then_number(name: str, items: dict[str, str], left: list[str]):
    first, second, third = meeting().items
    changed = meeting(items=(first, replace(second, **items), third))  # type: ignore[arg-type]
    assert shown(changed, acts("-82")) == left
    assert acts("-82").loose(changed) is (left == ["Apologies", "Any", "Grass cutting"])


@pytest.mark.parametrize(("withdrawn_at", "told", "seen"), [
    ("2025-03-01", (), False),
    ("2025-03-01", ("+",), True),
    ("2025-03-01T09:00:00Z", ("+",), True),
    ("2025-03-01", ("+", "-"), False),
    # Taken down again after it was released.
    ("2026-02-01", ("+",), False),
    ("2026-01-01", ("+",), True),
])
def test_a_release_stands_against_the_source_taking_it_down_before(withdrawn_at: str, told: tuple[str, ...], seen: bool):
    held = meeting(withdrawn_at=withdrawn_at)
    assert bool(shown(held, acts(*told))) is seen


def test_one_item_of_what_its_source_took_down_may_be_released():
    assert shown(meeting(withdrawn_at="2025-03-01"), acts("+82")) == ["Purchase of the mill"]


def test_a_release_makes_nothing_public_that_is_for_officers():
    held = meeting(items=tuple(replace(item, audience=OFFICER) for item in meeting().items))
    assert shown(held, acts("-", "+", "-82", "+82")) == []


def test_officers_see_what_was_done_and_why():
    made = Withdrawals([replace(acts("-82").acts[0], reason="names a child"), *acts("-83", "+83").acts])
    seen = see(meeting(), OFFICER, made.of(meeting()))
    assert seen is not None
    assert len(seen.items) == 3
    assert [(one.code, one.where, one.message) for one in seen.problems] == [
        ("withdrawn", "thorn.example/81/82", "withdrawn from the public view on 2026-01-01: names a child"),
        ("released", "thorn.example/81/83", "let back into the public view on 2026-01-01"),
    ]


def test_a_parent_that_is_withdrawn_is_not_pointed_at():
    first, second, third = meeting().items
    held = meeting(items=(first, second, replace(third, parent=second.id)))
    seen = see(held, PUBLIC, acts("-82").of(held))
    assert seen is not None
    assert [item.parent for item in seen.items] == [None, None]
