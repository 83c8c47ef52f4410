"""Store: the face of the captures. Keeps bytes in runs, gives them back checked, notes how they were read."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator

from minutes_archive.capture.catalogue import (
    ALL,
    CATALOGUE,
    UNPLACED,
    UNREAD,
    Catalogue,
    Choice,
    given_up,
    given_up_before,
    of_meeting,
)
from minutes_archive.capture.recovery import adopt_tails, is_incomplete, is_sound, rebuild_catalogue
from minutes_archive.capture.run import Clock, Run, telling
from minutes_archive.capture.transcript import Transcript, transcribe
from minutes_archive.capture.warc import read_content, warc_files
from minutes_archive.errors import CaptureError
from minutes_archive.model import Capture
from minutes_archive.seal import seal_of
from minutes_archive.workspace import Workspace


class CaptureStore:
    """The captures of ``workspace``; ``now`` gives the time, aware of its zone.

    Nothing is made on disk before the first run, and nothing is held open between calls. A catalogue that
    is missing or damaged is made anew from the WARC files and the ledger on the way. Every method raises ``CaptureError``
    where the disk, or a damaged file, stands in the way.
    """

    def __init__(self, workspace: Workspace, now: Clock) -> None:
        self._workspace = workspace
        self._folder = workspace.captures
        self._now = now
        self._run: Run | None = None
        self._catalogue: Catalogue | None = None  # open during a run: only it sees what is not committed yet
        self._trusted: tuple[int, ...] = ()

    @contextlib.contextmanager
    def run(self) -> Iterator[Run]:
        """A run in which bytes are kept and readings noted; committed at its end, also when it ends by an error.

        Holds the writer's lock. First takes in what a killed run left.
        """
        if self._run:
            raise CaptureError(f"a run in {self._folder} is open already; end it first")
        with self._workspace.writer_lock():
            with telling(f"write to {self._folder}"):
                self._trust()
                catalogue = Catalogue(self._folder / CATALOGUE)
            with contextlib.closing(catalogue):
                with telling(f"write to {self._folder}"):
                    adopted = adopt_tails(catalogue, self._folder)
                run = Run(self._folder, catalogue, self._now, sealed=not adopted and seal_of(self._folder / CATALOGUE).exists())
                self._catalogue, self._run = catalogue, run
                try:
                    with contextlib.closing(run):
                        yield run
                finally:
                    self._catalogue = self._run = None
            self._trusted = self._signature()

    def adopt(self, last: int = 0) -> None:
        """Take in what a killed run left, as every run does when it begins; for who has to know of it before.

        ``last``: a number that is known to have been given out; where the captures end before it, some are missing.
        """
        if warc_files(self._folder) or last:
            with self.run() as run:
                run.expect(last)

    def last(self) -> int:
        """The highest sequence number given out; 0 before the first."""
        with self._open() as catalogue:
            return catalogue.last_sequence() if catalogue else 0

    def is_incomplete(self) -> bool:
        """Whether any record is known to be lost, damaged or missing, and with it perhaps a word on who may see what."""
        with self._open() as catalogue:
            return catalogue is not None and is_incomplete(catalogue)

    @contextlib.contextmanager
    def part(self) -> Iterator[Run]:
        """A part of the open run, committed at its end; a run of its own where none is open."""
        if self._run is None:
            with self.run() as run:
                yield run
        else:
            yield self._run
            self._run.commit()

    def read(self, sha256: str) -> bytes:
        """The captured bytes that have this SHA-256, checked. Raises ``CaptureError`` where they are not to be had."""
        with self._open() as catalogue:
            place = catalogue.place(sha256) if catalogue else None
        if place is None:
            raise CaptureError(f"no capture {sha256} in {self._folder}; `minutes check` tells if something is amiss")
        path = self._folder / place.file
        with telling(f"read {path}"):
            content = read_content(path, place)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CaptureError(f"{path} holds other bytes at byte {place.offset} than {sha256}; run `minutes check`")
        return content

    def read_sound(self, sha256: str) -> bytes | None:
        """The captured bytes that have this SHA-256; None where they are damaged or gone."""
        with contextlib.suppress(CaptureError):
            return self.read(sha256)
        return None

    def capture(self, sha256: str) -> Capture | None:
        """What is known of the bytes that have this SHA-256; None where they are not held."""
        with self._open() as catalogue:
            return catalogue.capture(sha256) if catalogue else None

    def captures(self) -> Iterator[Capture]:
        """All captures, in the order they came."""
        return self._each(ALL)

    def captures_of(self, meeting_id: str) -> Iterator[Capture]:
        """The captures whose last reading told of a meeting, in the order they came."""
        return self._each(of_meeting(meeting_id))

    def lost(self) -> set[str]:
        """The SHA-256 of the captures whose bytes are lost."""
        with self._open() as catalogue:
            return {one.sha256 for one in catalogue.lost()} if catalogue else set()

    def lost_of(self, meeting_id: str) -> list[Capture]:
        """The captures that told of a meeting and whose bytes are lost."""
        with self._open() as catalogue:
            lost = catalogue.lost() if catalogue else []
            return [one for one in lost if catalogue and meeting_id in catalogue.meeting_ids_of(one.sha256)]

    def unplaced(self) -> Iterator[Capture]:
        """The captures that were read as a fragment of a meeting that has not arrived, in the order they came."""
        return self._each(UNPLACED)

    def unread(self) -> Iterator[Capture]:
        """The captures that no reading was noted of since something was last learnt of them, in the order they came.

        All, where the catalogue was made anew.
        """
        return self._each(UNREAD)

    def given_up(self, by: str) -> Iterator[Capture]:
        """The captures that the version ``by`` ("name/version") could not read, in the order they came."""
        return self._each(given_up(by))

    def given_up_before(self, version: str) -> Iterator[Capture]:
        """The captures that another version than ``version`` could not read, in the order they came."""
        return self._each(given_up_before(version))

    def meeting_ids_of(self, sha256: str) -> tuple[str, ...]:
        """The meetings that a capture told of when it was last read, sorted."""
        with self._open() as catalogue:
            return catalogue.meeting_ids_of(sha256) if catalogue else ()

    def meeting_ids(self) -> set[str]:
        """Every meeting that a reading told of."""
        with self._open() as catalogue:
            return catalogue.meeting_ids() if catalogue else set()

    def reading_kind(self, sha256: str) -> str | None:
        """The kind of the last reading of a capture; None where none was noted."""
        with self._open() as catalogue:
            return catalogue.reading_kind(sha256) if catalogue else None

    def is_settled(self, sha256: str) -> bool:
        """Whether a capture was read since something was last learnt of it."""
        with self._open() as catalogue:
            return catalogue is not None and catalogue.is_settled(sha256)

    def note_reading(self, sha256: str, parser: str, kind: str, meeting_ids: Iterable[str] = ()) -> None:
        """Note which ``parser`` ("name/version") read a capture, as what ``kind``, and the meetings it tells of.

        Takes the place of what was noted before. Within an open run it counts with the run's next commit; alone, it
        makes a run of its own, which is slow for many.
        """
        if self._run:
            self._run.note_reading(sha256, parser, kind, meeting_ids)
        else:
            with self.run() as run:
                run.note_reading(sha256, parser, kind, meeting_ids)

    def transcripts(self, captures: Iterable[Capture], *, with_audience: bool) -> Iterator[tuple[Capture, Transcript]]:
        """The records of ``captures`` as they are handed to others, see ``transcribe``; one by one, for they may be large."""
        for capture in captures:
            with self._open() as catalogue:
                place = catalogue.place(capture.sha256) if catalogue else None
            if place is None:
                raise CaptureError(f"no capture {capture.sha256} in {self._folder}; `minutes check` tells if something is amiss")
            yield capture, transcribe(self._folder, place, capture, with_audience=with_audience)

    def _each(self, choice: Choice) -> Iterator[Capture]:
        last: Capture | None = None
        while True:
            with self._open() as catalogue:
                page = catalogue.captures(choice, last) if catalogue else []
            if not page:
                return
            yield from page
            last = page[-1]

    @contextlib.contextmanager
    def _open(self) -> Iterator[Catalogue | None]:
        """The catalogue to be read; None where nothing was ever kept."""
        path = self._folder / CATALOGUE
        with telling(f"read {path}"):
            if self._catalogue:
                yield self._catalogue
            elif not path.exists() and not warc_files(self._folder):
                yield None
            else:
                self._trust()
                with contextlib.closing(Catalogue(path)) as catalogue:
                    yield catalogue

    def _trust(self) -> None:
        """See to it that the catalogue is there and sound; looks again only when the file has changed."""
        signature = self._signature()
        if signature and signature == self._trusted:
            return
        if not is_sound(self._folder):
            with self._workspace.writer_lock():
                if not is_sound(self._folder):
                    rebuild_catalogue(self._folder)
            signature = self._signature()
        self._trusted = signature

    def _signature(self) -> tuple[int, ...]:
        """What tells a catalogue from a changed one, without reading it; empty where there is none."""
        try:
            state = (self._folder / CATALOGUE).stat()
        except FileNotFoundError:
            return ()
        return (state.st_ino, state.st_size, state.st_mtime_ns)
