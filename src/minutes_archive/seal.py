"""Seals: a SHA-256 beside a SQLite file, or inside a JSON one, so that no flipped bit in it goes unseen.

SQLite keeps no checksums. The seal of its file (size and SHA-256) is taken away before a change begins and put back when
it is over; where it is missing, someone is at work or was cut off, and nothing is said of the bytes.

A sealed JSON file ends with the SHA-256 of all that stands before it, as one more of its keys.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from minutes_archive.durable import replace_file, sync_folder

_END = re.compile(rb',\n "sha256": "([0-9a-f]{64})"\n\}\n\Z')


class Verdict(Enum):
    """What the seal says of a file."""

    SOUND = "as it was sealed"
    OPEN = "not sealed"
    BROKEN = "not as it was sealed"


def seal_of(path: Path) -> Path:
    """Where the seal of ``path`` stands."""
    return path.with_suffix(".seal")


def put_seal(path: Path) -> None:
    """Seal the file as it stands. The caller is the only writer and has no transaction open."""
    replace_file(seal_of(path), _describe(path))


def take_seal(path: Path) -> None:
    """Take the seal away, before a change."""
    seal_of(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def read_seal(path: Path) -> Verdict:
    """Compare the file with its seal. A change that happens meanwhile counts as ``OPEN``."""
    try:
        seal = seal_of(path).read_bytes()
        found = _describe(path)
        after = seal_of(path).read_bytes()
    except FileNotFoundError:
        return Verdict.OPEN
    if seal == found:
        return Verdict.SOUND
    return Verdict.BROKEN if seal == after else Verdict.OPEN


def _describe(path: Path) -> bytes:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return json.dumps({"sha256": digest, "size": path.stat().st_size}).encode() + b"\n"


def write_sealed(content: Mapping[str, Any]) -> bytes:
    """``content`` (with at least one key) as JSON for people, with its seal."""
    body = json.dumps(content, indent=1, ensure_ascii=False).encode()
    return body.removesuffix(b"\n}") + f',\n "sha256": "{hashlib.sha256(body).hexdigest()}"\n}}\n'.encode()


def read_sealed(raw: bytes) -> dict[str, Any] | None:
    """What ``write_sealed`` wrote; None for bytes that are not exactly that."""
    end = _END.search(raw)
    body = raw[: end.start()] + b"\n}" if end else b""
    if end is None or hashlib.sha256(body).hexdigest().encode() != end[1]:
        return None
    content: dict[str, Any] = json.loads(body)
    return content
