"""The fields of the Whoosh index, and the codec that names its files.

Only module-level classes stand here: Whoosh pickles the schema and the codec into the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import Stemmer
from whoosh import versionstring
from whoosh.codec.whoosh3 import W3Codec, W3PerDocWriter, W3Segment
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from minutes_archive.search.analysis import field_tokens
from minutes_archive.search.engine import FACETS
from minutes_archive.search.entry import facet_key
from minutes_archive.search.spelling import HYPHEN, exact

WORD_FIELDS = (
    "title", "decision_text", "minutes_text", "agenda_text", "documents", "number", "outcome", "body", "people",
)
NAME = "minutes"
_BETWEEN = "\x1f"


def engine_version() -> str:
    """What wrote the index: another version may store or stem otherwise."""
    return f"whoosh {versionstring()}, snowball {Stemmer.version()}"


class WordsField(FieldType):  # type: ignore[misc]
    """Words at their positions: stems, folded forms and marks of hyphens, as ``analysis`` tells them."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=True)

    def index(self, value: Sequence[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The postings of one item's texts: term, count, weight, positions."""
        places: dict[str, list[int]] = {}
        for token in field_tokens(value):
            places.setdefault(token.term, []).append(token.position)
            places.setdefault(exact(token.exact), []).append(token.position)
            if token.hyphenated:
                places.setdefault(HYPHEN + token.hyphenated, []).append(token.position)
        for term, positions in places.items():
            positions.sort()
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


class LabelsField(FieldType):  # type: ignore[misc]
    """Whole values: found by their key, counted and shown as they are."""

    def __init__(self, facet: str, shown: bool = True) -> None:
        super().__init__(Existence(), None, sortable=VarBytesColumn() if shown else False)
        self.facet = facet

    def index(self, value: Sequence[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """One posting a key."""
        for key in dict.fromkeys(facet_key(self.facet, label) for label in value):
            yield key.encode("utf-8", "surrogatepass"), 1, 1.0, b""

    def to_column_value(self, value: Sequence[str]) -> bytes:
        """The values as they are, in order, each once."""
        return _BETWEEN.join(dict.fromkeys(value)).encode("utf-8", "surrogatepass")

    def from_column_value(self, value: bytes) -> tuple[str, ...]:
        """The values that ``to_column_value`` wrote."""
        return tuple(value.decode("utf-8", "surrogatepass").split(_BETWEEN)) if value else ()


class _DocumentWriter(W3PerDocWriter):  # type: ignore[misc]
    """Whoosh's own, but for the order of the lengths of fields, which is that of a set."""

    def close(self) -> None:
        """Finish the columns."""
        super().close()
        self._segment._fieldlengths = dict(sorted(self._fieldlengths.items()))


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own codec, but for what is random in it: the same records must give the same bytes."""

    def __init__(self, segment: str) -> None:
        super().__init__()
        self._segment = segment

    def per_document_writer(self, storage: Any, segment: W3Segment) -> W3PerDocWriter:
        """The writer of lengths, columns and stored lines."""
        return _DocumentWriter(self, storage, segment)

    def new_segment(self, _storage: Any, indexname: str) -> W3Segment:
        """A segment by the name given."""
        return W3Segment(self, indexname, segid=self._segment)


def schema() -> Schema:
    """The schema of an index."""
    fields: dict[str, FieldType] = {name: WordsField() for name in WORD_FIELDS}
    fields |= {f"label_{facet}": LabelsField(facet) for facet in FACETS}
    fields |= {name: LabelsField("meeting", shown=False) for name in ("id", "procedural")}
    fields |= {"day": COLUMN(NumericColumn("I")), "ordinal": COLUMN(NumericColumn("I")), "line": STORED()}
    return Schema(**fields)
