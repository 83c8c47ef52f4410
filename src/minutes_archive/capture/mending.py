"""Mending: a WARC file with damage in it, put away as it is; its sound records stay, byte for byte, under its name.

What is sound is told by the file itself: each record by the SHA-256 in it. So a repair that was killed is simply begun anew.
Captures whose bytes are gone stay known in the catalogue and the ledger: added again, they are for whom they were.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from minutes_archive.capture.catalogue import CATALOGUE, Catalogue
from minutes_archive.capture.ledger import sound_ledger, write_ledger
from minutes_archive.capture.members import Place, UnreadableError, hash_stretch
from minutes_archive.capture.recovery import adopt_tails, missing_numbers
from minutes_archive.capture.warc import CAPTURED, Record, read_record, scan
from minutes_archive.durable import free_path, make_folder, replace_file, replacing, sync_folder
from minutes_archive.model import Capture
from minutes_archive.seal import put_seal, take_seal
from minutes_archive.workspace import Workspace

_BLOCK = 1 << 20


@dataclass(frozen=True)
class PutAway:
    """One WARC file that was damaged or is gone: where its bytes are now (None: nowhere), and the captures that were lost."""

    name: str
    copy: Path | None
    lost: tuple[tuple[Capture, tuple[str, ...]], ...]


def rewrite_ledger(workspace: Workspace) -> None:
    """Take in what no run has acknowledged, and write the ledger from the catalogue. The caller holds the writer's lock."""
    with _open(workspace) as catalogue:
        adopt_tails(catalogue, workspace.captures)
        write_ledger(workspace.captures, catalogue)


def put_damage_away(workspace: Workspace) -> Iterator[PutAway]:
    """Put every damaged WARC file into the folder ``set-aside``, and leave its sound records in its place.

    The caller holds the writer's lock, and the catalogue is sound. Raises ``OSError`` and ``sqlite3.Error``.
    """
    folder = workspace.captures
    with _open(workspace) as catalogue:
        adopt_tails(catalogue, folder)
        for name in list(catalogue.files()):
            if not _is_sound(catalogue, folder / name):
                yield _put_away(catalogue, folder / name, workspace.set_aside)
        ledger = sound_ledger(folder)
        if missing := missing_numbers(catalogue, ledger.last if ledger else 0):
            with catalogue.transaction():
                for number in missing:
                    catalogue.note(number, "lost")
        write_ledger(folder, catalogue)


@contextlib.contextmanager
def _open(workspace: Workspace) -> Iterator[Catalogue]:
    """The catalogue to be changed; sealed again at the end."""
    path = workspace.captures / CATALOGUE
    with contextlib.closing(Catalogue(path)) as catalogue:
        take_seal(path)
        yield catalogue
        put_seal(path)


def _is_sound(catalogue: Catalogue, path: Path) -> bool:
    """Whether all that the catalogue knows of a file stands in it as it was kept."""
    try:
        with path.open("rb") as stream:
            return all(_stands(stream, place, kind) for place, kind, _ in catalogue.members(path.name))
    except FileNotFoundError:
        return False


def _stands(stream: BinaryIO, place: Place, kind: str) -> bool:
    if kind == "damaged":
        return False
    if kind == "torn":
        return hash_stretch(stream, place.offset, place.length) == place.digest
    try:
        return read_record(stream, place.file, place.offset, place.length).place == place
    except UnreadableError:
        return False


def _put_away(catalogue: Catalogue, path: Path, aside: Path) -> PutAway:
    found = list(scan(path)) if path.exists() else []
    sound = [one for one in found if isinstance(one, Record)]
    copy = _copy(path, aside) if len(sound) < len(found) or _differs(catalogue, path.name, sound) else None
    with catalogue.transaction():
        known = {number for _, _, number in catalogue.members(path.name) if number is not None}
        lost_before = {one.sha256 for one in catalogue.lost()}
        catalogue.drop_file(path.name)
        if any(one.said for one in sound):
            with path.open("rb") as source, replacing(path) as target:
                for record in sound:
                    _note(catalogue, record, _copied(source, target, record.place))
        for number in known - catalogue.numbers():
            catalogue.note(number, "lost")
        write_ledger(path.parent, catalogue)
        lost = tuple((one, catalogue.meeting_ids_of(one.sha256)) for one in catalogue.lost() if one.sha256 not in lost_before)
    if not any(one.said for one in sound):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    put_away = PutAway(path.name, copy, lost)
    _explain(put_away, aside)
    return put_away


def _differs(catalogue: Catalogue, name: str, sound: list[Record]) -> bool:
    """Whether the bytes are others than were kept, though every record can be read (its gzip header was hit)."""
    kept = {(place.length, place.digest) for place, _, _ in catalogue.members(name)}
    return any((one.place.length, one.place.digest) not in kept for one in sound)


def _note(catalogue: Catalogue, record: Record, place: Place) -> None:
    catalogue.add_member(place, record.kind, record.said.sequence if record.said else None)
    if record.kind in CAPTURED and record.capture and catalogue.place(record.capture.sha256) is None:
        catalogue.add_capture(record.capture, place)
        catalogue.move_capture(record.capture.sha256, place)


def _copied(source: BinaryIO, target: BinaryIO, place: Place) -> Place:
    """Copy one member; where it then stands."""
    start = target.tell()
    source.seek(place.offset)
    rest = place.length
    while rest and (block := source.read(min(rest, _BLOCK))):
        target.write(block)
        rest -= len(block)
    return Place(place.file, start, place.length, place.digest)


def _copy(path: Path, aside: Path) -> Path:
    """A copy of a damaged file, under a name that nothing has."""
    make_folder(aside)
    target = free_path(aside / path.name)
    with path.open("rb") as source, replacing(target) as stream:
        shutil.copyfileobj(source, stream, _BLOCK)
    return target


def _explain(one: PutAway, aside: Path) -> None:
    """Say beside the damaged file what it is, and what was lost with it."""
    lines = [
        f"{one.name} was damaged, and stands here as it was found." if one.copy else f"{one.name} was gone.",
        "Its sound records are still in corpus/captures, under the same name." if one.copy else "",
        f"Captures in it that could not be read: {len(one.lost)}.",
        *(f"  SHA-256 {lost.sha256}  for {lost.audience.value}  {lost.url or lost.path or ''}" for lost, _ in one.lost),
        "To have them back, add or crawl their pages again, or put the file of a backup into corpus/captures; then:",
        "minutes check --repair",
    ]
    make_folder(aside)
    replace_file(aside / f"{one.copy.name if one.copy else one.name}.txt", "\n".join(filter(None, lines)).encode() + b"\n")
