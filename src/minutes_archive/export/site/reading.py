"""Texts of the record as HTML to be read: paragraphs, lines, tables, with the words of evidence marked.

Everything is escaped here, and the whole goes through nh3 with a short list of tags on its way out: two locks on one door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import nh3
from markupsafe import Markup, escape

_CELL = " | "
_TAGS = {"p", "span", "mark", "sup", "a", "table", "tbody", "tr", "td", "div"}
_ATTRIBUTES = {
    "a": {"href", "id", "class"}, "mark": {"class"}, "span": {"id"}, "p": {"class"},
    "div": {"class", "role", "tabindex", "aria-label"},
}
# "(a) …", "1. …", "iii) …": entries of a list that a line begins.
_ENTRY = re.compile(r"(?:\(?(?:[0-9]{1,3}|[a-z]|[ivx]{1,5})[.)]\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """Code points ``start`` to ``end`` that evidence ``number`` rests on; ``kind`` is decision or other.

    What shows a decision is numbered in the text; what shows a topic is underlined, and only pointed at from below.
    """

    start: int
    end: int
    number: int
    kind: str


def readable(text: str, marks: Sequence[Mark] = ()) -> Markup:
    """``text`` as HTML. A mark is drawn over its words; ``#words-N`` leads to it."""
    html = Markup("").join(_blocks(text, marks))
    return Markup(nh3.clean(
        str(html), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https"}, link_rel=None, strip_comments=True,
    ))


def _blocks(text: str, marks: Sequence[Mark]) -> Iterator[Markup]:
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        lines = _lines(paragraph, start)
        if len(lines) > 1 and all(_CELL in line for line, _ in lines):
            yield _table(text, lines, marks)
        else:
            yield from _paragraphs(text, lines, marks)
        start = end + 2


def _lines(paragraph: str, start: int) -> list[tuple[str, int]]:
    lines = []
    for line in paragraph.split("\n"):
        lines.append((line, start))
        start += len(line) + 1
    return lines


def _paragraphs(text: str, lines: list[tuple[str, int]], marks: Sequence[Mark]) -> Iterator[Markup]:
    for line, start in lines:
        kind = Markup(' class="entry"') if len(lines) > 1 and _ENTRY.match(line) else ""
        if line:
            yield Markup("<p{}>{}</p>\n").format(kind, _marked(text, start, start + len(line), marks))


def _table(text: str, lines: list[tuple[str, int]], marks: Sequence[Mark]) -> Markup:
    rows = []
    for line, start in lines:
        cells, at = [], start
        for cell in line.split(_CELL):
            cells.append(Markup("<td>{}</td>").format(_marked(text, at, at + len(cell), marks)))
            at += len(cell) + len(_CELL)
        rows.append(Markup("<tr>{}</tr>\n").format(Markup("").join(cells)))
    frame = Markup('<div class="scroll" role="region" tabindex="0" aria-label="Table"><table><tbody>{}</tbody></table></div>\n')
    return frame.format(Markup("").join(rows))


def _marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> Markup:
    """``text[start:end]`` escaped, cut wherever a mark begins or ends."""
    near = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = sorted({start, end, *(max(start, mark.start) for mark in near), *(min(end, mark.end) for mark in near)})
    pieces: list[Markup] = []
    for left, right in pairwise(cuts):
        over = [mark for mark in near if mark.start <= left and mark.end >= right]
        words: Markup = escape(text[left:right])
        if over:
            kind = "decision" if any(mark.kind == "decision" for mark in over) else "other"
            words = Markup('<mark class="{}">{}</mark>').format(kind, words)
        opening = [mark for mark in over if mark.kind == "other" and mark.start == left]
        for mark in opening:
            words = Markup('<span id="words-{}">{}</span>').format(mark.number, words)
        pieces.append(words)
        pieces += [
            Markup('<sup><a class="ref" id="words-{0}" href="#evidence-{0}">[{0}]</a></sup>').format(mark.number)
            for mark in near if mark.end == right and mark.kind == "decision"
        ]
    return Markup("").join(pieces)
