"""The authoring files of the fictional council: one meeting a file, as README.md describes them.

Reading is strict: what the format does not know is an error that names file and line, so that a
slip of the pen can't become a test that checks nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from council.blocks import plain

__all__ = [
    "DECISIONS", "HEADINGS", "LAYOUTS", "PRINTED", "RESTRICTIONS", "TOPICS", "SourceDocument", "SourceError", "SourceItem",
    "SourceMeeting", "plain", "read_council", "read_meeting",
]

# Printed minutes are files of their own, and the site's ids stand nowhere in them.
PRINTED = ("pdf", "pdf-margin", "docx")
LAYOUTS = ("page", "text-labels", "text-plain", *PRINTED)
STATUSES = ("held", "cancelled")
HEADINGS = ("Agenda and minutes", "Agenda, decisions and minutes", "Agenda and draft minutes", "Meeting")
DECISIONS = frozenset(
    (
        "approved", "noted", "minutes_confirmed", "recommended", "referred", "deferred", "refused", "withdrawn",
        "delegated", "appointed", "amended", "called_in", "revoked", "action", "public_excluded", "restricted_outcome",
        "none", "unknown",
    )
)
RESTRICTIONS = ("open", "restricted_enclosure", "exempt", "confidential", "withheld")
TOPICS = frozenset(
    (
        "anti-social-behaviour", "off-road-bikes", "crime-and-policing", "knife-crime", "domestic-abuse",
        "drugs-and-alcohol", "prevent", "exploitation", "road-safety", "highways", "parking", "public-transport",
        "active-travel", "planning-applications", "local-plan", "housing", "homelessness", "waste", "street-scene",
        "parks", "climate", "environmental-health", "flooding", "budget", "audit", "procurement", "property",
        "regeneration", "adult-social-care", "children-and-families", "education", "public-health", "nhs", "licensing",
        "leisure-and-culture", "communities", "elections-and-democracy", "workforce", "digital", "emergency-planning",
    )
)
# A page of the real system cuts off long texts only.
SHORTEST_CUT = 1500

_HEAD = ("body", "committee", "meeting", "date", "time", "heading", "status", "notice", "venue", "contact", "layout", "present",
         "attending")
_OPTIONAL = {"status", "notice", "present", "attending"}
_ITEM_LINES = frozenset(
    ("document", "parent", "issue", "cut", "procedural", "decisions", "restriction", "paragraphs", "topics", "thread", "perhaps",
     "trap")
)
_SECTIONS = ("agenda", "decision", "minutes")

Text = Literal["agenda", "decision", "minutes"]


class SourceError(ValueError):
    """An authoring file that does not follow the format; says where."""


@dataclass(frozen=True)
class SourceDocument:
    """A file attached to an item. ``id`` is the attachment's, as "s41207"; ``size`` as displayed ("412 KB")."""

    id: str
    title: str
    type: str
    size: str
    restricted: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class SourceItem:
    """One agenda item: what the site shows, and the labels a careful reader gives it."""

    id: str
    number: str
    title: str
    documents: tuple[SourceDocument, ...] = ()
    parent: str | None = None
    issue: str | None = None
    cut: bool = False
    procedural: bool = False
    decisions: frozenset[str] = frozenset()
    restriction: str = "open"
    paragraphs: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    trap: str | None = None
    agenda: str = ""
    decision: str = ""
    minutes: str = ""

    def text(self, name: Text) -> str:
        """The text of one section, as authored; "" where there is none."""
        text: str = getattr(self, name)
        return text


@dataclass(frozen=True)
class SourceMeeting:
    """One meeting as authored. ``committee`` and ``meeting`` are the site's ids.

    ``present`` and ``attending`` are the people that printed minutes name, each with the role in brackets.
    """

    path: Path
    body: str
    committee: str
    meeting: str
    date: dt.date
    time: dt.time
    heading: str
    venue: str
    contact: str
    layout: str
    status: str = "held"
    notice: str | None = None
    present: tuple[str, ...] = ()
    attending: tuple[str, ...] = ()
    items: tuple[SourceItem, ...] = ()


def read_council(folder: Path) -> tuple[SourceMeeting, ...]:
    """Every meeting in ``folder``, by date. Raises SourceError, also where two meetings share an id."""
    meetings = [read_meeting(path) for path in sorted(folder.glob("*.txt"))]
    meetings.sort(key=lambda meeting: (meeting.date, meeting.meeting))
    taken: dict[str, Path] = {}
    for meeting in meetings:
        ids = [f"meeting {meeting.meeting}", *(f"item {item.id}" for item in meeting.items)]
        ids += [f"attachment {document.id}" for item in meeting.items for document in item.documents]
        for one in ids:
            if one in taken:
                raise SourceError(f"{meeting.path}: {one} is taken by {taken[one].name}")
            taken[one] = meeting.path
    return tuple(meetings)


def read_meeting(path: Path) -> SourceMeeting:
    """The meeting in one file. Raises SourceError naming file and line."""
    return _Reader(path).read()


class _Reader:
    """Reads one file, line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line = 0

    def read(self) -> SourceMeeting:
        lines = self._path.read_text("utf-8").split("\n")
        starts = [place for place, line in enumerate(lines) if line.startswith("===")]
        head = self._read_head(lines[: starts[0] if starts else len(lines)])
        items: list[SourceItem] = []
        for start, end in pairwise([*starts, len(lines)]):
            item = self._read_item(lines[start:end], start)
            self._line = start + 1
            earlier = {one.id for one in items}
            self._check(item.id not in earlier, f"item {item.id} stands twice")
            self._check(item.parent is None or item.parent in earlier, f"parent {item.parent} does not stand before it")
            items.append(item)
        self._line = 1
        self._check(bool(items) == (head["status"] == "held"), "a held meeting has items, a cancelled one has none")
        self._check((head["layout"] in PRINTED) == ("present" in head), "printed minutes name who was present, others don't")
        return self._make_meeting(head, tuple(items))

    def _make_meeting(self, head: dict[str, str], items: tuple[SourceItem, ...]) -> SourceMeeting:
        for name, known in (("layout", LAYOUTS), ("status", STATUSES), ("heading", HEADINGS)):
            self._check(head[name] in known, f"{name} {head[name]!r} is unknown")
        self._check(head["committee"].isdigit() and head["meeting"].isdigit(), "committee and meeting are numbers")
        try:
            day, time = dt.date.fromisoformat(head["date"]), dt.time.fromisoformat(head["time"])
        except ValueError as error:
            raise self._error(str(error)) from error
        return SourceMeeting(
            path=self._path, body=head["body"], committee=head["committee"], meeting=head["meeting"],
            date=day, time=time, heading=head["heading"], venue=head["venue"], contact=head["contact"],
            layout=head["layout"], status=head["status"], notice=head.get("notice"),
            present=_listed(head.get("present"), ";"), attending=_listed(head.get("attending"), ";"), items=items,
        )

    def _read_head(self, lines: list[str]) -> dict[str, str]:
        head: dict[str, str] = {}
        for self._line, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            name, value = self._split(line)
            self._check(name in _HEAD, f"head line {name!r} is unknown")
            self._check(name not in head, f"head line {name!r} stands twice")
            head[name] = value
        missing = [name for name in _HEAD if name not in head and name not in _OPTIONAL]
        self._check(not missing, f"the head lacks {', '.join(missing)}")
        head.setdefault("status", "held")
        return head

    def _read_item(self, lines: list[str], start: int) -> SourceItem:
        self._line = start + 1
        parts = [part.strip() for part in lines[0].removeprefix("===").split("|", 2)]
        sound = len(parts) == 3 and parts[0].isdigit() and bool(parts[2])
        self._check(sound, "an item begins '=== id | number | title'")
        marks: dict[str, str] = {}
        documents: list[SourceDocument] = []
        sections: dict[str, list[str]] = {}
        for self._line, line in enumerate(lines[1:], start=start + 2):
            if line.startswith("---"):
                name = line[3:].strip()
                self._check(name in _SECTIONS, f"section {name!r} is unknown")
                self._check(name not in sections, f"section {name!r} stands twice")
                sections[name] = []
            elif sections:
                sections[name].append(line.rstrip())
            elif line.strip():
                mark, value = self._split(line)
                self._check(mark in _ITEM_LINES, f"line {mark!r} is unknown")
                self._check(mark == "document" or mark not in marks, f"line {mark!r} stands twice")
                if mark == "document":
                    documents.append(self._read_document(value))
                else:
                    marks[mark] = value
        texts = {name: "\n".join(section).strip("\n") for name, section in sections.items()}
        self._check(all(texts.values()), "a section has no text")
        return self._make_item(parts, marks, tuple(documents), texts)

    def _make_item(
        self, parts: list[str], marks: dict[str, str], documents: tuple[SourceDocument, ...], texts: dict[str, str]
    ) -> SourceItem:
        decisions, topics = _listed(marks.get("decisions")), _listed(marks.get("topics"))
        procedural = marks.get("procedural")
        self._check(bool(decisions), "an item needs its decisions, if only 'none'")
        self._check_known(decisions, DECISIONS)
        self._check_known(topics, TOPICS)
        self._check(len(decisions) == 1 or not {"none", "unknown"} & set(decisions), "'none' and 'unknown' stand alone")
        self._check(procedural in (None, "yes"), "procedural is 'yes' or left out")
        self._check(bool(topics) != bool(procedural), "an item has topics, a procedural one has none")
        restriction = marks.get("restriction", "open")
        self._check(restriction in RESTRICTIONS, f"restriction {restriction!r} is unknown")
        self._check(marks.get("cut") in (None, "minutes"), "cut is 'minutes' or left out")
        cut = "cut" in marks
        length = len(texts.get("minutes", ""))
        self._check(not cut or length > SHORTEST_CUT, f"a cut text has over {SHORTEST_CUT} characters")
        return SourceItem(
            id=parts[0], number=parts[1], title=parts[2], documents=documents, parent=marks.get("parent"),
            issue=marks.get("issue"), cut=cut, procedural=bool(procedural), decisions=frozenset(decisions),
            restriction=restriction, paragraphs=_listed(marks.get("paragraphs")), topics=topics,
            threads=_listed(marks.get("thread")), perhaps=_listed(marks.get("perhaps")), trap=marks.get("trap"),
            agenda=texts.get("agenda", ""), decision=texts.get("decision", ""), minutes=texts.get("minutes", ""),
        )

    def _read_document(self, value: str) -> SourceDocument:
        parts = [part.strip() for part in value.split("|")]
        self._check(len(parts) in (3, 4, 5), "a document is 'id | title | type and size[ | restricted | reason]'")
        size = re.fullmatch(r"([A-Z]{3,4}) (\d+ [KM]B)", parts[2])
        self._check(bool(re.fullmatch(r"s\d+", parts[0])), f"attachment id {parts[0]!r} is no 's' and digits")
        self._check(len(parts) == 3 or parts[3] == "restricted", f"{parts[-1]!r}: only 'restricted' may follow")
        if not size:
            raise self._error(f"{parts[2]!r} is no type and size such as 'PDF 412 KB'")
        reason = parts[4] if len(parts) == 5 else None
        return SourceDocument(parts[0], parts[1], size[1].lower(), size[2], len(parts) > 3, reason)

    def _split(self, line: str) -> tuple[str, str]:
        name, colon, value = line.partition(":")
        self._check(bool(colon) and bool(value.strip()), f"{line!r} is no 'name: value'")
        return name, value.strip()

    def _check_known(self, values: tuple[str, ...], known: frozenset[str]) -> None:
        self._check(len(set(values)) == len(values), "a label stands twice")
        unknown = [value for value in values if value not in known]
        self._check(not unknown, f"unknown label {', '.join(unknown)}")

    def _check(self, holds: bool, message: str) -> None:
        if not holds:
            raise self._error(message)

    def _error(self, message: str) -> SourceError:
        return SourceError(f"{self._path}:{self._line}: {message}")


def _listed(value: str | None, mark: str = ",") -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(mark)) if value else ()
