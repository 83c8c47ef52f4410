"""Traces and registers as JSON and CSV: the stable forms that scripts rely on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from minutes_archive.export.formats import csv_table, source_record
from minutes_archive.trace.register import Restricted
from minutes_archive.trace.tracing import Discussion, Sitting, Trace

_TRACE = ("date", "council", "body", "meeting", "id", "number", "title", "decisions", "decided", "restriction", "topics",
          "in_passing", "quote", "field", "start", "end", "reference", "url", "path", "sha256")
_REGISTER = ("date", "council", "body", "meeting", "id", "number", "title", "kind", "document", "restriction", "paragraphs",
             "reason", "enclosures", "released_at")


def trace_record(trace: Trace) -> dict[str, Any]:
    """A trace as plain values, as ``trace --json`` prints it."""
    theme = trace.theme
    return {
        "theme": {"title": theme.title, "kind": theme.kind, "words": list(theme.words), "topics": list(theme.topics),
                  "without": list(theme.without)},
        "audience": str(trace.audience),
        "expanded": {term: list(added) for term, added in trace.expanded.items()},
        "searched": trace.searched, "discussions": sum(1 for _ in trace.discussions()), "folded": trace.folded,
        "left_out": trace.left_out, "did_you_mean": trace.did_you_mean,
        "meetings": [_sitting(one) for one in trace.sittings],
        "timeline": {"unit": trace.timeline.unit, "counts": dict(trace.timeline.counts), "undated": trace.timeline.undated},
        "words": [asdict(one) for one in trace.words],
        "topics": [{name: value for name, value in asdict(one).items() if name != "typed"} for one in trace.beside],
        "bodies": [asdict(one) for one in trace.stays],
        "moves": [{"council": council, "body": body} for council, body in trace.moves],
    }


def trace_csv(trace: Trace) -> str:
    """A row a discussion, oldest first."""
    return csv_table(_TRACE, (
        {**_place(sitting), **_discussion(one), "quote": one.quote.text if one.quote else None,
         "field": one.quote.field if one.quote else None, "start": one.quote.start if one.quote else None,
         "end": one.quote.end if one.quote else None, **source_record(one.source)}
        for sitting, one in trace.discussions()
    ))


def register_records(lines: Iterable[Restricted]) -> list[dict[str, Any]]:
    """The register as plain values."""
    return [{name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()} for one in lines]


def register_csv(lines: Sequence[Restricted]) -> str:
    """A row a line of the register."""
    return csv_table(_REGISTER, register_records(lines))


def _sitting(sitting: Sitting) -> dict[str, Any]:
    return {**_place(sitting), "discussions": [_discussion(one) for one in sitting.discussions]}


def _place(sitting: Sitting) -> dict[str, Any]:
    return {"date": sitting.date, "council": sitting.council, "body": sitting.body, "meeting": sitting.meeting}


def _discussion(one: Discussion) -> dict[str, Any]:
    return {
        "id": one.id, "number": one.number, "title": one.title, "decisions": list(one.decisions), "decided": one.decided or None,
        "restriction": one.restriction, "topics": list(one.topics), "quote": asdict(one.quote) if one.quote else None,
        "in_passing": one.in_passing, "reference": str(one.reference),
        "source": source_record(one.source),
    }

