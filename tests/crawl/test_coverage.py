"""Coverage claims nothing that can't be known: not of lists that were not read, nor of time that was not asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from fakes.server import Reply
from minutes_archive.access import Audience
from minutes_archive.coverage import Line, coverage

CHALLENGE = Reply(b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>")


def lines(site, audience: Audience = Audience.PUBLIC) -> dict[tuple[str | None, str | None], Line]:
    return {(one.body, one.year): one for one in coverage(site.workspace, audience, site.clock.now())}


@pytest.fixture
def council(crawled):
    """Cabinet and Council alone."""
    site = crawled(service=False)
    wanted = {"3102", "3132", "3188", "3225", *(one.meeting for one in site.council.meetings.values() if one.body == "Council")}
    site.council.meetings = {number: site.council.meetings[number] for number in wanted}
    return site


def test_all_that_is_listed_is_the_most_that_is_said(council):
    council.run()
    found = lines(council)
    assert {one.says for one in found.values()} == {"all that is listed"}
    assert {one.as_json()["complete"] for one in found.values()} == {None}


def test_a_body_that_was_not_asked_for_is_named(council):
    council.run(committees=("102",))
    line = lines(council)["Council", None]
    assert (line.says, line.listed, line.as_json()["complete"]) == ("its list was not asked for yet", False, False)


def test_a_part_of_a_year_is_not_the_year(council):
    council.run(since=dt.date(2024, 7, 1))
    assert lines(council)["Cabinet", "2024-25"].says == "only a part of the year was asked for"
    council.run(since=dt.date(2024, 5, 1))
    assert lines(council)["Cabinet", "2024-25"].says == "all that is listed"
    council.run()
    assert lines(council)["Cabinet", "2023-24"].says == "all that is listed"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (CHALLENGE, "its list is blocked (challenge of a firewall in its place)"),
        (Reply(b"", 500), "its list could not be had (answered 500)"),
    ],
)
def test_a_list_that_was_not_read_is_no_empty_list(council, answer: Reply, says: str):
    council.council.faults["/ielistmeetings.aspx?cid=102"] = lambda request: answer
    council.run()
    assert lines(council)["Cabinet", None].says == says
    assert not [year for body, year in lines(council) if body == "Cabinet" and year]
    assert {one.says for (body, _), one in lines(council).items() if body == "Council"} == {"all that is listed"}


def test_one_list_of_several_that_was_not_read_leaves_all_years_open(crawled):
    site = crawled(service=False, listing="years")
    site.council.meetings = {number: site.council.meetings[number] for number in ("3132", "3225")}
    site.council.faults["/ielistmeetings.aspx?cid=102&year=2023"] = lambda request: CHALLENGE
    site.run()
    assert lines(site)["Cabinet", "2024-25"].says == "not known what there is"
    assert lines(site)["Cabinet", None].says.startswith("one of its lists is blocked")


def test_a_site_whose_list_of_bodies_is_blocked_is_not_passed_over(council):
    council.run(committees=("102",))
    council.council.faults["/"] = lambda request: None if "robots" in request.target else CHALLENGE
    council.clock.pass_days(2)
    council.run()
    [line] = [one for one in lines(council).values() if one.body is None]
    assert "its list of bodies is blocked" in line.says
    assert line.as_json()["complete"] is False


def test_a_list_read_long_ago_tells_of_that_day(council):
    council.run()
    council.clock.pass_days(100)
    assert lines(council)["Cabinet", "2024-25"].says == "all that was listed on 2026-11-03"


def test_held_is_stale_once_it_has_been_due_for_as_long_as_it_was_not(council):
    council.run()
    council.clock.pass_days(1.5)
    assert not any(one.count.stale for one in lines(council).values()), "due is not yet stale"
    council.clock.pass_days(800)
    assert all(one.count.stale for one in lines(council).values())


def test_a_body_whose_meetings_are_all_hidden_leaves_no_trace(council):
    council.run(audience=Audience.OFFICER)
    assert lines(council) == {}
    assert ("Cabinet", "2024-25") in lines(council, Audience.OFFICER)
