"""Matches: sets of documents, each with how it came to match and its score, as parallel arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minutes_archive.search.ranking import TYPED
from minutes_archive.search.whoosh.columns import Array, distinct

# Where so small a part of all documents is concerned, sorting it is faster than counting through all of them.
_SPARSE = 32
# And marking or adding up all of them takes no longer than looking for so few in others, one by one.
_RARE = 256


@dataclass(frozen=True)
class Matches:
    """``documents`` in order, each once; ``kinds`` as ``ranking`` has them."""

    documents: Array
    kinds: Array
    scores: Array

    def __len__(self) -> int:
        return len(self.documents)

    def where(self, kept: Array) -> Matches:
        """Those that a mask over them keeps."""
        return Matches(self.documents[kept], self.kinds[kept], self.scores[kept])


def typed(documents: Array, scores: Array | None = None) -> Matches:
    """Documents that match by what was typed."""
    return Matches(
        documents, np.full(len(documents), TYPED, np.int8), np.zeros(len(documents)) if scores is None else scores
    )


def union(sets: Sequence[Array], count: int) -> Array:
    """The documents that are in any of ``sets``, in order; ``count`` is how many documents there are."""
    if len(sets) == 1:
        return sets[0]
    if sum(map(len, sets)) * _SPARSE < count:
        return distinct(np.concatenate([np.empty(0, np.int32), *sets]))
    held = np.zeros(count, bool)
    for documents in sets:
        held[documents] = True
    return np.flatnonzero(held).astype(np.int32)


def places_in(documents: Array, among: Array, count: int) -> Array:
    """Where each of ``documents`` stands in ``among``, which holds them all."""
    if len(documents) * _SPARSE < count:
        return np.searchsorted(among, documents)
    place = np.empty(count, np.int32)
    place[among] = np.arange(len(among), dtype=np.int32)
    return place[documents]


def intersection(sets: Sequence[Array], count: int) -> Array:
    """The documents that are in all of ``sets``, each of which holds a document once, in order."""
    ordered = sorted(sets, key=len)
    found = ordered[0]
    for documents in ordered[1:]:
        if len(found) * _RARE < count:
            found = found[contained(found, documents)]
        else:
            held = np.zeros(count, bool)
            held[documents] = True
            found = found[held[found]]
    return found


def contained(documents: Array, among: Array) -> Array:
    """Of each of ``documents``, whether it is in ``among``, which is in order."""
    if not len(among):
        return np.zeros(len(documents), bool)
    place = np.searchsorted(among, documents)
    place[place == len(among)] = 0
    result: Array = among[place] == documents
    return result


def summed(documents: Array, worths: Array, count: int, counted: int) -> tuple[Array, Array]:
    """The documents that stand among the first ``counted`` of ``documents``, in order, and the sum of the worths of each."""
    if len(documents) * _RARE < count:
        found, at = np.unique(documents, return_inverse=True)
        sums = np.bincount(at, weights=worths, minlength=len(found))
        if counted == len(documents):
            return found, sums
        held = np.zeros(len(found), bool)
        held[at[:counted]] = True
        return found[held], sums[held]
    sums = np.bincount(documents, weights=worths, minlength=count)
    held = np.zeros(count, bool)
    held[documents[:counted]] = True
    found = np.flatnonzero(held).astype(np.int32)
    return found, sums[found]
