"""The manifest of an index: what is current, and how to tell that it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from minutes_archive.durable import replace_file
from minutes_archive.errors import IndexDamagedError

NAME = "current.json"
# Raise it whenever fields, analysis or entries change: an index of another version is made anew.
SCHEMA = "minutes-archive/index/2"

_GENERATION = re.compile(r"g(\d{8})")
_BLOCK = 1 << 20
_MAX_SIZE = 256 << 20


@dataclass(frozen=True)
class FileSeal:
    """The size and SHA-256 of one file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``engine`` names the libraries that wrote the generation; ``meetings`` maps meeting ids to the digests of
    their entries; ``files`` holds every file of the generation."""

    schema: str
    engine: str
    audience: str
    generation: str
    items: int
    meetings: Mapping[str, str]
    files: Mapping[str, FileSeal]


def damaged(folder: Path, what: str) -> IndexDamagedError:
    """The error for an index that can't be used."""
    return IndexDamagedError(f"the index {folder} can't be used: {what}. Make it anew with: minutes index --rebuild")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises ``IndexDamagedError`` where it is missing, changed or of another version."""
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
            raise damaged(folder, "it is of another version")
        fields["files"] = {name: FileSeal(**seal) for name, seal in fields["files"].items()}
        manifest = Manifest(**fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged(folder, f"{NAME} is damaged") from None
    if _seal(asdict(manifest)) != content or not _GENERATION.fullmatch(manifest.generation):
        raise damaged(folder, f"{NAME} is damaged")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make ``manifest`` the current one: from here on its generation is what readers see."""
    replace_file(folder / NAME, _seal(asdict(manifest)))


def _seal(fields: object) -> bytes:
    """The manifest's only valid form: its fields in order, with their own SHA-256."""
    body = json.dumps(fields, sort_keys=True, ensure_ascii=True, indent=1)
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f'{{"manifest": {body},\n"sha256": "{digest}"}}\n'.encode()


def next_generation(folder: Path, current: str | None) -> str:
    """A name that no generation in ``folder`` has, nor has had."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    numbers = [int(match[1]) for name in (*names, current or "") if (match := _GENERATION.fullmatch(name))]
    return f"g{max(numbers, default=0) + 1:08d}"


def generations(folder: Path) -> Iterator[Path]:
    """The generations that stand in ``folder``, finished or not."""
    return (path for path in folder.iterdir() if _GENERATION.fullmatch(path.name))


def seal_files(generation: Path) -> dict[str, FileSeal]:
    """The seals of all files of a generation."""
    seals = {}
    for path in sorted(generation.iterdir()):
        sha256 = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                sha256.update(block)
        seals[path.name] = FileSeal(path.stat().st_size, sha256.hexdigest())
    return seals
