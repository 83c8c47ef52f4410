"""Printed minutes converted to HTML or text (``documents/g…?T=1&CT=2``): marks round each item say where it ends.

ModernGov's templates print ``<AI1>`` … ``</AI1>`` round every item and ``<TRAILER_SECTION>`` and its like round the
rest, and the converters leave them in the text. They part the items and are no text themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from minutes_archive.model import ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.blocks import Block, join_blocks, make_block, text_block
from minutes_archive.parse.heading import Title, read_title
from minutes_archive.parse.html import blocks_of, tree_of
from minutes_archive.parse.labels import head_line
from minutes_archive.parse.moderngov.numbered_text import read_heading
from minutes_archive.parse.paragraphs import paragraphs_of

PARSER = "converted-minutes/1"
_MARK = re.compile(r"<(?P<end>/?)(?:AI(?P<item>\d{1,4})|[A-Z][A-Z_]{2,60}_SECTION)>")
_RAW_MARK = re.compile(r"<(/?(?:AI\d{1,4}|[A-Z][A-Z_]{2,60}_SECTION))>")
_HAS_ITEMS = re.compile(r"(?:<|&lt;)AI\d{1,4}(?:>|&gt;)")
_OF_BODY = re.compile(
    r"^(?:draft\s+)?minutes of (?:a|an|the)\s+(?:\w+\s+)?(?:meeting|proceedings) of (?:the\s+)?"
    r"(?P<body>.+?)(?:,?(?<!\s)\s++held\b.*)?$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class _Split:
    """The text outside of the marks, and the blocks of each item inside."""

    outside: list[Block] = field(default_factory=list)
    items: list[list[Block]] = field(default_factory=list)


def is_converted(text: str) -> bool:
    """Whether a page or text carries the marks of converted minutes."""
    return bool(_HAS_ITEMS.search(text))


def read_converted_page(markup: str) -> Reading | None:
    """The meeting in converted minutes; None where no line of them names body and date."""
    tree = tree_of(_RAW_MARK.sub(r"&lt;\1&gt;", markup))
    return _read(blocks_of(tree)) if tree is not None else None


def read_converted_text(text: str) -> Reading | None:
    """The same of a text rendering: one paragraph a line."""
    return _read([block for one in paragraphs_of(text) if (block := text_block(one.raw))])


def _read(blocks: Sequence[Block]) -> Reading | None:
    split = _split(blocks)
    found = _title(split.outside)
    if found is None or not split.items:
        return None
    title, body = found
    head = dict(read for block in split.outside if (read := head_line(block.text)))
    items = []
    for content in split.items:
        number, named, rest = read_heading(content)
        items.append(ParsedItem(named, number, minutes_text=join_blocks(rest)))
    meeting = ParsedMeeting(
        body=body, date=title.date, time=title.time, venue=head.get("venue"), contact=head.get("contact"),
        status=title.status or "held", minutes_status="published", items=tuple(items),
    )
    said = [Problem("text_outside_items", "info", "", f"{len(split.outside)} paragraphs stand outside of the items' marks")]
    outside = tuple(block.text for block in split.outside)
    return Reading("meeting", "moderngov", PARSER, meeting, problems=(*title.problems, *said), outside=outside)


def _split(blocks: Iterable[Block]) -> _Split:
    split, inside = _Split(), False
    for block in blocks:
        at = 0
        for mark in _MARK.finditer(block.text):
            _put(split, block, block.text[at : mark.start()], inside)
            if mark["item"]:
                inside = not mark["end"]
                if inside:
                    split.items.append([])
            at = mark.end()
        _put(split, block, block.text[at:], inside)
    return _Split(split.outside, [content for content in split.items if content])


def _put(split: _Split, block: Block, text: str, inside: bool) -> None:
    piece = make_block(text.strip(" |"), block.kind)
    if piece is not None:
        (split.items[-1] if inside else split.outside).append(piece)


def _title(blocks: Sequence[Block]) -> tuple[Title, str] | None:
    """The first line with a date, and the body: named in the same line, or in one above it."""
    for at, block in enumerate(blocks):
        line = block.text.replace("\n", " ")
        title = read_title(line)
        if title is None:
            continue
        for named in [line, *(one.text.replace("\n", " ") for one in blocks[:at][::-1])]:
            if match := _OF_BODY.match(named):
                return title, match["body"].strip(" ,.")
        if title.body:
            return title, title.body
        if at:
            return title, blocks[at - 1].text
    return None
