"""Folding for the search in the page: so that a theme is found however it is spelt, as on the command line.

Engines for browsers know neither compounds (off-road, off road, offroad) nor the topic vocabulary (motorbikes, quads). So they
are given stems instead of words, and with every document's own the compounds of its words, and one made-up word for each
concept (what a label may mean: a topic or several) that any of its labels stands in it for. The page's script folds what is
typed in the same way, with the tables that are made here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from string import ascii_lowercase
from typing import Any

from minutes_archive.search.analysis import Part, join, parts, stem
from minutes_archive.search.expand import Labels
from minutes_archive.search.spelling import words as tables

# Between two texts: no phrase runs over it.
GAP = "qxgapqx"
_MOST_PIECES = 6


@dataclass(frozen=True)
class Concept:
    """The topics and groups of synonyms that a typed label may mean: their made-up word, and all their labels."""

    token: str
    labels: tuple[str, ...]

    def as_record(self) -> list[Any]:
        """As the page's script reads it: the made-up word, then the labels in folded words."""
        return [self.token, list(dict.fromkeys(" ".join(part.surface for part in parts(label)) for label in self.labels))]


@dataclass
class Words:
    """What a set of documents tells of its words: ``apart`` are pairs that may be one word, ``whole`` those written as one;
    ``stems`` has the stem of every word.
    """

    apart: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    stems: dict[str, str] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """As JSON."""
        return {"apart": sorted(self.apart), "whole": sorted(self.whole), "stems": dict(sorted(self.stems.items()))}


class Folding:
    """The folding of documents, with one vocabulary."""

    def __init__(self, vocabulary: Iterable[Labels]) -> None:
        meanings: dict[str, dict[str, tuple[str, ...]]] = {}
        for group in vocabulary:
            labels = tuple(dict.fromkeys((group.pref_label, *group.alt_labels)))
            for label in labels:
                for key in _label_keys(label):
                    meanings.setdefault(key, {})[group.pref_label] = labels
        tokens = {tuple(groups): made_up_word("\n".join(groups)) for groups in meanings.values()}
        found = {
            tokens[tuple(groups)]: Concept(tokens[tuple(groups)], tuple(dict.fromkeys(chain.from_iterable(groups.values()))))
            for groups in meanings.values()
        }
        self.concepts = tuple(found.values())
        place = {concept.token: number for number, concept in enumerate(self.concepts)}
        # By what is typed: the concept that it means, by its place among ``concepts``.
        self.keys = {key: place[tokens[tuple(groups)]] for key, groups in sorted(meanings.items())}
        # Of the labels' words that have another stem than themselves.
        surfaces = {part.surface for concept in self.concepts for label in concept.labels for part in parts(label)}
        self.stems = {surface: stem(surface) for surface in sorted(surfaces) if stem(surface) != surface}
        self._labels: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for concept in self.concepts:
            for label in concept.labels:
                for stems in dict.fromkeys(_readings(label)):
                    self._labels.setdefault(stems[0], []).append((stems, concept.token))

    def terms(self, title: str, texts: Iterable[str], words: Words) -> tuple[str, str, str]:
        """The terms of a title, of texts, and the extra ones of both in a fixed order; each as one text with blanks between.

        What they tell of words is added to ``words``.
        """
        told: list[str] = []
        extra: set[str] = set()
        for text in (title, *texts):
            found = list(parts(text))
            for part in found:
                words.stems[part.surface] = stem(part.surface)
            told.append(" ".join(stem(part.surface) for part in found))
            for one in _compounds(found, words):
                words.stems[one] = stem(one)
                extra.add(stem(one))
            for token in self._concepts(found):
                words.stems[token] = token
                extra.add(token)
        return told[0], f" {GAP} ".join(told[1:]), " ".join(sorted(extra))

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


def _label_keys(label: str) -> set[str]:
    """What ways of writing a label have in common, blanks, hyphens and endings apart (as ``search.expand`` has it)."""
    surfaces = [part.surface for part in parts(label)]
    return {"".join(map(stem, surfaces)), stem(join(surfaces))} if surfaces else set()


def made_up_word(label: str) -> str:
    """A word that stands in no minutes, and that no stemmer or splitter changes."""
    digits = hashlib.sha256(label.encode()).hexdigest()[:10]
    return "qx" + "".join(chr(ord("a") + int(digit, 16)) for digit in digits) + "qx"


def compounds(told: Iterable[Mapping[str, Any]]) -> list[str]:
    """The compounds that two typed words are read as: those that the archive itself, or a table, has as one word."""
    apart: set[str] = set()
    whole: set[str] = set()
    for one in told:
        apart.update(one["apart"])
        whole.update(one["whole"])
    return sorted(apart & whole)


def shards(told: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Of every word its stem and the years that have it, by the letter that the word begins with ("0" for what is none).

    Bit n of the hexadecimal number stands for the n-th of ``told``. The page's script asks for the letters it needs.
    """
    years: dict[str, int] = {}
    for number, one in enumerate(told):
        for stemmed in set(one["stems"].values()):
            years[stemmed] = years.get(stemmed, 0) | 1 << number
    found: dict[str, dict[str, list[str]]] = {letter: {} for letter in ("0", *ascii_lowercase)}
    for one in told:
        for word, stemmed in one["stems"].items():
            found[word[0] if word[0] in ascii_lowercase else "0"][word] = [stemmed, f"{years[stemmed]:x}"]
    return {letter: dict(sorted(words.items())) for letter, words in found.items()}


def stop_words() -> list[str]:
    """The words that a query does not ask for, unless it holds nothing else."""
    return sorted(tables().stop)


def _compounds(found: Sequence[Part], words: Words) -> Iterator[str]:
    """What of a text's words is, or may be, one word."""
    for one, two in pairwise(found):
        joined = join((one.surface, two.surface))
        if two.glued == "-":
            words.whole.add(joined)
        if two.glued == "-" or _may_be_one(one, two):
            words.apart.add(joined)
            yield joined
        if _is_always_one(one, two):
            words.whole.add(joined)
    yield from _references(found)
    words.whole.update(one.surface for one in found if _begins_as_compound(one.surface))


def _references(found: Sequence[Part]) -> Iterator[str]:
    """What marks join and holds a number, as one word: SSP/1624 and 20mph (see ``search.analysis``)."""
    chunk: list[str] = []
    for part in (*found, None):
        if part is not None and part.glued is not None:
            chunk.append(part.surface)
            continue
        if 1 < len(chunk) <= _MOST_PIECES and any(piece[0].isdigit() for piece in chunk):
            yield join(chunk)
        chunk = [part.surface] if part is not None else []


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
    beginnings = (word[:cut] for cut in range(1, len(word) - 1))
    return word.isalpha() and any(one in known.bound or one in known.halves or one in known.particles for one in beginnings)


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
