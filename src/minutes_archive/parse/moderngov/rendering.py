"""The layout of a text rendering undone: what browsers, converters and the clipboard make of a page's table of items.

    terminal browser   [12]Title, addresses listed at the end; lines broken at the screen's edge
    two columns        the number, a wide gap or a tab, the title; everything else indented
    drawn table        bars and rules round every cell
    clipboard          no empty lines at all; or a row a line, its cells parted by tabs

What comes out is the one form that ``text_page`` reads: a paragraph a line, and room above what had room above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from minutes_archive.parse.blocks import text_block
from minutes_archive.parse.labels import BLOCKS, HEAD, label_and_rest
from minutes_archive.parse.marks import is_number
from minutes_archive.parse.numbered_lines import opens_with_number
from minutes_archive.parse.paragraphs import Paragraph, paragraphs_of
from minutes_archive.parse.plain.lines import LONGEST_PARAGRAPH
from minutes_archive.text import fold_line

# The list of addresses that a terminal browser puts below the page, and the numerals that point to it.
_ADDRESSES = re.compile(
    r"^[ \t]*(?:references|visible links|links):?[ \t]*\n(?=\s*\d{1,4}\.[ \t]+\S*[:/.])", re.IGNORECASE | re.MULTILINE
)
_POINTER = re.compile(r"\[\d{1,4}\](?=\S)")
# The signs that tables are drawn with.
_DRAWN = dict.fromkeys(range(0x2500, 0x2580), " ")
# In one row with its title, a text that its label begins. Blanks are taken whole: thousands in a row are tried once.
_CELL = re.compile(rf"(?<![ \t])[ ]*+\t[ \t]*+(?=(?:{'|'.join(map(re.escape, BLOCKS))}):)", re.IGNORECASE)
_STAR = re.compile(r"^(?P<blanks>[ \t]*)[*+](?=[ \t]+\S)", re.MULTILINE)
_ENDED = re.compile(r"[.!?:;][”\"')\]]*$")
# Nobody breaks lines wider than this. Code points.
_WIDEST = 110
_NARROWEST = 40
# Of all lines that follow one another without room, so many must go on in the midst of a sentence.
_BROKEN = 0.1
_FEWEST_BROKEN = 2


def read_layout(text: str) -> tuple[list[Paragraph], list[str]]:
    """The paragraphs that ``text`` shows, lines broken at a margin put together, and the lines that are addresses of links."""
    listed: list[str] = []
    if (end := _ADDRESSES.search(text)) and _POINTER.search(text, 0, end.start()):
        listed = [line for raw in text[end.start() :].splitlines() if (line := fold_line(raw))]
        text = _POINTER.sub("", text[: end.start()])
    text = _CELL.sub("\n", _STAR.sub(r"\g<blanks>·", text.translate(_DRAWN)))
    return _unwrapped(paragraphs_of(text)), listed


def _unwrapped(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """``paragraphs`` with those put together that were broken at a margin; as they are where none were."""
    measure = _measure(paragraphs)
    if not measure:
        return list(paragraphs)
    joined: list[Paragraph] = []
    last: Paragraph | None = None
    for one in paragraphs:
        if last is not None and len(joined[-1].line) < LONGEST_PARAGRAPH and _goes_on(last, one, measure):
            whole = joined[-1]
            joined[-1] = replace(whole, raw=f"{whole.raw} {one.line}", line=f"{whole.line} {one.line}")
        else:
            joined.append(one)
        last = one
    return joined


def _measure(paragraphs: Sequence[Paragraph]) -> int:
    """Where the longest line ends that was broken in the midst of a sentence; 0 where lines are not broken."""
    close = [(above, below) for above, below in pairwise(paragraphs) if not below.gap]
    broken = [_end(above) for above, below in close if below.line[0].islower() and not _ENDED.search(above.line)]
    full = [end for end in broken if end >= _NARROWEST]
    widest = max((_end(one) for one in paragraphs), default=0)
    return max(full) if widest <= _WIDEST and len(full) >= max(_FEWEST_BROKEN, _BROKEN * len(close)) else 0


def _end(paragraph: Paragraph) -> int:
    return len(paragraph.raw.expandtabs().rstrip())


def _goes_on(last: Paragraph, one: Paragraph, measure: int) -> bool:
    """Whether a line is the rest of the one above: it does not begin anything, and would not have fitted there."""
    if one.gap or _stands_apart(last.line) or _stands_apart(one.line) or opens_with_number(one.raw):
        return False
    block = text_block(one.raw)
    if block is None or block.kind != "paragraph":
        return False
    fitted = _end(last) + 1 + len(one.line.split(" ", 1)[0]) <= measure
    return not fitted or (one.line[0].islower() and not _ENDED.search(last.line))


def _stands_apart(line: str) -> bool:
    """Whether a line is whole by itself: a number, a rule, or a label; of a label with text behind it, the line may go on."""
    labelled = label_and_rest(line, BLOCKS)
    is_label = labelled is not None and not labelled[1]
    return is_label or is_number(line) or not re.search(r"\w", line) or label_and_rest(line, HEAD) is not None
