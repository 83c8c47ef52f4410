"""Numbers behind the headings: "Footpaths (22/36)", "Cemetery PLA147/14". They are put before them, where all others stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from minutes_archive.model import Span
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.numbers import read_number
from minutes_archive.parse.plain.titles import is_title_like

_BEHIND = re.compile(
    r"(?P<title>\S.{2,150}?)\s*(?:[(\[](?P<within>(?:[A-Z]{1,6}[ /]?)?\d{1,5}/\d{2,4})[)\]]"
    r"|\s(?P<bare>[A-Z]{1,6}[ /]?\d{1,5}/\d{2,4}))\s*[:.]?"
)
_COUNTS = re.compile(r"\d+")
_FEWEST = 3
# No meeting has more items; a list of data may.
_MOST_CANDIDATES = 800


def numbers_first(lines: Sequence[TextLine]) -> list[TextLine]:
    """``lines`` with the numbers behind headings put before them, where they run on from one heading to the next."""
    read = {at: match for at, line in enumerate(lines) if (match := _heading(line))}
    run = _longest_run([(at, *_counts(match)) for at, match in islice(read.items(), _MOST_CANDIDATES)])
    if len(run) < _FEWEST:
        return list(lines)
    found = list(lines)
    for at in run:
        line, match = lines[at], read[at]
        text = f"{match['within'] or match['bare']} {match['title'].rstrip(' -–:')}"
        found[at] = replace(line, text=text, bold=Span(0, len(text)) if line.strong else None)
    return found


def _heading(line: TextLine) -> re.Match[str] | None:
    match = _BEHIND.fullmatch(line.text) if line.kind == "paragraph" else None
    return match if match and is_title_like(match["title"]) and read_number(line.text) is None else None


def _counts(match: re.Match[str]) -> tuple[int, int]:
    one, other = _COUNTS.findall(match["within"] or match["bare"])
    return int(one), int(other)


def _longest_run(numbers: Sequence[tuple[int, int, int]]) -> list[int]:
    """The lines of the longest run in which one count goes on and the other, the year, stays."""
    best: list[int] = []
    for year, count in ((1, 2), (2, 1)):
        ends: dict[tuple[int, int], list[int]] = {}
        for one in numbers:
            run = [*ends.get((one[year], one[count] - 1), []), one[0]]
            ends[one[year], one[count]] = max(run, ends.get((one[year], one[count]), []), key=len)
        best = max([best, *ends.values()], key=len)
    return best
