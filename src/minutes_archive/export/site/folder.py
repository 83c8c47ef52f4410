"""The site's folder: built anew beside the old one, and put in its place only when whole.

    .site.new     what is being built
    .site.old     the one before, between the two renames
    .site.lock    an empty file: one export into this folder at a time

A part of the site (a meeting's pages, a list, a year's search) is made of something; where that has the same digest as the
last time, and its files still have the bytes that were written, they are taken over instead of being made again. Whatever
no part names is gone. After a crash between the renames the next export, or ``recover``, puts the old site back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minutes_archive.durable import move, sync_tree
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.workspace import lock_on

MANIFEST = "site-manifest.json"
# What a folder that is not reproducible to the byte lists its own files in; the manifest knows it by its input alone.
CONTENTS = "contents.json"
_FORMAT = "minutes-archive/site/1"


@dataclass(frozen=True)
class Part:
    """A part of the site: ``make`` gives its files (path below the site, content), when its ``digest`` is a new one.

    ``fill`` instead fills a whole folder of its own, named ``name``, whose bytes may differ from one time to the next.
    """

    name: str
    digest: str
    make: Callable[[], Iterable[tuple[str, bytes]]] | None = None
    fill: Callable[[Path], None] | None = None


@dataclass
class Done:
    """How many files were written, and how many taken over as they were."""

    written: int = 0
    kept: int = 0


class SiteFolder:
    """A site being built for ``target``; see ``building``."""

    def __init__(self, target: Path, new: Path) -> None:
        self._target, self._new = target, new
        self._old = read_manifest(target) or {}
        self._parts: dict[str, Any] = {}
        self._taken: set[str] = set()
        self.done = Done()

    def is_current(self, part: Part) -> bool:
        """Whether the part would be taken over. (Its files are looked at when it is ``put``.)"""
        known = self._old.get(part.name)
        return known is not None and known["digest"] == part.digest

    def put(self, part: Part) -> None:
        """Take the part over from the old site, or make it. Raises ``MinutesArchiveError`` where two pages claim one place."""
        if part.name in self._parts:
            raise MinutesArchiveError(f"the site has two parts {part.name!r}: this is a defect of minutes-archive")
        entry: dict[str, Any] = {"digest": part.digest}
        if part.fill is not None:
            self._claim(part.name + "/")
            if not (self.is_current(part) and self._take_folder(part.name)):
                self._fill(part)
        elif part.make is not None:
            files = self._old[part.name]["files"] if self.is_current(part) else {}
            if not (files and self._take(files)):
                files = dict(self._write(path, content) for path, content in part.make())
            entry["files"] = files
            for path in files:
                self._claim(path)
        self._parts[part.name] = entry

    def read(self, path: str) -> bytes:
        """A file of the new site."""
        return (self._new / path).read_bytes()

    def finish(self) -> None:
        """Write the manifest: the new site is whole."""
        told = {"format": _FORMAT, "parts": dict(sorted(self._parts.items()))}
        content = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
        (self._new / MANIFEST).write_bytes(content.replace(b'},"', b'},\n"') + b"\n")

    def _claim(self, path: str) -> None:
        # Some file systems take A.html and a.html for one.
        if path.lower() in self._taken:
            raise MinutesArchiveError(f"two pages of the site would stand at {path}: this is a defect of minutes-archive")
        self._taken.add(path.lower())

    def _write(self, path: str, content: bytes) -> tuple[str, str]:
        file = self._new / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # "x": where two parts name one file, neither overwrites the other in silence.
        with file.open("xb") as stream:
            stream.write(content)
        self.done.written += 1
        return path, hashlib.sha256(content).hexdigest()

    def _take(self, files: dict[str, str]) -> bool:
        """Take files over where all of them are as they were written; what was taken is dropped again where one is not."""
        for path, digest in files.items():
            if _digest(self._target / path) != digest:
                return False
        for path in files:
            self._link(path)
        return True

    def _take_folder(self, name: str) -> bool:
        try:
            listed = json.loads((self._target / name / CONTENTS).read_bytes())
            files = {f"{name}/{path}": str(digest) for path, digest in listed.items()}
        except (OSError, ValueError, AttributeError):
            return False
        if not files or any(_digest(self._target / path) != digest for path, digest in files.items()):
            return False
        for path in (*files, f"{name}/{CONTENTS}"):
            self._link(path)
        return True

    def _fill(self, part: Part) -> None:
        folder = self._new / part.name
        folder.mkdir(parents=True)
        assert part.fill is not None
        part.fill(folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        listed = {path.relative_to(folder).as_posix(): _digest(path) for path in files}
        (folder / CONTENTS).write_text(json.dumps(listed, indent=0), "utf-8")
        self.done.written += len(files)

    def _link(self, path: str) -> None:
        """The same file under the new folder: a second name for it where the file system can, else a copy."""
        source, target = self._target / path, self._new / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
        self.done.kept += 1


@contextlib.contextmanager
def building(target: Path) -> Iterator[SiteFolder]:
    """A new site for ``target``; when the block ends it takes the old one's place, after an error the old one stands.

    The folder above must be there. Raises ``MinutesArchiveError`` where ``target`` holds anything but a site made here.
    """
    check_place(target)
    lock = target.with_name(f".{target.name}.lock")
    with lock_on(lock, f"another `minutes` is making a site in {target}; try again when it has ended"):
        recover(target)
        check_place(target)
        new = target.with_name(f".{target.name}.new")
        _remove(new)
        new.mkdir()
        try:
            folder = SiteFolder(target, new)
            yield folder
            folder.finish()
            sync_tree(new)
            _put_in_place(new, target)
        except BaseException:
            _remove(new)
            raise


def recover(target: Path) -> None:
    """Put the old site back where a crash struck between the two renames; drop what was left of it after them."""
    old = _aside(target)
    if not old.is_dir() or read_manifest(old) is None:
        return
    if target.exists():
        _remove(old)
    else:
        move(old, target)


def check_place(target: Path) -> None:
    """Raises ``MinutesArchiveError`` unless ``target`` is free, an empty folder, or a site made here."""
    if not target.exists():
        return
    if target.is_symlink() or not target.is_dir():
        raise MinutesArchiveError(f"{target} is no folder; name another place for the site")
    if any(target.iterdir()) and read_manifest(target) is None:
        raise MinutesArchiveError(
            f"{target} holds something else than a site made by minutes-archive, which would be lost; name another folder")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The parts of the site in ``folder``; None where it holds none, or one that can't be read."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        parts: dict[str, Any] = told["parts"]
        return parts if told["format"] == _FORMAT and all("digest" in part for part in parts.values()) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _put_in_place(new: Path, target: Path) -> None:
    old = _aside(target)
    if target.exists():
        if any(target.iterdir()):
            _remove(old)  # what could not be removed the last time
            move(target, old)
        else:
            target.rmdir()
    move(new, target)
    _remove(old)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
