"""Reading one generation: postings, lengths, labels, lines. Speaks of documents by Whoosh's numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import merge
from itertools import groupby
from typing import Any

from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from minutes_archive.search.entry import Line, meant
from minutes_archive.search.plan import TEXT_FIELDS
from minutes_archive.search.spelling import EXACT, exact
from minutes_archive.search.whoosh.schema import NAME, WORD_FIELDS
from minutes_archive.search.whoosh.sealed import SealedStorage

_KNOWN_TERMS = 1 << 16


class Postings:
    """Where one term stands in one field: documents, how often in each, and at which positions."""

    def __init__(self, counts: dict[int, float], values: dict[int, bytes], decode: Any) -> None:
        self.counts = counts
        self._values = values
        self._decode = decode

    def positions(self, document: int) -> list[int]:
        """The positions in one document; none where the term isn't in it."""
        value = self._values.get(document)
        places: list[int] = self._decode(value) if value is not None else []
        return places


class Reader:
    """One generation, open for reading. It is a ``Lexicon`` of its words."""

    def __init__(self, storage: SealedStorage) -> None:
        self._storage = storage
        self._reader = FileIndex(storage, indexname=NAME).reader()
        self.count: int = self._reader.doc_count()
        self.has = lru_cache(_KNOWN_TERMS)(self._has)
        self._columns: dict[str, Any] = {}

    def close(self) -> None:
        """Close the generation's files."""
        self._reader.close()
        self._storage.close()

    def _has(self, term: str) -> bool:
        encoded = term.encode()
        return any((field, encoded) in self._reader for field in WORD_FIELDS)

    def surfaces(self, prefix: str) -> Iterator[str]:
        """Every folded form that begins with ``prefix``, in order."""
        start = exact(prefix).encode()
        fields = (self._reader.expand_prefix(field, start) for field in WORD_FIELDS)
        return (term.decode()[len(EXACT):] for term, _ in groupby(merge(*fields)))

    def frequency(self, surface: str) -> int:
        """In how many items' fields the folded form stands."""
        found: int = sum(self._reader.doc_frequency(field, exact(surface).encode()) for field in TEXT_FIELDS)
        return found

    def stem_frequency(self, term: str) -> int:
        """In about how many items the stem stands."""
        found: int = max(self._reader.doc_frequency(field, term.encode()) for field in TEXT_FIELDS)
        return found

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term in a field."""
        counts: dict[int, float] = {}
        values: dict[int, bytes] = {}
        if self.has(term):
            for document, weight, value in self._postings(field, term.encode()):
                counts[document] = weight
                values[document] = value
        return Postings(counts, values, self._reader.schema[field].format.decode_positions)

    def _postings(self, field: str, term: bytes) -> Iterator[tuple[int, float, bytes]]:
        try:
            matcher = self._reader.postings(field, term)
        except TermNotFound:
            return
        while matcher.is_active():
            yield matcher.id(), matcher.weight(), matcher.value()
            matcher.next()

    def length(self, field: str, document: int) -> int:
        """How many terms a document's field holds."""
        length: int = self._reader.doc_field_length(document, field)
        return length

    def documents(self) -> Iterable[int]:
        """Every document."""
        return self._reader.all_doc_ids()  # type: ignore[no-any-return]

    def labelled(self, facet: str, key: str) -> set[int]:
        """The documents that carry a label, by its key or, of a name, by part of it (``entry.meant``)."""
        known = (term.decode("utf-8", "surrogatepass") for term in self._reader.lexicon(f"label_{facet}"))
        return set().union(*(self._members(f"label_{facet}", one) for one in meant(facet, key, known)))

    def procedural(self) -> set[int]:
        """The documents that are procedural items."""
        return self._members("procedural", "yes")

    def named(self, item_id: str) -> int | None:
        """The document of an item."""
        return next(iter(self._members("id", item_id)), None)

    def _members(self, field: str, key: str) -> set[int]:
        return {document for document, _, _ in self._postings(field, key.encode("utf-8", "surrogatepass"))}

    def day(self, document: int) -> int:
        """The meeting's date as its ordinal number; 0 where it is not known."""
        day: int = self._column("day")[document]
        return day

    def dated(self, documents: Iterable[int], since: dt.date | None, until: dt.date | None) -> set[int]:
        """Those of ``documents`` that are dated within a period."""
        first = since.toordinal() if since else 1
        last = until.toordinal() if until else dt.date.max.toordinal()
        return {document for document in documents if first <= self.day(document) <= last}

    def place(self, document: int) -> tuple[str, int]:
        """Where an item stands: its meeting, and its place there."""
        ordinal: int = self._column("ordinal")[document]
        return self._column("label_meeting")[document][0], ordinal

    def counts(self, facet: str, documents: Iterable[int]) -> dict[str, int]:
        """How many of ``documents`` carry each value of a facet."""
        name = f"label_{facet}"
        counts: Counter[str] = Counter()
        for values, count in Counter(self._column(name)[document] for document in documents).items():
            for value in values:
                counts[value] += count
        return counts

    def line(self, document: int) -> Line:
        """What is shown of a document."""
        return Line.from_json(self._reader.stored_fields(document)["line"])

    def _column(self, name: str) -> Any:
        if name not in self._columns:
            self._columns[name] = self._reader.column_reader(name)
        return self._columns[name]
