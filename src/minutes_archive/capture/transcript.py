"""Transcript: a capture's WARC record written anew for others, without what only this archive's own readers need.

The record's block (the bytes, or the answer with its HTTP fields) stays as it is; so do its type, URI, date and digests.
Numbers that would tell how much else the archive holds go, and ids are made of what is told.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

from minutes_archive.capture.members import Deflating, Inflating, Place
from minutes_archive.capture.warc import MAX_CONTENT, is_readable
from minutes_archive.errors import CaptureError
from minutes_archive.model import Capture

_MAX_RECORD = MAX_CONTENT + 1024 * 1024
_BLOCK = 64 * 1024
# What leaves of a record's own fields; the rest tells of this archive, or points at records that do not leave.
_KEPT = ("WARC-Target-URI", "WARC-Date", "WARC-Block-Digest", "WARC-Payload-Digest", "WARC-Truncated", "Content-Type")
# What a loaded file's name says of its type, where nothing else does: without one, no tool would show it.
_TYPES = {
    ".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".md": "text/markdown", ".xml": "text/xml",
    ".pdf": "application/pdf", ".jsonl": "application/x-ndjson", ".rtf": "application/rtf", ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# How ``minutes add`` knows what was for officers in another archive.
_AUDIENCE = "Minutes-Audience"


@dataclass(frozen=True)
class Transcript:
    """A record as it leaves: its gzip member, and what an index of WARC files says of it. ``status`` is HTTP's."""

    member: bytes
    url: str
    date: str
    media_type: str
    status: str
    digest: str


def transcribe(folder: Path, place: Place, capture: Capture, *, with_audience: bool) -> Transcript:
    """The record of ``capture``, which stands at ``place`` in ``folder``; ``with_audience`` says in it for whom it is.

    Raises ``CaptureError`` where the record is damaged or gone.
    """
    path = folder / place.file
    if not is_readable(path, place):
        raise CaptureError(f"{path} is damaged or gone at byte {place.offset}; `minutes check` tells what it held")
    with path.open("rb") as stream:
        stream.seek(place.offset)
        with io.BufferedReader(Inflating(stream, place.length, _MAX_RECORD), _BLOCK) as text:
            record = ArcWarcRecordLoader().parse_record_stream(text, known_format="warc", no_record_parse=True)
            told = {name: value for name in _KEPT if (value := record.rec_headers.get_header(name)) is not None}
            block = record.raw_stream.read()
    kind = str(record.rec_type)
    if kind == "resource" and not capture.media_type:
        told["Content-Type"] = _TYPES.get(PurePosixPath(capture.path or "").suffix.lower(), told["Content-Type"])
    if with_audience:
        told[_AUDIENCE] = capture.audience.value
    name = "/".join([kind, told.get("WARC-Target-URI", ""), told.get("WARC-Date", ""), told.get("WARC-Block-Digest", "")])
    fields = [("WARC-Type", kind), ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>")]
    status, media_type = _answered(block) if kind == "response" else ("200", told.get("Content-Type", ""))
    return Transcript(
        _member([*fields, *told.items()], block), told.get("WARC-Target-URI", ""), told.get("WARC-Date", ""),
        media_type.partition(";")[0].strip(), status, told.get("WARC-Payload-Digest", ""),
    )


def title_page(software: str, description: str, date: str) -> bytes:
    """The ``warcinfo`` member that a file of transcripts begins with; ``date`` is ISO, UTC."""
    block = f"software: {software}\r\nformat: WARC File Format 1.0\r\ndescription: {description}\r\n".encode()
    fields = [
        ("WARC-Type", "warcinfo"), ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{date} {description}')}>"),
        ("WARC-Date", date), ("Content-Type", "application/warc-fields"),
    ]
    return _member(fields, block)


def _member(fields: list[tuple[str, str]], block: bytes) -> bytes:
    head = StatusAndHeaders("", [*fields, ("Content-Length", str(len(block)))], protocol="WARC/1.0")
    out = io.BytesIO()
    member = Deflating(out)
    for part in (head.to_bytes(encoding="utf-8"), block, b"\r\n\r\n"):
        member.write(part)
    member.finish()
    return out.getvalue()


def _answered(block: bytes) -> tuple[str, str]:
    """Status and media type of an HTTP answer."""
    head, _, _ = block[:_BLOCK].partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    media_type = next((line.partition(":")[2] for line in lines if line.lower().startswith("content-type:")), "")
    return [*first.split(), "", ""][1], media_type
