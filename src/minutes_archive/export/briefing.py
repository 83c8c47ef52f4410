"""A trace as a briefing: one self-contained HTML page for screen and A4, with contents, chart, quotes, references and method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from minutes_archive.export.pages import render
from minutes_archive.export.wording import date_words
from minutes_archive.trace.timeline import Timeline
from minutes_archive.trace.tracing import Trace

# The chart's measures, in its own units.
_WIDTH, _HEIGHT, _FOOT, _LEFT, _TOP = 720, 200, 34, 30, 14
_MOST_LABELS = 14


class CoverageLine(Protocol):
    """What of a line of the coverage is told."""

    @property
    def council(self) -> str:
        """The council."""

    @property
    def body(self) -> str:
        """The body."""

    @property
    def year(self) -> str:
        """The municipal year."""

    @property
    def listed(self) -> bool:
        """Whether its source's list of meetings was read."""

    @property
    def gaps(self) -> str:
        """What is known to be missing, in words; "" for nothing."""


@dataclass(frozen=True)
class Bar:
    """One bar of the chart, in the chart's units; ``shown`` is its label on the axis, "" where there is no room for it."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    shown: str


@dataclass(frozen=True)
class Chart:
    """The timeline as bars; ``ticks`` are lines across: value and place."""

    width: int
    height: int
    foot: int
    left: int
    unit: str
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]


def briefing_page(
    trace: Trace, filters: dict[str, list[str]], labels: dict[str, str], coverage: Sequence[CoverageLine] = ()
) -> str:
    """The page. ``filters`` are those in force, by name; ``labels`` maps ids of topics to their preferred labels.

    ``coverage`` is of the councils searched; only gaps are told, and only of councils in the trace or the filters. The same
    input gives the same text: nothing of the day or the machine is in it.
    """
    discussions = list(trace.discussions())
    councils = {sitting.council for sitting, _ in discussions} | set(filters.get("council", ()))
    lines = [line for line in coverage if not councils or line.council in councils]
    return render(
        "briefing.html", "briefing.css", labels, trace=trace,
        filters={name: values for name, values in filters.items() if values},
        chart=chart_of(trace.timeline), references=[one for _, one in discussions],
        numbers={one.id: number for number, (_, one) in enumerate(discussions, 1)},
        gaps=[line for line in lines if line.gaps],
        unknown=list(dict.fromkeys(line.body for line in lines if not line.listed)),
        span=_span(trace),
    )


def chart_of(timeline: Timeline) -> Chart | None:
    """The chart of a timeline; None where no discussion has a date."""
    if not timeline.counts:
        return None
    most = max(count for _, count in timeline.counts)
    step = max(1, -(-most // 4))
    top = step * -(-most // step)
    room = _HEIGHT - _TOP
    wide = (_WIDTH - _LEFT) / len(timeline.counts)
    every = -(-len(timeline.counts) // _MOST_LABELS)
    bars = tuple(
        Bar(label, count, round(_LEFT + at * wide + wide * 0.12, 1), round(_TOP + room * (1 - count / top), 1),
            round(min(wide * 0.76, 64), 1), round(room * count / top, 1), label if at % every == 0 else "")
        for at, (label, count) in enumerate(timeline.counts)
    )
    ticks = tuple((value, round(_TOP + room * (1 - value / top), 1)) for value in range(0, top + 1, step))
    return Chart(_WIDTH, _HEIGHT + _FOOT, _HEIGHT, _LEFT, timeline.unit, bars, ticks)


def _span(trace: Trace) -> str:
    days = [sitting.date for sitting in trace.sittings if sitting.date]
    if not days:
        return ""
    first, last = date_words(min(days)), date_words(max(days))
    return first if first == last else f"{first} to {last}"
