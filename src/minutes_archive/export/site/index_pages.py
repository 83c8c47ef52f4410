"""The pages that lead on: home, meetings by year, bodies, topics, decisions, themes, restricted items, coverage, about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from minutes_archive import __version__
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.export.formats import csv_table
from minutes_archive.export.site.address import body_page, decision_page, sibling, theme_page, topic_page, year_page
from minutes_archive.export.site.chart import chart_of
from minutes_archive.export.site.contents import Contents
from minutes_archive.export.site.edition import SEARCH_POLICY, Edition, Theme
from minutes_archive.export.site.folder import Part
from minutes_archive.export.site.lists import ItemList, list_part
from minutes_archive.export.site.row import UNDATED, MeetingRow, digest_of
from minutes_archive.export.wording import counted, date_words, decision_words, label_of

COVERAGE_COLUMNS = ("held", "missing", "blocked", "failed", "pending")
_HOME = (("index.html", "Home"),)
_RECENT, _FIRST = 12, 15
Entry = tuple[str, str, int]


def lists(edition: Edition, contents: Contents, vocabulary: Vocabulary, themes: Sequence[Theme]) -> Iterator[Part]:
    """The lists of items: one for each body, topic, decision type and theme, and the register."""
    for key, rows in contents.by_body.items():
        yield list_part(edition, ItemList(
            body_page(key), contents.name_of(key), rows, meetings=contents.meetings_of[key], trail=(("bodies.html", "Bodies"),),
            feed=True, with_body=False, with_procedural=False))
    for topic, rows in contents.by_topic.items():
        known = vocabulary.topic(topic)
        beside = (*known.broader, *known.related) if known else ()
        yield list_part(edition, ItemList(
            topic_page(topic), label_of(edition.labels, topic), rows, intro=known.note if known else "", feed=True,
            related=tuple((topic_page(one), label_of(edition.labels, one)) for one in beside if one in contents.by_topic),
            trail=(("topics.html", "Topics"),)))
    for code, rows in contents.by_decision.items():
        yield list_part(edition, ItemList(
            decision_page(code), decision_words(code).capitalize(), rows, trail=(("decisions.html", "Decisions"),)))
    for theme in themes:
        quotes = {item: quote for item, quote in theme.quotes if item in contents.by_id}
        yield list_part(edition, ItemList(
            theme_page(theme.id), theme.label, tuple(contents.by_id[item] for item in quotes), intro=theme.note, quotes=quotes,
            feed=True, trail=(("themes.html", "Themes"),)))
    yield list_part(edition, ItemList(
        "restricted.html", "Restricted items", contents.restricted,
        intro="Items that were dealt with in private, or whose papers are not public, as their public pages show. What stands "
              "here is public text."))


def index_pages(
    edition: Edition, contents: Contents, themes: Sequence[Theme], coverage: Sequence[Mapping[str, Any]]
) -> Iterator[Part]:
    """The pages that lead to the lists, one part each."""
    bodies = [(body_page(key), contents.name_of(key), len(rows)) for key, rows in contents.by_body.items()]
    topics = [(topic_page(one), label_of(edition.labels, one), len(rows)) for one, rows in contents.by_topic.items()]
    decisions = [
        (decision_page(code), decision_words(code).capitalize(), len(rows)) for code, rows in contents.by_decision.items()
    ]
    traced = [(theme_page(one.id), one.label, sum(item in contents.by_id for item, _ in one.quotes)) for one in themes]
    held = held_words(contents)
    yield _home(edition, contents, held, bodies, topics, traced)
    yield _contents(edition, "bodies.html", "Bodies", [("", bodies)])
    yield _contents(edition, "topics.html", "Topics", _by_letter(topics), "What items are about, by the archive's vocabulary.")
    yield _contents(edition, "decisions.html", "Decisions", [("", decisions)], "What was decided, by type.")
    if themes:
        yield _contents(edition, "themes.html", "Themes", [("", traced)], "Themes followed across meetings, with quotations.")
    years = [(year_page(year), year.capitalize(), len(rows)) for year, rows in contents.years.items()]
    yield _contents(edition, "meetings.html", "Meetings", [("", years)], "By calendar year, with the number of meetings.")
    for year, rows in contents.years.items():
        yield _year(edition, year, rows)
    yield _coverage(edition, coverage)
    yield _page(edition, "about.html", "about.html", "About this site", held=held, version=__version__,
                made=date_words(edition.made) if edition.made else None)
    yield _page(edition, "method.html", "method.html", "How the minutes were read", decisions=decisions)
    yield _page(edition, "search.html", "search.html", "Search", policy=SEARCH_POLICY)
    if edition.base_url:
        yield _sitemap(edition.base_url, contents, [page for page, _, _ in (*bodies, *topics, *decisions, *traced, *years)])


def held_words(contents: Contents) -> str:
    """What is held, in a sentence."""
    days = [meeting.date for meeting in contents.meetings if meeting.date]
    span = f", from {date_words(min(days))} to {date_words(max(days))}" if days else ""
    captured = max((meeting.fetched_at for meeting in contents.meetings if meeting.fetched_at), default=None)
    said = (
        f"{len(contents.items):,} agenda items of {counted(len(contents.meetings), 'meeting')} of "
        f"{counted(len(contents.by_body), 'body', 'bodies')}{span}."
    )
    return said + (f" Captured up to {date_words(captured[:10])}." if captured else "")


def _home(edition: Edition, contents: Contents, held: str, bodies: list[Entry], topics: list[Entry], themes: list[Entry]) -> Part:
    councils = ", ".join(contents.councils)
    return _page(
        edition, "home.html", "index.html", edition.name, held=held, bodies=_largest(bodies), topics=_largest(topics),
        themes=themes,
        intro=f"What was said and decided in meetings{f' of {councils}' if councils else ''}: search it, or browse.",
        recent=contents.meetings[:_RECENT], chart=chart_of(row.year for row in contents.items), trail=())


def _year(edition: Edition, year: str, rows: tuple[MeetingRow, ...]) -> Part:
    page = year_page(year)
    title = f"Meetings in {year}" if year != UNDATED else "Meetings without a date"
    records = [
        {"id": one.id, "date": one.date, "time": one.time, "council": one.council, "body": one.body, "status": one.status,
         "minutes_status": one.minutes_status, "items": len(one.items), "page": one.page} for one in rows
    ]
    return _page(
        edition, "list.html", page, title, trail=[*_HOME, ("meetings.html", "Meetings")], heading=title, intro="", related=(),
        chart=None, meetings=rows, meeting_bodies=True, rows=(), quotes={}, rows_heading="", with_body=True, pages=(),
        links=_links(page), forms=(records, tuple(records[0])))


def _contents(edition: Edition, page: str, title: str, groups: list[tuple[str, list[Entry]]], intro: str = "") -> Part:
    records = [{"page": path, "name": name, "count": count} for _, entries in groups for path, name, count in entries]
    return _page(
        edition, "contents.html", page, title, groups=[(heading, entries) for heading, entries in groups if entries], intro=intro,
        links=_links(page), forms=(records, ("page", "name", "count")))


def _coverage(edition: Edition, lines: Sequence[Mapping[str, Any]]) -> Part:
    columns = ("council", "body", "year", *COVERAGE_COLUMNS, "says")
    records = [{column: line[column] for column in columns} for line in lines]
    councils = [(council, list(group)) for council, group in groupby(records, key=lambda line: line["council"])]
    return _page(
        edition, "coverage.html", "coverage.html", "Coverage", councils=councils, columns=COVERAGE_COLUMNS,
        links=_links("coverage.html"), forms=(records, columns))


def _page(
    edition: Edition, template: str, page: str, title: str, forms: tuple[list[dict[str, Any]], Sequence[str]] | None = None,
    **context: Any,
) -> Part:
    """One page, with JSON and CSV of the records in ``forms`` beside it."""
    context = {"trail": _HOME, "description": title, **context}

    def make() -> Iterator[tuple[str, bytes]]:
        yield page, edition.render(template, page, title=title, **context)
        if forms is not None:
            records, columns = forms
            yield sibling(page, ".json"), (json.dumps(records, ensure_ascii=False, indent=0) + "\n").encode("utf-8", "replace")
            yield sibling(page, ".csv"), csv_table(columns, records).encode("utf-8", "replace")

    return Part(f"page/{page}", digest_of(edition.digest, title, repr(sorted(context.items()))), make)


def _sitemap(base_url: str, contents: Contents, pages: list[str]) -> Part:
    paths = [
        "index.html", "meetings.html", "bodies.html", "topics.html", "decisions.html", "restricted.html", "coverage.html",
        "about.html", "method.html", *pages, *(meeting.page for meeting in contents.meetings),
        *(row.page for row in contents.items),
    ]
    # A sitemap holds 50,000 addresses at most (sitemaps.org): beyond that several, and one that names them.
    chunks = [paths[first:first + 50_000] for first in range(0, len(paths), 50_000)]

    def make() -> Iterator[tuple[str, bytes]]:
        if len(chunks) == 1:
            yield "sitemap.xml", _urls(base_url, chunks[0])
            return
        names = [f"sitemap-{number}.xml" for number in range(1, len(chunks) + 1)]
        for name, chunk in zip(names, chunks, strict=True):
            yield name, _urls(base_url, chunk)
        listed = "".join(f"<sitemap><loc>{base_url}{name}</loc></sitemap>\n" for name in names)
        yield "sitemap.xml", _sitemap_xml("sitemapindex", listed)

    return Part("page/sitemap.xml", digest_of(base_url, *paths), make)


def _urls(base_url: str, paths: list[str]) -> bytes:
    return _sitemap_xml("urlset", "".join(f"<url><loc>{base_url}{path}</loc></url>\n" for path in paths))


def _sitemap_xml(kind: str, content: str) -> bytes:
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{content}</{kind}>\n").encode()


def _links(page: str) -> list[tuple[str, str]]:
    return [(sibling(page, ".json"), "JSON"), (sibling(page, ".csv"), "CSV")]


def _largest(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (-one[2], one[1]))[:_FIRST]


def _by_letter(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    ordered = sorted(entries, key=lambda one: one[1].casefold())
    return [(letter, list(group)) for letter, group in groupby(ordered, key=lambda one: one[1][:1].upper())]
