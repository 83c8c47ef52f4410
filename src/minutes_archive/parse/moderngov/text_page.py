"""Text renderings of meeting pages, with or without item numbers and labels (dossier 2.5).

With labels, a number stands on a line of its own and blocks begin "Minutes:", "Decision:". Without,
the blank lines tell: a title stands after two, agenda text after one, minutes after two again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from minutes_archive.identity import canonical_number
from minutes_archive.model import Document, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.blocks import Block, text_block
from minutes_archive.parse.fields import empty_fields, join_fields
from minutes_archive.parse.heading import Title, minutes_status, read_title
from minutes_archive.parse.labels import (
    BLOCKS,
    FURNITURE,
    ITEM_FURNITURE,
    NAMES,
    OUTCOMES,
    SENTENCES,
    WELSH,
    head_line,
    label_and_rest,
    label_key,
)
from minutes_archive.parse.marks import is_number, split_attachment, split_restricted, without_hidden
from minutes_archive.parse.moderngov.rendering import read_layout
from minutes_archive.parse.numbered_lines import numbers_apart
from minutes_archive.parse.paragraphs import Paragraph, out_of_table
from minutes_archive.parse.plain.titles import tells
from minutes_archive.text import fold_line, strip_bullet

PARSER = "minutes-text/1"
_HEAD_LINES = 40
# Notices above the items (recording, fire drill) are a few paragraphs; more are text that was not read.
_A_NOTICE = 3
# "The Evacuation Procedure was noted by Members." names the item whose title the page lost.
_NAMED = re.compile(r"^The\s+(?P<title>[A-Z][\w'’&-]*(?:\s+[\w'’&-]+){0,6}?)\s+(?:was|were)\s+(?:noted|agreed|received)\b")
# Words of a heading that only its place tells.
_LONGEST_LOOSE_HEADING = 8
# What a page links beside an item: "View the background to item 12." The mark of a restricted file is read.
_LINK = re.compile(
    r"(?:· *)?(?:view|gweld) (?:the |y )?(?:background|cefndir|decision|declarations? of interests?|recorded votes?)\b.{0,40}"
    r"\b(?:item|eitem)\s\S{1,20}$", re.IGNORECASE,
)
_REASONS = re.compile(
    r"(?:view )?(?:the )?reasons why (?:the )?document\s['‘“\"]?(?P<title>.{1,200}?)['’”\"]?\sis restricted\.?$", re.IGNORECASE
)
# Empty lines above a title, and above minutes, where no label tells them.
_ROOM = 2
# Paragraphs of agenda text between a title and the label below it.
_MOST_AGENDA = 6
_SENTENCE_END = re.compile(r"[.;,!?]$")


@dataclass
class _Draft:
    """An item while its paragraphs are read."""

    title: str = ""
    number: str | None = None
    inferred: bool = False
    documents: list[Document] = field(default_factory=list)
    fields: dict[str, list[Block]] = field(default_factory=empty_fields)
    current: str = "agenda_text"


def find_title(paragraphs: Sequence[Paragraph]) -> tuple[int, Title] | None:
    """Where the meeting's title line ends, and what it says: on one line, or the body's name above the date."""
    for position, paragraph in enumerate(paragraphs[:_HEAD_LINES]):
        if minutes_status(paragraph.line) is not None or head_line(paragraph.line):
            continue
        title = read_title(paragraph.line)
        if title is None or (not title.time and not _follows_heading(paragraphs, position)):
            continue
        if tells(title.body):
            # "RESOLVED - That the minutes of the meeting held on 5 March 2019 ...": the day of another meeting.
            continue
        if title.body:
            return position, title
        above = paragraphs[position - 1].line if position else ""
        if above and minutes_status(above) is None:
            return position, Title(above, title.date, title.time, title.status, title.problems)
    return None


def read_text_meeting(text: str) -> Reading | None:
    """The meeting that a text rendering shows; None where no line names a body and a date."""
    paragraphs, listed = read_layout(text)
    found = find_title(paragraphs)
    if found is None:
        return None
    position, title = found
    published = next((s for p in paragraphs[:position] if (s := minutes_status(p.line)) is not None), "none")
    head, start = _read_head(paragraphs, position + 1)
    body = _without_furniture(out_of_table(paragraphs[start:]))
    # Where no label stands, a numeral before words may as well begin the entry of a list, unless there is room above it.
    body = numbers_apart(body, 0 if any(label_and_rest(p.line, BLOCKS) for p in body) else _ROOM)
    labelled = any(is_number(p.line) or label_and_rest(p.line, BLOCKS) for p in body)
    drafts, before = _read_labelled(body) if labelled else _read_plain(body)
    problems = _said_before(before)
    items = [_finish(draft) for draft in drafts]
    problems += [
        Problem("title_inferred", "info", f"#{place}", f"the page has lost this title; it was taken from the text: {item.title}")
        for place, item in enumerate(items) if item.title_inferred
    ]
    if published == "none" and any(item.minutes_text for item in items) and labelled:
        published = "published"
    meeting = ParsedMeeting(
        body=title.body or None, date=title.date, time=title.time, venue=head.get("venue"), contact=head.get("contact"),
        language="cy" if any(label_key(p.line) in WELSH for p in paragraphs[:position]) else "en",
        status=title.status or ("held" if published != "none" else "unknown"), minutes_status=published, items=tuple(items),
    )
    return Reading("meeting", "text", PARSER, meeting, (), (*title.problems, *problems), outside=(*before, *listed))


def _without_furniture(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """``paragraphs`` without the lines of the page; the room above such a line is above the next."""
    found: list[Paragraph] = []
    gap = 0
    for one in paragraphs:
        if _is_furniture(one.line):
            gap = max(gap, one.gap)
        else:
            found.append(replace(one, gap=max(gap, one.gap)))
            gap = 0
    return found


def _is_furniture(line: str) -> bool:
    bare = line.strip("|:- ")
    key = label_key(bare)
    return not key or key.startswith("no. item") or key in FURNITURE | ITEM_FURNITURE or bool(_LINK.match(line))


def _follows_heading(paragraphs: Sequence[Paragraph], position: int) -> bool:
    return any(minutes_status(paragraph.line) is not None for paragraph in paragraphs[:position])


def _read_head(paragraphs: Sequence[Paragraph], start: int) -> tuple[dict[str, str], int]:
    """Venue and contact, and where the head ends: after its last labelled line."""
    head: dict[str, str] = {}
    end = start
    for position in range(start, min(len(paragraphs), start + 12)):
        if is_number(paragraphs[position].line) or _is_label(paragraphs[position].line):
            break
        if read := head_line(paragraphs[position].line):
            head.setdefault(*read)
            end = position + 1
    return head, end


def _read_labelled(body: Sequence[Paragraph]) -> tuple[list[_Draft], list[str]]:
    drafts: list[_Draft] = []
    before: list[str] = []
    led = _over_labels(body)
    labelled = any(label_and_rest(one.line, BLOCKS) for one in body)
    for position, paragraph in enumerate(body):
        line = paragraph.line
        if is_number(line) and paragraph.gap and _starts_item(body, position):
            drafts.append(_Draft(number=canonical_number(line)))
        elif position in led:
            drafts.append(_Draft())
            _set_title(drafts[-1], line)
        elif drafts and drafts[-1].number is not None and not drafts[-1].title:
            _set_title(drafts[-1], line)
        elif _looks_like_title(line) and _title_may_follow(drafts) and (paragraph.gap >= 2 or _heads_next(body, position)):
            drafts.append(_Draft())
            _set_title(drafts[-1], line)
        elif not drafts:
            before.append(line)
        else:
            if not labelled and paragraph.gap >= _ROOM:
                drafts[-1].current = "minutes_text"
            _read_into(drafts[-1], paragraph)
    return drafts, before


def _over_labels(body: Sequence[Paragraph]) -> set[int]:
    """Where numbers are lost and no room parts the items: the titles, over their labels or over agenda text above these."""
    if any(is_number(one.line) for one in body) or any(one.gap > 1 for one in body):
        return set()
    found: set[int] = set()
    for position, paragraph in enumerate(body):
        if not label_and_rest(paragraph.line, BLOCKS):
            continue
        for above in range(position - 1, max(-1, position - 1 - _MOST_AGENDA), -1):
            line = body[above].line
            if label_and_rest(line, BLOCKS):
                break
            if split_attachment(line)[1] or (_looks_like_title(line) and not strip_bullet(body[above].raw)[1]):
                found.add(above)
                break
    return found


def _starts_item(body: Sequence[Paragraph], position: int) -> bool:
    """A number begins an item when a title follows it: a line that is no number and no label."""
    if position + 1 >= len(body):
        return False
    following = body[position + 1]
    return not is_number(following.line) and not _is_label(following.line) and len(following.line) <= 250


def _heads_next(body: Sequence[Paragraph], position: int) -> bool:
    """Whether a line stands between a finished sentence and the next item's number: a heading that has no number.

    A tool that leaves one empty line everywhere leaves nothing else to tell it by. A name is none: lists end so too.
    """
    if not 0 < position < len(body) - 1 or strip_bullet(body[position].raw)[1]:
        return False
    above, following = body[position - 1], body[position + 1]
    if not above.line.endswith(".") or not is_number(following.line) or not _starts_item(body, position + 1):
        return False
    words = label_key(body[position].line).split()
    return len(words) <= _LONGEST_LOOSE_HEADING and not any(any(sign.isdigit() for sign in word) for word in words) and (
        words[0] not in NAMES
    )


def _title_may_follow(drafts: Sequence[_Draft]) -> bool:
    """An unnumbered title can't stand inside agenda text that has not had its minutes yet, unless nothing was read."""
    return not drafts or drafts[-1].current == "minutes_text" or not any(drafts[-1].fields.values())


def _read_plain(body: Sequence[Paragraph]) -> tuple[list[_Draft], list[str]]:
    drafts: list[_Draft] = []
    before: list[str] = []
    for position, paragraph in enumerate(body):
        certain = split_attachment(paragraph.line)[1] is not None
        if paragraph.gap >= 2 and (certain or (_looks_like_title(paragraph.line) and not _leads_in(body, position))):
            drafts.append(_Draft())
            _set_title(drafts[-1], paragraph.line)
        elif drafts:
            if paragraph.gap >= 2:
                drafts[-1].current = "minutes_text"
            _read_into(drafts[-1], paragraph)
        elif match := _NAMED.match(paragraph.line):
            drafts.append(_Draft(title=match["title"], inferred=True, current="minutes_text"))
            _read_into(drafts[-1], paragraph)
        else:
            before.append(paragraph.line)
    return drafts, before


def _said_before(lines: Sequence[str]) -> list[Problem]:
    if not lines:
        return []
    counted = "1 paragraph" if len(lines) == 1 else f"{len(lines)} paragraphs"
    quoted = lines[0] if len(lines[0]) <= 80 else lines[0][:80] + "…"
    return [Problem(
        "text_before_items", "info" if len(lines) <= _A_NOTICE else "warning", "",
        f"{counted} above the first item belong{'s' if len(lines) == 1 else ''} to none: “{quoted}”",
    )]


def _looks_like_title(line: str) -> bool:
    """Short, with a capital in its first word, no sentence, and no outcome standing alone (dossier 2.5)."""
    words = line.split()
    if len(line) > 120 or len(words) > 20 or _SENTENCE_END.search(line) or label_key(line) in OUTCOMES or _is_label(line):
        return False
    # "iQuanta" begins a title too: a capital anywhere in the first word will do.
    first = next((word for word in words if word[0].isalpha()), "")
    shouted = line == line.upper()
    return first != first.lower() and (shouted or not SENTENCES.intersection(word.lower() for word in words))


def _leads_in(body: Sequence[Paragraph], position: int) -> bool:
    """Whether a line that ends in a colon leads in a list: "The Inspector named three causes:"."""
    if not body[position].line.endswith(":") or position + 1 >= len(body):
        return False
    following = text_block(body[position + 1].raw)
    return following is not None and following.kind != "paragraph"


def _is_label(line: str) -> bool:
    """Whether a line is the label of a block: "Minutes:". Without the colon it is an item of that title."""
    return line.endswith(":") and label_key(line) in BLOCKS


def _set_title(draft: _Draft, line: str) -> None:
    title, attached = split_attachment(line)
    draft.title, restricted = split_restricted(title)
    if attached or restricted:
        kind, size = (attached.type, attached.size) if attached else ("", None)
        draft.documents.append(Document(draft.title, None, kind, size, restricted))


def _read_into(draft: _Draft, paragraph: Paragraph) -> None:
    raw = paragraph.raw
    if match := _REASONS.match(paragraph.line):
        draft.documents.append(Document(match["title"], restricted=True))
        return
    label = label_and_rest(paragraph.line, BLOCKS)
    if label:
        draft.current = label[0]
        raw = label[1]
        if not raw:
            return
    if draft.current == "documents":
        title, attached = split_attachment(fold_line(raw))
        title, restricted = split_restricted(without_hidden(strip_bullet(title)[0]))
        if attached or restricted:
            kind, size = (attached.type, attached.size) if attached else ("", None)
            draft.documents.append(Document(title, None, kind, size, restricted))
            return
        draft.current = "agenda_text"
    block = text_block(raw)
    if block:
        draft.fields[draft.current].append(block)


def _finish(draft: _Draft) -> ParsedItem:
    texts, cut = join_fields(draft.fields)
    # Where the numbers were lost, the marker of a cut text is the one place that still tells this item's.
    number = draft.number or next((canonical_number(named) for named in cut.values()), None)
    return ParsedItem(
        title=draft.title, number=number, title_inferred=draft.inferred, agenda_text=texts["agenda_text"],
        decision_text=texts["decision_text"], minutes_text=texts["minutes_text"], cut=frozenset(cut),
        documents=tuple(draft.documents),
    )
