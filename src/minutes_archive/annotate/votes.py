"""Votes: the counts, the mover and the seconder, as the minutes tell them.

A vote is a count, a unanimous vote, or a motion moved and seconded, whatever came of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from minutes_archive.annotate.ballots import is_tally
from minutes_archive.annotate.motions import Motions
from minutes_archive.annotate.rolls import Roll, read_rolls
from minutes_archive.annotate.sentences import is_inside, lines_of, quoted_spans, says_any
from minutes_archive.model import Evidence, Item, Problem, Span, TextField, Vote
from minutes_archive.text import plain_marks

# A text, and a sentence of it, without any of these tells no vote.
_WORTH_READING = (
    "vot", "favour", "unanim", "second", "sec.", "against", "nem", "passed", "failed", "lost", "carried", "all ", "dissent",
    "ayes", "noes", "division", "opposed", "sec:", "sec ", "by all", "in agreement", "majority", "casting", "disagree", "agree:",
    "apiece", "adopted on", "on the proposal", "2nd", "everyone", "everybody", " sec ", "yn erbyn", "no other n", "hands",
)
# Mover and seconder by their initials alone: "Agreed (RB/KP)"; the figures alone: "adopted (7:0:1)".
_PAIR = re.compile(r"\([A-Z]{2,3} ?[/&] ?[A-Z]{2,3}\)|\(\d{1,2} ?[:–-] ?\d{1,2}(?: ?[:–-] ?\d{1,2})?\)")
_WORTH_COUNTING = (
    *_WORTH_READING, "abst", "moved", "moving", "prop", "agreed", "resolved", "approved", "motion", "adopted",
    "elected", "fell", "defeated", "decided", "hands", "succeeded", "apiece", "accepted", "declared", "2nd",
    "put forward", "tie", "nom", "requested", "chosen", "co-opted", "no further n", "no others", "recommended",
    "ymatal", "o blaid",
)
_MOST_VOTES = 30


def annotate_votes(item: Item) -> tuple[Item, tuple[Problem, ...]]:
    """``item`` with the votes its minutes (else its decision text) tell, after those it has, and the words each rests on;
    a problem for every roll whose names are not as many as it says."""
    name: TextField = "minutes_text" if item.minutes_text else "decision_text"
    text = item.text_of(name)
    found = find_votes(text)[:_MOST_VOTES]
    evidence = tuple(
        Evidence(f"vote:{at}", name, span.start, span.end, text[span.start:span.end], "vote")
        for at, (_, span) in enumerate(found, start=len(item.votes))
    )
    marked = replace(item, votes=(*item.votes, *(vote for vote, _ in found)), evidence=(*item.evidence, *evidence))
    return marked, tuple(_differences(item.id, text)) if found else ()


def printed_votes(item: Item) -> tuple[Vote, ...]:
    """The votes of ``item`` that rest on none of its words: the page printed them as tables."""
    told = {one.about for one in item.evidence}
    return tuple(vote for at, vote in enumerate(item.votes) if f"vote:{at}" not in told)


def find_votes(text: str) -> list[tuple[Vote, Span]]:
    """The votes told in ``text``, each with the sentence, or the lines of the roll, that tells it."""
    if not says_any(text, _WORTH_READING) and not _PAIR.search(text):
        return []
    plain = plain_marks(text)
    motions = Motions()
    for at, (span, roll) in enumerate(_places(text, plain)):
        if roll:
            motions.count(roll.vote, roll.what, span, at, sure=True)
        else:
            motions.read(plain[span.start:span.end], span, at)
        # More are never told, and what follows would be compared with each of them.
        if len(motions) > 4 * _MOST_VOTES:
            break
    return motions.votes()


def _places(text: str, plain: str) -> Iterator[tuple[Span, Roll | None]]:
    """The sentences of a text and its rolls of votes, in order; other tables and quotations are passed over."""
    quotes = quoted_spans(plain)
    lines = lines_of(text)
    places: list[tuple[Span, Roll | None]] = [(roll.span, roll) for roll in read_rolls(lines)]
    rolls = tuple(span for span, _ in places)
    for line in lines:
        if not line.is_row and not is_inside(line.start, rolls):
            places += [
                (span, None) for span in _tallies_joined(plain, line.sentences)
                if says_any(plain[span.start:span.end], _WORTH_COUNTING) and not is_inside(span.start, quotes)
            ]
    yield from sorted(places, key=lambda place: place[0].start)


def _tallies_joined(plain: str, sentences: Sequence[Span]) -> list[Span]:
    """``sentences``, those that follow one another and tell one side each ("For: 7. Against: 2.") as one."""
    joined: list[tuple[Span, bool]] = []
    for span in sentences:
        tally = is_tally(plain[span.start:span.end])
        if tally and joined and joined[-1][1]:
            joined[-1] = (Span(joined[-1][0].start, span.end), True)
        else:
            joined.append((span, tally))
    return [span for span, _ in joined]


def _differences(where: str, text: str) -> Iterator[Problem]:
    for roll in read_rolls(lines_of(text)):
        for side, told, names in roll.differences:
            message = f"{side}: {told} are said to have voted so, {names} are named; look at its text"
            yield Problem("vote_count_differs", "warning", where, message)
