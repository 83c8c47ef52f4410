"""Rolls: recorded votes that name who voted how, a line for each side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.sentences import Line
from minutes_archive.model import Span, Vote
from minutes_archive.rules import load_rules

_UNITS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# The letter O stands for nought in typed minutes ("O ABSTENTIONS").
_NOUGHT = frozenset({"o", "none", "nil", "nought", "zero", "nobody", "no one"})
# A line above a roll that is no longer says what was put. Code points.
_HEADING = 80
_SIDES = {"aga": "against", "nay": "against", "noe": "against", "abs": "abstain", "not": "abstain"}
_SIDE = re.compile(r"(?:for|against|in favour|abst\w+|not voting)\b", re.IGNORECASE)
_SIDE_ALONE = re.compile(r"(?:for|against|in favour|abst\w+|not voting)(?: the \w+)?\s*(?:\(\d{1,3}\))?\s*:?", re.IGNORECASE)
_AT_THE_END = re.compile(r"\((\d{1,3})\)[.;]?$")
_AT_THE_START = re.compile(r"\s*([\w-]+)\b(?: members| councillors|$)", re.IGNORECASE)
_NAMES = re.compile(r"(?<!\s)\s*(?:,|;|\band\b|&)\s*")


@dataclass(frozen=True)
class Roll:
    """A recorded vote: its lines, the words that say what was put (the line above, and "For the amendment"), its count.

    ``differences`` are the sides of which the figure is not the number of the names: (side, figure, names).
    """

    span: Span
    what: str
    vote: Vote
    differences: tuple[tuple[str, int, int], ...]


def number(told: str) -> int | None:
    """The number that figures or words tell, None for other words."""
    word = told.lower()
    if word.isdigit():
        return int(word)
    if word in _NOUGHT:
        return 0
    tens, _, units = word.replace(" ", "-").partition("-")
    if tens in _TENS:
        return 20 + 10 * _TENS.index(tens) + (_UNITS.index(units) if units in _UNITS else 0)
    return _UNITS.index(word) if word in _UNITS else None


def read_rolls(lines: Sequence[Line]) -> list[Roll]:
    """The rolls in ``lines``: two or more sides on lines that follow one another."""
    rolls: list[Roll] = []
    sides: list[tuple[Line, re.Match[str]]] = []
    rule = load_rules("annotate/votes.toml")["roll"][0]
    above = ""
    for line in (*_sides_joined(lines), None):
        match = rule.pattern.match(line.text) if line else None
        if line and match and not _is_head(line):
            sides.append((line, match))
            continue
        if len(sides) > 1:
            rolls.append(_roll(sides, above))
        above = line.text if line and len(line.text) <= _HEADING else ""
        sides = []
    return sorted([*rolls, *_tables(lines)], key=lambda roll: roll.span.start)


def _sides_joined(lines: Sequence[Line]) -> Iterator[Line]:
    """``lines``, a side that stands alone on its own ("For") joined with the names on the line after it."""
    waiting: Line | None = None
    for line in lines:
        if waiting and not (_SIDE.match(line.text) or line.is_row):
            side = f"{waiting.text.rstrip(' :')}:"
            # Blanks between keep the offsets true.
            yield replace(waiting, text=f"{side}{' ' * (line.start - waiting.start - len(side))}{line.text}")
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = line if _SIDE_ALONE.fullmatch(line.text) else None
        if waiting is None:
            yield line
    if waiting:
        yield waiting


def _tables(lines: Sequence[Line]) -> Iterator[Roll]:
    """A vote for each row of a table that heads its columns "Motion", "For" and "Against"."""
    columns: dict[str, int] = {}
    for line in lines:
        cells = [cell.strip() for cell in line.text.strip("| ").split(" | ")] if line.is_row else []
        named = {_side(cell): at for at, cell in enumerate(cells) if _side(cell)}
        if {"for", "against", "what"} <= named.keys():
            columns = named
        elif columns and len(cells) > max(columns.values()):
            figures = {side: number(cells[at]) for side, at in columns.items()}
            fate = cells[columns["result"]].lower() if "result" in columns else ""
            result = "lost" if re.search(r"lost|fell|defeat|not carried", fate) else "carried" if fate else None
            vote = Vote(figures["for"], figures["against"], figures.get("abstain"), result=result)
            if vote.in_favour is not None and vote.against is not None:
                yield Roll(Span(line.start, line.end), "", vote, ())
        else:
            columns = {}


def _side(cell: str) -> str:
    """What a column of votes holds, by its head: "for", "against", "abstain", "result", "what" was put; "" for others."""
    head = cell.lower().strip(" :*")
    names = {"in favour": "for", "for": "for", "against": "against", "result": "result", "outcome": "result"}
    if head in {"motion", "proposal", "amendment", "resolution", "recommendation", "question"}:
        return "what"
    return "abstain" if head.startswith("abst") else names.get(head, "")


def _is_head(line: Line) -> bool:
    """Whether a row only heads the columns of a table ("For | Against")."""
    return line.is_row and len(re.findall(r"\b(?:for|against|abst\w+)\b", line.text, re.IGNORECASE)) > 1


def _roll(sides: Sequence[tuple[Line, re.Match[str]]], above: str) -> Roll:
    counts: dict[str, int] = {}
    differences = []
    for line, match in sides:
        side = _SIDES.get(match["side"][:3].lower(), "for")
        told, names = _told(line.text[match.end():], match["count"])
        counts.setdefault(side, names if told is None else told)
        if told is not None and names and told != names:
            differences.append((match["side"], told, names))
    what = " ".join(filter(None, (above, *(match["what"] for _, match in sides[:1]))))
    vote = Vote(counts.get("for"), counts.get("against"), counts.get("abstain"))
    return Roll(Span(sides[0][0].start, sides[-1][0].end), what, vote, tuple(differences))


def _told(rest: str, count: str | None) -> tuple[int | None, int]:
    """The figure that a side of a roll tells, and how many names it has: 0 where it has no list of names."""
    end = _AT_THE_END.search(rest)
    start = _AT_THE_START.match(rest)
    words = number(start[1]) if start else None
    figure = count or (end[1] if end else None)
    told = int(figure) if figure else words
    if words is not None:
        return told, 0
    names = [name for name in _NAMES.split(_AT_THE_END.sub("", rest).strip(" .|")) if re.search(r"[A-Z]", name)]
    listed = bool(names) and not re.search(r"\b(?:others|as listed|see|the rest|remaining)\b", rest)
    return told, len(names) if listed else 0
