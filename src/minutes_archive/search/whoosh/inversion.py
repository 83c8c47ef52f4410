"""Inversion: from occurrences in the order of documents to postings in the order of terms.

    terms        a word list; its entries (``term_entry``: where each term's begin) are one a field that holds it
    entries      field, and where its postings, its places and its forms begin
    postings     document
    places       position, and a bit: whether it is the first of its posting
    place_form   for terms of several forms: which of them stands at each of their places
    forms        a word list of folded forms; each with its term, and its number among the term's forms
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from minutes_archive.search.spelling import EXACT
from minutes_archive.search.whoosh.columns import Array, ColumnWriter, changes, narrow, running
from minutes_archive.search.whoosh.fields import WORD_FIELDS
from minutes_archive.search.whoosh.stream import Occurrences
from minutes_archive.search.whoosh.wordlist import write_words

FIELDS = len(WORD_FIELDS)


def write_postings(writer: ColumnWriter, found: Occurrences, documents: int) -> None:
    """Write all postings of ``found``, and how long each field of the ``documents`` is (in words told)."""
    _write_lengths(writer, found, documents)
    number_of, term_of = write_terms(writer, found.terms)
    terms = len(number_of)
    numbers = write_forms(writer, found.names, term_of, terms)
    order = _order(term_of[found.forms] * FIELDS + found.fields)
    forms = found.forms[order]
    keys = term_of[forms] * FIELDS + found.fields[order]
    several = (np.bincount(term_of, minlength=terms) > 1)[keys // FIELDS]
    writer.put("place_form", narrow(numbers[forms[several]]))
    del forms
    writer.put("place", narrow(found.places[order]))
    held = found.documents[order]
    del order
    new_entry = changes(keys)
    first = new_entry | changes(held)
    writer.put("posting_document", held[first])
    writer.put("place_first", np.packbits(first))
    edges = np.append(np.flatnonzero(new_entry), len(keys))
    write_entries(
        writer, terms, keys[edges[:-1]], edges, running(first)[edges], running(several)[edges]
    )


def write_terms(writer: ColumnWriter, terms_of: Sequence[str]) -> tuple[dict[str, int], Array]:
    """Write the terms of names, each once; the number of each term, and of each name's."""
    terms = sorted(set(terms_of))
    write_words(writer, "terms", terms)
    number_of = {term: number for number, term in enumerate(terms)}
    return number_of, np.fromiter((number_of[term] for term in terms_of), np.int64, len(terms_of))


def write_entries(
    writer: ColumnWriter, terms: int, keys: Array, places: Array, postings: Array, forms: Array
) -> None:
    """Write where each entry's places, postings and forms begin, and where the last one's end.

    ``keys`` are in order: the term's number times ``FIELDS``, and the field's.
    """
    writer.put("entry_place", narrow(places))
    writer.put("entry_posting", narrow(postings))
    writer.put("entry_form", narrow(forms))
    writer.put("entry_field", (keys % FIELDS).astype(np.uint8))
    writer.put("term_entry", narrow(np.searchsorted(keys // FIELDS, np.arange(terms + 1))))


def _write_lengths(writer: ColumnWriter, found: Occurrences, documents: int) -> None:
    counts = np.bincount(found.documents.astype(np.int64) * FIELDS + found.fields, minlength=documents * FIELDS)
    # Whoever counted terms and forms apart would find two a word, and one a mark: that is what "length" has always been.
    marks = np.fromiter((not name.startswith(EXACT) for name in found.names), bool, len(found.names))
    marked = marks[found.forms]
    fewer = np.bincount(
        found.documents[marked].astype(np.int64) * FIELDS + found.fields[marked], minlength=documents * FIELDS
    )
    lengths = (2 * counts - fewer).reshape(documents, FIELDS)
    for number, name in enumerate(WORD_FIELDS):
        writer.put(f"length_{name}", narrow(lengths[:, number]))


def write_forms(writer: ColumnWriter, names: Sequence[str], term_of: Array, terms: int) -> Array:
    """Write the folded forms; what comes back is the number of each form among those of its term."""
    order = sorted(range(len(names)), key=names.__getitem__)
    by_term = np.array(sorted(order, key=term_of.__getitem__), np.int64)
    first = np.searchsorted(term_of[by_term], np.arange(terms + 1))
    numbers = np.empty(len(order), np.int64)
    numbers[by_term] = np.arange(len(order)) - first[term_of[by_term]]
    folded = [form for form in order if names[form].startswith(EXACT)]
    write_words(writer, "forms", [names[form][len(EXACT):] for form in folded])
    writer.put("form_term", narrow(term_of[folded]) if folded else np.empty(0, np.uint8))
    writer.put("form_number", narrow(numbers[folded]) if folded else np.empty(0, np.uint8))
    rank = np.zeros(len(order), np.int64)
    rank[folded] = np.arange(len(folded))
    # A mark has no form but itself: it stands as if it had the first of all, which nobody asks for.
    writer.put("term_form", narrow(rank[by_term]))
    writer.put("term_forms", narrow(first))
    return numbers


def _order(keys: Array) -> Array:
    """What sorts ``keys`` and leaves equal ones as they stand. One sort of numbers is faster than a sort of indices."""
    bits = max(1, len(keys) - 1).bit_length()
    packed = keys.astype(np.uint64) << np.uint64(bits)
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << bits) - 1)
    return packed.astype(np.int64)
