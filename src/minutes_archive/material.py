"""Material: what one capture holds, once read: a page, the text of an item, or a file of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from minutes_archive import __version__
from minutes_archive.access import Audience
from minutes_archive.bounded import BoundedReader, Page
from minutes_archive.errors import RecordError
from minutes_archive.model import Capture, Meeting, Piece, Problem, Reading
from minutes_archive.normalise import Places, is_copy, meeting_id_of, named_ids
from minutes_archive.ocr import Ocr
from minutes_archive.records import SCHEMA, read_record

_RECORDS = "records"
# What can't be read is noted with the version that tried: the next one tries again.
VERSION = f"minutes-archive/{__version__}"
_GIVEN_UP = "could not be read when it came; to try again: minutes index --retry"
# How the user asked for records to be taken; kept with the reading, so that it can be made again.
ANNOTATE = "annotate"
OFFICERS_ONLY = "officer"
# Of a file of fragments: some of them were placed, others wait for their meetings.
WAITING = "waiting"


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
        """Whether it is text of single items, or a register, without the meeting."""
        return self.kind == "fragment"

    @property
    def is_copy(self) -> bool:
        """Whether it shows a meeting without the site's own ids: printed minutes, a saved text."""
        return self.reading is not None and self.reading.meeting is not None and is_copy(self.reading.meeting)

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

    @cached_property
    def named_ids(self) -> frozenset[str]:
        """Ids of the meetings that its fragments or its register name, whether those have come or not."""
        return named_ids(self.reading) if self.reading is not None and self.is_fragment else frozenset()

    @cached_property
    def places(self) -> Places | None:
        """Where fragments belong on the page; None for what shows no meeting."""
        return Places(self.reading.meeting) if self.reading is not None and self.reading.meeting is not None else None

    def tells_of(self, meeting_id: str) -> bool:
        """Whether a meeting may be completed from it: it shows that meeting, is a copy of one, or holds fragments."""
        return self.is_fragment or self.is_copy or meeting_id in self.meeting_ids

    def audience(self, said: Audience | None) -> Audience | None:
        """The audience of the bytes, when the user said ``said`` (None: nothing): records may hold officers' items."""
        held = any(item.audience is Audience.OFFICER for record in self.records for item in record.items)
        return Audience.OFFICER if held else said


@dataclass(frozen=True)
class Captured:
    """Bytes to be read, and what is known of them.

    ``marks`` say how records are to be taken (``ANNOTATE``, ``OFFICERS_ONLY``); ``given_up``: this version could not read it.
    """

    content: bytes
    capture: Capture
    marks: frozenset[str] = frozenset()
    given_up: bool = False

    @property
    def page(self) -> Page | None:
        """What there is for a parser; None for records, and where it was tried in vain."""
        if self.given_up or self.capture.truncated or _is_record_file(self.content):
            return None
        return self.content, self.capture.url, self.capture.media_type or None


def version_with(ocr: Ocr | None) -> str:
    """What tries to read: this version, with the command that reads scans. Another one may read what this one can't."""
    return VERSION if ocr is None else f"{VERSION} {ocr.name}"


def read_material(captured: Iterable[Captured], reader: BoundedReader, ocr: Ocr | None = None) -> Iterator[Material]:
    """What each of ``captured`` holds, in their order; ``reader`` reads the pages, several at a time, ``ocr`` scans."""
    for one, reading in reader.ahead(captured, lambda one: one.page):
        if reading is None:
            yield _of_records(one, version_with(ocr))
        else:
            scanned = ocr is not None and any(problem.code == "scanned" for problem in reading.problems)
            yield _of_page(one.capture, ocr.read(one.content, reading) if ocr and scanned else reading, version_with(ocr))


def _of_page(capture: Capture, reading: Reading, version: str) -> Material:
    if reading.kind == "unread":
        return Material(capture, reading.kind, version, None, (), reading.problems)
    return Material(capture, reading.kind, reading.parser, reading, (), reading.problems)


def _of_records(captured: Captured, version: str) -> Material:
    if captured.capture.truncated:
        said = f"came only in part ({captured.capture.truncated}): it is kept, and not read"
        return Material(captured.capture, "unread", version, problems=(Problem("cut_short", "warning", "", said),))
    if captured.given_up:
        return Material(captured.capture, "unread", version, problems=(Problem("given_up", "info", "", _GIVEN_UP),))
    records, problems = _read_records(captured.content)
    if OFFICERS_ONLY in captured.marks:
        records = tuple(_for_officers(record) for record in records)
    return Material(captured.capture, "+".join([_RECORDS, *sorted(captured.marks)]), SCHEMA, None, records, problems)


def marks_of(kind: str | None) -> frozenset[str]:
    """The marks in the ``kind`` of an earlier reading."""
    return frozenset(kind.split("+")[1:]) if kind else frozenset()


def holds_records(kind: str | None) -> bool:
    """Whether the ``kind`` of a reading is that of a file of records."""
    return kind is not None and kind.split("+")[0] == _RECORDS


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
