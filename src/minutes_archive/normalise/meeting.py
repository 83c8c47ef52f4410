"""A meeting put together: one page that shows it, and the fragments that complete it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from minutes_archive.access import Audience, may_see
from minutes_archive.identity import MeetingId, item_id, meeting_id
from minutes_archive.model import BODY_FIELDS, Item, Meeting, ParsedMeeting, Piece, Problem, Reading, Source
from minutes_archive.normalise.belonging import is_register_of
from minutes_archive.normalise.beside import OFFICER_MARK
from minutes_archive.normalise.copies import matches
from minutes_archive.normalise.marks import in_time, is_withheld
from minutes_archive.normalise.parents import find_parents
from minutes_archive.normalise.stitching import Part, Stitched, stitch


def meeting_id_of(piece: Piece) -> MeetingId:
    """The id of the meeting that a piece shows. Raises ``ValueError`` where it shows none."""
    shown = piece.reading.meeting
    if shown is None:
        raise ValueError("the piece shows no meeting")
    day = dt.date.fromisoformat(shown.date) if shown.date else None
    return meeting_id(shown.site, shown.number, piece.capture.council, shown.body, day, shown.time)


def named_ids(reading: Reading) -> frozenset[str]:
    """The ids of the meetings that fragments or a register name by the site's own ids, whether those have come or not."""
    named = [(one.site, one.meeting_number) for one in (*reading.fragments, reading.register) if one is not None]
    return frozenset(f"{site}/{number}" for site, number in named if site and number)


def normalise(page: Piece, others: Sequence[Piece] = ()) -> Meeting:
    """The meeting that ``page`` shows, completed from ``others``: fragments, registers and earlier showings of it.

    Not yet annotated. Raises ``ValueError`` where the page shows no meeting.
    """
    shown = page.reading.meeting
    own = meeting_id_of(page)
    assert shown is not None
    stitched = stitch(page, others)
    withheld = is_withheld([(page, shown.withheld), *((piece, one.withheld) for piece, one in _showings(page, others))])
    shown = _completed(page, shown, others)
    parents = find_parents([one.item for one in stitched])
    taken: dict[str, int] = {}
    ids = [item_id(own, one.item.anchor, one.item.title, taken) for one in stitched]
    items: list[Item] = []
    for at, (one, above) in enumerate(zip(stitched, parents, strict=True)):
        items.append(_item(one, ids[at], len(items) + 1, None if above is None else ids[above], page))
        if one.aside is not None:
            items.append(_aside(items[-1], one.aside))
    found = [*page.reading.problems, *(problem for one in stitched for problem in one.problems)]
    problems = [_placed(problem, own, ids) for problem in found]
    problems += [
        Problem("truncated", "info", item.id, "the source cuts this item's text off; load its item page or full text")
        for item in items if item.truncated
    ]
    return Meeting(
        id=own, source=source_of(page), council=page.capture.council, body=shown.body, date=shown.date, time=shown.time,
        venue=shown.venue, contact=shown.contact, language=shown.language, status=_status(shown, page),
        minutes_status=shown.minutes_status, withdrawn_at=page.capture.withdrawn_at,
        audience=Audience.OFFICER if withheld else page.capture.audience,
        attendance=shown.attendance, items=tuple(items),
        problems=tuple(problems),
    )


def _completed(page: Piece, shown: ParsedMeeting, others: Sequence[Piece]) -> ParsedMeeting:
    """What the page does not say of the meeting itself, from what else is held; of several the latest tells."""
    for other in sorted(others, key=in_time, reverse=True):
        if not may_see(page.capture.audience, other.capture.audience):
            continue
        register, earlier = other.reading.register, other.reading.meeting
        if register and is_register_of(register, shown):
            shown = replace(shown, attendance=shown.attendance or register.people)
        elif earlier and (earlier.site, earlier.number) == (shown.site, shown.number):
            shown = replace(
                shown, body=shown.body or earlier.body, date=shown.date or earlier.date, time=shown.time or earlier.time,
                venue=shown.venue or earlier.venue, contact=shown.contact or earlier.contact,
                attendance=shown.attendance or earlier.attendance,
                # A page never says "confirmed"; the service does, and that stays so unless a page says "draft".
                minutes_status="confirmed" if (shown.minutes_status, earlier.minutes_status) == ("published", "confirmed")
                else shown.minutes_status,
            )
        elif earlier and matches(other, page) is not None:
            shown = replace(
                shown, time=shown.time or earlier.time, venue=shown.venue or earlier.venue,
                attendance=shown.attendance or earlier.attendance, status=_told(shown.status, earlier.status, "unknown"),
                minutes_status=_told(shown.minutes_status, earlier.minutes_status, "none"),
            )
    return shown


def _showings(page: Piece, others: Sequence[Piece]) -> Iterator[tuple[Piece, ParsedMeeting]]:
    """Those of ``others`` that show the same meeting, by the site's own ids or as copies, and what they show."""
    shown = page.reading.meeting
    for one in others:
        other = one.reading.meeting
        if shown and other and ((other.site, other.number) == (shown.site, shown.number) or matches(one, page) is not None):
            yield one, other


def _told(own: str, copied: str, nothing: str) -> str:
    return copied if own == nothing else own


def source_of(piece: Piece) -> Source:
    """Where a piece's text came from, as the record states it."""
    capture, reading = piece.capture, piece.reading
    return Source(
        path=capture.path, url=capture.url or reading.url, sha256=capture.sha256, fetched_at=capture.captured_at or None,
        platform=reading.platform, parser=reading.parser,
    )


def _item(one: Stitched, own: str, ordinal: int, parent: str | None, page: Piece) -> Item:
    item = one.item
    return Item(
        id=own, ordinal=ordinal, title=item.title, url=item.url, issue_id=item.issue_id, number=item.number,
        parent=parent, agenda_text=item.agenda_text, decision_text=item.decision_text, minutes_text=item.minutes_text,
        # Cut agenda text alone hides no outcome (record schema, "Settled cases").
        truncated=bool(item.cut & {"minutes_text", "decision_text"}),
        text_sources={name: source_of(piece) for name, piece in one.sources.items()},
        documents=item.documents, votes=item.votes, restriction="withheld" if item.withheld else "open",
        audience=Audience.OFFICER if item.withheld else page.capture.audience,
    )


def _aside(item: Item, part: Part) -> Item:
    """What officers hold on an item that the public sees without it: an item of its own beside that one."""
    shown = part.item
    return Item(
        id=f"{item.id}{OFFICER_MARK}", ordinal=item.ordinal + 1, title=item.title, number=item.number, parent=item.id,
        url=item.url, issue_id=item.issue_id, agenda_text=shown.agenda_text, decision_text=shown.decision_text,
        minutes_text=shown.minutes_text, documents=shown.documents, votes=shown.votes, audience=Audience.OFFICER,
        truncated=bool(shown.cut & {"minutes_text", "decision_text"}),
        text_sources={name: source_of(part.piece) for name in BODY_FIELDS if getattr(shown, name)},
    )


def _status(shown: ParsedMeeting, page: Piece) -> str:
    """An agenda without minutes is of a meeting to come while its day is not past at the time of the capture."""
    coming = shown.date is not None and bool(page.capture.captured_at) and shown.date >= page.capture.captured_at[:10]
    return "scheduled" if shown.status == "unknown" and coming else shown.status


def _placed(problem: Problem, own: str, ids: Sequence[str]) -> Problem:
    at = problem.where.removeprefix("#")
    where = ids[int(at)] if problem.where.startswith("#") and at.isdigit() and int(at) < len(ids) else own
    return Problem(problem.code, problem.severity, where, problem.message)
