"""The pipeline: composes the stages. Each arrow is a pure function; what stands in capitals lies on disk.

    files, zips, WARCs ──load──► CAPTURES ──parse──► material ──normalise──► Meeting ──annotate──► RECORDS
    RECORDS ──ArchiveView(audience)──► INDEX (one for each audience)

Any stage can be run again without the one before it. What a killed run did not come to is what the next
one begins with: a capture counts as read only after its meeting's record is in place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import Vocabulary, load_vocabulary
from minutes_archive.assembly import assemble, owner
from minutes_archive.capture import CaptureStore
from minutes_archive.load import Loaded, load
from minutes_archive.material import ANNOTATE, OFFICERS_ONLY, Material, marks_of, read_material
from minutes_archive.model import Capture, Meeting, Problem
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace

# Files are kept and recorded in batches: few enough to stay small in memory, enough to share their fsyncs.
BATCH = 100
Report = Callable[[Problem], None]

_UNPLACED = (
    "is minutes, but names no meeting in a form that this version reads (unplaced): it is kept, and where it is the text of one "
    "item it is put in its place when its meeting comes"
)
_UNPLACED_HERE = "is minutes, perhaps of one item (unplaced): its meeting is not among these files"
_STAYS = "is held for officers and stays so; to make it public say: add --audience public"


@dataclass
class AddReport:
    """What a run of ``add`` did: counts of files, of meetings, and every problem met."""

    kept: int = 0
    known: int = 0
    reclassified: int = 0
    refused: int = 0
    unplaced: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def took_anything(self) -> bool:
        """Whether any file was taken in, or was held already."""
        return bool(self.kept or self.known or self.reclassified)


@dataclass(frozen=True)
class Request:
    """How the user asked for files to be taken. ``audience`` None means "not said"."""

    council: str | None = None
    audience: Audience | None = None
    annotate: bool = False

    def marks_over(self, known: frozenset[str]) -> frozenset[str]:
        """The marks of a file of records that had the marks ``known``: what is not said stays as it was."""
        officers = {OFFICERS_ONLY} if self.audience is Audience.OFFICER else set()
        anew = {ANNOTATE} if self.annotate else set()
        return frozenset(officers | anew | (known if self.audience is None else known - {OFFICERS_ONLY}))


class Archiver:
    """Brings material into one archive. The caller holds the workspace's writer lock throughout."""

    def __init__(
        self, workspace: Workspace, now: Callable[[], datetime], report: Report, vocabulary: Vocabulary | None = None
    ) -> None:
        self._captures = CaptureStore(workspace, now)
        self._records = RecordStore(workspace)
        self._records.recover()
        self._vocabulary = vocabulary or load_vocabulary()
        self._report = report
        self.done = AddReport()

    def add(self, paths: Iterable[Path], request: Request = Request()) -> AddReport:
        """Load ``paths``: keep the bytes, parse, normalise, stitch, annotate, record.

        Adding the same thing twice changes nothing. What can't be read is reported, and the rest goes on.
        """
        self.resume()
        for batch in _batches(load(paths)):
            files = [one for one in batch if isinstance(one, Loaded)]
            for problem in (one for one in batch if isinstance(one, Problem)):
                self.done.refused += 1
                self._say(problem)
            self._record(self._keep(files, request))
        return self.done

    def resume(self) -> None:
        """Record the captures that a killed run kept but did not come to."""
        self._record([self._read_again(capture) for capture in self._captures.unread()])

    def _keep(self, files: Iterable[Loaded], request: Request) -> list[Material]:
        """Keep what holds minutes, on disk before it counts; what is new or classified anew comes back."""
        fresh = []
        with self._captures.run() as run:
            for file in files:
                capture = capture_in_hand(file, 0, request)
                known = marks_of(self._captures.reading_kind(capture.sha256))
                material = read_material(file.content, capture, request.marks_over(known))
                for problem in material.problems:
                    self._say(replace(problem, where=file.path))
                if not material.is_minutes:
                    self.done.refused += 1
                    continue
                kept = run.keep(
                    file.content, path=file.path, url=file.url, council=request.council,
                    audience=material.audience(request.audience), media_type=file.media_type or "",
                )
                self.done.kept += kept.new
                self.done.reclassified += kept.reclassified
                self.done.known += not kept.new and not kept.reclassified
                if kept.new or kept.reclassified or marks_of(material.kind) != known:
                    fresh.append(replace(material, capture=kept.capture))
                elif kept.capture.audience is Audience.OFFICER and request.audience is None:
                    self._say(Problem("stays_officer", "info", file.path, _STAYS))
        return fresh

    def _record(self, fresh: list[Material]) -> None:
        """Make the records of every meeting that ``fresh`` touches; only then note the captures as read."""
        if not fresh:
            return
        hashes = {one.capture.sha256 for one in fresh}
        touched = {one for material in fresh for one in material.meeting_ids()}
        touched |= {one for sha256 in hashes for one in self._captures.meeting_ids_of(sha256)}
        loose = [one for one in fresh if one.is_fragment]
        if any(_may_take_fragments(one) for one in fresh):
            loose += [self._read_again(capture) for capture in self._captures.unplaced() if capture.sha256 not in hashes]
        placed = self._place(loose, fresh, touched)
        meetings, gone = [], []
        for one in sorted(touched | set(placed.values())):
            added = [material for material in loose if placed.get(material.capture.sha256) == one]
            meeting = assemble(one, self._material_of(one, [*fresh, *added]), self._vocabulary)
            if meeting is None:
                gone.append(one)
            else:
                meetings.append(meeting)
        change = self._records.put(meetings, gone)
        self.done.added += change.added
        self.done.changed += change.changed
        self.done.removed += change.removed
        self._note([*fresh, *loose], placed)

    def _note(self, materials: Iterable[Material], placed: dict[str, str]) -> None:
        changed = {}
        for material in {one.capture.sha256: one for one in materials}.values():
            sha256 = material.capture.sha256
            shown = frozenset({placed[sha256]}) if sha256 in placed else material.meeting_ids()
            known = self._captures.reading_kind(sha256)
            if material.is_fragment and not shown and known is None:
                self.done.unplaced += 1
                self._say(Problem("unplaced", "warning", name_of(material.capture), _UNPLACED))
            if known != material.kind or set(self._captures.meeting_ids_of(sha256)) != shown:
                changed[sha256] = (material, shown)
        if changed:
            with self._captures.run() as run:
                for sha256, (material, shown) in changed.items():
                    run.note_reading(sha256, material.parser, material.kind, sorted(shown))

    def _place(self, loose: list[Material], fresh: list[Material], touched: set[str]) -> dict[str, str]:
        """For each loose fragment (by SHA-256) the id of the meeting it belongs to, where that is known."""
        if not loose:
            return {}
        near = touched | {meeting.id for meeting in self._records.truncated()}
        for material in loose:
            fragment = material.reading.fragment if material.reading else None
            if fragment and fragment.site and fragment.meeting_number:
                near.add(f"{fragment.site}/{fragment.meeting_number}")
        pages = [one for meeting in sorted(near) for one in self._material_of(meeting, fresh) if one.shows_meeting]
        found = {material.capture.sha256: owner(material, pages) for material in loose}
        return {sha256: one for sha256, one in found.items() if one is not None}

    def _material_of(self, meeting_id: str, fresh: Iterable[Material]) -> list[Material]:
        """All that is held of one meeting: what is in hand, and what the captures hold."""
        mine = {one.capture.sha256: one for one in fresh if one.is_fragment or meeting_id in one.meeting_ids()}
        hashes = {one.capture.sha256 for one in fresh}
        for capture in self._captures.captures_of(meeting_id):
            if capture.sha256 not in hashes:
                mine[capture.sha256] = self._read_again(capture)
        return list(mine.values())

    def _read_again(self, capture: Capture) -> Material:
        """What a capture holds, from its bytes; the marks of its first reading stay in force."""
        kind = self._captures.reading_kind(capture.sha256)
        # Where the reading is lost with its catalogue, nobody knows whether all of it was for officers.
        lost = kind is None and capture.audience is Audience.OFFICER
        marks = frozenset({OFFICERS_ONLY}) if lost else marks_of(kind)
        return read_material(self._captures.read(capture.sha256), capture, marks)

    def _say(self, problem: Problem) -> None:
        self.done.problems.append(problem)
        self._report(problem)


def parse_files(paths: Iterable[Path], report: Report, request: Request = Request()) -> Iterator[Meeting]:
    """The meetings in the user's own files, given together; writes nothing. ``report`` is given every problem."""
    vocabulary = load_vocabulary()
    materials: list[Material] = []
    for sequence, file in enumerate(load(paths), start=1):
        if isinstance(file, Problem):
            report(file)
            continue
        material = read_material(
            file.content, capture_in_hand(file, sequence, request), request.marks_over(frozenset())
        )
        for problem in material.problems:
            report(replace(problem, where=file.path))
        materials.append(material)
    for one in dict.fromkeys(one for material in materials for one in sorted(material.meeting_ids())):
        meeting = assemble(one, materials, vocabulary)
        if meeting is not None:
            yield meeting
    for material in materials:
        if material.is_fragment and owner(material, materials) is None:
            report(Problem("unplaced", "warning", name_of(material.capture), _UNPLACED_HERE))


def capture_in_hand(file: Loaded, sequence: int, request: Request) -> Capture:
    """A capture of bytes that are not kept (yet)."""
    return Capture(
        sha256=hashlib.sha256(file.content).hexdigest(), size=len(file.content), sequence=sequence, captured_at="",
        media_type=file.media_type or "", path=file.path, url=file.url, council=request.council,
        audience=request.audience or Audience.PUBLIC,
    )


def _may_take_fragments(material: Material) -> bool:
    """Whether fragments that wait may belong to it: it shows cut items, or a site's ids."""
    meeting = material.reading.meeting if material.reading else None
    return meeting is not None and (meeting.site is not None or any(item.cut for item in meeting.items))


def _batches(files: Iterator[Loaded | Problem]) -> Iterator[list[Loaded | Problem]]:
    while batch := list(islice(files, BATCH)):
        yield batch


def name_of(capture: Capture) -> str:
    """What a person knows a capture by."""
    return capture.path or capture.url or capture.sha256
