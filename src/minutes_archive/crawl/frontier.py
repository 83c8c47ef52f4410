"""Frontier: what is to be asked next, and what became of everything asked. One SQLite file, good after any kill.

A page counts as asked once its bytes are written to the captures; only then is it noted here. What a power cut
took from the captures after that is asked for again (``mend``).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from minutes_archive.crawl.task import RANK, Scope, Task
from minutes_archive.errors import CrawlError, VersionError
from minutes_archive.seal import Verdict, put_seal, read_seal, seal_of, take_seal

_WAIT = 30.0
_VERSION = 1
# Why a page is asked for though it is not due: its meeting has changed.
AGAIN = "its meeting has changed"
_COLUMNS = (
    "id, key, url, kind, body, meeting, day, hint, probe, source, target, state, reason, due, tries, hops, etag,"
    " last_modified, sha256, digest, checked"
)


@dataclass(frozen=True)
class Row:
    """A task with what became of it; see the table ``pages`` for the names."""

    id: int
    task: Task
    source: str
    target: str
    state: str
    reason: str
    due: float
    tries: int
    hops: int
    etag: str
    last_modified: str
    sha256: str
    digest: str
    checked: float


class Frontier:
    """The open frontier at ``path``; made where there is none. ``renew``, for the one that crawls, makes a damaged one anew;
    ``renewed`` tells of that. While it is open so, it has no seal.

    Raises ``CrawlError`` where it can't be used, and ``VersionError`` for one of a newer version.
    """

    def __init__(self, path: Path, *, renew: bool = False) -> None:
        self._path = path
        self._sealing = renew
        self.renewed = False
        with self.telling():
            try:
                self._db = _open(path)
            except sqlite3.DatabaseError as error:
                if not (renew and _is_damage(error)):
                    raise
                self.renewed = True
                for part in parts_of(path):
                    part.unlink(missing_ok=True)
                self._db = _open(path)
            if renew:
                take_seal(path)
                self._db.execute(f"PRAGMA user_version = {_VERSION}")
        self._hosts = {str(row[0]) for row in self._db.execute("SELECT DISTINCT host FROM pages")}

    def close(self) -> None:
        """Close it, and seal it where it was open to be changed and nobody else has it open."""
        sealing = False
        if self._sealing:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA busy_timeout = 0")  # who reads it meanwhile is not waited for
                sealing = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        self._db.close()
        if sealing:
            with contextlib.suppress(OSError):  # without a seal SQLite's own check has to do
                put_seal(self._path)

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """Changes that are made together or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Turn what SQLite raises into a line that says what to do. Raises ``CrawlError``."""
        try:
            yield
        except sqlite3.Error as error:
            advice = "free some space, or mend the permissions, and try again"
            if _is_damage(error):
                advice = "the next crawl looks at everything anew, and no capture is lost; mend it with: minutes check --repair"
            raise CrawlError(f"{self._path} can't be used ({error}); {advice}") from error

    # What to ask

    def add(self, source: str, tasks: Iterable[Task]) -> int:
        """Note what to ask; how many of ``tasks`` are new. Of a known one, what a list says anew makes it due."""
        return sum(self._add(source, task) for task in tasks)

    def _add(self, source: str, task: Task) -> bool:
        known = self._db.execute("SELECT id, hint, day, body, url, state FROM pages WHERE source = ? AND key = ?",
                                 (source, task.key)).fetchone()
        self._hosts.add(host_of(task.url))
        if known is None:
            self._db.execute(
                "INSERT INTO pages (source, key, url, target, host, kind, rank, body, meeting, day, hint, probe,"
                " state, ready, due)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 1, 0)",
                (source, task.key, task.url, task.url, host_of(task.url), task.kind, RANK[task.kind], task.body, task.meeting,
                 task.day, task.hint, task.probe),
            )
            return True
        row, hint, day, body, url, state = known
        if url != task.url and (task.kind == "list" or (task.kind == "document" and _is_renamed(url, task.url))):
            # What the server said of the old address tells nothing of the new one.
            at_once = task.kind == "list" or state in {"gone", "failed"}
            self._db.execute("UPDATE pages SET url = ?, target = ?, host = ?, etag = '', last_modified = '',"
                             " ready = iif(?, 1, ready), due = iif(?, 0, due) WHERE id = ?",
                             (task.url, task.url, host_of(task.url), at_once, at_once, row))
        if (task.hint and hint != task.hint) or (task.day and day != task.day) or (task.body and body != task.body):
            self._db.execute("UPDATE pages SET hint = ?, day = ?, body = ? WHERE id = ?",
                             (task.hint or hint, task.day or day, task.body or body, row))
            if hint and task.hint and hint != task.hint and state != "pending":
                self.ask_again(source, task.meeting)
        return False

    def ask_again(self, source: str, meeting: str, after: int = -1) -> None:
        """Ask for a meeting's pages of a rank above ``after``: something about it has changed. They stay due until then."""
        self._db.execute(
            "UPDATE pages SET ready = iif(ready = 2, 2, 1), due = iif(ready = 2, due, 0), reason = ?"
            " WHERE source = ? AND meeting = ? AND meeting <> '' AND rank > ? AND state <> 'pending'",
            (AGAIN, source, meeting, after))

    def ask_unlisted(self, source: str, body: str, listed: Collection[str], first: str, last: str) -> None:
        """Ask for the meetings of a body between two days that its list does not name any more."""
        known = self._db.execute("SELECT id, meeting FROM pages WHERE source = ? AND body = ? AND kind = 'meeting' AND ready <> 2"
                                 " AND state = 'held' AND day BETWEEN ? AND ?", (source, body, first, last)).fetchall()
        self._db.executemany("UPDATE pages SET ready = 1, due = 0 WHERE id = ?",
                             [(row,) for row, number in known if number not in listed])

    def leave_others(self, sources: Collection[str]) -> None:
        """Ask for nothing but of ``sources``: a run over others that was cut off begins anew the next time."""
        marks = ", ".join("?" * len(sources))
        self._db.execute(f"UPDATE pages SET ready = 0 WHERE ready > 0 AND source NOT IN ({marks})", tuple(sources))
        self._db.execute(f"DELETE FROM runs WHERE source NOT IN ({marks})", tuple(sources))

    def narrow(self, source: str, scope: Scope) -> None:
        """Ask for nothing in this run that ``scope`` does not want, whatever an earlier run was to ask for."""
        wanted, values = _wanted(scope)
        self._db.execute(f"UPDATE pages SET ready = 0 WHERE source = ? AND ready > 0 AND NOT ({wanted})", (source, *values))

    def was_cut_off(self, source: str) -> bool:
        """Whether the last run over a source began and did not end."""
        return self._db.execute("SELECT 1 FROM runs WHERE source = ?", (source,)).fetchone() is not None

    def end(self, source: str) -> None:
        """Note that a run over a source has come to its end."""
        self._db.execute("DELETE FROM runs WHERE source = ?", (source,))

    def begin(self, source: str, now: float) -> None:
        """Begin a run: what is due is to be asked; what robots.txt forbade may be allowed now."""
        self._db.execute(
            "UPDATE pages SET ready = (state IN ('pending', 'disallowed') OR due <= ?), tries = 0, hops = 0, target = url,"
            " state = iif(state = 'disallowed', 'pending', state) WHERE source = ?", (now, source))
        self._db.execute("INSERT OR IGNORE INTO runs (source) VALUES (?)", (source,))
        for row, url in self._db.execute("SELECT id, url FROM pages WHERE source = ? AND ready = 1", (source,)).fetchall():
            self._db.execute("UPDATE pages SET host = ? WHERE id = ?", (host_of(url), row))

    def look_again(self, source: str, kinds: Collection[str], limit: int, scope: Scope) -> int:
        """Let at most ``limit`` pages of ``kinds`` be asked in this run though they are not due, the latest first."""
        marks = ", ".join("?" * len(kinds))
        wanted, values = _wanted(scope)
        return self._db.execute(
            "UPDATE pages SET ready = 3 WHERE id IN (SELECT id FROM pages WHERE source = ? AND ready = 0"
            f" AND kind IN ({marks}) AND state IN ('held', 'gone') AND {wanted} ORDER BY rank > 1, day DESC, rank, id LIMIT ?)",
            (source, *kinds, *values, max(0, limit))).rowcount

    def next(self, host: str, now: float) -> Row | None:
        """The next page to ask of ``host``; None where there is none (yet)."""
        self._db.execute("UPDATE pages SET ready = 1 WHERE ready = 2 AND host = ? AND due <= ?", (host, now))
        for ready in (1, 3):  # what is due first, then what is merely looked at again
            found = self._db.execute(
                f"SELECT {_COLUMNS} FROM pages WHERE host = ? AND ready = ?"
                " ORDER BY (kind NOT IN ('home', 'list')), day DESC, meeting, rank, id LIMIT 1", (host, ready)).fetchone()
            if found:
                return _row(found)
        return None

    def hosts(self) -> dict[str, float]:
        """The hosts with pages to ask in this run, and when the first of them is due (0: now)."""
        found: dict[str, float] = {}
        for host in sorted(self._hosts):  # not by one query over all pages: this is asked before every request
            if self._db.execute("SELECT 1 FROM pages WHERE host = ? AND ready IN (1, 3) LIMIT 1", (host,)).fetchone():
                found[host] = 0.0
                continue
            later = self._db.execute("SELECT min(due) FROM pages WHERE ready = 2 AND host = ?", (host,)).fetchone()[0]
            if later is not None:
                found[host] = float(later)
        return found

    def put_off(self, host: str) -> None:
        """Ask nothing more of ``host`` in this run."""
        self._db.execute("UPDATE pages SET ready = 0 WHERE host = ? AND ready > 0", (host,))

    # What became of it

    def settle(self, row: Row, state: str, now: float, due: float, reason: str = "", **more: str) -> None:
        """Note what became of a page: nothing more of it in this run, and when it is due again."""
        self._update(row.id, state=state, reason=reason, ready=0, due=due, checked=now, tries=0, hops=0, target=row.task.url,
                     host=host_of(row.task.url), **more)

    def retry(self, row: Row, due: float, reason: str) -> None:
        """Ask again later in this run."""
        self._update(row.id, ready=2, due=due, reason=reason, tries=row.tries + 1)

    def redirect(self, row: Row, target: str) -> None:
        """Ask elsewhere for the same."""
        self._hosts.add(host_of(target))
        self._update(row.id, target=target, host=host_of(target), hops=row.hops + 1, ready=1)

    def forget_validators(self, row: Row) -> None:
        """Ask for the whole page the next time, whatever the server said of it."""
        self._update(row.id, etag="", last_modified="", ready=1, due=0.0)

    def _update(self, row: int, **values: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE pages SET {names} WHERE id = ?", (*values.values(), row))

    def mend(self, held: Collection[str]) -> int:
        """Ask again for what is noted as held, but whose bytes a power cut took; how many there are."""
        noted = self._db.execute("SELECT id, sha256 FROM pages WHERE sha256 <> ''").fetchall()
        lost = [(row,) for row, sha256 in noted if sha256 not in held]
        self._db.executemany("UPDATE pages SET state = 'pending', ready = 1, due = 0, sha256 = '', digest = '', etag = '',"
                             " last_modified = '' WHERE id = ?", lost)
        return len(lost)

    # Bodies and hosts

    def name_bodies(self, source: str, bodies: Iterable[tuple[str, str]]) -> None:
        """Note the names of bodies by their ids."""
        self._db.executemany("INSERT OR REPLACE INTO bodies (source, id, title) VALUES (?, ?, ?)",
                             [(source, one, title) for one, title in bodies if title])

    def bodies(self, source: str) -> dict[str, str]:
        """The names of bodies by their ids."""
        return dict(self._db.execute("SELECT id, title FROM bodies WHERE source = ?", (source,)))

    def hold_host(self, host: str, until: float) -> None:
        """Note that a host asked to be left alone."""
        self._db.execute("INSERT OR REPLACE INTO hosts (host, not_before) VALUES (?, ?)", (host, until))

    def held_until(self, host: str) -> float:
        """Until when a host asked to be left alone; 0 where it did not."""
        found = self._db.execute("SELECT not_before FROM hosts WHERE host = ?", (host,)).fetchone()
        return float(found[0]) if found else 0.0

    def note(self, source: str, name: str, said: str) -> None:
        """Note something of a source for the next run."""
        self._db.execute("INSERT OR REPLACE INTO notes (source, name, said) VALUES (?, ?, ?)", (source, name, said))

    def noted(self, source: str, name: str) -> str | None:
        """What was last noted of a source; None where nothing was."""
        found = self._db.execute("SELECT said FROM notes WHERE source = ? AND name = ?", (source, name)).fetchone()
        return str(found[0]) if found else None

    # What is known

    def state(self, source: str, key: str) -> str | None:
        """The state of a page; None where it is not known."""
        found = self._db.execute("SELECT state FROM pages WHERE source = ? AND key = ?", (source, key)).fetchone()
        return str(found[0]) if found else None

    def rows(self, source: str, *states: str) -> Iterator[Row]:
        """The pages of a source in these states (none: in any), in the order they were found."""
        marks = f" AND state IN ({', '.join('?' * len(states))})" if states else ""
        for found in self._db.execute(f"SELECT {_COLUMNS} FROM pages WHERE source = ?{marks} ORDER BY id", (source, *states)):
            yield _row(found)

    def counts(self, source: str) -> dict[str, int]:
        """How many pages are in which state; probes that came to nothing are not counted."""
        return dict(self._db.execute("SELECT state, count(*) FROM pages WHERE source = ? GROUP BY state", (source,)))

    def sources(self) -> list[str]:
        """The sources that it knows, by name."""
        return [str(row[0]) for row in self._db.execute("SELECT DISTINCT source FROM pages ORDER BY source")]

    def sources_at(self, host: str) -> list[str]:
        """The sources with pages at ``host``, those with something to ask of it first."""
        found = self._db.execute(
            "SELECT source FROM pages WHERE host = ? GROUP BY source ORDER BY max(ready > 0) DESC, source", (host,))
        return [str(row[0]) for row in found]

    def waiting(self, source: str | None = None) -> int:
        """How many pages are still to be asked in this run, of one source or of all."""
        counted = self._db.execute("SELECT count(*) FROM pages WHERE ready > 0 AND coalesce(source = ?, 1)", (source,))
        return int(counted.fetchone()[0])


def frontier_fault(path: Path) -> str | None:
    """What is wrong with the frontier at ``path``; None for a sound one, or none. Raises ``CrawlError`` and ``VersionError``."""
    if not path.exists():
        return None
    try:
        _open(path).close()
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise CrawlError(f"{path} can't be read ({error}); check the disk and its permissions") from error
        return str(error)
    return None


def parts_of(path: Path) -> tuple[Path, ...]:
    """The frontier at ``path`` and what stands beside it; not all of them need be there."""
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")), seal_of(path))


def host_of(url: str) -> str:
    """Scheme, host and port of an address: what robots.txt and the pace are kept for."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def _is_renamed(old: str, new: str) -> bool:
    """Whether two addresses of one thing differ in the file's name alone: its title was edited."""
    before, after = (url.partition("?")[0].rpartition("/") for url in (old, new))
    return before[0] == after[0] and before[2] != after[2]


def _wanted(scope: Scope) -> tuple[str, tuple[str, ...]]:
    """What ``Scope.holds`` and ``Scope.wants`` say, as a condition in SQL and its values."""
    condition, values = "(day = '' OR day BETWEEN ? AND ?)", (*scope.period, *scope.committees)
    if scope.committees:
        condition += f" AND (body = '' OR body IN ({', '.join('?' * len(scope.committees))}))"
    return condition, values


def _open(path: Path) -> sqlite3.Connection:
    if read_seal(path) is Verdict.BROKEN:
        raise _DamagedError("the file is not as the last crawl left it")
    db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
            raise VersionError(f"{path}", "; a crawl without it looks at everything anew")
        # WAL: a step is whole or absent after a kill, without waiting for the disk; after a power cut, see ``mend``.
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript((files(__package__) / "frontier.sql").read_text(encoding="utf-8"))
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _DamagedError("the file is damaged")
    except BaseException:
        db.close()
        raise
    return db


class _DamagedError(sqlite3.DatabaseError):
    """What SQLite's own check finds."""


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, _DamagedError) or code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _row(found: tuple[Any, ...]) -> Row:
    number, key, url, kind, body, meeting, day, hint, probe, *rest = found
    return Row(number, Task(key, url, kind, body, meeting, day, hint, bool(probe)), *rest)
