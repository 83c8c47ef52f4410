"""Times: words of a query that tell when (January 2025, 2023/24, 22 May 2024, in March 2023), told from what is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from minutes_archive.dates import MONTHS, read_period
from minutes_archive.search.query import Dated, Query, Word

# Four digits are a year only within these; others count something, or are part of a reference.
_YEARS = range(1950, 2100)
# 22 January 2025.
_MOST_WORDS = 3
# A municipal year: 24/25.
_SHORT_YEARS = re.compile(r"^\d\d[/-]\d\d$")
_CENTURY = "20"
# A reference of which these would be the end has so many words before: STP 4 2024.
_MOST_BEFORE = 2
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
# Words of their own, and only with a year a month.
_DOUBTFUL = frozenset({"may", "march", "mar", "mai", "mawrth", "sept", "sep", "dec", "jan", "jun"})


@dataclass(frozen=True)
class Month:
    """A month of any year: 1 for January."""

    number: int


@dataclass(frozen=True)
class Time:
    """So many words of a query that tell a time, how a text would say it, and which time it is."""

    length: int
    said: str
    when: Dated | Month


def times_in(
    queries: Sequence[Query], is_reference: Callable[[str], bool]
) -> tuple[tuple[Query, ...], tuple[Time, ...]]:
    """What stands side by side without the plain words that tell a time, and those times.

    ``is_reference`` tells whether the archive has what looks like a time (STP 24/25) as part of a reference.
    """
    rest: list[Query] = []
    found: list[Time] = []
    place = 0
    while place < len(queries):
        before = _plain(queries[max(0, place - _MOST_BEFORE):place])
        time = next(_beginning(_plain(queries[place:])), None)
        if time and before and is_reference(f"{' '.join(before)} {time.said.removeprefix(_CENTURY)}"):
            time = None
        if time:
            found.append(time)
        else:
            rest.append(queries[place])
        place += time.length if time else 1
    return tuple(rest), tuple(found)


def _plain(queries: Sequence[Query]) -> list[str]:
    """The plain words that these begin with, without the marks behind them."""
    words = takewhile(lambda query: isinstance(query, Word) and query.field is None, queries)
    return [word.text.strip(",.;?!") for word in words if isinstance(word, Word)]


def _beginning(texts: Sequence[str]) -> Iterator[Time]:
    """The times that words begin with, the longest first."""
    for length in range(min(_MOST_WORDS, len(texts)), 0, -1):
        said = _SHORT_YEARS.sub(rf"{_CENTURY}\g<0>", " ".join(texts[:length]))
        when = _read(said)
        if when:
            yield Time(length, said, when)


def _read(said: str) -> Dated | Month | None:
    period = read_period(said)
    if period:
        return Dated(period.first, period.last) if period.first.year in _YEARS else None
    *days, month = said.lower().split()
    day_before = len(days) == 1 and _DAY.fullmatch(days[0])
    if month in MONTHS and (day_before or (not days and month not in _DOUBTFUL)):
        return Month(MONTHS[month])
    return None
