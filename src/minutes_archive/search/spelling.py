"""Spelling: one word or two, and words spelled nearly alike.

The index knows three kinds of terms: the stem of a word (``bike``), its folded form (``=bikes``) and
the mark of a hyphen (``~off-road``). Everything here asks a ``Lexicon`` which of them exist.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from minutes_archive.search.analysis import hyphen_mark, join, stem

EXACT = "="
HYPHEN = "~"

# More ways of writing one phrase than this are not tried; the way it was typed is always the first.
_MAX_WAYS = 12
_SHORTEST_HALF = 3
_LONG_HALF = 4
# A known word in so many items (titles and texts counted) is no stray one.
_OFTEN = 3


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
    return lexicon.has(stem(join((one, two)))) or lexicon.has(HYPHEN + hyphen_mark(one, two))


def halves(word: str, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """The ways of writing ``word`` as two: by the tables, by a hyphen in the archive, where it is unknown as one, or as
    two words of some length that the archive has (speed watch).
    """
    if not word.isalpha():
        return
    tables = words()
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


def ways(surfaces: Sequence[str], lexicon: Lexicon, as_typed: bool = False) -> tuple[tuple[str, ...], ...]:
    """The sequences of terms that the index holds for consecutive words: joined, parted, as typed.

    Terms are stems, or folded forms where the words must stand ``as_typed``. Empty where a word is unknown.
    """
    name = exact if as_typed else stem
    onward: list[list[tuple[str, ...]]] = [[()]]  # from the end: the ways of writing what follows
    for index in range(len(surfaces) - 1, -1, -1):
        found = (
            (*terms, *rest)
            for terms, width in _steps(surfaces[index:index + 2], lexicon, name)
            for rest in onward[-width]
        )
        onward.append(list(islice(dict.fromkeys(found), _MAX_WAYS)))
    return tuple(onward[-1]) if surfaces else ()


def _steps(surfaces: Sequence[str], lexicon: Lexicon, name: _Namer) -> Iterator[tuple[tuple[str, ...], int]]:
    """The terms that the first of ``surfaces`` may be written in, and how many of ``surfaces`` they use up."""
    word = surfaces[0]
    if lexicon.has(name(word)):
        yield (name(word),), 1
    for one, two in halves(word, lexicon):
        if lexicon.has(name(one)) and lexicon.has(name(two)):
            yield (name(one), name(two)), 1
    if len(surfaces) == 2 and word.isalpha() and surfaces[1].isalpha():
        joined = name(join(surfaces))
        if lexicon.has(joined):
            yield (joined,), 2


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


def nearest(word: str, lexicon: Lexicon) -> str | None:
    """The known word that was probably meant by an unknown one. None for none.

    That of the fewest edits, then one that begins alike (few people mistype how a word begins), then the most frequent.
    """
    if len(word) < 4 or not word.isalpha():
        return None
    reach = 1 if len(word) <= 5 else 2
    known = near(word, (surface for surface in lexicon.surfaces("") if surface.isalpha()), reach)
    best = [surface for edits, surface in known if edits == known[0][0]]
    return min(best, key=lambda surface: (surface[0] != word[0], -lexicon.frequency(surface), surface), default=None)


def is_slip(word: str, known: str, lexicon: Lexicon) -> bool:
    """Whether an unknown word is so near a known one that it is taken for it without asking.

    A short word must be near a frequent one.

    Stricter than what is suggested: most unknown words are words of their own, which nobody here has used yet.
    """
    reach = 2 if len(word) > 9 else 1
    alike = len(word) >= 5 and word[0] == known[0] and distance(word, known, reach) <= reach
    return alike and (len(word) > 6 or lexicon.frequency(known) >= _OFTEN)
