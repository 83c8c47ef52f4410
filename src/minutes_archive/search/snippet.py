"""Snippets: the passage of an item that best shows why it was found. Pure; never HTML."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from minutes_archive.model import Span
from minutes_archive.search.analysis import TEXT_GAP, Token, tokens
from minutes_archive.search.engine import Snippet
from minutes_archive.search.plan import Leaf
from minutes_archive.search.spelling import exact

# What tells the words of a text, positions counted from a number on: ``analysis.tokens`` or a faster way to the same.
Tokenise = Callable[[str, int], Iterator[Token]]

# The fields a passage is taken from, the most telling first.
PREFERENCE = ("minutes_text", "decision_text", "agenda_text", "title", "documents")
LENGTH = 240
# How much of a long sentence stands before its first hit.
_LEAD = 60
# The end of a line, or of a sentence: a full stop and the like before a blank and a capital, a digit or a quote.
# Each begins with one of few characters, which are quickly found; where it is a mark, the sentence ends behind that.
_END = re.compile(r"[\n.!?:;](?:(?<=\n)\n*|(?<!\n)(?!\n)[\"”’)]?\s+(?=[\"“‘(]?[A-ZÀ-Þ0-9]))")
# A full stop that ends no sentence: of initials, of the like of Mr., of the numeral of a list.
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|\d{1,2}|[ivx]{1,4}|Mr|Mrs|Ms|Dr|Cllr|No|St|para|vs|e\.g|i\.e)\.$")


@dataclass(frozen=True)
class _Mark:
    """A hit: where, and of which leaf."""

    start: int
    end: int
    leaf: int


def snippet(
    texts: Mapping[str, str], leaves: Sequence[Leaf], related: Sequence[Leaf] = (), tokenise: Tokenise = tokens
) -> Snippet:
    """The best passage of ``texts`` (by field name) for ``leaves``; without a hit anywhere, how the item begins.

    ``related`` are leaves that nobody typed: they are marked too, but what was typed decides which passage is best.
    ``tokenise`` may leave out words that are of no leaf.
    """
    best: tuple[tuple[int, int], str, list[_Mark]] | None = None
    wanted = [*leaves, *related]
    for name in PREFERENCE:
        marks = list(_marks(name, texts.get(name, ""), wanted, tokenise))
        worth = _worth(marks, len(leaves))
        if marks and (best is None or worth > best[0]):
            best = (worth, name, marks)
            if worth == (len(leaves), len(wanted)):  # no other field can show more
                break
    if best is None:
        name = next((name for name in PREFERENCE if texts.get(name)), "")
        return _passage(name, texts.get(name, ""), [], 0)
    return _passage(best[1], texts[best[1]], best[2], len(leaves))


def _worth(marks: Sequence[_Mark], typed: int) -> tuple[int, int]:
    """How many different leaves are hit: of the first ``typed`` ones, and of all."""
    leaves = {mark.leaf for mark in marks}
    return sum(leaf < typed for leaf in leaves), len(leaves)


def _marks(name: str, text: str, leaves: Sequence[Leaf], tokenise: Tokenise) -> Iterator[_Mark]:
    """Every hit in one field, in order."""
    if not text:
        return
    wanted = [(number, leaf) for number, leaf in enumerate(leaves) if name in leaf.fields]
    terms = {term for _, leaf in wanted for way in leaf.variants for term in way}
    if not terms:
        return
    places: dict[str, dict[int, Span]] = {}
    for token in _tokens(name, text, tokenise):
        for term in {token.term, exact(token.exact)} & terms:
            places.setdefault(term, {})[token.position] = Span(token.start, token.end)
    if not places:
        return
    yield from sorted(
        {mark for number, leaf in wanted for way in leaf.variants for mark in _found(number, way, places)},
        key=lambda mark: (mark.start, mark.end, mark.leaf),
    )


def _tokens(name: str, text: str, tokenise: Tokenise) -> Iterator[Token]:
    """The words of a field; each document's title is a line, and a text of its own."""
    if name != "documents":
        yield from tokenise(text, 0)
        return
    offset = position = 0
    for line in text.split("\n"):
        for token in tokenise(line, position):
            yield replace(token, start=token.start + offset, end=token.end + offset)
        offset += len(line) + 1
        position += len(line) + TEXT_GAP


def _found(leaf: int, way: Sequence[str], places: Mapping[str, Mapping[int, Span]]) -> Iterator[_Mark]:
    for position, first in places.get(way[0], {}).items():
        spans = [places.get(term, {}).get(position + step) for step, term in enumerate(way)]
        if all(spans) and spans[-1]:
            yield _Mark(first.start, spans[-1].end, leaf)


def _passage(name: str, text: str, marks: Sequence[_Mark], typed: int) -> Snippet:
    """The window of whole sentences with the most different hits, then the most hits, then the first.

    Where it has room left, what stands before it leads in.
    """
    sentences = list(_sentences(text))
    if not sentences:
        return Snippet(field=name)
    starts, ends = ([sentence[edge] for sentence in sentences] for edge in (0, 1))
    places = [mark.start for mark in marks]
    firsts = sorted({max(0, bisect_right(starts, place) - 1) for place in places}) or [0]
    windows = [(starts[first], ends[max(first, bisect_right(ends, starts[first] + LENGTH) - 1)]) for first in firsts]
    inside = [marks[bisect_left(places, start):bisect_left(places, end)] for start, end in windows]
    choice = max(range(len(windows)), key=lambda i: (_worth(inside[i], typed), len(inside[i]), -i))
    start, end = windows[choice]
    end = max([end, *(mark.end for mark in inside[choice])])  # a phrase may run on into the next sentence
    start = starts[min(bisect_left(starts, start), bisect_left(starts, end - LENGTH))]
    if end - start > LENGTH:
        start, end = _cut(text, start, end, inside[choice])
    held = [mark for mark in marks if start <= mark.start and mark.end <= end]
    return _laid_out(name, text, held, Span(start, end), start not in starts, end not in ends)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        end = match.start() if match[0][0] == "\n" else match.start() + 1
        if "\n" not in match[0] and _ABBREVIATED.search(text, max(start, end - 6), end):
            continue
        if end > start:
            yield start, match.end() - len(text[end:match.end()].lstrip('"”’)'))
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _cut(text: str, start: int, end: int, marks: Sequence[_Mark]) -> tuple[int, int]:
    """The part of a long passage where its hits are densest, cut between words and never inside a hit."""
    begin = start
    if marks:
        dense = _densest(marks)
        if dense.start - start > _LEAD:
            blank = text.find(" ", dense.start - _LEAD, dense.start)
            begin = blank + 1 if blank >= 0 else dense.start
        begin = min([begin, *(mark.start for mark in marks if mark.start < begin < mark.end)])
    finish = min(end, begin + LENGTH)
    finish = max([finish, *(mark.end for mark in marks if mark.start < finish < mark.end)])
    blank = text.find(" ", finish, min(end, finish + _LEAD))
    if finish < end and not text[finish].isspace():
        finish = blank if blank >= 0 else end if end - finish < _LEAD else finish
    return begin, finish


def _densest(marks: Sequence[_Mark]) -> _Mark:
    """The mark from which a passage would hold the most different hits; the first of several."""
    held: Counter[int] = Counter()
    best, most, last = marks[0], 0, 0
    for mark in marks:
        while last < len(marks) and marks[last].start - mark.start <= LENGTH - _LEAD:
            held[marks[last].leaf] += 1
            last += 1
        if len(held) > most:
            best, most = mark, len(held)
        held[mark.leaf] -= 1
        held += Counter()  # drops what is not held any more
    return best


def _laid_out(name: str, text: str, marks: Sequence[_Mark], cut: Span, cut_start: bool, cut_end: bool) -> Snippet:
    """The passage with the hits as spans of it; hits that overlap or touch become one."""
    # A run of line feeds becomes one: the others are taken out again, and spans move with them.
    passage = re.sub(r"\n+", lambda run: "\n" + "\0" * (len(run[0]) - 1), text[cut.start:cut.end])
    spans: list[Span] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        start, end = (place - cut.start - passage.count("\0", 0, place - cut.start) for place in (mark.start, mark.end))
        if spans and start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(end, spans[-1].end))
        else:
            spans.append(Span(start, end))
    return Snippet(passage.replace("\0", ""), tuple(spans), name, cut_start, cut_end)
