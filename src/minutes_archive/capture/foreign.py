"""Other people's WARC files: what they hold of pages and documents (ISO 28500, any writer's)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from minutes_archive.access import Audience, understood
from minutes_archive.capture.warc import MAX_CONTENT
from minutes_archive.errors import CaptureError
from minutes_archive.model import Problem


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


def read_foreign(path: Path) -> Iterator[ForeignRecord | Problem]:
    """Each page or document in a WARC file, in file order, and a problem for each that is not whole.

    Requests and metadata are passed over; error answers and redirects are counted in one problem at the end. Raises
    ``CaptureError`` where the file is damaged, after what stands before the damage was given out.
    """
    passed_over = 0
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                if record.rec_type not in {"response", "resource"}:
                    continue
                if not _is_answer(record):
                    passed_over += 1
                    continue
                yield _read(record, path.name)
    except (ArchiveLoadFailed, ValueError, EOFError, OSError) as error:
        raise CaptureError("is a damaged WARC file; what stands before the damage was loaded") from error
    if passed_over:
        yield Problem("passed_over", "info", path.name, f"{passed_over} redirects or error answers in it were passed over")


def _read(record: ArcWarcRecord, where: str) -> ForeignRecord | Problem:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    content = record.content_stream().read(MAX_CONTENT + 1)
    if len(content) > MAX_CONTENT:
        return Problem("too_large", "warning", where, f"{url} is larger than {MAX_CONTENT // 1_048_576} MB; it was left out")
    # What the record announced and the file does not hold: a body cut short is never taken as whole.
    missing = getattr(record.raw_stream, "limit", 0)
    digest = record.digest_checker
    if missing or (digest is not None and digest.passed is False):
        return Problem("cut_short", "warning", where, f"{url} is cut short or damaged in the WARC file; it was left out")
    audience = record.rec_headers.get_header("Minutes-Audience")
    return ForeignRecord(
        url if url.lower().startswith("http") else None, _media_type(record), content, own=audience is not None,
        officer=audience is not None and understood(audience) is Audience.OFFICER,
    )


def _is_answer(record: ArcWarcRecord) -> bool:
    if record.rec_type == "resource":
        return True
    return record.http_headers is not None and record.http_headers.get_statuscode() == "200"


def _media_type(record: ArcWarcRecord) -> str:
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").strip()
