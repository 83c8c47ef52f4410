"""Check: every captured byte read again, against the catalogue and against itself. Repairs nothing.

The catalogue is looked at first: sealed hash, SQLite's own check. A sound one knows the SHA-256 of
every stretch of every WARC file. Beside a damaged one, the files are still held against the digests
that the records carry in themselves.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from minutes_archive.capture.catalogue import CATALOGUE, VERSION, Catalogue
from minutes_archive.capture.fields import Restatement, Sighting, apply_sighting
from minutes_archive.capture.ledger import LEDGER, DamagedLedgerError, ledger_of, read_ledger
from minutes_archive.capture.members import Place, UnreadableError, hash_stretch
from minutes_archive.capture.recovery import find_tails, is_damage, missing_numbers, unvouched
from minutes_archive.capture.warc import CAPTURED, Gap, Record, read_record, scan, warc_files
from minutes_archive.errors import CaptureError, VersionError
from minutes_archive.model import Capture, Problem
from minutes_archive.seal import Verdict, read_seal
from minutes_archive.workspace import Workspace

# What a later word may change of a capture.
_SAID_LATER = ("audience", "council", "sequence", "url", "truncated", "withdrawn_at")
_NONE = "the catalogue is missing"
_RESTORE = "restore the file from a backup, or set what is damaged aside with: minutes check --repair"
_REMAKE = "make it anew with: minutes check --repair"


def by_digest(capture: Capture) -> str:
    """What to call a capture before whoever looks at the screen: its file or address may be what is not for everyone."""
    return f"capture {capture.sha256[:12]}"


def check_captures(workspace: Workspace, name: Callable[[Capture], str] = by_digest) -> Iterator[Problem]:
    """All that is amiss with the captures of ``workspace``; nothing for sound ones. Other work may go on meanwhile.

    Codes: ``capture_damaged`` and ``capture_missing`` (bytes that are no longer what was kept),
    ``catalogue_damaged``, ``ledger_damaged``, and as warnings ``ledger_missing``, ``uncatalogued`` (bytes that no run has
    acknowledged), ``capture_lost`` (its damaged bytes were set aside) and ``closed`` (for officers, since it can't be told
    whether they were public). ``where`` names the file, and the byte where that helps; or a capture, by its ``name``.
    Raises ``CaptureError`` where the disk can't be read, and ``VersionError`` for an archive of a newer version.
    """
    folder = workspace.captures
    try:
        if not folder.is_dir():
            return
        fault = _catalogue_fault(folder)
        if fault:
            if fault != _NONE or warc_files(folder):
                yield _problem("catalogue_damaged", folder / CATALOGUE, f"{fault}; {unvouched(folder) or _REMAKE}")
            yield from _check_alone(folder)
            if fault != _NONE or warc_files(folder):
                yield from _check_ledger_alone(folder)
            return
        with contextlib.closing(Catalogue.copy(folder / CATALOGUE)) as catalogue:
            yield from _check_against(catalogue, folder)
            yield from _check_told(catalogue, folder, name)
        yield from _check_ledger(workspace)
        yield from _uncatalogued(workspace)
    except (OSError, sqlite3.Error) as error:
        raise CaptureError(f"can't read {folder} ({error}); check the disk and its permissions") from error


def _catalogue_fault(folder: Path) -> str | None:
    """What is wrong with the catalogue, or None."""
    path = folder / CATALOGUE
    if not path.exists():
        return _NONE
    if read_seal(path) is Verdict.BROKEN:
        return "the catalogue is not as the last run left it"
    try:
        with contextlib.closing(Catalogue.copy(path)) as catalogue:
            faults = "; ".join(catalogue.faults())
            if not faults and catalogue.version() > VERSION:
                raise VersionError(f"{path}")
            return faults or (None if catalogue.version() == VERSION else "the catalogue is of an earlier version")
    except sqlite3.Error as error:
        if is_damage(error):
            return f"the catalogue can't be read ({error})"
        raise


def _check_alone(folder: Path) -> Iterator[Problem]:
    """The WARC files by the digests in them."""
    for path in warc_files(folder):
        for found in scan(path):
            if isinstance(found, Gap):
                yield _damage(path, found.place, "no record can be read there")


def _check_ledger_alone(folder: Path) -> Iterator[Problem]:
    """Whether the ledger can tell what the catalogue does not."""
    try:
        if read_ledger(folder) is None:
            yield Problem("ledger_missing", "warning", str(folder / LEDGER),
                          "there is no second copy of what was said of captures later")
    except DamagedLedgerError:
        yield _problem("ledger_damaged", folder / LEDGER, "it is not as it was written")


def _check_against(catalogue: Catalogue, folder: Path) -> Iterator[Problem]:
    words = _later_words(catalogue, folder)
    for name, size in catalogue.files().items():
        path = folder / name
        try:
            with path.open("rb") as stream:
                yield from _check_file(catalogue, path, stream, size, words)
        except FileNotFoundError:
            held = sum(kind in CAPTURED for _, kind, _ in catalogue.members(name))
            if size:
                yield _problem("capture_missing", path, f"the file is gone, and with it {held} captures; {_RESTORE}")
    for sha256 in catalogue.strays():
        yield _problem("catalogue_damaged", folder / CATALOGUE, f"capture {sha256} has no place in it; {_REMAKE}")


def _check_file(
    catalogue: Catalogue, path: Path, stream: BinaryIO, size: int, words: Words | None
) -> Iterator[Problem]:
    position = 0
    for place, kind, sequence in catalogue.members(path.name):
        if place.offset != position:
            yield _problem("catalogue_damaged", path.parent / CATALOGUE,
                           f"it knows nothing of {path.name} from byte {position} to {place.offset}; {_REMAKE}")
        position = place.end
        if kind in {"torn", "damaged"}:
            if kind == "damaged" or hash_stretch(stream, place.offset, place.length) != place.digest:
                yield _damage(path, place, "no record can be read there")
            continue
        try:
            record = read_record(stream, path.name, place.offset, place.length)
        except UnreadableError as error:
            yield _damage(path, place, str(error))
            continue
        if record.place != place:
            yield _damage(path, place, "the bytes are not those that were kept")
        elif not _agrees(catalogue, record, kind, sequence, words):
            yield _problem("catalogue_damaged", path.parent / CATALOGUE,
                           f"it says something else than the record at byte {place.offset} of {path.name}; {_REMAKE}")
    if position != size:
        yield _problem("catalogue_damaged", path.parent / CATALOGUE,
                       f"it knows nothing of {path.name} from byte {position} to {size}; {_REMAKE}")


@dataclass(frozen=True)
class Words:
    """The last word on each capture that was classified anew, and what was seen of its page later, in order.

    Of the captures that the ledger has ``told`` of, that is compared with the catalogue.
    """

    told: frozenset[str]
    classified: dict[str, Restatement]
    seen: dict[str, list[Sighting]]

    def applied(self, capture: Capture) -> Capture:
        """``capture`` as these words leave it."""
        latest: Capture | Restatement = self.classified.get(capture.sha256, capture)
        for seen in sorted(self.seen.get(capture.sha256, []), key=lambda one: one.sequence):
            capture = apply_sighting(capture, seen)
        return replace(capture, audience=latest.audience, council=latest.council)


def _later_words(catalogue: Catalogue, folder: Path) -> Words | None:
    """The later words on captures; None where one of them can't be read."""
    classified: dict[str, Restatement] = {}
    sightings: dict[str, list[Sighting]] = {}
    for place in (*catalogue.members_of_kind("metadata"), *catalogue.members_of_kind("revisit")):
        try:
            with (folder / place.file).open("rb") as stream:
                said = read_record(stream, place.file, place.offset, place.length).said
        except (UnreadableError, FileNotFoundError):
            return None
        if isinstance(said, Sighting):
            sightings.setdefault(said.sha256, []).append(said)
        elif isinstance(said, Restatement) and (
            said.sha256 not in classified or classified[said.sha256].sequence < said.sequence
        ):
            classified[said.sha256] = said
    try:
        ledger = read_ledger(folder)
    except DamagedLedgerError:
        ledger = None
    return Words(frozenset(one["sha256"] for one in ledger.captures) if ledger else frozenset(), classified, sightings)


def _agrees(
    catalogue: Catalogue, record: Record, kind: str, sequence: int | None, words: Words | None
) -> bool:
    """Whether the catalogue says of a record what the record says itself."""
    said = record.said
    if record.kind != kind or (said.sequence if said else None) != sequence:
        return False
    if record.capture is None:
        return True
    known = catalogue.capture(record.capture.sha256)
    if known is None:
        return False
    if words is None or record.capture.sha256 in words.told:
        # Then the catalogue is all that is left to say who may see what, and what was seen later
        later = {name: getattr(known, name) for name in _SAID_LATER}
        return known == replace(record.capture, **later)
    return known == words.applied(record.capture)


def _check_told(catalogue: Catalogue, folder: Path, name: Callable[[Capture], str]) -> Iterator[Problem]:
    """What is known to be lost, and what is not known any more."""
    for capture in catalogue.lost():
        yield Problem("capture_lost", "warning", name(capture), (
            f"its bytes (SHA-256 {capture.sha256[:12]}) are lost, the damaged ones were set aside; "
            "add or crawl the page again, or put the WARC file of a backup into corpus/captures and run: minutes check --repair"
        ))
    if closed := catalogue.closed():
        yield Problem("closed", "warning", str(folder), (
            f"{closed} captures are for officers, for what told who may see them is lost; "
            "say it again: minutes add PATH --audience public"
        ))


def _check_ledger(workspace: Workspace) -> Iterator[Problem]:
    """The ledger against the catalogue, at a moment when nobody writes them."""
    folder = workspace.captures
    for _ in range(2):  # a run may have ended between the two being read
        fault = None
        with contextlib.closing(Catalogue.copy(folder / CATALOGUE)) as catalogue:
            try:
                ledger = read_ledger(folder)
            except DamagedLedgerError:
                yield _problem("ledger_damaged", folder / LEDGER, f"it is not as it was written; {_REMAKE}")
                return
            if find_tails(catalogue, folder):  # a run wrote the ledger and did not come to commit: the next one takes it in
                return
            told = ledger_of(catalogue)
            # What a damaged stretch held is told of already.
            hidden = any(catalogue.members_of_kind("damaged"))
            missing = set() if hidden else missing_numbers(catalogue, ledger.last if ledger else 0)
        if ledger is None and told.captures:
            fault = Problem("ledger_missing", "warning", str(folder / LEDGER),
                            f"what was said of captures later has no second copy; {_REMAKE}")
        elif ledger and (ledger.captures, ledger.notes) != (told.captures, told.notes):
            fault = _problem("ledger_damaged", folder / LEDGER, f"it says something else than the catalogue; {_REMAKE}")
        if not (fault or missing) or workspace.is_being_written():
            return
    if fault:
        yield fault
    if missing:
        yield _problem("capture_missing", folder, (
            f"{len(missing)} records, from number {min(missing)} to {max(missing)}, are in no file any more; {_RESTORE}"
        ))


def _uncatalogued(workspace: Workspace) -> Iterator[Problem]:
    """Bytes that no run has acknowledged, but for those that one is writing now."""
    folder = workspace.captures
    with contextlib.closing(Catalogue.copy(folder / CATALOGUE)) as catalogue:
        suspects = find_tails(catalogue, folder)
    if not suspects or workspace.is_being_written():
        return
    # Whatever run wrote them has ended: what the catalogue still does not know, it never will by that run.
    with contextlib.closing(Catalogue.copy(folder / CATALOGUE)) as catalogue:
        left = find_tails(catalogue, folder)
    for path, start in left:
        if path in {suspect for suspect, _ in suspects}:
            size = path.stat().st_size - start
            yield Problem(
                "uncatalogued", "warning", f"{path} at byte {start}",
                f"{path.name} holds {size} bytes from byte {start} on that no run has acknowledged (one was cut "
                "off, or they were put there by hand); the next `minutes add` takes in what can be read of them, as does: "
                "minutes check --repair",
            )


def _damage(path: Path, place: Place, fault: str) -> Problem:
    return _problem("capture_damaged", f"{path} at byte {place.offset}",
                    f"{place.length} bytes from byte {place.offset} of {path.name} are damaged ({fault}); {_RESTORE}")


def _problem(code: str, where: Path | str, message: str) -> Problem:
    return Problem(code, "error", str(where), message)
