"""Hundreds of ways of marking an item as private, made from the wordings of ``markings.toml``.

Two things are held apart: what the words show of an item (``restriction``), and who may see it (``audience``). Whatever an
officers' item says of itself, and however its mark is written, nothing of it is seen by the public.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.annotate_items import VOCABULARY, item, meeting
from minutes_archive.access import Audience
from minutes_archive.annotate import annotate
from minutes_archive.model import Item
from minutes_archive.parsing import parse_files
from minutes_archive.records import read_record, write_record
from minutes_archive.records.view import see

WORDS = tomllib.loads((Path(__file__).parent / "markings.toml").read_text("utf-8"))
CASES = (str, str.upper, str.lower)
CANARY = "Quillonby"
# Marks that say "for officers", and marks that nobody understands.
MARKS = (
    "officer", "Officer", "OFFICER", " officer", "officers", "restricted", "exempt", "private", "staff", "internal", "Public ",
    "PUBLIC", "publik", "öffentlich", "public; officer", "", "true", "0", None, 0, 1, True, False, [], {}, ["public"],
)
# How the service may write its two marks; every pair of them withholds the item.
FLAGS = [
    *((restricted, "True") for restricted in ("True", "true", "TRUE", "1", "Yes", "Y", "exempt", "maybe", "-1", "Part II", "?")),
    *(("False", allowed) for allowed in ("False", "false", "FALSE", "0", "No", "N", "never", "unknown", "-", "?")),
]


def variants(kind: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each wording of a kind in each case and for each nation: the words, the meeting's date, the paragraphs they cite."""
    for wording, change, nation in itertools.product(WORDS[kind], CASES, WORDS["nation"]):
        cites = "{law}" in wording
        for law, paragraphs in zip(nation["law"], nation["paragraphs"], strict=True):
            words = change(wording.replace("{matter}", WORDS["matters"][len(law) % 3])).replace("{LAW}", "{law}")
            yield words.replace("{law}", change(law)), nation["date"], tuple(paragraphs) if cites else ()
            if not cites:
                break


@pytest.mark.parametrize("slip", ["exemt", "exmept", "excempt", "confidental", "confindential", "restircted", "resticted"])
def test_a_slip_of_the_pen_hides_no_mark(slip: str):
    for change in CASES:
        for title, text in ((f"Land ({slip})", "Members spoke."), ("Land", f"Members received the {slip} report.")):
            assert judged(item(change(title), change(text)), "2024-05-01").restriction != "open"


def judged(one: Item, date: str) -> Item:
    return annotate(meeting(item("Roads", "The report was noted."), one, date=date), VOCABULARY).items[1]


def test_there_are_enough_of_them():
    assert sum(1 for kind in ("title", "text", "paper") for _ in variants(kind)) >= 500


@pytest.mark.parametrize(("kind", "states"), [
    ("title", {"exempt", "confidential"}), ("text", {"exempt", "confidential"}),
    ("paper", {"restricted_enclosure"}), ("open", {"open"}),
])
def test_marks_are_understood_whatever_their_case_and_nation(kind: str, states: set[str]):
    wrong = []
    for words, date, paragraphs in variants(kind):
        title, text = (words, "Members AGREED to go on.") if kind == "title" else ("Land", f"{words}\n\nMembers spoke.")
        found = judged(item(title, text), date)
        if found.restriction not in states or (kind != "open" and found.exempt_paragraphs != paragraphs):
            wrong.append((words, found.restriction, found.exempt_paragraphs))
    assert wrong == []


def seen_of(raw: dict[str, object]) -> str:
    """What the public sees of a record as it may come from anywhere, annotated."""
    seen = see(annotate(read_record(json.dumps(raw)), VOCABULARY), Audience.PUBLIC)
    return write_record(seen) if seen else ""


def test_nothing_an_officers_item_says_makes_it_public():
    """Titles, texts and releases in every wording, under every mark that is not the one for the public."""
    words = [one for kind in ("title", "text", "paper", "open") for one, _, _ in variants(kind)]
    marks = itertools.cycle(MARKS)
    before = seen_of(record(None))
    assert "Roads" in before
    for at, (one, mark) in enumerate(zip(words, marks, strict=False)):
        hidden = {
            "id": f"m/{CANARY.lower()}", "title": f"{one} {CANARY}",
            "minutes_text": f"{one} {CANARY}. The public were readmitted. {CANARY}",
            "audience": mark, "restriction": ("open", "exempt", "confidential", "withheld")[at % 4],
            "released_at": "2024-01-01" if at % 3 else None, "documents": [{"title": CANARY, "restricted": False}],
        }
        assert seen_of(record(hidden)) == before, (one, mark)


def record(hidden: dict[str, object] | None) -> dict[str, object]:
    """A record with a public item before and after the hidden one, which resolves to exclude the public."""
    shown = [{"id": f"m/{at}", "title": title, "minutes_text": "The report was noted.", "audience": "public"}
             for at, title in enumerate(("Roads", "Parks"))]
    if hidden:
        told = "RESOLVED that the public be excluded for the following items under paragraph 3 of Schedule 12A."
        shown.insert(1, hidden | {"minutes_text": f"{told} {hidden['minutes_text']}"})
    return {"meeting": {"id": "m", "body": "Cabinet", "date": "2024-05-01"}, "items": shown}


@pytest.mark.parametrize(("restricted", "allowed"), FLAGS)
def test_an_item_that_the_service_withholds_is_for_officers(tmp_path: Path, restricted: str, allowed: str):
    path = tmp_path / "answer.xml"
    path.write_text(
        "<meeting><meetingid>9</meetingid><meetingdate>01/05/2024</meetingdate><meetingtime>6.00 pm</meetingtime>"
        "<minutepublished>True</minutepublished><agendaitems>"
        + service_item("1", "Roads", "False", "True") + service_item("2", CANARY, restricted, allowed)
        + "</agendaitems></meeting>", "utf-8"
    )
    (found,) = parse_files([path], lambda problem: None)
    seen = see(found, Audience.PUBLIC)
    assert seen is not None
    assert [one.title for one in seen.items] == ["Roads"]
    assert CANARY.lower() not in write_record(seen).lower()
    assert [(one.audience, one.restriction) for one in found.items] == [(Audience.PUBLIC, "open"), (Audience.OFFICER, "withheld")]


def service_item(number: str, title: str, restricted: str, allowed: str) -> str:
    return (
        f"<agendaitem><agendaitemid>{number}</agendaitemid><agendaitemtitle>{title}</agendaitemtitle>"
        f"<agendaitemnumber>{number}</agendaitemnumber><isminutepublished>True</isminutepublished>"
        f"<minutesnonemptyhtmlbody>&lt;p&gt;The report on {title} was noted.&lt;/p&gt;</minutesnonemptyhtmlbody>"
        f"<isrestricted>{restricted}</isrestricted><isdisplayallowed>{allowed}</isdisplayallowed></agendaitem>"
    )
