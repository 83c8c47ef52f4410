"""From matches to results: filters, the rule for partial matches, the order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from minutes_archive.search.engine import Filters, Sort
from minutes_archive.search.entry import filter_keys
from minutes_archive.search.ranking import FEW, PARTIAL, PROCEDURAL_WEIGHT, stepped
from minutes_archive.search.whoosh.matching import Matches
from minutes_archive.search.whoosh.reader import Reader

_UNDATED_LAST = dt.date.max.toordinal() + 1


@dataclass(frozen=True)
class Ranked:
    """A document in its place: how it matched, and its score."""

    document: int
    kind: int
    score: float


def filtered(reader: Reader, matches: Matches, filters: Filters) -> Matches:
    """The matches that the filters leave."""
    kept = set(matches)
    for facet, keys in filter_keys(filters).items():
        kept &= set().union(*(reader.labelled(facet, key) for key in keys))
    if filters.since or filters.until:
        kept = reader.dated(kept, filters.since, filters.until)
    return {document: match for document, match in matches.items() if document in kept}


def without_needless_partials(matches: Matches) -> Matches:
    """The matches, those by most of the words only where few have all."""
    full = {document: match for document, match in matches.items() if match[0] != PARTIAL}
    return matches if len(full) < FEW else full


def rank(reader: Reader, matches: Matches, titled: Collection[int], sort: Sort, limit: int) -> list[Ranked]:
    """The first ``limit`` matches. Equal ones stand by date, newest first, then as in their meeting."""
    found = _scored(reader, matches, titled)
    coarse = _order(reader, sort)
    last = sorted(map(coarse, found))[:limit][-1:]
    first = [ranked for ranked in found if [coarse(ranked)] <= last]  # ties at the end are still to be settled
    first.sort(key=lambda ranked: (coarse(ranked), -reader.day(ranked.document), reader.place(ranked.document)))
    return first[:limit]


def _scored(reader: Reader, matches: Matches, titled: Collection[int]) -> list[Ranked]:
    """Matches with their final scores: procedural items count for little, unless typed words name them in the title."""
    faint = reader.procedural().difference(titled)
    scores = {
        document: score * PROCEDURAL_WEIGHT if document in faint else score for document, (_, score) in matches.items()
    }
    tiers: dict[int, list[float]] = {}
    for document, (kind, _) in matches.items():
        tiers.setdefault(kind == PARTIAL, []).append(scores[document])
    factors = stepped(tiers)
    return [Ranked(document, kind, scores[document] * factors[kind == PARTIAL]) for document, (kind, _) in matches.items()]


def _order(reader: Reader, sort: Sort) -> Callable[[Ranked], tuple[float, float]]:
    """What to sort by before ties are settled; partial matches stand last in every order."""
    if sort == "newest":
        return lambda ranked: (ranked.kind == PARTIAL, -reader.day(ranked.document))
    if sort == "oldest":
        return lambda ranked: (ranked.kind == PARTIAL, reader.day(ranked.document) or _UNDATED_LAST)
    return lambda ranked: (ranked.kind == PARTIAL, -ranked.score)
