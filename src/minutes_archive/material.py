"""Material: what one capture holds, once read: a page, the text of an item, or a file of records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from minutes_archive.access import Audience
from minutes_archive.errors import RecordError
from minutes_archive.model import Capture, Meeting, Piece, Problem, Reading
from minutes_archive.normalise import meeting_id_of
from minutes_archive.parse import read
from minutes_archive.records import SCHEMA, read_record

_RECORDS = "records"
# How the user asked for records to be taken; kept with the reading, so that it can be made again.
ANNOTATE = "annotate"
OFFICERS_ONLY = "officer"


@dataclass(frozen=True)
class Material:
    """What was read off one capture. ``kind`` is the reading's, or ``records`` with its marks ("records+annotate")."""

    capture: Capture
    kind: str
    parser: str
    reading: Reading | None = None
    records: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def piece(self) -> Piece | None:
        """The page or fragment, ready to be normalised; None for records."""
        return Piece(self.capture, self.reading) if self.reading is not None else None

    @property
    def shows_meeting(self) -> bool:
        """Whether it is a page that shows a meeting."""
        return self.reading is not None and self.reading.meeting is not None

    @property
    def is_fragment(self) -> bool:
        """Whether it is text of one item without its meeting."""
        return self.kind == "fragment"

    @property
    def is_minutes(self) -> bool:
        """Whether it is kept: minutes, or a format that a later version may read minutes in."""
        return bool(self.records) or self.kind in {"meeting", "fragment", "unread"}

    @cached_property
    def meeting_ids(self) -> frozenset[str]:
        """Ids of the meetings that it shows by itself; none for a fragment."""
        if self.reading is not None and self.reading.meeting is not None:
            return frozenset({meeting_id_of(Piece(self.capture, self.reading))})
        return frozenset(record.id for record in self.records)

    def audience(self, said: Audience | None) -> Audience | None:
        """The audience of the bytes, when the user said ``said`` (None: nothing): records may hold officers' items."""
        held = any(item.audience is Audience.OFFICER for record in self.records for item in record.items)
        return Audience.OFFICER if held else said


def read_material(content: bytes, capture: Capture, marks: frozenset[str] = frozenset()) -> Material:
    """What ``content`` holds. ``marks`` say how records are to be taken (``ANNOTATE``, ``OFFICERS_ONLY``)."""
    if not _is_record_file(content):
        try:
            reading = read(content, capture.url, capture.media_type or None)
        except Exception as error:
            # A parser that fails on content is our defect, never a reason to lose the bytes or stop the run.
            problem = Problem("parser_failed", "error", "", f"could not be read ({type(error).__name__}); its bytes are kept")
            return Material(capture, "unread", "none", None, (), (problem,))
        return Material(capture, reading.kind, reading.parser, reading, (), reading.problems)
    records, problems = _read_records(content)
    if OFFICERS_ONLY in marks:
        records = tuple(_for_officers(record) for record in records)
    return Material(capture, "+".join([_RECORDS, *sorted(marks)]), SCHEMA, None, records, problems)


def marks_of(kind: str | None) -> frozenset[str]:
    """The marks in the ``kind`` of an earlier reading."""
    return frozenset(kind.split("+")[1:]) if kind else frozenset()


def _is_record_file(content: bytes) -> bool:
    """JSON Lines: the first line that says anything begins an object, and a schema or a meeting is named."""
    start = content[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and (b'"schema"' in start or b'"meeting"' in start)


def _read_records(content: bytes) -> tuple[tuple[Meeting, ...], tuple[Problem, ...]]:
    records: dict[str, Meeting] = {}
    problems = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = read_record(line)
            records[record.id] = record
        except RecordError as error:
            problems.append(Problem("bad_record", "warning", "", f"line {number} is no record of {SCHEMA}: {error}"))
    hidden = sum(item.audience is Audience.OFFICER for record in records.values() for item in record.items)
    if hidden:
        problems.append(Problem("for_officers", "info", "", f"{hidden} items in it are for officers: not marked public"))
    mended = [problem for record in records.values() for problem in record.problems if problem.code == "evidence_mismatch"]
    return tuple(records.values()), (*problems, *mended)


def _for_officers(record: Meeting) -> Meeting:
    items = tuple(replace(item, audience=Audience.OFFICER) for item in record.items)
    return replace(record, audience=Audience.OFFICER, items=items)
