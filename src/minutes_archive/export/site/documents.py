"""Documents: what the search in the page knows of one item; made from the entries that the command line's index is made of.

The search engines in the browser have one text per document. Behind the sign ``TAIL`` stand words that find the document
and that nobody is shown: the body, who was there, compounds, concepts (``folding``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from minutes_archive.export.site.address import item_page
from minutes_archive.export.site.folding import Folding, Words
from minutes_archive.export.site.row import UNDATED, label_of
from minutes_archive.export.wording import date_words, decision_words, restriction_words
from minutes_archive.model import Meeting
from minutes_archive.search.entry import Entry, entries

TAIL = "\u2042"
_BODY_TEXTS = ("minutes_text", "decision_text", "agenda_text", "documents")


@dataclass(frozen=True)
class Document:
    """One item for the search: its page, what is shown, the texts that are searched, the words of the tail, its facets."""

    url: str
    shown: Mapping[str, str]
    texts: tuple[str, ...]
    tail: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]

    @property
    def text(self) -> str:
        """What passages are taken from."""
        return "\n\n".join(self.texts)


def documents(meeting: Meeting, labels: Mapping[str, str], folding: Folding, words: Words) -> Iterator[Document]:
    """The documents of a meeting's items; what their words tell of compounds is added to ``words``."""
    for entry in entries(meeting):
        line = entry.line
        texts = tuple(line.texts[name] for name in _BODY_TEXTS if name in line.texts)
        hidden = tuple(text for name in ("number", "outcome", "body", "people") for text in entry.words.get(name, ()))
        tail = (*(text for text in hidden if text not in texts), *folding.tail((line.title, *texts, *hidden), words))
        yield Document(item_page(line.id), _shown(entry, labels), texts, tail, _facets(entry))


def _shown(entry: Entry, labels: Mapping[str, str]) -> dict[str, str]:
    line = entry.line
    return {
        "title": line.title, "number": line.number or "", "body": line.body or "Body not known", "council": line.council or "",
        "date": line.date or "", "day": date_words(line.date),
        "decisions": ", ".join(map(decision_words, line.decisions)),
        "restriction": "" if line.restriction == "open" else restriction_words(line.restriction),
        "topics": ", ".join(label_of(labels, topic) for topic in line.topics), "order": f"{entry.ordinal:05d}",
    }


def _facets(entry: Entry) -> dict[str, tuple[str, ...]]:
    line = entry.line
    return {
        "council": (line.council or "unassigned",), "body": (line.body or "unknown",), "topic": line.topics,
        "decision": line.decisions, "restriction": (line.restriction,), "year": (line.date[:4] if line.date else UNDATED,),
        "day": (line.date or UNDATED,),
    }
