"""Addresses: nothing but the public internet is connected to, however a private address is written or comes about."""

from __future__ import annotations

import datetime as dt
import socket

import pytest

from minutes_archive.crawl.addresses import is_global
from minutes_archive.crawl.http import Fetcher, FetchError, wire_url

PRIVATE = [
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
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2600::5efe:808:808",
]
# How a private address may stand in a URL; what the system's resolver makes of it is looked at.
WRITTEN = [
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
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str):
    assert not is_global(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str):
    assert is_global(address)


def now() -> dt.datetime:
    return dt.datetime(2026, 11, 3, tzinfo=dt.UTC)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that is connected to."""
    found: list[str] = []
    connect = socket.create_connection

    def noted(address, *arguments, **options):
        found.append(address[0])
        return connect(address, *arguments, **options)

    monkeypatch.setattr(socket, "create_connection", noted)
    return found


@pytest.mark.parametrize("url", WRITTEN)
def test_no_connection_to_a_private_address_however_it_is_written(url: str, connected: list[str]):
    fetcher = Fetcher(now)
    with pytest.raises(FetchError):
        fetcher.fetch(url)
    assert connected == []


@pytest.mark.parametrize("address", PRIVATE)
def test_no_connection_to_a_private_address_whatever_the_name(address: str, connected: list[str]):
    fetcher = Fetcher(now, resolve=lambda host, port, **more: [(2, 1, 6, "", (address, port))])
    with pytest.raises(FetchError, match="public internet") as refusal:
        fetcher.fetch("http://democracy.fenmoor.example/")
    assert refusal.value.refused
    assert connected == []


def test_a_name_is_looked_up_once_for_each_connection_and_what_was_looked_up_is_connected_to(connected: list[str]):
    """DNS rebinding: the second answer is another one, but there is no second question."""
    answers = iter([[(2, 1, 6, "", ("127.0.0.1", 80))], [(2, 1, 6, "", ("8.8.8.8", 80))]])
    fetcher = Fetcher(now, resolve=lambda host, port, **more: next(answers))
    with pytest.raises(FetchError, match="public internet"):
        fetcher.fetch("http://democracy.fenmoor.example/")
    assert connected == []


def test_what_is_connected_to_decides(crawled):
    """Even where the system leads a public address somewhere else."""
    site = crawled()
    port = int(site.server.url.rpartition(":")[2])

    class Misled:
        def __init__(self, inner):
            self._inner = inner

        def connect_tcp(self, host, port, *rest):
            return self._inner.connect_tcp("127.0.0.1", port, *rest)

    resolve = lambda host, port, **more: [(2, 1, 6, "", ("8.8.8.8", port))]  # noqa: E731
    fetcher = Fetcher(now, contact="clerk@fenmoor.example", resolve=resolve)
    fetcher._network._plain = Misled(fetcher._network._plain)  # type: ignore[assignment]
    with pytest.raises(FetchError, match=r"led to 127\.0\.0\.1"):
        fetcher.fetch(f"http://democracy.fenmoor.example:{port}/")
    assert site.server.log == []


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        ("http://a.example/documents/s1/A b.pdf", "http://a.example/documents/s1/A%20b.pdf"),
        ("http://a.example/documents/s1/A%20b.pdf?T=1", "http://a.example/documents/s1/A%20b.pdf?T=1"),
        ("HTTP://A.Example:80/x#y", "http://a.example/x"),
        ("https://a.example:8443/é?q=é", "https://a.example:8443/%C3%A9?q=%C3%A9"),
        ("http://a.example/x\r\nHost: evil", "http://a.example/xHost:%20evil"),
        ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://a.example?x=1", "http://a.example/?x=1"),
    ],
)
def test_addresses_as_they_are_sent(url: str, wire: str):
    assert wire_url(url) == wire
