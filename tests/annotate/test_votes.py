"""Votes: counts, movers and seconders, as minutes tell them."""

from __future__ import annotations

import pytest

from annotate.annotate_items import VOCABULARY, item, meeting
from minutes_archive.annotate import annotate
from minutes_archive.annotate.rolls import number
from minutes_archive.annotate.votes import find_votes
from minutes_archive.model import Vote
from minutes_archive.rules import Rule, load_rules


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
    ("The motion was LOST by 22 votes to 17.", Vote(17, 22, None, result="lost")),
    ("Put to the vote and carried (10:3:1).", Vote(10, 3, 1, result="carried")),
    ("Upon a division there were: Ayes 26, Noes 22. The motion was carried.", Vote(26, 22, None, result="carried")),
    ("On a vote the motion had thirty and the amendment eleven.", Vote(30, 11, None, result="carried")),
    ("Voting was level at four apiece and the Chairman gave his casting vote against.", Vote(4, 4, None, result="lost")),
    ("Moved by A. Hext\n\nSeconded by S. Van Rooy\n\nThat the fence BE MENDED.\n\nMotion Passed (4 to 0)",
     Vote(4, 0, None, result="carried", mover="A. Hext", seconder="S. Van Rooy")),
    ("Payment approved, prop. Cllr Hext, sec. Cllr Yeo.", Vote(result="carried", mover="Cllr Hext", seconder="Cllr Yeo")),
    ("Motion | For | Against | Abstentions | Result\nThat the hall be sold | 27 | 21 | 0 | Carried",
     Vote(27, 21, 0, result="carried")),
    ("FOR: Councillors Devlin, Lavery (2)\nAGAINST: Alderman Purdy; Councillors Boyd and Orr (3)",
     Vote(2, 3, None, result="lost")),
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
    "A survey had been made: fifteen were in favour and one against.",
    "The Council had in May agreed to sell, on a vote of 21 to 19.",
    "Councillor Hext moved that the bench be bought. The motion fell for want of a seconder.",
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


def test_an_amendment_and_the_motion_have_each_their_own_figures():
    found = votes(
        "Councillor Ayre, seconded by Councillor Bell, moved that the hall be sold.\n\nCouncillor Cole moved an amendment, "
        "seconded by Councillor Dunn. The amendment was LOST by 4 votes to 9. The motion was put and CARRIED, 10 voting for it "
        "and 3 against."
    )
    assert [(one.in_favour, one.against, one.result, one.mover) for one in found] == [
        (4, 9, "lost", "Councillor Cole"), (10, 3, "carried", "Councillor Ayre")]


def test_a_roll_that_names_others_than_it_counts_is_said():
    roll = "For (3): Councillors Hext and Yeo\nAgainst (1): Councillor Larch\n\nThe motion was CARRIED."
    found = annotate(meeting(item("Motion", roll)), VOCABULARY)
    assert [(problem.code, problem.where) for problem in found.problems] == [("vote_count_differs", "m/1")]


@pytest.mark.parametrize(
    ("told", "counted"), [("twenty-five", 25), ("O", 0), ("none", 0), ("12", 12), ("thirty", 30), ("many", None)]
)
def test_a_number_in_words(told: str, counted: int | None):
    assert number(told) == counted


RULES = [
    pytest.param(rule, id=f"{table}-{rule.name}")
    for table, rules in load_rules("annotate/votes.toml").items() for rule in rules
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_knows_its_examples(rule: Rule):
    assert rule.examples
    assert all(rule.pattern.search(example) for example in rule.examples)
    assert not any(rule.pattern.search(example) for example in rule.counter_examples)
