"""The stream: texts as they come, turned into numbers; and from the numbers, every occurrence of every word.

A text costs one lookup a chunk while it is taken in. What its chunks mean is spread out at the end, for all
texts at once. What is known of chunks serves one segment after the other.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np

from minutes_archive.search.analysis import TEXT_GAP, stem
from minutes_archive.search.spelling import EXACT, HYPHEN
from minutes_archive.search.whoosh.chunks import bare, seen
from minutes_archive.search.whoosh.columns import Array, narrow, ranges, widths
from minutes_archive.search.whoosh.fields import NUMBERS, WORD_FIELDS

# So many documents are spread out at once.
_AT_ONCE = 2_000
# So many chunks are remembered from one segment to the next: some 60 MB.
_MOST_CHUNKS = 300_000


@dataclass(frozen=True)
class Occurrences:
    """Every word at every place, in order of documents, fields and places: parallel arrays.

    ``forms`` are numbers of ``names``: folded forms (``=bikes``) and marks of hyphens (``~off-road``); ``terms`` gives
    the term (``bike``) that each of them is found by.
    """

    names: Sequence[str]
    terms: Sequence[str]
    forms: Array
    fields: Array
    documents: Array
    places: Array


class _Forms(dict[str, int]):
    """The number of every form met, and its term."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[str] = []

    def number(self, name: str, term: str) -> int:
        known = self.get(name)
        if known is None:
            known = self[name] = len(self.terms)
            self.terms.append(term)
        return known


class Chunks(dict[str, int]):
    """The number of every chunk met; for each its parts, and its words as (place, form)."""

    def __init__(self) -> None:
        super().__init__()
        self._begin()

    def forget(self) -> None:
        """Begin anew where more is known than is worth its memory. Between segments only: numbers change."""
        if len(self) > _MOST_CHUNKS:
            self.clear()
            self._begin()

    def _begin(self) -> None:
        self.forms = _Forms()
        self.steps = array("I")
        self.counts = array("I")
        self.places = array("I")
        self.numbers = array("I")

    def __missing__(self, chunk: str) -> int:
        plain = bare(chunk)
        if plain and plain != chunk:
            self[chunk] = number = self[plain]
            return number
        before = len(self.numbers)
        if plain:
            self.places.append(0)
            self.numbers.append(self.forms.number(EXACT + plain, stem(plain)))
            return self._known(chunk, 1, before)
        steps, found = seen[chunk]
        for token in found:
            self.places.append(token.position)
            self.numbers.append(self.forms.number(EXACT + token.exact, token.term))
            if token.hyphenated:
                mark = HYPHEN + token.hyphenated
                self.places.append(token.position)
                self.numbers.append(self.forms.number(mark, mark))
        return self._known(chunk, steps, before)

    def _known(self, chunk: str, steps: int, before: int) -> int:
        self[chunk] = number = len(self.steps)
        self.steps.append(steps)
        self.counts.append(len(self.numbers) - before)
        return number


class Stream:
    """Takes in the texts of documents, numbered from 0 in order. ``chunks`` may know some already."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self._stream = array("I")
        self._documents = array("I")
        self._fields = array("B")
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._stream)

    def take(self, document: int, field: str, texts: Sequence[str]) -> None:
        """Take in the texts of one field of one document; fields come in order of their numbers."""
        for text in texts:
            self._stream.extend(map(self._chunks.__getitem__, text.split()))
            self._documents.append(document)
            self._fields.append(NUMBERS[field])
            self._ends.append(len(self._stream))

    def occurrences(self) -> Occurrences:
        """All that was taken in."""
        documents, fields = np.frombuffer(self._documents, np.uint32), np.frombuffer(self._fields, np.uint8)
        # In parts, lest the long numbers that places are counted with be held for all texts at once.
        edges = [*np.flatnonzero(np.diff(documents // _AT_ONCE)) + 1, len(documents)]
        parts = [self._spread(documents, fields, first, last) for first, last in pairwise([0, *edges])]
        forms, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        known = self._chunks.forms
        met = np.bincount(forms, minlength=len(known)) > 0
        number_of = (np.cumsum(met) - 1).astype(np.uint32)
        names = list(compress(known, met.tolist()))
        return Occurrences(names, list(compress(known.terms, met.tolist())), number_of[forms], *columns)

    def _spread(self, documents: Array, fields: Array, first: int, last: int) -> tuple[Array, Array, Array, Array]:
        """Forms, fields, documents and places of the texts ``first`` to ``last`` (excluded)."""
        chunks, documents, fields = self._chunks, documents[first:last], fields[first:last]
        ends = np.frombuffer(self._ends, np.uint64)[first:last + 1].astype(np.int64)
        lengths = widths(ends)
        stream = np.frombuffer(self._stream, np.uint32)[ends[0]:ends[-1]] if self._stream else np.empty(0, np.uint32)
        steps = np.frombuffer(chunks.steps, np.uint32)[stream].astype(np.int64)
        places = self._starts(steps, lengths, documents, fields)
        counts = np.frombuffer(chunks.counts, np.uint32).astype(np.int64)
        begins, counts = (np.cumsum(counts) - counts)[stream], counts[stream]
        told = ranges(begins, counts)
        of_text = np.repeat(np.repeat(np.arange(len(lengths)), lengths), counts)
        places = (np.repeat(places, counts) + np.frombuffer(chunks.places, np.uint32)[told]).astype(np.uint32)
        forms = np.frombuffer(chunks.numbers, np.uint32)[told]
        return forms, fields[of_text], narrow(documents)[of_text], places

    @staticmethod
    def _starts(steps: Array, lengths: Array, documents: Array, fields: Array) -> Array:
        """The position of each chunk: counted through its text, and on from text to text of one field."""
        ends = np.cumsum(lengths)
        passed = np.concatenate([[0], np.cumsum(steps)])
        parts = passed[ends] - passed[ends - lengths]  # of each text
        begun = np.cumsum(np.maximum(parts - 1, 0) + TEXT_GAP)
        begun -= np.maximum(parts - 1, 0) + TEXT_GAP
        key = documents.astype(np.int64) * len(WORD_FIELDS) + fields
        first = np.flatnonzero(np.diff(key, prepend=-1))
        base = begun - np.repeat(begun[first], widths(np.append(first, len(key))))
        starts: Array = passed[:-1] + np.repeat(base - passed[ends - lengths], lengths)
        return starts
