"""Private addresses: nothing but the public internet is connected to, however the address is written and wherever it comes from.

Every connection that this process opens is seen by Python itself ("socket.connect", an audit event), not by a patched function.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpcore2

from fakes.crawled import QUICK, Crawled, crawled
from fakes.server import Reply
from faults.trial import Case, Trial
from minutes_archive.crawl.addresses import is_global
from minutes_archive.crawl.http import Fetcher, FetchError

PRIVATE = (
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.1.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.1.2.3",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:c0a8:1::",
    "2001:0:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00::1",
    "fdff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "2600::5efe:7f00:1",
    "2600::5efe:10.0.0.1",
    "2600::200:5efe:192.168.0.1",
    "2001:10::1",
    "5f00::1",
)
# How a private address may stand in a URL; what the system's resolver makes of it is looked at.
WRITTEN = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://127.0.0.1:80/",
    "https://127.0.0.1/",
    "http://user@127.0.0.1/",
    "http://example.org@127.0.0.1/",
    "http://127.0.0.1%2f@example.org/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/",
    "dict://127.0.0.1/",
    "ldap://127.0.0.1/",
    "data:text/html,x",
    "javascript:1",
    "http:///",
    "http://",
    "//127.0.0.1/",
    "http://[/",
    "http://127.0.0.1:99999/",
    "http://[fe80::1%25lo]/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://127.0.0.1:22/",
    "http:\\\\127.0.0.1\\",
    "http:127.0.0.1/",
    "http://127.0.0.1#@example.org/",
    "http://127.0.0.1\t/",
    "http://\u200b127.0.0.1/",
    "HTTP://127.000.000.001/",
    "http://[::ffff:0:7f00:1]/",
    "http://2852039166/",
    "http://0251.0376.0251.0376/",
    "http://ip6-localhost/",
    "http://127.0.0.1.:80/",
    "http://0x7F.1/",
    "http://0.0.0.0:80/",
    "http://[0000::1]/",
    "http://[::1%25]/",
    "jar:http://127.0.0.1!/",
    "unix:/var/run/docker.sock",
    "http+unix://%2fvar%2frun%2fdocker.sock/",
)
PUBLIC = "8.8.8.8"
_CONNECTED: list[str] = []


def attempt(case: Case) -> str | None:
    """Offer one address by one way: as the address asked for, as a link, as a redirect, by a name, by a name that changes."""
    ways = (_asked, _linked, _redirected, _named, _rebound)
    at, way = divmod(case.index, len(ways))
    with _watched() as connected:
        said = ways[way](case, at)
    closed = [one for one in connected if not is_global(one)]
    return said or (f"{ways[way].__name__[1:]} {at}: connected to {closed}" if closed else None)


def _asked(case: Case, at: int) -> str | None:
    url = WRITTEN[at % len(WRITTEN)]
    try:
        Fetcher(_now, contact="clerk@fenmoor.example").fetch(url)
    except FetchError:
        return None
    return f"{url!r} was answered"


def _linked(case: Case, at: int) -> str | None:
    link = WRITTEN[at % len(WRITTEN)].replace('"', "%22")
    with crawled(case.folder, messy=False) as site:
        page = site.council._meeting({"mid": "3225"}) or ""
        shown = f'<a href="{link}">x</a><a href="{link}ieListDocuments.aspx?MId=77">y</a></body>'
        site.council.faults["/ielistdocuments.aspx?cid=102&mid=3225"] = lambda request: Reply(
            page.replace("</body>", shown).encode()
        )
        return _crawl(site)


def _redirected(case: Case, at: int) -> str | None:
    target = WRITTEN[at % len(WRITTEN)].encode("latin-1", "ignore").decode("latin-1").replace("\t", "%09")
    with crawled(case.folder, messy=False) as site:
        site.council.faults["/ielistdocuments.aspx?cid=102&mid=3225"] = lambda request: Reply(b"", 302, {"Location": target})
        return _crawl(site)


def _crawl(site: Crawled) -> str | None:
    """Crawl a site that may be asked although it is on this machine; all else is asked as on the open web."""
    site.limits = QUICK
    site.council.meetings = {"3225": site.council.meetings["3225"]}
    strict = Fetcher(_now, contact="clerk@fenmoor.example", limits=QUICK)
    site.elsewhere = strict.fetch
    allowed = len(_CONNECTED)
    site.run()
    # The site itself is on this machine: its own connections are the allow-list of this trial.
    port = site.server.url.rpartition(":")[2]
    _CONNECTED[allowed:] = [one for one in _CONNECTED[allowed:] if not one.endswith(f" {port}")]
    return None if site.records() else "the site itself was not archived"


def _named(case: Case, at: int) -> str | None:
    address = PRIVATE[at % len(PRIVATE)]
    return None if looked_up([[address]]) == Looked((REFUSED,), (), 1) else f"{address} was not refused"


def _rebound(case: Case, at: int) -> str | None:
    """The name's addresses change between two look-ups, or one of several is private."""
    address = PRIVATE[at % len(PRIVATE)]
    rebound = looked_up([[PUBLIC], [address], [address]])
    if rebound != Looked((ANSWERED, REFUSED), (PUBLIC,), 2):
        return f"{PUBLIC}, then {address}: {rebound}"
    for several in ([address, PUBLIC], [PUBLIC, address]):
        beside = looked_up([several, [address]])
        if beside != Looked((ANSWERED, REFUSED), (PUBLIC,), 2):
            return f"{several}: {beside}"
        unanswered = looked_up([several, [address]], answered=False)
        if unanswered != Looked((FAILED, REFUSED), (PUBLIC,), 2):
            return f"{several}, without an answer: {unanswered}"
    return None


ANSWERED, REFUSED, FAILED = "answered", "refused", "failed"


@dataclass(frozen=True)
class Looked:
    """What became of each fetch, what was to be connected to, in order, and how often the name was looked up."""

    fetches: tuple[str, ...]
    connected: tuple[str, ...]
    lookups: int


def looked_up(answers: list[list[str]], *, answered: bool = True) -> Looked:
    """Fetch a page of a name twice, or until it is refused; each look-up has the next of ``answers``, no connection is real."""
    left, fetches = iter(answers), list[str]()
    lookups = 0

    def resolve(host: str, port: int, **more: Any) -> list[Any]:
        nonlocal lookups
        lookups += 1
        return [(2, 1, 6, "", (one, port)) for one in next(left)]

    fetcher = Fetcher(_now, contact="clerk@fenmoor.example", resolve=resolve)
    nowhere = Nowhere(answered)
    fetcher._network._plain = nowhere  # type: ignore[assignment]
    while len(fetches) < 2 and REFUSED not in fetches:
        try:
            fetcher.fetch("http://democracy.fenmoor.example/")
            fetches.append(ANSWERED)
        except FetchError as error:
            fetches.append(REFUSED if error.refused else FAILED)
    return Looked(tuple(fetches), tuple(nowhere.connected), lookups)


class Nowhere(httpcore2.NetworkBackend):
    """Notes what is to be connected to, and answers in its place, once for each connection; or not at all."""

    def __init__(self, answered: bool = True) -> None:
        self.connected: list[str] = []
        self._answered = answered

    def connect_tcp(self, host: str, port: int, *more: Any, **options: Any) -> httpcore2.NetworkStream:
        """Connect to nothing."""
        self.connected.append(host)
        if not self._answered:
            raise httpcore2.ConnectError("nobody there")
        return _Answer(host, port)


class _Answer(httpcore2.NetworkStream):
    """One short page, after which the connection is closed: who wants another has to look up the name again."""

    def __init__(self, host: str, port: int) -> None:
        self._at = (host, port)
        self._left = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read."""
        given, self._left = self._left[:max_bytes], self._left[max_bytes:]
        return given

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write."""

    def close(self) -> None:
        """Close it."""

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._at if info == "server_addr" else None


def _now() -> dt.datetime:
    return dt.datetime(2026, 11, 3, tzinfo=dt.UTC)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _CONNECTED.append(f"{arguments[1][0]} {arguments[1][1]}")


@contextlib.contextmanager
def _watched() -> Iterator[list[str]]:
    """The addresses that are connected to while the block lasts."""
    if not getattr(sys, "_minutes_sees_connections", False):
        sys.addaudithook(_note)
        sys._minutes_sees_connections = True  # type: ignore[attr-defined]
    _CONNECTED.clear()
    found: list[str] = []
    yield found
    found += [one.partition(" ")[0] for one in _CONNECTED]


TRIAL = Trial(
    15,
    "private-addresses",
    "no connection to an address that is not global: 60 ways, asked for, linked, redirected to, named, rebound",
    5 * max(len(WRITTEN), len(PRIVATE)),
    25,
    attempt,
)
