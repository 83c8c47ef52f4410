"""Recovery: the catalogue made where there is none, made anew where it is damaged, and what a killed run left.

All of it reads the WARC files and changes none of them.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from minutes_archive.capture.catalogue import CATALOGUE, VERSION, Catalogue
from minutes_archive.capture.fields import Restatement, Sighting
from minutes_archive.capture.ledger import LEDGER, sound_ledger, write_ledger
from minutes_archive.capture.warc import Record, scan, warc_files
from minutes_archive.durable import make_folder, move, sync_file, sync_folder
from minutes_archive.errors import CaptureError, VersionError
from minutes_archive.seal import Verdict, put_seal, read_seal, take_seal

# SQLite's answers to a damaged file; all others (busy, no handles left, no access) say nothing about it.
_DAMAGED = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_UNVOUCHED = (
    f"neither {CATALOGUE} nor {LEDGER} is there whole, so nothing tells whether all WARC files are, and who may see what; "
    "restore one of the two from a backup, or load the WARC files into a new archive: minutes add PATH --audience officer"
)


def is_sound(folder: Path) -> bool:
    """Whether the catalogue in ``folder`` can be trusted: there, of this version, and as it was sealed.

    Without a seal (a run is at work, or was killed) SQLite's own check has to do. Raises ``VersionError`` for one of a
    newer version.
    """
    if not (folder / CATALOGUE).exists():
        return False
    verdict = read_seal(folder / CATALOGUE)
    if verdict is Verdict.BROKEN:
        return False
    try:
        with contextlib.closing(Catalogue(folder / CATALOGUE)) as catalogue:
            sound = verdict is Verdict.SOUND or not catalogue.faults()
            if sound and catalogue.version() > VERSION:
                raise VersionError(f"{folder / CATALOGUE}")
            return sound and catalogue.version() == VERSION
    except sqlite3.Error as error:
        if is_damage(error):
            return False
        raise


def is_damage(error: sqlite3.Error) -> bool:
    """Whether ``error`` tells of damage in the file, not of trouble in reaching it."""
    # Errors that Python raises by itself (text that is not UTF-8) carry no code.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _DAMAGED


def rebuild_catalogue(folder: Path) -> None:
    """Make the catalogue in ``folder`` anew from its WARC files and the ledger; readings are lost, and so their captures unread.

    The caller holds the writer's lock. Killed at any point, it leaves the old catalogue or none or the new one. Raises
    ``CaptureError`` where ``unvouched`` gives a reason not to.
    """
    if reason := unvouched(folder):
        raise CaptureError(f"{folder}: {reason}")
    make_folder(folder)
    fresh = folder / f"{CATALOGUE}.new"
    for path in (fresh, _journal(fresh)):
        path.unlink(missing_ok=True)
    with contextlib.closing(Catalogue.create(fresh)) as catalogue:
        catalogue.begin()
        _take_in(catalogue, ((path, 0) for path in warc_files(folder)), rebuilding=True)
        ledger = sound_ledger(folder)
        if ledger:
            ledger.bring_into(catalogue)
        catalogue.commit()
        write_ledger(folder, catalogue)
    take_seal(folder / CATALOGUE)
    # The old file goes first: its journal must never be applied to the new one.
    for path in (folder / CATALOGUE, _journal(folder / CATALOGUE)):
        path.unlink(missing_ok=True)
    sync_folder(folder)
    move(fresh, folder / CATALOGUE)
    put_seal(folder / CATALOGUE)


def unvouched(folder: Path) -> str | None:
    """Why no catalogue may be made of the WARC files in ``folder``; None where it may, or where nothing was ever kept.

    A file that is missing leaves no gap when it was the last one, and a page may have been made officers' business in it. Only
    the ledger knows of both.
    """
    started = (folder / CATALOGUE).exists() or (folder / LEDGER).exists() or warc_files(folder)
    return _UNVOUCHED if started and sound_ledger(folder) is None else None


def is_incomplete(catalogue: Catalogue) -> bool:
    """Whether any record is known to be lost, damaged or missing: what it said of who may see what may not be known."""
    marked = any(any(catalogue.members_of_kind(kind)) for kind in ("lost", "damaged"))
    return marked or bool(missing_numbers(catalogue))


def adopt_tails(catalogue: Catalogue, folder: Path) -> bool:
    """Take in what a killed run wrote and did not come to acknowledge; whether there was any.

    The caller holds the writer's lock, so whatever the catalogue does not know is nobody's work in progress.
    """
    tails = find_tails(catalogue, folder)
    if not tails:
        return False
    for path, _ in tails:
        sync_file(path)
    sync_folder(folder)
    take_seal(folder / CATALOGUE)
    before = missing_numbers(catalogue)
    with catalogue.transaction():
        _take_in(catalogue, tails, rebuilding=False)
        for number in missing_numbers(catalogue) - before:  # torn away before any run acknowledged it
            catalogue.note(number, "lost")
    return True


def missing_numbers(catalogue: Catalogue, last: int = 0) -> set[int]:
    """The sequence numbers up to the highest known, or ``last``, that no member has and that are not noted as lost."""
    return set(range(1, max(last, catalogue.last_sequence()) + 1)) - catalogue.numbers()


def find_tails(catalogue: Catalogue, folder: Path) -> list[tuple[Path, int]]:
    """WARC files with bytes that the catalogue does not know, and where these begin."""
    known = catalogue.files()
    return [
        (path, known.get(path.name, 0))
        for path in warc_files(folder)
        if path.name not in known or path.stat().st_size > known[path.name]
    ]


def _take_in(catalogue: Catalogue, tails: Iterable[tuple[Path, int]], *, rebuilding: bool) -> None:
    """Add all that stands in ``tails``. What can't be read was torn by a kill; where ``rebuilding``, it is damage."""
    words: list[Restatement] = []
    sightings: list[Sighting] = []
    for path, start in tails:
        catalogue.add_file(path.name, start)
        for found in scan(path, start):
            if not isinstance(found, Record):
                catalogue.add_member(found.place, "torn" if found.torn or not rebuilding else "damaged")
                continue
            said = found.said
            catalogue.add_member(found.place, found.kind, said.sequence if said else None)
            if found.capture:
                catalogue.add_capture(found.capture, found.place)
                if catalogue.place(found.capture.sha256) is None:  # it was lost, and is back
                    catalogue.move_capture(found.capture.sha256, found.place)
            elif found.restatement:
                words.append(found.restatement)
            elif found.sighting:
                sightings.append(found.sighting)
    for word in words:  # last: a capture may stand in a later file than a word on it, where a clock was set back
        catalogue.restate(word)
    for seen in sorted(sightings, key=lambda one: one.sequence):
        catalogue.sight(seen)


def _journal(path: Path) -> Path:
    return path.with_name(path.name + "-journal")
