"""The pipeline: composes the stages. Each arrow is a pure function; what stands in capitals lies on disk.

    files, zips, WARCs ──load──► CAPTURES ──parse──► material ──normalise──► Meeting ──annotate──► RECORDS
    RECORDS ──ArchiveView(audience)──► INDEX (one for each audience)

Any stage can be run again without the one before it. What a killed run did not come to is what the next
one begins with: a capture counts as read only after its meeting's record is in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.assembly import assemble, owner
from minutes_archive.capture import CaptureStore
from minutes_archive.intake import NOTHING_SAID, Request, audience_said, digest, name_of, take_in_hand
from minutes_archive.load import Loaded, load
from minutes_archive.material import OFFICERS_ONLY, Material, marks_of, read_material
from minutes_archive.model import Capture, Meeting, Problem
from minutes_archive.placement import Waiting, fragment_keys, near_meetings, page_keys, record_keys
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace

# Files are kept and recorded in batches: enough to share their fsyncs, few and small enough to stay in memory.
BATCH = 100
BATCH_BYTES = 64 * 1024 * 1024
Report = Callable[[Problem], None]

_UNPLACED = (
    "is minutes, but names no meeting in a form that this version reads (unplaced): it is kept, and where it is the text of one "
    "item it is put in its place when its meeting comes"
)
_OWN = "is a capture of an archive, public or not: say for whom with --audience (what was for officers there stays so)"
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


class Archiver:
    """Brings material into one archive. The caller holds the workspace's writer lock throughout."""

    def __init__(self, workspace: Workspace, now: Callable[[], datetime], report: Report) -> None:
        self._captures = CaptureStore(workspace, now)
        self._records = RecordStore(workspace)
        self._records.recover()
        self._own_folders = frozenset({workspace.captures, workspace.meetings, workspace.index})
        self._vocabulary = load_vocabulary(workspace.topics)
        self._report = report
        self._in_hand: dict[str, Material] = {}
        self._fragments: Waiting | None = None
        self._meetings: Waiting | None = None
        self.done = AddReport()

    def add(self, paths: Iterable[Path], request: Request = NOTHING_SAID) -> AddReport:
        """Load ``paths``: keep the bytes, parse, normalise, stitch, annotate, record.

        Adding the same thing twice changes nothing. What can't be read is reported, and the rest goes on.
        """
        self.resume()
        for batch in _batches(load(paths, self._own_folders)):
            files = [one for one in batch if isinstance(one, Loaded)]
            for problem in (one for one in batch if isinstance(one, Problem)):
                self.done.refused += problem.severity != "info"
                self._say(problem)
            self._record(self._keep(files, request))
        return self.done

    def resume(self) -> None:
        """Record what was kept and is not recorded: where a run was killed, or records were lost."""
        lost = self._captures.meeting_ids() - self._records.ids()
        waiting = {capture.sha256: capture for one in sorted(lost) for capture in self._captures.captures_of(one)}
        waiting |= {capture.sha256: capture for capture in self._captures.unread()}
        rest = iter(sorted(waiting.values(), key=lambda capture: capture.sequence))
        while batch := list(islice(rest, BATCH)):
            self._record([self._read_again(capture) for capture in batch])

    def _keep(self, files: Iterable[Loaded], request: Request) -> list[Material]:
        """Keep what holds minutes, on disk before it counts; what is new or classified anew comes back."""
        fresh = []
        with self._captures.run() as run:
            for file in files:
                if file.own and request.audience is None:
                    self.done.refused += 1
                    self._say(Problem("own_capture", "warning", file.path, _OWN))
                    continue
                sha256 = digest(file)
                known = marks_of(self._captures.reading_kind(sha256))
                material = take_in_hand(file, request, sha256, known)
                for problem in material.problems:
                    self._say(replace(problem, where=file.path))
                if not material.is_minutes:
                    self.done.refused += 1
                    continue
                kept = run.keep(
                    file.content, path=file.path, url=file.url, council=request.council,
                    audience=material.audience(audience_said(file, request)), media_type=file.media_type or "",
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
        self._in_hand = {one.capture.sha256: one for one in fresh}
        touched = {one for material in fresh for one in material.meeting_ids}
        touched |= {one for sha256 in self._in_hand for one in self._captures.meeting_ids_of(sha256)}
        held = {one: self._held(one) for one in sorted(touched)}
        loose = self._loose([*fresh, *(material for materials in held.values() for material in materials)])
        placed = self._place(loose)
        meetings, gone = [], []
        for one in sorted(touched | set(placed.values())):
            mine = [material for material in loose if placed.get(material.capture.sha256) == one]
            showing = [material for material in (held.get(one) or self._held(one)) if not material.is_fragment]
            meeting = assemble(one, [*showing, *mine], self._vocabulary)
            if meeting is None:
                gone.append(one)
            else:
                meetings.append(meeting)
        self._put(meetings, gone)
        self._note([*fresh, *loose], placed)
        self._in_hand = {}

    def _held(self, meeting_id: str) -> list[Material]:
        """All that is held of one meeting: what is in hand, and what the captures hold."""
        mine = {sha256: one for sha256, one in self._in_hand.items() if meeting_id in one.meeting_ids}
        for capture in self._captures.captures_of(meeting_id):
            mine.setdefault(capture.sha256, self._read_again(capture))
        # A capture in hand may have been reclassified: what it tells now counts, not what was noted of it.
        return [one for one in mine.values() if one.is_fragment or meeting_id in one.meeting_ids]

    def _loose(self, materials: list[Material]) -> list[Material]:
        """The fragments among ``materials``, and those that have waited for one of the pages among them."""
        loose = {one.capture.sha256: one for one in materials if one.is_fragment}
        keys = {key for one in materials for key in page_keys(one)}
        if keys:
            if self._fragments is None:
                self._fragments = Waiting()
                for capture in self._captures.unplaced():
                    self._fragments.put(capture.sha256, fragment_keys(self._read_again(capture)))
            for sha256 in sorted(self._fragments.find(keys) - loose.keys()):
                found = self._captures.capture(sha256)
                if found is not None:
                    loose[sha256] = self._read_again(found)
        if self._meetings is not None or loose:
            self._meet(materials)
        return list(loose.values())

    def _meet(self, materials: list[Material]) -> None:
        """Let the meetings that are recorded, and those that pages among ``materials`` show, be found by fragments."""
        if self._meetings is None:
            self._meetings = Waiting()
            for meeting in self._records.truncated():
                self._meetings.put(meeting.id, record_keys(meeting))
        for one in materials:
            for meeting_id in one.meeting_ids:
                self._meetings.put(meeting_id, page_keys(one))

    def _place(self, loose: list[Material]) -> dict[str, str]:
        """For each loose fragment (by SHA-256) the id of the meeting it belongs to, where that is known."""
        placed = {}
        known = self._records.ids()
        for material in loose:
            near = near_meetings(fragment_keys(material), self._meetings or Waiting(), known)
            pages = [one for meeting in sorted(near) for one in self._held(meeting) if one.shows_meeting]
            found = owner(material, pages)
            if found is not None:
                placed[material.capture.sha256] = found
        return placed

    def _put(self, meetings: list[Meeting], gone: list[str]) -> None:
        change = self._records.put(meetings, gone)
        self.done.added += change.added
        self.done.changed += change.changed
        self.done.removed += change.removed

    def _note(self, materials: Iterable[Material], placed: dict[str, str]) -> None:
        """Note what was read, and which fragments found no place; those wait."""
        with self._captures.run() as run:
            for material in {one.capture.sha256: one for one in materials}.values():
                sha256 = material.capture.sha256
                shown = {placed[sha256]} if sha256 in placed else set(material.meeting_ids)
                known = self._captures.reading_kind(sha256)
                if material.is_fragment and not shown:
                    if self._fragments is not None:
                        self._fragments.put(sha256, fragment_keys(material))
                    if known is None:
                        self.done.unplaced += 1
                        self._say(Problem("unplaced", "warning", name_of(material.capture), _UNPLACED))
                if known != material.kind or set(self._captures.meeting_ids_of(sha256)) != shown:
                    run.note_reading(sha256, material.parser, material.kind, sorted(shown))

    def _read_again(self, capture: Capture) -> Material:
        """What a capture holds, from its bytes; the marks of its first reading stay in force."""
        if (held := self._in_hand.get(capture.sha256)) is not None:
            return held
        kind = self._captures.reading_kind(capture.sha256)
        # Where the reading is lost with its catalogue, nobody knows whether all of it was for officers.
        lost = kind is None and capture.audience is Audience.OFFICER
        marks = frozenset({OFFICERS_ONLY}) if lost else marks_of(kind)
        return read_material(self._captures.read(capture.sha256), capture, marks)

    def _say(self, problem: Problem) -> None:
        self.done.problems.append(problem)
        self._report(problem)


def _batches(files: Iterator[Loaded | Problem]) -> Iterator[list[Loaded | Problem]]:
    """``files`` in batches, each closed by number or by bytes, whichever comes first."""
    batch: list[Loaded | Problem] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.content) if isinstance(file, Loaded) else 0
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
