"""Charts: counts by year as bars. The template draws them as SVG with a title, a description and a table of the same data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from minutes_archive.export.site.row import UNDATED

WIDTH, HEIGHT, BASE = 640, 160, 136
_TOP = 18
_MOST_LABELS = 14


@dataclass(frozen=True)
class Bar:
    """One year: its count, and where its bar stands in the drawing (units of the view box)."""

    year: str
    count: int
    x: float
    y: float
    width: float
    height: float
    label: bool


@dataclass(frozen=True)
class Chart:
    """A bar for every year from the first to the last, those without a count as well; ``words`` says it in a sentence."""

    bars: tuple[Bar, ...]
    words: str
    undated: int


def chart_of(years: Iterable[str]) -> Chart | None:
    """The chart of items by the years they are of; None where fewer than two years would be drawn."""
    counts = Counter(years)
    undated = counts.pop(UNDATED, 0)
    if not counts:
        return None
    first, last = int(min(counts)), int(max(counts))
    if first == last:
        return None
    span = [f"{year:04d}" for year in range(first, last + 1)]
    most = max(counts.values())
    step = WIDTH / len(span)
    every = -(-len(span) // _MOST_LABELS)
    bars = tuple(
        Bar(year, counts[year], round(n * step + step * 0.15, 1), round(BASE - (BASE - _TOP) * counts[year] / most, 1),
            round(step * 0.7, 1), round((BASE - _TOP) * counts[year] / most, 1), n % every == 0)
        for n, year in enumerate(span)
    )
    peak = max(span, key=lambda year: counts[year])
    words = f"{sum(counts.values()):,} items from {span[0]} to {span[-1]}; most in {peak}, {most:,}."
    return Chart(bars, words, undated)
