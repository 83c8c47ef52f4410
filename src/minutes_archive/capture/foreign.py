"""Other people's WARC files: what they hold of pages and documents (ISO 28500, any writer's)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from minutes_archive.capture.warc import MAX_CONTENT
from minutes_archive.errors import CaptureError


def read_foreign(path: Path) -> Iterator[tuple[str | None, str, bytes]]:
    """The address, media type and body of each page or document in a WARC file, in file order.

    Requests, metadata, redirects and error answers are passed over. Raises ``CaptureError`` where the file is
    damaged, after what stands before the damage was given out.
    """
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type in {"response", "resource"} and _is_answer(record):
                    content = record.content_stream().read(MAX_CONTENT + 1)
                    if content and len(content) <= MAX_CONTENT:
                        url = record.rec_headers.get_header("WARC-Target-URI") or ""
                        yield (url if url.lower().startswith("http") else None), _media_type(record), content
    except (ArchiveLoadFailed, ValueError, EOFError) as error:
        raise CaptureError(f"is damaged from here on ({error}); what stands before was loaded") from error


def _is_answer(record: ArcWarcRecord) -> bool:
    return record.http_headers is None or record.http_headers.get_statuscode() == "200"


def _media_type(record: ArcWarcRecord) -> str:
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").strip()
