"""Workspace: where an archive keeps its things, and the lock that lets one writer in at a time.

The lock is SQLite's own on a file that never holds anything: it works across processes, on Windows
too, and the system drops it when its holder dies, so no stale lock ever has to be broken.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from minutes_archive.durable import make_folder
from minutes_archive.errors import WorkspaceError

# Who holds which lock in this process: (process, thread, lock file). The process is part of it, since
# a forked child inherits this set but not the lock.
_HOLDERS: set[tuple[int, int, str]] = set()
# Seconds that SQLite waits in one go: while it does, Python does not hear of Ctrl-C.
_SLICE = 1.0


@dataclass(frozen=True)
class Workspace:
    """The folder of one archive: ``corpus/`` (captures and records) and ``index/`` below ``root``."""

    root: Path

    @classmethod
    def open(cls, root: Path, *, writing: bool = False) -> Workspace:
        """The workspace in ``root``; a missing folder is made where the caller is ``writing``.

        Raises ``WorkspaceError`` where ``root`` is no folder or can't be made.
        """
        try:
            if writing and not root.exists():
                make_folder(root)
            if root.is_dir():
                return cls(root.resolve())
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            raise WorkspaceError(f"can't use {root} as an archive ({error}); name another folder") from error
        state = "is a file, not a folder" if root.exists() else "does not exist"
        raise WorkspaceError(f"{root} {state}; name the archive's folder with --archive")

    @classmethod
    def of_archive(cls, root: Path) -> Workspace:
        """The workspace in ``root`` where it holds an archive. Raises ``WorkspaceError`` where it does not."""
        workspace = cls.open(root)
        if not workspace.corpus.is_dir():
            raise WorkspaceError(f"{root} holds no archive; name one with --archive, or fill this one with `minutes add`")
        return workspace

    @property
    def corpus(self) -> Path:
        """What has to be kept: captures and records."""
        return self.root / "corpus"

    @property
    def captures(self) -> Path:
        """The captured bytes, see ``minutes_archive.capture``."""
        return self.corpus / "captures"

    @property
    def meetings(self) -> Path:
        """The records."""
        return self.corpus / "meetings"

    @property
    def set_aside(self) -> Path:
        """What is damaged and was put away, with what it was, see ``minutes_archive.repairing``."""
        return self.corpus / "set-aside"

    @property
    def topics(self) -> Path:
        """The user's own topics, beside the built-in ones; the file need not be there."""
        return self.root / "topics.toml"

    @property
    def themes(self) -> Path:
        """The themes that the user traces again and again; the file need not be there."""
        return self.root / "themes.toml"

    @property
    def watches(self) -> Path:
        """The saved searches and what they have told, one folder an audience."""
        return self.root / "watches"

    @property
    def settings(self) -> Path:
        """What the user sets for this archive; the file need not be there."""
        return self.root / "settings.toml"

    @property
    def cache(self) -> Path:
        """What took long to make and can be made again."""
        return self.root / "cache"

    @property
    def sources(self) -> Path:
        """The councils that are crawled; the file need not be there."""
        return self.root / "sources.toml"

    @property
    def frontier(self) -> Path:
        """What was asked of them and what became of it; see ``minutes_archive.crawl``."""
        return self.corpus / "crawl" / "frontier.sqlite"

    @property
    def index(self) -> Path:
        """The indexes, one an audience; can be made anew from the records."""
        return self.root / "index"

    @contextlib.contextmanager
    def writer_lock(self, timeout: float = 30.0) -> Iterator[None]:
        """Hold the archive's only writer's place, waiting up to ``timeout`` seconds for it.

        The same thread may enter again: the inner entry changes nothing. Raises ``WorkspaceError``
        where another writer keeps the place, or the folder can't be written.
        """
        holder = (os.getpid(), threading.get_ident(), str(self._lock_file.resolve()))
        if holder in _HOLDERS:
            yield
            return
        with contextlib.closing(self._wait_for_lock(timeout)):
            _HOLDERS.add(holder)
            try:
                yield
            finally:
                _HOLDERS.discard(holder)

    def is_being_written(self) -> bool:
        """Whether another thread or process holds the writer's place at this moment."""
        holder = (os.getpid(), threading.get_ident(), str(self._lock_file.resolve()))
        return holder not in _HOLDERS and _is_kept(self._lock_file)

    def is_awaited(self) -> bool:
        """Whether another thread or process waits for the writer's place at this moment."""
        return _is_kept(self._queue_file)

    @contextlib.contextmanager
    def crawl_lock(self) -> Iterator[None]:
        """Be the archive's only crawl, which gives up the writer's place now and then. Raises ``WorkspaceError``."""
        file = self.frontier.with_name(".lock.sqlite")
        try:
            make_folder(file.parent)
        except OSError as error:
            raise self._refusal(file, error) from error
        with lock_on(file, f"another crawl into {self.root} is running; wait for its end, or stop it with Ctrl-C"):
            yield

    @property
    def _queue_file(self) -> Path:
        """Locked by who waits for the writer's place: a crawl sees so that it is to let somebody in."""
        return self.corpus / ".queue.sqlite"

    @property
    def _lock_file(self) -> Path:
        # Nobody may open this file but through SQLite: on POSIX, closing any handle to it in the
        # process that holds the lock would drop the lock.
        return self.corpus / ".lock.sqlite"

    def _wait_for_lock(self, timeout: float) -> sqlite3.Connection:
        """The lock; who waits for it has its turn before who has just let go of it."""
        # Only one waits for the lock itself, all others for the place in front of it: SQLite lets waiting ones look now and
        # then, and who asks without a pause would always be quicker.
        with contextlib.closing(self._take(self._queue_file, timeout)):
            return self._take(self._lock_file, timeout)

    def _take(self, file: Path, timeout: float) -> sqlite3.Connection:
        try:
            make_folder(self.corpus)
            return _lock(file, timeout)
        except (OSError, sqlite3.Error) as error:
            raise self._refusal(file, error) from error

    def _refusal(self, file: Path, error: Exception) -> WorkspaceError:
        if isinstance(error, sqlite3.Error):
            if _is_busy(error):
                return WorkspaceError(f"another `minutes` is writing to {self.root}; try again when it has ended")
            if _code(error) == sqlite3.SQLITE_NOTADB:
                return WorkspaceError(f"{file} is not this archive's lock file; delete it and try again")
        return WorkspaceError(f"can't write in {self.corpus} ({error}); check permissions and space on the disk")


@contextlib.contextmanager
def lock_on(file: Path, said: str) -> Iterator[None]:
    """Hold a lock of its own on ``file``, an empty file made for that.

    Raises ``WorkspaceError``, with ``said`` where another holds it.
    """
    try:
        connection = _lock(file, 0.0)
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and _is_busy(error):
            raise WorkspaceError(said) from error
        advice = "check permissions and space on the disk, or delete it if it is there and holds anything"
        raise WorkspaceError(f"can't lock {file} ({error}); {advice}") from error
    with contextlib.closing(connection):
        yield


def _lock(file: Path, timeout: float) -> sqlite3.Connection:
    """A connection that holds ``file``. Raises ``OSError`` and ``sqlite3.Error``, busy where another keeps it too long."""
    connection = sqlite3.connect(file, timeout=min(timeout, _SLICE), isolation_level=None)
    left = int(timeout // _SLICE)
    try:
        while not connection.in_transaction:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                left -= 1
                if left < 0 or not _is_busy(error):
                    raise
    except BaseException:
        connection.close()
        raise
    return connection


def _is_kept(file: Path) -> bool:
    """Whether another connection holds ``file``; a file that can't be asked is held by nobody."""
    if not file.exists():
        return False
    try:
        _lock(file, 0.0).close()
    except (OSError, sqlite3.Error) as error:
        return isinstance(error, sqlite3.Error) and _is_busy(error)
    return False


def _is_busy(error: sqlite3.Error) -> bool:
    return _code(error) == sqlite3.SQLITE_BUSY


def _code(error: sqlite3.Error) -> int:
    # Errors that Python raises by itself carry no code.
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF
