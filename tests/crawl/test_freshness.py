"""What is new on a site is found, and what moved or was renamed is not taken for gone."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from fakes.server import Reply, serving
from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.capture.warc import warc_files
from minutes_archive.coverage import coverage
from minutes_archive.crawl.frontier import frontier_fault
from minutes_archive.errors import CrawlError
from minutes_archive.seal import seal_of


def test_whats_new_leads_to_a_change_in_an_old_meeting_that_no_list_tells(crawled):
    site = crawled()
    site.run()
    old = site.council.meetings["3102"]
    told = replace(old.items[3], minutes="Members were told that the figures had been mended after the meeting.")
    site.council.meetings["3102"] = replace(old, items=(*old.items[:3], told, *old.items[4:]))
    site.clock.pass_days(3)
    site.run()
    assert site.records()["3102"].items[3].minutes_text != told.minutes, "due once a year"
    site.council.news = {"3102"}
    site.clock.pass_days(3)
    site.run()
    [news] = [one for one in site.asked() if "whatsnew" in one]
    assert "dr=05%2f11%2f2026-09%2f11%2f2026" in news, "since the day before the last look"
    assert site.records()["3102"].items[3].minutes_text == told.minutes


def test_whats_new_is_asked_for_where_it_can_tell_something(crawled):
    site = crawled()
    site.run()
    assert not [one for one in site.asked() if "whatsnew" in one], "all is new"
    site.run()
    assert not [one for one in site.asked() if "whatsnew" in one], "on the same day"
    site.clock.pass_days(1)
    site.council.faults["/mgwhatsnew.aspx"] = lambda request: Reply(b"", 404)
    done = site.run()
    assert [one for one in site.asked() if "whatsnew" in one]
    assert (done.failed, done.blocked, done.pending) == (0, 0, 0), "a site need not have it"


def test_a_file_that_was_renamed_is_asked_for_by_its_new_name(crawled):
    site = crawled(strict_names=True, messy=False)
    draft = replace(site.council.meetings["3132"], heading="Agenda and draft minutes")
    site.council.meetings = {"3132": draft}
    first = site.run()
    assert (first.failed, first.documents) == (0, 2)
    # Confirmed: "Printed draft minutes …" is "Printed minutes …" now, and the old name leads nowhere.
    site.council.meetings = {"3132": replace(draft, heading="Agenda and minutes")}
    site.clock.pass_days(1)
    second = site.run()
    assert [one for one in site.asked() if "printed%20minutes" in one]
    assert not [one for one in site.asked() if "draft" in one]
    assert (second.failed, second.documents) == (0, 2)
    assert not [one for one in CaptureStore(site.workspace, site.clock.now).captures() if one.withdrawn_at]


def test_a_host_that_moved_costs_one_request_more_not_one_a_page(crawled):
    site = crawled()
    moved = lambda request: Reply(b"", 301, {"Location": f"{site.server.url}{request.target}"})  # noqa: E731
    with serving(moved) as old:
        first = site.run(f"{old.url}/ieListMeetings.aspx?CId=1")
        assert [one.target for one in old.log] == ["/robots.txt", "/mgWebService.asmx/GetCommittees?lDummy=0"]
        assert (first.failed, first.pending, first.meetings) == (0, 0, len(site.council.meetings))
        assert first.requests <= site.council.least() + 3
        old.log.clear()
        second = site.run(f"{old.url}/ieListMeetings.aspx?CId=1")
        assert len(old.log) == 2
        assert second.captures == 0
        conditional = [one for one in site.server.log if "if-none-match" in one.fields]
        assert len(conditional) == len(site.server.log) - 2, "all but the two robots.txt: the old one led to the new"


def test_two_hosts_that_lead_to_each_other_are_left(crawled):
    site = crawled()
    with serving(lambda request: Reply(b"", 302, {"Location": f"{site.server.url}{request.target}"})) as other:
        site.council.faults["/mgwebservice"] = lambda request: Reply(b"", 302, {"Location": f"{other.url}{request.target}"})
        site.council.faults["/ielistmeetings"] = site.council.faults["/mgwebservice"]
        done = site.run()
    assert done.pending == 0
    assert any("redirected" in one.reason for one in done.failed_urls)


def test_a_link_to_what_never_was_there_is_not_asked_for_every_day(crawled):
    site = crawled()
    site.council.faults["/documents/"] = lambda request: Reply(b"", 404)
    assert site.run().failed > 20
    site.clock.pass_days(2)
    site.run()
    assert not [one for one in site.asked() if "documents/" in one]
    site.clock.pass_days(40)
    site.run()
    assert len([one for one in site.asked() if "documents/" in one]) > 20


def test_a_damaged_capture_is_asked_for_whole_though_the_site_says_that_it_did_not_change(crawled):
    site = crawled()
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    site.run()
    [path] = warc_files(site.workspace.captures)
    store = CaptureStore(site.workspace, site.clock.now)
    page = next(one for one in store.captures() if one.url and "MId=3225" in one.url)
    with sqlite3.connect(site.workspace.captures / "catalogue.sqlite") as db:
        [(offset,)] = db.execute("SELECT offset FROM captures WHERE sha256 = ?", (page.sha256,)).fetchall()
    db.close()
    raw = bytearray(path.read_bytes())
    raw[offset + 300] ^= 0xFF
    path.write_bytes(raw)
    assert list(check_captures(site.workspace))
    site.clock.pass_days(400)
    site.run()
    assert hashlib_of(store, page.sha256) == page.sha256


def hashlib_of(store: CaptureStore, sha256: str) -> str:
    import hashlib  # noqa: PLC0415

    return hashlib.sha256(store.read(sha256)).hexdigest()


@pytest.mark.parametrize("where", [0, 4096 + 1000])
def test_a_damaged_frontier_is_made_anew_and_said(crawled, where: int):
    site = crawled()
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    site.run()
    before = site.records()
    raw = bytearray(site.workspace.frontier.read_bytes())
    raw[where : where + 3000] = b"\x5a" * 3000
    site.workspace.frontier.write_bytes(raw)
    done = site.run()
    assert (done.pending, done.failed) == (0, 0)
    assert site.records().keys() == before.keys()
    assert any("was damaged and is made anew" in one for one in site.warnings)


def test_one_flipped_bit_anywhere_in_the_frontier_is_seen(crawled):
    site = crawled()
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    site.run()
    path = site.workspace.frontier
    sound = path.read_bytes()
    chance = random.Random(1)
    for _ in range(40):
        raw = bytearray(sound)
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        path.write_bytes(raw)
        assert frontier_fault(path) is not None
        with pytest.raises(CrawlError, match="check --repair"):
            coverage(site.workspace, Audience.OFFICER, site.clock.now())
    path.write_bytes(sound)
    assert frontier_fault(path) is None


def test_a_frontier_that_is_read_meanwhile_is_not_sealed_with_half_of_it_elsewhere(crawled):
    site = crawled()
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    site.run()
    path = site.workspace.frontier
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM pages").fetchone()
        site.clock.pass_days(40)
        site.run()
        assert not seal_of(path).exists()
    assert frontier_fault(path) is None
    site.run()
    assert seal_of(path).exists()
    assert frontier_fault(path) is None
