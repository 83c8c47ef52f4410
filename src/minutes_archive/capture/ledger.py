"""Ledger: a second copy of what single records of the WARC files say of captures, or none says any more.

    corpus/captures/ledger.json

A later word on a capture (who may see it, whose it is, that its page is gone) stands in one WARC record and in the catalogue.
Were both damaged, a text that had been restricted would be public again. So the ledger keeps these words too, with the captures
whose bytes are lost, the numbers of the records that are, and the last number given out. It is written from the catalogue,
whole and sealed, before a word counts and when a run ends; it is read where the catalogue is made anew. Where there is neither
catalogue nor ledger, nobody can tell what was restricted, nor whether files are missing: then no catalogue is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from minutes_archive.capture.catalogue import Catalogue
from minutes_archive.durable import replace_file
from minutes_archive.errors import VersionError
from minutes_archive.seal import read_sealed, write_sealed

LEDGER = "ledger.json"
_VERSION = 1


class DamagedLedgerError(Exception):
    """The ledger is not as it was written."""


@dataclass(frozen=True)
class Ledger:
    """``last``: the highest number given out; ``captures`` and ``notes``: see ``Catalogue.remarks`` and ``Catalogue.notes``."""

    last: int
    captures: tuple[dict[str, Any], ...]
    notes: tuple[tuple[int, str], ...]

    def bring_into(self, catalogue: Catalogue) -> None:
        """Let ``catalogue`` know what stands here."""
        for remark in self.captures:
            catalogue.remember(remark)
        for number, kind in self.notes:
            catalogue.note(number, kind)
        catalogue.expect(self.last)


def ledger_of(catalogue: Catalogue) -> Ledger:
    """What the ledger should say beside ``catalogue``."""
    return Ledger(catalogue.last_sequence(), tuple(catalogue.remarks()), tuple(catalogue.notes()))


def read_ledger(folder: Path) -> Ledger | None:
    """The ledger in ``folder``; None where there is none.

    Raises ``DamagedLedgerError``, ``VersionError`` for one of a newer version, and ``OSError``.
    """
    try:
        content = read_sealed((folder / LEDGER).read_bytes())
    except FileNotFoundError:
        return None
    if content is None:
        raise DamagedLedgerError
    if content["version"] > _VERSION:
        raise VersionError(f"{folder / LEDGER}")
    return Ledger(content["last"], tuple(content["captures"]), tuple((number, kind) for number, kind in content["notes"]))


def sound_ledger(folder: Path) -> Ledger | None:
    """The ledger in ``folder``; None where there is none that can be read. Raises ``VersionError`` and ``OSError``."""
    try:
        return read_ledger(folder)
    except DamagedLedgerError:
        return None


def write_ledger(folder: Path, catalogue: Catalogue, *, words_alone: bool = False) -> None:
    """Write what ``catalogue`` says, uncommitted changes included, where the ledger says something else.

    With ``words_alone``, a last number that has gone up is no reason to.
    """
    told, known = ledger_of(catalogue), sound_ledger(folder)
    if words_alone and known and known.last < told.last:
        known = replace(known, last=told.last)
    if told != known:
        content = {"version": _VERSION, "last": told.last, "captures": list(told.captures), "notes": list(told.notes)}
        replace_file(folder / LEDGER, write_sealed(content))
