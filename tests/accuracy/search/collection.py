"""The items that were judged: exactly the files that the gold names, in an archive of their own."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from accuracy.search.judgements import GOLD
from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.intake import Request
from minutes_archive.model import Item, Meeting
from minutes_archive.pipeline import Archiver
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.workspace import Workspace

SAMPLE = Path(__file__).parents[3] / "corpus" / "sample"
LOADED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class File:
    """One file that was judged: where it is, its SHA-256 (of real files) and the name that items of it go by."""

    path: Path
    sha256: str = ""
    name: str = ""


@dataclass(frozen=True)
class Collection:
    """An archive of the judged files. ``items``: key in the gold -> item; ``keys``: id in the archive -> key."""

    archive: Path
    items: dict[str, Item]
    keys: dict[str, str]


def judged_files(name: str) -> list[File] | None:
    """The files of a collection; None where they are not there (real files without $MINUTES_SHARED)."""
    listed = tomllib.loads((GOLD / f"{name}.files.toml").read_text("utf-8"))["file"]
    if name == "sample":
        return [File(SAMPLE / one["path"]) for one in listed]
    shared = os.environ.get("MINUTES_SHARED")
    if not shared or not (Path(shared) / "realdata").is_dir():
        return None
    return [File(Path(shared) / one["path"], one["sha256"], one["name"]) for one in listed]


def load(files: Sequence[File], archive: Path) -> Collection:
    """Put ``files`` into a new archive in the folder ``archive``, indexed."""
    workspace = Workspace.open(archive, writing=True)
    with workspace.writer_lock():
        council = None if files[0].sha256 else "thornmere"
        Archiver(workspace, lambda: LOADED_AT, lambda *_: None).add([one.path for one in files], Request(council))
        update_index(workspace)
    names = {one.sha256: one.name for one in files if one.sha256}
    meetings = ArchiveView(RecordStore(workspace), Audience.PUBLIC).meetings()
    items = {key_of(meeting, item, names): item for meeting in meetings for item in meeting.items}
    return Collection(archive, items, {item.id: key for key, item in items.items()})


def key_of(meeting: Meeting, item: Item, names: dict[str, str]) -> str:
    """How the gold calls an item: its id; of real files the file's name and a digest, since ids hold words of titles."""
    if not names:
        return item.id
    own = item.id.removeprefix(meeting.id)
    return f"{names[meeting.source.sha256]}/{hashlib.sha256(own.encode()).hexdigest()[:8]}"
