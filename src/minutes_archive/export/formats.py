"""JSON and CSV of result pages: the stable forms that scripts rely on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from minutes_archive.model import Source
from minutes_archive.search.engine import Hit, ResultPage

_COLUMNS = ("rank", "score", "id", "date", "council", "body", "number", "title", "decisions", "restriction", "topics",
            "partial", "snippet", "meeting", "path", "url", "sha256")
# What a terminal would obey when the file is shown on one; line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def page_json(page: ResultPage) -> str:
    """A result page as one JSON object, as ``search --json`` prints it."""
    return json.dumps(page_record(page), ensure_ascii=False, indent=1)


def page_record(page: ResultPage) -> dict[str, Any]:
    """A result page as plain values."""
    return {
        "query": page.query, "audience": str(page.audience),
        "expanded": {term: list(added) for term, added in page.expanded.items()},
        "total": page.total, "took_ms": round(page.took_ms, 1), "did_you_mean": page.did_you_mean,
        "hits": [hit_record(hit) for hit in page.hits],
        "facets": {name: dict(counts) for name, counts in page.facets.items()},
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """One hit as plain values."""
    record = {
        "rank": hit.rank, "score": round(hit.score, 4), "id": hit.id, "title": hit.title, "number": hit.number,
        "council": hit.council, "body": hit.body, "date": hit.date, "meeting": hit.meeting, "partial": hit.partial,
        "snippet": str(hit.snippet), "decisions": list(hit.decisions), "restriction": hit.restriction,
        "topics": list(hit.topics), "source": source_record(hit.source),
    }
    return record if hit.text is None else {**record, "text": hit.text}


def source_record(source: Source) -> dict[str, str | None]:
    """Where a text comes from, as plain values."""
    return {"path": source.path, "url": source.url, "sha256": source.sha256}


def page_csv(page: ResultPage) -> str:
    """A result page as CSV with a heading row (RFC 4180); no cell can be taken for a formula."""
    columns = _COLUMNS if all(hit.text is None for hit in page.hits) else (*_COLUMNS, "text")
    return csv_table(columns, (hit_record(hit) | source_record(hit.source) for hit in page.hits))


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """``rows`` as CSV with a heading row (RFC 4180); no cell can be taken for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row[column]) for column in columns])
    return stream.getvalue()


def safe_cell(value: Any) -> str:
    """``value`` as a cell: lists joined by "; ", None empty, and nothing that a spreadsheet would calculate."""
    if isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = _CONTROL.sub("", "; ".join(value) if isinstance(value, list) else str(value or ""))
    return "'" + text if text.startswith(FORMULA) else text
