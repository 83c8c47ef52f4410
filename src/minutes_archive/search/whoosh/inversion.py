"""Inversion: from occurrences in the order of documents to postings in the order of terms.

    terms        a word list; its entries (``entries``: where each term's begin) are one a field that holds it
    entries      field, where its postings begin, where its places begin
    postings     document, and how often the term stands there
    places       position, and which form of the term stands there
    forms        a word list of folded forms; each with its term, and its number among the term's forms
"""

from __future__ import annotations

import numpy as np

from minutes_archive.search.spelling import EXACT
from minutes_archive.search.whoosh.columns import Array, ColumnWriter, narrow
from minutes_archive.search.whoosh.fields import WORD_FIELDS
from minutes_archive.search.whoosh.stream import Occurrences
from minutes_archive.search.whoosh.wordlist import write_words

_FIELDS = len(WORD_FIELDS)


def write_postings(writer: ColumnWriter, found: Occurrences, documents: int) -> None:
    """Write all postings of ``found``, and how long each field of the ``documents`` is (in words told)."""
    _write_lengths(writer, found, documents)
    terms = sorted(set(found.terms))
    write_words(writer, "terms", terms)
    number_of = {term: number for number, term in enumerate(terms)}
    term_of = np.fromiter((number_of[term] for term in found.terms), np.int64, len(found.terms))
    numbers = _write_forms(writer, found, term_of, len(terms))
    order = _order(term_of[found.forms] * _FIELDS + found.fields)
    forms = found.forms[order]
    writer.put("place_form", narrow(numbers[forms]))
    keys = term_of[forms] * _FIELDS + found.fields[order]
    del forms
    writer.put("place", narrow(found.places[order]))
    held = found.documents[order]
    del order
    new_entry = _changes(keys)
    first = np.flatnonzero(new_entry | _changes(held))
    writer.put("posting_document", held[first])
    writer.put("posting_count", narrow(np.diff(np.append(first, len(held)))))
    entries = np.flatnonzero(new_entry)
    writer.put("entry_place", narrow(np.append(entries, len(keys))))
    writer.put("entry_posting", narrow(np.append(np.searchsorted(first, entries), len(first))))
    writer.put("entry_field", (keys[entries] % _FIELDS).astype(np.uint8))
    writer.put("term_entry", narrow(np.searchsorted(keys[entries] // _FIELDS, np.arange(len(terms) + 1))))


def _write_lengths(writer: ColumnWriter, found: Occurrences, documents: int) -> None:
    counts = np.bincount(found.documents.astype(np.int64) * _FIELDS + found.fields, minlength=documents * _FIELDS)
    # Whoever counted terms and forms apart would find two a word, and one a mark: that is what "length" has always been.
    marks = np.fromiter((not name.startswith(EXACT) for name in found.names), bool, len(found.names))
    marked = marks[found.forms]
    fewer = np.bincount(
        found.documents[marked].astype(np.int64) * _FIELDS + found.fields[marked], minlength=documents * _FIELDS
    )
    lengths = (2 * counts - fewer).reshape(documents, _FIELDS)
    for number, name in enumerate(WORD_FIELDS):
        writer.put(f"length_{name}", narrow(lengths[:, number]))


def _write_forms(writer: ColumnWriter, found: Occurrences, term_of: Array, terms: int) -> Array:
    """Write the folded forms; what comes back is the number of each form among those of its term."""
    order = sorted(range(len(found.names)), key=found.names.__getitem__)
    by_term = np.array(sorted(order, key=term_of.__getitem__), np.int64)
    first = np.searchsorted(term_of[by_term], np.arange(terms + 1))
    numbers = np.empty(len(order), np.int64)
    numbers[by_term] = np.arange(len(order)) - first[term_of[by_term]]
    folded = [form for form in order if found.names[form].startswith(EXACT)]
    write_words(writer, "forms", [found.names[form][len(EXACT):] for form in folded])
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


def _changes(values: Array) -> Array:
    """Where a value differs from the one before it."""
    changed = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed
