"""Lines and sentences of a record's text, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick

from minutes_archive.model import Span
from minutes_archive.text import plain_marks

# What an entry of a list begins with: "1.", "2)", "(a)", "iv.", "(iii)".
MARK = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})\)|(?:\d{1,2}(?:\.\d{1,2})?|[a-z]|[ivx]{1,4})\.)(?=\s)\s*", re.IGNORECASE)
# "G. Larch proposed" begins with an initial and no letter of a list.
_NAMED = re.compile(
    r"[A-Z]\. ?[A-Z][\w'-]+,? (?:(?:was|also|then) )?"
    r"(?:propos|second|mov|agreed|offered|has\b|will\b|to\b|and\b|asked|said|report)"
)
_END = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9£])")
# A full stop after these ends no sentence.
_ABBREVIATION = re.compile(
    r"\b(?:cllrs?|cmhlr|ald|prop|sec|messrs|ref|mr|mrs|ms|dr|prof|rev|st|no|nos|para|paras|ltd|co|vs|cf|approx|dept|inc|e\.g|i\.e|p\.m|a\.m|"
    r"(?<!appendix )(?<!annex )(?<!option )[A-Z])$",
    re.IGNORECASE,
)
# Nobody writes a longer sentence; what goes on without a full stop is read in parts, so that no rule ever has to go far.
_LONGEST = 2_000
_QUOTED = re.compile(r'"[^"\n]{1,2000}"')


@dataclass(frozen=True)
class Line:
    """One line of a text: a paragraph, an entry of a list or a row of a table.

    ``text`` has plain marks. ``paragraph`` counts from 0; ``mark`` is the length of a list numeral.
    """

    text: str
    start: int
    paragraph: int
    mark: int
    sentences: tuple[Span, ...]

    @property
    def end(self) -> int:
        """Where the line ends, in the whole text."""
        return self.start + len(self.text)

    @property
    def is_row(self) -> bool:
        """Whether the line is a row of a table."""
        return " | " in self.text


@lru_cache(maxsize=64)
def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of ``text``, empty ones left out."""
    lines, start, paragraph = [], 0, 0
    for raw in plain_marks(text).split("\n"):
        if raw:
            numeral = MARK.match(raw)
            mark = numeral.end() if numeral and not _NAMED.match(raw) else 0
            lines.append(Line(raw, start, paragraph, mark, tuple(_sentences(raw, start, mark))))
        else:
            paragraph += 1
        start += len(raw) + 1
    return tuple(lines)


def _sentences(line: str, offset: int, mark: int) -> list[Span]:
    spans, start = [], mark
    for match in _END.finditer(line, mark):
        stop = match.start()
        if line[stop] == "." and _ABBREVIATION.search(line, max(start, stop - 8), stop):
            continue
        spans.append(Span(offset + start, offset + match.end()))
        start = match.end()
        while start < len(line) and line[start].isspace():
            start += 1
    if start < len(line):
        spans.append(Span(offset + start, offset + len(line)))
    return [part for span in spans for part in _parts(line, span, offset)]


def _parts(line: str, span: Span, offset: int) -> Iterator[Span]:
    """A sentence, or where it is longer than any the parts of it, cut at blanks."""
    start = span.start
    while span.end - start > _LONGEST:
        blank = line.rfind(" ", start - offset + 1, start - offset + _LONGEST)
        stop = blank + 1 + offset if blank >= 0 else start + _LONGEST
        yield Span(start, stop)
        start = stop
    yield Span(start, span.end)


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Where ``text`` (with plain marks) is in double quotes; a quote ends at the end of its line at the latest."""
    return tuple(Span(*match.span()) for match in _QUOTED.finditer(text))


def is_inside(position: int, spans: tuple[Span, ...]) -> bool:
    """Whether ``position`` lies in one of ``spans``."""
    return any(span.start <= position < span.end for span in spans)


def says_any(text: str, words: tuple[str, ...]) -> bool:
    """Whether ``text``, case ignored, holds one of ``words`` (small letters): the cheap question before the dear ones."""
    return next(_automaton(words).iter(text.lower()), None) is not None


@cache
def _automaton(words: tuple[str, ...]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for word in words:
        automaton.add_word(word)
    automaton.make_automaton()
    return automaton
