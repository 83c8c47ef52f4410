"""The pages of a meeting and of its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from minutes_archive.export.site.address import body_page, meeting_page, sibling
from minutes_archive.export.site.edition import Edition, dublin_core, source_facts
from minutes_archive.export.site.reading import Mark, readable
from minutes_archive.export.site.row import MeetingRow, Row
from minutes_archive.export.wording import date_words, decision_words, label_of, restriction_words
from minutes_archive.model import Evidence, Item, Meeting
from minutes_archive.records import write_record

_TEXTS = (("minutes_text", "Minutes"), ("decision_text", "Decision"), ("agenda_text", "Agenda"))
_ATTENDANCE = (
    ("present", "Present"), ("in_attendance", "In attendance"), ("apologies", "Apologies"), ("absent", "Absent"),
    ("unknown", "Named"),
)
_DRAFT = "These are draft minutes: the body has not confirmed them yet."


def meeting_files(edition: Edition, meeting: Meeting, row: MeetingRow, others: Mapping[str, Row]) -> Iterator[tuple[str, bytes]]:
    """The files of one meeting: its page, its record, the page of each item. ``others`` are the items of threads, by id."""
    yield row.page, _meeting_page(edition, meeting, row)
    yield sibling(row.page, ".json"), (write_record(meeting) + "\n").encode("utf-8", "replace")
    for number, (item, line) in enumerate(zip(meeting.items, row.items, strict=True)):
        before = row.items[number - 1] if number else None
        after = row.items[number + 1] if number + 1 < len(row.items) else None
        yield line.page, _item_page(edition, meeting, item, line, (before, after), others)


def _meeting_page(edition: Edition, meeting: Meeting, row: MeetingRow) -> bytes:
    title = f"{meeting.body or 'Body not known'}, {date_words(meeting.date)}"
    notes = [_DRAFT] if meeting.minutes_status == "draft" else []
    if meeting.withdrawn_at:
        notes.append(f"Its source has taken this page down (seen on {date_words(meeting.withdrawn_at[:10])}).")
    people = [(heading, [one for one in meeting.attendance if one.status == status]) for status, heading in _ATTENDANCE]
    return edition.render(
        "meeting.html", row.page, title=title, meeting=meeting, rows=row.items, notes=notes, language=_language(meeting.language),
        attendance=[(heading, named) for heading, named in people if named], record=sibling(row.page, ".json"),
        trail=_trail(row.body_key, meeting), description=f"{title}: {len(row.items)} items",
        dublin_core=dublin_core((
            ("type", "Event"), ("date", meeting.date), ("publisher", meeting.council), ("creator", meeting.body),
            ("language", meeting.language), ("identifier", meeting.id), ("source", meeting.source.url),
        )),
        json_ld={
            "@context": "https://schema.org", "@type": "Event", "name": title, "identifier": meeting.id,
            **_known("startDate", f"{meeting.date}T{meeting.time}" if meeting.date and meeting.time else meeting.date),
            **_known("location", meeting.venue), **_known("organizer", _organisation(meeting)),
        },
    )


def _item_page(
    edition: Edition, meeting: Meeting, item: Item, row: Row, beside: tuple[Row | None, Row | None], others: Mapping[str, Row]
) -> bytes:
    title = " ".join(filter(None, (item.number, item.title or "Untitled item")))
    topics = [label_of(edition.labels, topic) for topic in row.topics]
    return edition.render(
        "item.html", row.page, title=title, meeting=meeting, item=item, row=row, before=beside[0], after=beside[1],
        language=_language(meeting.language), notes=list(_notes(meeting, item)), texts=list(_texts(item)), votes=item.votes,
        evidence=[_evidence(edition, number, one) for number, one in enumerate(item.evidence, 1)],
        sources=_sources(meeting, item),
        thread=list(_thread(edition, item, others)), citation=edition.references.get(item.id) or citation(meeting, item),
        trail=[*_trail(row.body_key, meeting), (meeting_page(row.meeting), date_words(meeting.date))],
        description=f"{meeting.body or 'Body not known'}, {date_words(meeting.date)}. {row.line or item.title}",
        dublin_core=dublin_core((
            ("type", "Text"), ("date", meeting.date), ("publisher", meeting.council), ("creator", meeting.body),
            ("language", meeting.language), ("identifier", item.id), ("source", item.url or meeting.source.url),
            ("isPartOf", meeting.id), *(("subject", topic) for topic in topics),
        )),
        json_ld={
            "@context": "https://schema.org", "@type": "DigitalDocument", "name": title, "identifier": item.id,
            "inLanguage": meeting.language, **_known("temporalCoverage", meeting.date), **_known("about", topics or None),
            **_known("isBasedOn", item.url or meeting.source.url), **_known("creator", _organisation(meeting)),
            "isPartOf": {"@type": "Event", "identifier": meeting.id, **_known("startDate", meeting.date)},
        },
    )


def citation(meeting: Meeting, item: Item) -> str:
    """A reference to copy: body, date, number and title, page, day of capture, hash of the bytes, id."""
    name = " ".join(filter(None, (f"item {item.number}," if item.number else None, f"“{item.title or 'Untitled item'}”")))
    source = item.text_sources.get("minutes_text", meeting.source)
    parts = (
        meeting.body or "Body not known", date_words(meeting.date), name, source.url or source.path,
        f"captured {date_words(source.fetched_at[:10])}" if source.fetched_at else None,
        f"SHA-256 {source.sha256}" if source.sha256 else None, f"id {item.id}",
    )
    return ", ".join(filter(None, parts)) + "."


def _texts(item: Item) -> Iterator[tuple[str, Any]]:
    for field, heading in _TEXTS:
        if text := getattr(item, field):
            marks = [
                Mark(one.start, one.end, number, "decision" if one.about.startswith("decision") else "other")
                for number, one in enumerate(item.evidence, 1) if one.field == field
            ]
            yield heading, readable(text, marks)


def _evidence(edition: Edition, number: int, one: Evidence) -> dict[str, Any]:
    kind, _, value = one.about.partition(":")
    words = one.about
    if kind == "decision":
        words = f"Decision: {decision_words(value)}"
    elif kind == "topic":
        words = f"Topic: {label_of(edition.labels, value)}"
    elif kind in {"vote", "restriction"}:
        words = kind.capitalize()
    return {"number": number, "words": words, "text": one.text, "rule": one.rule, "in_title": one.field == "title",
            "folded": kind == "topic"}


def _notes(meeting: Meeting, item: Item) -> Iterator[str]:
    if item.truncated:
        yield "The source cuts this text off; the rest is not held."
    if item.restriction != "open":
        paragraphs = f" (paragraph {', '.join(item.exempt_paragraphs)})" if item.exempt_paragraphs else ""
        reason = f" Reason given: {item.restriction_reason}" if item.restriction_reason else ""
        state = f"{restriction_words(item.restriction)}{paragraphs}"
        yield f"This item is marked as {state}. What stands here is its public text.{reason}"
    if meeting.minutes_status == "draft":
        yield _DRAFT
    if meeting.withdrawn_at:
        yield f"Its source has taken this page down (seen on {date_words(meeting.withdrawn_at[:10])})."
    for problem in meeting.problems:
        if problem.where == item.id and problem.severity != "info":
            yield problem.message[:1].upper() + problem.message[1:] + "."


def _sources(meeting: Meeting, item: Item) -> list[dict[str, Any]]:
    own = {"minutes_text": "Text of the minutes", "decision_text": "Text of the decision", "agenda_text": "Text of the agenda"}
    return [
        source_facts(meeting.source),
        *(source_facts(source, own.get(field, field)) for field, source in sorted(item.text_sources.items())),
    ]


def _thread(edition: Edition, item: Item, others: Mapping[str, Row]) -> Iterator[dict[str, Any]]:
    for link in edition.threads.get(item.id, ()):
        # What this audience may not see is not in ``others``, and leaves no trace.
        if (row := others.get(link.item)) is not None:
            yield {"when": link.when, "why": link.why, "page": row.page, "title": row.title or "Untitled item", "body": row.body,
                   "date": row.date}


def _trail(body: str, meeting: Meeting) -> list[tuple[str, str]]:
    return [("index.html", "Home"), (body_page(body), meeting.body or "Body not known")]


def _organisation(meeting: Meeting) -> dict[str, Any] | None:
    if not meeting.body:
        return None
    return {"@type": "Organization", "name": meeting.body, **_known("parentOrganization", meeting.council)}


def _known(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}


def _language(code: str) -> str:
    return "en-GB" if code == "en" else code
