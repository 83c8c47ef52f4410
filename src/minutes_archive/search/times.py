"""Times: words of a query that tell when (January 2025, 2023/24, 22 May 2024, in March 2023), told from what is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minutes_archive.dates import MONTHS, read_period
from minutes_archive.search.query import Dated, Query, Word

# Four digits are a year only within these; others count something, or are part of a reference.
_YEARS = range(1950, 2100)
# 22 January 2025.
_MOST_WORDS = 3
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
# Words of their own, and only with a year a month.
_DOUBTFUL = frozenset({"may", "march", "mar", "mai", "mawrth", "sept", "sep", "dec", "jan", "jun"})


@dataclass(frozen=True)
class Month:
    """A month of any year: 1 for January."""

    number: int


@dataclass(frozen=True)
class Time:
    """Words that tell a time, and which."""

    words: tuple[Word, ...]
    when: Dated | Month


def times_in(queries: Sequence[Query]) -> tuple[tuple[Query, ...], tuple[Time, ...]]:
    """What stands side by side without the plain words that tell a time, and those times."""
    rest: list[Query] = []
    found: list[Time] = []
    place = 0
    while place < len(queries):
        time = next(_beginning(queries, place), None)
        if time:
            found.append(time)
        else:
            rest.append(queries[place])
        place += len(time.words) if time else 1
    return tuple(rest), tuple(found)


def _beginning(queries: Sequence[Query], place: int) -> Iterator[Time]:
    """The times that the words from ``place`` on tell, the longest first."""
    for length in range(_MOST_WORDS, 0, -1):
        words = tuple(query for query in queries[place:place + length] if isinstance(query, Word) and query.field is None)
        if len(words) == length and not _goes_on(queries, place, words):
            when = _read([word.text.strip(",.;?!") for word in words])
            if when:
                yield Time(words, when)


def _goes_on(queries: Sequence[Query], place: int, words: Sequence[Word]) -> bool:
    """Whether a lone number stands behind another: the last of a reference (STP 4 2024), no year."""
    before = queries[place - 1] if place else None
    return len(words) == 1 and words[0].text.isdigit() and isinstance(before, Word) and before.text.isdigit()


def _read(texts: Sequence[str]) -> Dated | Month | None:
    period = read_period(" ".join(texts))
    if period:
        return Dated(period.first, period.last) if period.first.year in _YEARS else None
    month = texts[-1].lower()
    day_before = len(texts) > 1 and all(map(_DAY.fullmatch, texts[:-1]))
    if month in MONTHS and (day_before or (len(texts) == 1 and month not in _DOUBTFUL)):
        return Month(MONTHS[month])
    return None
