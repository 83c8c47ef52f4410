"""Bad servers: bodies that are cut, dripped, packed wrongly or wrongly measured, waits asked for, redirects without end."""

from __future__ import annotations

import email.utils
import gzip
import itertools
import time
from random import Random

from fakes.crawled import QUICK, Crawled, crawled
from fakes.server import Reply, Request
from faults.trial import Case, Trial
from minutes_archive.capture import CaptureStore, check_captures

# Seconds by the clock that no crawl of two meetings may take, however slow its server.
HANG = 120
KEPT = ("3188", "3225")
# What is asked for, in small letters, and how its address begins.
TARGETS = {
    "page": "/ielistdocuments.aspx?cid=102&mid=3225",
    "service": "/mgwebservice.asmx/getmeeting?lmeetingid=3225",
    "list": "/mgwebservice.asmx/getmeetings",
    "committees": "/mgwebservice.asmx/getcommittees",
    "document": "/documents/g3233/",
}
RETRY_AFTER = (
    "7",
    "120",
    "299",
    "DATE 60",
    "DATE 250",
    "junk",
    "-3",
    "1.5",
    "",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "86400",
    "999999999999999999",
    "9" * 40,
    "Tue, 99 Foo 2026 99:99:99 GMT",
    "7, 8",
    "\xe9",
)


def cut_body(chance: Random) -> Reply:
    whole = b"<html><body>" + b"x" * chance.randint(100, 9000)
    return Reply(whole, cut=chance.randrange(len(whole)), length=len(whole))


def wrong_length(chance: Random) -> Reply:
    return Reply(b"<html>" + b"x" * 500, length=chance.choice((507, 5_000, 10**9)))


def dripped(chance: Random) -> Reply:
    return chance.choice((Reply(b"<html>" + b"x" * 3000, drip=0.005), Reply(b"<html>x</html>", drip_head=0.05)))


def silent(chance: Random) -> Reply:
    return chance.choice(
        (Reply(hang=True), Reply(raw=b""), Reply(raw=b"what?\r\n\r\n"), Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"))
    )


def cut_chunks(chance: Random) -> Reply:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
    return Reply(
        raw=head + chance.choice((b"40\r\n<html>", b"zz\r\n<html>\r\n0\r\n\r\n", b"6\r\n<html>\r\n", b"fffffffffffff\r\n<"))
    )


def packed_wrongly(chance: Random) -> Reply:
    packed = gzip.compress(b"<html>" + b"x" * 50_000)
    flipped = bytearray(packed)
    flipped[chance.randrange(12, len(packed))] ^= 255
    body = chance.choice((packed[: chance.randrange(1, len(packed))], bytes(flipped), b"\x1f\x8b\x08\x00garbage", b"<html>plain"))
    return Reply(body, fields={"Content-Encoding": chance.choice(("gzip", "x-gzip", "deflate"))})


def failure(chance: Random) -> Reply:
    return Reply(b"oops", chance.choice((500, 502, 504, 520)))


def empty(chance: Random) -> Reply:
    return Reply(b"", fields={"Content-Type": chance.choice(("text/html", "", "application/octet-stream"))})


FAULTS = (cut_body, wrong_length, dripped, silent, cut_chunks, packed_wrongly, failure, empty)


def attempt(case: Case) -> str | None:
    """Crawl two meetings of a site of which one answer is bad, once or for good."""
    kinds = (_fault, _fault, _wait, _redirects, _charset)
    start = time.monotonic()
    with crawled(case.folder) as site:
        site.limits = QUICK
        site.council.meetings = {number: site.council.meetings[number] for number in KEPT}
        said = kinds[case.index % len(kinds)](site, case)
        spent = time.monotonic() - start
        return said or _sound(site) or (f"it took {spent:.0f} s" if spent > HANG else None)


def _fault(site: Crawled, case: Case) -> str | None:
    chance = case.chance
    make, (name, target) = FAULTS[case.index % len(FAULTS)], chance.choice(list(TARGETS.items()))
    reply, lasting = make(chance), chance.random() < 0.5
    site.council.faults[target] = (lambda request: reply) if lasting else [reply]
    done = site.run()
    what = f"{make.__name__} for {name}, {'always' if lasting else 'once'}"
    if partial := _not_true(site):
        return f"{what}: kept as whole, and is not: {partial}"
    if not lasting and (done.failed or done.blocked or done.pending or site.records().keys() != set(KEPT)):
        return f"{what}: {done}"
    if lasting and not (done.failed or done.blocked) and name == "page":
        return f"{what}: nobody is told: {done}"
    most = 4 + len(KEPT)
    asked = sum(one.startswith(target) for one in site.asked())
    return f"{what}: asked for {asked} times" if asked > 3 * most else None


def _not_true(site: Crawled) -> list[str]:
    """Captures of pages that are marked as whole, and are not what the site has at that address."""
    store, wrong = CaptureStore(site.workspace, site.clock.now), []
    site.council.faults.clear()
    for one in store.captures():
        if one.truncated or not one.url:
            continue
        true = site.council(Request("/" + one.url.split("/", 3)[3], {}))
        if store.read(one.sha256) != true.body:
            wrong.append(one.url)
    return wrong


def _wait(site: Crawled, case: Case) -> str | None:
    chance = case.chance
    asks = RETRY_AFTER[case.index // 5 % len(RETRY_AFTER)]
    if asks.startswith("DATE"):
        asks = email.utils.formatdate(site.clock.time() + float(asks.split()[1]), usegmt=True)
    status = chance.choice((429, 503, 503, 403, 500, 301))
    moved = {"Location": "/ieListDocuments.aspx?MId=3225&moved=1"} if status == 301 else {}
    name, target = chance.choice([one for one in TARGETS.items() if one[0] in ("page", "service", "document")])
    told: list[float] = []

    def busy(request: Request) -> Reply:
        told.append(site.clock.time())
        return Reply(b"busy", status, {**moved, **({"Retry-After": asks} if asks else {})})

    site.council.faults[target] = [busy(Request("", {}))]
    told.clear()
    site.run()
    at = next((number for number, one in enumerate(site.asked()) if one.startswith(target)), None)
    if at is None or at + 1 >= len(site.server.times):
        return None if at is not None else f"{name} was not asked for"
    waited, least = site.server.times[at + 1] - site.server.times[at], _least(asks, site.server.times[at])
    if waited < least:
        return f"{status} with Retry-After {asks!r} for {name}: asked again after {waited} s"
    if any(later - earlier < 1.0 for earlier, later in itertools.pairwise(site.server.times)):
        return "two requests within a second"
    return None


def _least(asks: str, now: float) -> float:
    """The seconds that a well-formed Retry-After asks for."""
    if asks.isdecimal() and asks.isascii():
        return min(float(asks), 30 * 86400.0) if len(asks) <= 18 else 0.0
    try:
        return max(0.0, email.utils.parsedate_to_datetime(asks).timestamp() - now)
    except (ValueError, TypeError):
        return 0.0


def _redirects(site: Crawled, case: Case) -> str | None:
    chance = case.chance
    loops = (
        lambda request: request.target + "&again=1",
        lambda request: request.target,
        lambda request: "/",
        lambda request: "//",
        lambda request: "http://[",
        lambda request: f"/ieListDocuments.aspx?CId=102&MId=3225&x={chance.random()}",
        lambda request: "file:///etc/passwd",
        lambda request: "http://user:pw@127.0.0.1/",
        lambda request: "gopher://x/",
        lambda request: "",
        lambda request: "/mgError.aspx",
        lambda request: "\\\\host\\share",
    )
    loop = loops[case.index // 5 % len(loops)]
    target = TARGETS["page"]
    status = chance.choice((301, 302, 303, 307, 308))
    site.council.faults[target] = lambda request: Reply(b"", status, {"Location": loop(request)})
    done = site.run()
    asked = len([one for one in site.asked() if "mid=3225" in one and "listdocuments" in one])
    if asked > 12:
        return f"redirected to {loop(Request('/x', {}))!r}: asked {asked} times"
    told = done.failed + done.blocked + done.disallowed
    return None if told else f"redirected to {loop(Request('/x', {}))!r}, and nobody is told: {done}"


def _charset(site: Crawled, case: Case) -> str | None:
    """What a server says of the characters of a page is wrong: its bytes are kept as they came, and nothing else breaks."""
    charset = case.chance.choice(("utf-16", "iso-8859-1", "koi8-r", "no-such-thing", "", "utf-7", '"', "utf-8; x=" + "y" * 500))
    true = site.council(Request("/ieListDocuments.aspx?CId=102&MId=3225&Ver=4", {})).body
    site.council.faults[TARGETS["page"]] = lambda request: Reply(true, fields={"Content-Type": f"text/html; charset={charset}"})
    done = site.run()
    if partial := _not_true(site):
        return f"{charset!r}: {partial} is not as it came"
    return None if site.records().keys() == set(KEPT) and not done.failed else f"{charset!r}: {done}"


def _sound(site: Crawled) -> str | None:
    faults = list(check_captures(site.workspace))
    return f"the captures are damaged: {faults}" if faults else None


TRIAL = Trial(
    10,
    "bad-servers",
    "no hang; no request before Retry-After; no partial body stored as whole; every failure told",
    300,
    15,
    attempt,
)
