"""Bad servers: nothing hangs, nothing partial is taken for whole, no junk is read as empty or removed, no block is evaded."""

from __future__ import annotations

import email.utils
import gzip
import itertools
import zlib
from dataclasses import replace

import pytest

from fakes.crawled import QUICK
from fakes.server import Reply
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.crawl.http import Limits

PAGE = "/ielistdocuments.aspx?cid=102&mid=3225"
CHALLENGE = Reply(b"<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>")
LOGIN = Reply(b'<html><head><title>Log in</title></head><body><form><input type="password" name="p"></form></body></html>')
ERROR = Reply(b"<html><head><title>Error</title></head><body><h1>Sorry</h1><p>An error has occurred.</p></body></html>")
SOFT = Reply(
    b"<html><head><title>Page not found</title></head><body>The page you are looking for could not be found</body></html>"
)
EMPTY = Reply(b"<html><head><title>Thornmere</title></head><body><div>Welcome</div></body></html>")


@pytest.fixture
def cabinet(crawled):
    site = crawled()
    site.council.meetings = {number: site.council.meetings[number] for number in ("3188", "3225")}
    site.limits = QUICK
    return site


def whole(site) -> set[str]:
    return {one.url for one in CaptureStore(site.workspace, site.clock.now).captures() if not one.truncated and one.url}


FAULTS = {
    "cut": Reply(b"<html><body>" + b"x" * 5000, cut=900),
    "too long a length": Reply(b"<html>" + b"x" * 500, length=5000),
    "drips": Reply(b"<html>" + b"x" * 3000, drip=0.005),
    "drips its fields": Reply(b"<html>x</html>", drip_head=0.05),
    "no answer": Reply(hang=True),
    "closes": Reply(raw=b""),
    "no HTTP": Reply(raw=b"what?\r\n\r\n"),
    "half a field": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"),
    "500": Reply(b"oops", 500),
    "broken gzip": Reply(b"\x1f\x8b\x08\x00garbage", fields={"Content-Encoding": "gzip"}),
    "gzip cut": Reply(gzip.compress(b"x" * 100_000)[:-30], fields={"Content-Encoding": "gzip"}),
    "empty": Reply(b""),
    "cut chunks": Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n40\r\n<html>"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_once_is_mended_by_asking_again(cabinet, name: str):
    cabinet.council.faults[PAGE] = [FAULTS[name]]
    done = cabinet.run()
    assert (done.failed, done.blocked, done.pending) == (0, 0, 0)
    assert cabinet.records()["3225"].items
    assert not list(check_captures(cabinet.workspace))
    assert sum(PAGE in one for one in cabinet.asked()) == 2


@pytest.mark.parametrize("name", ["cut", "drips", "closes", "500", "cut chunks"])
def test_a_fault_that_stays_is_said_and_the_rest_goes_on(cabinet, name: str):
    cabinet.council.faults[PAGE] = lambda request: FAULTS[name]
    done = cabinet.run()
    assert [one.url for one in done.failed_urls] == [f"{cabinet.server.url}/ieListDocuments.aspx?CId=102&MId=3225&Ver=4"]
    assert done.failed_urls[0].reason
    assert sum(PAGE in one for one in cabinet.asked()) == 4, "asked again after 5, 10 and 20 seconds, and no more"
    assert not [url for url in whole(cabinet) if "mid=3225" in url.lower()], "no part was taken for the whole"
    # What the service told of the meeting is recorded all the same.
    assert cabinet.records().keys() == {"3188", "3225"}


@pytest.mark.parametrize(
    ("asks", "seconds"),
    [("7", 7), ("120", 120), ("DATE 60", 60), ("junk", 5), ("-3", 5), ("1.5", 5), ("", 5), ("Thu, 01 Jan 1970 00:00:00 GMT", 0)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_no_request_goes_to_the_host_before_retry_after(cabinet, status: int, asks: str, seconds: float):
    if asks.startswith("DATE"):
        asks = email.utils.formatdate(cabinet.clock.time() + 60 + 30, usegmt=True)
    cabinet.council.faults[PAGE] = [Reply(b"busy", status, {"Retry-After": asks} if asks else {})]
    done = cabinet.run()
    assert done.failed == 0
    at = next(number for number, one in enumerate(cabinet.asked()) if PAGE in one)
    waited = cabinet.server.times[at + 1] - cabinet.server.times[at]
    assert waited >= seconds
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(cabinet.server.times)), "a second apart"


@pytest.mark.parametrize("status", [301, 403, 500, 502, 504])
def test_retry_after_holds_whatever_it_comes_with(cabinet, status: int):
    fields = {"Retry-After": "90", **({"Location": "/ieListDocuments.aspx?MId=3225&moved=1"} if status == 301 else {})}
    cabinet.council.faults[PAGE] = [Reply(b"no", status, fields)]
    cabinet.run()
    at = next(number for number, one in enumerate(cabinet.asked()) if PAGE in one)
    assert cabinet.server.times[at + 1] - cabinet.server.times[at] >= 90


def test_retry_after_holds_for_the_next_run_too(cabinet):
    cabinet.council.faults[PAGE] = [Reply(b"busy", 429, {"Retry-After": "200"})]
    cabinet.interrupted(lambda seconds: seconds > 50)
    asked = cabinet.server.times[-1]
    assert cabinet.run().pending == 0
    assert cabinet.server.times[0] - asked >= 200


def test_a_challenge_to_the_service_is_shown_and_the_pages_stand_in(cabinet):
    cabinet.council.faults["/mgwebservice.asmx/getmeeting?lmeetingid=3225"] = lambda request: CHALLENGE
    done = cabinet.run()
    assert ["GetMeeting" in one.url for one in done.blocked_urls] == [True]
    assert cabinet.records().keys() == {"3188", "3225"}
    assert not [item.id for item in cabinet.records()["3225"].items if item.truncated]


@pytest.mark.parametrize("asks", ["86400", "999999999999999999", "9" * 40])
def test_a_host_that_asks_for_long_is_left_alone_and_so_it_stays_in_the_next_run(cabinet, asks: str):
    cabinet.council.faults[PAGE] = [Reply(b"busy", 429, {"Retry-After": asks})]
    first = cabinet.run()
    if len(asks) > 18:
        return  # no number that anybody means: taken for junk
    assert first.pending > 0
    assert sum(cabinet.clock.slept) < 3600
    second = cabinet.run()
    assert second.requests == 0
    cabinet.clock.pass_days(40)
    assert cabinet.run().pending == 0


@pytest.mark.parametrize(
    "junk", [CHALLENGE, LOGIN, ERROR, SOFT, EMPTY, replace(CHALLENGE, status=403), replace(CHALLENGE, status=503)]
)
@pytest.mark.parametrize("held", [False, True])
def test_junk_is_blocked_never_empty_never_removed(cabinet, junk: Reply, held: bool):
    if held:
        cabinet.run()
        cabinet.clock.pass_days(400)
    before = cabinet.records()
    cabinet.council.faults[PAGE] = lambda request: junk
    done = cabinet.run()
    assert [one.url for one in done.blocked_urls] == [f"{cabinet.server.url}/ieListDocuments.aspx?CId=102&MId=3225&Ver=4"]
    assert sum(PAGE in one for one in cabinet.asked()) == 1, "never evaded, never hammered"
    if held:
        assert cabinet.records() == before
    else:
        assert cabinet.records()["3225"].items, "from the service"


@pytest.mark.parametrize("target", ["/mgError.aspx?x=1", "/ieLogon.aspx?RT=ieListDocuments", "mgerror.aspx"])
def test_a_redirect_to_an_error_or_login_page_is_blocked(cabinet, target: str):
    cabinet.council.faults[PAGE] = lambda request: Reply(b"", 302, {"Location": target})
    done = cabinet.run()
    assert done.blocked == 1
    assert not [one for one in cabinet.asked() if "mgerror" in one or "logon" in one]


def test_five_challenges_in_a_row_stop_the_host(crawled):
    site = crawled()
    site.council.faults["/ielistdocuments.aspx"] = lambda request: CHALLENGE
    site.council.faults["/mgwebservice.asmx/getmeeting?"] = lambda request: CHALLENGE
    done = site.run()
    assert done.blocked == 5
    assert done.pending > 10
    assert "5 pages in a row" in site.warnings[-1]


def test_redirects_without_end_are_left(cabinet):
    cabinet.council.faults[PAGE] = lambda request: Reply(b"", 302, {"Location": request.target + "&again=1"})
    done = cabinet.run()
    assert "redirected" in done.failed_urls[0].reason
    assert sum(PAGE in one for one in cabinet.asked()) == 9


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "//", "http://user:pw@127.0.0.1/"]
)
def test_a_redirect_leads_nowhere_but_to_the_web(cabinet, target: str):
    cabinet.council.faults[PAGE] = lambda request: Reply(b"", 302, {"Location": target})
    done = cabinet.run()
    assert done.failed == 1


def test_a_page_that_moved_is_followed_and_its_new_place_asked_for_permission(cabinet):
    cabinet.council.faults[PAGE] = [Reply(b"", 301, {"Location": "/ieListDocuments.aspx?MId=3225&moved=1"})]
    done = cabinet.run()
    assert done.failed == 0
    cabinet.clock.pass_days(400)
    cabinet.council.robots = Reply(b"User-agent: *\nDisallow: /*moved=1\n")
    cabinet.council.faults[PAGE] = [Reply(b"", 301, {"Location": "/ieListDocuments.aspx?MId=3225&moved=1"})]
    cabinet.council.validators = False
    assert cabinet.run().disallowed == 1
    assert not [one for one in cabinet.asked() if "moved=1" in one]


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate"])
def test_packed_pages_are_unpacked(cabinet, packing: str):
    def packed(request):
        page = cabinet.council._answer("/ieListDocuments.aspx", request).body
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        bodies = {
            "gzip": gzip.compress(page),
            "deflate": zlib.compress(page),
            "raw deflate": squeeze.compress(page) + squeeze.flush(),
        }
        return Reply(bodies[packing], fields={"Content-Encoding": packing.rpartition(" ")[2]})

    cabinet.council.faults[PAGE] = packed
    done = cabinet.run()
    assert (done.failed, done.blocked) == (0, 0)
    assert cabinet.records()["3225"].source.url.endswith("Ver=4")


@pytest.mark.parametrize("bomb", [gzip.compress(b"\0" * 30_000_000), b"x" * 3_000_000])
def test_a_body_over_the_cap_is_never_taken_as_whole(cabinet, bomb: bytes):
    cabinet.limits = Limits(size=1_000_000, total=10, silence=1)
    packed = {"Content-Encoding": "gzip"} if bomb[:1] == b"\x1f" else {}
    cabinet.council.faults[PAGE] = lambda request: Reply(bomb, fields=packed)
    done = cabinet.run()
    assert "too large" in done.failed_urls[0].reason
    assert sum(PAGE in one for one in cabinet.asked()) == 1
    assert not [url for url in whole(cabinet) if "mid=3225" in url.lower()]
    assert not list(check_captures(cabinet.workspace))


def test_a_service_that_ignores_the_period_is_seen_through(crawled):
    site = crawled(ignores_period=True)
    import datetime as dt  # noqa: PLC0415

    site.run(since=dt.date(2024, 5, 1), until=dt.date(2025, 4, 30))
    assert {one.date[:4] for one in site.records().values()} == {"2024", "2025"}
    assert "outside the period" in site.warnings[0]


def test_a_period_that_takes_too_long_is_asked_for_in_halves(crawled):
    site = crawled()
    asked_whole = "sfromdate=01/01/1970"

    def slow(request):
        wide = asked_whole in request.target.lower() and "2027" in request.target
        return (
            Reply(b"", 500)
            if wide
            else site.council._service(
                "getmeetings", dict(part.split("=") for part in request.target.lower().partition("?")[2].split("&"))
            )
        )

    site.council.faults["/mgwebservice.asmx/getmeetings"] = slow
    done = site.run()
    assert done.failed == 0
    assert site.records().keys() == site.council.meetings.keys()


@pytest.mark.parametrize("junk", [Reply(b"OK"), Reply(b"{}", fields={"Content-Type": "application/json"})])
def test_a_list_answered_with_junk_is_not_asked_for_in_ever_smaller_periods(cabinet, junk: Reply):
    cabinet.council.faults["/mgwebservice.asmx/getmeetings"] = lambda request: junk
    done = cabinet.run()
    assert sum("/getmeetings" in one for one in cabinet.asked()) <= 4 * len(cabinet.council.committees())
    assert cabinet.records().keys() == {"3188", "3225"}, "the pages stand in for the service"
    assert done.pending == 0


def test_where_no_part_of_a_period_can_be_had_the_host_is_left_alone(cabinet):
    cabinet.council.faults["/mgwebservice.asmx/getmeetings"] = lambda request: Reply(b"", 500)
    cabinet.run()
    assert sum("/getmeetings" in one for one in cabinet.asked()) <= 20
    assert "in a row" in cabinet.warnings[-1]


def test_a_meeting_that_leads_to_the_home_page_is_blocked(cabinet):
    cabinet.council.faults[PAGE] = lambda request: Reply(b"", 302, {"Location": "/ieDocHome.aspx"})
    done = cabinet.run()
    assert [one.reason for one in done.blocked_urls] == ["was sent to another page of the site"]
