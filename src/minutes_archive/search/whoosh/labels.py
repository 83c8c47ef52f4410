"""Labels: the values that items carry, by facet. Items that carry the same values share one number.

A facet has a table of values (sorted) and one of sets of values; a document has the number of its set. So a
facet with several values an item is counted as fast as one with a single value: sets first, values after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np

from minutes_archive.search.engine import FACETS
from minutes_archive.search.entry import facet_key, meant
from minutes_archive.search.whoosh.columns import Array, ColumnFile, ColumnWriter, narrow, ranges, widths

# What two bytes hold.
_SMALL = 1 << 16


class LabelsDraft:
    """Gathers the labels of documents in order."""

    def __init__(self) -> None:
        self._sets: dict[str, dict[tuple[str, ...], int]] = {facet: {} for facet in FACETS}
        self._documents: dict[str, list[int]] = {facet: [] for facet in FACETS}

    def take(self, labels: Mapping[str, Sequence[str]]) -> None:
        """Take in the labels of the next document."""
        for facet, sets in self._sets.items():
            held = tuple(labels.get(facet, ()))
            self._documents[facet].append(sets.setdefault(held, len(sets)))

    def number(self, facet: str, held: tuple[str, ...]) -> int:
        """The number of a set of values."""
        sets = self._sets[facet]
        return sets.setdefault(held, len(sets))

    def take_all(self, facet: str, numbers: Array) -> None:
        """Take in the labels of the next documents, by the numbers of their sets."""
        self._documents[facet] += numbers.tolist()

    def write(self, writer: ColumnWriter) -> None:
        """Write the tables and columns of every facet."""
        for facet, sets in self._sets.items():
            values = sorted({value for held in sets for value in held})
            number_of = {value: number for number, value in enumerate(values)}
            members = [[number_of[value] for value in dict.fromkeys(held)] for held in sets]
            writer.put_texts(f"{facet}_value", values)
            writer.put(f"{facet}_set_end", narrow(np.array(list(accumulate(map(len, members))), np.int64)))
            writer.put(f"{facet}_set", narrow(np.array([number for held in members for number in held], np.int64)))
            writer.put(f"{facet}_of", narrow(np.array(self._documents[facet], np.int64)))


def sets_of(file: ColumnFile, facet: str) -> list[tuple[str, ...]]:
    """The sets of values of one facet in a segment, by their numbers."""
    values = file.strings(f"{facet}_value").texts()
    members = [values[number] for number in file.column(f"{facet}_set").whole().tolist()]
    edges = [0, *file.column(f"{facet}_set_end").whole().tolist()]
    return [tuple(members[first:last]) for first, last in pairwise(edges)]


class Labels:
    """The labels of one facet over all segments."""

    def __init__(self, facet: str, segments: Sequence[ColumnFile]) -> None:
        self._facet = facet
        tables = [segment.strings(f"{facet}_value").texts() for segment in segments]
        self._values: list[str] = tables[0] if len(tables) == 1 else sorted(set().union(*tables))
        self._names = np.array(self._values, object)
        number_of = {value: number for number, value in enumerate(self._values)} if len(tables) > 1 else {}
        members, ends, documents = [], [], []
        sets = held = 0
        for segment, table in zip(segments, tables, strict=True):
            numbers = segment.column(f"{facet}_set").whole()
            own = segment.column(f"{facet}_set_end").whole().astype(np.int64)
            if number_of:
                numbers = np.array([number_of[value] for value in table], np.int64)[numbers] if table else numbers
            members.append(numbers)
            ends.append(own + held)
            documents.append(segment.column(f"{facet}_of").whole().astype(np.int32) + sets)
            sets += len(own)
            held += len(numbers)
        # As narrow as can be: what is looked up at many places is best held close by.
        self._members = narrow(np.concatenate([*members, np.empty(0, np.uint8)]))
        self._ends = np.concatenate([[0], *ends]).astype(np.int64)
        self._lengths = widths(self._ends)
        self.sets: Array = narrow(np.concatenate([*documents, np.empty(0, np.uint8)]))
        # Where no item has several values, each document's own can be looked up at once; those without come last.
        single = np.append(self._members, len(self._values))[np.where(self._lengths, self._ends[:-1], -1)]
        self._single = narrow(single)[self.sets] if self._lengths.max(initial=0) <= 1 else None
        self._keys: dict[str, list[int]] | None = None

    def counts(self, documents: Array) -> dict[str, int]:
        """How many of ``documents`` carry each value: largest first, then by name."""
        counts = self._numbers(documents)
        found = np.flatnonzero(counts)
        held = counts[found]
        # Small numbers are sorted by their digits, in one go; and no more than the documents can there be.
        falling = len(documents) - held
        order = np.argsort(falling.astype(np.uint16) if len(documents) < _SMALL else falling, kind="stable")
        return dict(zip(self._names[found[order]].tolist(), held[order].tolist(), strict=True))

    def _numbers(self, documents: Array) -> Array:
        """How many of ``documents`` carry each value, by its number."""
        if self._single is not None:
            return np.bincount(self._single[documents], minlength=len(self._values))[:len(self._values)]
        sets = self.sets[documents]
        if len(self._members) < len(documents):  # each set once is less than each document
            of_sets = np.repeat(np.bincount(sets, minlength=len(self._lengths)), self._lengths)
            return np.bincount(self._members, weights=of_sets, minlength=len(self._values)).astype(np.int64)
        return np.bincount(self._members[ranges(self._ends[sets], self._lengths[sets])], minlength=len(self._values))

    def carriers(self, keys: Iterable[str]) -> Array:
        """Of every set, whether one of its values has one of ``keys`` or, of a name, a part of it (``entry.meant``)."""
        if self._keys is None:
            self._keys = {}
            for number, value in enumerate(self._values):
                self._keys.setdefault(facet_key(self._facet, value), []).append(number)
        wanted = np.zeros(len(self._values) + 1, bool)
        asked = {one for key in keys for one in meant(self._facet, key, self._keys)}
        wanted[[number for key in asked for number in self._keys.get(key, ())]] = True
        owners = np.repeat(np.arange(len(self._lengths)), self._lengths)
        found: Array = np.bincount(owners, weights=wanted[self._members], minlength=len(self._lengths)) > 0
        return found

    def carrying(self, keys: Iterable[str]) -> Array:
        """Of every document, whether it carries a label that ``keys`` stand for."""
        return self.carriers(keys)[self.sets]

    def first_values(self, documents: Array) -> Array:
        """The number of the first value of each document, by which they can be ordered; it must have one."""
        first: Array = self._members[self._ends[self.sets[documents]]]
        return first
