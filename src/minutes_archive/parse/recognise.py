"""Recognition: which layout a capture has, by evidence and score, never by its file name."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import html

from minutes_archive.model import Fragment, ParsedItem, Problem, Reading
from minutes_archive.parse.blocks import join_blocks, text_block
from minutes_archive.parse.cmis import is_cmis, read_cmis_page
from minutes_archive.parse.heading import read_title
from minutes_archive.parse.html import decode, tree_of
from minutes_archive.parse.labels import ERRORS, LISTS, PROSE, label_key
from minutes_archive.parse.marks import split_cut
from minutes_archive.parse.minutes_text import read_text_meeting
from minutes_archive.parse.moderngov_item import is_item_page, read_item_page
from minutes_archive.parse.moderngov_markup import elements_of_class, first_text, saved_from
from minutes_archive.parse.moderngov_page import read_meeting_page
from minutes_archive.parse.paragraphs import paragraphs_of
from minutes_archive.parse.plain_page import read_plain_page

# The largest page that is read, in bytes. Real meeting pages stay under one megabyte.
MAX_PAGE = 16 * 1024 * 1024
PARSER = "recognise/1"

# First bytes -> what the file is, and whether a later version may read minutes in it (then it is kept).
_MAGIC: tuple[tuple[bytes, str, bool], ...] = (
    (b"%PDF-", "a PDF", True),
    (b"PK\x03\x04", "a Word or zip file", True),
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
# beautifulsoup4 takes a second a megabyte: a page of no known layout is only tried up to this many characters.
_LARGEST_PLAIN_PAGE = 2_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FEWEST_WORDS = 25
_FEWEST_SIGNS = 3


def read(content: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
    """What ``content`` holds. ``url`` is the address it was fetched from, None for a loaded file.

    Never raises on content: what can't be read comes back as ``refused`` or ``unread`` with the reason.
    """
    if not content.strip():
        return _refused("empty", "is empty: there is nothing to load")
    for magic, name, kept in _MAGIC:
        if content.startswith(magic):
            if kept:
                return _unread("format_not_read", f"is {name}: its bytes are kept, this version does not read its text yet")
            return _refused("not_minutes", f"is {name}: minutes can't be read from it")
    if len(content) > MAX_PAGE:
        size = len(content) / 1_048_576
        return _refused("too_large", f"is {size:.0f} MB: a page of minutes is at most {MAX_PAGE // 1_048_576} MB; load its parts")
    if b"\x00" in content[:4096] and not content.startswith(_UTF16):
        return _refused("not_minutes", "is no text: minutes can't be read from it")
    if content.startswith(_UTF16):
        # As UTF-8 with its mark from here on: what a page in UTF-16 says first would not be recognised otherwise.
        content = b"\xef\xbb\xbf" + content.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<?xml") and b"<html" not in start:
        return _read_xml(content)
    if start.startswith(b"<") and re.search(rb"<(?:!doctype html|html|head|body|div|table|p|!--)", start):
        return _read_html(content, url, media_type)
    return _read_text(content)


def _read_html(content: bytes, url: str | None, media_type: str | None) -> Reading:
    markup, doubt = decode(content, media_type)
    root = tree_of(markup)
    doubts = (Problem("wrong_encoding", "warning", "", doubt),) if doubt else ()
    if root is None:
        return _refused("not_minutes", "is a page with nothing in it")
    url = url or saved_from(markup, root)
    reading = _read_tree(root, markup, url)
    return replace(reading, url=url, problems=(*doubts, *reading.problems))


def _read_tree(root: html.HtmlElement, markup: str, url: str | None) -> Reading:
    heading = label_key(first_text(root, "mgMainTitleTxt"))
    title_line = first_text(root, "mgSubTitleTxt")
    if is_cmis(root):
        return read_cmis_page(root, url)
    if is_item_page(root, url):
        return read_item_page(root, url)
    # A table of items is certain; without one (a cancelled meeting) the title line must name body and date.
    title = read_title(title_line) if title_line else None
    if elements_of_class(root, "mgItemTable") or root.xpath(".//*[@id='mgItemTable']") or (title and title.body):
        return read_meeting_page(root, url)
    if heading in LISTS or elements_of_class(root, "mgMeetingTableLnk"):
        name = f"“{heading}”" if heading else "a list of meetings"
        return Reading("list", "moderngov", PARSER, None, None, (
            Problem("no_meeting", "warning", "", f"is a page that leads to meetings ({name}): it holds no minutes itself"),
        ))
    lowered = markup[:200_000].lower()
    for phrase in ERRORS:
        if phrase in lowered:
            return _refused("error_page", f"is an error page (“{phrase}”), not minutes")
    if heading or "mgcontent" in lowered:
        return Reading("list", "moderngov", PARSER, None, None, (
            Problem("no_meeting", "warning", "", f"is a ModernGov page (“{heading or 'without heading'}”) with no meeting on it"),
        ))
    plain = read_plain_page(markup) if len(markup) <= _LARGEST_PLAIN_PAGE else None
    return plain or _refused("not_minutes", "is a page that is no minutes: no meeting, date or agenda item was found on it")


def _read_xml(content: bytes) -> Reading:
    if re.search(rb"<(?:meeting|committees|getmeetings|getmeetingsbydate)[\s>]", content[:4096]):
        return _unread(
            "format_not_read", "is an answer of ModernGov's XML service: its bytes are kept, this version does not read it yet"
        )
    return _refused("not_minutes", "is XML of an unknown kind: minutes can't be read from it")


def _read_text(content: bytes) -> Reading:
    text, doubt = _decode_text(content)
    reading = read_text_meeting(text) or _read_fragment(text)
    doubts = (Problem("wrong_encoding", "warning", "", doubt),) if doubt else ()
    return replace(reading, problems=(*doubts, *reading.problems))


def _decode_text(content: bytes) -> tuple[str, str | None]:
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace"), None
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "the text is not UTF-8; it was read as Windows-1252"


def _read_fragment(text: str) -> Reading:
    """Text of one item that names no meeting: told from other prose by the words that minutes are written with."""
    words = re.findall(r"[a-z]+", text.lower())
    signs = PROSE.intersection(words)
    if len(words) < _FEWEST_WORDS or len(signs) < _FEWEST_SIGNS:
        return _refused("not_minutes", "is text that is no minutes: it names no meeting and has few words of minutes")
    blocks = [block for paragraph in paragraphs_of(text) if (block := text_block(paragraph.raw))]
    body, number = split_cut(join_blocks(blocks))
    item = ParsedItem(title="", number=number, minutes_text=body, cut=frozenset({"minutes_text"} if number else ()))
    return Reading("fragment", "text", "item-text/1", None, Fragment(item, body))


def _refused(code: str, message: str) -> Reading:
    return Reading("refused", "unknown", PARSER, None, None, (Problem(code, "warning", "", message),))


def _unread(code: str, message: str) -> Reading:
    return Reading("unread", "unknown", PARSER, None, None, (Problem(code, "warning", "", message),))
