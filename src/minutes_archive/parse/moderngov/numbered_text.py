"""Minutes in one piece: split at numbered headings, where the numbers run on.

A numeral begins list entries too. Those begin anew at 1; headings go on where the last one stopped, and the longest
run of numbers that go on is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minutes_archive.identity import canonical_number
from minutes_archive.parse.blocks import Block, join_blocks
from minutes_archive.parse.labels import SENTENCES
from minutes_archive.parse.marks import is_number

_HEADING = re.compile(
    r"^(?P<number>\d{1,4}|[A-Z]{1,5}/?\d{1,4}(?:/\d{2,4})?)[.)]?\s+(?:\|\s+)?(?P<title>\S.{1,160})$", re.DOTALL
)
_COUNT = re.compile(r"\d+")
_FEWEST = 2


@dataclass(frozen=True)
class Section:
    """What stands under one numbered heading."""

    number: str | None
    title: str
    text: str


@dataclass(frozen=True)
class _Heading:
    at: int
    taken: int
    count: int
    number: str
    title: str


def split_numbered(blocks: Sequence[Block]) -> tuple[list[Block], list[Section]]:
    """What stands above the first heading, and each heading with what follows it; no sections where no numbers run on."""
    run = _longest_run(_headings(blocks))
    if len(run) < _FEWEST:
        return list(blocks), []
    ends = [heading.at for heading in run[1:]] + [len(blocks)]
    sections = [
        Section(heading.number, heading.title, join_blocks(blocks[heading.at + heading.taken : end]))
        for heading, end in zip(run, ends, strict=True)
    ]
    return list(blocks[: run[0].at]), sections


def read_heading(blocks: Sequence[Block]) -> tuple[str | None, str, Sequence[Block]]:
    """The number and title that ``blocks`` begin with, on one line or two, and the rest."""
    if not blocks:
        return None, "", ()
    first = blocks[0].text.replace("\n", " ")
    if is_number(first) and len(blocks) > 1:
        return canonical_number(first), blocks[1].text.replace("\n", " "), blocks[2:]
    number, _, title = first.partition(" ")
    if title and is_number(number):
        return canonical_number(number), title.removeprefix("| "), blocks[1:]
    return None, first, blocks[1:]


def _headings(blocks: Sequence[Block]) -> list[_Heading]:
    found = []
    for at, block in enumerate(blocks):
        match = _HEADING.match(block.text)
        if match and _is_title(match["title"]):
            found.append(_heading(at, 1, match["number"], match["title"]))
        elif is_number(block.text) and at + 1 < len(blocks) and _is_title(blocks[at + 1].text):
            found.append(_heading(at, 2, block.text, blocks[at + 1].text))
    return found


def _heading(at: int, taken: int, number: str, title: str) -> _Heading:
    counts = _COUNT.findall(number)
    title = title.replace("\n", " ").strip()
    return _Heading(at, taken, int(counts[0]) if counts else 0, canonical_number(number) or number, title)


def _is_title(text: str) -> bool:
    """Short, and no sentence; capitals throughout are a title whatever they say."""
    words = text.split()
    if len(text) > 160 or len(words) > 20:
        return False
    if text == text.upper():
        return True
    return not re.search(r"[.;,]$", text) and not SENTENCES.intersection(word.lower() for word in words)


def _longest_run(headings: Sequence[_Heading]) -> list[_Heading]:
    """The longest chain of headings in which each number is the last one's plus one; the first of equals."""
    best: dict[int, tuple[int, int]] = {}
    before: list[int | None] = []
    lengths: list[int] = []
    for place, heading in enumerate(headings):
        length, previous = best.get(heading.count - 1, (0, -1))
        before.append(previous if length else None)
        lengths.append(length + 1)
        if length + 1 > best.get(heading.count, (0, -1))[0]:
            best[heading.count] = (length + 1, place)
    if not headings:
        return []
    at: int | None = max(range(len(headings)), key=lambda place: (lengths[place], -place))
    run = []
    while at is not None:
        run.append(headings[at])
        at = before[at]
    return run[::-1]
