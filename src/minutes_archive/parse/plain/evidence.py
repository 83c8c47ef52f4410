"""Evidence: what speaks for the minutes, or the agenda, of a meeting, and what a text that is neither reads like.

Each sign that holds adds its weight from ``words.toml``; a text counts from ``ENOUGH`` on. No sign decides alone: a report
to a committee names the committee and a day and has numbered paragraphs, but nobody met.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minutes_archive.parse.plain.head import Head
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.words import BUSINESS, ENOUGH, KINDS, SIGNS, is_business, is_closing
from minutes_archive.procedural import procedural_kind

_ACTS = re.compile(
    r"\b(?:resolved|agreed|proposed (?:by|that|and)|was proposed|seconded|approved|noted|carried|minutes were"
    r"|declared an interest|was elected|were signed|moved by)\b",
    re.IGNORECASE,
)
# What a summary in a village's news says.
_ELSEWHERE = re.compile(
    r"\b(?:full|complete) minutes (?:(?:are|can be|may be) )?(?:available|obtained|found|published)\b", re.IGNORECASE
)
# An agenda says this many words under each of its items, at most.
_AGENDA_WORDS = 12
# How much of a text is read to tell what it is instead of minutes. Code points.
_START = 6_000
_FEWEST_LIKE = 2
_FEWEST_NAMED = 4


@dataclass(frozen=True)
class Business:
    """What the items of a text are, as far as it is evidence: their titles, how many are numbered, and their texts."""

    titles: tuple[str, ...]
    numbered: int
    texts: tuple[str, ...]


def score(lines: Sequence[TextLine], head: Head, business: Business, first: int) -> float:
    """How much speaks for the minutes or the agenda of a meeting. ``first`` is the line in which its business begins."""
    return sum(SIGNS[name] for name, holds in _signs(lines, head, business, first).items() if holds)


def is_enough(lines: Sequence[TextLine], head: Head, business: Business, first: int) -> bool:
    """Whether the evidence suffices."""
    return score(lines, head, business, first) >= ENOUGH


def _signs(lines: Sequence[TextLine], head: Head, business: Business, first: int) -> dict[str, bool]:
    formal = {procedural_kind(title) for title in business.titles} - {""}
    acts = sum(len(_ACTS.findall(line.text)) for line in lines)
    present = sum(one.status == "present" for one in head.attendance)
    named = sum(bool(procedural_kind(title)) or is_business(title) or bool(BUSINESS.match(title)) for title in business.titles)
    met = head.says_minutes or head.says_agenda or present > 0 or len(formal) >= 2
    return {
        "its head says minutes": head.says_minutes,
        "its head says agenda": head.says_agenda,
        "its head tells a day": head.date is not None,
        "its head names a body": head.body is not None,
        "it names people": bool(head.attendance),
        "two people or more are present": present >= 2,
        "three items have numbers": business.numbered >= 3,
        "eight items have numbers": business.numbered >= 8,
        "a business of form": len(formal) >= 1,
        "two businesses of form": len(formal) >= 2,
        "four businesses of form": len(formal) >= 4,
        "half of its items name business": named * 2 >= len(business.titles) >= _FEWEST_NAMED,
        "two things were settled": acts >= 2,
        "five things were settled": acts >= 5,
        "it says that the meeting closed": any(is_closing(line.text) for line in lines[first:]),
        "nobody met": not met,
        "its minutes are elsewhere": any(_ELSEWHERE.search(line.text) for line in lines[:first]),
        "it has no items": not business.titles,
    }


def is_agenda(head: Head, business: Business) -> bool:
    """Whether it is an agenda alone: it says so or says little, names nobody present, and settles nothing under its items."""
    if head.says_minutes or any(one.status == "present" for one in head.attendance):
        return False
    acts = sum(bool(_ACTS.search(text)) for text in business.texts)
    words = sum(len(text.split()) for text in business.texts)
    return acts <= 1 and (head.says_agenda or words < _AGENDA_WORDS * max(1, len(business.titles)))


def kind_of(text: str, fewest: int = _FEWEST_LIKE) -> str:
    """What a text that is no minutes reads like: "a report", "a notice", "a letter or news"; "" where too little tells."""
    start = text[:_START]
    counts = {kind: sum(bool(pattern.search(start)) for pattern in patterns) for kind, patterns in KINDS.items()}
    kind = max(counts, key=lambda one: counts[one])
    return kind if counts[kind] >= fewest else ""
