"""Merging: several segments, or what shall stay of them, as one. Nothing of what is left out is in the new file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from minutes_archive.search.engine import FACETS
from minutes_archive.search.spelling import EXACT, HYPHEN
from minutes_archive.search.whoosh.columns import Array, ColumnFile, ColumnWriter, narrow, widths
from minutes_archive.search.whoosh.draft import Document, Documents
from minutes_archive.search.whoosh.inversion import write_postings
from minutes_archive.search.whoosh.stream import Occurrences
from minutes_archive.search.whoosh.wordlist import WordList

_DIGEST = 32


def meetings_in(file: ColumnFile) -> Iterator[tuple[str, bytes, range]]:
    """The meetings of a segment: id, digest, and its documents."""
    ids = file.strings("meeting_id").texts()
    digests = file.column("meeting_digest").whole().tobytes()
    edges = [0, *file.column("meeting_end").whole().tolist()]
    for number, (identity, (first, last)) in enumerate(zip(ids, pairwise(edges), strict=True)):
        yield identity, digests[number * _DIGEST:(number + 1) * _DIGEST], range(first, last)


def write_merged(path: Path, files: Sequence[ColumnFile], without: Collection[str]) -> int:
    """Write the documents of ``files``, but for those of the meetings ``without``; returns how many they are."""
    documents = Documents()
    kept = [_take_documents(file, documents, without) for file in files]
    count = len(documents)
    writer = ColumnWriter(path)
    try:
        documents.write(writer)
        del documents
        write_postings(writer, _occurrences(files, kept), count)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    return count


def _take_documents(file: ColumnFile, documents: Documents, without: Collection[str]) -> Array:
    """Put the documents that stay into ``documents``; marks them."""
    kept = np.zeros(len(file.column("day")), bool)
    columns = [file.column(name).whole().tolist() for name in ("day", "ordinal", "procedural", "shared_of")]
    ids, shared, own = file.strings("item_id"), file.strings("shared"), file.strings("own")
    labels = {facet: _label_sets(file, facet) for facet in FACETS}
    sets = {facet: file.column(f"{facet}_of").whole().tolist() for facet in FACETS}
    for identity, told, numbers in meetings_in(file):
        if identity in without:
            continue
        kept[numbers.start:numbers.stop] = True
        for number in numbers:
            day, ordinal, procedural, head = (column[number] for column in columns)
            name = ids.at(number).decode("utf-8", "surrogatepass")
            documents.put(Document(name, day, ordinal, bool(procedural), shared.at(head), own.at(number)))
            documents.labels.take({facet: labels[facet][sets[facet][number]] for facet in FACETS})
        documents.end_meeting(identity, told)
    return kept


def _label_sets(file: ColumnFile, facet: str) -> list[tuple[str, ...]]:
    values = file.strings(f"{facet}_value").texts()
    members = [values[number] for number in file.column(f"{facet}_set").whole().tolist()]
    edges = [0, *file.column(f"{facet}_set_end").whole().tolist()]
    return [tuple(members[first:last]) for first, last in pairwise(edges)]


def _occurrences(files: Sequence[ColumnFile], kept: Sequence[Array]) -> Occurrences:
    """The words of the documents that are kept: documents numbered anew, names that none of them holds left out."""
    number_of: dict[str, int] = {}
    terms: list[str] = []
    parts: list[tuple[Array, Array, Array, Array]] = []
    base = 0
    for file, staying in zip(files, kept, strict=True):
        names = list(_names(file))
        forms, fields, documents, places = _of_file(file)
        chosen = staying[documents]
        forms, fields, documents, places = (column[chosen] for column in (forms, fields, documents, places))
        renamed = np.zeros(len(names), np.uint32)
        for number in np.unique(forms).tolist():
            name, term = names[number]
            if name not in number_of:
                number_of[name] = len(terms)
                terms.append(term)
            renamed[number] = number_of[name]
        renumbered = narrow(np.maximum(np.cumsum(staying) - 1 + base, 0))
        parts.append((renamed[forms], fields, renumbered[documents], places))
        base += int(staying.sum())
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Occurrences(list(number_of), terms, *columns)


def _names(file: ColumnFile) -> Iterator[tuple[str, str]]:
    """The forms of a segment and their terms: first what is folded, then marks."""
    terms = WordList(file, "terms")
    known = list(terms.words(range(len(terms))))
    forms = WordList(file, "forms")
    owners = file.column("form_term").whole().tolist()
    for surface, owner in zip(forms.words(range(len(forms))), owners, strict=True):
        yield EXACT + surface, known[owner]
    yield from ((term, term) for term in known if term.startswith(HYPHEN))


def _of_file(file: ColumnFile) -> tuple[Array, Array, Array, Array]:
    """Forms, fields, documents and places of all words of a segment."""
    terms = WordList(file, "terms")
    marks = np.array([term.startswith(HYPHEN) for term in terms.words(range(len(terms)))], bool)
    places = widths(file.column("entry_place").whole())
    owners = np.repeat(np.arange(len(terms)), widths(file.column("term_entry").whole()))
    owner = np.repeat(owners, places)
    first = file.column("term_forms").whole().astype(np.int64)
    forms = file.column("term_form").whole()[first[owner] + file.column("place_form").whole()].astype(np.uint32)
    folded = np.uint32(len(file.column("form_term")))
    mark_numbers = (np.cumsum(marks) - 1).astype(np.uint32) + folded
    forms = np.where(marks[owner], mark_numbers[owner], forms)
    fields = np.repeat(file.column("entry_field").whole(), places)
    documents = np.repeat(file.column("posting_document").whole(), file.column("posting_count").whole())
    return forms, fields, documents, file.column("place").whole()
