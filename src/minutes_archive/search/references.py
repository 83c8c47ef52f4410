"""References as people type them: with blanks, without leading zeros, in part (stp 4 24, CAB 31, 24 811 FUL).

What tells a reference from words and numbers that only stand side by side is the archive: that it has this very
reference, or others of the series (``CAB`` and a number joined by a mark). Asks a ``Lexicon``, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from minutes_archive.dates import MONTHS
from minutes_archive.search.analysis import MAX_REFERENCE, join, stem
from minutes_archive.search.spelling import Lexicon, words

# Of series (SSP, CAB) and of kinds of application (FUL, OUT, DEMOL) hardly one is longer.
_MOST_LETTERS = 5
# A pair of letters and number alone may be a title's end: a year is, a short series is not.
_YEARS = range(1900, 2100)


def length_of_reference(surfaces: Sequence[str], lexicon: Lexicon) -> int:
    """How many of ``surfaces`` (folded words), from the first on, are one reference; 0 where none begins here."""
    likely = list(takewhile(_may_be_part, surfaces[:MAX_REFERENCE]))
    for length in range(len(likely), 1, -1):
        if _is_reference(likely[:length], lexicon):
            return length
    return 0


def _may_be_part(surface: str) -> bool:
    if surface.isalpha():
        return len(surface) <= _MOST_LETTERS and surface not in words().stop and surface not in MONTHS
    return surface.isdigit()


def _is_reference(surfaces: Sequence[str], lexicon: Lexicon) -> bool:
    numbers = [surface for surface in surfaces if surface.isdigit()]
    if not numbers or (len(surfaces) == len(("series", "number")) and _is_year(surfaces[-1])):
        return False
    letters = len(surfaces) - len(numbers)
    in_series = letters == 1 and surfaces[0].isalpha() and _is_series(surfaces[0], lexicon)
    return in_series or (letters > 0 and lexicon.has(stem(join(surfaces))))


def _is_year(surface: str) -> bool:
    return surface.isdigit() and int(surface) in _YEARS


def _is_series(letters: str, lexicon: Lexicon) -> bool:
    """Whether the archive writes numbers right behind ``letters``, joined by a mark, with another number after them."""
    for digit in "123456789":
        following = next(iter(lexicon.surfaces(letters + digit)), None)
        if following is not None and "/" in following:
            return True
    return False
