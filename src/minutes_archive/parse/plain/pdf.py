"""PDF: printed pages to lines, by where the letters stand and how bold they are.

What a page prints around its text (headers, footers, page numbers, a signature line on every page) is known by its
place and its repetition, and left out. A PDF that is pictures of pages has no text to read and is said to be so.
"""

from __future__ import annotations

import ctypes
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from minutes_archive.model import Span
from minutes_archive.parse.plain.attendance import label_of
from minutes_archive.parse.plain.lines import LONGEST_PARAGRAPH, TextLine, join, opens_with_marker
from minutes_archive.parse.plain.numbers import read_number
from minutes_archive.text import fold_line, strip_bullet

MAX_PAGES = 300
MAX_SECONDS = 20.0
# A scanned page may carry a stamp or a page number as text: fewer letters a page than this are no text of minutes.
_FEWEST_LETTERS = 40
_LETTERS_A_PAGE = 200_000
_BOLD = 600
# How far a line's letters may stand above and below its tall ones (commas, the tails of "y"), in points.
_SLACK = 1.5
# Lines at the top and at the bottom of a page that may be its furniture.
_MARGIN_LINES = 4
_FURNITURE = re.compile(
    r"(?:public document pack|this page is intentionally left blank|agenda item \d+\w?|minute item \d+\w?|appendix \w"
    r"|page\s+\d+(?:\s+of\s+\d+)?|\d{1,3}|-\s*\d{1,3}\s*-|.{0,60}\bpage\s+\d+\s+of\s+\d+|signed.{0,12}[._…]{4,}.*"
    r"|.{0,40}initials.{0,5}[._…]{3,}.*"
    r"|to be signed by .{0,40}page\s+\d+)",
    re.IGNORECASE,
)
# Marks that a committee system prints in white: "<AI3>", "</TRAILER_SECTION>".
_TAG = re.compile(r"</?(?:AI\d+|[A-Z]+_SECTION)>")
# A gap of this many letter heights parts two cells; a private letter stands for it until the lines around tell of a table.
_A_CELL = 2.5
_CELL = "\ue000"
_ENDED = re.compile(r"[.!?:;][”\"')]*$")


@dataclass(frozen=True)
class PdfText:
    """The lines of a PDF, from ``read`` of its ``pages``. ``scanned``: there is no text; ``broken``: why nothing was read."""

    lines: list[TextLine]
    pages: int = 0
    read: int = 0
    scanned: bool = False
    broken: str | None = None


@dataclass(frozen=True)
class _Glyph:
    char: str
    left: float
    bottom: float
    right: float
    top: float
    bold: bool
    apart: bool
    place: int


@dataclass(frozen=True)
class _Printed:
    """A printed line and where it stands, in points."""

    line: TextLine
    left: float
    right: float
    top: float
    bottom: float
    first_word: float


def lines_of_pdf(
    content: bytes, max_pages: int = MAX_PAGES, max_seconds: float = MAX_SECONDS, clock: Callable[[], float] = time.monotonic
) -> PdfText:
    """The logical lines of a PDF, at most ``max_pages`` of it and for ``max_seconds`` by ``clock``. Never raises on content."""
    try:
        document = pdfium.PdfDocument(content)
        count = len(document)
    except (pdfium.PdfiumError, ValueError) as error:
        locked = "password" in str(error).lower()
        return PdfText([], broken="it is locked with a password" if locked else "it is damaged")
    end = clock() + max_seconds
    pages: list[list[_Printed]] = []
    try:
        for number in range(min(count, max_pages)):
            if clock() > end:
                break
            pages.append(_read_page(document, number))
    finally:
        document.close()
    letters = sum(len(printed.line.text) for page in pages for printed in page)
    if letters < _FEWEST_LETTERS * max(1, len(pages)):
        return PdfText([], count, len(pages), scanned=bool(pages))
    return PdfText(_logical(_without_furniture(pages)), count, len(pages))


def _read_page(document: pdfium.PdfDocument, number: int) -> list[_Printed]:
    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return []
    try:
        return _printed_lines(_glyphs(text), number + 1)
    finally:
        text.close()
        page.close()


def _glyphs(text: pdfium.PdfTextPage) -> list[_Glyph]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    glyphs: list[_Glyph] = []
    apart = True
    for at in range(min(text.count_chars(), _LETTERS_A_PAGE)):
        code = pdfium_c.FPDFText_GetUnicode(text, at)
        # PDFium marks a hyphen at the end of a line with U+0002 or U+FFFE.
        char = "\u2010" if code in {0x2, 0xFFFE} else chr(code)
        if not char.strip() or char == "\x00":
            apart = True
            continue
        if not pdfium_c.FPDFText_GetCharBox(text, at, left, right, bottom, top):
            continue
        bold = _is_bold(text, at)
        glyphs.append(_Glyph(char, left.value, bottom.value, right.value, top.value, bold, apart, len(glyphs)))
        apart = False
    return glyphs


def _is_bold(text: pdfium.PdfTextPage, at: int) -> bool:
    weight = pdfium_c.FPDFText_GetFontWeight(text, at)
    if weight > 0:
        return bool(weight >= _BOLD)
    # The standard fonts tell no weight; their names do.
    name = ctypes.create_string_buffer(80)
    pdfium_c.FPDFText_GetFontInfo(text, at, name, len(name), None)
    return b"bold" in name.value.lower()


def _printed_lines(glyphs: Sequence[_Glyph], page: int) -> list[_Printed]:
    rows: list[list[_Glyph]] = []
    bands: list[tuple[float, float]] = []
    for glyph in glyphs:
        middle = (glyph.bottom + glyph.top) / 2
        # Text comes nearly always in order, so the last few rows are the ones to try.
        for at in range(len(rows) - 1, max(-1, len(rows) - 60), -1):
            if bands[at][0] <= middle <= bands[at][1]:
                rows[at].append(glyph)
                if _tall(glyph):
                    low, high = bands[at]
                    bands[at] = (min(low, glyph.bottom - _SLACK), max(high, glyph.top + _SLACK))
                break
        else:
            rows.append([glyph])
            bands.append((glyph.bottom - _SLACK, glyph.top + _SLACK))
    printed = [line for row in rows if (line := _printed(row, page))]
    return _with_tables(sorted(printed, key=lambda one: (-round(one.top), one.left)))


def _with_tables(printed: Sequence[_Printed]) -> list[_Printed]:
    """``printed`` with lines under each other that have gaps in as many places as rows of a table, and other gaps as blanks."""
    gaps = [one.line.text.count(_CELL) for one in printed]
    found = []
    for at, one in enumerate(printed):
        in_table = gaps[at] and gaps[at] in {gaps[near] for near in (at - 1, at + 1) if 0 <= near < len(printed)}
        if in_table:
            line = replace(one.line, text=one.line.text.replace(_CELL, " | "), kind="row", bold=None)
        else:
            line = replace(one.line, text=one.line.text.replace(_CELL, " "))
        found.append(replace(one, line=line))
    return found


def _tall(glyph: _Glyph) -> bool:
    return glyph.char.isalnum() and glyph.top - glyph.bottom < 20


def _printed(row: Sequence[_Glyph], page: int) -> _Printed | None:
    row = sorted(row, key=lambda glyph: glyph.left)
    height = max(glyph.top - glyph.bottom for glyph in row)
    text, span, first_word = "", None, 0.0
    before = row[0]
    for glyph in row:
        # The file's own blanks count where its order is the order of the line; elsewhere the gap tells.
        ordered = glyph.place == before.place + 1
        if text and glyph.left - before.right > _A_CELL * height and not read_number(text + " "):
            text += _CELL
        elif text and (glyph.apart if ordered else glyph.left - before.right > 0.1 * height):
            text += " "
            first_word = first_word or before.right - row[0].left
        start, text = len(text), text + glyph.char
        if glyph.bold and glyph.char.isalnum() and (span is None or not re.search(r"\w", text[span.end : start])):
            span = Span(start if span is None else span.start, len(text))
        before = glyph
    body, bulleted = strip_bullet(_TAG.sub("", text))
    shift = len(text) - len(body)
    folded = fold_line(body)
    if not folded:
        return None
    bold = Span(max(0, span.start - shift), min(span.end - shift, len(folded))) if span and len(folded) == len(body) else None
    line = TextLine(folded, bold=bold, indent=round(row[0].left / 6), page=page, kind="entry" if bulleted else "paragraph")
    return _Printed(
        line, row[0].left, row[-1].right, max(glyph.top for glyph in row), min(glyph.bottom for glyph in row),
        first_word or row[-1].right - row[0].left,
    )


def _without_furniture(pages: Sequence[Sequence[_Printed]]) -> list[list[_Printed]]:
    seen = Counter(key for page in pages for key in {_key(one) for one in _at_margins(page)})
    often = {key for key, count in seen.items() if count >= 2 and count * 2 >= len(pages)}
    cleaned = []
    for page in pages:
        margins = {id(one) for one in _at_margins(page)}
        cleaned.append([
            one for one in page
            if not (id(one) in margins and (_key(one) in often or _FURNITURE.fullmatch(one.line.text)))
        ])
    return cleaned


def _at_margins(page: Sequence[_Printed]) -> list[_Printed]:
    return [*page[:_MARGIN_LINES], *page[-_MARGIN_LINES:]] if len(page) > 2 * _MARGIN_LINES else list(page[:1]) + list(page[-3:])


def _key(printed: _Printed) -> str:
    """A line as it repeats: its numbers and the length of its dotted lines do not count."""
    return re.sub(r"[\d._…\s]+", "#", printed.line.text.casefold()) + f"@{round(printed.left / 20)}"


def _logical(pages: Sequence[Sequence[_Printed]]) -> list[TextLine]:
    every = [one for page in pages for one in page]
    if not every:
        return []
    heights = sorted(one.top - one.bottom for one in every)
    leading = _leading(pages)
    margins = sorted(one.right for one in every)
    margin = margins[int(len(margins) * 0.97)]
    words = " ".join(one.line.text for one in every)
    vocabulary = frozenset(re.findall(r"[a-z]{3,}", words.casefold()))
    lines: list[TextLine] = []
    last: _Printed | None = None
    for one in every:
        if last is not None and _goes_on(last, lines[-1], one, margin, heights[len(heights) // 2]):
            lines[-1] = _joined(lines[-1], one.line, vocabulary)
        else:
            apart = last is None or last.line.page != one.line.page or last.bottom - one.top > 0.9 * leading
            lines.append(replace(one.line, gap=int(apart)))
        last = one
    return [replace(line, text=line.text.replace("\u2010", "-")) for line in lines]


def _leading(pages: Sequence[Sequence[_Printed]]) -> float:
    """The usual distance between the tops of two lines that follow each other."""
    steps = sorted(
        above.top - below.top for page in pages for above, below in pairwise(page) if above.top > below.top
    )
    return steps[len(steps) // 2] if steps else 12.0


def _goes_on(last: _Printed, whole: TextLine, one: _Printed, margin: float, height: float) -> bool:
    """Whether ``one`` is the rest of the line above: its first word would not have had room there."""
    text = one.line.text
    if one.line.kind != "paragraph" or whole.kind == "row" or opens_with_marker(text) or len(whole.text) > LONGEST_PARAGRAPH:
        return False
    if last.line.text.endswith("\u2010"):
        return True
    if label_of(text):
        return False
    full = last.right + 0.4 * height + one.first_word > margin - 0.5
    if whole.strong and not one.line.strong and one.line.bold is None and not (text[0].islower() and full):
        return False
    if one.line.strong and not whole.strong and whole.bold is None:
        return False
    same_page = last.line.page == one.line.page
    if same_page and last.bottom - one.top > 1.6 * height:
        return False
    ended = bool(_ENDED.search(last.line.text))
    return full or (text[0].islower() and not ended and (full or last.right > 0.7 * margin or not same_page))


def _joined(line: TextLine, more: TextLine, vocabulary: frozenset[str]) -> TextLine:
    if not line.text.endswith("\u2010"):
        return join(line, more)
    # A word that the document also writes without the hyphen was only broken at the margin.
    left = re.search(r"(?<!\w)(\w*+)\u2010$", line.text)
    right = re.match(r"\w*", more.text)
    broken = ((left[1] if left else "") + (right[0] if right else "")).casefold() in vocabulary
    stem = line.text[:-1] + ("" if broken else "-")
    return replace(line, text=stem + more.text)
