"""Parents: stated only where the markup, the numbering or the text shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from minutes_archive.model import ParsedItem
from minutes_archive.procedural import is_procedural

# "3a" under "3", "CAB/71a/24" under "CAB/71/24", "338.1" under "338", "6(i)" under "6".
_SUB_NUMBERS = (
    re.compile(r"^(?P<before>.*?\d)(?:[a-z]|\([ivxa-z]+\))(?P<after>(?:/.*)?)$"),
    re.compile(r"^(?P<before>\d+)\.\d+(?P<after>)$"),
)
_COVERED_BELOW = re.compile(
    r"\b(?:covered|dealt with|considered|discussed|recorded|minuted|set out)\b[^.]{0,60}"
    r"\bsub-?\s?(?:headings?|items?|sections?)\b(?:[^.]{0,20}\b(?:below|follow))?",
    re.IGNORECASE,
)
_LONGEST_POINTER = 300


def find_parents(items: Sequence[ParsedItem]) -> list[int | None]:
    """For each item the position of its parent, or None. Markup wins, then numbering, then the text."""
    parents = [item.parent for item in items]
    by_number: dict[str, int] = {}
    for at, item in enumerate(items):
        if item.number:
            # Numbers may begin anew in a second part: the nearest item above of that number is meant.
            above = next((by_number[n] for n in _numbers_above(item.number) if n in by_number), None)
            parents[at] = above if parents[at] is None else parents[at]
            by_number[item.number] = at
    covered = 0
    for at, item in enumerate(items):
        # What one pointer covers a second one below it can't: both end at the next procedural title.
        if at >= covered and _points_below(item) and at not in parents:
            below = _until_procedural(items, at + 1)
            covered = below.stop
            for child in below:
                parents[child] = at if parents[child] is None else parents[child]
    return parents


def _numbers_above(number: str) -> list[str]:
    matches = (pattern.match(number) for pattern in _SUB_NUMBERS)
    return [match["before"] + match["after"] for match in matches if match]


def _points_below(item: ParsedItem) -> bool:
    return len(item.minutes_text) <= _LONGEST_POINTER and bool(_COVERED_BELOW.search(item.minutes_text))


def _until_procedural(items: Sequence[ParsedItem], start: int) -> range:
    end = start
    while end < len(items) and not is_procedural(items[end].title):
        end += 1
    return range(start, end)
