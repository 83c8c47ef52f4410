"""Page breaks: the number of a page and the head repeated beside it, where a print was turned to text.

    ... that what was left would run the force for
    3                                                   a page's number, alone
    Northfells Police and Crime Panel                   words that the document's own head has
    2nd February 2018
    nine days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page\s+)?(?P<page>\d{1,3})(?:\s+of\s+\d{1,3})?[-–—\s]*", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# What stands beside a body's name in such a line.
_DAY = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?|\d{4}|\w+day|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|minutes|of|the"
)
# The head of a document, and how many lines of it a page repeats.
_HEAD_LINES = 8
_REPEATED = 3
_MOST_WORDS = 14


def page_breaks(lines: Sequence[str]) -> set[int]:
    """The places in ``lines`` (empty ones among them or not) of page numbers and of the heads and feet beside them.

    A bare number is one only beside a line that repeats the head: items have bare numbers too.
    """
    full = [at for at, line in enumerate(lines) if line.strip()]
    head = {word for at in full[:_HEAD_LINES] for word in _WORD.findall(lines[at].casefold())}
    found: set[int] = set()
    for place, at in enumerate(full):
        if place < _HEAD_LINES or not _PAGE_NUMBER.fullmatch(lines[at]):
            continue
        above = _repeats(lines, full[max(0, place - _REPEATED) : place][::-1], head)
        below = _repeats(lines, full[place + 1 : place + 1 + _REPEATED], head)
        if above or below:
            found |= {at, *above, *below}
    return found


def _repeats(lines: Sequence[str], places: Sequence[int], head: set[str]) -> list[int]:
    """Of lines that follow one another those, up to the first other one, that say nothing which the head does not."""
    found = []
    for at in places:
        words = _WORD.findall(lines[at].casefold())
        named = [word for word in words if not _DAY.fullmatch(word)]
        if len(words) > _MOST_WORDS or not set(named) <= head or not words or _PAGE_NUMBER.fullmatch(lines[at]):
            break
        found.append(at)
    # A day alone is no head.
    return found if any(not _DAY.fullmatch(word) for at in found for word in _WORD.findall(lines[at].casefold())) else []
