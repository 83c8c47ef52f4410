"""The documented scores, item by item and word by word: plain loops, no index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from minutes_archive.model import Meeting
from minutes_archive.search.analysis import field_tokens, label_key
from minutes_archive.search.entry import Entry, entries
from minutes_archive.search.plan import TEXT_FIELDS, All, Any, Dated, Favoured, Label, Leaf, Month, Node, Units
from minutes_archive.search.ranking import (
    AS_TYPED,
    FAVOURED_WEIGHT,
    FEW,
    FIELD_WEIGHTS,
    NEIGHBOUR_WEIGHT,
    PARTIAL,
    PROCEDURAL_WEIGHT,
    RELATED,
    RELATED_WEIGHT,
    TYPED,
    is_most,
    rarity,
    saturated,
    share,
    stepped,
)

Match = tuple[int, float]


class Item:
    """One item: by field, every term and its position, as often as it is told."""

    def __init__(self, entry: Entry) -> None:
        self.id = entry.line.id
        self.entry = entry
        self.procedural = entry.procedural
        self.fields = {field: list(_told(texts)) for field, texts in entry.words.items()}

    def starts(self, field: str, way: Sequence[str]) -> set[int]:
        """Where the terms of ``way`` stand one after the other."""
        told = self.fields.get(field, [])
        return {at for term, at in told if term == way[0] and all((term, at + n) in told for n, term in enumerate(way))}

    def typed(self, field: str, leaf: Leaf) -> int:
        """How often the leaf stands in a field in the very form typed; in the words of decisions this counts no more."""
        return 0 if field == "outcome" else sum(term == leaf.typed for term, _ in self.fields.get(field, []))

    def count(self, field: str, leaf: Leaf) -> int:
        """How often the leaf stands in a field; sequences once a place."""
        if all(len(way) == 1 for way in leaf.variants):
            return sum((term,) in leaf.variants for term, _ in self.fields.get(field, []))
        return len(set().union(*(self.starts(field, way) for way in leaf.variants)))


def _told(texts: Sequence[str]) -> Iterable[tuple[str, int]]:
    for token in field_tokens(texts):
        yield token.term, token.position
        yield "=" + token.exact, token.position
        if token.hyphenated:
            yield "~" + token.hyphenated, token.position


class Scorer:
    """Scores the items of some meetings by a plan without conditions on labels or dates."""

    def __init__(self, meetings: Iterable[Meeting]) -> None:
        self._items = [Item(entry) for meeting in meetings for entry in entries(meeting)]
        self._leaf = cache(self._look_up)

    def scores(self, node: Node) -> dict[str, float]:
        """By id, the score of every item that is an answer to ``node``."""
        found = {item: match for item in self._items if (match := self._match(node, item)) is not None}
        full = {item: match for item, match in found.items() if match[0] != PARTIAL}
        found = full if len(full) >= FEW else found
        faint = {item for item in found if item.procedural and not any(_names(leaf, item) for leaf in _leaves(node))}
        scored = {item: (kind, score * (PROCEDURAL_WEIGHT if item in faint else 1)) for item, (kind, score) in found.items()}
        tiers = {kind == PARTIAL for kind, _ in scored.values()}
        factors = stepped({tier: [score for kind, score in scored.values() if (kind == PARTIAL) == tier] for tier in tiers})
        return {item.id: score * factors[kind == PARTIAL] for item, (kind, score) in scored.items()}

    def _look_up(self, leaf: Leaf) -> tuple[dict[Item, float], float]:
        shares: dict[Item, float] = {}
        for item in self._items:
            held = [field for field in leaf.fields if item.count(field, leaf)]
            if held:
                fields = [*held, "outcome"] if leaf.fields[:len(TEXT_FIELDS)] == TEXT_FIELDS else held
                shares[item] = sum(
                    share(field, item.count(field, leaf) + AS_TYPED * item.typed(field, leaf), len(item.fields.get(field, [])))
                    for field in fields if field in FIELD_WEIGHTS
                )
        weight = rarity(len(self._items), len(shares))
        return {item: weight * saturated(worth) for item, worth in shares.items()}, weight

    def _match(self, node: Node, item: Item) -> Match | None:
        if isinstance(node, Leaf):
            score = self._leaf(node)[0].get(item)
            return None if score is None else (TYPED, score)
        if isinstance(node, Units):
            return self._units(node, item)
        if isinstance(node, Favoured):
            return self._favoured(node, item)
        assert isinstance(node, All | Any)
        ways = [match for part in node.parts if (match := self._match(part, item)) is not None]
        total = sum(score for _, score in ways)
        if isinstance(node, Any):
            return (min(kind for kind, _ in ways), total) if ways else None
        if len(ways) < len(node.parts) or any(self._match(part, item) is not None for part in node.without):
            return None
        return max((kind for kind, _ in ways), default=TYPED), total

    def _favoured(self, node: Favoured, item: Item) -> Match | None:
        match = self._match(node.part, item)
        if match is None:
            return None
        kind, score = match
        for hint in node.hints:
            if _is_meant(hint.meant, item) or (hint.said and item.count("title", hint.said)):
                score *= FAVOURED_WEIGHT
        return kind, score + sum(self._leaf(hint.said)[0].get(item, 0.0) for hint in node.hints if hint.said)

    def _units(self, units: Units, item: Item) -> Match | None:
        weights = [self._leaf(leaf)[1] for leaf in units.leaves]
        typed = {number for number, leaf in enumerate(units.leaves) if item in self._leaf(leaf)[0]}
        score = sum(self._leaf(units.leaves[number])[0][item] for number in typed)
        held = set(typed)
        for cover in sorted(units.covers, key=lambda cover: cover.related):
            under = set(range(cover.first, cover.last))
            if item in self._leaf(cover.leaf)[0] and not under <= held:
                held |= under
                score += self._leaf(cover.leaf)[0][item] * (RELATED_WEIGHT if cover.related else 1)
                typed = typed if cover.related else set(held)
        for number, (one, two) in enumerate(pairwise(units.leaves)):
            if one != two and {number, number + 1} <= typed and _beside(one, two, item):
                score += NEIGHBOUR_WEIGHT * min(weights[number], weights[number + 1])
        if not held:
            return None
        if units.needed == "any":
            return (TYPED if typed else RELATED), score
        if len(held) == len(weights):
            return (TYPED if len(typed) == len(weights) else RELATED), score
        named = {number for number, leaf in enumerate(units.leaves) if item.count("title", leaf)}
        for cover in units.covers:
            named |= set(range(cover.first, cover.last)) if item.count("title", cover.leaf) else set()
        held_weight, named_weight = (sum(weights[number] for number in numbers) for numbers in (held, named))
        most = is_most(len(held), len(weights), held_weight, named_weight, sum(weights))
        return (PARTIAL, score) if most and units.needed == "most" else None


def _is_meant(meant: Label | Dated | Month, item: Item) -> bool:
    """Whether an item is of the body or the time that was meant."""
    if isinstance(meant, Label):
        return meant.key in {label_key(value) for value in item.entry.labels.get(meant.facet, ())}
    day = date.fromisoformat(item.entry.line.date) if item.entry.line.date else None
    if day is None:
        return False
    if isinstance(meant, Month):
        return day.month == meant.number
    return (meant.since is None or meant.since <= day) and (meant.until is None or day <= meant.until)


def _beside(one: Leaf, two: Leaf, item: Item) -> bool:
    """Whether the second leaf stands right after the first in any text."""
    return any(
        at + len(way) in item.starts(field, other)
        for field in TEXT_FIELDS for way in one.variants for at in item.starts(field, way) for other in two.variants
    )


def _leaves(node: Node) -> Iterable[Leaf]:
    """What was typed."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Units):
        yield from node.leaves
    elif isinstance(node, Favoured):
        yield from _leaves(node.part)
    elif isinstance(node, All | Any):
        for part in (*node.parts, *(node.without if isinstance(node, All) else ())):
            yield from _leaves(part)


def _names(leaf: Leaf, item: Item) -> bool:
    """Whether an item's title holds the words of the leaf, wherever they stand there."""
    told = {term for term, _ in item.fields.get("title", [])}
    return leaf.names and "title" in leaf.fields and any(set(way) <= told for way in leaf.variants)
