"""Files and folders: what a person names on the command line, in a stable order."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from minutes_archive.capture.foreign import ForeignRecord, read_foreign
from minutes_archive.errors import CaptureError
from minutes_archive.load.warcs import is_wacz, is_warc, read_zipped
from minutes_archive.load.zips import is_container, read_zip
from minutes_archive.model import Problem

MAX_FILE = 512 * 1024 * 1024
# What systems leave in folders; nobody means them when naming the folder.
_NOISE = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True)
class Loaded:
    """The bytes of one file. ``path`` is its name as kept: inside a folder or zip, from that folder or zip on.

    ``own`` tells that they come from the captures of an archive, ``officer`` that they were for officers there.
    """

    path: str
    content: bytes
    url: str | None = None
    media_type: str | None = None
    own: bool = False
    officer: bool = False

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def load(paths: Iterable[Path], leave_out: Collection[Path] = ()) -> Iterator[Loaded | Problem]:
    """Every file that ``paths`` name or hold, folders in order of name; a problem for each that can't be read.

    Links inside folders are not followed: they may lead out of what the user named, or in a circle. Folders in
    ``leave_out`` (absolute) are passed over: an archive does not load itself.
    """
    for path in paths:
        # A path such as ".." has no name of its own; the folder it leads to has.
        name = path.name or path.resolve().name
        try:
            folder = path.is_dir()
        except OSError as error:  # a folder on the way may not be entered
            yield _unreadable(name, error)
            continue
        yield from _load_folder(path, name, leave_out) if folder else _load_file(path, name)


def _load_folder(folder: Path, name: str, leave_out: Collection[Path]) -> Iterator[Loaded | Problem]:
    if folder.resolve() in leave_out:
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(name, error)
        return
    for entry in entries:
        inner = f"{name}/{entry.name}"
        if entry.name.startswith(".") or entry.name.lower() in _NOISE:
            continue
        if _is_link(entry):
            yield Problem("link", "warning", inner, "is a link: links inside folders are not followed; name its target")
        elif entry.is_dir():
            yield from _load_folder(Path(entry.path), inner, leave_out)
        else:
            yield from _load_file(Path(entry.path), inner)


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Whether an entry leads elsewhere: a symbolic link, or on Windows a junction."""
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return entry.is_symlink() or tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


def _load_file(path: Path, name: str) -> Iterator[Loaded | Problem]:
    try:
        if not path.is_file():
            reason = "is no file or folder" if path.exists() else "does not exist"
            yield Problem("unreadable", "warning", name, f"{reason}; check the name")
            return
        if is_warc(path.name):
            for number, one in enumerate(read_foreign(path, path.name), start=1):
                yield _loaded(one, name, number)
            return
        zipped = is_container(path)
        if zipped:
            for number, (inner, record) in enumerate(read_zipped(path), start=1):
                yield _loaded(record, f"{name}/{inner}".rstrip("/"), number)
            if is_wacz(path):
                return  # all else in it is about these
        if path.stat().st_size > MAX_FILE:
            size = MAX_FILE // 1_048_576
            yield Problem("too_large", "warning", name, f"is larger than {size} MB; load its parts")
            return
        if zipped:
            for inner, loaded in read_zip(path):
                yield loaded if isinstance(loaded, Problem) else Loaded(f"{name}/{inner}", loaded)
            return
        yield Loaded(name, path.read_bytes())
    except OSError as error:
        yield _unreadable(name, error)
    except CaptureError as error:
        yield Problem("unreadable", "warning", name, str(error))


def _loaded(record: ForeignRecord | Problem, name: str, number: int) -> Loaded | Problem:
    """What stands at ``number`` in the WARC file ``name``."""
    if isinstance(record, Problem):
        return replace(record, where=name)
    return Loaded(f"{name}#{number}", record.content, record.url, record.media_type, record.own, record.officer)


def _unreadable(name: str, error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or str(error)
    return Problem("unreadable", "warning", name, f"can't be read: {reason}; check its permissions and load it again")
