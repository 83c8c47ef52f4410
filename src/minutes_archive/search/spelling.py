"""Spelling: one word or two, several ways of writing one, and words spelled nearly alike.

The index knows three kinds of terms: the stem of a word (``bike``), its folded form (``=bikes``) and
the mark of a hyphen (``~off-road``). Everything here asks a ``Lexicon`` which of them exist.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Protocol

from minutes_archive.search.analysis import hyphen_mark, join, stem
from minutes_archive.search.writings import writings

EXACT = "="
HYPHEN = "~"

# More ways of writing one phrase than this are not tried; the way it was typed is always the first.
_MAX_WAYS = 12
_SHORTEST_HALF = 3
_LONG_HALF = 4


class Lexicon(Protocol):
    """The words that an index holds."""

    def has(self, term: str) -> bool:
        """Whether any field holds the term."""

    def surfaces(self, prefix: str) -> Iterator[str]:
        """Every folded form that begins with ``prefix``, in order, each once."""

    def frequency(self, surface: str) -> int:
        """In about how many items the folded form stands."""


@dataclass(frozen=True)
class Words:
    """The tables of ``words.toml``."""

    stop: frozenset[str]
    bound: frozenset[str]
    halves: frozenset[str]
    particles: frozenset[str]
    solid: frozenset[str]
    units: frozenset[str]


@cache
def words() -> Words:
    """The tables, read once."""
    tables = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return Words(**{name: frozenset(text.split()) for name, text in tables.items()})


def exact(surface: str) -> str:
    """The index's term for a folded form."""
    return EXACT + surface


def are_one(one: str, two: str, lexicon: Lexicon) -> bool:
    """Whether two words typed one after the other are one: off road, 20 mph, and car park where the archive has carpark too."""
    tables = words()
    if one.isdigit():
        return two in tables.units
    if one in tables.bound:
        return two.isalpha()
    if not (one.isalpha() and two.isalpha()) or two in tables.stop or one in tables.stop - tables.particles:
        return False
    if join((one, two)) in tables.solid:
        return False
    return lexicon.has(stem(join((one, two)))) or lexicon.has(HYPHEN + hyphen_mark(one, two))


def halves(word: str, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """The ways of writing ``word`` as two: by the tables, by a hyphen in the archive, where it is unknown as one, or as
    two words of some length that the archive has (speed watch).
    """
    tables = words()
    if not word.isalpha() or word in tables.solid:
        return
    unknown = not lexicon.has(stem(word)) and not lexicon.has(exact(word))
    for cut in range(1, len(word) - 1):
        one, two = word[:cut], word[cut:]
        by_table = len(two) >= _SHORTEST_HALF and (one in tables.bound or one in tables.halves)
        by_guess = unknown and min(len(one) + 1, len(two)) >= _SHORTEST_HALF
        by_length = min(len(one), len(two)) >= _LONG_HALF and lexicon.has(stem(one)) and lexicon.has(stem(two))
        if by_table or by_guess or by_length or lexicon.has(HYPHEN + hyphen_mark(one, two)):
            yield one, two


def parted(word: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """The two words that one typed is, where the archive has both and never writes them as one; None for any doubt."""
    if lexicon.has(stem(word)) or lexicon.has(exact(word)):
        return None
    known = [pair for pair in halves(word, lexicon) if all(lexicon.has(stem(half)) for half in pair)]
    return known[0] if len(known) == 1 else None


def ways(
    surfaces: Sequence[str], lexicon: Lexicon, as_typed: bool = False, whole: bool = False
) -> tuple[tuple[str, ...], ...]:
    """The sequences of terms that the index holds for consecutive words: joined, parted, as typed, in other writings.

    Terms are stems, or folded forms where the words must stand ``as_typed``; no word is parted where each is ``whole``.
    Empty where a word is unknown.
    """
    name = exact if as_typed else stem
    if surfaces and not as_typed and join(surfaces) in words().solid:
        one = name(join(surfaces))
        return ((one,),) if lexicon.has(one) else ()
    onward: list[list[tuple[str, ...]]] = [[()]]  # from the end: the ways of writing what follows
    for index in range(len(surfaces) - 1, -1, -1):
        rest = surfaces[index:]
        steps = chain(
            _as_it_stands(rest, lexicon, name), () if whole else _in_halves(rest[0], lexicon, name),
            _joined(rest, lexicon, name), () if as_typed else _written_otherwise(rest, lexicon),
        )
        found = ((*terms, *after) for terms, width in steps for after in onward[-width])
        onward.append(list(islice(dict.fromkeys(found), _MAX_WAYS)))
    return tuple(onward[-1]) if surfaces else ()


# The steps: terms that the first of some words may be written in, and how many of the words they use up.
_Step = tuple[tuple[str, ...], int]


def _as_it_stands(surfaces: Sequence[str], lexicon: Lexicon, name: _Namer) -> Iterator[_Step]:
    if lexicon.has(name(surfaces[0])):
        yield (name(surfaces[0]),), 1


def _in_halves(word: str, lexicon: Lexicon, name: _Namer) -> Iterator[_Step]:
    for pair in halves(word, lexicon):
        terms = tuple(map(name, pair))
        if all(map(lexicon.has, terms)):
            yield terms, 1


def _joined(surfaces: Sequence[str], lexicon: Lexicon, name: _Namer) -> Iterator[_Step]:
    """Two words, or initials, as one."""
    initials = len(list(takewhile(lambda surface: len(surface) == 1, surfaces)))
    for width in sorted({2, max(2, initials)} if len(surfaces) > 1 else ()):
        joined = join(surfaces[:width])
        if joined.isalpha() and lexicon.has(name(joined)):
            yield (name(joined),), width


def _written_otherwise(surfaces: Sequence[str], lexicon: Lexicon) -> Iterator[_Step]:
    for width, ring in writings(surfaces):
        for terms in (tuple(map(stem, writing)) for writing in ring):
            if all(map(lexicon.has, terms)):
                yield terms, width


class _Namer(Protocol):
    def __call__(self, surface: str, /) -> str: ...


def near(word: str, candidates: Iterable[str], reach: int) -> list[tuple[int, str]]:
    """The ``candidates`` within ``reach`` edits of ``word``, nearest first: (edits, candidate).

    An edit is a letter more, less, other, or two neighbours swapped.
    """
    letters = _letters(word)
    found = []
    for candidate in candidates:
        if abs(len(candidate) - len(word)) <= reach and (_letters(candidate) ^ letters).bit_count() <= 2 * reach:
            edits = distance(word, candidate, reach)
            if edits <= reach:
                found.append((edits, candidate))
    return sorted(found)


def _letters(word: str) -> int:
    """The letters of ``word`` as bits: words within reach differ in few."""
    bits = 0
    for character in word:
        bits |= 1 << (ord(character) & 63)
    return bits


def distance(one: str, two: str, limit: int) -> int:
    """The edits between two words, or ``limit + 1`` once they are more."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, left in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(two, start=1):
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == two[j - 2] and one[i - 2] == right:
                edits = min(edits, earlier[j - 2] + 1)
            row.append(edits)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def reach_of(word: str) -> int:
    """How many edits ``word~`` allows."""
    return 2 if len(word) > 7 else 1
