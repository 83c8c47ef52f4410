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
        if _has_both(likely[:length]) and lexicon.has(stem(join(likely[:length]))):
            return length
    numbers = list(takewhile(str.isdigit, likely[1:]))
    in_series = _has_both([*likely[:1], *numbers]) and _is_series(likely[0], lexicon)
    return 1 + len(numbers) if in_series else 0


def _may_be_part(surface: str) -> bool:
    if surface.isalpha():
        return len(surface) <= _MOST_LETTERS and surface not in words().stop and surface not in MONTHS
    return surface.isdigit()


def _has_both(surfaces: Sequence[str]) -> bool:
    """Whether letters and numbers are among them, and more than a word and a year."""
    numbers = [surface for surface in surfaces if surface.isdigit()]
    only_year = len(surfaces) == len(("series", "number")) and len(numbers) == 1 and int(numbers[0]) in _YEARS
    return 0 < len(numbers) < len(surfaces) and not only_year


def _is_series(letters: str, lexicon: Lexicon) -> bool:
    """Whether the archive writes numbers right behind ``letters``, joined by a mark, with another number after them."""
    for digit in "123456789":
        following = next(iter(lexicon.surfaces(letters + digit)), None)
        if following is not None and "/" in following:
            return True
    return False
