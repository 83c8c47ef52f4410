"""Numbers of items as lines begin with them.

334, 338.1, 23/21, 15/24-25, C048/23, AG/21, 16.01.2, 01/25.4, 3a, "Item 3:", "Minute 27", "II.", "B.".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(
    r"(?P<word>(?:item|minute)\s+(?:no\.?\s*)?)?(?:"
    r"(?P<monthly>\d{1,2}/\d{2}(?:\.\d{1,3}){1,2})(?![\d/%])|"
    r"(?P<dated>\d{2}/\d{2}/\d{1,3})(?![\d/])"
    r"|(?P<slash>(?:[A-Z]{1,6}[ /]?)?\d{1,5}/\d{2,4}(?:-\d{2})?(?![\d/]))"
    r"|(?P<lettered>(?-i:[A-Z]{1,6})/\d{1,4}(?![\d/]))"
    r"|(?P<dotted>\d{1,4}(?:\.\d{1,3}){1,3}(?:\.?[a-z](?!\w))?)(?![\d%])"
    r"|(?P<plain>\d{1,5}[a-z]?)(?![\d/%])"
    r")(?P<mark>\s?[.):](?!\d)|\s+[-–](?=\s+[A-Z]))?",
    re.IGNORECASE,
)
_NOT_AN_ITEM = re.compile(r"\s*(?:[ap]\.?m\b|st\b|nd\b|rd\b|th\b|%|°|[-–]\s*\d|,\s*\d)", re.IGNORECASE)
_AGENDA_NUMBER = re.compile(r"\s+\d{1,3}[.)]\s+")
_TWO = 2


@dataclass(frozen=True)
class Number:
    """A number at the start of a line: as displayed, in parts, whether a point follows it, and where it ends."""

    shown: str
    parts: tuple[int, ...]
    family: str
    marked: bool
    end: int


def read_number(text: str) -> Number | None:
    """The item number that ``text`` begins with, or None: dates, times, sums and counts of things are none."""
    match = _NUMBER.match(text)
    if match is None or _NOT_AN_ITEM.match(text, match.end()):
        return None
    if (match["word"] or "").lower().startswith("minute") and not re.match(r"[\s.:–-]*(?:$|[A-Z(‘“\"'])", text[match.end() :]):
        # "Minute 27 refers": a sentence.
        return None
    shown = match["monthly"] or match["dated"] or match["slash"] or match["lettered"] or match["dotted"] or match["plain"]
    rest = text[match.end() :]
    marked = bool(match["mark"]) or bool(match["word"])
    if rest and not rest[0].isspace() and not (marked and re.match(r"[A-Z‘“\"'(*]", rest)):
        return None
    if not marked and rest.strip() and not re.match(r"\s*[A-Z‘“\"'(£\d]", rest):
        return None
    if match["plain"] and not marked and re.fullmatch(r"(?:19|20)\d\d", shown):
        return None
    # "14/06/1": year, month and item, as "14.06.1" is.
    dotted = match["dotted"] or match["dated"]
    family = "slash" if match["slash"] or match["lettered"] else "dotted" if dotted else "word" if match["word"] else "plain"
    # A letter counts as a level of its own: "3a" is the first below 3.
    parts = tuple(int(part) for part in re.findall(r"\d+", shown))
    # "1.0 Welcome" is of the first level.
    parts = parts[:1] if family == "dotted" and len(parts) == _TWO and parts[1] == 0 else parts
    if match["monthly"]:
        # "01/25.4.1": the month and the year are those of the meeting, the rest is of the item.
        family, parts = "word", tuple(int(part) for part in shown.split(".")[1:])
    if family != "slash" and shown[-1].isalpha():
        parts = (*parts, ord(shown[-1].lower()) - 96)
    end = match.end()
    # "C048/23      5.": the minute's number, then the agenda's.
    if family == "slash" and (agenda := _AGENDA_NUMBER.match(text, end)):
        end = agenda.end()
    return Number(shown, parts, family, marked, end)


_ROMAN = re.compile(r"(?P<shown>(?=[IVXL])(?:X[L]|L?X{0,3})(?:IX|IV|V?I{0,3}))[.)](?=\s+\S)")
_LETTER = re.compile(r"(?P<shown>[A-Z])[.)](?=\s+\S)")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


def read_roman(text: str) -> Number | None:
    """The Roman number in capitals that ``text`` begins with."""
    match = _ROMAN.match(text)
    if match is None:
        return None
    values = [_VALUES[sign] for sign in match["shown"]]
    value = sum(-one if one < below else one for one, below in zip(values, [*values[1:], 0], strict=True))
    return Number(match["shown"], (value,), "roman", True, match.end())


def read_letter(text: str) -> Number | None:
    """The capital letter that ``text`` begins with, as the number of an item: "B. Apologies"."""
    match = _LETTER.match(text)
    return Number(match["shown"], (ord(match["shown"]) - 64,), "letter", True, match.end()) if match else None
