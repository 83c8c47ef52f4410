"""Other people's WARC files: every form of body, revisits, and damage that costs only what it hits."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import zlib
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from minutes_archive.capture.foreign import ForeignRecord, read_foreign
from minutes_archive.errors import CaptureError
from minutes_archive.model import Problem

PAGES = [f"<h1>Agenda and minutes {number}</h1>".encode() * 50 for number in range(4)]


def record(url: str, body: bytes, *fields: tuple[str, str], kind: str = "response", status: str = "200 OK", **warc: str) -> bytes:
    """A record as warcio writes it for others, a gzip member of its own."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    http = None if kind == "resource" else StatusAndHeaders(status, [("Content-Type", "text/html"), *fields], protocol="HTTP/1.1")
    headers = {name.replace("_", "-"): value for name, value in warc.items()}
    writer.write_record(writer.create_warc_record(
        url, kind, payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=headers,
        warc_content_type="text/html" if kind == "resource" else "",
    ))
    return out.getvalue()


def members() -> list[bytes]:
    return [record(f"https://x.example/{number}", page) for number, page in enumerate(PAGES)]


def read(content: bytes) -> tuple[list[bytes], list[str]]:
    """The bodies in a WARC file, and the codes of what was said of it."""
    found = list(read_foreign(io.BytesIO(content), "some.warc.gz"))
    bodies = [one.content for one in found if isinstance(one, ForeignRecord)]
    return bodies, [one.code for one in found if isinstance(one, Problem)]


def sha1(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


CHUNKED = b"64\r\n" + PAGES[0][:100] + b"\r\n%x\r\n" % len(PAGES[0][100:]) + PAGES[0][100:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(("body", "fields"), [
    (PAGES[0], ()),
    (gzip.compress(PAGES[0]), (("Content-Encoding", "gzip"),)),
    (zlib.compress(PAGES[0]), (("Content-Encoding", "deflate"),)),
    (CHUNKED, (("Transfer-Encoding", "chunked"),)),
    (PAGES[0], (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))),
    (b"%x\r\n" % len(gzip.compress(PAGES[0], mtime=0)) + gzip.compress(PAGES[0], mtime=0) + b"\r\n0\r\n\r\n",
     (("Transfer-Encoding", "Chunked"), ("Content-Encoding", "gzip"))),
    (PAGES[0], (("Content-Encoding", "gzip"), ("Content-Length", "99999"))),
])
def test_a_body_is_read_whatever_its_form(body: bytes, fields: tuple[tuple[str, str], ...]):
    assert read(record("https://x.example/", body, *fields)) == ([PAGES[0]], [])


@pytest.mark.parametrize(("body", "fields", "kind"), [
    (gzip.compress(bytes(9_000)), (("Content-Encoding", "gzip"),), "response"), (bytes(9_000), (), "response"),
    (bytes(9_000), (), "resource"),
])
def test_a_body_is_unpacked_only_up_to_what_a_body_may_have(
    monkeypatch: pytest.MonkeyPatch, body: bytes, fields: tuple[tuple[str, str], ...], kind: str
):
    monkeypatch.setattr("minutes_archive.capture.foreign.MAX_BODY", 8_000)
    bomb = record("https://x.example/", body, *fields, kind=kind)
    first, said, last = read_foreign(io.BytesIO(members()[0] + bomb + members()[1]), "some.warc.gz")
    assert isinstance(said, Problem)
    assert said.message == "https://x.example/: unpacks to more than 0 MB (load it as a file of its own); it was left out"
    assert [one.content for one in (first, last) if isinstance(one, ForeignRecord)] == PAGES[:2]


def test_a_body_as_large_as_its_file_is_no_bomb(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("minutes_archive.capture.foreign.MAX_BODY", 8_000)
    body = random.Random(1).randbytes(20_000)
    assert read(record("https://x.example/pack.pdf", body, kind="resource")) == ([body], [])


def test_a_resource_is_read(tmp_path: Path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record("file:///page.html", PAGES[0], kind="resource"))
    (found,) = read_foreign(path, path.name)
    assert found == ForeignRecord(None, "text/html", PAGES[0])


@pytest.mark.parametrize("digest", [sha1(CHUNKED), sha1(PAGES[0]), "sha1:" + hashlib.sha1(PAGES[0]).hexdigest()])
def test_a_digest_of_the_body_in_any_form_will_do(digest: str):
    content = record("https://x.example/", CHUNKED, ("Transfer-Encoding", "chunked"), WARC_Payload_Digest=digest)
    assert read(content) == ([PAGES[0]], [])


@pytest.mark.parametrize(("body", "fields", "warc"), [
    (gzip.compress(PAGES[0])[:-9], (("Content-Encoding", "gzip"),), {}),
    (CHUNKED[:-30], (("Transfer-Encoding", "chunked"),), {}),
    (PAGES[0], (("Content-Length", str(len(PAGES[0]) + 1)),), {}),
    (PAGES[0], (), {"WARC_Truncated": "length"}),
    (PAGES[0], (), {"WARC_Payload_Digest": sha1(PAGES[1])}),
    (PAGES[0], (("Content-Encoding", "zstd"),), {}),
])
def test_a_body_that_is_not_whole_is_left_out_and_said(body: bytes, fields: tuple[tuple[str, str], ...], warc: dict[str, str]):
    bodies, said = read(record("https://x.example/", body, *fields, **warc) + members()[1])
    assert bodies == [PAGES[1]]
    assert len(said) == 1


def test_revisits_of_what_is_in_the_file_say_nothing_new():
    first = record("https://x.example/0", PAGES[0], WARC_Payload_Digest=sha1(PAGES[0]))
    again = record("https://x.example/0", b"", kind="revisit", WARC_Payload_Digest=sha1(PAGES[0]))
    assert read(first + again) == ([PAGES[0]], [])


def test_revisits_of_what_is_elsewhere_are_said():
    again = record("https://x.example/1", b"", kind="revisit", WARC_Payload_Digest=sha1(PAGES[1]))
    assert read(members()[0] + again) == ([PAGES[0]], ["revisit_elsewhere"])


def test_error_answers_and_redirects_are_counted():
    gone = record("https://x.example/9", b"gone", status="404 Not Found") + record("https://x.example/8", b"", status="302 Found")
    assert read(gone + members()[0]) == ([PAGES[0]], ["passed_over"])


@pytest.mark.parametrize("hit", range(4))
def test_a_damaged_member_costs_only_itself(hit: int):
    parts = members()
    for at in (0, 1, 12, len(parts[hit]) // 2, len(parts[hit]) - 6):
        damaged = bytearray(parts[hit])
        damaged[at] ^= 0x21
        if hit == 0 and at < 2:
            continue  # then it looks like no gzip file at all
        bodies, said = read(b"".join([*parts[:hit], bytes(damaged), *parts[hit + 1:]]))
        assert bodies == [page for number, page in enumerate(PAGES) if number != hit], at
        assert len(said) == 1, at


def test_a_file_cut_off_anywhere_gives_all_that_is_whole_and_says_so():
    parts = members()
    whole = b"".join(parts)
    ends = [sum(map(len, parts[:number])) for number in range(1, 5)]
    for size in range(len(parts[0]), len(whole)):
        bodies, said = read(whole[:size])
        # A body whose own digest holds is whole, though its member's last bytes are missing.
        complete = sum(end <= size for end in ends)
        assert bodies in (PAGES[:complete], PAGES[: complete + 1])
        assert len(said) == (size not in ends), size


@pytest.mark.parametrize("between", [b"garbage" * 9, bytes(100), gzip.compress(b"no record"), members()[2][:200]])
def test_what_is_no_record_between_records_is_passed_over(between: bytes):
    parts = members()
    bodies, said = read(parts[0] + between + parts[1])
    assert (bodies, len(said)) == (PAGES[:2], 1)


def test_a_file_that_is_not_packed_or_packed_as_one_is_read():
    plain = b"".join(gzip.decompress(part) for part in members())
    assert read(plain) == (PAGES, [])
    assert read(gzip.compress(plain)) == (PAGES, [])
    bodies, said = read(plain[: len(plain) - 900])
    assert (bodies, len(said)) == (PAGES[:3], 1)


@pytest.mark.parametrize(
    "content", [b"no WARC at all", gzip.compress(b"no WARC"), members()[0][:60]], ids=["text", "packed text", "cut short"]
)
def test_what_is_no_warc_file_is_said(content: bytes):
    with pytest.raises(CaptureError, match="no WARC file"):
        read(content)


def test_an_empty_file_holds_nothing():
    assert read(b"") == ([], [])


def test_many_false_beginnings_take_no_longer_than_they_are_many():
    assert read(members()[0] + b"\x1f\x8b\x08\x00" * 20_000 + members()[1])[0] == PAGES[:2]
