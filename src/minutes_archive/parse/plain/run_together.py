"""Minutes pasted as one paragraph, or several items to a paragraph: cut where the numbers of items run on inside.

    1. Apologies None. 2. Minutes Agreed. 3. ...        1, 2, 3 ... in one long paragraph
    7. Planning 7.1 The barn ... 7.2 The byre ...       7.1, 7.2 ... in the paragraph that 7 begins
    94/19 ... was read. 95/19 Notice ... 96/19 ...      numbers with their year, one after the other through the document
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from minutes_archive.parse.plain.lines import TextLine

_NUMBER = re.compile(r"(?:^|(?<=[\s.]))(?P<number>\d{1,2})[.)]\s+(?=[A-Z\d])")
_BELOW = re.compile(r"(?<=\s)(?P<number>\d{1,3}(?:\.\d{1,2}){1,2})\.?\s+(?:[-–]\s+)?(?=[A-Z\d‘“\"'])")
_OF_YEAR = re.compile(r"(?<![\d/])(?P<number>\d{1,4})/(?P<year>\d{2})(?![\d/])\s+(?=[A-Z])")
# Who was there, behind the heading of minutes in one paragraph: "... 7TH MAY Present- Cllr Ames, ...".
_PEOPLE = re.compile(r"(?<=\s)(?:Present|PRESENT|Those present|In attendance|Attendance)\s*[-:–]\s*(?=[A-Z])")
_BEGINS = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,2}){0,2})(?![\d/])[.)]?\s")
# A paragraph this long that holds this many numbers in a row is several items. Code points.
_LONG = 1200
_FEWEST = 5
_FEWEST_OF_YEAR = 4
# So many numbers may be lost, or lie in other paragraphs.
_MOST_LOST = 3


def split_run_together(lines: Sequence[TextLine]) -> list[TextLine]:
    """``lines`` with those cut that hold the beginnings of further items."""
    of_year = _run_of_year(lines)
    found: list[TextLine] = []
    for at, line in enumerate(lines):
        starts = of_year.get(at, []) if line.kind == "paragraph" else []
        if not starts and line.kind == "paragraph":
            starts = _run(line.text) if len(line.text) >= _LONG else []
            people = _PEOPLE.search(line.text, 0, starts[0]) if starts else None
            starts = [people.start(), *starts] if people else starts
        for piece in _cut(line, starts):
            found += _cut(piece, _run_below(piece.text) if piece.kind == "paragraph" else [])
    return found


def _cut(line: TextLine, starts: Sequence[int]) -> list[TextLine]:
    inner = [start for start in starts if line.text[:start].strip(" .")]
    if not inner:
        return [line]
    pieces = [line.text[start:end].strip() for start, end in pairwise([0, *inner, len(line.text)])]
    # What is bold in the first piece is not known to be so in the others.
    return [replace(line, text=piece, bold=None) for piece in pieces if piece]


def _run(text: str) -> list[int]:
    """Where 1, 2, 3 ... stand in ``text`` one after the other."""
    starts: list[int] = []
    last = 0
    for match in _NUMBER.finditer(text):
        number = int(match["number"])
        if last < number <= last + _MOST_LOST and (starts or number == 1):
            starts.append(match.start())
            last = number
    return starts if len(starts) >= _FEWEST else []


def _run_below(text: str) -> list[int]:
    """Where 7.1, 7.1.1, 7.2 ... stand in a paragraph that 7 begins."""
    begins = _BEGINS.match(text)
    if begins is None:
        return []
    starts: list[int] = []
    last = _parts(begins["number"])
    for match in _BELOW.finditer(text):
        parts = _parts(match["number"])
        if parts in _next(last):
            starts.append(match.start())
            last = parts
    return starts


def _next(last: tuple[int, ...]) -> set[tuple[int, ...]]:
    """What may follow a number inside its paragraph: its first below, the next beside it, the next beside the one above it."""
    found = {(*last, 1)}
    if len(last) > 1:
        found.add((*last[:-1], last[-1] + 1))
    if len(last) > 2:
        found.add((*last[:-2], last[-2] + 1))
    return found


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _run_of_year(lines: Sequence[TextLine]) -> dict[int, list[int]]:
    """Line -> where in it 94/19, 95/19 ... stand, where they run on through the document; nothing for other fractions."""
    found: dict[int, list[int]] = {}
    last: tuple[int, str] | None = None
    count = 0
    for at, line in enumerate(lines):
        for match in _OF_YEAR.finditer(line.text):
            number, year = int(match["number"]), match["year"]
            if last is None or (year == last[1] and last[0] < number <= last[0] + _MOST_LOST):
                found.setdefault(at, []).append(match.start())
                last, count = (number, year), count + 1
    return found if count >= _FEWEST_OF_YEAR else {}
