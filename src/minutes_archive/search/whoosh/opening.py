"""Opening: the current generation of an index, found to be of this program and of this audience."""

from __future__ import annotations

from pathlib import Path

import Stemmer

from minutes_archive.access import Audience
from minutes_archive.search.whoosh.columns import BrokenSealError, ColumnFile
from minutes_archive.search.whoosh.manifest import Manifest, damaged, read_manifest


def engine_version() -> str:
    """What wrote the index: another version may store or stem otherwise."""
    return f"columns 2, snowball {Stemmer.version()}"


def current_manifest(folder: Path, audience: Audience) -> Manifest:
    """The manifest of a usable index. Raises ``IndexDamagedError`` for one of other libraries or another audience."""
    manifest = read_manifest(folder)
    if manifest.audience != audience.value:
        raise damaged(folder, "it is another audience's")
    if manifest.engine != engine_version():
        raise damaged(folder, f"it was written by {manifest.engine}, this is {engine_version()}")
    return manifest


def open_segments(folder: Path, manifest: Manifest) -> list[ColumnFile]:
    """The segments of a generation, mapped. Raises ``BrokenSealError`` where a file is missing or not of its size."""
    for name, seal in manifest.files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError as error:
            raise BrokenSealError(f"{name} can't be read ({error.strerror})") from error
        if size != seal.size:
            raise BrokenSealError(f"{name} is damaged")
    seals = [manifest.files[name] for name in manifest.segments]
    return [
        ColumnFile(folder / name, (seal.size, seal.sha256)) for name, seal in zip(manifest.segments, seals, strict=True)
    ]
