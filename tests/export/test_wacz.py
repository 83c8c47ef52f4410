"""WACZ files: what any tool for web archives expects of them, found again by their own index."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.export.wacz import Entry, Package, url_key, write_wacz

PACKAGE = Package("Captures", "some", "minutes-archive 9", dt.datetime(2026, 1, 2, 3, 4, 6, tzinfo=dt.UTC))
HEAD = gzip.compress(b"WARC/1.0 warcinfo", mtime=0)


def entry(number: int, title: str | None = None) -> Entry:
    member = gzip.compress(b"record %d" % number * 9, mtime=0)
    return Entry(member, f"https://x.example/Page?b={number}&A=1", "2024-07-17T12:00:00Z", "text/html", "200", "sha256:AB", title)


def written(*entries: Entry, size: int = 10_000) -> zipfile.ZipFile:
    out = io.BytesIO()
    write_wacz(out, HEAD, entries, size, PACKAGE)
    return zipfile.ZipFile(out)


def test_every_file_in_it_is_described_with_its_hash():
    archive = written(entry(1, "One"), entry(2))
    package: dict[str, Any] = json.loads(archive.read("datapackage.json"))
    assert (package["profile"], package["wacz_version"], package["created"]) == ("data-package", "1.1.1", "2026-01-02T03:04:06Z")
    described = {one["path"]: (one["hash"], one["bytes"]) for one in package["resources"]}
    files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("datapackage")}
    assert described == {name: ("sha256:" + hashlib.sha256(content).hexdigest(), len(content)) for name, content in files.items()}
    assert set(files) == {"archive/captures.warc.gz", "indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl"}
    digest = json.loads(archive.read("datapackage-digest.json"))
    assert digest["hash"] == "sha256:" + hashlib.sha256(archive.read("datapackage.json")).hexdigest()


def test_nothing_is_packed_twice():
    assert {one.compress_type for one in written(entry(1)).infolist()} == {zipfile.ZIP_STORED}


def test_every_record_is_found_by_the_index_in_two_steps():
    entries = [entry(number) for number in range(1000)]
    archive = written(*entries)
    warc, data = archive.read("archive/captures.warc.gz"), archive.read("indexes/index.cdx.gz")
    meta, *blocks = archive.read("indexes/index.idx").decode().splitlines()
    assert meta == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    lines = []
    for block in blocks:
        key, _, place = block.partition(" {")
        told = json.loads("{" + place)
        member = data[told["offset"] : told["offset"] + told["length"]]
        assert told["digest"] == "sha256:" + hashlib.sha256(member).hexdigest()
        inner = gzip.decompress(member).decode().splitlines()
        assert inner[0].startswith(key)
        assert len(inner) <= 300
        lines += inner
    assert lines == sorted(lines)
    found = {}
    for line in lines:
        fields = json.loads(line.split(" ", 2)[2])
        found[fields["url"]] = warc[int(fields["offset"]) : int(fields["offset"]) + int(fields["length"])]
    assert found == {one.url: one.member for one in entries}


def test_pages_are_those_with_a_title():
    pages = [json.loads(line) for line in written(entry(1, "One – a"), entry(2)).read("pages/pages.jsonl").decode().splitlines()]
    assert pages[0] == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": False}
    assert [(one["url"], one["ts"], one["title"]) for one in pages[1:]] == [
        ("https://x.example/Page?b=1&A=1", "2024-07-17T12:00:00Z", "One – a"),
    ]


@pytest.mark.parametrize("size", [1000, 5_000_000_000])
def test_the_same_records_give_the_same_bytes(size: int):
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        write_wacz(out, HEAD, [entry(1, "One"), entry(2)], size, PACKAGE)
    assert first.getvalue() == second.getvalue()
    assert {one.date_time for one in zipfile.ZipFile(first).infolist()} == {(2026, 1, 2, 3, 4, 6)}


# As the library surt has them, which other tools use.
@pytest.mark.parametrize(("url", "key"), [
    ("https://moderngov.Thornmere.example/ieListDocuments.aspx?CId=1&MId=3171&Ver=4",
     "example,thornmere,moderngov)/ielistdocuments.aspx?cid=1&mid=3171&ver=4"),
    ("http://www.x.example:80/A b/c?B=2&a=1#f", "example,x)/a%20b/c?a=1&b=2"),
    ("http://x.example:8080/", "example,x:8080)/"),
    ("file:///sample/a b.html", "file:/sample/a%20b.html"),
    ("urn:sha256:abc", "urn:sha256:abc"),
    ("https://x.example/documents/s9/A%20B,c.pdf?J=1", "example,x)/documents/s9/a%20b,c.pdf?j=1"),
    ("https://x.example", "example,x)/"),
    ("http://x.example/a/?", "example,x)/a"),
    ("http://x.example/mgWhatsNew.aspx?DR=02%2F11%2F2026-05%2f11", "example,x)/mgwhatsnew.aspx?dr=02/11/2026-05/11"),
    ("http://x.example/s1/A%20%26%20B%E2%80%99s%20%23.pdf?T=1", "example,x)/s1/a%20&%20b%e2%80%99s%20%23.pdf?t=1"),
    ("http://x.example/x?url=http%3A%2F%2Fb%3Fc%3Dd%26e", "example,x)/x?e&url=http://b?c=d"),
    ("http://x.example//x/../y/./z%2525", "example,x)/y/z%25"),
])
def test_urls_sort_as_in_other_indexes(url: str, key: str):
    assert url_key(url) == key


@given(st.text(max_size=60))
def test_a_key_is_one_word(url: str):
    for one in (url, f"https://x.example/{url}", f"https://{url}/"):
        assert len(url_key(one).split()) <= 1
