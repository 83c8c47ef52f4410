"""The index as Whoosh knows it: schema, segments and a codec that reads column files.

    from whoosh import index
    index.open_dir("index/officer", indexname="minutes").searcher()

Whoosh's own reading of an index begins with unpickling its table of contents; ``open_whoosh`` first finds every file to
be what the manifest says. Only module-level classes stand here: Whoosh pickles schema and segments. Documents are
written by ``draft``; a writer of Whoosh's own finds no way in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec, FieldCursor, PerDocumentReader, TermsReader
from whoosh.codec.base import Segment as BaseSegment
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Positions
from whoosh.index import TOC, FileIndex
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from minutes_archive.search.analysis import field_tokens
from minutes_archive.search.spelling import HYPHEN, exact
from minutes_archive.search.whoosh.columns import ColumnFile
from minutes_archive.search.whoosh.fields import NAME, WORD_FIELDS
from minutes_archive.search.whoosh.lines import read_line
from minutes_archive.search.whoosh.segment import Segment

_SUFFIX = ".columns"


class WordsField(FieldType):  # type: ignore[misc]
    """Words at their positions: stems, folded forms (``=bikes``) and marks of hyphens, as ``analysis`` tells them."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=True)

    def index(self, value: str, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The postings of a text: term, count, weight, positions."""
        places: dict[str, list[int]] = {}
        for token in field_tokens([value]):
            marks = [HYPHEN + token.hyphenated] if token.hyphenated else []
            for term in (token.term, exact(token.exact), *marks):
                places.setdefault(term, []).append(token.position)
        for term, positions in places.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(sorted(positions))

    def process_text(self, value: str, mode: str = "", **_: Any) -> Iterator[str]:
        """The terms of a query."""
        return (token.term for token in field_tokens([value]))


class ColumnsCodec(Codec):  # type: ignore[misc]
    """Reads column files. It writes none: see ``draft``."""

    def terms_reader(self, storage: Any, segment: ColumnsSegment) -> TermsReader:
        """The words of a segment."""
        return _Terms(_opened(storage, segment))

    def per_document_reader(self, storage: Any, segment: ColumnsSegment) -> PerDocumentReader:
        """The documents of a segment."""
        return _Documents(_opened(storage, segment))


class ColumnsSegment(BaseSegment):  # type: ignore[misc]
    """One column file; nothing in it is ever deleted: segments that lose a document are written anew."""

    def __init__(self, identity: str, documents: int) -> None:
        self.indexname = NAME
        self.segid = identity
        self.compound = False
        self._documents = documents

    def codec(self) -> ColumnsCodec:
        """What reads it."""
        return ColumnsCodec()

    def doc_count_all(self) -> int:
        """How many documents it holds."""
        return self._documents

    def deleted_count(self) -> int:
        """None of them."""
        return 0

    def deleted_docs(self) -> Iterable[int]:
        """None of them."""
        return ()

    def is_deleted(self, _docnum: int) -> bool:
        """No."""
        return False


def schema() -> Schema:
    """The schema of an index."""
    return Schema(**{name: WordsField() for name in WORD_FIELDS}, line=STORED())


def write_toc(folder: Path, generation: int, held: Mapping[str, int]) -> str:
    """Write Whoosh's table of contents over column files, which hold so many documents each; returns its name."""
    segments = [
        ColumnsSegment(name.removeprefix(f"{NAME}_").removesuffix(_SUFFIX), documents) for name, documents in held.items()
    ]
    TOC(schema(), segments, generation).write(FileStorage(str(folder)), NAME)
    return f"_{NAME}_{generation}.toc"


def open_whoosh(folder: Path) -> FileIndex:
    """The index as Whoosh's own searcher reads it; the caller has found its files to be those of the manifest."""
    return FileIndex(FileStorage(str(folder)), indexname=NAME)


def _opened(storage: Any, segment: ColumnsSegment) -> Segment:
    return Segment(ColumnFile(Path(storage.folder) / segment.make_filename(_SUFFIX), None), 0)


class _Terms(TermsReader):  # type: ignore[misc]
    """The words of a segment by field and term; Whoosh sees each stem, folded form and mark as a term of its own."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._held(*term) is not None

    def cursor(self, fieldname: str, fieldobj: Any) -> FieldCursor:
        """Not needed for reading."""
        raise NotImplementedError

    def indexed_field_names(self) -> Sequence[str]:
        """The fields that hold words."""
        return WORD_FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every term of every field, in order."""
        return (term for name in sorted(WORD_FIELDS) for term in self._of_field(name, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Every term from one on, in order."""
        yield from self._of_field(fieldname, prefix)
        for name in sorted(WORD_FIELDS):
            if name > fieldname:
                yield from self._of_field(name, b"")

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every term with what is known of it."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """The same, from one on."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """How often a term stands in a field, and in what documents. Raises ``TermNotFound``."""
        documents, counts = self._postings(fieldname, text)
        lengths = self._segment.column(f"length_{fieldname}").whole()[documents]
        return TermInfo(
            weight=float(counts.sum()), df=len(documents), minlength=int(lengths.min()), maxlength=int(lengths.max()),
            maxweight=float(counts.max()), minid=int(documents[0]), maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often a term stands in a field."""
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """In how many documents it stands there."""
        return int(self.term_info(fieldname, text).doc_frequency()) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """The postings of a term with their positions. Raises ``TermNotFound``."""
        documents, counts = self._postings(fieldname, text)
        _, places = self._segment.places(text.decode(), fieldname, None)
        values, first = [], 0
        for count in counts.tolist():
            values.append(format_.encode(places[first:first + count].tolist()))
            first += count
        return ListMatcher(
            documents.tolist(), counts.astype(float).tolist(), values, format_, scorer=scorer, term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _of_field(self, name: str, first: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._segment.terms
        folded = map(exact, self._segment.forms.words(range(len(self._segment.forms))))
        known = merge(*([*map(str.encode, words)] for words in (terms.words(range(len(terms))), folded)))
        return ((name, term) for term in known if term >= first and (name, term) in self)

    def _held(self, fieldname: str, text: bytes) -> Any:
        found = list(self._segment.postings([text.decode()], (fieldname,))) if fieldname in WORD_FIELDS else []
        return next((one for one in found if len(one.documents)), None)

    def _postings(self, fieldname: str, text: bytes) -> tuple[Any, Any]:
        held = self._held(fieldname, text)
        if held is None:
            raise TermNotFound(f"{fieldname}:{text.decode()}")
        return held.documents, held.counts


class _Documents(PerDocumentReader):  # type: ignore[misc]
    """The documents of a segment: lengths of fields, and what is shown of them."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def doc_count(self) -> int:
        """How many there are."""
        return self._segment.count

    def doc_count_all(self) -> int:
        """The same: none is ever marked as deleted."""
        return self._segment.count

    def has_deletions(self) -> bool:
        """No."""
        return False

    def is_deleted(self, _docnum: int) -> bool:
        """No."""
        return False

    def deleted_docs(self) -> Iterable[int]:
        """None."""
        return ()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """How many terms a field holds."""
        return self._segment.column(f"length_{fieldname}").at(docnum) or default

    def field_length(self, fieldname: str) -> int:
        """How many terms it holds in all documents."""
        return self._over(fieldname, sum)

    def min_field_length(self, fieldname: str) -> int:
        """The least of any document."""
        return self._over(fieldname, min)

    def max_field_length(self, fieldname: str) -> int:
        """The most of any document."""
        return self._over(fieldname, max)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The line of a document."""
        file = self._segment.file
        shared = file.strings("shared").at(file.column("shared_of").at(docnum))
        return {"line": read_line(shared, file.strings("own").at(docnum))}

    def _over(self, fieldname: str, fold: Callable[[Iterable[int]], int]) -> int:
        lengths = self._segment.column(f"length_{fieldname}").whole().tolist()
        return fold(lengths) if lengths else 0
