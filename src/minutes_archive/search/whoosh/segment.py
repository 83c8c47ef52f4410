"""A segment, open for reading: what one column file tells of its documents. Documents count from ``base``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from minutes_archive.search.spelling import EXACT
from minutes_archive.search.whoosh.columns import Array, Column, ColumnFile, ranges, running
from minutes_archive.search.whoosh.fields import WORD_FIELDS
from minutes_archive.search.whoosh.wordlist import WordList


@dataclass(frozen=True)
class Postings:
    """Documents whose field ``field`` holds a word, and how often: parallel arrays. A document may stand there twice."""

    field: str
    documents: Array
    counts: Array


@dataclass(frozen=True)
class _Wanted:
    """Terms by number, each once; ``forms`` says which of its forms count (rows: terms), None for all of them."""

    terms: Array
    forms: Array | None


@dataclass(frozen=True)
class _Entry:
    """A term in a field: where its postings, its places and the forms at these begin and end; no forms where it has but one."""

    field: str
    postings: tuple[int, int]
    places: tuple[int, int]
    forms: tuple[int, int]

    @property
    def is_once_each(self) -> bool:
        """Whether the term stands once in each document."""
        return self.postings[1] - self.postings[0] == self.places[1] - self.places[0]


class Segment:
    """One segment of a generation."""

    def __init__(self, file: ColumnFile, base: int) -> None:
        self.file = file
        self.base = base
        self.count = len(file.column("day"))
        self._known: dict[str, tuple[_Wanted, ...]] = {}
        self._entries: dict[int, tuple[_Entry, ...]] = {}

    @cached_property
    def terms(self) -> WordList:
        """The stems, and the marks of hyphens."""
        return WordList(self.file, "terms")

    @cached_property
    def forms(self) -> WordList:
        """The folded forms."""
        return WordList(self.file, "forms")

    def column(self, name: str) -> Column:
        """One of the columns."""
        return self.file.column(name)

    def has(self, term: str) -> bool:
        """Whether any field of any document holds the term."""
        if term.startswith(EXACT):
            return self.forms.find(term[len(EXACT):]) >= 0
        return self.terms.find(term) >= 0

    def surfaces_of(self, term: str) -> Iterator[str]:
        """The folded forms that a term is found by."""
        if term.startswith(EXACT):
            yield term[len(EXACT):]
        elif (number := self.terms.find(term)) >= 0:
            first, last = self.column("term_forms").part(number, number + 2).tolist()
            yield from map(self.forms.at, self.column("term_form").part(first, last).tolist())

    def postings(self, terms: Sequence[str], fields: Sequence[str]) -> Iterator[Postings]:
        """Where any of ``terms`` stands in ``fields``, in order of the fields' numbers."""
        for wanted in self._wanted(terms):
            if wanted.forms is None and len(wanted.terms) == 1:
                for entry in self._entries_of(int(wanted.terms[0])):
                    if entry.field in fields:
                        yield Postings(entry.field, self._documents(entry), self._counts(entry))
            else:
                yield from self._of_several(wanted, fields)

    def typed_postings(self, term: str, surface: str, fields: Sequence[str]) -> Iterator[tuple[Postings, Array]]:
        """Where a stem stands in ``fields``, and how often in each document as ``surface``, a form of it or no word here."""
        number = self.terms.find(term)
        if number < 0:
            return
        known = self.forms.find(surface)
        form = self.column("form_number").at(known) if known >= 0 else -1
        for entry in self._entries_of(number):
            if entry.field in fields:
                counts = self._counts(entry)
                yield Postings(entry.field, self._documents(entry), counts), self._typed(entry, form, counts)

    def holders(self, term: str, field: str) -> Array:
        """The documents whose field holds a term, in order."""
        for wanted in self._wanted([term]):
            if wanted.forms is not None:
                found = [postings.documents for postings in self._of_several(wanted, (field,))]
                return found[0] if found else np.empty(0, np.int32)
            entry = self._entry(int(wanted.terms[0]), field)
            if entry is not None:
                return self._documents(entry)
        return np.empty(0, np.int32)

    def places(self, term: str, field: str, within: Array | None) -> tuple[Array, Array]:
        """Every place of a term in a field: documents and positions, in order. ``within`` marks the documents asked for."""
        for wanted in self._wanted([term]):
            entry = self._entry(int(wanted.terms[0]), field)
            if entry is not None:
                return self._places(entry, wanted.forms, within)
        return np.empty(0, np.int32), np.empty(0, np.int64)

    def _places(self, entry: _Entry, forms: Array | None, within: Array | None) -> tuple[Array, Array]:
        documents, counts = self._documents(entry), self._counts(entry)
        places = self.column("place").part(*entry.places)
        told = None if forms is None else self.column("place_form").part(*entry.forms)
        if within is not None:
            kept = np.flatnonzero(within[documents])
            chosen = ranges(running(counts)[kept], counts[kept])
            documents, counts, places = documents[kept], counts[kept], places[chosen]
            told = None if told is None else told[chosen]
        documents = np.repeat(documents, counts)
        if forms is not None and told is not None:
            asked = forms[0, told]
            documents, places = documents[asked], places[asked]
        return documents, places.astype(np.int64)

    def _wanted(self, terms: Sequence[str]) -> Iterable[_Wanted]:
        if len(terms) != 1:
            return self._looked_up(terms)
        if terms[0] not in self._known:
            self._known[terms[0]] = tuple(self._looked_up(terms))
        return self._known[terms[0]]

    def _looked_up(self, terms: Sequence[str]) -> Iterator[_Wanted]:
        """The terms as numbers: those all of whose forms are asked for, and those of which only some are."""
        whole = [number for term in terms if not term.startswith(EXACT) and (number := self.terms.find(term)) >= 0]
        folded = [term[len(EXACT):] for term in terms if term.startswith(EXACT)]
        if folded:
            found = np.array([number for number in self.forms.find_all(folded) if number >= 0], np.int64)
            owners = self._taken("form_term", found)
            numbers = self._taken("form_number", found)
            owned, at = np.unique(owners, return_inverse=True)
            of_each = self._edges("term_forms", owned)[1]
            partly = np.bincount(at, minlength=len(owned)) < of_each
            whole += owned[~partly].tolist()
            if partly.any():
                forms = np.zeros((len(owned), int(of_each.max())), bool)
                forms[at, numbers] = True
                yield _Wanted(owned[partly], forms[partly])
        if whole:
            yield _Wanted(np.array(whole, np.int64), None)

    def _entries_of(self, term: int) -> tuple[_Entry, ...]:
        """The entries of a term, in order of the fields' numbers."""
        if term not in self._entries:
            first, last = self.column("term_entry").part(term, term + 2).tolist()
            fields = self.column("entry_field").part(first, last).tolist()
            edges = (
                pairwise(self.column(name).part(first, last + 1).tolist())
                for name in ("entry_posting", "entry_place", "entry_form")
            )
            self._entries[term] = tuple(
                _Entry(WORD_FIELDS[field], *found) for field, *found in zip(fields, *edges, strict=True)
            )
        return self._entries[term]

    def _entry(self, term: int, field: str) -> _Entry | None:
        return next((entry for entry in self._entries_of(term) if entry.field == field), None)

    def _documents(self, entry: _Entry) -> Array:
        return np.add(self.column("posting_document").part(*entry.postings), self.base, dtype=np.int32)

    def _counts(self, entry: _Entry) -> Array:
        """How often the term stands in each document of an entry."""
        begin, end = entry.places
        if entry.is_once_each:
            return np.ones(end - begin, np.int64)
        firsts = np.flatnonzero(self._firsts(begin, end))
        counts = np.empty_like(firsts)
        np.subtract(firsts[1:], firsts[:-1], out=counts[:-1])
        counts[-1] = end - begin - firsts[-1]
        return counts

    def _typed(self, entry: _Entry, form: int, counts: Array) -> Array:
        """How often the term stands in each document of an entry in one of its forms; ``counts`` is how often in any."""
        if form < 0:
            return np.zeros(len(counts), np.int64)
        if entry.forms[0] == entry.forms[1]:  # it has no other
            return counts
        told = self.column("place_form").part(*entry.forms) == form
        return np.bincount(self._owners(entry)[told], minlength=len(counts))

    def _owners(self, entry: _Entry) -> Array:
        """For each place of an entry, which of its postings it is of."""
        begin, end = entry.places
        if entry.is_once_each:
            return np.arange(end - begin)
        owners: Array = np.cumsum(self._firsts(begin, end), dtype=np.int64)
        owners -= 1
        return owners

    def _firsts(self, begin: int, end: int) -> Array:
        """Of each of the places ``begin`` to ``end`` (excluded), whether it is the first in its document."""
        bits = np.unpackbits(self.column("place_first").part(begin >> 3, (end + 7) >> 3)).view(bool)
        return bits[begin & 7:(begin & 7) + end - begin]

    def _of_several(self, wanted: _Wanted, asked: Sequence[str]) -> Iterator[Postings]:
        entries, fields, owners = self._entries_in(wanted.terms, asked)
        if not len(entries):
            return
        starts, lengths = self._edges("entry_posting", entries)
        documents = self.column("posting_document").several(starts, lengths) + np.int32(self.base)
        begins, widths = self._edges("entry_place", entries)
        places = ranges(begins, widths)
        # Words that begin alike stand together: what lies about them is all that is read.
        begin = int(begins.min()) >> 3
        held = self.column("place_first").part(begin, (int((begins + widths).max()) + 7) >> 3)
        bits = held[(places >> 3) - begin] >> (7 - (places & 7)).astype(np.uint8)
        of_posting = np.cumsum(bits & 1, dtype=np.int64) - 1
        if wanted.forms is not None:
            told = self.column("place_form").several(*self._edges("entry_form", entries))
            of_posting = of_posting[wanted.forms[np.repeat(owners, widths), told]]
        counts = np.bincount(of_posting, minlength=len(documents))
        edges = np.concatenate([[0], np.cumsum(lengths)])
        for number in np.unique(fields).tolist():
            first, last = np.searchsorted(fields, [number, number + 1])
            part = slice(int(edges[first]), int(edges[last]))
            held = counts[part] > 0
            yield Postings(WORD_FIELDS[number], documents[part][held], counts[part][held])

    def _entries_in(self, terms: Array, asked: Sequence[str]) -> tuple[Array, Array, Array]:
        """The entries of terms in the fields asked for: numbers, fields, and which of the terms; in order of fields."""
        starts, lengths = self._edges("term_entry", terms)
        entries, owners = ranges(starts, lengths), np.repeat(np.arange(len(terms)), lengths)
        fields = self._taken("entry_field", entries)
        allowed = np.array([name in asked for name in WORD_FIELDS])
        kept = np.flatnonzero(allowed[fields])
        kept = kept[np.argsort(fields[kept], kind="stable")]
        return entries[kept], fields[kept], owners[kept]

    def _edges(self, name: str, numbers: Array) -> tuple[Array, Array]:
        """Where what belongs to each of ``numbers`` begins, and how much it is."""
        starts = self._taken(name, numbers)
        return starts, self._taken(name, numbers + 1) - starts

    def _taken(self, name: str, numbers: Array) -> Array:
        """Some values of a column that is small enough to be looked at as a whole."""
        return self.column(name).whole()[numbers].astype(np.int64)


def surfaces_in(segments: Iterable[Segment], prefix: str) -> Iterator[Iterator[str]]:
    """For each segment its folded forms that begin with ``prefix``, in order."""
    for segment in segments:
        yield segment.forms.words(segment.forms.beginning(prefix))
