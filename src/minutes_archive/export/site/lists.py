"""Lists: the pages that lead to items (of a body, topic, decision type or theme), each with JSON, CSV and some a feed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from minutes_archive.export.formats import csv_table
from minutes_archive.export.site.address import sibling
from minutes_archive.export.site.chart import chart_of
from minutes_archive.export.site.edition import Edition
from minutes_archive.export.site.folder import Part
from minutes_archive.export.site.row import MeetingRow, Row, digest_of, newest_first
from minutes_archive.export.wording import counted, date_words, decision_words

# A page with more is too long to read and to print: then each year has pages of its own.
_MOST_ON_A_PAGE = 200
_LATEST = 50
_MOST_IN_A_FEED = 50
_COLUMNS = ("id", "date", "council", "body", "number", "title", "decisions", "restriction", "exempt_paragraphs", "topics",
            "decision_line", "meeting", "page", "sha256")
_NUL_SAFE = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))


@dataclass(frozen=True)
class ItemList:
    """A list of items, newest first. ``meetings`` are shown above them; ``quotes`` are words to show, by item id."""

    page: str
    title: str
    rows: tuple[Row, ...]
    intro: str = ""
    meetings: tuple[MeetingRow, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)
    trail: tuple[tuple[str, str], ...] = ()
    chart: bool = True
    feed: bool = False
    with_body: bool = True
    with_procedural: bool = True


def list_part(edition: Edition, one: ItemList) -> Part:
    """The part of the site that is this list."""
    told = [f"{json.dumps(row.as_record(), ensure_ascii=False)} {row.language} {row.procedural} {row.reason}" for row in one.rows]
    meetings = [f"{meeting.page} {meeting.date} {meeting.status} {len(meeting.items)}" for meeting in one.meetings]
    digest = digest_of(
        edition.digest, one.title, one.intro, str(one.related), str(sorted(one.quotes.items())), str(one.trail), *told, *meetings)
    return Part(f"list/{one.page}", digest, lambda: list_files(edition, one))


def list_files(edition: Edition, one: ItemList) -> Iterator[tuple[str, bytes]]:
    """The files of a list: its page, a page or several for each year where it is long, JSON, CSV, and the feed."""
    forms = {".json": (list_json(one), "JSON"), ".csv": (list_csv(one.rows), "CSV")}
    if one.feed:
        forms[".atom"] = (atom(edition, one), "an Atom feed")
    links = [(sibling(one.page, ending), words) for ending, (_, words) in forms.items()]
    # Apologies and the like would drown a body's business; JSON, CSV and the meetings have them.
    rows = one.rows if one.with_procedural else tuple(row for row in one.rows if not row.procedural)
    said = counted(len(rows), "item") + ("" if len(rows) == len(one.rows) else " of business; the rest stand with their meetings")
    years = list(_by_year(one, rows)) if len(rows) > _MOST_ON_A_PAGE else []
    pages = [(page, words) for page, words, _ in years]
    shared = {
        "title": one.title, "quotes": one.quotes, "with_body": one.with_body, "links": links, "pages": pages,
        "feed": sibling(one.page, ".atom") if one.feed else None, "related": one.related, "meeting_bodies": False,
    }
    shown = rows[:_LATEST] if years else rows
    yield one.page, edition.render(
        "list.html", one.page, **shared, heading=one.title, intro=one.intro, trail=[("index.html", "Home"), *one.trail],
        rows=shown, meetings=one.meetings, chart=chart_of(row.year for row in one.rows) if one.chart else None,
        rows_heading=f"The latest {len(shown)} of {said}" if years else said,
        description=f"{one.title}: {counted(len(one.rows), 'item')}",
    )
    for page, words, of_year in years:
        yield page, edition.render(
            "list.html", page, **shared, heading=f"{one.title}, {words}", intro="", meetings=(), chart=None, rows=of_year,
            trail=[("index.html", "Home"), *one.trail, (one.page, one.title)], rows_heading=counted(len(of_year), "item"),
            description=f"{one.title}, {words}",
        )
    for ending, (content, _) in forms.items():
        yield sibling(one.page, ending), content


def _by_year(one: ItemList, listed: Sequence[Row]) -> Iterator[tuple[str, str, Sequence[Row]]]:
    years: dict[str, list[Row]] = defaultdict(list)
    for row in listed:
        years[row.year].append(row)
    for year, rows in years.items():
        for number, first in enumerate(range(0, len(rows), _MOST_ON_A_PAGE), 1):
            more = "" if len(rows) <= _MOST_ON_A_PAGE else f"-{number}"
            words = year if not more else f"{year}, page {number}"
            yield sibling(one.page, f",{year}{more}.html"), words, rows[first:first + _MOST_ON_A_PAGE]


def list_json(one: ItemList) -> bytes:
    """The list as JSON: a title, and one object an item."""
    items = [row.as_record() | ({"quote": one.quotes[row.id]} if row.id in one.quotes else {}) for row in one.rows]
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return (f'{{"title": {json.dumps(one.title, ensure_ascii=False)}, "total": {len(items)}, "items": [\n{lines}\n]}}\n'
            ).encode("utf-8", "replace")


def list_csv(rows: Iterable[Row]) -> bytes:
    """The list as CSV with a heading row; no cell can be taken for a formula."""
    return csv_table(_COLUMNS, (row.as_record() for row in rows)).encode("utf-8", "replace")


def atom(edition: Edition, one: ItemList) -> bytes:
    """The latest of the list as an Atom feed (RFC 4287); addresses are relative where the site's own is not known."""
    base = edition.base_url or ""
    here = base + sibling(one.page, ".atom") if base else one.page.rsplit("/", 1)[-1].removesuffix(".html") + ".atom"
    up = "" if base else "../" * one.page.count("/")
    latest = max((row.date for row in one.rows if row.date), default="1970-01-01")
    entries = "".join(
        f"<entry><id>{_xml(_urn(row.id))}</id><title>{_xml(_heading(row))}</title>"
        f"<updated>{row.date or '1970-01-01'}T00:00:00Z</updated><link rel=\"alternate\" type=\"text/html\" "
        f"href={quoteattr(base + up + row.page)}/><author><name>{_xml(row.body or 'Body not known')}</name></author>"
        + "".join(f"<category term={quoteattr(_clean(topic))}/>" for topic in row.topics)
        + f"<summary>{_xml(_summary(row))}</summary></entry>\n"
        for row in sorted(one.rows, key=newest_first)[:_MOST_IN_A_FEED]
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_xml(_urn(one.page))}</id>\n<title>{_xml(f'{one.title} – {edition.name}')}</title>\n"
        f"<updated>{latest}T00:00:00Z</updated>\n<link rel=\"self\" href={quoteattr(here)}/>\n"
        f"<generator>minutes-archive</generator>\n{entries}</feed>\n"
    ).encode("utf-8", "replace")


def _summary(row: Row) -> str:
    outcome = ", ".join(map(decision_words, row.decisions))
    return ". ".join(filter(None, (f"{row.body or 'Body not known'}, {date_words(row.date)}", outcome.capitalize(), row.line)))


def _heading(row: Row) -> str:
    return " ".join(filter(None, (row.number, row.title or "Untitled item")))


def _urn(identity: str) -> str:
    return "urn:minutes-archive:" + identity


def _clean(text: str) -> str:
    return text.translate(_NUL_SAFE)


def _xml(text: str) -> str:
    return escape(_clean(text))
