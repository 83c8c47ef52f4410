"""Seal: size and SHA-256 of the catalogue, beside it, so that no flipped bit in it goes unseen.

SQLite keeps no checksums. The seal is taken away before a run changes the catalogue and put back when
the run is over; where it is missing, a run is at work or was cut off, and nothing is said of the bytes.
"""

from __future__ import annotations

import hashlib
import json
from enum import Enum
from pathlib import Path

from minutes_archive.durable import replace_file, sync_folder

CATALOGUE = "catalogue.sqlite"
SEAL = "catalogue.seal"


class Verdict(Enum):
    """What the seal says of the catalogue."""

    SOUND = "as it was sealed"
    OPEN = "not sealed"
    BROKEN = "not as it was sealed"


def put_seal(folder: Path) -> None:
    """Seal the catalogue as it stands. The caller is the only writer and has no transaction open."""
    replace_file(folder / SEAL, _describe(folder / CATALOGUE))


def take_seal(folder: Path) -> None:
    """Take the seal away, before a change."""
    (folder / SEAL).unlink(missing_ok=True)
    sync_folder(folder)


def read_seal(folder: Path) -> Verdict:
    """Compare catalogue and seal. A change that happens meanwhile counts as ``OPEN``."""
    try:
        seal = (folder / SEAL).read_bytes()
        found = _describe(folder / CATALOGUE)
        after = (folder / SEAL).read_bytes()
    except FileNotFoundError:
        return Verdict.OPEN
    if seal == found:
        return Verdict.SOUND
    return Verdict.BROKEN if seal == after else Verdict.OPEN


def _describe(path: Path) -> bytes:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return json.dumps({"sha256": digest, "size": path.stat().st_size}).encode() + b"\n"
