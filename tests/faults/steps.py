"""Steps: every point at which this process hands something to the disk, in order, and who is told before and after.

Files, names and SQLite's statements below one folder are looked at where Python calls the system: opening, each single
write, truncating, fsync, rename, removal, making folders, and every statement of a database. What SQLite does in between is
written in C and has no points here; its own tests cover that (https://sqlite.org/testing.html), and ``power_loss`` says what
it takes of it for granted. Processes started from this one have no points either.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from urllib.request import url2pathname

_NAMES = ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "link")
_SAID = {
    errno.ENOSPC: ("database or disk is full", sqlite3.SQLITE_FULL),
    errno.EMFILE: ("unable to open database file", sqlite3.SQLITE_CANTOPEN),
}


@dataclass(frozen=True)
class Step:
    """``call`` is what is about to be done, or is done; to what; by which statement, of a database.

    ``do_half`` writes the first half of what is to be written: a kill or a full disk may come inside a write.
    """

    call: str
    path: Path
    statement: str = ""
    do_half: Callable[[], object] = lambda: None

    @property
    def changes(self) -> bool:
        """Whether it changes anything on the disk."""
        return self.call not in {"read", "select"}


Told = Callable[[Step], None]


def _nothing(step: Step) -> None:
    """Nobody wants to know."""


@contextlib.contextmanager
def stepping(root: Path, before: Told, after: Told = _nothing) -> Iterator[None]:
    """While the block lasts, ``before`` and ``after`` are told of every step below ``root``; what they raise is as if it failed.

    Temporary files go below ``root``, too.
    """
    root = root.resolve()
    (root / "tmp").mkdir(parents=True, exist_ok=True)
    points = _Points(root, before, after)
    with contextlib.ExitStack() as patches:
        def patch(owner: Any, name: str, value: object) -> None:
            patches.enter_context(mock.patch.object(owner, name, value))

        patch(tempfile, "tempdir", str(root / "tmp"))
        patch(io, "open", points.open)
        patch(builtins, "open", points.open)
        patch(os, "open", points.os_open)
        patch(os, "fsync", points.fsync)
        for name in _NAMES:
            patch(os, name, points.on_names(name, getattr(os, name)))
        if hasattr(os, "sync"):
            patch(os, "sync", points.sync)
        patch(sqlite3, "connect", points.connect)
        yield


class _Points:
    """The calls of the system, with the steps before and after them."""

    def __init__(self, root: Path, before: Told, after: Told) -> None:
        self._root, self._before, self._after = root, before, after
        self._open, self._os_open, self._fsync, self._connect = io.open, os.open, os.fsync, sqlite3.connect
        self._sync = getattr(os, "sync", lambda: None)
        self._telling = False
        self.paths: dict[int, Path] = {}

    @contextlib.contextmanager
    def step(
        self, call: str, path: Path | None, statement: str = "", half: Callable[[], object] = lambda: None
    ) -> Iterator[None]:
        """A step, if it is below the root."""
        if self._telling or path is None or not path.is_relative_to(self._root):
            yield
            return
        step = Step(call, path, statement, half)
        self._tell(self._before, step)
        yield
        self._tell(self._after, step)

    def _tell(self, told: Told, step: Step) -> None:
        """Whoever is told may use the disk: that is no step."""
        self._telling = True
        try:
            told(step)
        finally:
            self._telling = False

    def path_of(self, name: Any, folder: int | None = None) -> Path | None:
        """What a call names, as an absolute path; None where nobody knows."""
        if isinstance(name, int):
            return self.paths.get(name)
        above = Path.cwd() if folder is None else self.paths.get(folder)
        return above / os.fsdecode(name) if above is not None else None

    def open(self, file: Any, mode: str = "r", buffering: int = -1, *more: Any, **options: Any) -> Any:
        """``open``: what is written through a file of ours has a step for each write."""
        path = self.path_of(file)
        if isinstance(file, int) or path is None or not path.is_relative_to(self._root):
            return self._open(file, mode, buffering, *more, **options)
        if not set(mode) & set("wxa+"):
            with self.step("read", path):
                return self._open(file, mode, buffering, *more, **options)
        with self.step("open", path):
            raw = _File(os.fspath(file), mode.replace("b", "").replace("t", ""), opener=options.pop("opener", None))
        raw.points, raw.path = self, path
        self.paths[raw.fileno()] = path
        if buffering == 0:
            return raw
        stream = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return stream if "b" in mode else io.TextIOWrapper(stream, *more, **options)

    def os_open(self, path: Any, flags: int, *more: Any, **options: Any) -> int:
        """``os.open``: of folders, and of temporary files."""
        target = self.path_of(path, options.get("dir_fd"))
        with self.step("open" if flags & (os.O_WRONLY | os.O_RDWR) else "read", target):
            handle = self._os_open(path, flags, *more, **options)
        if target is not None:
            self.paths[handle] = target
        return handle

    def fsync(self, handle: Any) -> None:
        """``os.fsync``."""
        number = handle if isinstance(handle, int) else handle.fileno()
        with self.step("fsync", self.paths.get(number)):
            self._fsync(number)

    def sync(self) -> None:
        """``os.sync``, of which all below the root matters."""
        with self.step("sync", self._root):
            self._sync()

    def on_names(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """A call that makes, moves or removes names."""
        moves = name in {"replace", "rename", "link"}

        def stepped(*arguments: Any, **options: Any) -> Any:
            folder = options.get("dst_dir_fd") if moves else options.get("dir_fd")
            with self.step(name, self.path_of(arguments[1 if moves else 0], folder)):
                return call(*arguments, **options)

        return stepped

    def connect(self, database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        """``sqlite3.connect``: every statement is a step, where the database is a file of ours."""
        name = str(database)
        if name.startswith("file:"):
            name = url2pathname(urlsplit(name).path)
        path = Path(name) if name else None
        with self.step("connect", path):
            connection: _Database = self._connect(database, *arguments, **{**options, "factory": _Database})
        connection.points, connection.path = self, path
        return connection


class _File(io.FileIO):
    """A file that is written to, unbuffered: buffers of ours stand above it."""

    points: _Points
    path: Path

    def write(self, content: Any) -> int:
        """Write."""
        half = bytes(content)[: len(content) // 2]
        with self.points.step("write", self.path, half=lambda: super(_File, self).write(half)):
            return super().write(content)

    def truncate(self, size: int | None = None) -> int:
        """Cut."""
        with self.points.step("truncate", self.path):
            return super().truncate(size)


class _Database(sqlite3.Connection):
    """A database, every statement of which is a step. What it is refused comes as SQLite says it."""

    points: _Points
    path: Path | None = None

    def _do(self, call: Callable[[], Any], statement: str) -> Any:
        if self.path is None:
            return call()
        asks = statement.lstrip().upper().startswith("SELECT")
        try:
            with self.points.step("select" if asks else "statement", self.path, statement.partition("(")[0].strip()):
                return call()
        except OSError as error:
            raise _as_sqlite_says(error) from error

    def execute(self, statement: str, *more: Any) -> sqlite3.Cursor:
        """One statement."""
        return self._do(lambda: super(_Database, self).execute(statement, *more), statement)  # type: ignore[no-any-return]

    def executemany(self, statement: str, *more: Any) -> sqlite3.Cursor:
        """One statement, again and again."""
        return self._do(lambda: super(_Database, self).executemany(statement, *more), statement)  # type: ignore[no-any-return]

    def executescript(self, script: str) -> sqlite3.Cursor:
        """Several statements."""
        return self._do(lambda: super(_Database, self).executescript(script), "script")  # type: ignore[no-any-return]


def _as_sqlite_says(error: OSError) -> sqlite3.Error:
    """What SQLite makes of the system's answer (https://sqlite.org/rescode.html)."""
    text, code = _SAID.get(error.errno or 0, ("disk I/O error", sqlite3.SQLITE_IOERR))
    said = sqlite3.OperationalError(text)
    said.sqlite_errorcode = code
    return said
