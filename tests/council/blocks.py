"""The blocks of an authored text, and the plain form that a record holds it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "heading", "bullet", "numbered", "row"]


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, sub-heading, list entry or table row. ``numeral`` is a numbered entry's ("1.").

    ``text`` keeps its ``**`` marks; a row's cells are in ``cells``.
    """

    kind: Kind
    text: str
    numeral: str = ""
    cells: tuple[str, ...] = ()

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a list, of either kind."""
        return self.kind in ("bullet", "numbered")


def text_blocks(text: str) -> Iterator[TextBlock]:
    """The blocks of an authored text, in order."""
    paragraph: list[str] = []
    for line in [*text.split("\n"), ""]:
        block = _marked_block(line)
        if (block or not line.strip()) and paragraph:
            yield TextBlock("paragraph", " ".join(paragraph))
            paragraph = []
        if block:
            yield block
        elif line.strip():
            paragraph.append(line.strip())


def plain(text: str) -> str:
    """An authored text as a record holds it: paragraphs apart, entries and rows as lines, no marks."""
    joined, previous = "", None
    for block in text_blocks(text):
        if previous is not None:
            together = (block.is_entry and previous.is_entry) or (block.kind == previous.kind == "row")
            joined += "\n" if together else "\n\n"
        joined += plain_block(block)
        previous = block
    return joined


def plain_block(block: TextBlock) -> str:
    """One block as a record holds it."""
    body = " | ".join(block.cells).strip() if block.kind == "row" else f"{block.numeral} {block.text}"
    return body.replace("**", "").strip()


def _marked_block(line: str) -> TextBlock | None:
    if line.startswith("* "):
        return TextBlock("bullet", line[2:].strip())
    if match := re.match(r"(\d+\.) +", line):
        return TextBlock("numbered", line[match.end():].strip(), numeral=match[1])
    if line.startswith("## "):
        return TextBlock("heading", line[3:].strip())
    if line.startswith("|"):
        return TextBlock("row", "", cells=tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
    return None
