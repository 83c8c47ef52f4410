"""What a crawl costs. The long form, 10,000 pages: make load."""

from __future__ import annotations

import pytest

measuring = pytest.importorskip("crawl.measure", reason="needs the resource module of POSIX systems")


def test_a_page_costs_little_time_and_no_lasting_memory():
    before = held_before()
    each, peak = measuring.measure(300)
    assert each < 10.0, "milliseconds of processor time"
    assert peak < before + 50, "megabytes"


def test_the_way_into_the_records_takes_no_lasting_memory():
    before = held_before()
    requests, peak, _ = measuring.measure_whole(60)
    assert requests >= 48
    assert peak < before + 150, "megabytes"


def held_before() -> float:
    """The peak of this process counts what other tests used before."""
    import resource  # noqa: PLC0415

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
