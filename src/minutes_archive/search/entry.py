"""Entries: what an index knows of one item. Every engine takes its words, labels and hit lines from here.

The title of a restricted document never becomes part of an entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from minutes_archive.model import BODY_FIELDS, Item, Meeting, Source
from minutes_archive.procedural import may_discuss
from minutes_archive.search.analysis import label_key
from minutes_archive.search.engine import FACETS, Filters, Hit, Snippet

# Facets whose values are ids: case and hyphens tell them apart.
_IDS = frozenset({"meeting"})
# Facets whose values are names, of which a part will do.
_NAMES = frozenset({"council", "body", "topic"})


@dataclass(frozen=True)
class Line:
    """What is shown of an item when it is a hit; ``texts`` is by field name, and what snippets are made from.

    ``text_sources`` names, by field, the sources of texts that came from other bytes than the meeting's page.
    """

    id: str
    title: str
    number: str | None
    council: str | None
    body: str | None
    date: str | None
    meeting: str
    decisions: tuple[str, ...]
    decision_line: str
    restriction: str
    topics: tuple[str, ...]
    source: Source
    text_sources: Mapping[str, Source]
    texts: Mapping[str, str]

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Line:
        """The line with the values of ``fields`` as JSON gives them back."""
        fields |= {"decisions": tuple(fields["decisions"]), "topics": tuple(fields["topics"])}
        fields["text_sources"] = {name: Source(**one) for name, one in fields["text_sources"].items()}
        return cls(**fields | {"source": Source(**fields["source"])})

    def hit(self, rank: int, score: float, partial: bool, snippet: Snippet, full_text: bool) -> Hit:
        """This line as a hit; its source is that of the passage shown."""
        shown: tuple[str, ...] = ("title", *BODY_FIELDS) if full_text else ()
        texts = {name: text for name in shown if (text := self.texts.get(name))}
        return Hit(
            rank=rank, score=score, id=self.id, title=self.title, number=self.number, council=self.council,
            body=self.body, date=self.date, meeting=self.meeting, partial=partial, snippet=snippet,
            text="\n\n".join(texts[name] for name in BODY_FIELDS if name in texts) if full_text else None,
            decisions=self.decisions,
            decision_line=self.decision_line, restriction=self.restriction, topics=self.topics,
            source=self.text_sources.get(snippet.field, self.source),
            texts=texts, sources={name: self.text_sources.get(name, self.source) for name in texts},
        )


@dataclass(frozen=True)
class Entry:
    """One item as an index holds it.

    ``words`` are texts by field, several where no phrase may run from one to the next; ``labels`` the
    values by facet; ``day`` the meeting's date, None where it is not known; ``procedural`` tells business of form.
    """

    line: Line
    words: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, tuple[str, ...]]
    day: dt.date | None
    ordinal: int
    procedural: bool


def entries(meeting: Meeting) -> Iterator[Entry]:
    """The entries of a meeting's items, in their order."""
    day = _day(meeting.date)
    for item in meeting.items:
        line = _line(meeting, item)
        # Under any other business and announcements real subjects come up.
        procedural = item.procedural and not may_discuss(item.title)
        yield Entry(line, _words(meeting, item), _labels(line, day), day, item.ordinal, procedural)


def facet_key(facet: str, value: str) -> str:
    """What a filter and a facet's value have in common where they mean the same."""
    return value if facet in _IDS else label_key(value)


def meant(facet: str, key: str, known: Iterable[str]) -> frozenset[str]:
    """Those of the ``known`` keys of a facet that ``key`` stands for: itself, or else the names of which it is a part.

    ``Cabinet`` is the Cabinet alone, where there is one; ``scrutiny`` every body that is called so.
    """
    if facet not in _NAMES:
        return frozenset({key})
    partly = frozenset(name for name in known if f"-{key}-" in f"-{name}-")
    return frozenset({key}) if key in partly else partly


def filter_keys(filters: Filters) -> dict[str, frozenset[str]]:
    """The keys that ``filters`` ask for, by facet; facets not asked for are left out."""
    asked = {facet: getattr(filters, facet, ()) for facet in FACETS}
    return {facet: frozenset(facet_key(facet, value) for value in values) for facet, values in asked.items() if values}


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Facet counts, largest first, then by name."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _day(date: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(date) if date else None
    except ValueError:
        return None


def _line(meeting: Meeting, item: Item) -> Line:
    texts = {name: item.text_of(name) for name in ("title", "minutes_text", "decision_text", "agenda_text")}
    texts["documents"] = "\n".join(_document_titles(item))
    return Line(
        id=item.id, title=item.title, number=item.number, council=meeting.council, body=meeting.body,
        date=meeting.date, meeting=meeting.id, decisions=tuple(dict.fromkeys(d.type for d in item.decisions)),
        decision_line=next((decision.text for decision in item.decisions if decision.text), ""),
        restriction=item.restriction, topics=tuple(dict.fromkeys(item.topics)), source=meeting.source,
        text_sources=item.text_sources,
        texts={name: text for name, text in texts.items() if text},
    )


def _document_titles(item: Item) -> tuple[str, ...]:
    return tuple(document.title for document in item.documents if not document.restricted and document.title)


def _words(meeting: Meeting, item: Item) -> dict[str, tuple[str, ...]]:
    words = {
        "title": (item.title,), "number": (item.number or "",), "minutes_text": (item.minutes_text,),
        "decision_text": (item.decision_text,), "agenda_text": (item.agenda_text,), "documents": _document_titles(item),
        "outcome": tuple(decision.text for decision in item.decisions), "body": (meeting.body or "",),
        "people": tuple(person.name for person in meeting.attendance),
    }
    return {field: kept for field, texts in words.items() if (kept := tuple(filter(None, texts)))}


def _labels(line: Line, day: dt.date | None) -> dict[str, tuple[str, ...]]:
    labels = {
        "council": (line.council or "",), "body": (line.body or "",), "meeting": (line.meeting,), "topic": line.topics,
        "decision": line.decisions, "restriction": (line.restriction,), "year": (str(day.year) if day else "",),
    }
    return {facet: kept for facet, values in labels.items() if (kept := tuple(filter(None, values)))}
