"""Phrases: where sequences of words stand, how often, and which stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from minutes_archive.search.plan import TEXT_FIELDS
from minutes_archive.search.whoosh.columns import Array, changes, distinct
from minutes_archive.search.whoosh.matches import intersection
from minutes_archive.search.whoosh.reader import Reader

Way = tuple[str, ...]
# A place is told as one number: its document times this, and its position.
_PLACES = np.int64(1 << 32)


class Phrases:
    """Counts sequences of terms in the fields of one generation."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._holders: dict[tuple[str, str], Array] = {}

    def counts(self, variants: Sequence[Way], fields: Sequence[str]) -> Iterator[tuple[str, Array, Array]]:
        """By field, the documents that hold any of the variants there, and how often; at one place it counts once.

        A document may come several times, its counts are then to be added up.
        """
        if all(len(way) == 1 for way in variants):
            for found in self._reader.postings([term for (term,) in variants], fields):
                yield found.field, found.documents, found.counts
            return
        for field in fields:
            places = _together([self._starts(field, way) for way in variants])
            if len(places):
                documents, counts = np.unique(places // _PLACES, return_counts=True)
                yield field, documents.astype(np.int32), counts

    def neighbours(self, ones: Sequence[Way], twos: Sequence[Way], documents: Array) -> Array:
        """Of each of ``documents`` (in order), whether in a field of it one of ``twos`` follows right after one of ``ones``."""
        within = np.zeros(self._reader.count, bool)
        within[documents] = True
        beside = np.zeros(len(documents), bool)
        for field in TEXT_FIELDS:
            ends = _together([self._starts(field, way, within) + len(way) for way in ones])
            starts = _together([self._starts(field, way, within) for way in twos]) if len(ends) else ends
            both = _shared(ends, starts)
            beside[np.searchsorted(documents, distinct(both // _PLACES))] = True
        return beside

    def holders(self, term: str, field: str) -> Array:
        """The documents whose field holds a term, in order."""
        if (term, field) not in self._holders:
            self._holders[term, field] = self._reader.holders(term, field)
        return self._holders[term, field]

    def _starts(self, field: str, way: Way, within: Array | None = None) -> Array:
        """Where the terms of ``way`` stand one after the other: the places of the first, in order."""
        if not all(len(self.holders(term, field)) for term in way):
            return np.empty(0, np.int64)
        if len(way) > 1:
            holders = intersection([self.holders(term, field) for term in way], self._reader.count)
            if not len(holders):
                return np.empty(0, np.int64)
            asked = within
            within = np.zeros(self._reader.count, bool)
            within[holders] = True
            if asked is not None:
                within &= asked
        found = (self._places(field, term, within) - step for step, term in enumerate(way))
        return reduce(_shared, found)

    def _places(self, field: str, term: str, within: Array | None) -> Array:
        """The places of a term, each once, in order."""
        documents, positions = self._reader.places(term, field, within)
        places = documents * _PLACES + positions
        return places[changes(places)]


def _shared(one: Array, two: Array) -> Array:
    """What two sets of places have in common."""
    if not len(one) or not len(two):
        return one[:0]
    return np.intersect1d(one, two, assume_unique=True)


def _together(sets: Sequence[Array]) -> Array:
    """The places that are in any of ``sets``."""
    held = [places for places in sets if len(places)]
    if len(held) < 2:
        return held[0] if held else np.empty(0, np.int64)
    return distinct(np.concatenate(held))
