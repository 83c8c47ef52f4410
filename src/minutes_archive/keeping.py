"""Keeping: what a crawl is answered goes into the archive, in turns with whoever else wants to write there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType

from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore, Run
from minutes_archive.errors import CrawlError, MinutesArchiveError
from minutes_archive.model import Capture, Exchange, Reading
from minutes_archive.parse import read
from minutes_archive.pipeline import Archiver, Report
from minutes_archive.workspace import Workspace

# Answers are recorded in batches: so many, or so many bytes of them.
_BATCH, _BATCH_BYTES = 50, 64 * 1024 * 1024
# Seconds that a crawl waits for the writer that it let in: another may have a council's files to add.
_PATIENCE = 24 * 3600.0


class Turn:
    """A crawl's turn to write, as a context; given up for a while where another writer waits.

    So nobody who has something to withdraw waits for the end of a crawl of hours. What another wrote in between is
    seen: the archiver is made anew, and the next captures go into a new file.
    """

    def __init__(self, workspace: Workspace, now: Callable[[], datetime], report: Report) -> None:
        self._workspace = workspace
        self._now = now
        self._report = report
        self._held = contextlib.ExitStack()
        self._writing: tuple[Archiver, Run] | None = None  # None while it is another's turn

    def __enter__(self) -> Turn:
        self._take()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._writing = None
        self._held.__exit__(kind, error, trace)

    @property
    def run(self) -> Run:
        """The open run of captures."""
        return self._mine()[1]

    @property
    def captures(self) -> CaptureStore:
        """The captures of the archive, with those of the open run."""
        return self._mine()[0].captures

    def _mine(self) -> tuple[Archiver, Run]:
        if self._writing is None:
            raise CrawlError("it is another's turn to write; run the crawl again")
        return self._writing

    @property
    def is_awaited(self) -> bool:
        """Whether another waits for its turn."""
        return self._workspace.is_awaited()

    def record(self, captures: Sequence[Capture]) -> None:
        """Have what was kept on the disk, and record it; nothing to do where the turn was given up."""
        if self._writing is not None:
            archiver, run = self._writing
            run.commit()
            archiver.record(captures)

    def give_way(self) -> None:
        """Let another write, and wait until it has ended."""
        self._writing = None
        self._held.close()
        self._take(_PATIENCE)

    def _take(self, *patience: float) -> None:
        with contextlib.ExitStack() as held:
            held.enter_context(self._workspace.writer_lock(*patience))
            archiver = Archiver(self._workspace, self._now, self._report)
            archiver.resume()
            self._writing = archiver, held.enter_context(archiver.captures.run())
            self._held = held.pop_all()


class ArchiveKeeper:
    """Keeps answers in the crawl's turn, and has them recorded in batches; see ``crawl.keeper.Keeper``."""

    def __init__(
        self, turn: Turn, audiences: Mapping[str, Audience | None], enter: Callable[[str], None]
    ) -> None:
        self._turn = turn
        self._enter = enter  # told of each source that something was had of
        self._audiences = audiences
        self._fresh: dict[str, Capture] = {}
        self._size = 0

    def keep(self, source: str, answer: Exchange, changed: bool) -> bool:
        """Keep an answer; whether its bytes are new."""
        kept = self._turn.run.keep_answer(answer, council=source, audience=self._audiences[source])
        self._enter(source)
        if kept.new or kept.reclassified or kept.healed or changed:
            self._note(kept.capture)
        return kept.new

    def again(self, source: str, sha256: str, answer: Exchange, changed: bool) -> bool:
        """Note that a page is as it was; False where nothing of it is held."""
        capture = self._turn.run.see_again(sha256, answer)
        if capture is not None and changed:
            self._note(capture)
        return capture is not None

    def gone(self, source: str, sha256: str, answer: Exchange) -> None:
        """Note that a page is no longer there."""
        if (capture := self._turn.run.note_absence(sha256, answer)) is not None:
            self._note(capture)

    def alike(self, sha256: str, answer: Exchange) -> bool:
        """Whether what is held is read as the same minutes as the answer."""
        with contextlib.suppress(MinutesArchiveError):
            before = _told(read(self._turn.captures.read(sha256), answer.url, answer.media_type))
            return before is not None and before == _told(read(answer.content, answer.url, answer.media_type))
        return False

    def rest(self) -> None:
        """Record what was kept, once there is enough of it; let another write who waits."""
        awaited = self._turn.is_awaited
        if awaited or len(self._fresh) >= _BATCH or self._size >= _BATCH_BYTES:
            self.flush()
        if awaited:
            self._turn.give_way()

    def flush(self) -> None:
        """Have everything kept on the disk, and record it."""
        fresh, self._fresh, self._size = list(self._fresh.values()), {}, 0
        self._turn.record(fresh)

    def _note(self, capture: Capture) -> None:
        self._turn.run.unsettle(capture.sha256)  # whatever becomes of this run, it is recorded
        self._fresh[capture.sha256] = capture
        self._size += capture.size


def _told(reading: Reading) -> object:
    """What a reading tells of minutes; None where it tells of none."""
    if reading.kind not in {"meeting", "fragment"}:
        return None
    return reading.meeting, reading.fragments, reading.register
