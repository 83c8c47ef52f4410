"""Other people's WARC files: what they hold of pages and documents (ISO 28500, any writer's).

A record that is damaged or cut off costs only itself, as far as its bytes allow: reading goes on where the next gzip
member begins that holds a record. A plain file has no such marks, and is read up to the damage.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from minutes_archive.access import Audience, understood
from minutes_archive.capture.members import Inflating, UnreadableError, find_beginnings
from minutes_archive.capture.payload import read_at_most, unchunked, unpacked
from minutes_archive.capture.warc import MAX_BODY, MAX_CONTENT
from minutes_archive.errors import CaptureError
from minutes_archive.model import Problem

_GZIP = b"\x1f\x8b\x08"
_RECORD = b"WARC/"
_BLOCK = 64 * 1024
_MAX_MEMBER = 1 << 40  # some tools put all records into one member; only one body at a time is held
# A body over MAX_BODY is taken where the file itself is about as large: packs of reports are, and don't pack further.
_MAX_RATIO = 4
_MAX_LINE = 64 * 1024
_UNREADABLE = (ArchiveLoadFailed, StatusAndHeadersParserException, UnreadableError, ValueError, EOFError, AttributeError)


@dataclass(frozen=True)
class ForeignRecord:
    """A page or document: its address (None where it has none on the web), media type and body.

    ``own`` tells that an archive of ours wrote it, ``officer`` that it was for officers there.
    """

    url: str | None
    media_type: str
    content: bytes
    own: bool = False
    officer: bool = False


@dataclass
class _Passed:
    """What was passed over, and the payloads that were read: a revisit of one of those says nothing new.

    ``said`` tells that the present record was said to be cut off or damaged; ``unsaid`` counts the damages of which nothing was.
    """

    records: int = 0
    damages: int = 0
    said: bool = False
    unsaid: int = 0
    answers: int = 0
    digests: set[str] = field(default_factory=set)
    revisits: set[str] = field(default_factory=set)

    def problems(self, where: str) -> Iterator[Problem]:
        """What has to be said at the end of the file."""
        if self.unsaid:
            yield Problem("damaged_warc", "warning", where, (
                f"it is damaged or cut off, at {self.unsaid} place(s) in it; what could be read of it was loaded"
            ))
        if self.answers:
            yield Problem("passed_over", "info", where, f"{self.answers} redirects or error answers in it were passed over")
        if elsewhere := len(self.revisits - self.digests):
            yield Problem("revisit_elsewhere", "info", where, (
                f"{elsewhere} pages in it were as other files have them (revisit records); load those files, too"
            ))


def read_foreign(source: Path | BinaryIO, name: str) -> Iterator[ForeignRecord | Problem]:
    """Each page or document in a WARC file called ``name``, in file order, and a problem for each that is not whole.

    Requests and metadata are passed over; damages, error answers and revisits are counted in problems at the end. Raises
    ``CaptureError`` where there is no record in it at all, or the disk refuses.
    """
    passed = _Passed()
    with contextlib.ExitStack() as files:
        try:
            stream = files.enter_context(source.open("rb")) if isinstance(source, Path) else source
            most = max(MAX_BODY, min(MAX_CONTENT, _MAX_RATIO * stream.seek(0, io.SEEK_END)))
            for record in _records(stream, passed):
                passed.records += 1
                if (found := _read(record, name, passed, most)) is not None:
                    yield found
        except OSError as error:
            raise CaptureError(f"can't be read ({error}); what stands before that was loaded") from error
    if not passed.records and passed.damages:
        raise CaptureError("is no WARC file, or damaged from its beginning; nothing of it was loaded")
    yield from passed.problems(name)


def _records(stream: BinaryIO, passed: _Passed) -> Iterator[ArcWarcRecord]:
    """The records of a WARC file, each to be read before the next is asked for; damages are counted."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if stream.read(len(_GZIP)) != _GZIP:
        stream.seek(0)
        yield from _sound(io.BufferedReader(stream, _BLOCK) if isinstance(stream, io.RawIOBase) else stream, passed)
        return
    at: int | None = 0
    while at is not None and at < end:
        stream.seek(at)
        member = Inflating(stream, end - at, _MAX_MEMBER)
        damages = passed.damages
        with io.BufferedReader(member, _BLOCK) as text:
            yield from _sound(text, passed)
        at = at + member.length if passed.damages == damages else _next_beginning(stream, at + 1)


def _sound(text: BinaryIO, passed: _Passed) -> Iterator[ArcWarcRecord]:
    """The records of one stretch up to its end, or to a damage, which is counted."""
    try:
        while (first := _first_line(text)) is not None:
            record: ArcWarcRecord = ArcWarcRecordLoader(verify_http=False, arc2warc=False).parse_record_stream(
                text, statusline=first, known_format="warc", check_digests=True
            )
            passed.said = False
            yield record
            while record.raw_stream.read(_BLOCK):
                pass
            if getattr(record.raw_stream, "limit", 0):
                raise EOFError
            passed.said = False
    except _UNREADABLE:
        passed.damages += 1
        passed.unsaid += not passed.said
        passed.said = False


def _first_line(text: BinaryIO) -> str | None:
    """The next line that is not blank; None at the end."""
    while line := text.readline(_MAX_LINE):
        if line.strip():
            return line.decode("latin-1")
    return None


def _next_beginning(stream: BinaryIO, start: int) -> int | None:
    """Where the next member begins that holds a record; None where none does."""
    for offset in find_beginnings(stream, start, _GZIP):
        stream.seek(offset)
        with contextlib.suppress(UnreadableError), io.BufferedReader(Inflating(stream, _BLOCK, _BLOCK * 1024), _BLOCK) as text:
            if text.read(len(_RECORD)) == _RECORD:
                return offset
    return None


def _read(record: ArcWarcRecord, where: str, passed: _Passed, most: int) -> ForeignRecord | Problem | None:
    """What a record holds, of at most ``most`` bytes; None where it is no page and no document."""
    fields = record.rec_headers
    payload = fields.get_header("WARC-Payload-Digest") or ""
    if record.rec_type == "revisit":
        passed.revisits.add(payload or fields.get_header("WARC-Refers-To") or "")
    if record.rec_type not in {"response", "resource"}:
        return None
    if record.rec_type == "response" and (record.http_headers is None or record.http_headers.get_statuscode() != "200"):
        passed.answers += 1
        return None
    passed.digests |= {payload, fields.get_header("WARC-Record-ID") or ""}
    url = fields.get_header("WARC-Target-URI") or ""
    try:
        content = _content(record, most)
    except UnreadableError as error:
        passed.said = True
        return Problem("cut_short" if error.torn else "unreadable", "warning", where, f"{url}: {error}; it was left out")
    audience = fields.get_header("Minutes-Audience")
    return ForeignRecord(
        url if url.lower().startswith("http") else None, _media_type(record), content, own=audience is not None,
        officer=audience is not None and understood(audience) is Audience.OFFICER,
    )


def _content(record: ArcWarcRecord, most: int) -> bytes:
    """The whole body, unpacked. Raises ``UnreadableError`` where it is not whole, too large, or not what was written."""
    body = read_at_most(record.raw_stream, most)
    # What the record announced and the file does not hold: a body cut short is never taken as whole.
    if getattr(record.raw_stream, "limit", 0) or record.rec_headers.get_header("WARC-Truncated"):
        raise UnreadableError("its body is cut short", torn=True)
    http = record.http_headers
    content = body
    if http is not None:
        if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
            body = unchunked(body)
        elif not http.get_header("Content-Encoding") and len(body) < _announced(http.get_header("Content-Length")):
            raise UnreadableError("its body is cut short", torn=True)
        content = unpacked(body, (http.get_header("Content-Encoding") or "").split(","), most)
    _check_digests(record, (body, content))
    return content


def _announced(length: str | None) -> int:
    told = (length or "").strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0


def _check_digests(record: ArcWarcRecord, bodies: tuple[bytes, bytes]) -> None:
    """Raises ``UnreadableError`` where the digest of the record, or of the body in every form there is, does not fit."""
    checker = record.digest_checker
    failed = list(checker.problems) if checker is not None and checker.passed is False else []
    if any(problem.startswith("block digest failed") for problem in failed):
        raise UnreadableError("does not have the digest that it was written with")
    # Some tools take the digest of the body behind chunked transfer, others of the unpacked one.
    if any(problem.startswith("payload digest failed") for problem in failed):
        told = record.rec_headers.get_header("WARC-Payload-Digest") or ""
        if not any(_has_digest(body, told) for body in bodies):
            raise UnreadableError("does not have the digest that it was written with")


def _has_digest(body: bytes, told: str) -> bool:
    algorithm, _, value = told.partition(":")
    try:
        digest = hashlib.new(algorithm.lower().replace("-", ""), body, usedforsecurity=False).digest()
    except (ValueError, TypeError):
        return False
    return value.rstrip("=").upper() in {base64.b32encode(digest).decode().rstrip("="), digest.hex().upper()}


def _media_type(record: ArcWarcRecord) -> str:
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").strip()
