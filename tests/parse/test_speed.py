"""A large page is read quickly (`make speed` prints how quickly, and how folders load)."""

from __future__ import annotations

from accuracy.speed import LARGE, large_page, many_pages, seconds_to_read


def test_a_page_of_100_kb_takes_well_under_a_tenth_of_a_second():
    page = large_page()
    assert LARGE <= len(page) < 1.2 * LARGE
    assert seconds_to_read(page, times=5) < 0.1


def test_the_pages_to_load_are_of_as_many_meetings():
    pages = many_pages(100)
    assert len({name for name, _ in pages}) == len({content for _, content in pages}) == 100
