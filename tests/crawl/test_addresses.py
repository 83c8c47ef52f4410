"""Addresses: nothing but the public internet is connected to, however a private address is written or comes about."""

from __future__ import annotations

import datetime as dt
import socket

import pytest

from faults.private_addresses import ANSWERED, FAILED, PRIVATE, REFUSED, WRITTEN, Looked, looked_up
from minutes_archive.crawl.addresses import is_global
from minutes_archive.crawl.http import Fetcher, FetchError, wire_url

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
    """DNS rebinding: the second answer is another one, but there is no second question until there is a second connection."""
    assert looked_up([["8.8.8.8"], ["127.0.0.1"]]) == Looked((ANSWERED, REFUSED), ("8.8.8.8",), 2)
    assert connected == []


@pytest.mark.parametrize("several", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"]])
def test_of_several_addresses_the_public_one_alone_is_tried(several: list[str]):
    assert looked_up([several, several], answered=False) == Looked((FAILED, FAILED), ("8.8.8.8", "8.8.8.8"), 2)


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
