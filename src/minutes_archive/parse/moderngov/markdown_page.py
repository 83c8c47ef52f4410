"""Markdown made of a meeting page: the page's links tell that it is one; its marks taken out, it is a text rendering."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from minutes_archive.identity import page_identity
from minutes_archive.model import Reading
from minutes_archive.parse.front_matter import split_front
from minutes_archive.parse.moderngov.text_page import read_text_meeting

PARSER = "markdown-page/1"
_PAGE = re.compile(
    r"\b(?:ieListDocuments|mgCommitteeDetails|mgMeetingAttendance|ieDecisionDetails|mgLocationDetails)\.aspx?\?", re.IGNORECASE
)
_URL = re.compile(r"^url:\s*[\"']?(?P<url>https?://\S+?)[\"']?\s*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[([^\]\n]{0,80})\]\([^()\n]{0,500}\)")
_LINK = re.compile(r"\[([^\]\n]{0,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}\)")
_ENTRY = re.compile(r"^[ \t]*[*+-][ \t]+", re.MULTILINE)
_MARKS = re.compile(r"^#{1,6}[ \t]+|\*\*|__|(?<![\w\\])[_*](?=\w)|(?<=[\w.,;:)])(?<!\\)[_*](?!\w)", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>|-])")
# A list whose entries are links and nothing else: ways through the site.
_WAYS = re.compile(
    r"^[ \t]*[*+-][ \t]+\[[^\]\n]{1,200}\]\((?:/|mgListCommittees|mgMeetingAttendance|documents/g)[^\n]*\)[ \t]*\n",
    re.MULTILINE,
)


def read_markdown_page(text: str) -> Reading | None:
    """The meeting of a meeting page in Markdown; None where the text links none of ModernGov's pages, or names no meeting."""
    if not _PAGE.search(text):
        return None
    front, body = split_front(text)
    url = _URL.search(front or "")
    reading = read_text_meeting(plain(body))
    if reading is None or reading.meeting is None:
        return None
    address = url["url"] if url else None
    own = page_identity(address)
    meeting = replace(reading.meeting, site=own.site, number=own.number) if own and own.kind == "meeting" else reading.meeting
    return replace(reading, meeting=meeting, platform="markdown", parser=PARSER, url=address)


def plain(text: str) -> str:
    """``text`` without Markdown's marks: what its links, pictures, headings and emphasis show."""
    text = _PICTURE.sub(r"\1", _WAYS.sub("", text))
    text = _MARKS.sub("", _ENTRY.sub("· ", _LINK.sub(r"\1", text)))
    return html.unescape(_ESCAPED.sub(r"\1", text))
