"""Recognition: which format and layout a capture has, by what it shows, never by its file name."""

from __future__ import annotations

import re
from dataclasses import replace

from minutes_archive.model import Reading
from minutes_archive.parse.account import account
from minutes_archive.parse.moderngov.service import PARSER as SERVICE
from minutes_archive.parse.moderngov.service import read_service_answer
from minutes_archive.parse.moderngov.service_xml import is_answer
from minutes_archive.parse.plain.docx import is_docx
from minutes_archive.parse.plain_text import read_text
from minutes_archive.parse.printed import read_docx, read_pdf
from minutes_archive.parse.refusal import refused, unread
from minutes_archive.parse.web_page import read_web_page

# The largest page that is read, in bytes. Real meeting pages stay under one megabyte.
MAX_PAGE = 16 * 1024 * 1024

# First bytes -> what the file is, and whether a later version may read minutes in it (then it is kept).
_MAGIC: tuple[tuple[bytes, str, bool], ...] = (
    (b"PK\x03\x04", "a zip or Office file", True),
    (b"\xd0\xcf\x11\xe0", "an old Word file", True),
    (b"{\\rtf", "an RTF file", True),
    (b"\x89PNG", "a picture (PNG)", False),
    (b"\xff\xd8\xff", "a picture (JPEG)", False),
    (b"GIF8", "a picture (GIF)", False),
    (b"II*\x00", "a picture (TIFF)", False),
    (b"MM\x00*", "a picture (TIFF)", False),
    (b"BM", "a picture (BMP)", False),
    (b"RIFF", "a media file", False),
    (b"SQLite format 3", "a database", False),
    (b"\x7fELF", "a program", False),
    (b"MZ", "a program", False),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(content: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
    """What ``content`` holds. ``url`` is the address it was fetched from, None for a loaded file.

    Never raises on content: what can't be read comes back as ``refused`` or ``unread`` with the reason; what of the text
    is in no item, as a problem.
    """
    reading = _read(content, url, media_type)
    # The service's answers are marks more than text: their parser tells what it passed over.
    if reading.parser == SERVICE:
        return reading
    return replace(reading, problems=(*reading.problems, *account(content, reading, media_type)))


def _read(content: bytes, url: str | None, media_type: str | None) -> Reading:
    if not content.strip():
        return refused("empty", "is empty: there is nothing to load")
    if known := _read_by_magic(content):
        return known
    if len(content) > MAX_PAGE:
        size = len(content) / 1_048_576
        return refused("too_large", f"is {size:.0f} MB: a page of minutes is at most {MAX_PAGE // 1_048_576} MB; load its parts")
    if b"\x00" in content[:4096] and not content.startswith(_UTF16):
        return refused("not_minutes", "is no text: minutes can't be read from it")
    if content.startswith(_UTF16):
        # As UTF-8 with its mark from here on: what a page in UTF-16 says first would not be recognised otherwise.
        content = b"\xef\xbb\xbf" + content.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" not in start and (start.startswith(b"<?xml") or (start.startswith(b"<") and is_answer(start))):
        return _read_xml(content, start, url)
    if start.startswith(b"<") and re.search(rb"<(?:!doctype html|html|head|body|div|table|p|!--)", start):
        return read_web_page(content, url, media_type)
    return read_text(content)


def _read_by_magic(content: bytes) -> Reading | None:
    """What a file is that its first bytes tell; None for text."""
    if content.startswith(b"%PDF-"):
        return read_pdf(content)
    if content.startswith(b"PK\x03\x04") and is_docx(content):
        return read_docx(content)
    for magic, name, kept in _MAGIC:
        if content.startswith(magic):
            if kept:
                return unread("format_not_read", f"is {name}: its bytes are kept, this version does not read its text yet")
            return refused("not_minutes", f"is {name}: minutes can't be read from it")
    return None


def _read_xml(content: bytes, start: bytes, url: str | None) -> Reading:
    if is_answer(start):
        return read_service_answer(content, url)
    return refused("not_minutes", "is XML of an unknown kind: minutes can't be read from it")
