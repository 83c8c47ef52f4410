"""Matching: a plan against postings. For every document that matches, how it came to, and its score."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from minutes_archive.search.analysis import stem
from minutes_archive.search.plan import TEXT_FIELDS, All, Any, Cover, Favoured, Label, Leaf, Node, Units
from minutes_archive.search.query import Dated
from minutes_archive.search.ranking import (
    AS_TYPED,
    FAVOURED_WEIGHT,
    FIELD_WEIGHTS,
    NEIGHBOUR_WEIGHT,
    PARTIAL,
    RELATED,
    RELATED_WEIGHT,
    TYPED,
    is_most,
    rarity,
    saturated,
)
from minutes_archive.search.spelling import EXACT
from minutes_archive.search.times import Month
from minutes_archive.search.whoosh.columns import Array, distinct
from minutes_archive.search.whoosh.matches import Matches, contained, intersection, places_in, summed, typed, union
from minutes_archive.search.whoosh.phrases import Phrases
from minutes_archive.search.whoosh.reader import Reader

_NONE = -1


@dataclass(frozen=True)
class _Found:
    """A leaf's matches: documents in order, their scores, and how rare the leaf is."""

    documents: Array
    scores: Array
    rarity: float


class Matcher:
    """Evaluates the nodes of one plan."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._phrases = Phrases(reader)
        self._leaves: dict[Leaf, _Found] = {}
        self._typed: dict[Leaf, None] = {}

    def titled(self) -> Array:
        """The documents that typed words name in the title, in order."""
        found = [np.empty(0, np.int32)]
        for leaf in self._typed:
            single = [way[0] for way in leaf.variants if len(way) == 1]
            found += [postings.documents for postings in self._reader.postings(single, ("title",))] if single else []
            for way in leaf.variants:
                if len(way) > 1:
                    found.append(intersection([self._phrases.holders(term, "title") for term in way], self._reader.count))
        return distinct(np.concatenate(found))

    def matches(self, node: Node) -> Matches:
        """The documents that ``node`` matches."""
        if isinstance(node, Leaf):
            self._note_titles(node)
            found = self._leaf(node)
            return typed(found.documents, found.scores)
        if isinstance(node, Units):
            return self._units(node)
        if isinstance(node, Label):
            return self._marked(self._reader.labels(node.facet).carrying({node.key}))
        if isinstance(node, Dated):
            return self._marked(self._reader.dated(node.since, node.until))
        if isinstance(node, Favoured):
            return self._favoured(node)
        return self._all(node) if isinstance(node, All) else self._any(node)

    def shared(self, units: Units, documents: Array) -> Array:
        """How many of the units each of ``documents`` holds."""
        held = [contained(documents, self._leaf(leaf).documents) for leaf in units.leaves]
        return np.sum(held, axis=0) if held else np.zeros(len(documents), np.int64)

    @staticmethod
    def _marked(mask: Array) -> Matches:
        return typed(np.flatnonzero(mask).astype(np.int32))

    def _all(self, node: All) -> Matches:
        found = [self.matches(part) for part in node.parts]
        if not found:
            found = [typed(np.arange(self._reader.count, dtype=np.int32))]
        kept = intersection([matches.documents for matches in found], self._reader.count)
        for part in node.without:
            kept = kept[~contained(kept, self.matches(part).documents)]
        kinds, scores = np.full(len(kept), TYPED, np.int8), np.zeros(len(kept))
        for matches in found:
            place = places_in(kept, matches.documents, self._reader.count)
            kinds = np.maximum(kinds, matches.kinds[place])
            scores += matches.scores[place]
        return Matches(kept, kinds, scores)

    def _any(self, node: Any) -> Matches:
        found = [self.matches(part) for part in node.parts]
        documents = union([matches.documents for matches in found], self._reader.count)
        kinds, scores = np.full(len(documents), PARTIAL, np.int8), np.zeros(len(documents))
        for matches in found:
            place = places_in(matches.documents, documents, self._reader.count)
            kinds[place] = np.minimum(kinds[place], matches.kinds)
            scores[place] += matches.scores
        return Matches(documents, kinds, scores)

    def _favoured(self, node: Favoured) -> Matches:
        """The matches of the part, and more for those that a hint is true of, by their meeting or by their title."""
        found = self.matches(node.part)
        scores = found.scores.copy()
        for hint in node.hints:
            true = self._meant(hint.meant)[found.documents]
            if hint.said:
                true |= contained(found.documents, self._leaf(replace(hint.said, fields=("title",))).documents)
            scores[true] *= FAVOURED_WEIGHT
        for said in (self._leaf(hint.said) for hint in node.hints if hint.said):
            both = intersection([found.documents, said.documents], self._reader.count)
            scores[np.searchsorted(found.documents, both)] += said.scores[np.searchsorted(said.documents, both)]
        return Matches(found.documents, found.kinds, scores)

    def _meant(self, meant: Label | Dated | Month) -> Array:
        """Of every document, whether it is of the body or the time."""
        if isinstance(meant, Label):
            return self._reader.labels(meant.facet).carrying({meant.key})
        return self._reader.dated(meant.since, meant.until) if isinstance(meant, Dated) else self._reader.held_in(meant.number)

    def _units(self, node: Units) -> Matches:
        """Documents by which units they hold, typed or through related words; scores added up."""
        for leaf in node.leaves:
            self._note_titles(leaf)
        found = [self._leaf(leaf) for leaf in node.leaves]
        if len(found) == 1 and not node.covers:
            return typed(found[0].documents, found[0].scores)
        covering = [self._leaf(cover.leaf) for cover in node.covers]
        documents = union([one.documents for one in (*found, *covering)], self._reader.count)
        held, scores = np.zeros((len(found), len(documents)), bool), np.zeros(len(documents))
        for number, one in enumerate(found):
            place = places_in(one.documents, documents, self._reader.count)
            held[number, place] = True
            scores[place] += one.scores
        tally = _Tally(documents, held, scores, self._reader.count)
        covers = list(zip(node.covers, covering, strict=True))
        for cover, one in covers:
            if not cover.related:
                tally.lay(cover, one, 1.0)
        as_typed = held.copy() if any(cover.related for cover, _ in covers) else held
        for cover, one in covers:
            if cover.related:
                tally.lay(cover, one, RELATED_WEIGHT)
        self._reward_neighbours(node.leaves, documents, as_typed, scores)
        named = self._named(node, documents) if node.needed == "most" else np.zeros_like(held)
        kinds = _kinds(node, as_typed, held, named, [one.rarity for one in found])
        kept = kinds != _NONE
        return Matches(documents, kinds, scores) if kept.all() else Matches(documents, kinds, scores).where(kept)

    def _named(self, node: Units, documents: Array) -> Array:
        """Which units (rows) the title of each of ``documents`` holds, through related words too."""
        named = np.zeros((len(node.leaves), len(documents)), bool)
        ranges = [(number, number + 1, leaf) for number, leaf in enumerate(node.leaves)]
        for first, last, leaf in (*ranges, *((cover.first, cover.last, cover.leaf) for cover in node.covers)):
            for _, held, _ in self._phrases.counts(leaf.variants, ("title",)):
                named[first:last, places_in(held, documents, self._reader.count)] = True
        return named

    def _reward_neighbours(self, leaves: Sequence[Leaf], documents: Array, held: Array, scores: Array) -> None:
        """Words typed side by side are worth more where they stand side by side."""
        for number, (one, two) in enumerate(pairwise(leaves)):
            if one == two or not one.variants or not two.variants:
                continue
            both = held[number] & held[number + 1]
            if both.any():
                worth = NEIGHBOUR_WEIGHT * min(self._leaf(one).rarity, self._leaf(two).rarity)
                beside = self._phrases.neighbours(one.variants, two.variants, documents[both])
                scores[np.flatnonzero(both)[beside]] += worth

    def _note_titles(self, leaf: Leaf) -> None:
        if "title" in leaf.fields and leaf.names:
            self._typed[leaf] = None

    def _leaf(self, leaf: Leaf) -> _Found:
        if leaf not in self._leaves:
            self._leaves[leaf] = self._look_up(leaf)
        return self._leaves[leaf]

    def _look_up(self, leaf: Leaf) -> _Found:
        # The words of decisions count twice, but make no match.
        more = ("outcome",) if leaf.fields[:len(TEXT_FIELDS)] == TEXT_FIELDS else ()
        found: dict[bool, list[tuple[Array, Array]]] = {True: [], False: []}
        for field, documents, counts in self._occurrences(leaf, more):
            worth = counts * self._reader.worths(field, documents) if field in FIELD_WEIGHTS else np.zeros(len(documents))
            found[field in leaf.fields].append((documents, worth))
        matching, pieces = found[True], found[True] + found[False]
        if not matching:
            return _Found(np.empty(0, np.int32), np.empty(0), rarity(self._reader.count, 0))
        if len(pieces) == 1 and self._is_of_stem(leaf):
            documents, sums = pieces[0]
        else:
            counted = sum(len(documents) for documents, _ in matching)
            every, worths = (np.concatenate(column) for column in zip(*pieces, strict=True))
            documents, sums = summed(every, worths, self._reader.count, counted)
        weight = rarity(self._reader.count, len(documents))
        return _Found(documents, weight * saturated(sums), weight)  # type: ignore[arg-type]

    def _occurrences(self, leaf: Leaf, more: tuple[str, ...]) -> Iterator[tuple[str, Array, Array]]:
        """By field of the leaf, and of ``more``: documents, and how often a variant stands there. In the leaf's own fields
        it counts for more where it stands as it was typed. A document may come several times.
        """
        if leaf.typed and self._is_of_stem(leaf):
            for found, as_typed in self._reader.typed_postings(leaf.variants[0][0], leaf.typed, (*leaf.fields, *more)):
                counts = found.counts if found.field in more else found.counts + AS_TYPED * as_typed
                yield found.field, found.documents, counts
            return
        yield from self._phrases.counts(leaf.variants, (*leaf.fields, *more))
        if leaf.typed:
            for field, documents, counts in self._phrases.counts(((leaf.typed,),), leaf.fields):
                if field in FIELD_WEIGHTS:
                    yield field, documents, AS_TYPED * counts

    @staticmethod
    def _is_of_stem(leaf: Leaf) -> bool:
        """Whether a leaf is a stem, of which what was typed is a form."""
        if len(leaf.variants) != 1 or len(leaf.variants[0]) != 1:
            return False
        return leaf.typed is None or stem(leaf.typed.removeprefix(EXACT)) == leaf.variants[0][0]


class _Tally:
    """Which units each document holds so far (rows: units), and its score."""

    def __init__(self, documents: Array, held: Array, scores: Array, count: int) -> None:
        self._documents = documents
        self._held = held
        self._scores = scores
        self._count = count

    def lay(self, cover: Cover, found: _Found, weight: float) -> None:
        """Count the units under ``cover`` as held where its leaf matches and they are not all held yet."""
        place = places_in(found.documents, self._documents, self._count)
        under = slice(cover.first, cover.last)
        fresh = ~self._held[under, place].all(axis=0)
        place = place[fresh]
        self._held[under, place] = True
        self._scores[place] += weight * found.scores[fresh]


def _kinds(units: Units, as_typed: Array, held: Array, named: Array, weights: Sequence[float]) -> Array:
    """How each document matches, ``_NONE`` where it does not. ``held`` counts related words too, ``named`` those in titles."""
    if units.needed == "any":
        return np.where(as_typed.any(axis=0), TYPED, RELATED).astype(np.int8)
    kinds = np.full(held.shape[1], _NONE, np.int8)
    if units.needed == "most":
        found: typing.Any = held.sum(axis=0)
        kinds[is_most(found, len(weights), _weighed(held, weights), _weighed(named, weights), sum(weights))] = PARTIAL
    kinds[held.all(axis=0)] = RELATED
    kinds[as_typed.all(axis=0)] = TYPED
    return kinds


def _weighed(units: Array, weights: Sequence[float]) -> typing.Any:
    """The weight of the units that each document has, those of a row all alike."""
    total = np.zeros(units.shape[1])
    for unit, weight in zip(units, weights, strict=True):
        total += weight * unit
    return total
