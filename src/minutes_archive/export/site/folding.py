"""Folding for the search in the page: so that a theme is found however it is spelt, as on the command line.

Browsers know neither compounds (off-road, off road, offroad) nor the topic vocabulary (motorbikes, quads). So every document
carries a tail of extra words that nobody is shown: the compounds of its words, and one made-up word for each concept (a
topic or a group of synonyms) that any of its labels stands in it for. The page's script folds what is typed in the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from minutes_archive.search.analysis import Part, join, parts, stem
from minutes_archive.search.expand import Labels
from minutes_archive.search.spelling import words as tables


@dataclass(frozen=True)
class Concept:
    """A topic or group of synonyms: its made-up word and its labels."""

    token: str
    labels: tuple[str, ...]

    def as_record(self) -> list[Any]:
        """As the page's script reads it: the made-up word, then each label in folded words."""
        return [self.token, [" ".join(part.surface for part in parts(label)) for label in self.labels]]


@dataclass
class Words:
    """What a set of documents tells of compounds: ``apart`` are pairs that may be one word, ``whole`` those written as one."""

    apart: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def as_record(self) -> dict[str, list[str]]:
        """As JSON."""
        return {"apart": sorted(self.apart), "whole": sorted(self.whole)}


class Folding:
    """The folding of documents, with one vocabulary."""

    def __init__(self, vocabulary: Iterable[Labels]) -> None:
        self.concepts = tuple(
            Concept(made_up_word(group.pref_label), tuple(dict.fromkeys((group.pref_label, *group.alt_labels))))
            for group in vocabulary
        )
        self._labels: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for concept in self.concepts:
            for label in concept.labels:
                for stems in dict.fromkeys(_readings(label)):
                    self._labels.setdefault(stems[0], []).append((stems, concept.token))

    def tail(self, texts: Iterable[str], words: Words) -> list[str]:
        """The extra words of a document, in a fixed order; what its texts tell of compounds is added to ``words``."""
        extra: set[str] = set()
        for text in texts:
            found = list(parts(text))
            extra.update(_compounds(found, words))
            extra.update(self._concepts(found))
        return sorted(extra)

    def _concepts(self, found: Sequence[Part]) -> Iterator[str]:
        for place in range(len(found)):
            for first, after in _steps(found, place):
                for label, token in self._labels.get(first, ()):
                    if _goes_on(found, after, label[1:]):
                        yield token


def _steps(found: Sequence[Part], place: int) -> Iterator[tuple[str, int]]:
    """The ways to read on from ``place``: one part, or two as one; each with the place after it."""
    if place < len(found):
        yield stem(found[place].surface), place + 1
    if place + 1 < len(found) and _are_joined(found[place], found[place + 1]):
        yield stem(join((found[place].surface, found[place + 1].surface))), place + 2


def _goes_on(found: Sequence[Part], place: int, label: tuple[str, ...]) -> bool:
    return not label or any(_goes_on(found, after, label[1:]) for one, after in _steps(found, place) if one == label[0])


def made_up_word(label: str) -> str:
    """A word that stands in no minutes, and that no stemmer or splitter changes."""
    digits = hashlib.sha256(label.encode()).hexdigest()[:10]
    return "qx" + "".join(chr(ord("a") + int(digit, 16)) for digit in digits) + "qx"


def compounds(told: Iterable[dict[str, list[str]]]) -> list[str]:
    """The compounds that two typed words are read as: those that the archive itself, or a table, has as one word."""
    apart: set[str] = set()
    whole: set[str] = set()
    for one in told:
        apart.update(one["apart"])
        whole.update(one["whole"])
    return sorted(apart & whole)


def stop_words() -> list[str]:
    """The words that a query does not ask for, unless it holds nothing else."""
    return sorted(tables().stop)


def _compounds(found: Sequence[Part], words: Words) -> Iterator[str]:
    """The words that a browser's index would not have by itself: compounds, and the pieces of what a mark joins."""
    for one, two in pairwise(found):
        joined = join((one.surface, two.surface))
        if two.glued is not None:
            # 07/2525/FUL and 20mph: each piece, and both as one.
            yield from (one.surface, two.surface, joined)
            if two.glued == "-":
                words.whole.add(joined)
        if two.glued == "-" or _may_be_one(one, two):
            words.apart.add(joined)
            yield joined
        if _is_always_one(one, two):
            words.whole.add(joined)
    words.whole.update(one.surface for one in found if _begins_as_compound(one.surface))


def _are_joined(one: Part, two: Part) -> bool:
    return two.glued == "-" or _may_be_one(one, two)


def _may_be_one(one: Part, two: Part) -> bool:
    """Whether the tables allow the two to be one word; whether they are is for the whole archive to say."""
    known = tables()
    if one.surface.isdigit():
        return two.surface in known.units
    first = one.surface in known.bound or one.surface in known.halves or one.surface in known.particles
    return first and two.surface.isalpha() and two.surface not in known.stop


def _is_always_one(one: Part, two: Part) -> bool:
    known = tables()
    return (one.surface in known.bound and two.surface.isalpha()) or (one.surface.isdigit() and two.surface in known.units)


@lru_cache(maxsize=1 << 16)
def _begins_as_compound(word: str) -> bool:
    known = tables()
    return word.isalpha() and any(
        word[:cut] in known.bound or word[:cut] in known.halves or word[:cut] in known.particles for cut in range(1, len(word) - 1))


def _readings(label: str) -> Iterator[tuple[str, ...]]:
    """The stems of a label word by word, and with what may be one word as one."""
    found = list(parts(label))
    yield tuple(stem(part.surface) for part in found)
    together: list[str] = []
    place = 0
    while place < len(found):
        *_, (one, place) = _steps(found, place)
        together.append(one)
    yield tuple(together)
