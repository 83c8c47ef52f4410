"""WARC: captures and later words on them as records of a WARC file. With ``foreign`` the only importer of warcio.

warcio writes and parses the records; the gzip members around them are ours (``members``), and so is
what the records say (``fields``).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordbuilder import RecordBuilder
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from minutes_archive.capture.fields import (
    Restatement,
    Sighting,
    digest_field,
    read_capture,
    read_sighting,
    read_word,
    target_uri,
    timestamp,
    warc_type,
    write_absence,
    write_answer,
    write_capture,
    write_sighting,
    write_word,
)
from minutes_archive.capture.members import Deflating, Inflating, Place, UnreadableError, find_beginnings, hash_stretch
from minutes_archive.durable import sync_folder
from minutes_archive.errors import CaptureError
from minutes_archive.model import Capture, Exchange

SUFFIX = ".warc.gz"
# A file that was loaded by itself may be so large; of what stands packed in another file nothing is unpacked beyond a body.
MAX_CONTENT = 512 * 1024 * 1024
MAX_BODY = 64 * 1024 * 1024
_MAX_RECORD = MAX_CONTENT + 1024 * 1024  # the content and its header fields
_MAX_HEAD = 512 * 1024
# The types of the records that hold a capture.
CAPTURED = frozenset({"resource", "response"})
_BLOCK = 64 * 1024
_SOFTWARE = "minutes-archive"
_RESPONSE, _REQUEST = "application/http; msgtype=response", "application/http; msgtype=request"
# ISO 28500, 6.7: why nothing is stored again.
_IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
_UNCHANGED = 304
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Record:
    """A WARC record as read: where it stands, its WARC type, and what it says."""

    place: Place
    kind: str
    capture: Capture | None = None
    restatement: Restatement | None = None
    sighting: Sighting | None = None

    @property
    def said(self) -> Capture | Restatement | Sighting | None:
        """What the record says of a capture."""
        return self.capture or self.restatement or self.sighting


@dataclass(frozen=True)
class Gap:
    """Bytes of which no record can be read. ``torn`` where they are the end of a file and merely stop too soon."""

    place: Place
    torn: bool


class WarcFile:
    """A new WARC file in ``folder``, open for one run; ``first`` is the sequence number that it begins with.

    Every record is whole, or cut off again.
    """

    def __init__(self, folder: Path, started: dt.datetime, first: int) -> None:
        stamp = started.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S")
        self._started = started
        self._path, self._stream = _new_file(folder, f"{stamp}-{first:06d}")
        self._named = False
        self.size = 0

    @property
    def name(self) -> str:
        """The file's name in its folder."""
        return self._path.name

    def describe(self) -> Place:
        """Write the ``warcinfo`` record that comes first."""
        fields = {"WARC-Filename": self.name, "WARC-Date": timestamp(self._started)}
        content = f"software: {_SOFTWARE}\r\nformat: WARC File Format 1.0\r\n".encode()
        return self._write("warcinfo", "", fields, "application/warc-fields", content)

    def keep(self, capture: Capture, content: bytes) -> Place:
        """Write ``content`` as the ``resource`` record of ``capture``."""
        fields = write_capture(capture)
        return self._write("resource", target_uri(capture), fields, warc_type(capture.media_type), content)

    def answer(self, capture: Capture, exchange: Exchange) -> tuple[Place, Place]:
        """Write the ``response`` record of ``capture``, and the ``request`` record behind it; their places."""
        fields = write_answer(capture, exchange)
        uri = target_uri(replace(capture, url=exchange.url))
        place = self._write("response", uri, fields, _RESPONSE, exchange.head, exchange.content)
        return place, self._ask(uri, fields, exchange)

    def sight(self, capture: Capture, seen: Sighting, exchange: Exchange) -> tuple[Place, Place]:
        """Write that the page of ``capture`` was seen again (``revisit``) or is gone (``metadata``), and the request."""
        fields = write_sighting(capture, seen, timestamp(exchange.fetched_at))
        uri = target_uri(replace(capture, url=exchange.url))
        if seen.gone_at:
            place = self._write("metadata", uri, fields, "application/json", write_absence(seen.gone_at, exchange.status))
        else:
            unchanged = exchange.status == _UNCHANGED
            fields["WARC-Profile"] = _NOT_MODIFIED if unchanged else _IDENTICAL
            fields["WARC-Payload-Digest"] = digest_field(bytes.fromhex(capture.sha256))
            # Of a 304 no HTTP fields: replay tools would answer 304 to a reader who has nothing yet.
            place = self._write("revisit", uri, fields, _RESPONSE, b"" if unchanged else exchange.head)
        return place, self._ask(uri, fields, exchange)

    def _ask(self, uri: str, answer: dict[str, str], exchange: Exchange) -> Place:
        to = {"WARC-Concurrent-To": answer["WARC-Record-ID"]} if "WARC-Record-ID" in answer else {}
        fields = {"WARC-Date": timestamp(exchange.fetched_at), **to}
        return self._write("request", uri, fields, _REQUEST, exchange.request)

    def restate(self, capture: Capture, sequence: int, now: dt.datetime) -> Place:
        """Write a ``metadata`` record: ``capture`` is now classified as it says."""
        fields, payload = write_word(capture, sequence, now)
        return self._write("metadata", target_uri(capture), fields, "application/json", payload)

    def cut_back(self, size: int) -> None:
        """Take off again what stands behind ``size``, as far as the disk allows."""
        self.size = size
        with contextlib.suppress(OSError):
            self._stream.truncate(size)
            self._stream.seek(size)

    def sync(self) -> None:
        """Have the system put on the disk all that was written."""
        os.fsync(self._stream.fileno())
        if not self._named:
            sync_folder(self._path.parent)
            self._named = True

    def close(self) -> None:
        """Close the file; an empty one is taken away."""
        self._stream.close()
        if not self.size:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _write(
        self, kind: str, uri: str, fields: dict[str, str], media_type: str, content: bytes, body: bytes = b""
    ) -> Place:
        """Write one record; its block is ``content`` and, of an answer, the ``body`` behind the HTTP fields."""
        whole = hashlib.sha256(content)
        whole.update(body)
        fields["WARC-Block-Digest"] = digest_field(whole.digest())
        # The payload is what stands behind the HTTP fields: of a request, nothing.
        behind = kind in {"response", "request"}
        payload = digest_field(hashlib.sha256(body).digest()) if behind else fields["WARC-Block-Digest"]
        fields.setdefault("WARC-Payload-Digest", payload)
        # warcio would parse the HTTP fields and write them its own way: the block stays as it was sent.
        header = RecordBuilder().create_warc_record(uri, kind, warc_headers_dict=fields).rec_headers
        header.replace_header("Content-Type", media_type)
        header.replace_header("Content-Length", str(len(content) + len(body)))
        member = Deflating(self._stream)
        for part in (header.to_bytes(encoding="utf-8"), content, body, _END):
            member.write(part)
        place = Place(self.name, self.size, 0, member.finish())
        self.size += member.length
        return Place(place.file, place.offset, member.length, place.digest)


def _new_file(folder: Path, stem: str) -> tuple[Path, BinaryIO]:
    """A file that was not there. The random part keeps apart what a killed run left with the same stem."""
    while True:
        path = folder / f"{stem}-{secrets.token_hex(4)}{SUFFIX}"
        with contextlib.suppress(FileExistsError):
            return path, path.open("xb", buffering=0)


def read_record(
    stream: BinaryIO, file: str, offset: int, length: int | None = None, sink: Callable[[bytes], object] | None = None
) -> Record:
    """The record whose member begins at ``offset``, over at most ``length`` raw bytes; its content goes to ``sink``.

    Digests and CRC are checked on the way. Raises ``UnreadableError`` where there is no whole, sound record.
    """
    stream.seek(0, io.SEEK_END)
    rest = max(0, stream.tell() - offset)
    stream.seek(offset)
    member = Inflating(stream, rest if length is None else min(rest, length), _MAX_RECORD)
    with io.BufferedReader(member, _BLOCK) as text:
        kind, fields, content, block, payload = _parse(text, sink)
    place = Place(file, offset, member.length, member.digest)
    if fields.get("warc-block-digest") != digest_field(block):
        raise UnreadableError("the record's content does not have its SHA-256")
    sha256 = fields.get("minutes-sha256", "")
    if kind in CAPTURED and sha256:
        if sha256 != payload.sha256:
            raise UnreadableError("the record's content does not have its SHA-256")
        return Record(place, kind, capture=read_capture(fields, payload.size))
    if kind == "revisit" and sha256:
        return Record(place, kind, sighting=read_sighting(fields))
    if kind == "metadata" and sha256:
        word = read_word(fields, content)
        if isinstance(word, Sighting):
            return Record(place, kind, sighting=word)
        return Record(place, kind, restatement=word)
    return Record(place, kind)


def read_content(path: Path, place: Place) -> bytes:
    """The content of the record at ``place``. Raises ``CaptureError`` where it is gone or damaged."""
    parts: list[bytes] = []
    try:
        with path.open("rb") as stream:
            read_record(stream, place.file, place.offset, place.length, parts.append)
    except FileNotFoundError as error:
        raise CaptureError(f"{path} is gone; restore it from a backup, `minutes check` tells what it held") from error
    except UnreadableError as error:
        raise CaptureError(
            f"{path} is damaged at byte {place.offset} ({error}); `minutes check` tells what it held, "
            "restore the file from a backup or add the page again"
        ) from error
    return b"".join(parts)


def is_readable(path: Path, place: Place) -> bool:
    """Whether the record at ``place`` is there and sound. Raises ``OSError`` where the disk refuses to tell."""
    try:
        with path.open("rb") as stream:
            read_record(stream, place.file, place.offset, place.length)
    except (FileNotFoundError, UnreadableError):
        return False
    return True


def warc_files(folder: Path) -> list[Path]:
    """The WARC files of ``folder``, by name: the oldest run first."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file())


def scan(path: Path, start: int = 0) -> Iterator[Record | Gap]:
    """All of the file from ``start`` on, in order: records, and between them what can't be read."""
    with path.open("rb") as stream:
        end = path.stat().st_size
        offset = start
        while offset < end:
            try:
                record = read_record(stream, path.name, offset)
            except UnreadableError as error:
                following = _next_record(stream, path.name, offset + 1, end)
                digest = hash_stretch(stream, offset, following - offset)
                yield Gap(Place(path.name, offset, following - offset, digest), error.torn and following == end)
                offset = following
            else:
                yield record
                offset = record.place.end


def _next_record(stream: BinaryIO, file: str, start: int, end: int) -> int:
    for offset in find_beginnings(stream, start):
        with contextlib.suppress(UnreadableError):
            read_record(stream, file, offset)
            return offset
    return end


class _Payload:
    """What a record is about: its block, or, where ``in_answer``, what stands in that behind the HTTP fields."""

    def __init__(self, in_answer: bool, sink: Callable[[bytes], object] | None) -> None:
        self._head: bytes | None = b"" if in_answer else None
        self._sink = sink
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """SHA-256 of what was taken so far, as hexadecimal digits."""
        return self._hash.hexdigest()

    def take(self, block: bytes) -> None:
        """Take the next bytes of the record's block."""
        if self._head is not None:
            self._head += block
            _, end, block = self._head.partition(_END)
            if not end:
                if len(self._head) > _MAX_HEAD:
                    raise UnreadableError("the answer in the record has no end of its HTTP fields")
                return
            self._head = None
        self._hash.update(block)
        self.size += len(block)
        if self._sink and block:
            self._sink(block)


def _parse(
    text: io.BufferedReader[Inflating], sink: Callable[[bytes], object] | None
) -> tuple[str, dict[str, str], bytes, bytes, _Payload]:
    """Type, fields (names in lower case), the content where it is metadata, SHA-256 of it, payload; reads the member out."""
    try:
        record: ArcWarcRecord = ArcWarcRecordLoader().parse_record_stream(
            text, known_format="warc", no_record_parse=True
        )
    except (ArchiveLoadFailed, EOFError) as error:
        raise UnreadableError(f"no WARC record ({error or 'empty'})") from error
    kind = str(record.rec_type)
    fields = {str(name).lower(): str(value) for name, value in record.rec_headers.headers}
    if not fields.get("content-length", "").isdecimal():
        raise UnreadableError("the record has no length")
    digest = hashlib.sha256()
    payload = _Payload(kind == "response", sink)
    parts: list[bytes] = []
    while block := record.raw_stream.read(_BLOCK):
        digest.update(block)
        if kind == "metadata":
            parts.append(block)
        payload.take(block)
    if text.read(5) != _END:
        raise UnreadableError("the record does not end where its length says")
    return kind, fields, b"".join(parts), digest.digest(), payload
