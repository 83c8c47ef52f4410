"""Merging: several segments, or what shall stay of them, as one. Nothing of what is left out is in the new file.

Whole columns are cut and joined; no text is read again. Documents keep their order, so the postings of a word in the new
segment are those of the first segment, then those of the second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from minutes_archive.search.engine import FACETS
from minutes_archive.search.spelling import HYPHEN, exact
from minutes_archive.search.whoosh.columns import (
    Array,
    ColumnFile,
    ColumnWriter,
    changes,
    narrow,
    ranges,
    running,
    widths,
)
from minutes_archive.search.whoosh.fields import WORD_FIELDS
from minutes_archive.search.whoosh.inversion import FIELDS, write_entries, write_forms, write_terms
from minutes_archive.search.whoosh.labels import LabelsDraft, sets_of
from minutes_archive.search.whoosh.wordlist import WordList

_DIGEST = 32
# So many places or postings are numbered through at once.
_AT_ONCE = 1 << 21


def meetings_in(file: ColumnFile) -> Iterator[tuple[str, bytes, range]]:
    """The meetings of a segment: id, digest, and its documents."""
    ids = file.strings("meeting_id").texts()
    digests = file.column("meeting_digest").whole().tobytes()
    edges = [0, *file.column("meeting_end").whole().tolist()]
    for number, (identity, (first, last)) in enumerate(zip(ids, pairwise(edges), strict=True)):
        yield identity, digests[number * _DIGEST:(number + 1) * _DIGEST], range(first, last)


def write_merged(path: Path, files: Sequence[ColumnFile], without: Collection[str]) -> int:
    """Write the documents of ``files``, but for those of the meetings ``without``; returns how many they are."""
    kept = [_staying(file, without) for file in files]
    writer = ColumnWriter(path)
    try:
        _write_documents(writer, files, kept, without)
        base, parts = 0, []
        for file, staying in zip(files, kept, strict=True):
            parts.append(_part(file, staying, base))
            base += int(staying.sum())
        _write_postings(writer, parts)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    return base


def _staying(file: ColumnFile, without: Collection[str]) -> Array:
    """Of each document, whether it stays."""
    staying = np.ones(len(file.column("day")), bool)
    for identity, _, documents in meetings_in(file):
        if identity in without:
            staying[documents.start:documents.stop] = False
    return staying


def _write_documents(
    writer: ColumnWriter, files: Sequence[ColumnFile], kept: Sequence[Array], without: Collection[str]
) -> None:
    pairs = list(zip(files, kept, strict=True))
    meetings = [one for file in files for one in meetings_in(file) if one[0] not in without]
    writer.put_texts("meeting_id", (identity for identity, _, _ in meetings))
    writer.put("meeting_digest", np.frombuffer(b"".join(told for _, told, _ in meetings), np.uint8))
    writer.put("meeting_end", np.cumsum([len(documents) for _, _, documents in meetings], dtype=np.uint32))
    for name in ("day", "ordinal", "procedural", *(f"length_{field}" for field in WORD_FIELDS)):
        column = np.concatenate([file.column(name).whole()[staying] for file, staying in pairs])
        writer.put(name, column if name == "day" else narrow(column))
    for name in ("item_id", "own"):
        _write_strings(writer, name, pairs)
    _write_shared(writer, pairs)
    _write_labels(writer, pairs)


def _write_shared(writer: ColumnWriter, pairs: Sequence[tuple[ColumnFile, Array]]) -> None:
    shared: dict[bytes, int] = {}
    heads = []
    for file, staying in pairs:
        of, strings = file.column("shared_of").whole()[staying], file.strings("shared")
        heads.append(_renumbered(of, {number: shared.setdefault(strings.at(number), len(shared)) for number in _used(of)}))
    writer.put_bytes("shared", shared)
    writer.put("shared_of", narrow(np.concatenate(heads)))


def _write_labels(writer: ColumnWriter, pairs: Sequence[tuple[ColumnFile, Array]]) -> None:
    labels = LabelsDraft()
    for file, staying in pairs:
        for facet in FACETS:
            held, of = sets_of(file, facet), file.column(f"{facet}_of").whole()[staying]
            labels.take_all(facet, _renumbered(of, {number: labels.number(facet, held[number]) for number in _used(of)}))
    labels.write(writer)


def _used(numbers: Array) -> list[int]:
    """The numbers that occur, in the order in which they first do."""
    return list(dict.fromkeys(numbers.tolist()))


def _renumbered(numbers: Array, number_of: dict[int, int]) -> Array:
    table = np.zeros(max(number_of, default=0) + 1, np.int64)
    table[list(number_of)] = list(number_of.values())
    return table[numbers]


def _write_strings(writer: ColumnWriter, name: str, pairs: Sequence[tuple[ColumnFile, Array]]) -> None:
    pieces, lengths = [], []
    for file, staying in pairs:
        ends = np.concatenate([[0], file.column(f"{name}.ends").whole()]).astype(np.int64)
        lengths.append(widths(ends)[staying])
        # Documents that stay side by side are copied together.
        edges = np.flatnonzero(np.diff(staying, prepend=False, append=False)).tolist()
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            pieces.append(file.column(name).part(int(ends[first]), int(ends[last])))
    writer.put_pieces(name, pieces, np.concatenate(lengths))


@dataclass(frozen=True)
class _Part:
    """What one segment brings in: its terms, the names in it (forms, then marks) with the term of each, and its postings.

    By entry: term, field, how many postings and places. By posting: document. By place: position, whether it is the first
    of its posting, and which of ``names`` stands there.
    """

    terms: Sequence[str]
    names: Sequence[str]
    terms_of: Sequence[str]
    term: Array
    field: Array
    postings: Array
    places: Array
    document: Array
    place: Array
    first: Array
    name: Array


def _part(file: ColumnFile, staying: Array, base: int) -> _Part:
    """The postings of the documents that stay, which are numbered from ``base``."""
    terms, forms = (list(WordList(file, name).words(range(file.column(f"{name}.count").at(0)))) for name in ("terms", "forms"))
    owners = file.column("form_term").whole().tolist()
    marks = [term for term in terms if term.startswith(HYPHEN)]
    term = np.repeat(np.arange(len(terms)), widths(file.column("term_entry").whole()))
    postings, places = (file.column(name).whole() for name in ("entry_posting", "entry_place"))
    name = _names_at_places(file, np.array([one.startswith(HYPHEN) for one in terms], bool), term, widths(places))
    document, place = file.column("posting_document").whole(), file.column("place").whole()
    first = np.unpackbits(file.column("place_first").whole(), count=len(place))
    if not staying.all():
        posting_stays = staying[document]
        place_stays = posting_stays[np.cumsum(first, dtype=np.int64) - 1]
        document, place, first, name = document[posting_stays], place[place_stays], first[place_stays], name[place_stays]
        postings, places = running(posting_stays)[postings], running(place_stays)[places]
    number_of = narrow(np.maximum(np.cumsum(staying) - 1 + base, 0))
    return _Part(
        terms, [*map(exact, forms), *marks], [*(terms[owner] for owner in owners), *marks],
        term, file.column("entry_field").whole(), widths(postings), widths(places), number_of[document], place, first, name,
    )


def _names_at_places(file: ColumnFile, is_mark: Array, term: Array, places: Array) -> Array:
    """Which form stands at each place, or which mark: these are numbered after the forms."""
    first, form = file.column("term_forms").whole().astype(np.int64), file.column("term_form").whole().astype(np.uint32)
    folded = len(file.column("form_term"))
    alone = np.where(is_mark, np.cumsum(is_mark) - 1 + folded, form[first[:-1]]).astype(np.uint32)
    names: Array = np.repeat(alone[term], places)
    several = (widths(first) > 1)[term]
    begins = np.repeat(first[term[several]], places[several])
    names[np.repeat(several, places)] = form[begins + file.column("place_form").whole()]
    return names


def _write_postings(writer: ColumnWriter, parts: Sequence[_Part]) -> None:
    names, terms_of, named = _names_of_all(parts)
    number_of, term_of = write_terms(writer, terms_of)
    forms = write_forms(writer, names, term_of, len(number_of))
    keys = np.concatenate([
        np.array([number_of.get(term, -1) for term in part.terms], np.int64)[part.term] * FIELDS + part.field for part in parts
    ])
    postings, places = (np.concatenate([getattr(part, name) for part in parts]) for name in ("postings", "places"))
    order = np.argsort(keys, kind="stable")
    order = order[postings[order] > 0]
    keys = keys[order]
    several = (np.bincount(term_of, minlength=len(number_of)) > 1)[keys // FIELDS]
    writer.put("place_form", narrow(forms[_gathered(named, places, order[several])]))
    del named
    writer.put("place", narrow(_gathered([part.place for part in parts], places, order)))
    writer.put("place_first", np.packbits(_gathered([part.first for part in parts], places, order)))
    writer.put("posting_document", narrow(_gathered([part.document for part in parts], postings, order)))
    edges = np.append(np.flatnonzero(changes(keys)), len(keys))
    begins = (running(lengths)[edges] for lengths in (places[order], postings[order], places[order] * several))
    write_entries(writer, len(number_of), keys[edges[:-1]], *begins)


def _names_of_all(parts: Sequence[_Part]) -> tuple[list[str], list[str], list[Array]]:
    """The names that stand anywhere, and their terms; and for each part which of them stands at its places."""
    term_of: dict[str, str] = {}
    number_of: dict[str, int] = {}
    named = []
    for part in parts:
        numbers = np.zeros(len(part.names), np.uint32)
        for number in np.flatnonzero(np.bincount(part.name, minlength=len(part.names))).tolist():
            name = part.names[number]
            term_of[name] = part.terms_of[number]
            numbers[number] = number_of.setdefault(name, len(number_of))
        named.append(numbers[part.name])
    return list(number_of), [term_of[name] for name in number_of], named


def _gathered(columns: Sequence[Array], lengths: Array, order: Array) -> Array:
    """The pieces of ``columns``, which are so long, one after the other in ``order``."""
    held = np.concatenate(columns)
    starts, lengths = running(lengths)[order], lengths[order]
    cuts = np.searchsorted(np.cumsum(lengths), np.arange(_AT_ONCE, int(lengths.sum()), _AT_ONCE))
    edges = [0, *cuts.tolist(), len(order)]
    pieces = [held[ranges(starts[first:last], lengths[first:last])] for first, last in pairwise(edges)]
    return np.concatenate(pieces)
