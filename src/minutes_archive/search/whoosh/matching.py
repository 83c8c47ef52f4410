"""Matching: a plan against postings. For every document that matches, how it came to, and its score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from minutes_archive.search.plan import TEXT_FIELDS, All, Any, Cover, Label, Leaf, Node, Units
from minutes_archive.search.query import Dated
from minutes_archive.search.ranking import (
    AS_TYPED,
    FIELD_WEIGHTS,
    NEIGHBOUR_WEIGHT,
    PARTIAL,
    RELATED,
    RELATED_WEIGHT,
    TYPED,
    is_most,
    rarity,
    saturated,
    share,
)
from minutes_archive.search.whoosh.reader import Postings, Reader

# Document -> how it matches (see ``ranking``) and its score.
Matches = dict[int, tuple[int, float]]


@dataclass(frozen=True)
class _Found:
    """A leaf's matches: scores by document, and how rare it is."""

    scores: dict[int, float]
    rarity: float


class Matcher:
    """Evaluates the nodes of one plan. ``titled`` gathers the documents that typed words name in the title."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._leaves: dict[Leaf, _Found] = {}
        self._postings: dict[tuple[str, str], Postings] = {}
        self.titled: set[int] = set()

    def matches(self, node: Node) -> Matches:
        """The documents that ``node`` matches."""
        if isinstance(node, Leaf):
            self._note_titles(node)
            return {document: (TYPED, score) for document, score in self._leaf(node).scores.items()}
        if isinstance(node, Units):
            return self._units(node)
        if isinstance(node, Label):
            return _unscored(self._reader.labelled(node.facet, node.key))
        if isinstance(node, Dated):
            return _unscored(self._reader.dated(self._reader.documents(), node.since, node.until))
        return self._all(node) if isinstance(node, All) else self._any(node)

    def shared(self, units: Units) -> Counter[int]:
        """How many of the units each document holds."""
        return Counter(document for leaf in units.leaves for document in self._leaf(leaf).scores)

    def _all(self, node: All) -> Matches:
        found = [self.matches(part) for part in node.parts] or [_unscored(self._reader.documents())]
        kept = set.intersection(*map(set, found))
        for part in node.without:
            kept.difference_update(self.matches(part))
        return {document: _together([matches[document] for matches in found]) for document in kept}

    def _any(self, node: Any) -> Matches:
        found = [self.matches(part) for part in node.parts]
        return {
            document: (min(kind for kind, _ in ways), sum(score for _, score in ways))
            for document in set().union(*found)
            if (ways := [matches[document] for matches in found if document in matches])
        }

    def _units(self, node: Units) -> Matches:
        """Documents by which units they hold (as bits), typed or through related words; scores added up."""
        leaves = [self._leaf(leaf) for leaf in node.leaves]
        named: dict[int, int] = {}
        typed: dict[int, int] = {}
        scores: dict[int, float] = {}
        for number, (leaf, found) in enumerate(zip(node.leaves, leaves, strict=True)):
            self._note_titles(leaf)
            self._name(1 << number, leaf, named)
            for document, score in found.scores.items():
                typed[document] = typed.get(document, 0) | 1 << number
                scores[document] = scores.get(document, 0.0) + score
        for cover in node.covers:
            self._name((1 << cover.last) - (1 << cover.first), cover.leaf, named)
        for cover in (cover for cover in node.covers if not cover.related):
            _lay(cover, self._leaf(cover.leaf), 1.0, typed, scores)
        held = dict(typed)
        for cover in (cover for cover in node.covers if cover.related):
            _lay(cover, self._leaf(cover.leaf), RELATED_WEIGHT, held, scores)
        self._reward_neighbours(node.leaves, typed, scores)
        measure = _Measure(node, [found.rarity for found in leaves])
        kinds = (
            (document, measure.kind(typed.get(document, 0), bits, named.get(document, 0)))
            for document, bits in held.items()
        )
        return {document: (kind, scores[document]) for document, kind in kinds if kind is not None}

    def _reward_neighbours(self, leaves: Sequence[Leaf], typed: dict[int, int], scores: dict[int, float]) -> None:
        """Words typed side by side are worth more where they stand side by side."""
        for number, (one, two) in enumerate(pairwise(leaves)):
            pair = 3 << number
            worth = NEIGHBOUR_WEIGHT * min(self._leaf(one).rarity, self._leaf(two).rarity)
            if one == two or not one.variants or not two.variants:
                continue
            for document, bits in typed.items():
                if bits & pair == pair and self._are_neighbours(one, two, document):
                    scores[document] += worth

    def _are_neighbours(self, one: Leaf, two: Leaf, document: int) -> bool:
        for field in TEXT_FIELDS:
            ends = {place + len(way) for way in one.variants for place in self._places(field, way, document)}
            if ends and any(not ends.isdisjoint(self._places(field, way, document)) for way in two.variants):
                return True
        return False

    def _note_titles(self, leaf: Leaf) -> None:
        if "title" in leaf.fields:
            for way in leaf.variants:
                counts = [self._term("title", term).counts for term in way]
                self.titled.update(*[counts[0]] if len(way) == 1 else [reduce(_shared, map(set, counts))])

    def _name(self, bits: int, leaf: Leaf, named: dict[int, int]) -> None:
        """Note which documents hold a leaf in the title."""
        for document in self._counts("title", leaf.variants):
            named[document] = named.get(document, 0) | bits

    def _leaf(self, leaf: Leaf) -> _Found:
        if leaf not in self._leaves:
            self._leaves[leaf] = self._look_up(leaf)
        return self._leaves[leaf]

    def _look_up(self, leaf: Leaf) -> _Found:
        shares: dict[int, float] = {}
        for field in leaf.fields:
            counts = self._counts(field, leaf.variants)
            if leaf.typed and field in FIELD_WEIGHTS:
                for document, count in self._term(field, leaf.typed).counts.items():
                    counts[document] = counts.get(document, 0.0) + AS_TYPED * count
            for document, count in counts.items():
                worth = share(field, count, self._reader.length(field, document)) if field in FIELD_WEIGHTS else 0.0
                shares[document] = shares.get(document, 0.0) + worth
        if leaf.fields[:len(TEXT_FIELDS)] == TEXT_FIELDS:  # the words of decisions count twice, but make no match
            for document, count in self._counts("outcome", leaf.variants).items():
                if document in shares:
                    shares[document] += share("outcome", count, self._reader.length("outcome", document))
        weight = rarity(self._reader.count, len(shares))
        return _Found({document: weight * saturated(worth) for document, worth in shares.items()}, weight)

    def _counts(self, field: str, variants: Sequence[tuple[str, ...]]) -> dict[int, float]:
        """How often any of the variants stands in each document's field; at one place it counts once."""
        if all(len(way) == 1 for way in variants):
            counts: dict[int, float] = {}
            for (term,) in variants:
                for document, count in self._term(field, term).counts.items():
                    counts[document] = counts.get(document, 0.0) + count
            return counts
        places: dict[int, set[int]] = {}
        for way in variants:
            for document in reduce(_shared, (set(self._term(field, term).counts) for term in way)):
                if starts := self._places(field, way, document):
                    places.setdefault(document, set()).update(starts)
        return {document: float(len(starts)) for document, starts in places.items()}

    def _places(self, field: str, way: Sequence[str], document: int) -> set[int]:
        """Where the terms of ``way`` stand one after the other: the positions of the first."""
        starts = set(self._term(field, way[0]).positions(document))
        for step, term in enumerate(way[1:], start=1):
            if not starts:
                break
            starts &= {position - step for position in self._term(field, term).positions(document)}
        return starts

    def _term(self, field: str, term: str) -> Postings:
        key = (field, term)
        if key not in self._postings:
            self._postings[key] = self._reader.postings(field, term)
        return self._postings[key]


class _Measure:
    """How an item that holds some of the units matches, if at all."""

    def __init__(self, units: Units, weights: Sequence[float]) -> None:
        self._needed = units.needed
        self._every = (1 << len(weights)) - 1
        self._weights = weights
        self._known: dict[tuple[int, int], bool] = {}

    def kind(self, typed: int, held: int, named: int) -> int | None:
        """``typed``, ``held`` (with related words) and ``named`` (in the title) are the units as bits."""
        if self._needed == "any":
            return TYPED if typed else RELATED
        if typed == self._every:
            return TYPED
        if held == self._every:
            return RELATED
        return PARTIAL if self._needed == "most" and self._is_most(held, named) else None

    def _is_most(self, held: int, named: int) -> bool:
        if (held, named) not in self._known:
            self._known[held, named] = is_most(
                held.bit_count(), len(self._weights), self._weigh(held), self._weigh(named), sum(self._weights)
            )
        return self._known[held, named]

    def _weigh(self, bits: int) -> float:
        return sum(weight for number, weight in enumerate(self._weights) if bits >> number & 1)


def _lay(cover: Cover, found: _Found, weight: float, held: dict[int, int], scores: dict[int, float]) -> None:
    """Count the units under ``cover`` as held where its leaf matches and they are not all held yet."""
    bits = (1 << cover.last) - (1 << cover.first)
    for document, score in found.scores.items():
        before = held.get(document, 0)
        if before & bits != bits:
            held[document] = before | bits
            scores[document] = scores.get(document, 0.0) + weight * score


def _unscored(documents: Iterable[int]) -> Matches:
    return dict.fromkeys(documents, (TYPED, 0.0))


def _together(ways: Sequence[tuple[int, float]]) -> tuple[int, float]:
    return max(kind for kind, _ in ways), sum(score for _, score in ways)


def _shared(one: set[int], two: set[int]) -> set[int]:
    return one & two
