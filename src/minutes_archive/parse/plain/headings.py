"""Headings: what is set apart as the heading of an item without a number.

Between numbered items a few headings stand by themselves ("Open Forum"). Minutes without any numbers set all of theirs apart
in one way, or two: as headings, bold, in capitals, with a colon, or on a line of their own over a sentence. That way counts
which, taken for the whole document, finds most business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from minutes_archive.parse.labels import label_key
from minutes_archive.parse.plain.attendance import label_of
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.numbers import read_number
from minutes_archive.parse.plain.titles import Titled, is_title_like, take_apart, tells
from minutes_archive.parse.plain.words import BUSINESS, BUSINESS_NOUNS, OPENING, is_business, is_closing, is_inner, stands_alone
from minutes_archive.procedural import is_procedural, procedural_kind

_APOLOGIES_TOLD = re.compile(r"(?:an )?apolog\w+\s+(?:for|was|were|had|received)", re.IGNORECASE)
_NAME_LINE = re.compile(r"(?:\d+ |\w+ )?members? of (?:the )?public|(?:Cllr|Councillor|Mr|Mrs|Ms)\b")
_MEETS = re.compile(r"\b(?:meeting|minutes)\b", re.IGNORECASE)
_LABEL = re.compile(r"([^:.]{3,60}):\s+\S")
_TO_DO = re.compile(r"to (?:elect|consider|receive|approve|note|adopt|appoint|nominate|discuss)\b", re.IGNORECASE)
_DASHED = re.compile(r"\s+[-–]\s")
_HEAD_LINES = 40
_FEWEST = 3
_A_SENTENCE = 7
_LATE = 0.6
_SHORT = 60
# A heading that is set apart may be as long as this: code points, words.
_A_LOUD_TITLE = (260, 40)
_SHORT_WORDS = 8


@dataclass(frozen=True)
class _Line:
    """A line as a heading may be: taken apart, with the line below it (None for the last)."""

    line: TextLine
    titled: Titled | None
    below: TextLine | None


@dataclass(frozen=True)
class _Way:
    """One way of setting headings apart. ``sure``: what a heading set apart so is worth that names no known business."""

    is_heading: Callable[[_Line], bool]
    sure: float
    needs_business: bool = False


def lone_heading(lines: Sequence[TextLine], at: int, labelled: bool) -> Titled | None:
    """An item without number among numbered ones. ``labelled``: the document's headings end in colons."""
    line = lines[at]
    if is_inner(line.text) or is_closing(line.text) or line.kind != "paragraph" or at + 1 >= len(lines):
        return None
    if match := OPENING.match(line.text):
        return Titled(match[0], line.text, "opening")
    if stands_alone(line.text):
        return Titled(line.text.strip(" .:"), "", "whole")
    label = _LABEL.match(line.text)
    if label and (stands_alone(label[1]) or (labelled and _names_business(label[1]))):
        return take_apart(line)
    if line.bold is not None and line.bold.start == 0 and stands_alone(line.text[: line.bold.end]):
        return take_apart(line)
    formal = procedural_kind(line.text) not in {"", "next_meeting"} or BUSINESS.match(line.text) or _TO_DO.match(line.text)
    if is_loud(line) and is_title_like(line.text, *_A_LOUD_TITLE) and formal and not line.text.endswith(":"):
        return Titled(line.text.strip(" ."), "", "whole")
    return None


def _names_business(label: str) -> bool:
    return is_business(label) or label_key(label) in BUSINESS_NOUNS or bool(BUSINESS.match(label)) or stands_alone(label)


def plain_headings(lines: Sequence[TextLine], first: int, taken: set[int]) -> list[int]:
    """The plain headings between numbered items: short lines over sentences, where several of them name business."""
    found = [
        at for at in range(first, len(lines) - 1)
        if at not in taken and not read_number(lines[at].text) and _heads_a_sentence(lines[at], lines[at + 1])
        and not is_inner(lines[at].text) and not is_closing(lines[at].text)
    ]
    named = [at for at in found if is_business(lines[at].text) or BUSINESS.match(lines[at].text)]
    return found if len(named) >= _FEWEST - 1 and len(named) * _FEWEST >= len(found) else []


def sub_headings(lines: Sequence[TextLine], start: int, end: int, fewest: int) -> list[int]:
    """The short headings in an item whose text is nothing but such headings and sentences in turn."""
    heads = [at for at in range(start, end - 1) if _heads_a_sentence(lines[at], lines[at + 1])]
    titles = [at for at in range(start, end) if _may_head(lines[at]) and (at in heads or not is_closing(lines[at].text))]
    return heads if len(heads) >= fewest and heads[0] == start and titles == heads else []


def headings_of(lines: Sequence[TextLine]) -> list[tuple[int, Titled]]:
    """The headings of minutes without numbers; empty where nothing heads anything."""
    body, end = after_head(lines), _end_of_business(lines)
    below = [*lines[body + 1 :], None]
    apart = {at: _Line(lines[at], take_apart(lines[at]), under) for at, under in zip(range(body, end), below, strict=False)}
    may = {at: one for at, one in apart.items() if _heads(one)}
    named = {at for at, one in may.items() if _is_named(one)}
    best: dict[int, Titled] = {}
    most = 0.0
    for way in _WAYS:
        found = {at: one.titled for at, one in may.items() if one.titled and (at in named or way.is_heading(one))}
        worth = [_worth(titled.title, way.sure) for titled in found.values()]
        business = sum(is_business(titled.title) for titled in found.values())
        enough = len(found) >= _FEWEST or (len(found) == _FEWEST - 1 and (min(found) - body <= 1 or business == len(found)))
        if enough and not (way.needs_business and business * _FEWEST < len(found)) and sum(worth) > most:
            best, most = found, sum(worth)
    if not best:
        best = {at: one.titled for at, one in apart.items() if one.titled and is_loud(one.line) and stands_alone(one.line.text)}
    return [(at, titled) for at, titled in best.items() if at not in _dashed_leads(lines, best)]


def _dashed_leads(lines: Sequence[TextLine], headings: dict[int, Titled]) -> set[int]:
    """The lines of ``headings`` that lead into a sentence by a dash, where most stand alone or have a colon.

    They are paragraphs of the item above.
    """
    dashed = {at for at, titled in headings.items() if titled.text and _DASHED.match(lines[at].text, len(titled.title))}
    return dashed if len(dashed) * 2 < len(headings) and min(headings) not in dashed else set()


def _end_of_business(lines: Sequence[TextLine]) -> int:
    """The first line in the latter part that closes the meeting: earlier it closes for a while, for the public to speak."""
    late = range(int(len(lines) * _LATE), len(lines))
    return next((at for at in late if is_closing(lines[at].text) and not _tells_next_day(lines[at])), len(lines))


def _tells_next_day(line: TextLine) -> bool:
    """Whether a line is the item of the next meeting, its heading set apart: "**Date of next meeting:** 4th May"."""
    led = line.bold is not None and line.bold.start == 0 and not line.slanted
    return led and not line.strong and procedural_kind(line.text) == "next_meeting"


def _worth(title: str, sure: float) -> float:
    return 2.0 if is_procedural(title) else 1.5 if is_business(title) else sure


def _is_named(one: _Line) -> bool:
    """Whether a short line by itself names business as minutes do, whatever it looks like: "Accounts for Approval"."""
    told = one.below is not None and _APOLOGIES_TOLD.match(one.below.text)
    return _may_head(one.line) and is_business(one.line.text) and (bool(told) or not label_of(one.line.text))


def is_loud(line: TextLine) -> bool:
    """Whether a line is set apart as a whole: a heading, bold, or in capitals."""
    text = line.text
    return bool(line.heading) or line.strong or (text == text.upper() and bool(re.search(r"[A-Z]{4}", text)))


def after_head(lines: Sequence[TextLine]) -> int:
    """Where the head of minutes without numbers ends: after the names of those present."""
    labels = [at for at, line in enumerate(lines[:_HEAD_LINES]) if label_of(line.text) and not _heads_told(lines, at)]
    if not labels:
        return next((at + 1 for at, line in enumerate(lines[:8]) if _MEETS.search(line.text)), 0)
    labels = [at for at in labels if at < _business_begins(lines, labels[0])]
    # A label alone on its line has its names on the next.
    named = label_of(lines[labels[-1]].text)
    end = labels[-1] + (1 if named and named.rest else 2)
    while end < len(lines) and _NAME_LINE.match(lines[end].text):
        end += 1
    return end


def _business_begins(lines: Sequence[TextLine], label: int) -> int:
    """The first line below a label of names that is set apart over a sentence: "Absent:" further down is of an item."""
    later = range(label + 2, min(len(lines) - 1, _HEAD_LINES))
    apart = (at for at in later if is_loud(lines[at]) and not label_of(lines[at].text) and tells(lines[at + 1].text))
    return next(apart, len(lines))


def _may_head(line: TextLine) -> bool:
    text = line.text
    ended = re.search(r"[.,;:!?]$", text) or (text[-1].isdigit() and not BUSINESS.match(text))
    return line.kind == "paragraph" and is_title_like(text, _SHORT, _SHORT_WORDS) and not ended


def _heads_a_sentence(line: TextLine, below: TextLine | None) -> bool:
    return below is not None and below.text.endswith(".") and len(below.text.split()) >= _A_SENTENCE and _may_head(line)


def _is_bold_led(one: _Line) -> bool:
    return one.line.strong or (one.line.bold is not None and one.line.bold.start == 0 and not one.line.slanted)


def _is_labelled(one: _Line) -> bool:
    lettered = re.match(r"\(?[a-z]\)", one.line.text)
    return one.titled is not None and one.titled.mark == "colon" and one.line.kind == "paragraph" and not lettered


def _leads_a_sentence(one: _Line) -> bool:
    """Whether a paragraph begins with its heading: "Play Area. The roundabout needs a new deck."."""
    titled = one.titled
    if titled is None or titled.mark not in {"stop", "run on", "colon"} or one.line.kind != "paragraph":
        return False
    return len(titled.title.split()) <= _SHORT_WORDS and tells(titled.text)


def _heads(one: _Line) -> bool:
    line, titled = one.line, one.titled
    if titled is None or titled.inferred or line.kind == "row" or (one.below is None and not titled.text):
        return False
    if is_inner(line.text) or (is_closing(line.text) and not _tells_next_day(line)):
        return False
    worded = bool(re.search(r"[^\W\d_]{3}", titled.title)) or stands_alone(titled.title)
    return is_title_like(titled.title, 200, 30) and worded


def _heads_told(lines: Sequence[TextLine], at: int) -> bool:
    """Whether "APOLOGIES" heads a sentence, as an item does, or is set apart as headings are and other labels are not."""
    alike = sum(_is_set_apart(line) for line in lines[at + 1 :])
    if at and _is_set_apart(lines[at]) and alike >= _FEWEST and not any(map(_is_set_apart, _labelled_above(lines, at))):
        return True
    told = at + 1 < len(lines) and _APOLOGIES_TOLD.match(lines[at + 1].text)
    return bool(told) and ":" not in lines[at].text


def _is_set_apart(line: TextLine) -> bool:
    return (bool(line.heading) or line.strong) and not line.text.endswith(":")


def _labelled_above(lines: Sequence[TextLine], at: int) -> list[TextLine]:
    return [line for line in lines[:at] if label_of(line.text)]


# The ways in which minutes without numbers head their items.
_WAYS = (
    _Way(lambda one: one.line.heading > 0, 1.0),
    _Way(_is_bold_led, 1.0),
    _Way(lambda one: is_loud(one.line), 0.9),
    _Way(lambda one: re.fullmatch(r"[^.:]{3,80}:[-–]?", one.line.text) is not None, 0.4, needs_business=True),
    _Way(_is_labelled, 0.3, needs_business=True),
    _Way(lambda one: _heads_a_sentence(one.line, one.below), 0.4),
    _Way(_leads_a_sentence, 0.1, needs_business=True),
    _Way(lambda one: _is_labelled(one) or _heads_a_sentence(one.line, one.below), 0.2, needs_business=True),
)
