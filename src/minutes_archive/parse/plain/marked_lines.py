"""Elements of HTML to lines: headings and bold type kept, tables that lay items out read down their cells."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import html

from minutes_archive.model import Span
from minutes_archive.parse.html import blocks_of, text_of
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.numbers import read_number
from minutes_archive.parse.plain.words import BEGINNING

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FIRST_CELL = re.compile(r"\d[\d./]*[a-z]?[.)]?|[A-Z]{1,6}/?\d[\d./]*")
# The numbers of several items, one under the other in one cell.
_STACKED = re.compile(r"(?:\d[\d./]*[a-z]?[.)]?|[ivx]{1,4}[.)])(?:\s+(?:\d[\d./]*[a-z]?[.)]?|[ivx]{1,4}[.)]))+")
# A line's end that was lost between a heading and its sentence: "FootpathsThe Clerk reported ...".
_GLUED = re.compile(r"(?<=[a-z]{2}[a-z:.])(?=(?:" + "|".join(sorted(word.capitalize() for word in BEGINNING)) + r")\b)")
_TWO = 2
# Cells of data have fewer words.
_A_SENTENCE = 12
_TABLE_HEADS = frozenset({
    "", "no", "item", "items", "number", "action", "action by", "actions", "minute", "minute no", "ref", "subject", "agenda item",
})


def lines_of_element(element: html.HtmlElement) -> list[TextLine]:
    """The lines of an element: a heading, a paragraph, a list, or a table."""
    if element.tag == "table":
        return lines_of_table(element)
    level = _HEADINGS.get(str(element.tag), 0)
    bold = _bold_pieces(element)
    found = []
    for block in blocks_of(element):
        kind = "paragraph" if read_number(block.text) and block.kind == "entry" else block.kind
        for text in block.text.split("\n") if kind == "paragraph" else [block.text]:
            found.append(TextLine(text.strip(), 1, level, _stretch(text.strip(), bold), kind=kind))
    return [line for line in found if line.text]


def _bold_pieces(element: html.HtmlElement) -> list[str]:
    """The bold pieces of an element, in order."""
    return [text for strong in element.iter("strong", "b") if (text := text_of(strong))]


def _stretch(text: str, bold: list[str]) -> Span | None:
    """The first bold stretch of ``text``: pieces that only blanks and points part are one."""
    span: Span | None = None
    at = 0
    for piece in bold:
        start = text.find(piece, at)
        if start < 0:
            continue
        at = start + len(piece)
        if not re.search(r"\w", piece):
            continue
        if span is not None and re.search(r"\w", text[span.end : start]):
            break
        span = Span(start if span is None else span.start, at)
    return span


def lines_of_table(table: html.HtmlElement) -> list[TextLine]:
    """A table that lays items out (number, text, action) is read down its cells; any other stays rows."""
    # A table inside a cell is read with the cell.
    own = (row for row in table.iter("tr") if next(row.iterancestors("table"), table) is table)
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in own]
    firsts = [text_of(row[0]) for row in rows if row]
    if _hold_items(firsts):
        return [piece for row in rows for cell in row for line in lines_of_element(cell) for piece in _unglued(line)]
    numbered = sum(bool(_FIRST_CELL.fullmatch(first) or _STACKED.fullmatch(first)) for first in firsts)
    if numbered < 2 or numbered * 2 < len([first for first in firsts if first]):
        return [TextLine(block.text, 1, kind=block.kind) for block in blocks_of(table)]
    found: list[TextLine] = []
    for row in rows:
        lines = [line for cell in row[1:] for line in _lines_of_cell(cell)]
        number = re.sub(r"^item\s+(?=\d)", "", text_of(row[0]), flags=re.IGNORECASE)
        if _STACKED.fullmatch(number):
            # Which of the numbers belongs to which paragraph is not told: the headings of the paragraphs alone count.
            found += lines
        elif re.match(r"\w*\d", number) and lines and len(row) > 1:
            shift = len(number) + 1
            bold = lines[0].bold
            moved = Span(bold.start + shift, bold.end + shift) if bold else None
            found += [replace(lines[0], text=f"{number} {lines[0].text}", bold=moved, kind="paragraph"), *lines[1:]]
        elif not _is_table_head([text_of(cell) for cell in row]):
            found += [*(lines_of_element(row[0])), *lines]
    return found


def _lines_of_cell(cell: html.HtmlElement) -> list[TextLine]:
    """The lines of a cell: of its elements one by one, or of all of it where text stands between them."""
    mixed = any((text or "").strip() for text in (cell.text, *(child.tail for child in cell)))
    return [line for one in ([cell] if mixed or not len(cell) else cell) for line in lines_of_element(one)]


def _hold_items(cells: list[str]) -> bool:
    """Whether these cells hold whole items, number, title and text: "3. Footpaths The Clerk reported that ..."."""
    numbered = sum((number := read_number(cell)) is not None and number.marked for cell in cells)
    words = sum(len(cell.split()) for cell in cells)
    return numbered >= _TWO and numbered * 2 >= len(cells) and words >= _A_SENTENCE * len(cells)


def _unglued(line: TextLine) -> list[TextLine]:
    return [replace(line, text=text, bold=_stretch_of(line, text)) for text in _GLUED.split(line.text)]


def _stretch_of(line: TextLine, text: str) -> Span | None:
    return line.bold if line.bold and line.text.startswith(text) and line.bold.end <= len(text) else None


def _is_table_head(cells: list[str]) -> bool:
    said = {cell.casefold().strip(" .:") for cell in cells}
    return bool(said) and said <= _TABLE_HEADS
