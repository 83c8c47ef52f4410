"""Quotes: the sentence or two of an item that say most of a theme, as an exact slice of one of its texts.

The rule, in this order:

1. Minutes and decisions before the agenda: what was said and decided before what was to be.
2. A whole sentence before a heading, an entry of a list or a row of a table.
3. The sentence that names most: typed words first, then related ones; a whole name counts for each of its words. Of several
   the one that is no decision, which is told beside the quote anyway; from the minutes; the earlier one.
4. A short sentence takes the next of its paragraph with it; a very long one is cut between words.

Where no sentence says the theme (a title or a topic does): the words of the decision, else how the item begins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from minutes_archive.annotate.sentences import lines_of
from minutes_archive.model import Span, TextField
from minutes_archive.search.analysis import stem
from minutes_archive.trace.words import Found

# Code points. A shorter sentence takes the next one with it; a longer one is cut.
SHORT, LONG = 90, 500
_LEAD = 120
# What is shorter is a heading, however it ends.
_LEAST = 40
_SPOKEN: tuple[TextField, ...] = ("minutes_text", "decision_text")
_PLANNED: tuple[TextField, ...] = ("agenda_text",)
_STOPS = (".", "!", "?", ".”", ".’", '."', ".'")


@dataclass(frozen=True)
class Quote:
    """Exact words: ``item[field][start:end] == text``. ``cut_start`` and ``cut_end``: it begins or ends inside a sentence."""

    field: TextField
    start: int
    end: int
    text: str
    cut_start: bool = False
    cut_end: bool = False


@dataclass(frozen=True)
class _Sentence:
    """A sentence, the one after it on its line, and the names of the theme in it."""

    field: TextField
    span: Span
    following: Span | None
    found: tuple[Found, ...] = ()


def choose_quote(texts: Mapping[str, str], found: Mapping[str, Sequence[Found]], decision: str = "") -> Quote | None:
    """The best quote of an item; None for one without text.

    ``found`` are the names of the theme in each text; ``decision`` holds the exact words of the item's decision.
    """
    for fields in (_SPOKEN, _PLANNED):
        said = [one for field in fields for one in _sentences(field, texts.get(field, ""), found.get(field, ())) if one.found]
        if said:
            best = max(said, key=lambda one: _worth(one, texts[one.field], decision))
            return _quote(texts[best.field], best)
    return _decided(texts, decision) or _beginning(texts)


def _sentences(field: TextField, text: str, found: Sequence[Found] = ()) -> Iterator[_Sentence]:
    places = [one.start for one in found]
    for line in lines_of(text):
        for at, span in enumerate(line.sentences):
            following = line.sentences[at + 1] if at + 1 < len(line.sentences) else None
            inside = found[bisect_left(places, span.start) : bisect_left(places, span.end)] if found else ()
            yield _Sentence(field, span, following, tuple(inside))


def _worth(sentence: _Sentence, text: str, decision: str) -> tuple[bool, int, int, bool, bool, int]:
    typed, related = (
        len({stem(surface) for one in sentence.found if one.name.typed is typed for surface in one.name.surfaces})
        for typed in (True, False)
    )
    said = text[sentence.span.start : sentence.span.end]
    whole = len(said) >= _LEAST and said.endswith(_STOPS) and " | " not in said
    return whole, typed, related, said not in decision, sentence.field == "minutes_text", -sentence.span.start


def _quote(text: str, sentence: _Sentence) -> Quote:
    start, end = sentence.span.start, sentence.span.end
    if end - start < SHORT and sentence.following and sentence.following.end - start <= LONG:
        end = sentence.following.end
    if end - start > LONG:
        return _cut(text, sentence)
    return Quote(sentence.field, start, end, text[start:end])


def _cut(text: str, sentence: _Sentence) -> Quote:
    """The part of a long sentence that begins shortly before the theme is named, cut at blanks."""
    start, end = sentence.span.start, sentence.span.end
    named = sentence.found[0] if sentence.found else None
    begin = start
    if named and named.start - start > LONG - _LEAD:
        begin = text.rfind(" ", start, named.start - _LEAD) + 1 or start
    finish = min(end, begin + LONG)
    if finish < end:
        blank = max(text.rfind(" ", begin, finish), text.rfind("\n", begin, finish))
        finish = blank if blank > (named.end if named else begin) else finish
    return Quote(sentence.field, begin, finish, text[begin:finish], begin > start, finish < end)


def _decided(texts: Mapping[str, str], decision: str) -> Quote | None:
    for field in (*_SPOKEN, *_PLANNED):
        at = texts.get(field, "").find(decision) if decision else -1
        if at >= 0:
            return _quote(texts[field], _Sentence(field, Span(at, at + len(decision)), None))
    return None


def _beginning(texts: Mapping[str, str]) -> Quote | None:
    for field in (*_SPOKEN, *_PLANNED):
        for first in _sentences(field, texts.get(field, "")):
            return _quote(texts[field], first)
    title = texts.get("title")
    return Quote("title", 0, len(title), title) if title else None
