"""Several councils in one run: hosts side by side, each at its own pace, each with its own account."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from command_line import Minutes
from fakes.server import Reply
from minutes_archive.crawl.http import Fetcher
from minutes_archive.crawling import Wish, crawl
from minutes_archive.finding import Means, find_source


@pytest.fixture
def two(crawled):
    """A council with its service, and another one without."""
    fenmoor, ashby = crawled(), crawled(service=False)
    fenmoor.council.meetings = {number: fenmoor.council.meetings[number] for number in ("3188", "3225")}
    ashby.council.meetings = {number: ashby.council.meetings[number] for number in ("3219",)}
    return fenmoor, ashby


def crawl_both(fenmoor, ashby, **wish):
    """Both into the archive of the first, by one clock; and who was asked when."""
    clock, workspace = fenmoor.clock, fenmoor.workspace
    asked: list[tuple[str, float]] = []
    fetcher = Fetcher(clock.now, allow_private=True, limits=fenmoor.limits)

    def fetch(url, validators=None):
        asked.append((url.split("/")[2], clock.time()))
        return fetcher.fetch(url, validators)

    with workspace.crawl_lock():
        means = Means(fetch, clock.now, clock.sleep)
        sources = [find_source(workspace, f"{one.server.url}/ieListMeetings.aspx?CId=1", means) for one in (fenmoor, ashby)]
        done = crawl(workspace, sources, Wish(**wish), means, lambda problem: None)
    fetcher.close()
    return [done[source.name] for source in sources], asked


def test_hosts_are_asked_side_by_side_and_each_a_second_apart(two):
    began = two[0].clock.time()
    (one, other), asked = crawl_both(*two)
    assert (one.meetings, other.meetings) == (2, 1)
    assert one.requests + other.requests == len(asked)
    # No longer than the larger of them alone.
    assert two[0].clock.time() - began <= max(one.requests, other.requests) + 2
    for host in {host for host, _ in asked}:
        times = [at for name, at in asked if name == host]
        assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(times))


def test_one_that_is_shut_keeps_nobody_from_the_other(two):
    two[1].council.robots = Reply(b"", 503)
    (one, other), _ = crawl_both(*two)
    assert (one.meetings, one.failed, one.pending) == (2, 0, 0)
    assert (other.meetings, other.failed) == (0, 1)
    assert other.pending > 0


def test_the_budget_is_for_all(two):
    (one, other), asked = crawl_both(*two, max_requests=8)
    assert one.requests + other.requests == len(asked) == 8


def test_what_is_left_of_one_is_not_asked_for_when_the_other_is_crawled(two):
    fenmoor, ashby = two
    crawl_both(fenmoor, ashby, max_requests=8)
    fenmoor.run()
    assert fenmoor.records().keys() >= {"3188", "3225"}
    asked = len(ashby.server.log)
    fenmoor.run()
    assert len(ashby.server.log) == asked


def test_without_a_name_all_that_stand_in_the_sources_are_crawled(two, minutes: Minutes, tmp_path: Path):
    fenmoor, ashby = two
    known = f'[fenmoor]\nurl = "{fenmoor.server.url}"\n[ashby]\nurl = "{ashby.server.url}/"\n'
    (tmp_path / "sources.toml").write_text(known, "utf-8")
    done = minutes("--archive", tmp_path, "crawl", "--allow-private", "--delay", "0", "--json")
    assert done.status == 0
    *each, whole = (json.loads(line) for line in done.out.splitlines())
    assert [(one["council"], one["meetings"]) for one in each] == [("fenmoor", 2), ("ashby", 1)]
    assert "council" not in whole
    for key in ("requests", "captures", "meetings", "items", "documents"):
        assert whole[key] == sum(one[key] for one in each)
    assert "fenmoor now has 2 meetings" in done.err
    by_name = minutes("--archive", tmp_path, "crawl", "ashby", "--allow-private", "--delay", "0", "--json")
    assert len(by_name.out.splitlines()) == 1
    refused = minutes("--archive", tmp_path, "crawl", "--committee", "102")
    assert refused.status == 2
    assert "one site" in refused.err
