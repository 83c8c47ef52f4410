"""Meetings with one text in every field that a source could have written, for tests and trials of what is shown of it."""

from __future__ import annotations

from minutes_archive.access import Audience
from minutes_archive.model import Attendance, Decision, Document, Evidence, Item, Meeting, Problem, Source, Vote


def meeting(number: int, text: str) -> Meeting:
    """A meeting with ``text`` in every field that a source could have written."""
    body = f"{text} word{number}\n\n{text} | {text}\n{text} | {text}"
    items = tuple(
        Item(
            id=f"x/{number}/{ordinal}", ordinal=ordinal, title=text, number=text, url=text, issue_id=text, agenda_text=text,
            decision_text=text, minutes_text=body, documents=(Document(text, text, text, text, False, text),),
            decisions=(Decision(text, text, "decision_text", 0, len(text)),),
            votes=(Vote(1, 2, None, True, text, text, text),), restriction=text, exempt_paragraphs=(text,),
            restriction_reason=text, audience=Audience.PUBLIC, topics=(text,),
            evidence=(
                Evidence(text, "minutes_text", 0, len(text), text, text), Evidence(f"topic:{text}", "title", 0, 1, text, text)),
            text_sources={"agenda_text": Source(path=text, url=text, sha256=text, platform=text, parser=text)},
        ) for ordinal in (1, 2)
    )
    return Meeting(
        id=f"x/{number}", source=Source(path=text, url=text, sha256=text, platform=text, parser=text), council=text, body=text,
        date=f"2024-01-{number % 28 + 1:02d}", time=text, venue=text, contact=text, language="cy" if number % 2 else "en",
        status=text, minutes_status=text, audience=Audience.PUBLIC, attendance=(Attendance(text, text, "present"),), items=items,
        problems=(Problem(text, "warning", f"x/{number}/1", text),), annotator=text,
    )
