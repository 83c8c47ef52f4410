"""The record ``minutes-archive/meeting/1``: values to JSON, and JSON from anywhere to values.

Keys are stable: added, never renamed. A record from elsewhere may leave keys out: a missing list is
empty, a missing value null, a missing audience ``officer``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from minutes_archive.access import Audience, understood
from minutes_archive.errors import RecordError
from minutes_archive.identity import is_id
from minutes_archive.model import (
    BODY_FIELDS,
    DECISION_TYPES,
    RESTRICTIONS,
    WITHOUT_WORDS,
    Attendance,
    Decision,
    Document,
    Evidence,
    Item,
    Meeting,
    Problem,
    Source,
    Vote,
)
from minutes_archive.records.reading import Reader

SCHEMA = "minutes-archive/meeting/1"


def write_record(meeting: Meeting) -> str:
    """The record of ``meeting`` as one line of JSON, without line end."""
    record = {
        "schema": SCHEMA,
        "source": _source(meeting.source),
        "annotator": meeting.annotator,
        "meeting": {
            "id": meeting.id, "council": meeting.council, "body": meeting.body, "date": meeting.date, "time": meeting.time,
            "venue": meeting.venue, "contact": meeting.contact, "language": meeting.language, "status": meeting.status,
            "minutes_status": meeting.minutes_status, "withdrawn_at": meeting.withdrawn_at,
            "audience": meeting.audience.value,
            "attendance": [{"name": one.name, "role": one.role, "status": one.status} for one in meeting.attendance],
        },
        "items": [_item(item) for item in meeting.items],
        "problems": [_problem(problem) for problem in meeting.problems],
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def item_record(item: Item) -> dict[str, Any]:
    """One item as the record holds it."""
    return _item(item)


def _source(source: Source) -> dict[str, Any]:
    return {
        "path": source.path, "url": source.url, "sha256": source.sha256, "fetched_at": source.fetched_at,
        "platform": source.platform, "parser": source.parser,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "severity": problem.severity, "where": problem.where, "message": problem.message}


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "ordinal": item.ordinal, "url": item.url, "issue_id": item.issue_id, "number": item.number,
        "title": item.title, "parent": item.parent, "procedural": item.procedural, "agenda_text": item.agenda_text,
        "decision_text": item.decision_text, "minutes_text": item.minutes_text, "truncated": item.truncated,
        "text_sources": {name: _source(source) for name, source in item.text_sources.items()},
        "documents": [
            {"title": one.title, "url": one.url, "type": one.type, "size": one.size, "restricted": one.restricted,
             "reason": one.reason} for one in item.documents
        ],
        "decisions": [
            {"type": one.type, "text": one.text, "field": one.field, "start": one.start, "end": one.end}
            for one in item.decisions
        ],
        "votes": [
            {"for": one.in_favour, "against": one.against, "abstain": one.abstain, "unanimous": one.unanimous,
             "result": one.result, "mover": one.mover, "seconder": one.seconder} for one in item.votes
        ],
        "restriction": item.restriction, "exempt_paragraphs": list(item.exempt_paragraphs),
        "restriction_reason": item.restriction_reason, "released_at": item.released_at, "audience": item.audience.value,
        "topics": list(item.topics),
        "evidence": [
            {"about": one.about, "field": one.field, "start": one.start, "end": one.end, "text": one.text, "rule": one.rule}
            for one in item.evidence
        ],
    }


def read_record(line: str) -> Meeting:
    """The meeting in one line of JSON, as given; a record that is not annotated has no annotator.

    Raises ``RecordError`` naming the key that does not follow the schema. Spans whose words are not where
    they are said to be are left out, and a problem ``evidence_mismatch`` says so.
    """
    try:
        raw = json.loads(line)
        # Half a surrogate pair is a string to JSON, but no text: it could never be written down again.
        json.dumps(raw, ensure_ascii=False).encode("utf-8")
    except (json.JSONDecodeError, RecursionError) as error:
        raise RecordError(f"is not JSON: {error}") from None
    except UnicodeEncodeError:
        raise RecordError("holds half a character (a lone surrogate)") from None
    top = Reader(raw, "")
    if (top.optional("schema") or SCHEMA) != SCHEMA:
        raise RecordError(f"schema is {raw.get('schema')!r}, not {SCHEMA!r}")
    head = top.inner("meeting")
    own = _id(head, "id")
    items = tuple(_read_item(reader, at) for at, reader in enumerate(top.inners("items"), start=1))
    _check_ids(items)
    checked, problems = zip(*(_check_spans(item) for item in items), strict=True) if items else ((), ())
    audience = head.optional("audience")
    visible = any(item.audience is Audience.PUBLIC for item in items)
    return Meeting(
        id=own, source=_read_source(top.inner_or_empty("source")), council=head.optional("council"),
        body=head.optional("body"), date=head.date("date"), time=head.optional("time"), venue=head.optional("venue"),
        contact=head.optional("contact"), language=head.optional("language") or "en",
        status=head.one_of("status", ("held", "cancelled", "postponed", "scheduled", "unknown"), "unknown"),
        minutes_status=head.one_of("minutes_status", ("none", "draft", "confirmed", "published"), "none"),
        withdrawn_at=head.optional("withdrawn_at"),
        # The mark on the meeting is younger than the schema: without it, a meeting is as public as its items.
        audience=understood(audience) if audience is not None or not visible else Audience.PUBLIC,
        attendance=tuple(
            Attendance(one.text("name"), one.optional("role"), one.optional("status") or "unknown")
            for one in head.inners("attendance")
        ),
        items=tuple(checked),
        problems=(*_read_problems(top), *(problem for found in problems for problem in found)),
        annotator=top.optional("annotator"),
    )


def _read_source(reader: Reader) -> Source:
    return Source(
        reader.optional("path"), reader.optional("url"), reader.optional("sha256") or "", reader.optional("fetched_at"),
        reader.optional("platform") or "unknown", reader.optional("parser") or "",
    )


def _read_problems(top: Reader) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            one.text("code"), one.one_of("severity", ("info", "warning", "error"), "warning"),  # type: ignore[arg-type]
            one.optional("where") or "", one.optional("message") or "",
        )
        for one in top.inners("problems")
    )


def _read_item(reader: Reader, ordinal: int) -> Item:
    texts = {name: reader.optional(name) or "" for name in BODY_FIELDS}
    sources = reader.inner_or_empty("text_sources")
    return Item(
        id=_id(reader, "id"), ordinal=ordinal, title=reader.optional("title") or "", url=reader.optional("url"),
        issue_id=reader.optional("issue_id"), number=reader.optional("number"), parent=reader.optional("parent"),
        procedural=reader.flag("procedural"), agenda_text=texts["agenda_text"], decision_text=texts["decision_text"],
        minutes_text=texts["minutes_text"], truncated=reader.flag("truncated"),
        text_sources={name: _read_source(sources.inner(name)) for name in sources},
        documents=tuple(
            Document(
                one.optional("title") or "", one.optional("url"), one.optional("type") or "", one.optional("size"),
                one.flag("restricted"), one.optional("reason"),
            )
            for one in reader.inners("documents")
        ),
        decisions=tuple(
            Decision(
                one.one_of("type", DECISION_TYPES), one.optional("text") or "",
                one.field("field"), one.number("start") or 0, one.number("end") or 0,
            )
            for one in reader.inners("decisions")
        ),
        votes=tuple(_read_vote(one) for one in reader.inners("votes")),
        restriction=reader.one_of("restriction", RESTRICTIONS, "open"),
        exempt_paragraphs=reader.texts("exempt_paragraphs"), restriction_reason=reader.optional("restriction_reason"),
        released_at=reader.optional("released_at"), audience=understood(reader.get("audience")),
        topics=reader.texts("topics"),
        evidence=tuple(
            Evidence(
                one.text("about"), one.field("field") or "minutes_text", one.number("start") or 0, one.number("end") or 0,
                one.optional("text") or "", one.optional("rule") or "",
            )
            for one in reader.inners("evidence")
        ),
    )


def _read_vote(one: Reader) -> Vote:
    return Vote(
        one.number("for"), one.number("against"), one.number("abstain"), one.flag("unanimous"), one.optional("result"),
        one.optional("mover"), one.optional("seconder"),
    )


def _id(reader: Reader, key: str) -> str:
    text = reader.text(key)
    if not is_id(text):
        raise RecordError(f"{reader.path}{key} {text[:80]!r} is no id: segments of A-Z a-z 0-9 . _ ~ - joined by /")
    return text


def _check_ids(items: tuple[Item, ...]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise RecordError(f"items: the id {item.id!r} stands twice")
        seen.add(item.id)


def _check_spans(item: Item) -> tuple[Item, list[Problem]]:
    """The item without annotations whose words are not at their place, and a problem for each."""
    decisions = tuple(one for one in item.decisions if _decision_holds(item, one))
    evidence = tuple(
        one for one in item.evidence if one.text and item.text_of(one.field)[one.start : one.end] == one.text
    )
    lost = len(item.decisions) - len(decisions) + len(item.evidence) - len(evidence)
    if not lost:
        return item, []
    return replace(item, decisions=decisions, evidence=evidence), [Problem(
        "evidence_mismatch", "warning", item.id,
        f"{lost} annotations of the loaded record do not stand where they say and were left out; load it with --annotate",
    )]


def _decision_holds(item: Item, decision: Decision) -> bool:
    if decision.type in WITHOUT_WORDS:
        return not decision.text
    if decision.field is None:
        return False
    return bool(decision.text) and item.text_of(decision.field)[decision.start : decision.end] == decision.text
