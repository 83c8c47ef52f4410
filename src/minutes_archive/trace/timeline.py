"""Timelines: how often a theme was discussed, by quarter where it spans few years, by year where many."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# Longer than this a chart by quarters has more bars than people read.
_YEARS_IN_QUARTERS = 4


@dataclass(frozen=True)
class Timeline:
    """Counts by period, empty ones between included. ``unit`` is "quarter" or "year" (of the calendar)."""

    unit: str
    counts: tuple[tuple[str, int], ...]
    undated: int = 0


def timeline(days: Iterable[str | None]) -> Timeline:
    """The timeline of discussions on ``days`` (ISO; None where the day is not known)."""
    days = list(days)
    dated = sorted(dt.date.fromisoformat(day) for day in days if day)
    undated = len(days) - len(dated)
    if not dated:
        return Timeline("year", (), undated)
    first, last = dated[0], dated[-1]
    if last.year - first.year < _YEARS_IN_QUARTERS:
        found = Counter(_quarter(day) for day in dated)
        numbers = range(_quarter(first), _quarter(last) + 1)
        return Timeline("quarter", tuple((f"{one // 4} Q{one % 4 + 1}", found[one]) for one in numbers), undated)
    years = Counter(day.year for day in dated)
    return Timeline("year", tuple((str(year), years[year]) for year in range(first.year, last.year + 1)), undated)


def _quarter(day: dt.date) -> int:
    return day.year * 4 + (day.month - 1) // 3
