"""Plain minutes: lines of text, Markdown, PDF or Word to a meeting and its items, recognised by evidence with a score.

    lines ──numbering, headings──► where items begin ──titles──► title and text of each
          └──what stands above──► body, date, time, venue, attendance

Prose that is no minutes (a report, a notice, a recipe) is refused; an agenda alone is a meeting without minutes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from minutes_archive.model import Attendance, Document, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.blocks import Block, join_blocks, text_block
from minutes_archive.parse.plain.attendance import label_of, read_attendance
from minutes_archive.parse.plain.behind import numbers_first
from minutes_archive.parse.plain.evidence import Business, is_agenda, is_enough
from minutes_archive.parse.plain.head import Head, read_head
from minutes_archive.parse.plain.headings import is_loud
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.openings import Opening, find_openings, whole_text
from minutes_archive.parse.plain.run_together import split_run_together
from minutes_archive.parse.plain.titles import is_title_like
from minutes_archive.parse.plain.words import is_closing, is_furniture, is_inner, is_signature
from minutes_archive.procedural import procedural_kind

PARSER = "plain-minutes/1"
_TYPES = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|rtf|html?|txt|csv)\b", re.IGNORECASE)
# The number of an item that has no heading but those below it: "5." over "5.1 Chairman's Report".
_BARE_NUMBER = re.compile(r"\d{1,3}[.)]?")
# No minutes have more lines than this.
_MOST_LINES = 20_000
_A_SIGNATURE = 6
# So many people make a meeting, whether its day is told or not.
_A_MEETING = 3
_A_SENTENCE = 12
_FIRST_ITEMS = 3
_A_FEW_WORDS = 5
_QUOTED = 80
# Numbers this high run on over years and tell one meeting from another where its day is not told.
_RUNNING = 30


@dataclass
class _Draft:
    """An item while its lines are read."""

    title: str
    number: str | None = None
    parent: int | None = None
    inferred: bool = False
    blocks: list[Block] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


def read_plain_minutes(
    lines: Sequence[TextLine], front: dict[str, str] | None = None, platform: str = "text", parser: str = PARSER
) -> Reading | None:
    """The meeting in ``lines``; None where they show too little evidence of being minutes or an agenda."""
    lines = numbers_first(split_run_together([line for line in lines if not is_furniture(line.text)]))
    if len(lines) > _MOST_LINES:
        return None
    openings = find_openings(lines)
    first = openings[0].at if openings else len(lines)
    head = read_head(lines[:first], front or {}, lines)
    present = sum(one.status == "present" for one in head.attendance)
    told = (head.says_minutes and head.date) or (present >= _A_MEETING and (head.says_minutes or (head.body and head.date)))
    if not openings and head.attendance and told:
        openings = whole_text(lines)
        first = openings[0].at if openings else first
        head = read_head(lines[:first], front or {}, lines)
    drafts, outside = _fill(lines, openings)
    if not is_enough(lines, head, _business(drafts), first):
        return None
    return _reading(head, drafts, outside, platform, parser)


def _business(drafts: Sequence[_Draft]) -> Business:
    return Business(
        tuple(draft.title for draft in drafts), sum(draft.number is not None for draft in drafts),
        tuple(block.text for draft in drafts for block in draft.blocks),
    )


def _fill(lines: Sequence[TextLine], openings: Sequence[Opening]) -> tuple[list[_Draft], list[str]]:
    """The items with their text, and the lines after the first of them that belong to none."""
    by_line = {one.at: one for one in openings}
    drafts: list[_Draft] = []
    outside: list[str] = []
    place: dict[int, int] = {}
    starts = {one.at for one in openings if one.number}
    over_several = _over_several(lines, starts)
    closed, at = False, openings[0].at if openings else len(lines)
    last = max(starts, default=at)
    while at < len(lines):
        line = lines[at]
        if opening := by_line.get(at):
            titled = opening.titled
            parent = None if opening.parent is None else place.get(opening.parent)
            place[at] = len(drafts)
            drafts.append(_Draft(titled.title, opening.number, parent, titled.inferred))
            if titled.text:
                _add(drafts[-1], replace(line, text=titled.text, link=None))
            closed, at = False, opening.then
            continue
        closed = closed or (at > last and _closes(line, drafts[-1]) and not (is_signature(line.text) and _goes_on(lines, at)))
        if at + 1 in starts and _BARE_NUMBER.fullmatch(line.text):
            pass
        elif closed or at in over_several:
            outside.append(line.text)
        else:
            _add(drafts[-1], line)
        at += 1
    return drafts, outside


def _goes_on(lines: Sequence[TextLine], at: int) -> bool:
    """Whether the text goes on below a signature: a proposal inside an item is signed too."""
    return any(len(line.text.split()) >= _A_SENTENCE for line in lines[at + 1 : at + 4])


def _closes(line: TextLine, draft: _Draft) -> bool:
    """Whether a line ends the business, and does not stand in the item that is about just that."""
    if not is_closing(line.text):
        return False
    told = len(line.text.split()) >= _A_FEW_WORDS
    if re.match(r"adjournment", draft.title, re.IGNORECASE):
        return not told
    closure = re.match(r"clos(?:e|ure|ing)", draft.title, re.IGNORECASE)
    # The day of the next meeting is what that item says; that this one closed is not.
    told_next = re.match(r"(?:the\s+)?(?:dates?|next|future)\b", line.text, re.IGNORECASE)
    next_day = procedural_kind(draft.title) == "next_meeting" and told_next
    return not (told and not draft.blocks and (closure or next_day))


def _over_several(lines: Sequence[TextLine], starts: set[int]) -> set[int]:
    """The lines over a numbered item that are of several: "QUESTIONS", and what is said of all of them ("...:")."""
    found = set()
    for start in starts:
        if start >= 1 and (_heads_several(lines[start - 1]) or _is_said_again(lines, start)):
            found.add(start - 1)
        elif start > 1 and lines[start - 1].text.endswith(":") and _heads_several(lines[start - 2]):
            found |= {start - 2, start - 1}
    return found


def _is_said_again(lines: Sequence[TextLine], start: int) -> bool:
    """Whether the title under a lone number takes up the short line over it: "Question", "8.", "Question from Mr Low"."""
    above, below = lines[start - 1], lines[start + 1] if start + 1 < len(lines) else None
    if below is None or not _BARE_NUMBER.fullmatch(lines[start].text):
        return False
    words = above.text.casefold().split()
    short = above.kind == "paragraph" and is_title_like(above.text) and len(words) <= _A_FEW_WORDS
    return short and len(set(words) & set(below.text.casefold().split())) * 2 > len(words)


def _heads_several(line: TextLine) -> bool:
    """Whether a line over a numbered item is a heading of several ("QUESTIONS"), and so of none."""
    return is_loud(line) and is_title_like(line.text) and line.kind == "paragraph" and not is_inner(line.text)


def _add(draft: _Draft, line: TextLine) -> None:
    if line.link and not line.text.endswith("."):
        kind = _TYPES.search(line.link) or _TYPES.search(line.text)
        draft.documents.append(Document(line.text, line.link, kind[1].lower() if kind else ""))
        return
    block = text_block(line.text) if line.kind == "paragraph" else Block(line.text, line.kind)
    if block:
        draft.blocks.append(block)


def _reading(head: Head, drafts: Sequence[_Draft], outside: Sequence[str], platform: str, parser: str) -> Reading:
    if not any(one.status == "present" for one in head.attendance):
        head.attendance += _people_in(drafts)
    minuted = not is_agenda(head, _business(drafts))
    items = tuple(_item(draft, minuted) for draft in drafts)
    problems = list(head.problems)
    problems += [
        Problem("title_inferred", "info", f"#{place}", f"the item has no heading; its title is of its text: {item.title}")
        for place, item in enumerate(items) if item.title_inferred
    ]
    if head.body is None:
        problems.append(Problem("body_unknown", "warning", "", "the text does not name the body that met"))
    if head.date is None:
        problems.append(Problem("date_unknown", "warning", "", "the text does not tell the day of the meeting"))
    problems += _left_out("above", head.unread)
    problems += _left_out("below", [line for line in outside if not is_closing(line) and len(line.split()) > _A_SIGNATURE])
    status = ("draft" if head.draft else "published") if minuted else "none"
    meeting = ParsedMeeting(
        body=head.body, date=head.date, time=head.time, venue=head.venue, status="held" if minuted else "unknown",
        number=None if head.date else _running_numbers(items), minutes_status=status, items=items,
        attendance=tuple(head.attendance) if minuted else (),
    )
    return Reading("meeting", platform, parser, meeting, (), tuple(problems), outside=(*head.unread, *outside))


def _people_in(drafts: Sequence[_Draft]) -> list[Attendance]:
    """Those present and away where minutes number them like items: "1. Present: ...", "2. Apologies: ..."."""
    lines = [
        TextLine(f"{draft.title}: {block.text}")
        for draft in drafts[:_FIRST_ITEMS] if label_of(f"{draft.title}:") for block in draft.blocks[:1]
    ]
    return read_attendance(lines)


def _left_out(where: str, lines: Sequence[str]) -> list[Problem]:
    if not lines:
        return []
    quoted = lines[0] if len(lines[0]) <= _QUOTED else lines[0][:_QUOTED] + "…"
    counted = "1 paragraph" if len(lines) == 1 else f"{len(lines)} paragraphs"
    return [Problem("text_outside_items", "info", "", f"{counted} {where} the items belong to none: “{quoted}”")]


def _running_numbers(items: Sequence[ParsedItem]) -> str | None:
    """"3553-3568" of minutes that do not tell their day: without it all such meetings of a body would be one."""
    numbers = [int(item.number) for item in items if item.number and item.number.isdigit()]
    return f"{min(numbers)}-{max(numbers)}" if len(numbers) > 1 and min(numbers) > _RUNNING else None


def _item(draft: _Draft, minuted: bool) -> ParsedItem:
    text = join_blocks(draft.blocks)
    return ParsedItem(
        title=draft.title, number=draft.number, title_inferred=draft.inferred, parent=draft.parent,
        minutes_text=text if minuted else "", agenda_text="" if minuted else text, documents=tuple(draft.documents),
    )
