"""Documents: what the search in the page knows of one item; made from the entries that the command line's index is made of.

The engines in the browser are given the archive's own terms, not texts: so both find what the command line finds, whatever
they make of hyphens, endings and beginnings by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from minutes_archive.export.site.address import item_page
from minutes_archive.export.site.folding import Folding, Words
from minutes_archive.export.site.row import UNDATED
from minutes_archive.model import Meeting
from minutes_archive.search.entry import Entry, entries

_TEXTS = ("minutes_text", "decision_text", "agenda_text", "documents")


@dataclass(frozen=True)
class Document:
    """One item for the search: its page, number and title, its texts, their terms, its facets.

    ``terms`` are those of the title, of the texts in order, and those that stand in neither: compounds and concepts.
    ``order`` is its place among the items of its meeting.
    """

    url: str
    title: str
    order: int
    texts: tuple[str, ...]
    terms: tuple[str, str, str]
    facets: Mapping[str, tuple[str, ...]]


def documents(meeting: Meeting, folding: Folding, words: Words) -> Iterator[Document]:
    """The documents of a meeting's items; what their words tell of compounds and stems is added to ``words``."""
    for entry in entries(meeting):
        line = entry.line
        texts = tuple(line.texts[name] for name in _TEXTS if name in line.texts)
        title = " ".join(filter(None, (line.number, line.title)))
        terms = folding.terms(title, texts, words)
        yield Document(item_page(line.id), title or "Untitled item", entry.ordinal, texts, terms, _facets(entry))


def _facets(entry: Entry) -> dict[str, tuple[str, ...]]:
    line = entry.line
    return {
        "council": (line.council or "unassigned",), "body": (line.body or "Body not known",), "topic": line.topics,
        "decision": line.decisions, "restriction": (line.restriction,), "year": (line.date[:4] if line.date else UNDATED,),
        "day": (line.date or UNDATED,),
    }
