"""Catalogue: where each capture stands, and what the last reading made of it. One SQLite file.

It only stores and finds; when it is made, trusted or made anew is told by ``recovery``. Its tables are
in ``tables.sql``. A value of this class belongs to one thread.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from minutes_archive.access import understood
from minutes_archive.capture.fields import Restatement, Sighting
from minutes_archive.capture.members import Place
from minutes_archive.model import Capture

CATALOGUE = "catalogue.sqlite"
VERSION = 2
_WAIT = 30.0  # seconds for another process to end its commit
_PAGE = 500
# Where a capture stands whose bytes are lost; and the name under which numbers are noted that no file holds any more.
_NOWHERE = ""
_CAPTURE = "sha256, size, sequence, captured_at, media_type, path, url, council, audience, first, truncated, withdrawn_at"


@dataclass(frozen=True)
class Choice:
    """Which captures to list: a condition in SQL, and its values."""

    condition: str
    values: tuple[str, ...] = ()


ALL = Choice("1")
UNREAD = Choice("sha256 NOT IN (SELECT sha256 FROM readings WHERE parser <> '')")
UNPLACED = Choice("sha256 IN (SELECT sha256 FROM readings WHERE kind = 'fragment+waiting' OR (kind = 'fragment'"
                  " AND sha256 NOT IN (SELECT sha256 FROM placements)))")


def given_up(by: str) -> Choice:
    """The captures that the version ``by`` could not read."""
    return Choice("sha256 IN (SELECT sha256 FROM readings WHERE kind = 'unread' AND parser = ?)", (by,))


def given_up_before(version: str) -> Choice:
    """The captures that some other version than ``version`` could not read."""
    return Choice("sha256 IN (SELECT sha256 FROM readings WHERE kind = 'unread' AND parser <> ?)", (version,))


def of_meeting(meeting_id: str) -> Choice:
    """The captures that tell of a meeting."""
    return Choice("sha256 IN (SELECT sha256 FROM placements WHERE meeting_id = ?)", (meeting_id,))


class Catalogue:
    """The open catalogue at ``path``. Raises ``sqlite3.Error`` as SQLite gives it."""

    def __init__(self, path: Path) -> None:
        # "rw": never make a file by opening it; where it can't be written, SQLite opens it to be read.
        uri = f"{path.absolute().as_uri()}?mode=rw"
        self._db = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)
        try:
            # EXTRA: the end of a transaction survives a power cut too, by an fsync of the folder.
            self._db.execute("PRAGMA synchronous = EXTRA")
        except BaseException:
            self._db.close()
            raise

    @classmethod
    def create(cls, path: Path) -> Catalogue:
        """A new catalogue without captures at ``path``, where no file may stand."""
        path.open("xb").close()
        catalogue = cls(path)
        try:
            catalogue._db.executescript((files(__package__) / "tables.sql").read_text(encoding="utf-8"))
            catalogue._db.execute(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            catalogue.close()
            raise
        return catalogue

    @classmethod
    def copy(cls, path: Path) -> Catalogue:
        """The catalogue at ``path`` as it is now, in a temporary file that goes with it."""
        with contextlib.closing(cls(path)) as original:
            snapshot = cls.__new__(cls)
            snapshot._db = sqlite3.connect("", isolation_level=None)
            try:
                original._db.backup(snapshot._db)
            except BaseException:
                snapshot.close()
                raise
        return snapshot

    def close(self) -> None:
        """Close it; an open transaction is undone."""
        self._db.close()

    # Soundness

    def version(self) -> int:
        """The version of its tables."""
        return int(self._one("PRAGMA user_version"))

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file; nothing for a sound one."""
        told = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check(20)")]
        return [] if told == ["ok"] else told

    # Transactions

    @property
    def in_transaction(self) -> bool:
        """Whether there is something to commit."""
        return self._db.in_transaction

    def begin(self) -> None:
        """Begin a transaction."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the transaction's changes last; on an error they are undone."""
        try:
            self._db.execute("COMMIT")
        except BaseException:
            self.undo()
            raise

    def undo(self) -> None:
        """Undo the open transaction, where there is one."""
        if self._db.in_transaction:
            self._db.rollback()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Changes that last when the block ends, and are undone where it ends by an error."""
        self.begin()
        try:
            yield
        except BaseException:
            self.undo()
            raise
        self.commit()

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """A part of the transaction that is done whole or not at all."""
        self._db.execute("SAVEPOINT step")
        try:
            yield
            self._db.execute("RELEASE step")
        except BaseException:
            self._take_step_back()
            raise

    def _take_step_back(self) -> None:
        if not self._db.in_transaction:
            return  # a full disk makes SQLite undo the whole transaction by itself
        try:
            self._db.execute("ROLLBACK TO step")
            self._db.execute("RELEASE step")
        except sqlite3.Error:
            self.undo()

    # Files and members

    def add_member(self, place: Place, kind: str, sequence: int | None = None) -> None:
        """Note the stretch ``place`` of a file, which now counts up to its end."""
        self._db.execute(
            "INSERT INTO members (file, offset, length, digest, kind, sequence) VALUES (?, ?, ?, ?, ?, ?)",
            (place.file, place.offset, place.length, place.digest, kind, sequence),
        )
        self.add_file(place.file, place.end)

    def add_file(self, name: str, size: int) -> None:
        """Note that the file ``name`` counts up to ``size``."""
        self._db.execute(
            "INSERT INTO files (name, size) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET size = excluded.size",
            (name, size),
        )

    def files(self) -> dict[str, int]:
        """The bytes that count of each file."""
        return dict(self._db.execute("SELECT name, size FROM files ORDER BY name"))

    def members(self, file: str) -> Iterator[tuple[Place, str, int | None]]:
        """Place, kind and sequence of all stretches of ``file``, in order."""
        rows = self._db.execute(
            "SELECT file, offset, length, digest, kind, sequence FROM members WHERE file = ? ORDER BY offset", (file,)
        )
        for *place, kind, sequence in rows:
            yield Place(*place), kind, sequence

    def members_of_kind(self, kind: str) -> Iterator[Place]:
        """The places of all members of ``kind``."""
        for row in self._db.execute("SELECT file, offset, length, digest FROM members WHERE kind = ?", (kind,)):
            yield Place(*row)

    def last_sequence(self) -> int:
        """The highest sequence number given out; 0 before the first."""
        return int(self._one("SELECT max(coalesce((SELECT max(sequence) FROM members), 0),"
                             " coalesce((SELECT max(sequence) FROM captures), 0))"))

    # Captures

    def add_capture(self, capture: Capture, place: Place) -> None:
        """Note a capture; one that is known stays as it is."""
        self._db.execute(
            "INSERT INTO captures (sha256, size, sequence, first, captured_at, media_type, path, url, council, audience,"
            " stated, truncated, file, offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (sha256) DO NOTHING",
            (capture.sha256, capture.size, capture.sequence, capture.sequence, capture.captured_at, capture.media_type,
             capture.path, capture.url, capture.council, capture.audience.value, capture.sequence, capture.truncated,
             place.file, place.offset),
        )

    def move_capture(self, sha256: str, place: Place) -> None:
        """Note that the capture is now to be read at ``place``."""
        self._db.execute(
            "UPDATE captures SET file = ?, offset = ? WHERE sha256 = ?", (place.file, place.offset, sha256)
        )

    def restate(self, word: Restatement) -> None:
        """Classify a capture anew, unless a later word on it is known. Its record is to be made anew, too."""
        self._db.execute(
            "UPDATE captures SET audience = ?, council = ?, stated = ? WHERE sha256 = ? AND stated < ?",
            (word.audience.value, word.council, word.sequence, word.sha256, word.sequence),
        )
        self.unsettle(word.sha256)

    def sight(self, seen: Sighting) -> None:
        """Note that a capture's page was seen again, or is gone, unless a later word on it is known."""
        self._db.execute(
            "UPDATE captures SET sequence = ?, withdrawn_at = ?, url = coalesce(url, ?),"
            " truncated = iif(?, '', truncated) WHERE sha256 = ? AND sequence < ?",
            (seen.sequence, seen.gone_at, seen.url, seen.whole and not seen.gone_at, seen.sha256, seen.sequence),
        )

    def capture(self, sha256: str) -> Capture | None:
        """The capture of the bytes that have this SHA-256."""
        row = self._db.execute(f"SELECT {_CAPTURE} FROM captures WHERE sha256 = ?", (sha256,)).fetchone()
        return _capture(row) if row else None

    def place(self, sha256: str) -> Place | None:
        """Where the capture is to be read."""
        row = self._db.execute(
            "SELECT file, offset, length, digest FROM captures JOIN members USING (file, offset) WHERE sha256 = ?",
            (sha256,),
        ).fetchone()
        return Place(*row) if row else None

    def captures(self, choice: Choice, after: Capture | None = None) -> list[Capture]:
        """The next captures of ``choice`` in the order they came, a page of them; none where ``after`` was the last.

        Those whose bytes are lost are not among them.
        By pages, so that no lock is held between them and the caller may write meanwhile.
        """
        last = (after.sequence, after.sha256) if after else (-1, "")
        rows = self._db.execute(
            f"SELECT {_CAPTURE} FROM captures WHERE (sequence, sha256) > (?, ?) AND file <> ? AND {choice.condition}"
            f" ORDER BY sequence, sha256 LIMIT {_PAGE}",
            (*last, _NOWHERE, *choice.values),
        )
        return [_capture(row) for row in rows]

    def strays(self) -> list[str]:
        """SHA-256 of captures that stand where no resource does: none in a sound catalogue."""
        rows = self._db.execute(
            "SELECT sha256 FROM captures LEFT JOIN members USING (file, offset) WHERE file <> ? AND (kind IS NULL"
            " OR kind NOT IN ('resource', 'response'))", (_NOWHERE,)
        )
        return [str(row[0]) for row in rows]

    # What is lost, and what is kept a second time (see ``ledger``)

    def drop_file(self, name: str) -> None:
        """Forget the members of a file; what its captures are stays known, though not where they are."""
        self._db.execute("DELETE FROM members WHERE file = ?", (name,))
        self._db.execute("DELETE FROM files WHERE name = ?", (name,))
        self._db.execute("UPDATE captures SET file = ?, offset = -1 WHERE file = ?", (_NOWHERE, name))

    def lost(self) -> list[Capture]:
        """The captures whose bytes are lost, in the order they came."""
        rows = self._db.execute(f"SELECT {_CAPTURE} FROM captures WHERE file = ? ORDER BY sequence", (_NOWHERE,))
        return [_capture(row) for row in rows]

    def numbers(self) -> set[int]:
        """Every sequence number that a member has, or that is noted to have none any more."""
        rows = self._db.execute("SELECT sequence FROM members WHERE sequence IS NOT NULL AND kind <> 'last'")
        return {int(row[0]) for row in rows}

    def note(self, number: int, kind: str) -> None:
        """Note a number that no file holds: "lost", or "last" (it is known to have been given out, and its record is looked for);
        earlier versions noted "closed" (what was said was lost, and all made to be for officers)."""
        self._db.execute("INSERT OR REPLACE INTO members VALUES (?, ?, 0, '', ?, ?)", (_NOWHERE, number, kind, number))

    def notes(self) -> list[tuple[int, str]]:
        """The numbers that no file holds, with what is noted of each."""
        return [(place.offset, kind) for place, kind, _ in self.members(_NOWHERE)]

    def expect(self, last: int) -> None:
        """Note that numbers up to ``last`` were given out, where none so high is known: records up to there are missing."""
        if last > self.last_sequence():
            self.note(last, "last")

    def closed(self) -> int:
        """How many captures are for officers because of what was lost, and for nothing said since."""
        return self._one("SELECT count(*) FROM captures WHERE stated IN (SELECT sequence FROM members WHERE kind = 'closed')")

    def remarks(self) -> list[dict[str, Any]]:
        """What the records of a capture do not tell, or only one does: of those classified anew, gone, or lost (with their
        last reading), and those whose last sighting is lost; by SHA-256."""
        rows = self._db.execute(
            f"SELECT {_CAPTURE}, stated, file, (SELECT parser FROM readings WHERE sha256 = captures.sha256) AS parser,"
            " (SELECT kind FROM readings WHERE sha256 = captures.sha256) AS kind FROM captures"
            " WHERE stated <> first OR withdrawn_at IS NOT NULL OR file = :nowhere OR sequence IN"
            " (SELECT sequence FROM members WHERE file = :nowhere) ORDER BY sha256", {"nowhere": _NOWHERE})
        names = [column[0] for column in rows.description]
        return [self._remark(dict(zip(names, row, strict=True))) for row in rows.fetchall()]

    def _remark(self, told: dict[str, Any]) -> dict[str, Any]:
        reading = {"parser": told.pop("parser"), "kind": told.pop("kind")}
        if told.pop("file") != _NOWHERE:  # what can be read is read again
            return {**told, "parser": None, "kind": None, "meetings": []}
        return {**told, **reading, "meetings": list(self.meeting_ids_of(told["sha256"]))}

    def remember(self, remark: Mapping[str, Any]) -> None:
        """Take in a remark: what it says later than what is known; a capture that is not known is one that is lost."""
        names = [*_CAPTURE.split(", "), "stated"]
        if self.capture(remark["sha256"]) is None:
            marks = ", ".join("?" * len(names))
            self._db.execute(f"INSERT INTO captures ({', '.join(names)}, file, offset) VALUES ({marks}, ?, -1)",
                             (*(remark[name] for name in names), _NOWHERE))
            if remark["kind"] is not None:
                self.note_reading(remark["sha256"], remark["parser"], remark["kind"], remark["meetings"])
        self._db.execute("UPDATE captures SET audience = :audience, council = :council, stated = :stated"
                         " WHERE sha256 = :sha256 AND stated < :stated", remark)
        self._db.execute("UPDATE captures SET sequence = :sequence, withdrawn_at = :withdrawn_at, url = :url,"
                         " truncated = :truncated WHERE sha256 = :sha256 AND sequence < :sequence", remark)

    # Readings

    def note_reading(self, sha256: str, parser: str, kind: str, meeting_ids: Iterable[str]) -> None:
        """Note what a reading made of a capture, in the place of what was noted before."""
        self._db.execute("INSERT OR REPLACE INTO readings (sha256, parser, kind) VALUES (?, ?, ?)",
                         (sha256, parser, kind))
        self._db.execute("DELETE FROM placements WHERE sha256 = ?", (sha256,))
        self._db.executemany("INSERT OR IGNORE INTO placements (sha256, meeting_id) VALUES (?, ?)",
                             [(sha256, meeting_id) for meeting_id in meeting_ids])

    def unsettle(self, sha256: str) -> None:
        """Let a capture count as unread until its next reading; what the last one told stays known."""
        self._db.execute("UPDATE readings SET parser = '' WHERE sha256 = ?", (sha256,))

    def is_settled(self, sha256: str) -> bool:
        """Whether a reading was noted of a capture that holds still."""
        return self._db.execute("SELECT 1 FROM readings WHERE sha256 = ? AND parser <> ''", (sha256,)).fetchone() is not None

    def reading_kind(self, sha256: str) -> str | None:
        """The kind of the last reading; None where none was noted."""
        row = self._db.execute("SELECT kind FROM readings WHERE sha256 = ?", (sha256,)).fetchone()
        return str(row[0]) if row else None

    def meeting_ids_of(self, sha256: str) -> tuple[str, ...]:
        """The meetings that a capture tells of."""
        rows = self._db.execute("SELECT meeting_id FROM placements WHERE sha256 = ? ORDER BY meeting_id", (sha256,))
        return tuple(str(row[0]) for row in rows)

    def meeting_ids(self) -> set[str]:
        """Every meeting that any capture tells of, but for those whose bytes are lost."""
        rows = self._db.execute(
            "SELECT DISTINCT meeting_id FROM placements JOIN captures USING (sha256) WHERE file <> ?", (_NOWHERE,)
        )
        return {str(row[0]) for row in rows}

    def _one(self, statement: str) -> int:
        number: int = self._db.execute(statement).fetchone()[0]
        return number


def _capture(row: Sequence[Any]) -> Capture:
    sha256, size, sequence, captured_at, media_type, path, url, council, audience, first, truncated, withdrawn_at = row
    return Capture(sha256, size, sequence, captured_at, media_type, path, url, council, understood(audience), first,
                   truncated, withdrawn_at)
