"""Writing: a new generation from meetings, made durable and then current."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from minutes_archive.access import Audience
from minutes_archive.durable import make_folder, sync_folder
from minutes_archive.errors import IndexDamagedError
from minutes_archive.model import Meeting
from minutes_archive.search.engine import FACETS, Update
from minutes_archive.search.entry import Entry, digest, entries
from minutes_archive.search.whoosh.manifest import NAME as MANIFEST
from minutes_archive.search.whoosh.manifest import (
    SCHEMA,
    Manifest,
    damaged,
    generations,
    next_generation,
    read_manifest,
    seal_files,
    write_manifest,
)
from minutes_archive.search.whoosh.schema import NAME, Codec, engine_version, schema
from minutes_archive.search.whoosh.sealed import BrokenSealError, SealedStorage


def current_manifest(folder: Path, audience: Audience) -> Manifest:
    """The manifest of a usable index. Raises ``IndexDamagedError`` for one of other libraries or another audience."""
    manifest = read_manifest(folder)
    if manifest.audience != audience.value:
        raise damaged(folder, "it is another audience's")
    if manifest.engine != engine_version():
        raise damaged(folder, f"it was written by {manifest.engine}, this is {engine_version()}")
    return manifest


def update_index(folder: Path, audience: Audience, meetings: Iterable[Meeting], rebuild: bool) -> Update:
    """Make the index in ``folder`` hold exactly ``meetings``.

    Only what changed is written, on a copy of the current generation; all of it where there is no sound
    one. The caller holds the archive's writer lock. Where two meetings share an id, the first counts.
    """
    make_folder(folder)
    before = None if rebuild else _sound_manifest(folder, audience)
    # What readers see now stays until the new generation is current, also where all of it is made anew.
    current = _current_name(folder)
    _remove_all_but(folder, current)
    draft = _Draft(folder, before, current)
    try:
        for meeting in meetings:
            draft.put(meeting)
        return draft.finish(audience)
    except BaseException:
        draft.abandon()
        raise


def _current_name(folder: Path) -> str | None:
    """The generation that the manifest names, sound or not; None without a manifest."""
    try:
        return read_manifest(folder).generation
    except IndexDamagedError:
        return None


def _sound_manifest(folder: Path, audience: Audience) -> Manifest | None:
    """The current manifest, if every byte under it is what it says."""
    try:
        manifest = current_manifest(folder, audience)
        SealedStorage(folder / manifest.generation, manifest.files).close()
    except (IndexDamagedError, BrokenSealError):
        return None
    return manifest


def _remove_all_but(folder: Path, kept: str | None) -> None:
    """Remove other generations and what killed runs left, as far as the system lets us: on Windows a reader may hold one."""
    for path in generations(folder):
        if path.name != kept:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f".{MANIFEST}.*.tmp"):
        with suppress(OSError):
            path.unlink()


class _Draft:
    """A generation in the making. Its folder is begun with the first change."""

    def __init__(self, folder: Path, before: Manifest | None, current: str | None) -> None:
        self._folder = folder
        self._before = before
        self._known: Mapping[str, str] = before.meetings if before else {}
        self._now: dict[str, str] = {}
        self._name = next_generation(folder, current)
        self._writer: Any = None
        self._items = before.items if before else 0
        self._added = 0
        self._changed = 0

    def put(self, meeting: Meeting) -> None:
        """Take in the present state of one meeting."""
        if meeting.id in self._now:
            return
        held = list(entries(meeting))
        self._now[meeting.id] = digest(held)
        if self._known.get(meeting.id) == self._now[meeting.id]:
            return
        if meeting.id in self._known:
            self._delete(meeting.id)
            self._changed += 1
        else:
            self._added += 1
        for entry in held:
            self._open().add_document(**_document(entry))
        self._items += len(held)

    def finish(self, audience: Audience) -> Update:
        """Write out what was put, drop what was not, and make it current; nothing at all where nothing changed."""
        gone = [meeting for meeting in self._known if meeting not in self._now]
        for meeting in gone:
            self._delete(meeting)
        if self._before is None or self._now != self._known:
            self._open().commit(optimize=bool(gone or self._changed))
            self._writer = None
            generation = self._folder / self._name
            _sweep(generation)
            manifest = Manifest(
                SCHEMA, engine_version(), audience.value, self._name, self._items, self._now, seal_files(generation)
            )
            write_manifest(self._folder, manifest)
            _remove_all_but(self._folder, self._name)
        return Update(self._added, self._changed, len(gone), self._items)

    def abandon(self) -> None:
        """Leave the current generation as it was."""
        if self._writer is not None:
            with suppress(Exception):
                self._writer.cancel()
        shutil.rmtree(self._folder / self._name, ignore_errors=True)

    def _delete(self, meeting: str) -> None:
        deleted: int = self._open().delete_by_term("label_meeting", meeting)
        self._items -= deleted

    def _open(self) -> Any:
        if self._writer is None:
            generation = self._folder / self._name
            if self._before:
                shutil.copytree(self._folder / self._before.generation, generation)
                index = FileIndex(FileStorage(str(generation)), indexname=NAME)
            else:
                generation.mkdir()
                index = FileIndex.create(FileStorage(str(generation)), schema(), NAME)
            # Segments assembled into one file would hold the time of making, and the order of a folder's listing.
            self._writer = index.writer(codec=Codec(self._name), compound=False)
        return self._writer


def _document(entry: Entry) -> dict[str, object]:
    """An entry as a Whoosh document."""
    # A label that is missing is written as an empty one: a segment none of whose documents have a column would
    # make Whoosh read the column of another.
    labels = {f"label_{facet}": entry.labels.get(facet, ()) for facet in FACETS}
    flags = {"procedural": ("yes",)} if entry.procedural else {}
    return {
        **entry.words, **labels, **flags, "id": (entry.line.id,), "line": entry.line.to_json(),
        "day": entry.day.toordinal() if entry.day else 0, "ordinal": entry.ordinal,
    }


def _sweep(generation: Path) -> None:
    """Take away Whoosh's lock and work folder, and make the files it left durable: it syncs nothing itself."""
    for path in generation.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name.endswith("LOCK"):
            path.unlink()
        else:
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
    sync_folder(generation)
    sync_folder(generation.parent)
