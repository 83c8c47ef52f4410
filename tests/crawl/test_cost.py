"""What the crawler itself costs. The long form: python -m crawl.measure 10000."""

from __future__ import annotations

import pytest

measure = pytest.importorskip("crawl.measure", reason="needs the resource module of POSIX systems").measure


def test_a_page_costs_little_time_and_no_lasting_memory():
    each, peak = measure(300)
    assert each < 10.0, "milliseconds of processor time"
    assert peak < 300 + _held_before(), "megabytes"


def _held_before() -> float:
    """The peak of this process counts what other tests used before."""
    import resource  # noqa: PLC0415

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
