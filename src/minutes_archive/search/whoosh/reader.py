"""Reading one generation: postings, lengths, labels, lines, over all its segments. Documents are numbered through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby
from typing import Any

import numpy as np

from minutes_archive.search.entry import Line
from minutes_archive.search.plan import TEXT_FIELDS
from minutes_archive.search.ranking import share
from minutes_archive.search.spelling import EXACT, exact
from minutes_archive.search.whoosh.columns import Array, ColumnFile
from minutes_archive.search.whoosh.labels import Labels
from minutes_archive.search.whoosh.lines import read_line
from minutes_archive.search.whoosh.segment import Postings, Segment, surfaces_in

_KNOWN_TERMS = 1 << 16
_EPOCH = dt.date(1970, 1, 1).toordinal()


class Reader:
    """One generation, open for reading. It is a ``Lexicon`` of its words."""

    def __init__(self, files: Sequence[ColumnFile]) -> None:
        self.segments: list[Segment] = []
        self.count = 0
        for file in files:
            self.segments.append(Segment(file, self.count))
            self.count += self.segments[-1].count
        self.has = lru_cache(_KNOWN_TERMS)(self._has)
        self.surfaces_of = lru_cache(_KNOWN_TERMS)(self._surfaces_of)
        self._columns: dict[str, Array] = {}
        self._labels: dict[str, Labels] = {}
        self._worths: dict[str, Array] = {}

    def close(self) -> None:
        """Let the files go."""
        for segment in self.segments:
            segment.file.close()
        self.segments.clear()
        self._columns.clear()
        self._labels.clear()
        self._worths.clear()

    def _has(self, term: str) -> bool:
        return any(segment.has(term) for segment in self.segments)

    def surfaces(self, prefix: str) -> Iterator[str]:
        """Every folded form that begins with ``prefix``, in order."""
        if len(self.segments) == 1:
            return next(surfaces_in(self.segments, prefix))
        return (surface for surface, _ in groupby(merge(*surfaces_in(self.segments, prefix))))

    def _surfaces_of(self, term: str) -> set[str]:
        """The folded forms that a term is found by."""
        return {surface for segment in self.segments for surface in segment.surfaces_of(term)}

    def frequency(self, surface: str) -> int:
        """In how many items' fields the folded form stands."""
        return sum(len(found.documents) for found in self.postings([exact(surface)], TEXT_FIELDS))

    def stem_frequency(self, term: str) -> int:
        """In about how many items the stem stands."""
        found = dict.fromkeys(TEXT_FIELDS, 0)
        for postings in self.postings([term], TEXT_FIELDS):
            found[postings.field] += len(postings.documents)
        return max(found.values())

    def postings(self, terms: Sequence[str], fields: Sequence[str]) -> Iterator[Postings]:
        """Where any of ``terms`` stands in ``fields``."""
        for segment in self.segments:
            yield from segment.postings(terms, fields)

    def typed_postings(self, term: str, typed: str, fields: Sequence[str]) -> Iterator[tuple[Postings, Array]]:
        """Where a stem stands in ``fields``, and how often in each document in the form ``typed``."""
        for segment in self.segments:
            yield from segment.typed_postings(term, typed.removeprefix(EXACT), fields)

    def holders(self, term: str, field: str) -> Array:
        """The documents whose field holds a term, in order."""
        return _joined([segment.holders(term, field) for segment in self.segments], np.int32)

    def places(self, term: str, field: str, within: Array | None = None) -> tuple[Array, Array]:
        """Every place of a term in a field: documents and positions, in order. ``within`` marks the documents asked for."""
        found = [segment.places(term, field, within) for segment in self.segments]
        documents, places = ([*column] for column in zip(*found, strict=True)) if found else ([], [])
        return _joined(documents, np.int32), _joined(places, np.int64)

    def worths(self, field: str, documents: Array) -> Array:
        """What one occurrence of a word in the field of each of ``documents`` is worth."""
        lengths = self._column(f"length_{field}")
        if field not in self._worths:  # by length: few numbers for many documents
            self._worths[field] = _worth_of_one(field, np.arange(int(lengths.max()) + 1))
        return self._worths[field][lengths[documents]]

    def procedural(self) -> Array:
        """Of every document, whether it is a procedural item."""
        return self._column("procedural", bool)

    def days(self) -> Array:
        """The date of each document's meeting as its ordinal number; 0 where it is not known."""
        return self._column("day", np.int64)

    def ordinals(self) -> Array:
        """The place of each document in its meeting."""
        return self._column("ordinal", np.int64)

    def dated(self, since: dt.date | None, until: dt.date | None) -> Array:
        """Of every document, whether it is dated within a period."""
        first = since.toordinal() if since else 1
        last = until.toordinal() if until else dt.date.max.toordinal()
        days = self.days()
        return (days >= first) & (days <= last)

    def held_in(self, month: int) -> Array:
        """Of every document, whether its meeting was in a month of any year (1 for January)."""
        months = (self.days() - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        held: Array = (months == month) & (self.days() > 0)
        return held

    def labels(self, facet: str) -> Labels:
        """The labels of one facet."""
        if facet not in self._labels:
            self._labels[facet] = Labels(facet, [segment.file for segment in self.segments])
        return self._labels[facet]

    def item_ids(self) -> Iterator[str]:
        """The id of every document's item, in their order."""
        for segment in self.segments:
            yield from segment.file.strings("item_id").texts()

    def named(self, item_id: str) -> int | None:
        """The document of an item."""
        for segment in self.segments:
            ids = segment.file.strings("item_id").texts()
            if item_id in ids:
                return segment.base + ids.index(item_id)
        return None

    def line(self, document: int) -> Line:
        """What is shown of a document."""
        segment = next(one for one in reversed(self.segments) if one.base <= document)
        number = document - segment.base
        shared = segment.file.strings("shared").at(segment.column("shared_of").at(number))
        return read_line(shared, segment.file.strings("own").at(number))

    def _column(self, name: str, kind: Any = None) -> Array:
        if name not in self._columns:
            column = _joined([segment.column(name).whole() for segment in self.segments], np.uint8)
            self._columns[name] = column.astype(kind) if kind else column
        return self._columns[name]


def _worth_of_one(field: str, lengths: Any) -> Array:
    worth: Any = share(field, 1.0, lengths)
    found: Array = worth
    return found


def _joined(arrays: Sequence[Array], kind: Any) -> Array:
    """One array of several; of none, an empty one."""
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate(arrays) if arrays else np.empty(0, kind)
