"""robots.txt (RFC 9309): obeyed for every host and redirect; unreachable means no."""

from __future__ import annotations

import pytest

from fakes.crawled import QUICK
from fakes.server import Reply, serving
from minutes_archive.crawl.politeness import Robots, read_robots

SITE = "https://democracy.fenmoor.example"
# (robots.txt, address, whether it may be asked for)
RULES = [
    ("", "/a", True),
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("user-AGENT: *\ndisallow: /", "/a", False),
    ("User-agent: otherbot\nDisallow: /", "/a", True),
    ("User-agent: minutes-archive\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
    ("User-agent: Minutes-Archive\nDisallow: /a\n", "/a/b", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/documents/s1/x.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/documents/s1/x.pdf?T=1", True),
    ("User-agent: *\nDisallow: /*T=10", "/documents/g1/x.pdf?T=10", False),
    ("User-agent: *\nDisallow: /mgWebService.asmx", "/mgWebService.asmx/GetCommittees", False),
    ("User-agent: *\nDisallow: /mgWebService.asmx", "/mgwebservice.asmx/GetCommittees", True),
    ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("User-agent: a\nUser-agent: *\nDisallow: /a", "/a", False),
    ("# nothing\nUser-agent: * # all\nDisallow: /a # that", "/a", False),
    ("User-agent: *\nDisallow: /b%C3%A9", "/bé", False),
    ("<html>not here</html>", "/a", True),
    ("User-agent: *\nCrawl-delay: 5\nDisallow: /a", "/a", False),
]


@pytest.mark.parametrize(("text", "path", "allowed"), RULES)
def test_rules(text: str, path: str, allowed: bool):
    robots = read_robots(200, text.encode())
    assert robots is not None
    assert robots.allows(SITE + path) is allowed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_rules_allow_all(status: int):
    assert read_robots(status, b"User-agent: *\nDisallow: /") == Robots()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_unreachable_rules_allow_nothing(status: int):
    assert read_robots(status, b"") is None


def test_the_first_half_megabyte_is_read():
    text = b"User-agent: *\nDisallow: /a\n" + b"#" * 600_000 + b"\nDisallow: /b\n"
    robots = read_robots(200, text)
    assert robots is not None
    assert not robots.allows(f"{SITE}/a")
    assert robots.allows(f"{SITE}/b")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: x", None),
        ("", None),
    ],
)
def test_crawl_delay(text: str, delay: float | None):
    robots = read_robots(200, text.encode())
    assert robots is not None
    assert robots.delay == delay


@pytest.mark.parametrize(
    "answer",
    [Reply(b"", 500), Reply(b"", 503), Reply(b"", 429), Reply(hang=True), Reply(raw=b""), Reply(b"User", cut=2, length=9)],
)
def test_nothing_is_fetched_while_robots_is_unreachable(crawled, answer: Reply):
    site = crawled(robots=answer)
    site.limits = QUICK
    done = site.run()
    assert set(site.asked()) == {"/robots.txt"}
    assert done.requests == 4
    assert done.failed == 1
    assert "robots.txt" in done.failed_urls[0].url
    assert done.pending > 0
    site.council.robots = Reply(b"", 404)
    assert site.run().pending == 0


def test_robots_may_come_late(crawled):
    site = crawled()
    site.council.faults["/robots.txt"] = [Reply(b"", 503, {"Retry-After": "40"}), Reply(b"", 500)]
    assert site.run().failed == 0
    assert site.server.times[1] - site.server.times[0] >= 40


@pytest.mark.parametrize("hops", [1, 5, 6, 100])
def test_redirects_of_robots_are_followed_five_times(crawled, hops: int):
    site = crawled()
    rules = Reply(b"User-agent: *\nDisallow: /")
    left = [Reply(b"", 301, {"Location": f"/robots.txt?{number}"}) for number in range(hops)]
    site.council.robots = rules
    site.council.faults["/robots.txt"] = left
    done = site.run()
    # Beyond five hops it counts as not there (RFC 9309, 2.3.1.2).
    assert (done.meetings == 0) is (hops <= 5)


def test_what_is_disallowed_is_counted_and_the_pages_stand_in_for_the_service(crawled):
    site = crawled(robots=Reply(b"User-agent: *\nDisallow: /mgWebService.asmx\nDisallow: /documents/\n"))
    done = site.run()
    assert not [one for one in site.asked() if "webservice" in one or "documents/" in one]
    assert done.disallowed > 20
    assert site.records().keys() == site.council.meetings.keys()
    site.council.robots = Reply(b"", 404)
    site.run()
    assert [one for one in site.asked() if "documents/" in one], "allowed now"


@pytest.mark.parametrize(("said", "asked_for", "least"), [(None, 0, 1.0), (None, 4, 4.0), (0.25, 4, 0.25), (None, 0.2, 1.0)])
def test_the_delay_is_the_users_or_the_larger_of_a_second_and_crawl_delay(crawled, said, asked_for, least: float):
    site = crawled(robots=Reply(f"User-agent: *\nCrawl-delay: {asked_for}\n".encode()))
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    site.run(delay=said)
    pauses = [later - earlier for earlier, later in zip(site.server.times[1:], site.server.times[2:], strict=False)]
    assert min(pauses) == pytest.approx(least, abs=0.01)
    assert site.server.most_at_once == 1


def test_another_host_is_asked_for_its_own_rules(crawled):
    site = crawled()
    with serving(lambda request: Reply(b"User-agent: *\nDisallow: /") if "robots" in request.target else Reply(b"x")) as other:
        site.council.faults["/ielistdocuments.aspx?cid=102&mid=3225"] = lambda request: Reply(
            b"", 302, {"Location": f"{other.url}/x.aspx"}
        )
        done = site.run()
        assert [one.target for one in other.log] == ["/robots.txt"]
    assert done.disallowed == 1


@pytest.mark.parametrize("name", ["minutes", "archive", "minutes-archive-2", "Minutes"])
def test_rules_for_another_robot_whose_name_ours_begins_with_are_none_of_ours(name: str):
    robots = read_robots(200, f"User-agent: {name}\nAllow: /\n\nUser-agent: *\nDisallow: /a\n".encode())
    assert robots is not None
    assert not robots.allows(f"{SITE}/a")
