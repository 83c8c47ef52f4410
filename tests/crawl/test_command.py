"""``minutes crawl`` and ``minutes coverage`` as a person types them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from command_line import Minutes
from fakes.server import Reply
from minutes_archive.cli.progress import progress_line
from minutes_archive.crawl.site import council_of, recognise_address

KEYS = [
    "requests",
    "captures",
    "unchanged",
    "meetings",
    "items",
    "documents",
    "disallowed",
    "blocked",
    "failed",
    "pending",
    "blocked_urls",
    "failed_urls",
]


@pytest.fixture
def cabinet(crawled):
    site = crawled()
    site.council.meetings = {number: site.council.meetings[number] for number in ("3188", "3225", "3219")}
    return site


def crawl(minutes: Minutes, archive: Path, url: str, *more: object):
    return minutes("--archive", archive, "crawl", url, "--allow-private", "--delay", "0", *more)


def test_a_crawl_is_summed_up_searched_and_covered(cabinet, minutes: Minutes, tmp_path: Path):
    first = crawl(minutes, tmp_path, f"{cabinet.server.url}/ieListDocuments.aspx?MID=3225", "--json")
    assert first.status == 0
    done = json.loads(first.out.splitlines()[-1])
    assert list(done) == KEYS
    assert done["requests"] == len(cabinet.server.log)
    assert (done["meetings"], done["blocked_urls"], done["failed_urls"], done["pending"]) == (3, [], [], 0)
    assert "now has 3 meetings" in first.err
    name = next(iter(tomllib.loads((tmp_path / "sources.toml").read_text("utf-8"))))
    assert json.loads(minutes("--archive", tmp_path, "search", "--council", name, "--json").out)["total"] == done["items"]
    # By its name, and at most a quarter of the requests.
    again = json.loads(crawl(minutes, tmp_path, name, "--json").out.splitlines()[-1])
    assert again["captures"] == 0
    assert again["requests"] <= done["requests"] / 4
    assert minutes("--archive", tmp_path, "check").status == 0
    lines = [json.loads(line) for line in minutes("--archive", tmp_path, "coverage", "--json").out.splitlines()]
    assert [(one["body"], one["year"], one["held"], one["pending"], one["complete"]) for one in lines] == [
        ("Cabinet", "2024-25", 2, 0, None),
        ("Safer Thornmere Partnership", "2024-25", 1, 0, None),
    ]
    table = minutes("--archive", tmp_path, "coverage").out
    assert "all that is listed" in table
    assert "complete" not in table


def test_what_is_missing_shows(cabinet, minutes: Minutes, tmp_path: Path):
    cabinet.council.gone.add("3188")
    cabinet.council.faults["/ielistdocuments.aspx?cid=105"] = lambda request: Reply(b"<title>Just a moment...</title>", 403)
    cabinet.council.service = False
    done = crawl(minutes, tmp_path, f"{cabinet.server.url}/mgListCommittees.aspx", "--json")
    assert done.status == 0
    summary = json.loads(done.out.splitlines()[-1])
    assert (summary["blocked"], summary["failed"]) == (1, 1)
    assert "challenge" in summary["blocked_urls"][0]["reason"]
    lines = {one["body"]: one for one in map(json.loads, minutes("--archive", tmp_path, "coverage", "--json").out.splitlines())}
    assert (lines["Cabinet"]["held"], lines["Cabinet"]["missing"], lines["Cabinet"]["complete"]) == (1, 1, False)
    assert lines["Safer Thornmere Partnership"]["blocked"] == 1
    assert "gaps" in minutes("--archive", tmp_path, "coverage").out


def test_coverage_of_what_was_loaded_by_hand_says_that_nobody_knows(sample_archive: Path, minutes: Minutes):
    table = minutes("--archive", sample_archive, "coverage").out
    assert "not known what there is" in table
    assert "all that is listed" not in table


def test_a_site_is_told_by_its_first_page(cabinet, minutes: Minutes, tmp_path: Path):
    done = crawl(minutes, tmp_path, cabinet.server.url, "--json")
    assert done.status == 0
    summary = json.loads(done.out.splitlines()[-1])
    assert summary["requests"] == len(cabinet.server.log)
    assert summary["meetings"] == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["ftp://x/"], "only http and https"),
        (["http://127.0.0.1:1/"], "public internet"),
        (["http://127.0.0.1:1/", "--allow-private"], "check the address"),
        (["http://127.0.0.1:1/ieListDocuments.aspx?MId=1"], "robots.txt can't be had"),
        (["http://x.example/", "--since", "soon"], "is no date"),
        (["http://x.example/", "--committee", "Cabinet"], "is no id"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(minutes: Minutes, tmp_path: Path, said: list[str], words: str):
    done = minutes("--archive", tmp_path, "crawl", *said, "--delay", "0")
    assert done.status == 2
    assert words in done.err.splitlines()[-1]


def test_another_site_is_refused(cabinet, minutes: Minutes, tmp_path: Path):
    cabinet.council.faults["/"] = lambda request: Reply(b"<html><body>Flowers for sale</body></html>")
    done = crawl(minutes, tmp_path, cabinet.server.url)
    assert done.status == 2
    assert "shows no ModernGov or CMIS site" in done.err


def test_the_users_sources_are_not_touched(cabinet, minutes: Minutes, tmp_path: Path):
    mine = f'# mine\n[fenmoor]\nurl = "{cabinet.server.url}/"\nplatform = "moderngov"\ndocuments = "all"\n'
    (tmp_path / "sources.toml").write_text(mine, "utf-8")
    done = json.loads(crawl(minutes, tmp_path, "fenmoor", "--json").out.splitlines()[-1])
    assert done["documents"] > 6
    assert (tmp_path / "sources.toml").read_text("utf-8") == mine
    crawl(minutes, tmp_path, f"{cabinet.server.url}/mgAi.aspx?ID=1")
    assert (tmp_path / "sources.toml").read_text("utf-8") == mine


@pytest.mark.parametrize("fault", ["[Fen Moor]\nurl='x'", "[fenmoor]\n", "x = 1", "[fenmoor]\nurl='http://x'\ndelay='long'", "["])
def test_a_faulty_sources_file_is_said(minutes: Minutes, tmp_path: Path, fault: str):
    (tmp_path / "sources.toml").write_text(fault, "utf-8")
    done = minutes("--archive", tmp_path, "crawl", "http://x.example/")
    assert done.status == 2
    assert "sources.toml" in done.err


@pytest.mark.parametrize(
    ("url", "platform", "base", "council"),
    [
        (
            "https://democracy.fenmoor.gov.uk/ieListDocuments.aspx?MId=1",
            "moderngov",
            "https://democracy.fenmoor.gov.uk/",
            "fenmoor",
        ),
        ("https://fenmoor.moderngov.co.uk/(S(abc))/mgai.aspx?id=3", "moderngov", "https://fenmoor.moderngov.co.uk/", "fenmoor"),
        (
            "https://www.fenmoor.gov.uk/moderngov/documents/s1/x.pdf",
            "moderngov",
            "https://www.fenmoor.gov.uk/moderngov/",
            "fenmoor",
        ),
        (
            "https://minutes3.fenmoor.gov.uk/mgWebService.asmx/GetMeeting?lMeetingId=1",
            "moderngov",
            "https://minutes3.fenmoor.gov.uk/",
            "fenmoor",
        ),
        (
            "https://fenmoor.cmis.uk.com/cmis5/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/9/Default.aspx",
            "cmis",
            "https://fenmoor.cmis.uk.com/cmis5/",
            "fenmoor",
        ),
    ],
)
def test_a_site_is_told_by_any_of_its_addresses(url: str, platform: str, base: str, council: str):
    site = recognise_address(url)
    assert site is not None
    assert (site.platform, site.base) == (platform, base)
    assert council_of(base) == council


def test_progress_says_what_how_far_how_fast_and_how_long_still():
    assert progress_line(30, 90, 60.0, "meeting/41") == "[##        ] 30 of 120 · 0.5 a second · 3 min left · meeting/41"
    assert progress_line(0, 0, 0.0, "robots.txt") == "[##########] 0 of 0 · 0.0 a second · nearly done · robots.txt"
