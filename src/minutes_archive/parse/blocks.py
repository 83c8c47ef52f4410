"""Blocks: the readable pieces of a text, whatever it came from, and how they stand in a record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from minutes_archive.text import fold_line, strip_bullet

Kind = Literal["paragraph", "entry", "row"]

# "1. ", "(2) ", "a) ", "(iv) ": a list entry whose numeral is text.
_NUMERAL = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]{1,5}\))\s+\S")


@dataclass(frozen=True)
class Block:
    """A folded paragraph, list entry or table row (cells joined by " | ")."""

    text: str
    kind: Kind = "paragraph"


def make_block(raw: str, kind: Kind = "paragraph") -> Block | None:
    """The block that ``raw`` text makes, a leading bullet dropped (it marks an entry); None where nothing is left."""
    body, bulleted = strip_bullet(raw.strip("\n"))
    lines = [folded for line in body.split("\n") if (folded := fold_line(line))]
    if not lines:
        return None
    return Block("\n".join(lines), "entry" if bulleted and kind == "paragraph" else kind)


def join_blocks(blocks: Iterable[Block]) -> str:
    """The record's form: an empty line between paragraphs, one line each for entries of a list and rows of a table."""
    text, previous = "", None
    for block in blocks:
        if previous is not None:
            text += "\n" if block.kind == previous.kind and block.kind != "paragraph" else "\n\n"
        text += block.text
        previous = block
    return text


def text_block(raw: str) -> Block | None:
    """The block of one line of a text rendering: rows are told by their bars, entries by bullet or numeral."""
    block = make_block(raw)
    if block is None:
        return None
    if " | " in block.text:
        return Block(block.text.strip("| "), "row")
    return Block(block.text, "entry") if _NUMERAL.match(block.text) else block
