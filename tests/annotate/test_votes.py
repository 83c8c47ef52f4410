"""Votes: counts, movers and seconders, as minutes tell them."""

from __future__ import annotations

import pytest

from minutes_archive.annotate.votes import find_votes
from minutes_archive.model import Vote


def votes(text: str) -> list[Vote]:
    return [vote for vote, _ in find_votes(text)]


@pytest.mark.parametrize(("text", "expected"), [
    ("The amendment was LOST by 14 votes to 24.", Vote(14, 24, None, result="lost")),
    ("RESOLVED, by 7 votes to 1 with 1 abstention, that permission be refused.", Vote(7, 1, 1, result="carried")),
    ("Upon being put the motion was carried, two voting for it and six against.", Vote(2, 6, None, result="carried")),
    ("It was unanimously RESOLVED that the plan be adopted.", Vote(unanimous=True, result="carried")),
    ("Put to the vote and CARRIED nem con.", Vote(unanimous=True, result="carried")),
    ("It was proposed by Cllr Ann Hext, seconded by Cllr Larch and RESOLVED that the bench be bought.",
     Vote(result="carried", mover="Cllr Ann Hext", seconder="Cllr Larch")),
    ("Moved by the Leader, seconded by Councillor Hume and\n\nRESOLVED – That the budget be set.",
     Vote(result="carried", mover="Leader", seconder="Councillor Hume")),
    ("It was moved by Councillor Kettle, seconded by Councillor Rowe, and\n\nRESOLVED that it be deferred.\n\n"
     "Voting: 8 for, 1 against, 0 abstentions.",
     Vote(8, 1, 0, result="carried", mover="Councillor Kettle", seconder="Councillor Rowe")),
    ("For (26): Councillors Akhtar and Amory\nAgainst (9): Councillor Bellamy\nAbstained (3): Councillor Elphick\n\n"
     "RESOLVED that the programme be approved.", Vote(26, 9, 3, result="carried")),
    ("For (2) | Councillors A and B\nAgainst (12) | Councillors C and others", Vote(2, 12, None, result="lost")),
])
def test_a_vote(text: str, expected: Vote):
    assert votes(text) == [expected]


@pytest.mark.parametrize("text", [
    "",
    "The report was noted.",
    "Residents voted with their feet, for 12 months.",
    "There were 29 letters against and Members received apologies.",
    "Ward | For | Against\nMere | 3 | 4",
])
def test_no_vote(text: str):
    assert votes(text) == []


def test_votes_one_after_another():
    found = votes(
        "Councillor Ayre, seconded by Councillor Bell, moved to refuse. The motion was put and LOST by 4 votes to 5.\n\n"
        "Councillor Cole moved, and Councillor Dunn seconded, the recommendation. This was CARRIED by 6 votes to 3."
    )
    assert [(vote.in_favour, vote.against, vote.result, vote.mover, vote.seconder) for vote in found] == [
        (4, 5, "lost", "Councillor Ayre", "Councillor Bell"), (6, 3, "carried", "Councillor Cole", "Councillor Dunn")]
