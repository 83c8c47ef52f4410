"""Run again: only what is due, conditionally; changes are seen, and nothing that was held is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minutes_archive.access import Audience
from minutes_archive.capture import check_captures
from minutes_archive.records import ArchiveView, RecordStore

CABINET = ("3102", "3132", "3188", "3225")


def only(council, *numbers: str):
    council.meetings = {number: council.meetings[number] for number in numbers}


def public(site) -> set[str]:
    return {one.id.rpartition("/")[2] for one in ArchiveView(RecordStore(site.workspace), Audience.PUBLIC).meetings()}


@pytest.mark.parametrize("service", [True, False])
def test_on_the_same_day_little_is_asked_and_nothing_changes(crawled, service: bool):
    site = crawled(service=service)
    first = site.run()
    before = site.records()
    second = site.run()
    assert 0 < second.requests <= first.requests / 4
    assert second.captures == 0
    assert site.records() == before
    conditional = [one for one in site.server.log if "if-none-match" in one.fields]
    assert len(conditional) == second.requests - 1, "all but robots.txt"
    assert not list(check_captures(site.workspace))


def test_after_a_day_lists_and_recent_meetings_are_asked_and_old_ones_are_left_alone(crawled):
    site = crawled()
    site.council.meetings["3239"] = replace(site.council.meetings["3231"], meeting="3239", items=(), date=site.clock.now().date())
    first = site.run()
    site.clock.pass_days(1)
    second = site.run()
    assert {"getmeeting?lmeetingid=3239", "ielistdocuments.aspx?cid=104&mid=3239&ver=4"} <= {
        one.rpartition("/")[2] for one in site.asked()
    }
    assert second.requests < first.requests / 4
    assert second.captures == 0


def test_noise_is_no_change(crawled):
    site = crawled(validators=False, noise=True)
    only(site.council, *CABINET)
    site.run()
    site.clock.pass_days(400)
    second = site.run()
    assert second.captures == 0
    assert second.unchanged > len(CABINET)


@pytest.mark.parametrize("service", [True, False])
def test_a_draft_that_is_confirmed_is_seen_by_the_list_even_on_the_same_day(crawled, service: bool):
    site = crawled(service=service)
    only(site.council, *CABINET)
    draft = replace(site.council.meetings["3132"], heading="Agenda and draft minutes")
    site.council.meetings["3132"] = draft
    site.run()
    assert site.records()["3132"].minutes_status == "draft"
    site.council.meetings["3132"] = replace(draft, heading="Agenda and minutes")
    second = site.run()
    # A page alone says that they are no draft; the service that they are confirmed.
    assert site.records()["3132"].minutes_status == ("confirmed" if service else "published")
    assert second.captures >= 1


def test_a_meeting_that_is_taken_down_is_kept_and_marked_and_shown_to_officers_alone(crawled):
    site = crawled()
    only(site.council, *CABINET)
    site.run()
    text = site.records()["3225"].items[3].minutes_text
    site.council.gone.add("3225")
    site.council.unlisted.add("3225")
    second = site.run()
    held = site.records()["3225"]
    assert held.withdrawn_at == "2026-11-03T09:00:00Z" or held.withdrawn_at.startswith("2026-11-03")
    assert held.items[3].minutes_text == text
    assert "3225" not in public(site), "younger than six years: it may never have been meant to be out"
    assert second.meetings == len(CABINET) - 1
    assert not list(check_captures(site.workspace))
    # It comes back, as it was.
    site.council.gone.clear()
    site.council.unlisted.clear()
    site.clock.pass_days(40)
    site.run()
    assert site.records()["3225"].withdrawn_at is None
    assert "3225" in public(site)


def test_a_meeting_that_comes_anew_is_taken(crawled):
    site = crawled()
    everything = dict(site.council.meetings)
    only(site.council, *CABINET)
    site.run()
    site.council.meetings = everything
    site.run()
    assert site.records().keys() == everything.keys()


def test_a_site_that_is_away_takes_nothing_down(crawled):
    site = crawled()
    site.run()
    before = site.records()
    site.council.meetings = {}
    site.council.service = False
    site.clock.pass_days(500)
    site.run()
    assert site.records() == before
    assert any("may have moved" in one or "left alone" in one for one in site.warnings)


def test_a_renamed_document_is_known_by_its_number(crawled):
    site = crawled(messy=False)
    only(site.council, *CABINET)
    first = site.run(documents="all")
    before = sum(len(item.documents) for item in site.records()["3225"].items)
    renamed = {}
    for number, meeting in site.council.meetings.items():
        items = tuple(
            replace(item, documents=tuple(replace(one, title=f"New {one.title}") for one in item.documents))
            for item in meeting.items
        )
        renamed[number] = replace(meeting, items=items)
    site.council.meetings = renamed
    site.clock.pass_days(500)
    second = site.run(documents="all")
    assert second.documents == first.documents
    after = [one.title for item in site.records()["3225"].items for one in item.documents]
    assert len(after) == before
    assert any(title.startswith("New ") for title in after)


def test_more_documents_are_asked_for_without_asking_again_for_pages(crawled):
    site = crawled()
    only(site.council, *CABINET)
    site.run()
    site.run(documents="all")
    pages = [one for one in site.asked() if "documents/" not in one and "convert" not in one]
    assert len(pages) <= 5
    assert [one for one in site.asked() if "/documents/s" in one or "mgconvert2pdf" in one]


def test_a_304_for_what_is_not_held_is_asked_for_whole(crawled):
    site = crawled()
    only(site.council, *CABINET)
    site.run()
    frontier = site.workspace.frontier
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(frontier) as db:
        db.execute("UPDATE pages SET sha256 = 'f00d' || sha256 WHERE kind = 'meeting'")
    db.close()
    before = site.records()
    site.run()
    assert site.records() == before
    assert not list(check_captures(site.workspace))


def test_since_until_and_committee_narrow_what_is_asked(crawled):
    import datetime as dt  # noqa: PLC0415

    site = crawled()
    done = site.run(since=dt.date(2024, 1, 1), until=dt.date(2024, 12, 31), committees=("102",))
    assert site.records().keys() == {"3132", "3188"}
    assert done.pending == 0


def test_the_budget_stops_and_the_next_run_goes_on(crawled):
    site = crawled()
    seen: list[str] = []
    total = 0
    while True:
        done = site.run(max_requests=20)
        assert done.requests <= 20
        seen += [one for one in site.asked() if not one.endswith("robots.txt")]
        total += 1
        if not done.pending:
            break
    assert site.records().keys() == site.council.meetings.keys()
    assert len(seen) == len(set(seen))
    assert total > 2


def test_an_interrupt_leaves_everything_kept_recorded_and_the_next_run_goes_on(crawled):
    site = crawled()
    only(site.council, *CABINET)
    site.interrupted(lambda seconds: len(site.clock.slept) == 8)
    assert site.records(), "what was kept is recorded"
    first = site.asked()
    site.run()
    assert site.records().keys() == set(CABINET)
    twice = set(first) & set(site.asked()) - {"/robots.txt"}
    assert len(twice) <= 1
    assert not list(check_captures(site.workspace))
