"""Run: one run of keeping, from its first byte to its commit. The only thing that writes captures."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from minutes_archive.access import Audience
from minutes_archive.capture.catalogue import CATALOGUE, Catalogue
from minutes_archive.capture.fields import Restatement, Sighting, apply_sighting, plain_text, plain_type, timestamp
from minutes_archive.capture.ledger import write_ledger
from minutes_archive.capture.recovery import is_damage
from minutes_archive.capture.warc import MAX_CONTENT, WarcFile, is_readable
from minutes_archive.errors import CaptureError
from minutes_archive.model import Capture, Exchange
from minutes_archive.seal import put_seal, take_seal

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Kept:
    """What became of bytes handed to ``Run.keep``: new, or known; whether known ones are now classified anew, and whether
    they were written again, since the ones kept before are damaged or lost."""

    capture: Capture
    new: bool
    reclassified: bool
    healed: bool = False


class Run:
    """What ``CaptureStore.run`` hands out: bytes are kept in it, readings noted, and committed together.

    Its caller holds the writer's lock; ``sealed`` tells whether the catalogue's seal is in place.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, now: Clock, *, sealed: bool) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._now = now
        self._sealed = sealed
        with telling(f"read the catalogue in {folder}"):
            self._sequence = catalogue.last_sequence()
        self._warc: WarcFile | None = None
        self._pending = False  # something was kept or noted that does not count yet
        self._broken = False

    def keep(
        self, content: bytes, *, path: str | None, url: str | None, council: str | None,
        audience: Audience | None, media_type: str,
    ) -> Kept:
        """Keep ``content``; it counts from the next ``commit`` on.

        ``audience`` None is "not said": public for new bytes, unchanged for known ones; so is ``council`` None. Another
        one said of known bytes classifies them anew. Raises ``CaptureError`` above ``MAX_CONTENT`` bytes, and where the
        disk refuses; the run is then over, and what it kept before is committed as far as the disk allows.
        """
        if len(content) > MAX_CONTENT:
            raise CaptureError(
                f"{path or url or 'the content'} has {len(content)} bytes, more than the {MAX_CONTENT} of a capture; "
                "split the file"
            )
        path, url, council = plain_text(path), plain_text(url), plain_text(council)
        sha256 = hashlib.sha256(content).hexdigest()
        with telling(f"keep {path or url or sha256}"):
            known = self._catalogue.capture(sha256)
            if known is None:
                number = self._sequence + 1
                return self._keep_new(content, Capture(
                    sha256, len(content), number, timestamp(self._now()), plain_type(media_type),
                    path, url, council, audience or Audience.PUBLIC, number,
                ))
            healed = not self._can_be_read(sha256)
            if healed:
                self._keep_anew(content, known)
            said = replace(known, audience=audience or known.audience, council=council or known.council)
            if said != known:
                self._restate(said)
            return Kept(said, new=False, reclassified=said != known, healed=healed)

    def keep_answer(self, exchange: Exchange, *, council: str | None, audience: Audience | None) -> Kept:
        """Keep what a site answered, with the request; it counts from the next ``commit`` on.

        Bytes that are known are not written again: a revisit record says that they were seen. Raises as ``keep`` does.
        """
        council = plain_text(council)
        sha256 = hashlib.sha256(exchange.content).hexdigest()
        with telling(f"keep {exchange.url}"):
            known = self._catalogue.capture(sha256)
            if known is not None and self._can_be_read(sha256):
                said = replace(known, audience=audience or known.audience, council=council or known.council)
                if said != known:
                    self._restate(said)
                return Kept(self._sight(said, exchange), new=False, reclassified=said != known)
            number = self._sequence + 1
            capture = Capture(
                sha256, len(exchange.content), number, timestamp(exchange.fetched_at), plain_type(exchange.media_type),
                None, plain_text(exchange.url), council, audience or Audience.PUBLIC, number, exchange.truncated,
            )
            if known is not None:
                self._keep_anew(exchange.content, known)
                return Kept(self._sight(known, exchange), new=False, reclassified=False, healed=True)
            with self._step() as warc:
                place, request = warc.answer(capture, exchange)
                self._catalogue.add_member(place, "response", number)
                self._catalogue.add_member(request, "request")
                self._catalogue.add_capture(capture, place)
            self._sequence = number
            return Kept(capture, new=True, reclassified=False)

    def see_again(self, sha256: str, exchange: Exchange) -> Capture | None:
        """Note that a page is as it was captured (the server said so); None where no such capture is held, or can be read."""
        with telling(f"keep {exchange.url}"):
            if not self._can_be_read(sha256):
                return None
        return self._seen(sha256, exchange)

    def note_absence(self, sha256: str, exchange: Exchange) -> Capture | None:
        """Note that a captured page is no longer where it was; None where no such capture is held."""
        return self._seen(sha256, exchange, timestamp(exchange.fetched_at))

    def _seen(self, sha256: str, exchange: Exchange, gone_at: str | None = None) -> Capture | None:
        with telling(f"keep {exchange.url}"):
            known = self._catalogue.capture(sha256)
            return self._sight(known, exchange, gone_at) if known else None

    def _sight(self, known: Capture, exchange: Exchange, gone_at: str | None = None) -> Capture:
        seen = Sighting(
            known.sha256, self._sequence + 1, None if known.url else plain_text(exchange.url), not exchange.truncated, gone_at
        )
        with self._step() as warc:
            place, request = warc.sight(known, seen, exchange)
            self._catalogue.add_member(place, "metadata" if gone_at else "revisit", seen.sequence)
            self._catalogue.add_member(request, "request")
            self._catalogue.sight(seen)
        self._sequence = seen.sequence
        return apply_sighting(known, seen)

    def commit(self) -> None:
        """Make what was kept and noted so far count: on the disk first, then in the catalogue.

        Raises ``CaptureError`` where the disk refuses; nothing then counts that did not before.
        """
        if not self._pending:
            return
        if not self._catalogue.in_transaction:  # undone by SQLite itself, on a disk that is full
            raise CaptureError(
                f"the catalogue in {self._folder} could not be written; free some space, the next run takes in the rest"
            )
        with telling(f"write to {self._folder}"):
            try:
                if self._warc:
                    self._warc.sync()
                write_ledger(self._folder, self._catalogue, words_alone=True)  # before they count
                self._catalogue.commit()
                self._pending = False
            except BaseException:
                self._broken = True
                self._catalogue.undo()
                raise

    def note_reading(self, sha256: str, parser: str, kind: str, meeting_ids: Iterable[str]) -> None:
        """Note what a reading made of a capture, see ``CaptureStore.note_reading``."""
        with telling(f"write to {self._folder}"):
            self._begin()
            with self._catalogue.step():
                self._catalogue.note_reading(sha256, parser, kind, meeting_ids)

    def expect(self, last: int) -> None:
        """Note that numbers up to ``last`` were given out, and give out none of them again."""
        if last > self._sequence:
            with telling(f"write to {self._folder}"):
                self._begin()
                with self._catalogue.step():
                    self._catalogue.expect(last)
            self._sequence = last

    def unsettle(self, sha256: str) -> None:
        """Let a known capture be read again by the next run, if this one does not come to it: something else was learnt of it."""
        with telling(f"write to {self._folder}"):
            self._begin()
            with self._catalogue.step():
                self._catalogue.unsettle(sha256)

    def close(self) -> None:
        """Commit, and seal the catalogue."""
        with telling(f"write to {self._folder}"):
            try:
                self.commit()
                write_ledger(self._folder, self._catalogue)
                if not self._sealed:
                    put_seal(self._folder / CATALOGUE)
            finally:
                self._catalogue.undo()
                if self._warc:
                    self._warc.close()

    def _keep_new(self, content: bytes, capture: Capture) -> Kept:
        with self._step() as warc:
            place = warc.keep(capture, content)
            self._catalogue.add_member(place, "resource", capture.sequence)
            self._catalogue.add_capture(capture, place)
        self._sequence = capture.sequence
        return Kept(capture, new=True, reclassified=False)

    def _keep_anew(self, content: bytes, capture: Capture) -> None:
        """Write known bytes again, whose first record is damaged or gone: as that, what was seen later stands by itself."""
        with self._step() as warc:
            place = warc.keep(replace(capture, sequence=capture.first), content)
            self._catalogue.add_member(place, "resource", capture.first)
            self._catalogue.move_capture(capture.sha256, place)

    def _restate(self, capture: Capture) -> None:
        word = Restatement(capture.sha256, self._sequence + 1, capture.audience, capture.council)
        with self._step() as warc:
            place = warc.restate(capture, word.sequence, self._now())
            self._catalogue.add_member(place, "metadata", word.sequence)
            self._catalogue.restate(word)
        self._sequence = word.sequence

    def _can_be_read(self, sha256: str) -> bool:
        place = self._catalogue.place(sha256)
        return place is not None and is_readable(self._folder / place.file, place)

    @contextlib.contextmanager
    def _step(self) -> Iterator[WarcFile]:
        """A change that is made whole in the file and in the catalogue, or in neither."""
        self._begin()
        if self._warc is None:
            self._warc = WarcFile(self._folder, self._now(), self._sequence + 1)
        warc, start = self._warc, self._warc.size
        try:
            with self._catalogue.step():
                if not start:
                    self._catalogue.add_member(warc.describe(), "warcinfo")
                yield warc
        except BaseException:
            self._broken = True
            warc.cut_back(start)
            raise

    def _begin(self) -> None:
        if self._broken:
            raise CaptureError(f"the run in {self._folder} broke off and keeps nothing more; start another")
        if self._pending:
            return
        if self._sealed:
            self._sealed = False
            take_seal(self._folder / CATALOGUE)
        self._catalogue.begin()
        self._pending = True


@contextlib.contextmanager
def telling(task: str) -> Iterator[None]:
    """Turn what the system or SQLite raises into a line that says what to do."""
    try:
        yield
    except OSError as error:
        raise CaptureError(f"can't {task} ({error}); check the disk's space and permissions, then try again") from error
    except sqlite3.Error as error:
        advice = "delete the catalogue, it is made anew" if is_damage(error) else "check the disk, then try again"
        raise CaptureError(f"can't {task} ({error}); {advice}") from error
