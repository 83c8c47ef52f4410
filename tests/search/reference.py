"""The reference engine: plain loops that say WHICH items match a query; nothing about order or scores.

It shares with the embedded engine what a query means (``reading``, ``plan``) and how a text becomes
words (``analysis``), and nothing of how matches are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from minutes_archive.access import Audience
from minutes_archive.model import Meeting
from minutes_archive.search.analysis import field_tokens
from minutes_archive.search.engine import FACETS, Filters, Request, ResultPage, Snippet, Update
from minutes_archive.search.entry import Entry, entries, facet_key, filter_keys, in_order, meant
from minutes_archive.search.expand import Labels, Thesaurus
from minutes_archive.search.plan import All, Any, Favoured, Label, Leaf, Node, Units, make_plan
from minutes_archive.search.query import Dated
from minutes_archive.search.ranking import FEW, PARTIAL, RELATED, TYPED, is_most, rarity
from minutes_archive.search.reading import parse


class Words:
    """One item's words: by field, the terms at each position."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.fields: dict[str, dict[int, set[str]]] = {}
        for field, texts in entry.words.items():
            places = self.fields.setdefault(field, {})
            for token in field_tokens(texts):
                terms = {token.term, "=" + token.exact}
                places.setdefault(token.position, set()).update(terms)
                if token.hyphenated:
                    places[token.position].add("~" + token.hyphenated)

    def terms(self) -> set[str]:
        return {term for places in self.fields.values() for terms in places.values() for term in terms}

    def holds(self, leaf: Leaf) -> bool:
        return any(self._stands(field, way) for field in leaf.fields for way in leaf.variants)

    def names(self, leaf: Leaf) -> bool:
        return any(self._stands("title", way) for way in leaf.variants)

    def _stands(self, field: str, way: tuple[str, ...]) -> bool:
        places = self.fields.get(field, {})
        return any(all(term in places.get(start + step, ()) for step, term in enumerate(way)) for start in places)


class ReferenceEngine:
    """A ``SearchEngine`` without an index. Its hits stand in no order, and have no score and no snippet."""

    def __init__(self, audience: Audience, topics: Iterable[Labels] = ()) -> None:
        self._audience = audience
        self._thesaurus = Thesaurus(topics)
        self._items: list[Words] = []

    def update(self, meetings: Iterable[Meeting], rebuild: bool = False) -> Update:
        self._items = [Words(entry) for meeting in meetings for entry in entries(meeting)]
        return Update(0, 0, 0, len(self._items))

    def close(self) -> None:
        self._items = []

    def similar(self, item_id: str, limit: int = 10) -> ResultPage:
        raise NotImplementedError

    def ids_ending(self, ending: str) -> tuple[str, ...]:
        return tuple(sorted(words.entry.line.id for words in self._items if words.entry.line.id.endswith(f"/{ending}")))

    def search(self, request: Request) -> ResultPage:
        tree = parse(request.query) if isinstance(request.query, str) else request.query
        plan = make_plan(tree, self, self._thesaurus if request.expand else None, request.match)
        kept = [words for words in self._items if self._passes(words.entry, request.filters)]
        kinds = [(words.entry, self._kind(plan.node, words)) for words in kept]
        full = [(entry, kind) for entry, kind in kinds if kind is not None and kind != PARTIAL]
        partial = [(entry, kind) for entry, kind in kinds if kind == PARTIAL] if len(full) < FEW else []
        found = full + partial
        hits = (entry.line.hit(0, 0.0, kind == PARTIAL, Snippet(), False) for entry, kind in found)
        counts = {
            facet: in_order(Counter(value for entry, _ in found for value in set(entry.labels.get(facet, ()))))
            for facet in FACETS
        }
        return ResultPage("", self._audience, plan.related, len(found), 0.0, None, tuple(hits), counts)

    # What it knows of words: a Lexicon.

    def has(self, term: str) -> bool:
        return any(term in words.terms() for words in self._items)

    def surfaces(self, prefix: str) -> Iterator[str]:
        known = {term[1:] for words in self._items for term in words.terms() if term.startswith("=" + prefix)}
        return iter(sorted(known))

    def frequency(self, surface: str) -> int:
        return sum("=" + surface in words.terms() for words in self._items)

    # What matches.

    def _kind(self, node: Node, words: Words) -> int | None:
        """How an item matches a node; None where it does not."""
        if isinstance(node, Leaf):
            return TYPED if words.holds(node) else None
        if isinstance(node, Label):
            return TYPED if self._is_labelled(words.entry, node.facet, node.key) else None
        if isinstance(node, Dated):
            return TYPED if _is_dated(words.entry, node) else None
        if isinstance(node, Units):
            return self._units(node, words)
        if isinstance(node, Favoured):
            return self._kind(node.part, words)
        kinds = [self._kind(part, words) for part in node.parts]
        if isinstance(node, Any):
            return min((kind for kind in kinds if kind is not None), default=None)
        assert isinstance(node, All)
        if None in kinds or any(self._kind(part, words) is not None for part in node.without):
            return None
        return max((kind for kind in kinds if kind is not None), default=TYPED)

    def _units(self, units: Units, words: Words) -> int | None:
        asked = set(range(len(units.leaves)))
        typed = {number for number in asked if words.holds(units.leaves[number])}
        for cover in units.covers:
            if not cover.related and words.holds(cover.leaf):
                typed |= set(range(cover.first, cover.last))
        held = typed.union(*(
            range(cover.first, cover.last) for cover in units.covers if cover.related and words.holds(cover.leaf)
        ))
        if typed == asked or (units.needed == "any" and typed):
            return TYPED
        if held == asked or (units.needed == "any" and held):
            return RELATED
        if units.needed != "most":
            return None
        named = {number for number in asked if words.names(units.leaves[number])}
        named |= {n for cover in units.covers if words.names(cover.leaf) for n in range(cover.first, cover.last)}
        weights = [self._rarity(leaf) for leaf in units.leaves]
        held_weight, named_weight = (sum(weights[number] for number in numbers) for numbers in (held, named))
        most = is_most(len(held), len(asked), held_weight, named_weight, sum(weights))
        return PARTIAL if most else None

    def _is_labelled(self, entry: Entry, facet: str, key: str) -> bool:
        known = {one for words in self._items for one in _keys(words.entry, facet)}
        return not meant(facet, key, known).isdisjoint(_keys(entry, facet))

    def _passes(self, entry: Entry, filters: Filters) -> bool:
        for facet, keys in filter_keys(filters).items():
            if not any(self._is_labelled(entry, facet, key) for key in keys):
                return False
        return not (filters.since or filters.until) or _is_dated(entry, Dated(filters.since, filters.until))

    def _rarity(self, leaf: Leaf) -> float:
        return rarity(len(self._items), sum(words.holds(leaf) for words in self._items))


def _keys(entry: Entry, facet: str) -> set[str]:
    return {facet_key(facet, value) for value in entry.labels.get(facet, ())}


def _is_dated(entry: Entry, period: Dated) -> bool:
    if entry.day is None:
        return False
    return (period.since is None or period.since <= entry.day) and (period.until is None or entry.day <= period.until)
