"""Opening: the current generation of an index, found to be of this program and of this audience."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import Stemmer

from minutes_archive.access import Audience
from minutes_archive.search.whoosh.columns import BrokenSealError, ColumnFile
from minutes_archive.search.whoosh.manifest import Manifest, damaged, read_manifest, seal_file


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


def check_index(folder: Path, audience: Audience) -> None:
    """Read every byte of the current generation. Raises ``IndexDamagedError`` where one is not what was written.

    Where a writer puts another generation in its place meanwhile, that one is read.
    """
    while True:
        manifest = current_manifest(folder, audience)
        try:
            for file in open_segments(folder, manifest):
                with closing(file):
                    file.check_all()
            if changed := [name for name, seal in manifest.files.items() if seal_file(folder / name) != seal]:
                raise BrokenSealError(f"{changed[0]} is damaged")
            return
        except (BrokenSealError, OSError) as error:
            if current_manifest(folder, audience).generation == manifest.generation:
                raise damaged(folder, str(error)) from error


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
