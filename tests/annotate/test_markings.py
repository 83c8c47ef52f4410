"""Hundreds of ways of marking an item as private, made from the wordings of ``markings.toml``.

What the words show of an item (``restriction``) is one thing, who may see it (``audience``) another: for that there is
``faults.markings``.
"""

from __future__ import annotations

import pytest

from annotate.annotate_items import VOCABULARY, item, meeting
from faults.markings import CASES, variants
from minutes_archive.annotate import annotate
from minutes_archive.model import Item


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
