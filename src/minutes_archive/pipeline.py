"""The pipeline: composes the stages. Each arrow is a pure function; what stands in capitals lies on disk.

    files, zips, WARCs ──load──► CAPTURES ──parse──► material ──normalise──► Meeting ──annotate──► RECORDS
    RECORDS ──ArchiveView(audience)──► INDEX (one for each audience)

Any stage can be run again without the one before it. What a killed run did not come to is what the next
one begins with: a capture counts as read only after its meeting's record is in place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from minutes_archive.access import Audience
from minutes_archive.agreement import keep_closed
from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.assembly import annotate_anew, assemble, owners
from minutes_archive.bounded import BoundedReader, shared_reader
from minutes_archive.capture import CaptureStore
from minutes_archive.intake import NOTHING_SAID, Request, audience_said, name_of, take_in_hand
from minutes_archive.load import Loaded, load
from minutes_archive.material import OFFICERS_ONLY, WAITING, Captured, Material, marks_of, read_material, version_with
from minutes_archive.model import Capture, Meeting, Problem
from minutes_archive.normalise import copy_ids
from minutes_archive.ocr import Ocr
from minutes_archive.placement import Waiting, fragment_items, fragment_keys, item_key, near_meetings, page_keys, record_keys
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace

# Files are kept and recorded in batches: enough to share their fsyncs, few and small enough to stay in memory.
BATCH = 100
BATCH_BYTES = 32 * 1024 * 1024
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

    def __init__(
        self, workspace: Workspace, now: Callable[[], datetime], report: Report, reader: BoundedReader | None = None
    ) -> None:
        self._captures = CaptureStore(workspace, now)
        self._records = RecordStore(workspace)
        self._records.recover()
        self._own_folders = frozenset({workspace.captures, workspace.meetings, workspace.set_aside, workspace.index})
        self._vocabulary = load_vocabulary(workspace.topics)
        self._ocr = Ocr.of_archive(workspace)
        self._version = version_with(self._ocr)
        self._report = report
        self._reader = reader or shared_reader()
        self._in_hand: dict[str, Material] = {}
        self._failed: dict[str, Material] = {}
        self._opening = True  # whether a record may come to show the public more than it did
        self._fragments: Waiting | None = None
        self._meetings: Waiting | None = None
        self.done = AddReport()

    def add(self, paths: Iterable[Path], request: Request = NOTHING_SAID) -> AddReport:
        """Load ``paths``: keep the bytes, parse, normalise, stitch, annotate, record.

        Adding the same thing twice changes nothing. What can't be read is reported, and the rest goes on.
        """
        self.resume()
        for batch in _batches(self._materials(paths, request)):
            self._record(self._keep(batch, request))
        return self.done

    def resume(self, retry: bool = False) -> None:
        """Record what was kept and is not recorded: where a run was killed, or records were lost.

        What an earlier version could not read is tried again; with ``retry``, what this one could not read too.
        """
        self._captures.adopt(self._records.last_capture)
        lost = self._captures.meeting_ids() - self._records.ids()
        waiting = {capture.sha256: capture for one in sorted(lost) for capture in self._captures.captures_of(one)}
        waiting |= {capture.sha256: capture for capture in self._captures.unread()}
        waiting |= {capture.sha256: capture for capture in self._captures.given_up_before(self._version)}
        if retry:
            waiting |= {capture.sha256: capture for capture in self._captures.given_up(self._version)}
        self.read_again(sorted(waiting.values(), key=lambda capture: capture.sequence))

    def read_again(self, captures: Iterable[Capture]) -> None:
        """Record captures of which nothing new was said: while some are missing, that makes nothing public that is not."""
        self._opening = not self._captures.is_incomplete()
        try:
            self.record(captures)
        finally:
            self._opening = True

    def record(self, captures: Iterable[Capture]) -> None:
        """Read captures that are kept, and record what they tell."""
        rest = iter(captures)
        while batch := list(islice(rest, BATCH)):
            fresh = list(read_material(map(self._captured, batch), self._reader, self._ocr))
            for material in fresh:
                self._say_failure(material)
            self._record(fresh)

    @property
    def captures(self) -> CaptureStore:
        """The captures that it brings material into."""
        return self._captures

    def annotate_anew(self) -> None:
        """Make the annotations of our rules anew in every record, after the rules or the user's topics changed."""
        records = self._records.meetings()
        while batch := list(islice(records, BATCH)):
            anew = [annotate_anew(record, self._vocabulary) for record in batch]
            self._put([one for one, record in zip(anew, batch, strict=True) if one != record], [])

    def _materials(self, paths: Iterable[Path], request: Request) -> Iterator[tuple[Loaded, Material]]:
        """Each file and what it holds: the next ones are read while these are recorded."""
        given_up = {capture.sha256 for capture in self._captures.given_up(self._version)}
        taken: deque[Loaded] = deque()

        def captured() -> Iterator[Captured]:
            for file in self._files(paths, request):
                taken.append(file)
                yield take_in_hand(file, request, self._known(file), given_up=given_up)

        for material in read_material(captured(), self._reader, self._ocr):
            yield taken.popleft(), material

    def _files(self, paths: Iterable[Path], request: Request) -> Iterator[Loaded]:
        """The files at ``paths``, without those of an archive where nobody said for whom they are to be here."""
        for file in load(paths, self._own_folders):
            problem = file if isinstance(file, Problem) else None
            if isinstance(file, Loaded) and file.own and request.audience is None:
                problem = Problem("own_capture", "warning", file.path, _OWN)
            if problem is not None:
                self.done.refused += problem.severity != "info"
                self._say(problem)
            elif isinstance(file, Loaded):
                yield file

    def _keep(self, batch: Iterable[tuple[Loaded, Material]], request: Request) -> list[Material]:
        """Keep what holds minutes, on disk before it counts; what is new or classified anew comes back."""
        fresh = []
        with self._captures.run() as run:
            # What missing captures keep closed is opened by whoever says so.
            opens = request.audience is Audience.PUBLIC and self._captures.is_incomplete()
            for file, material in batch:
                for problem in material.problems:
                    self._say(replace(problem, where=file.path))
                if not material.is_minutes:
                    self.done.refused += 1
                    continue
                known = self._known(file)
                kept = run.keep(
                    file.content, path=file.path, url=file.url, council=request.council,
                    audience=material.audience(audience_said(file, request)), media_type=file.media_type or "",
                )
                self.done.kept += kept.new
                self.done.reclassified += kept.reclassified
                self.done.known += not kept.new and not kept.reclassified
                if kept.new or kept.reclassified or kept.healed or opens or marks_of(material.kind) != known:
                    fresh.append(replace(material, capture=kept.capture))
                elif kept.capture.audience is Audience.OFFICER and request.audience is None:
                    self._say(Problem("stays_officer", "info", file.path, _STAYS))
        return fresh

    def _known(self, file: Loaded) -> frozenset[str]:
        """The marks with which a file's bytes were read before."""
        return marks_of(self._captures.reading_kind(file.sha256))

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
        weighed = {material.capture.sha256 for material in loose}
        # A copy that has found its meeting's page shows none of its own any more; one whose page went does so again.
        touched |= {one for material in loose for one in material.meeting_ids}
        meetings, gone = [], []
        for one in sorted(touched.union(*placed.values())):
            mine = {material.capture.sha256: material for material in loose if one in placed.get(material.capture.sha256, ())}
            for material in (*(held.get(one) or self._held(one)), *loose):
                # What was placed here before and is not looked at anew stays.
                stays = one in material.meeting_ids or material.capture.sha256 not in weighed
                if stays and material.capture.sha256 not in placed:
                    mine[material.capture.sha256] = material
            meeting = assemble(one, list(mine.values()), self._vocabulary)
            if meeting is None:
                gone.append(one)
            else:
                meetings.append(meeting)
        self._put(meetings, gone)
        self._note([*fresh, *loose, *self._failed.values()], placed)
        self._in_hand = {}

    def _held(self, meeting_id: str) -> list[Material]:
        """All that is held of one meeting: what is in hand, and what the captures hold."""
        mine = {sha256: one for sha256, one in self._in_hand.items() if meeting_id in one.meeting_ids}
        for capture in self._captures.captures_of(meeting_id):
            mine.setdefault(capture.sha256, self._read_again(capture))
        # A capture in hand may have been reclassified: what it tells now counts, not what was noted of it.
        return [one for one in mine.values() if one.tells_of(meeting_id)]

    def _loose(self, materials: list[Material]) -> list[Material]:
        """The fragments and copies among ``materials``, and those that have waited for one of the pages among them."""
        recorded = self._records.ids()
        pages = [one.piece for one in materials if one.piece]
        waited = [other for page in pages for one in sorted(copy_ids(page) & recorded) for other in self._held(one)]
        loose = {one.capture.sha256: one for one in (*materials, *waited) if one.is_fragment or one.is_copy}
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
            self._meet(materials, loose.values())
        return list(loose.values())

    def _meet(self, materials: list[Material], loose: Iterable[Material]) -> None:
        """Let the meetings that are recorded, and those that pages among ``materials`` show, be found by what is ``loose``."""
        if self._meetings is None:
            self._meetings = Waiting()
            for meeting in self._records.truncated():
                self._meetings.put(meeting.id, record_keys(meeting))
        # What names its item and no meeting may be of any meeting, cut off or whole.
        nameless = {item for one in loose if not one.named_ids for item in fragment_items(one)}
        for meeting_id, item in self._records.holders(nameless):
            self._meetings.put(meeting_id, {item_key(*item)})
        for one in materials:
            for meeting_id in one.meeting_ids:
                self._meetings.put(meeting_id, page_keys(one))

    def _place(self, loose: list[Material]) -> dict[str, frozenset[str]]:
        """For each loose fragment, register or copy (by SHA-256) the meetings held that it belongs to, where there are any."""
        placed = {}
        known = self._records.ids()
        # A meeting is read once, however many fragments may be of it.
        shown: dict[str, list[Material]] = {}
        for material in loose:
            near = near_meetings(fragment_keys(material), self._meetings or Waiting(), known) | self._of_its_day(material)
            for meeting in near - shown.keys():
                shown[meeting] = [one for one in self._held(meeting) if one.shows_meeting]
            if found := owners(material, [page for meeting in sorted(near) for page in shown[meeting]]):
                placed[material.capture.sha256] = found
        return placed

    def _of_its_day(self, copy: Material) -> set[str]:
        """The meetings recorded of the council and day of a copy; none for a fragment."""
        shown = copy.reading.meeting if copy.reading else None
        if shown is None or shown.date is None:
            return set()
        return {meeting.id for meeting in self._records.of_day(copy.capture.council, shown.date)}

    def _put(self, meetings: list[Meeting], gone: list[str]) -> None:
        if not self._opening:
            meetings = [keep_closed(one, self._records.get(one.id)) for one in meetings]
        change = self._records.put(meetings, gone, self._captures.last())
        self.done.added += change.added
        self.done.changed += change.changed
        self.done.removed += change.removed

    def _note(self, materials: Iterable[Material], placed: dict[str, frozenset[str]]) -> None:
        """Note what was read, and which fragments found no place; those wait."""
        with self._captures.part() as run:
            for material in {one.capture.sha256: one for one in materials}.values():
                sha256 = material.capture.sha256
                shown = placed.get(sha256, material.meeting_ids)
                # Text of one matter at three meetings waits on when the first of them has come.
                kind = f"{material.kind}+{WAITING}" if shown and not material.named_ids <= shown else material.kind
                known = self._captures.reading_kind(sha256)
                if material.is_fragment and (not shown or kind != material.kind):
                    if self._fragments is not None:
                        self._fragments.put(sha256, fragment_keys(material))
                    if known is None and not shown:
                        self.done.unplaced += 1
                        self._say(Problem("unplaced", "warning", name_of(material.capture), _UNPLACED))
                # What can't be read is noted each time, with the version that tried.
                told = known == kind != "unread" and set(self._captures.meeting_ids_of(sha256)) == shown
                if not (told and self._captures.is_settled(sha256)):
                    run.note_reading(sha256, material.parser, kind, sorted(shown))

    def _read_again(self, capture: Capture) -> Material:
        """What a capture holds, from its bytes. One that can't be read any more is said, and not tried again in this run."""
        held = self._in_hand.get(capture.sha256) or self._failed.get(capture.sha256)
        if held is not None:
            return held
        (material,) = read_material([self._captured(capture)], self._reader, self._ocr)
        if material.kind == "unread":
            self._failed[capture.sha256] = material
            self._say_failure(material)
        return material

    def _captured(self, capture: Capture) -> Captured:
        """A capture with its bytes; the marks of its first reading stay in force."""
        kind = self._captures.reading_kind(capture.sha256)
        # Where the reading is lost with its catalogue, or is older than that it is for officers, all of it is theirs.
        closed = capture.audience is Audience.OFFICER and not self._captures.is_settled(capture.sha256)
        marks = marks_of(kind) | ({OFFICERS_ONLY} if closed else set())
        return Captured(self._captures.read(capture.sha256), capture, marks)

    def _say_failure(self, material: Material) -> None:
        for problem in material.problems:
            if problem.severity == "error":
                self._say(replace(problem, where=name_of(material.capture)))

    def _say(self, problem: Problem) -> None:
        self.done.problems.append(problem)
        self._report(problem)


def _batches(files: Iterator[tuple[Loaded, Material]]) -> Iterator[list[tuple[Loaded, Material]]]:
    """``files`` in batches, each closed by number or by bytes, whichever comes first."""
    batch: list[tuple[Loaded, Material]] = []
    size = 0
    for file, material in files:
        batch.append((file, material))
        size += len(file.content)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
