"""Zips: the files inside, with bounds on what they may unpack to."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from minutes_archive.capture import MAX_BODY
from minutes_archive.capture.members import UnreadableError
from minutes_archive.capture.payload import read_at_most
from minutes_archive.load.warcs import is_warc
from minutes_archive.model import Problem

MAX_TOTAL = 2 * 1024 * 1024 * 1024
MAX_ENTRIES = 100_000
# Word, Excel and PowerPoint files are zips too: they are documents, not containers.
_DOCUMENT_PARTS = frozenset({"[Content_Types].xml", "mimetype"})


def is_container(path: Path) -> bool:
    """Whether a file is a zip of files, and not a document that happens to be zipped."""
    with path.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04":
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not _DOCUMENT_PARTS.intersection(archive.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeError):
        return True


def read_zip(path: Path) -> Iterator[tuple[str, bytes | Problem]]:
    """The name and bytes of each file in a zip, in order of name; a problem for each that can't be unpacked.

    WARC files in it are passed over, see ``warcs``.

    Nothing is written to disk: a name is only a name, and ways up in it are left out.
    """
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = sorted((one for one in archive.infolist() if not one.filename.endswith("/")), key=lambda one: one.filename)
            for entry in entries[:MAX_ENTRIES]:
                parts = [part for part in entry.filename.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
                name = "/".join(parts)
                if not parts or parts[0] == "__MACOSX" or parts[-1].startswith(".") or is_warc(name):
                    continue
                yield name, _read_entry(archive, entry, f"{path.name}/{name}", MAX_TOTAL - total)
                total += min(entry.file_size, MAX_BODY)
            if len(entries) > MAX_ENTRIES:
                yield "", Problem("too_large", "warning", path.name, f"holds more than {MAX_ENTRIES} files; load it in parts")
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeError) as error:
        yield "", Problem("unreadable", "warning", path.name, f"is a damaged zip: {error}; unpack what can be and load that")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, left: int) -> bytes | Problem:
    most = min(MAX_BODY, left)
    try:
        with archive.open(entry) as stream:
            return read_at_most(stream, most)
    except UnreadableError as error:
        return Problem("too_large", "warning", where, f"{error}; it was left out")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        return Problem("unreadable", "warning", where, f"can't be unpacked: {error}")
