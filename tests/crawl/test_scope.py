"""What is asked for is what the options want, whatever an earlier run, finished or not, had wanted."""

from __future__ import annotations

import datetime as dt

import pytest

CABINET = {"3102", "3132", "3188", "3225"}
THAT_YEAR = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def meetings_asked(site) -> set[str]:
    """The meetings whose pages were asked for in the last run."""
    known = site.council.meetings
    return {number for number in known for one in site.asked() if f"mid={number}" in one or f"meetingid={number}" in one}


@pytest.mark.parametrize("service", [True, False])
def test_what_an_earlier_run_left_is_asked_for_only_where_it_is_wanted(crawled, service: bool):
    site = crawled(service=service)
    site.run(max_requests=40)
    left = site.run(committees=("102",))
    assert meetings_asked(site) <= CABINET
    assert left.pending > 0
    assert site.run().pending == 0
    assert site.records().keys() == site.council.meetings.keys()


@pytest.mark.parametrize("service", [True, False])
def test_a_run_that_was_interrupted_goes_on_with_what_is_wanted_now(crawled, service: bool):
    site = crawled(service=service)
    site.interrupted(lambda seconds: len(site.clock.slept) >= 30)
    site.run(since=THAT_YEAR[0], until=THAT_YEAR[1], committees=("102",))
    assert meetings_asked(site) <= {"3132", "3188"}
    assert site.run().pending == 0
    assert site.records().keys() == site.council.meetings.keys()


@pytest.mark.parametrize("service", [True, False])
@pytest.mark.parametrize("listing", ["all", "paged"])
def test_more_may_be_wanted_later_though_the_site_says_that_nothing_changed(crawled, service: bool, listing: str):
    site = crawled(service=service, listing=listing)
    site.run(since=THAT_YEAR[0], until=THAT_YEAR[1], committees=("102",))
    assert site.records().keys() == {"3132", "3188"}
    site.run(committees=("102",))
    assert site.records().keys() == CABINET
    site.run()
    assert site.records().keys() == site.council.meetings.keys()


def test_a_second_look_leaves_alone_what_is_not_wanted(crawled):
    site = crawled()
    site.run()
    site.run(since=THAT_YEAR[0], until=THAT_YEAR[1], committees=("102",))
    assert meetings_asked(site) <= {"3132", "3188"}


def test_what_has_changed_stays_due_when_the_budget_is_spent(crawled):
    from dataclasses import replace  # noqa: PLC0415

    site = crawled()
    site.run()
    for number in CABINET:
        site.council.meetings[number] = replace(site.council.meetings[number], heading="Agenda and draft minutes")
    while site.run(max_requests=12).captures:
        pass
    assert {site.records()[number].minutes_status for number in CABINET} == {"draft"}
