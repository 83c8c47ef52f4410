"""A trace as a briefing: one self-contained HTML page for screen and A4, with contents, chart, quotes, references and method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from minutes_archive.export.pages import render
from minutes_archive.export.wording import date_words
from minutes_archive.trace.timeline import Timeline
from minutes_archive.trace.tracing import FEW_MOVES, Trace

# The chart's measures, in its own units: its axis, what stands above and below, a label's width, the widest bar.
_WIDTH, _HEIGHT, _TOP, _FOOT, _LABEL, _WIDEST = 560, 180, 22, 42, 34, 56


class CoverageLine(Protocol):
    """What of a line of the coverage is told."""

    @property
    def council(self) -> str:
        """The council."""

    @property
    def body(self) -> str | None:
        """The body."""

    @property
    def year(self) -> str | None:
        """The municipal year."""

    @property
    def listed(self) -> bool:
        """Whether its source's list of meetings was read."""

    @property
    def gaps(self) -> str:
        """What is known to be missing, in words; "" for nothing."""


@dataclass(frozen=True)
class Bar:
    """One bar of the chart, in the chart's units. ``name`` stands below it, ``year`` below that where one begins."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    name: str
    year: str

    @property
    def middle(self) -> float:
        """Where its labels are centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """The timeline as bars, ``rules`` (heights of lines) across; ``foot`` is the height of the axis."""

    width: int
    height: int
    foot: int
    unit: str
    bars: tuple[Bar, ...]
    rules: tuple[float, ...]


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
        unknown=list(dict.fromkeys(line.body or f"all bodies of {line.council}" for line in lines if not line.listed)),
        span=_span(trace), few_moves=FEW_MOVES,
    )


def chart_of(timeline: Timeline) -> Chart | None:
    """The chart of a timeline; None where no discussion has a date."""
    if not timeline.counts:
        return None
    most = max(count for _, count in timeline.counts)
    room = _HEIGHT - _TOP
    wide = _WIDTH / len(timeline.counts)
    # Where bars stand close, not every one has room for its name.
    every = -(-_LABEL // int(wide)) if wide < _LABEL else 1
    bars = []
    for at, (label, count) in enumerate(timeline.counts):
        year, _, quarter = label.partition(" ")
        name, below = (quarter, year if quarter == "Q1" or at == 0 else "") if quarter else (year, "")
        height = round(room * count / most, 1)
        width = round(min(wide * 0.76, _WIDEST), 1)
        bars.append(Bar(label, count, round(at * wide + (wide - width) / 2, 1), round(_HEIGHT - height, 1), width, height,
                        name if at % every == 0 else "", below))
    step = max(1, -(-most // 4))
    rules = tuple(round(_HEIGHT - room * value / most, 1) for value in range(0, most + 1, step))
    return Chart(_WIDTH, _HEIGHT + _FOOT, _HEIGHT, timeline.unit, tuple(bars), rules)


def _span(trace: Trace) -> str:
    days = [sitting.date for sitting in trace.sittings if sitting.date]
    if not days:
        return ""
    first, last = date_words(min(days)), date_words(max(days))
    return first if first == last else f"{first} to {last}"
