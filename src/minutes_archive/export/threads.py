"""JSON and CSV of threads and of what never came back: the stable forms that scripts rely on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from minutes_archive.export.formats import csv_table, source_record
from minutes_archive.follow import Entry, Link, Quote, Return, Thread

_ITEM = ("date", "council", "body", "number", "title", "decisions", "id")
_SOURCE = ("path", "url", "sha256")
_THREAD_COLUMNS = (*_ITEM, "linked_with", "kind", "reason", "confidence", "words", *_SOURCE)
_OPEN_COLUMNS = (*_ITEM, "words", *_SOURCE)


def thread_json(thread: Thread) -> str:
    """A thread as one JSON object, as ``follow --json`` prints it."""
    record = {
        "start": thread.start, "items": [_entry(entry) for entry in thread.entries],
        "links": [_link(link) for link in thread.links], "returns": [_return(one) for one in thread.returns],
    }
    return json.dumps(record, ensure_ascii=False, indent=1)


def returns_json(returns: Sequence[Return]) -> str:
    """Deferred items as a JSON list, as ``follow --open --json`` prints it."""
    records = [{"item": _entry(one.deferred), "words": _quote(one.words)} for one in returns]
    return json.dumps(records, ensure_ascii=False, indent=1)


def thread_csv(thread: Thread) -> str:
    """A thread as CSV (RFC 4180): a row for each link under its later item, and one for each item without an earlier one."""
    rows = []
    for entry in thread.entries:
        back = [link for link in thread.links if link.later == entry.id]
        rows += [
            _flat(entry) | {
                "linked_with": link.earlier, "kind": link.kind, "reason": link.reason, "confidence": link.confidence,
                "words": link.words[0].text if link.words else None,
            }
            for link in back
        ] or [dict.fromkeys(_THREAD_COLUMNS) | _flat(entry)]
    return csv_table(_THREAD_COLUMNS, rows)


def returns_csv(returns: Sequence[Return]) -> str:
    """Deferred items as CSV, with the words that put them off."""
    return csv_table(_OPEN_COLUMNS, [_flat(one.deferred) | {"words": one.words.text} for one in returns])


def _entry(entry: Entry) -> dict[str, Any]:
    meeting, item = entry.meeting, entry.item
    return {
        "id": item.id, "title": item.title, "number": item.number, "council": meeting.council, "body": meeting.body,
        "date": meeting.date, "meeting": meeting.id, "decisions": list(dict.fromkeys(one.type for one in item.decisions)),
        "source": source_record(meeting.source),
    }


def _flat(entry: Entry) -> dict[str, Any]:
    return _entry(entry) | source_record(entry.meeting.source)


def _link(link: Link) -> dict[str, Any]:
    return {
        "earlier": link.earlier, "later": link.later, "kind": link.kind, "reason": link.reason, "confidence": link.confidence,
        "words": [_quote(words) for words in link.words],
    }


def _return(one: Return) -> dict[str, Any]:
    return {
        "deferred": one.deferred.id, "words": _quote(one.words), "returned": one.returned.id if one.returned else None,
        "returned_words": _quote(one.returned_words) if one.returned_words else None, "days": one.days,
    }


def _quote(words: Quote) -> dict[str, Any]:
    return {"item": words.item, "field": words.field, "start": words.start, "end": words.end, "text": words.text}
