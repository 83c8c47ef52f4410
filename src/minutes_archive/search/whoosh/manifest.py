"""The manifest of an index: what is current, and how to tell that it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from minutes_archive.durable import replace_file
from minutes_archive.errors import IndexDamagedError, VersionError
from minutes_archive.search.whoosh.columns import seal_of

NAME = "current.json"
COLUMNS = ".columns"
# Raise it whenever fields, analysis or entries change: an index of another version is made anew.
SCHEMA = "minutes-archive/index/4"

_GENERATION = re.compile(r"g(\d{8})")
# The number of the generation that a file was made for stands in its name.
_MADE_FOR = re.compile(r"(?:g|_?minutes_)(\d{8}|\d+)")
_MAX_SIZE = 1 << 20


@dataclass(frozen=True)
class FileSeal:
    """The size of one file and the SHA-256 of its tail, which seals every block of it (see ``columns``), or of all of it
    where it is no column file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``engine`` names what wrote the generation; ``segments`` are its column files in order; ``files`` are all of them."""

    schema: str
    engine: str
    audience: str
    generation: str
    items: int
    segments: tuple[str, ...]
    files: Mapping[str, FileSeal]


def damaged(folder: Path, what: str) -> IndexDamagedError:
    """The error for an index that can't be used."""
    return IndexDamagedError(f"the index {folder} can't be used: {what}. Make it anew with: minutes index --rebuild")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises ``IndexDamagedError`` where it is missing, changed or of an earlier version,
    and ``VersionError`` where it is of a newer one.
    """
    path = folder / NAME
    try:
        if path.stat().st_size > _MAX_SIZE:
            raise damaged(folder, f"{NAME} is not of this program")
        content = path.read_bytes()
    except FileNotFoundError:
        raise damaged(folder, "there is none yet") from None
    except OSError as error:
        raise damaged(folder, f"{NAME} can't be read ({error.strerror})") from error
    try:
        sealed = json.loads(content)
        fields = sealed["manifest"]
        if fields["schema"] != SCHEMA and _seal(fields) == content:
            if _number(fields["schema"]) > _number(SCHEMA):
                raise VersionError(f"the index {folder}", ", or make the index anew with: minutes index --rebuild")
            raise damaged(folder, "it is of an earlier version")
        fields["files"] = {name: FileSeal(**seal) for name, seal in fields["files"].items()}
        fields["segments"] = tuple(fields["segments"])
        manifest = Manifest(**fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged(folder, f"{NAME} is damaged") from None
    if _seal(asdict(manifest)) != content or not _GENERATION.fullmatch(manifest.generation):
        raise damaged(folder, f"{NAME} is damaged")
    return manifest


def _number(schema: str) -> int:
    return int(schema.rpartition("/")[2])


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make ``manifest`` the current one: from here on its generation is what readers see."""
    replace_file(folder / NAME, _seal(asdict(manifest)))


def _seal(fields: object) -> bytes:
    """The manifest's only valid form: its fields in order, with their own SHA-256."""
    body = json.dumps(fields, sort_keys=True, ensure_ascii=True, indent=1)
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f'{{"manifest": {body},\n"sha256": "{digest}"}}\n'.encode()


def next_generation(folder: Path, current: str | None) -> str:
    """A name that no generation in ``folder`` has, nor has had as far as its files tell."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    numbers = [int(match[1]) for name in (*names, current or "") if (match := _MADE_FOR.match(name))]
    return f"g{max(numbers, default=0) + 1:08d}"


def seal_file(path: Path) -> FileSeal:
    """The seal of a file."""
    if path.suffix == COLUMNS:
        return FileSeal(*seal_of(path))
    content = path.read_bytes()
    return FileSeal(len(content), hashlib.sha256(content).hexdigest())
