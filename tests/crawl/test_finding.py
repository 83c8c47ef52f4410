"""Which site an address is of, and what is said where it can't be told; whom a webmaster may write to."""

from __future__ import annotations

import base64
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest

from command_line import Minutes
from fakes.server import Reply, serving
from minutes_archive.contact import read_contact, write_contact
from minutes_archive.crawl.http import Fetcher, FetchError
from minutes_archive.crawl.page import links, unwrapped
from minutes_archive.errors import CrawlError
from minutes_archive.workspace import Workspace

ORIGIN = "https://meetings.fenmoor.example/ieListDocuments.aspx?CId=7&MId=41"


@pytest.fixture
def cabinet(crawled):
    site = crawled()
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    return site


def crawl(minutes: Minutes, archive: Path, *said: object):
    return minutes("--archive", archive, "crawl", *said, "--delay", "0", "--allow-private")


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (Reply(b"<title>Just a moment...</title>", 403), "blocked: challenge of a firewall"),
        (Reply(b"<html><title>Log in</title><input type=password></html>"), "blocked: login page"),
        (Reply(b"", 503), "busy: answered 503"),
        (Reply(b"", 404), "gone: answered 404"),
        (Reply(b"<html><body>Flowers for sale</body></html>"), "shows no ModernGov or CMIS site"),
    ],
)
def test_a_first_page_that_is_none_is_said_to_be_what_it_is(cabinet, minutes: Minutes, tmp_path: Path, first: Reply, words: str):
    cabinet.council.faults["/robots.txt"] = []
    cabinet.council.faults["/"] = lambda request: Reply(b"", 404) if "robots" in request.target else first
    done = crawl(minutes, tmp_path, cabinet.server.url)
    assert done.status == 2
    assert words in done.err.splitlines()[-1]
    assert not (tmp_path / "sources.toml").exists()


@pytest.mark.parametrize("rules", [Reply(b"User-agent: *\nDisallow: /"), Reply(b"", 500)])
def test_robots_are_followed_to_where_they_lead_before_the_first_page(cabinet, minutes: Minutes, tmp_path: Path, rules: Reply):
    cabinet.council.faults["/robots.txt?moved"] = lambda request: rules
    cabinet.council.faults["/robots.txt"] = lambda request: Reply(b"", 301, {"Location": "/robots.txt?moved"})
    done = crawl(minutes, tmp_path, cabinet.server.url)
    assert done.status == 2
    assert [one.target for one in cabinet.server.log] == ["/robots.txt", "/robots.txt?moved"]


def test_a_site_that_is_known_is_not_asked_which_it_is(cabinet, minutes: Minutes, tmp_path: Path):
    assert crawl(minutes, tmp_path, cabinet.server.url).status == 0
    cabinet.server.log.clear()
    assert crawl(minutes, tmp_path, cabinet.server.url).status == 0
    assert not [one for one in cabinet.server.log if one.target == "/"]


def test_the_requests_that_find_a_site_count(cabinet, minutes: Minutes, tmp_path: Path):
    crawl(minutes, tmp_path, cabinet.server.url, "--max-requests", "4")
    assert len(cabinet.server.log) == 4


def test_a_slip_of_the_pen_leaves_nothing_in_the_sources(minutes: Minutes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in ("crawler", "hosts"):  # the command line waits by the true clock
        monkeypatch.setattr(f"minutes_archive.crawl.{module}.BACK_OFF", (0.0, 0.0, 0.0))
    done = crawl(minutes, tmp_path, "http://127.0.0.1:1/ieListMeetings.aspx?CId=7")
    assert done.status == 2
    assert len([line for line in done.err.splitlines() if "robots.txt" in line]) == 1, "said once"
    assert not (tmp_path / "sources.toml").exists()
    named = crawl(minutes, tmp_path, "fenmor")
    assert named.status == 2
    assert "neither an address nor a name" in named.err


def test_a_committee_that_is_not_listed_is_said(cabinet, minutes: Minutes, tmp_path: Path):
    done = crawl(minutes, tmp_path, cabinet.server.url, "--committee", "999")
    assert "lists no committee 999; it lists: 102 Cabinet" in done.err


def test_a_time_without_days_is_refused(minutes: Minutes, tmp_path: Path):
    done = crawl(minutes, tmp_path, "http://x.example/", "--since", "2025", "--until", "2024")
    assert done.status == 2
    assert "is after" in done.err


@pytest.mark.parametrize(
    "fault",
    ['platform = "modrngov"', 'document = "all"', "delay = -1", "delay = inf", 'documents = "some"', 'audience = "friends"'],
)
def test_a_faulty_source_is_said_with_what_there_may_be(minutes: Minutes, tmp_path: Path, fault: str):
    (tmp_path / "sources.toml").write_text(f'[fenmoor]\nurl = "http://x.example/"\n{fault}\n', "utf-8")
    done = minutes("--archive", tmp_path, "crawl")
    assert done.status == 2
    assert "[fenmoor] has" in done.err
    assert "internal error" not in done.err


def test_what_was_crawled_for_officers_stays_theirs_and_the_public_is_told_nothing(cabinet, minutes: Minutes, tmp_path: Path):
    crawl(minutes, tmp_path, cabinet.server.url, "--audience", "officer", "--max-requests", "5")
    crawl(minutes, tmp_path)
    assert [one["audience"] for one in tomllib.loads((tmp_path / "sources.toml").read_text("utf-8")).values()] == ["officer"]
    assert minutes("--archive", tmp_path, "search").status == 1
    public, officers = (minutes("--archive", tmp_path, "coverage", "--audience", one) for one in ("public", "officer"))
    assert (public.status, public.out) == (1, "")
    assert "Cabinet" in officers.out


# Addresses that carry another one


def packed(text: str) -> str:
    return quote(base64.b64encode(text.encode()))


@pytest.mark.parametrize(
    ("url", "inner"),
    [
        (f"https://www.fenmoor.example/x?sq_content_src=%2B{packed('url=' + quote(ORIGIN, safe=''))}", ORIGIN),
        (f"/x?a=1&src={packed(ORIGIN)}&b=2", ORIGIN),
        ("ieListDocuments.aspx?CId=7&MId=41", None),
        (f"/x?src={packed('url=file:///etc/passwd')}", None),
        (f"/x?src={base64.b64encode(bytes(range(200, 250))).decode()}", None),
        ("/x?src=" + "A" * 3000, None),
    ],
)
def test_an_address_in_base64_is_the_one_that_counts(url: str, inner: str | None):
    assert unwrapped(url) == (inner or url)
    [link] = links(f'<a href="{url}">x</a>'.encode())
    assert link.href == (inner or url)


def test_a_council_site_that_wraps_anothers_pages_leads_to_them(cabinet, minutes: Minutes, tmp_path: Path):
    target = f"{cabinet.server.url}/ieListMeetings.aspx?CId=102"
    wrapped = packed("url=" + quote(target, safe=""))
    page = Reply(f'<html><body><a href="/minutes?sq_content_src=%2B{wrapped}">ielistmeetings.aspx</a></body></html>'.encode())
    with serving(lambda request: Reply(b"", 404) if "robots" in request.target else page) as front:
        assert crawl(minutes, tmp_path, front.url).status == 0
    [source] = tomllib.loads((tmp_path / "sources.toml").read_text("utf-8")).values()
    assert source["url"] == f"{cabinet.server.url}/"


# Whom a webmaster may write to

@pytest.mark.parametrize(
    ("settings", "environment", "contact"),
    [
        ("", {}, None),
        ("", {"MINUTES_CONTACT": " records@fenmoor.example "}, "records@fenmoor.example"),
        ('[crawl]\ncontact = "https://fenmoor.example/crawl"\n', {}, "https://fenmoor.example/crawl"),
        ('[crawl]\ncontact = "a@b.example"\n', {"MINUTES_CONTACT": "c@d.example"}, "c@d.example"),
        ("[ocr]\nseconds = 3\n", {}, None),
    ],
)
def test_the_contact_is_the_users(tmp_path: Path, settings: str, environment: dict[str, str], contact: str | None):
    workspace = Workspace.open(tmp_path)
    workspace.settings.write_text(settings, "utf-8")
    assert read_contact(workspace, environment) == contact


@pytest.mark.parametrize("contact", ["me", "a@b\r\nX: y", "a b@c", "(a@b)", "é@b", "x" * 300 + "@b"])
def test_what_nobody_can_write_to_is_no_contact(tmp_path: Path, contact: str):
    with pytest.raises(CrawlError, match="neither an e-mail"):
        read_contact(Workspace.open(tmp_path), {"MINUTES_CONTACT": contact})


@pytest.mark.parametrize("before", ["", "# mine\n[ocr]\nseconds = 3\n", "[crawl]  # see there\n\n[ocr]\nseconds = 3\n"])
def test_the_contact_is_written_beside_what_stands_in_the_settings(tmp_path: Path, before: str):
    workspace = Workspace.open(tmp_path)
    workspace.settings.write_text(before, "utf-8")
    write_contact(workspace, "records@fenmoor.example")
    assert read_contact(workspace, {}) == "records@fenmoor.example"
    assert tomllib.loads(workspace.settings.read_text("utf-8")).get("ocr") == tomllib.loads(before).get("ocr")


def test_the_contact_stands_in_every_request(cabinet, minutes: Minutes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MINUTES_CONTACT", "records@fenmoor.example")
    crawl(minutes, tmp_path, cabinet.server.url)
    assert {one.fields["user-agent"] for one in cabinet.server.log} == {"minutes-archive/0.1.0 (+records@fenmoor.example)"}


def test_nothing_on_the_public_internet_is_asked_without_a_contact(cabinet, monkeypatch: pytest.MonkeyPatch):
    import socket  # noqa: PLC0415

    def forbidden(*arguments: object, **options: object):
        raise AssertionError("connected")

    monkeypatch.setattr(socket, "create_connection", forbidden)
    resolve = lambda host, port, **more: [(2, 1, 6, "", ("8.8.8.8", port))]  # noqa: E731
    fetcher = Fetcher(cabinet.clock.now, allow_private=True, resolve=resolve)
    with pytest.raises(FetchError, match="MINUTES_CONTACT") as refusal:
        fetcher.fetch("http://democracy.fenmoor.example/")
    assert refusal.value.refused


def test_an_intranet_is_told_user_and_machine(cabinet, minutes: Minutes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MINUTES_CONTACT", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: "clérk (x)")
    monkeypatch.setattr("socket.gethostname", lambda: "pc-7")
    crawl(minutes, tmp_path, cabinet.server.url)
    assert {one.fields["user-agent"] for one in cabinet.server.log} == {"minutes-archive/0.1.0 (+cl-rk--x-@pc-7)"}
