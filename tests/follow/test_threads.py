"""Threads: which items are one matter, why, and which only look like it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from follow.fictional_minutes import filling, item, meeting, thread_ids
from minutes_archive.follow import Follower

WEIR = "The sluice at Otter Weir had jammed again; the millers wanted it rebuilt in oak and the anglers wanted it gone."

# What joins them: the earlier item, the later one, and the kind of the link.
JOINED = {
    "the same application": (
        ("2021-03-01", "Planning Committee", "23/0412/FUL: Fourteen homes at Otter Lane",
         "RESOLVED that it be refused.", "P/9/21"),
        ("2022-01-10", "Planning Committee", "Appeals", "The appeal on 23/0412/FUL had been dismissed. Noted.", "P/2/22"),
        "application",
    ),
    "a minute that is named": (
        ("2021-03-01", "Audit Committee", "Keys", "Ninety keys had no label. The report was noted.", "AUD/4/21"),
        ("2021-09-06", "Audit Committee", "Locks and cupboards",
         "As reported before (minute AUD/4/21), all was in hand. Noted.", "AUD/30/21"),
        "minute",
    ),
    "a bare number of the body's own": (
        ("2021-03-01", "Otter Parish Council", "Bench", "The bench had gone. Noted.", "21/017"),
        ("2021-04-05", "Otter Parish Council", "Seat at the pond", "Further to minute 21/017 a new one was bought.", "21/031"),
        "minute",
    ),
    "deferred to the next meeting": (
        ("2021-03-01", "Services Committee", "Otter Weir",
         f"{WEIR} RESOLVED that the matter be deferred to the next meeting.", "4"),
        ("2021-04-12", "Services Committee", "Sluice at Otter Weir", f"{WEIR} RESOLVED that it be rebuilt in oak.", "7"),
        "returned",
    ),
    "deferred from a meeting that is named": (
        ("2021-03-01", "Services Committee", "Otter Weir sluice", f"{WEIR} It was agreed that the report be deferred.", "4"),
        ("2021-11-08", "Services Committee", "Rebuilding of the weir",
         f"Deferred from the meeting on 1 March 2021. {WEIR} Agreed.", "7"),
        "returned",
    ),
    "recommended to the cabinet, and answered": (
        ("2021-03-01", "Scrutiny Committee", "Otter Weir",
         f"{WEIR} RESOLVED that Cabinet be RECOMMENDED to rebuild the sluice.", "4"),
        ("2021-05-10", "Cabinet", "Sluice at Otter Weir",
         f"To consider the recommendation of the Scrutiny Committee. {WEIR} Agreed.", "7"),
        "answered",
    ),
    "a motion referred by the council": (
        ("2021-03-01", "Council", "Motion: otters", "That the Council protect the otters of the Fen. RESOLVED that the motion be "
         "referred to the Parks Committee.", "9"),
        ("2021-04-12", "Parks Committee", "Protection of otters",
         "The motion referred by the Council on 1 March 2021 asked that the "
         "otters of the Fen be protected. Agreed.", "3"),
        "answered",
    ),
    "one address in two lists": (
        ("2021-03-01", "Otter Parish Council", "Planning",
         "Supported: conversion of the Cormorant cider house at Quillfeather Yard to two homes. Objected: a mast by the pond."),
        ("2021-05-03", "Otter Parish Council", "Planning",
         "A porch was permitted, and the conversion of the Cormorant cider house at Quillfeather Yard to two homes."),
        "alike",
    ),
    "one site in two lists, of which each says more": (
        ("2021-03-01", "Otter Parish Council", "Planning",
         "Supported by the parish\n"
         "Alterations to the Cormorant cider house, thatched barn and dovecote, creation of flat, Quillfeather Yard\nA mast"),
        ("2021-05-03", "Otter Annual General Parish Council", "Planning",
         "Approved by the borough\n"
         "Alterations to Cormorant cider house, thatched barn and dovecote and creation of flat, at Quillfeather Yard\nA porch"),
        "alike",
    ),
    "a telling title, the next season": (
        ("2021-03-01", "Otter Parish Council", "Otterfest Midsummer Bunting and Maypole", "A band was wanted for June."),
        ("2021-05-03", "Otter Parish Council", "Otterfest Midsummer Maypole Bunting", "Six had asked for stalls by then."),
        "alike",
    ),
    "the same words again": (
        ("2021-03-01", "Services Committee", "Otter Weir", WEIR, "4"),
        ("2021-04-12", "Services Committee", "Otter Weir", WEIR, "7"),
        "alike",
    ),
}

# What looks alike and is two matters.
APART = {
    "another application in the same road": (
        ("2021-03-01", "Planning Committee", "21/0100/FUL: Dwelling in garden, 27 Ferry Road",
         "RESOLVED that it be deferred.", "P/9/21"),
        ("2021-04-12", "Planning Committee", "21/0133/FUL: Dwelling in garden, 31 Ferry Road",
         "RESOLVED that it be approved.", "P/20/21"),
    ),
    "another year": (
        ("2021-03-01", "Council", "Pay policy statement 2021/22", "RESOLVED that the pay policy statement be approved.", "9"),
        ("2022-03-07", "Council", "Pay policy statement 2022/23", "RESOLVED that the pay policy statement be approved.", "9"),
    ),
    "another quarter": (
        ("2021-03-01", "Cabinet", "Budget monitoring: quarter 1", "RESOLVED that the forecast be noted.", "9"),
        ("2021-06-07", "Cabinet", "Budget monitoring: quarter 2", "RESOLVED that the forecast be noted.", "9"),
    ),
    "another report of the same kind": (
        ("2021-03-01", "Council", "1st Report of the Trees Committee", "That the report be received.", "9"),
        ("2021-04-05", "Council", "2nd Report of the Trees Committee", "That the report be received.", "9"),
    ),
    "the same form of words under other headings": (
        ("2021-03-01", "Council", "Appointment of a Warden of the Otter Weir",
         "Ballots were cast on slips handed round by the beadle, counted and burnt in a hearth. Ann Rook was elected.", "9"),
        ("2021-04-05", "Council", "Appointment to the Bandstand Trust",
         "Ballots were cast on slips handed round by the beadle, counted and burnt in a hearth. Bob Hay was elected.", "9"),
    ),
    "a standing heading": (
        ("2021-03-01", "Otter Parish Council", "Accounts for payment", "RESOLVED that the accounts be paid.", "9"),
        ("2021-04-05", "Otter Parish Council", "Accounts for payment", "RESOLVED that the accounts be paid.", "9"),
    ),
    "another motion of the same councillor": (
        ("2021-03-01", "Council", "Notice of Motion submitted by Councillor A. Rook",
         "That lamps be lit in Mill Street by dusk.", "9"),
        ("2021-04-05", "Council", "Notice of Motion submitted by Councillor A. Rook",
         "That the bandstand be painted for May Day.", "9"),
    ),
    "the same title in another parish": (
        ("2021-03-01", "Otter Parish Council", "Bus shelter", "The roof of the shelter let in rain on the bench.", "9"),
        ("2021-03-08", "Heron Parish Council", "Bus shelter", "The roof of the shelter let in rain on the bench.", "9"),
    ),
    "business of form": (
        ("2021-03-01", "Council", "Apologies for absence", "Apologies were received from Councillor Rook.", "1"),
        ("2021-04-05", "Council", "Apologies for absence", "Apologies were received from Councillor Rook.", "1"),
    ),
}


def meetings_of(*told: tuple[str, ...]):
    """Meetings of one item each, told as date, body, title, text and, where it has one, number."""
    return [
        meeting(date, body, item(f"item-{place}", title, text, *number))
        for place, (date, body, title, text, *number) in enumerate(told, 1)
    ]


@pytest.mark.parametrize("name", JOINED)
def test_what_is_one_matter(name: str):
    earlier, later, kind = JOINED[name]
    held = meetings_of(earlier, later)
    assert thread_ids(held, "item-1") == thread_ids(held, "item-2") == ["item-1", "item-2"]
    thread = Follower([*held, filling("2020-01-15"), filling("2020-02-12", "Works Panel")]).thread("item-1")
    assert [link.kind for link in thread.links] == [kind]
    texts = {one.id: one for held_meeting in held for one in held_meeting.items}
    assert [one for link in thread.links for one in link.words
            if texts[one.item].text_of(one.field)[one.start:one.end] != one.text] == []
    assert all(0 < link.confidence <= 1 for link in thread.links)


@pytest.mark.parametrize("name", APART)
def test_what_only_looks_alike(name: str):
    held = meetings_of(*APART[name])
    assert thread_ids(held, "item-1") == ["item-1"]
    assert thread_ids(held, "item-2") == ["item-2"]


def test_councils_are_apart():
    one, other, _ = JOINED["the same application"]
    first, second = meetings_of(one, other)
    assert thread_ids([first, replace(second, council="elsewhere")], "item-1") == ["item-1"]


def test_the_order_in_which_meetings_come_does_not_matter():
    held = meetings_of(*JOINED["deferred to the next meeting"][:2], JOINED["recommended to the cabinet, and answered"][1])
    threads = {repr(Follower(order).thread("item-1")) for order in itertools.permutations([*held, filling("2020-01-15")])}
    assert len(threads) == 1


def test_what_was_put_off_is_paired_with_what_came_back():
    held = meetings_of(*JOINED["deferred to the next meeting"][:2])
    (told,) = Follower([*held, filling("2020-01-15")]).thread("item-1").returns
    assert (told.deferred.id, told.returned.id, told.days) == ("item-1", "item-2", 42)
    assert told.words.text == "RESOLVED that the matter be deferred to the next meeting."
    assert "rebuilt in oak" in told.returned_words.text


def test_what_never_came_back_is_told():
    held = meetings_of(JOINED["deferred to the next meeting"][0])
    (told,) = Follower([*held, filling("2021-06-01")]).returned(["item-1", "no such item"])
    assert (told.returned, told.returned_words, told.days) == (None, None, None)


def test_a_list_does_not_join_what_it_lists():
    held = meetings_of(
        ("2021-03-01", "Planning Committee", "21/0100/FUL: Barn at Otter Farm", "RESOLVED that it be refused.", "1"),
        ("2021-03-01", "Planning Committee", "21/0200/FUL: Sign at the Heron Inn", "RESOLVED that it be refused.", "2"),
        ("2021-09-06", "Planning Committee", "Appeals", "Dismissed: 21/0100/FUL and 21/0200/FUL. The schedule was noted.", "3"),
    )
    held = [replace(held[0], items=(*held[0].items, *held[1].items)), held[2]]
    assert thread_ids(held, "item-1") == ["item-1", "item-3"]
    assert thread_ids(held, "item-3") == ["item-1", "item-2", "item-3"]


def test_a_meeting_without_a_date_is_in_no_thread():
    first, second = meetings_of(*JOINED["the same application"][:2])
    assert thread_ids([first, replace(second, date=None)], "item-1") == ["item-1"]
    assert Follower([replace(second, date=None)]).thread("item-2") is None
