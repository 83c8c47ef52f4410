"""Numbered lines: where in a text rendering the items' numbers stand, alone on their lines or before the titles.

A numeral begins the entries of lists too. Of all numbers written in one way, those of items run on from one to the next
through the whole page; of several ways the one is taken whose run is worth most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minutes_archive.parse.labels import BLOCKS, OPENINGS, label_and_rest
from minutes_archive.parse.marks import ATTACHMENT_INSIDE, NUMBER, is_number
from minutes_archive.parse.paragraphs import Paragraph
from minutes_archive.text import fold_line

_BEFORE_TITLE = re.compile(rf"\s*(?P<number>{NUMBER})(?P<room>[ \xa0]*\t\s*|[ \xa0]{{2,}}|[ \xa0])(?P<title>[^\W_].{{1,200}})$")
_COUNTS = re.compile(r"\d+")
_LEVEL = re.compile(r"(?P<above>.*\d)(?:[a-z]|\.\d{1,2}|\([a-z]\))\.?")
# What a step from one number to the next is worth; numbers that are lost or not shown leave holes.
_STEPS = {1: 1.0, 2: 0.4, 3: 0.2}
# How much what stands below a number speaks for an item.
_LABEL_BELOW, _AGENDA_BELOW, _FILE = 1.0, 0.5, 1.0
# A run of numbers before titles with but one blank between must be this long.
_LONG_RUN = 3
_FEWEST = 2
_FEWEST_WORTH = 2.0


@dataclass(frozen=True)
class _Candidate:
    """A line that may begin an item. ``way``: how its number is written; ``count``: which one in the run it is."""

    at: int
    number: str
    title: str
    way: tuple[str, str]
    counts: tuple[int, ...]
    worth: float


def opens_with_number(raw: str) -> bool:
    """Whether a line begins with a number that room or a stop sets apart from what follows."""
    match = _BEFORE_TITLE.match(raw)
    return match is not None and (len(match["room"]) > 1 or "\t" in match["room"] or match["number"].endswith("."))


def numbers_apart(paragraphs: Sequence[Paragraph], room: int = 0) -> list[Paragraph]:
    """``paragraphs`` with the numbers of items on lines of their own; only those with ``room`` above them are."""
    run = _items(paragraphs, room)
    found: list[Paragraph] = []
    for at, one in enumerate(paragraphs):
        if at in run:
            number, title = run[at].number, run[at].title
            found.append(Paragraph(number, number, max(one.gap, 1)))
            found += [Paragraph(title, fold_line(title), 0)] if title else []
        else:
            found.append(one)
    return found


def _items(paragraphs: Sequence[Paragraph], room: int) -> dict[int, _Candidate]:
    ways: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    every = [one for one in _candidates(paragraphs) if paragraphs[one.at].gap >= room]
    for one in every:
        ways[one.way].append(one)
    runs = [run for way, candidates in ways.items() if len(run := _best_run(candidates)) >= _fewest(way)]
    best = max(runs, key=_worth, default=[])
    if _worth(best) < _FEWEST_WORTH:
        return {}
    found = {one.at: one for one in best}
    return {**found, **{one.at: one for one in _below(every, best)}}


def _fewest(way: tuple[str, str]) -> int:
    return _LONG_RUN if way[1] == "blank" else _FEWEST


def _worth(run: Sequence[_Candidate]) -> float:
    return sum(one.worth for one in run) + len(run) - 1


def _candidates(paragraphs: Sequence[Paragraph]) -> Iterator[_Candidate]:
    for at, one in enumerate(paragraphs):
        below = paragraphs[at + 1 : at + 3]
        if is_number(one.line) and below and _may_be_title(below[0].line):
            yield _candidate(at, one.line, "", "alone", _speaks(below[0].line, below[1:]))
        elif (match := _BEFORE_TITLE.match(one.raw)) and is_number(match["number"].strip()) and _may_be_title(match["title"]):
            wide = "room" if len(match["room"]) > 1 or "\t" in match["room"] else "blank"
            yield _candidate(at, match["number"], match["title"], wide, _speaks(match["title"], below))


def _candidate(at: int, number: str, title: str, place: str, worth: float) -> _Candidate:
    number = fold_line(number)
    shape = re.sub(r"(?<=\d)[a-z](?=\.?$)", "", _COUNTS.sub("1", number))
    counts = tuple(int(count) for count in _COUNTS.findall(number))
    return _Candidate(at, number, title, (shape, place), counts, worth)


def _may_be_title(line: str) -> bool:
    opens = re.match(r"[\W_]*([^\W_])", line)
    return bool(opens and not opens[1].islower()) and not is_number(line) and label_and_rest(line, BLOCKS) is None


def _speaks(title: str, below: Sequence[Paragraph]) -> float:
    """How much a title's file, and the label or agenda text below it, speak for an item."""
    worth = _FILE if ATTACHMENT_INSIDE.search(title) else 0.0
    if below and label_and_rest(below[0].line, BLOCKS):
        return worth + _LABEL_BELOW
    return worth + (_AGENDA_BELOW if below and below[0].line.startswith(OPENINGS) else 0.0)


def _best_run(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The run worth most among numbers written in one way: that count which is not the same in all of them goes on."""
    places = range(min(len(one.counts) for one in candidates))
    return max((_run(candidates, place) for place in places), key=_worth, default=[])


def _run(candidates: Sequence[_Candidate], place: int) -> list[_Candidate]:
    best: list[float] = []
    came: list[int | None] = []
    last: dict[int, int] = {}
    for at, one in enumerate(candidates):
        value, source = one.worth, None
        for step, worth in _STEPS.items():
            before = last.get(one.counts[place] - step)
            if before is not None and best[before] + one.worth + worth > value:
                value, source = best[before] + one.worth + worth, before
        best.append(value)
        came.append(source)
        known = last.get(one.counts[place])
        if known is None or value > best[known]:
            last[one.counts[place]] = at
    end: int | None = max(range(len(best)), key=best.__getitem__)
    run = []
    while end is not None:
        run.append(candidates[end])
        end = came[end]
    return run[::-1]


def _below(every: Sequence[_Candidate], run: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """The numbers one level below those of ``run``: 5a and 5b, or 5.1 and 5.2, between 5 and 6."""
    taken = {one.at for one in run}
    above = ""
    for one in every:
        if one.at in taken:
            above = one.number.rstrip(".")
        elif above and (match := _LEVEL.fullmatch(one.number)) and match["above"] == above:
            yield one
