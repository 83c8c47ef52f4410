"""Paragraphs: the lines of a text rendering, with the empty lines between them, which carry meaning there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from minutes_archive.parse.labels import BLOCKS, FURNITURE, OPENINGS, label_and_rest, label_key
from minutes_archive.parse.marks import ATTACHMENT_INSIDE, is_number
from minutes_archive.text import fold_line

# Lines are folded: no two blanks in a row.
_ROW = re.compile(r"^\|?\s?(?P<number>[^|]{0,20}?)\s?\|\s?(?P<cell>[^|]{3,}?)\s?\|?$")
_NUMBER_LOST = re.compile(r"\|\s*\|")
# Words that agenda text begins with, behind a title that does not end in a stop.
_OPENING = re.compile(rf"(?<=[^.:;,])\s(?=(?:{'|'.join(map(re.escape, OPENINGS))})\b)")
_LABEL = re.compile(r"\b(" + "|".join(map(re.escape, BLOCKS)) + r"):", re.IGNORECASE)


@dataclass(frozen=True)
class Paragraph:
    """A line of text that says something, and how many empty lines stand before it."""

    raw: str
    line: str
    gap: int


def paragraphs_of(text: str) -> list[Paragraph]:
    """The lines of ``text`` that are not empty, each with the number of empty lines before it."""
    found, gap = [], 0
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = fold_line(raw)
        if line:
            found.append(Paragraph(raw, line, gap))
            gap = 0
        else:
            gap += 1
    return found


def out_of_table(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """``paragraphs`` with the rows of a table of items ("| 5. | Title Minutes: text |") written out as lines.

    Only a table whose first cells are numbers and whose second cells hold the label of a block is one of items. Under a head
    ("| No. | Item |") the numbers may be lost; where only some rows have one, the others go on with the item above.
    """
    headed = any(_is_table_head(one.line) and re.search(r"\w", one.line) for one in paragraphs)
    numbered = any((match := _ROW.match(one.line)) and is_number(match["number"]) for one in paragraphs)
    rows = {
        at: match for at, one in enumerate(paragraphs)
        if (match := _ROW.match(one.line)) and (is_number(match["number"]) or (headed and _NUMBER_LOST.match(one.line)))
    }
    if not any(_LABEL.search(match["cell"]) for match in rows.values()):
        return list(paragraphs)
    found: list[Paragraph] = []
    for at, paragraph in enumerate(paragraphs):
        if at in rows:
            goes_on = numbered and not rows[at]["number"]
            found += _cell_lines(rows[at]["cell"]) if goes_on else _written_out(rows[at])
        elif not _is_table_head(paragraph.line):
            found.append(paragraph)
    return found


def _title_and_text(head: str) -> list[str]:
    """What stands before the first label of a cell: the title with its file, and the agenda text behind it."""
    file = ATTACHMENT_INSIDE.search(head)
    opening = _OPENING.search(head)
    at = file.end() if file else opening.start() if opening else len(head)
    return [head[:at].strip(), head[at:].strip()]


def _entries(part: str) -> list[str]:
    """A labelled part of a cell; under the label of documents an entry for each file."""
    label = label_and_rest(part, BLOCKS)
    if label is None or label[0] != "documents":
        return [part]
    ends = [0, *(file.end() for file in ATTACHMENT_INSIDE.finditer(label[1])), len(label[1])]
    return [part[: len(part) - len(label[1])].strip(), *(label[1][start:end].strip() for start, end in pairwise(ends))]


def _is_table_head(line: str) -> bool:
    """Whether a line is the head of a table of items ("| No. | Item |") or the rule beneath it."""
    cells = [cell.strip() for cell in line.split("|")]
    return "|" in line and all(not cell.strip(":-") or label_key(cell) in FURNITURE for cell in cells)


def _written_out(row: re.Match[str]) -> list[Paragraph]:
    parts = _parts(row["cell"])
    lines = [row["number"], *_title_and_text(parts[0]), *(line for part in parts[1:] for line in _entries(part))]
    # Without its number an item's title is known by the room above it.
    first = 1 if row["number"] else 2
    return [Paragraph(line, line, 1 if at else first) for at, line in enumerate(line for line in lines if line)]


def _cell_lines(cell: str) -> list[Paragraph]:
    return [Paragraph(line, line, 1) for part in _parts(cell) for line in _entries(part) if line]


def _parts(cell: str) -> list[str]:
    """A cell, cut before each label of a block."""
    starts = [0, *(label.start() for label in _LABEL.finditer(cell)), len(cell)]
    return [cell[start:end].strip() for start, end in pairwise(starts)]
