"""Text without markup of its own: a text rendering of a page, plain minutes, Markdown, or the text of one item."""

from __future__ import annotations

import re
from dataclasses import replace

from minutes_archive.model import Fragment, ParsedItem, Problem, Reading
from minutes_archive.parse.blocks import join_blocks, text_block
from minutes_archive.parse.labels import PROSE
from minutes_archive.parse.marks import split_cut
from minutes_archive.parse.moderngov.converted import is_converted, read_converted_text
from minutes_archive.parse.moderngov.markdown_page import read_markdown_page
from minutes_archive.parse.moderngov.text_page import read_text_meeting
from minutes_archive.parse.paragraphs import paragraphs_of
from minutes_archive.parse.plain.evidence import kind_of
from minutes_archive.parse.plain.lines import lines_of_text
from minutes_archive.parse.plain.markdown import has_front_matter, is_markdown, lines_of_markdown
from minutes_archive.parse.plain.minutes import read_plain_minutes
from minutes_archive.parse.refusal import refused

# What a text rendering of a ModernGov page shows and minutes written by hand do not.
_PAGE_SIGNS = tuple(re.compile(sign, re.IGNORECASE | re.MULTILINE) for sign in (
    r"^[ \t]*(?:agenda(?:, decisions)?(?: and (?:draft )?(?:minutes|decisions))|decisions and minutes|rhaglen\b.*)[ \t]*$",
    r"view the full (?:agenda|minutes|decisions?)s? text for item", r"\bpdf e?icon\b", r"^[ \t|]*no\.?[ \t|]+item[ \t|]*$",
    r"\bview directions\b", r"^[ \t]*(?:minutes|decision|cofnodion):[ \t]*$", r"^[ \t]*(?:(?:proposed )?venue|lleoliad):",
))
_QUOTED = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)
_FEWEST_QUOTED = 8
_QUOTED_WHOLE = 0.9
_FEWEST_WORDS = 25
# No minutes have more lines than this; a list of data may.
_MOST_LINES = 50_000
# A text with this many headings is a whole document.
_A_DOCUMENT = 2
_FEWEST_SIGNS = 3
# The text of an item may have a sign or two of a report; with more it is one.
_SURELY = 4


def read_text(content: bytes) -> Reading:
    """What text holds: a meeting, the text of one item, or nothing of minutes (``refused``)."""
    text, doubt = _decode(content)
    text = _unquoted(text)
    fronted = has_front_matter(text) or len(re.findall(r"^#{1,3} \S", text, re.MULTILINE)) >= _A_DOCUMENT
    reading = read_converted_text(text) if is_converted(text) else None
    reading = reading or (read_markdown_page(text) if fronted else _read_rendering(text)) or _read_minutes(text)
    if reading is None:
        # A text with a title page of its own is a post or a report, never the bare text of one item.
        reading = refused("not_minutes", _told(text)) if fronted else _read_fragment(text)
    doubts = (Problem("wrong_encoding", "warning", "", doubt),) if doubt else ()
    return replace(reading, problems=(*doubts, *reading.problems))


def _unquoted(text: str) -> str:
    """``text`` without the marks of an e-mail that quotes all of it."""
    lines = [line for line in text.splitlines() if line.strip()]
    quoted = sum(line.startswith(">") for line in lines)
    return _QUOTED.sub("", text) if quoted >= _FEWEST_QUOTED and quoted >= _QUOTED_WHOLE * len(lines) else text


def _told(text: str) -> str:
    """What is said of text that is no minutes."""
    kind = kind_of(text)
    return "is text that is no minutes: " + (f"it reads like {kind}" if kind else "no meeting with items is in it")


def _decode(content: bytes) -> tuple[str, str | None]:
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "the text is not UTF-8; it was read as Windows-1252"


def _read_rendering(text: str) -> Reading | None:
    """The text rendering of a ModernGov page: told by the page's own words, which no other minutes have."""
    return read_text_meeting(text) if any(sign.search(text) for sign in _PAGE_SIGNS) else None


def _read_minutes(text: str) -> Reading | None:
    if text.count("\n") > _MOST_LINES:
        return None
    if not is_markdown(text):
        return read_plain_minutes(lines_of_text(text), platform="text")
    marked = lines_of_markdown(text)
    reading = read_plain_minutes(marked.lines, marked.front, "markdown", "markdown/1")
    if reading and marked.left_out:
        counted = "1 table" if marked.left_out == 1 else f"{marked.left_out} tables"
        message = f"{counted} of who voted how: the counts stand in the text, the names do not"
        return replace(reading, problems=(*reading.problems, Problem("vote_names_left_out", "info", "", message)))
    return reading


def _read_fragment(text: str) -> Reading:
    """Text of one item that names no meeting: told from other prose by the words that minutes are written with."""
    words = re.findall(r"[a-z]+", text.lower())
    signs = PROSE.intersection(words)
    if kind_of(text, _SURELY) == "a report":
        return refused("not_minutes", _told(text))
    if len(words) < _FEWEST_WORDS or len(signs) < _FEWEST_SIGNS:
        few = "is text that is no minutes: it names no meeting and has few words of minutes"
        return refused("not_minutes", _told(text) if kind_of(text) else few)
    blocks = [block for paragraph in paragraphs_of(text) if (block := text_block(paragraph.raw))]
    body, number = split_cut(join_blocks(blocks))
    item = ParsedItem(title="", number=number, minutes_text=body, cut=frozenset({"minutes_text"} if number else ()))
    return Reading("fragment", "text", "item-text/1", fragments=(Fragment(item, body),))
