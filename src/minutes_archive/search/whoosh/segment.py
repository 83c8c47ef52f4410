"""A segment, open for reading: what one column file tells of its documents. Documents count from ``base``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from minutes_archive.search.spelling import EXACT
from minutes_archive.search.whoosh.columns import Array, Column, ColumnFile, ranges
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


class Segment:
    """One segment of a generation."""

    def __init__(self, file: ColumnFile, base: int) -> None:
        self.file = file
        self.base = base
        self.count = len(file.column("day"))
        self._known: dict[str, tuple[_Wanted, ...]] = {}

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
                yield from self._of_one(int(wanted.terms[0]), fields)
            else:
                yield from self._of_several(wanted, fields)

    def places(self, term: str, field: str, within: Array | None) -> tuple[Array, Array]:
        """Every place of a term in a field: documents and positions, in order. ``within`` marks the documents asked for."""
        none = np.empty(0, np.int32), np.empty(0, np.int64)
        for wanted in self._wanted([term]):
            entries, fields = self._entries(wanted.terms)
            found = np.flatnonzero(fields == WORD_FIELDS.index(field))
            if len(found):
                return self._places(int(entries[found[0]]), wanted.forms, within)
        return none

    def _places(self, entry: int, forms: Array | None, within: Array | None) -> tuple[Array, Array]:
        first, last = self.column("entry_posting").part(entry, entry + 2).tolist()
        begin, end = self.column("entry_place").part(entry, entry + 2).tolist()
        documents = self._documents(first, last)
        counts = self.column("posting_count").part(first, last).astype(np.int64)
        places, told = self.column("place").part(begin, end), None
        if forms is not None:
            told = self.column("place_form").part(begin, end)
        if within is not None:
            kept = within[documents]
            chosen = ranges((np.cumsum(counts) - counts)[kept], counts[kept])
            documents, counts, places = documents[kept], counts[kept], places[chosen]
            told = told[chosen] if told is not None else None
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
            of_each = self._taken("term_forms", owned + 1) - self._taken("term_forms", owned)
            partly = np.bincount(at, minlength=len(owned)) < of_each
            whole += owned[~partly].tolist()
            if partly.any():
                forms = np.zeros((len(owned), int(of_each.max())), bool)
                forms[at, numbers] = True
                yield _Wanted(owned[partly], forms[partly])
        if whole:
            yield _Wanted(np.array(whole, np.int64), None)

    def _taken(self, name: str, numbers: Array) -> Array:
        """Some values of a column that is small enough to be looked at as a whole."""
        return self.column(name).whole()[numbers].astype(np.int64)

    def _of_one(self, term: int, fields: Sequence[str]) -> Iterator[Postings]:
        first, last = self.column("term_entry").part(term, term + 2).tolist()
        edges = self.column("entry_posting").part(first, last + 1).tolist()
        for number, (begin, end) in zip(self.column("entry_field").part(first, last).tolist(), pairwise(edges), strict=True):
            if WORD_FIELDS[number] in fields:
                counts = self.column("posting_count").part(begin, end)
                yield Postings(WORD_FIELDS[number], self._documents(begin, end), counts)

    def _of_several(self, wanted: _Wanted, asked: Sequence[str]) -> Iterator[Postings]:
        entries, fields, owners = self._entries_of(wanted.terms, asked)
        starts = self._taken("entry_posting", entries)
        lengths = self._taken("entry_posting", entries + 1) - starts
        documents = self.column("posting_document").several(starts, lengths) + np.int32(self.base)
        counts = self.column("posting_count").several(starts, lengths).astype(np.int64)
        edges = np.concatenate([[0], np.cumsum(lengths)])
        if wanted.forms is not None:
            begins = self._taken("entry_place", entries)
            widths = self._taken("entry_place", entries + 1) - begins
            told = self.column("place_form").several(begins, widths)
            asked_for = wanted.forms[np.repeat(owners, widths), told]
            counts = np.bincount(np.repeat(np.arange(len(counts)), counts)[asked_for], minlength=len(counts))
        for number in np.unique(fields).tolist():
            first, last = np.searchsorted(fields, [number, number + 1])
            part = slice(int(edges[first]), int(edges[last]))
            held = counts[part] > 0
            yield Postings(WORD_FIELDS[number], documents[part][held], counts[part][held])

    def _entries(self, terms: Array) -> tuple[Array, Array]:
        starts = self._taken("term_entry", terms)
        entries = ranges(starts, self._taken("term_entry", terms + 1) - starts)
        return entries, self._taken("entry_field", entries)

    def _entries_of(self, terms: Array, asked: Sequence[str]) -> tuple[Array, Array, Array]:
        """The entries of terms in the fields asked for: numbers, fields, and which of the terms; in order of fields."""
        starts = self._taken("term_entry", terms)
        lengths = self._taken("term_entry", terms + 1) - starts
        entries, owners = ranges(starts, lengths), np.repeat(np.arange(len(terms)), lengths)
        fields = self._taken("entry_field", entries)
        allowed = np.array([name in asked for name in WORD_FIELDS])
        kept = np.flatnonzero(allowed[fields])
        kept = kept[np.argsort(fields[kept], kind="stable")]
        return entries[kept], fields[kept], owners[kept]

    def _documents(self, first: int, last: int) -> Array:
        return np.add(self.column("posting_document").part(first, last), self.base, dtype=np.int32)


def surfaces_in(segments: Iterable[Segment], prefix: str) -> Iterator[Iterator[str]]:
    """For each segment its folded forms that begin with ``prefix``, in order."""
    for segment in segments:
        yield segment.forms.words(segment.forms.beginning(prefix))
