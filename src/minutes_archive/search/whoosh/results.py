"""From matches to results: filters, the rule for partial matches, the order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minutes_archive.search.engine import Filters, Sort
from minutes_archive.search.entry import filter_keys
from minutes_archive.search.ranking import FEW, PARTIAL, PROCEDURAL_WEIGHT, stepped
from minutes_archive.search.whoosh.columns import Array
from minutes_archive.search.whoosh.matches import Matches, contained
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
    for facet, keys in filter_keys(filters).items():
        labels = reader.labels(facet)
        matches = matches.where(labels.carriers(keys)[labels.sets[matches.documents]])
    if filters.since or filters.until:
        matches = matches.where(reader.dated(filters.since, filters.until)[matches.documents])
    return matches


def without_needless_partials(matches: Matches) -> Matches:
    """The matches, those by most of the words only where few have all."""
    full = matches.kinds != PARTIAL
    enough = np.count_nonzero(full) >= FEW
    return matches.where(full) if enough and not full.all() else matches


def rank(reader: Reader, matches: Matches, titled: Callable[[], Array], sort: Sort, limit: int) -> list[Ranked]:
    """The first ``limit`` matches. Equal ones stand by date, newest first, then as in their meeting."""
    if not len(matches) or not limit:
        return []
    scores = _final_scores(reader, matches, titled)
    major, minor = _coarse(reader, matches, scores, sort)
    first = _first(major, minor, limit)
    major, minor = major[first], minor[first]
    order = np.lexsort((minor, major))
    if ((np.diff(major[order]) == 0) & (np.diff(minor[order]) == 0)).any():
        documents = matches.documents[first]
        meetings = reader.labels("meeting").first_values(documents)
        order = np.lexsort((reader.ordinals()[documents], meetings, -reader.days()[documents], minor, major))
    places = first[order[:limit]]
    return [
        Ranked(document, kind, score) for document, kind, score in zip(
            matches.documents[places].tolist(), matches.kinds[places].tolist(), scores[places].tolist(), strict=True
        )
    ]


def _final_scores(reader: Reader, matches: Matches, titled: Callable[[], Array]) -> Array:
    """Procedural items count for little, unless typed words name them in the title; and partial matches stay below."""
    scores = matches.scores
    faint = np.flatnonzero(reader.procedural()[matches.documents])
    if len(faint):
        faint = faint[~contained(matches.documents[faint], titled())]
        scores = scores.copy()
        scores[faint] *= PROCEDURAL_WEIGHT
    tiers = {tier: mask for tier, mask in enumerate((matches.kinds != PARTIAL, matches.kinds == PARTIAL)) if mask.any()}
    if len(tiers) == 1:
        return scores
    # Only the largest and the smallest score of a tier tell how far it must be brought down.
    bounds = {tier: (float(scores[mask].max()), float(scores[mask].min())) for tier, mask in tiers.items()}
    scores = scores.copy()
    for tier, factor in stepped(bounds).items():
        scores[tiers[tier]] *= factor
    return scores


def _coarse(reader: Reader, matches: Matches, scores: Array, sort: Sort) -> tuple[Array, Array]:
    """What to sort by before ties are settled, smallest first; partial matches stand last in every order."""
    tiers = (matches.kinds == PARTIAL).astype(np.int8)
    if sort == "relevance":
        return tiers, -scores
    days = reader.days()[matches.documents]
    return tiers, -days if sort == "newest" else np.where(days == 0, _UNDATED_LAST, days)


def _first(major: Array, minor: Array, limit: int) -> Array:
    """Where the ``limit`` smallest stand, with all that are equal to the last of them; in no order."""
    if len(major) <= limit:
        return np.arange(len(major))
    found: list[Array] = []
    room = limit
    for tier in np.flatnonzero(np.bincount(major)).tolist():
        mine = np.flatnonzero(major == tier)
        if len(mine) > room:
            values = minor[mine]
            found.append(mine[values <= np.partition(values, room - 1)[room - 1]])
            break
        found.append(mine)
        room -= len(mine)
        if not room:
            break
    return np.concatenate(found)
