"""Printed minutes: PDF and Word files to a meeting, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from minutes_archive.model import Problem, Reading
from minutes_archive.parse.plain.docx import lines_of_docx
from minutes_archive.parse.plain.evidence import kind_of
from minutes_archive.parse.plain.lines import TextLine, lines_of_text
from minutes_archive.parse.plain.minutes import read_plain_minutes
from minutes_archive.parse.plain.pdf import lines_of_pdf
from minutes_archive.parse.refusal import refused, unread

# The largest PDF that is read, in bytes: packs of reports are larger, and no minutes.
MAX_PRINTED = 64 * 1024 * 1024
_SCANNED = (
    "is a scanned PDF: pictures of pages without text; its bytes are kept; load a version with text, or name an OCR command "
    "in the archive's settings.toml"
)


def read_pdf(content: bytes) -> Reading:
    """The minutes in a PDF. One of pictures alone is said to be ``scanned``; its bytes are kept for an OCR command."""
    if len(content) > MAX_PRINTED:
        return unread("too_large", f"is a PDF of {len(content) / 1_048_576:.0f} MB: its bytes are kept, its text is not read")
    text = lines_of_pdf(content)
    if text.broken:
        return unread("format_not_read", f"is a PDF: its bytes are kept, but {text.broken} and can't be read")
    if text.scanned:
        return unread("scanned", _SCANNED)
    reading = read_plain_minutes(text.lines, platform="pdf", parser="pdf/1")
    if reading is None:
        return _no_minutes("a PDF", text.lines)
    if text.read < text.pages:
        cut = Problem("cut_short", "warning", "", f"only the first {text.read} of {text.pages} pages were read")
        return replace(reading, problems=(*reading.problems, cut))
    return reading


def read_scanned(content: bytes, tool: str | None, media_type: str | None = None) -> Reading:
    """The minutes in the text (UTF-8) that ``tool`` read off the pictures of a scanned PDF: pages parted by form feeds."""
    text = content.decode("utf-8", "replace")
    reading = read_plain_minutes(lines_of_text(text), platform="pdf", parser="pdf-ocr/1")
    if reading is None:
        return unread("not_minutes", f"is a scanned PDF: no meeting was found in the text that {tool} read; its bytes are kept")
    said = Problem("ocr", "info", "", f"the text was read off pictures of pages by {tool}: letters may be wrong")
    return replace(reading, problems=(*reading.problems, said))


def read_docx(content: bytes) -> Reading:
    """The minutes in a Word file."""
    text = lines_of_docx(content)
    if text.broken:
        return unread("format_not_read", f"is a Word file: its bytes are kept, but {text.broken} and can't be read")
    reading = read_plain_minutes(text.lines, platform="docx", parser="docx/1")
    return reading or _no_minutes("a Word file", text.lines)


def _no_minutes(name: str, lines: Sequence[TextLine]) -> Reading:
    kind = kind_of("\n".join(line.text for line in lines))
    instead = f"it reads like {kind}" if kind else "no meeting with its items was found in it"
    return refused("not_minutes", f"is {name} that is no minutes: {instead}")
