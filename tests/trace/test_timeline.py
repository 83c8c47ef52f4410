"""Counts over time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from minutes_archive.export.briefing import chart_of
from minutes_archive.trace.timeline import Timeline, timeline


def test_a_few_years_are_counted_by_quarter_with_the_empty_ones():
    assert timeline(["2023-12-31", "2024-07-01", "2024-01-01", None]) == Timeline(
        "quarter", (("2023 Q4", 1), ("2024 Q1", 1), ("2024 Q2", 0), ("2024 Q3", 1)), 1,
    )


def test_many_years_are_counted_by_year():
    counted = timeline(["2019-05-01", "2024-05-01", "2024-06-01"])
    assert counted.unit == "year"
    assert counted.counts[0] == ("2019", 1)
    assert counted.counts[-1] == ("2024", 2)
    assert len(counted.counts) == 6


def test_nothing_has_no_chart():
    assert timeline([None]) == Timeline("year", (), 1)
    assert chart_of(timeline([])) is None


@pytest.mark.parametrize("years", [1, 4, 30])
def test_bars_stand_within_the_chart(years: int):
    chart = chart_of(timeline([f"{2000 + year}-03-01" for year in range(years)] + ["2000-05-01"] * 7))
    assert chart is not None
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= chart.width
        assert 0 <= bar.y <= chart.foot
        assert bar.count == 0 or bar.height > 0
    edges = [(bar.x, bar.x + bar.width) for bar in chart.bars]
    assert all(one[1] <= two[0] for one, two in pairwise(edges))
