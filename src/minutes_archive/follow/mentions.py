"""What an item names: references, days and months, and words that point back at an earlier meeting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from minutes_archive.dates import find_dates
from minutes_archive.follow.entry import Entry, Quote, quote
from minutes_archive.model import TextField
from minutes_archive.rules import Rule, load_rules
from minutes_archive.text import plain_marks

_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)(?<!\bno\.)|\n", re.IGNORECASE)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)
# "in July", "the July meeting", "from January", "last October", "13th April"; the verb "may" only where it can be no verb.
_MONTH = re.compile(
    r"\b(?:in|from|of|last|the|since|on|for|to|\d(?:st|nd|rd|th)?(?: of)?) (?:early |late )?"
    rf"(?P<month>{'|'.join(_MONTHS)})\b(?:,? (?P<year>\d{{4}}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reference:
    """A reference that an item names. ``type`` is "application", "minute" (letters before) or "cited minute" (number alone)."""

    type: str
    key: str
    words: Quote


@dataclass(frozen=True)
class Cue:
    """Words that point back. ``kind`` is the link's; ``sentence`` is what was said with them, and the rest what that names."""

    kind: str
    words: Quote
    sentence: str
    days: frozenset[dt.date]
    months: frozenset[tuple[int, int | None]]
    minutes: frozenset[str]

    def points_to(self, day: dt.date, body_is_named: bool, gap: int) -> str:
        """How the cue may mean a meeting ``gap`` days before: by "day", "month" or "body", as "recent", or not at all ("")."""
        if self.days:
            return "day" if day in self.days else ""
        if self.months:
            fits = any(day.month == month and (year == day.year if year else gap < 400) for month, year in self.months)
            # "the December meeting of the Housing Committee" is as good as a day.
            return ("day" if body_is_named else "month") if fits else ""
        if body_is_named:
            return "body"
        return "recent"


def references(entry: Entry) -> Iterator[Reference]:
    """Every reference in the texts of ``entry``."""
    for field, text in entry.texts():
        if _DIGIT.search(text):
            yield from _references(entry, field, plain_marks(text))


def _references(entry: Entry, field: TextField, text: str) -> Iterator[Reference]:
    for rule in _rules("references.toml", "reference"):
        for match in rule.pattern.finditer(text):
            yield Reference(rule.type, _key(rule, match), quote(entry, field, match.start(), match.end()))


def _key(rule: Rule, match: re.Match[str]) -> str:
    """The reference in the form in which all its spellings are one."""
    key = re.sub(r"[\s.]+", " ", match["key" if "key" in rule.pattern.groupindex else 0].casefold())
    # One clerk writes the letter O, another a nought.
    return re.sub(r"\bno\b|[ -]", "", key).replace("/o", "/0") if rule.type == "application" else key


def named_days(entry: Entry) -> frozenset[dt.date]:
    """The days before its meeting that ``entry`` names."""
    return frozenset(one.day for _, text in entry.texts() for one in find_dates(text) if one.day < entry.day)


def cues(entry: Entry) -> Iterator[Cue]:
    """The words of ``entry`` that point back."""
    for field, text in entry.texts():
        plain = plain_marks(text)
        for rule in _rules("cues.toml", "cue"):
            for match in rule.pattern.finditer(plain):
                start, end = _sentence(plain, match.start(), match.end())
                said = plain[start:end]
                days = frozenset(one.day for one in find_dates(said) if one.day < entry.day)
                months = frozenset() if days else _months(said)
                minutes = frozenset(
                    _key(rule, match) for rule in _rules("references.toml", "reference") if rule.type != "application"
                    for match in rule.pattern.finditer(said)
                )
                yield Cue(rule.type, quote(entry, field, match.start(), match.end()), said, days, months, minutes)


def _months(words: str) -> frozenset[tuple[int, int | None]]:
    return frozenset(
        (_MONTHS.index(match["month"].casefold()) + 1, int(match["year"]) if match["year"] else None)
        for match in _MONTH.finditer(words)
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence that holds what stands between two places."""
    first = 0
    for match in _SENTENCE_END.finditer(text, 0, start):
        first = match.end()
    last = _SENTENCE_END.search(text, end)
    return first, last.start() if last else len(text)


@cache
def _rules(file: str, table: str) -> tuple[Rule, ...]:
    return load_rules(f"follow/{file}")[table]


def announced(entry: Entry, types: frozenset[str]) -> Iterator[tuple[Quote, str]]:
    """The words of the decisions of ``entry`` of these types, each with its sentence."""
    for decision in entry.item.decisions:
        if decision.type in types and decision.field is not None:
            text = plain_marks(entry.item.text_of(decision.field))
            start, end = _sentence(text, decision.start, decision.end)
            yield quote(entry, decision.field, decision.start, decision.end), text[start:end]


def says_month_or_day(sentence: str, day: dt.date) -> bool:
    """Whether a sentence names ``day`` or its month as the time to come."""
    return any(one.day == day for one in find_dates(sentence)) or any(
        month == day.month and year in (None, day.year) for month, year in _months(sentence)
    )
