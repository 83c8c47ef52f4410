"""Writing: a new generation from meetings, made durable and then current."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from minutes_archive.access import Audience
from minutes_archive.durable import make_folder, sync_file, sync_folder
from minutes_archive.errors import IndexDamagedError, VersionError
from minutes_archive.model import Meeting
from minutes_archive.search.engine import Update
from minutes_archive.search.entry import entries
from minutes_archive.search.whoosh.building import Builder
from minutes_archive.search.whoosh.columns import BrokenSealError, ColumnFile
from minutes_archive.search.whoosh.draft import MOST_DOCUMENTS
from minutes_archive.search.whoosh.fields import NAME
from minutes_archive.search.whoosh.lines import digest_of, write_line
from minutes_archive.search.whoosh.manifest import (
    COLUMNS,
    SCHEMA,
    FileSeal,
    Manifest,
    damaged,
    next_generation,
    read_manifest,
    seal_file,
    write_manifest,
)
from minutes_archive.search.whoosh.manifest import NAME as MANIFEST
from minutes_archive.search.whoosh.merging import meetings_in, write_merged
from minutes_archive.search.whoosh.opening import current_manifest, engine_version, open_segments

# Of segments that are full, so many are made one: what it takes to do so stays within 500 MB.
_MOST_JOINED = 4

if TYPE_CHECKING:
    from whoosh.index import FileIndex


def open_whoosh(folder: Path, audience: Audience) -> FileIndex:
    """The index as Whoosh's own searcher reads it, once every byte of it has been found to be what the manifest says.

    Raises ``IndexDamagedError``, also where there is another table of contents: Whoosh would take the newest.
    """
    from minutes_archive.search.whoosh.codec import open_whoosh  # noqa: PLC0415

    manifest = _sound_manifest(folder, audience)
    if manifest is None or {path.name for path in folder.glob("*.toc")} - manifest.files.keys():
        raise damaged(folder, "a file in it is not what was written")
    return open_whoosh(folder)


def update_index(folder: Path, audience: Audience, meetings: Iterable[Meeting], rebuild: bool, workers: int) -> Update:
    """Make the index in ``folder`` hold exactly ``meetings``; of several with one id the first counts.

    Only what changed is written, as segments of its own; all of it where there is no sound index. ``workers`` is how
    many processes may help. The caller holds the archive's writer lock.
    """
    make_folder(folder)
    before = None if rebuild else _sound_manifest(folder, audience)
    with _changing(folder, before, workers) as change:
        for meeting in meetings:
            change.put(meeting)
        change.remove_unseen()
        return change.finish(audience)


def put_meetings(
    folder: Path, audience: Audience, meetings: Iterable[Meeting], removed: Iterable[str], workers: int
) -> Update:
    """Put each of ``meetings`` in the place of the one with its id, take out those ``removed``, and leave all others.

    Segments that nothing changes in are not read: they stay under their seals. Raises ``IndexDamagedError`` where there
    is no index to change.
    """
    before = current_manifest(folder, audience)
    with _changing(folder, before, workers) as change:
        for meeting in meetings:
            change.put(meeting)
        for identity in removed:
            change.remove(identity)
        return change.finish(audience)


@contextmanager
def _changing(folder: Path, before: Manifest | None, workers: int) -> Iterator[_Change]:
    """A change of the index; without an end to it, all stays as it is. Raises ``IndexDamagedError`` for a damaged segment."""
    # What readers see now stays until the new generation is current, also where all of it is made anew.
    current = _current(folder)
    kept = {MANIFEST, *current.files} if current else set()
    _remove_all_but(folder, kept)
    change: _Change | None = None
    try:
        change = _Change(folder, before, next_generation(folder, current.generation if current else None), workers)
        yield change
    except BaseException as error:
        if change:
            change.abandon()
        # An error may come when the new generation is current already; where nobody can tell, the next change tidies up.
        with suppress(OSError):
            now = _current(folder)
            _remove_all_but(folder, {MANIFEST, *now.files} if now else kept)
        if isinstance(error, BrokenSealError):
            raise damaged(folder, str(error)) from error
        raise
    finally:
        if change:
            change.close()


def _current(folder: Path) -> Manifest | None:
    """The manifest that stands there, whether or not what it names is sound. Raises ``OSError`` where it can't be read now."""
    try:
        return read_manifest(folder)
    except (IndexDamagedError, VersionError) as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        return None


def _sound_manifest(folder: Path, audience: Audience) -> Manifest | None:
    """The current manifest, if every byte under it is what it says."""
    try:
        manifest = current_manifest(folder, audience)
        for file in open_segments(folder, manifest):
            file.check_all()
        if any(seal_file(folder / name) != seal for name, seal in manifest.files.items()):
            return None
    except (IndexDamagedError, BrokenSealError, OSError):
        return None
    return manifest


def _remove_all_but(folder: Path, kept: set[str]) -> None:
    """Remove what killed runs and earlier generations left, as far as the system lets us: on Windows a reader may hold one."""
    for path in folder.iterdir():
        if path.name in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


class _Change:
    """From one generation to the next. Nothing is written before the first meeting that changed."""

    def __init__(self, folder: Path, before: Manifest | None, generation: str, workers: int) -> None:
        self._folder = folder
        self._before = before
        self._segments = dict(zip(before.segments, open_segments(folder, before), strict=True)) if before else {}
        self._made: dict[str, ColumnFile] = {}
        self._held = {
            identity: (told, name)
            for name, file in self._segments.items() for identity, told, _ in meetings_in(file)
        }
        self._generation = generation
        self._numbers = count()
        self._builder = Builder(self._next_path, workers)
        self._seen: set[str] = set()
        self._gone: dict[str, set[str]] = {name: set() for name in self._segments}
        self._added = self._changed = self._removed = 0

    def put(self, meeting: Meeting) -> None:
        """Take in the present state of one meeting."""
        if meeting.id in self._seen:
            return
        self._seen.add(meeting.id)
        known = self._held.get(meeting.id)
        if known is None:
            self._added += 1
        elif known[0] == digest_of((entry, *write_line(entry.line)) for entry in entries(meeting)):
            return
        else:
            self._changed += 1
            self._gone[known[1]].add(meeting.id)
        self._builder.put(meeting)

    def remove(self, identity: str) -> None:
        """Take a meeting out, if it is there and was not put."""
        if identity in self._held and identity not in self._seen:
            self._gone[self._held[identity][1]].add(identity)
            self._removed += 1

    def remove_unseen(self) -> None:
        """Take out all meetings that were not put."""
        for identity in self._held:
            self.remove(identity)

    def finish(self, audience: Audience) -> Update:
        """Write out what was put, without what was taken out, and make it current; nothing where nothing changed."""
        built = self._builder.finish()
        items = sum(len(file.column("day")) for file in self._segments.values())
        if self._before is None or built or any(self._gone.values()):
            manifest = self._next(audience, built)
            items = manifest.items
            write_manifest(self._folder, manifest)
            self.close()
            _remove_all_but(self._folder, {MANIFEST, *manifest.files})
        return Update(self._added, self._changed, self._removed, items)

    def abandon(self) -> None:
        """Leave the current generation as it was."""
        self._builder.abandon()
        self.close()

    def close(self) -> None:
        """Let go of the segments' files."""
        for file in (*self._segments.values(), *self._made.values()):
            file.close()

    def _next(self, audience: Audience, built: Sequence[str]) -> Manifest:
        """The next generation, durable but not yet current."""
        names = [name for name in self._segments if not self._gone[name]]
        for name, gone in self._gone.items():
            if gone:
                names += self._merged([name], gone)
        names = [*names, *self._grouped(built)] if len(built) > 1 else self._joined([*names, *built])
        held = {name: len(self._open(name).column("day")) for name in names}
        generation = int(self._generation[1:])
        # Whoosh is needed for this alone, and takes its time to be imported.
        from minutes_archive.search.whoosh.codec import write_toc  # noqa: PLC0415

        toc = write_toc(self._folder, generation, held)
        sync_file(self._folder / toc)
        known = self._before.files if self._before else {}
        files = {name: known.get(name) or seal_file(self._folder / name) for name in (*names, toc)}
        sync_folder(self._folder)
        return Manifest(
            SCHEMA, engine_version(), audience.value, self._generation, sum(held.values()), tuple(names), _sorted(files)
        )

    def _grouped(self, names: Sequence[str]) -> list[str]:
        """New segments, as many of them made one as it may hold: a search costs something for each."""
        groups: list[list[str]] = []
        for name in names:
            if groups and len(groups[-1]) < _MOST_JOINED and self._documents_in([*groups[-1], name]) <= MOST_DOCUMENTS:
                groups[-1].append(name)
            else:
                groups.append([name])
        return [name for group in groups for name in (group if len(group) == 1 else self._merged(group, set()))]

    def _documents_in(self, names: Iterable[str]) -> int:
        return sum(len(self._open(name).column("day")) for name in names)

    def _joined(self, names: list[str]) -> list[str]:
        """The segments, small ones at the end made one: so each is larger than all that come after it, and they stay few."""
        sizes = [len(self._open(name).column("day")) for name in names]
        first, held = len(names) - 1, sizes[-1] if sizes else 0
        while first > 0 and sizes[first - 1] <= held and held + sizes[first - 1] <= MOST_DOCUMENTS // 2:
            first -= 1
            held += sizes[first]
        return [*names[:first], *self._merged(names[first:], set())] if first < len(names) - 1 and first >= 0 else names

    def _merged(self, names: Sequence[str], without: set[str]) -> list[str]:
        """One segment of several, or none where nothing is left."""
        path = self._next_path()
        if write_merged(path, [self._open(name) for name in names], without):
            return [path.name]
        path.unlink()
        return []

    def _open(self, name: str) -> ColumnFile:
        if name in self._segments:
            return self._segments[name]
        if name not in self._made:
            self._made[name] = ColumnFile(self._folder / name, None)
        return self._made[name]

    def _next_path(self) -> Path:
        return self._folder / f"{NAME}_{self._generation[1:]}{next(self._numbers):03}{COLUMNS}"


def _sorted(files: dict[str, FileSeal]) -> dict[str, FileSeal]:
    return dict(sorted(files.items()))
