"""WARC files: by themselves, in a zip, or as what a WACZ file holds (https://specs.webrecorder.net/wacz/1.1.1/)."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from minutes_archive.capture.foreign import ForeignRecord, read_foreign
from minutes_archive.errors import CaptureError
from minutes_archive.model import Problem

_SUFFIXES = (".warc", ".warc.gz")
_PACKAGE = "datapackage.json"
_MAX_PACKAGE = 16 * 1024 * 1024
_BLOCK = 1024 * 1024
# WARC files are packed already: one that a zip has packed to a quarter and less is no such file.
_MAX_SMALL = 2 * 1024 * 1024 * 1024
_MAX_RATIO = 4


def is_warc(name: str) -> bool:
    """Whether a file's name says that it is a WARC file."""
    return name.lower().endswith(_SUFFIXES)


def is_wacz(path: Path) -> bool:
    """Whether a zip is a WACZ file: then nothing in it but its WARC files was captured."""
    with contextlib.suppress(zipfile.BadZipFile, OSError, NotImplementedError, UnicodeError), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        return _PACKAGE in names and any(name.startswith("archive/") and is_warc(name) for name in names)
    return False


def read_zipped(path: Path) -> Iterator[tuple[str, ForeignRecord | Problem]]:
    """The records of every WARC file in a zip, each with the name of its file; problems where one is damaged.

    Where the zip is a WACZ file, a WARC file that has not the SHA-256 it was packed with is said, and read all the same:
    its records have digests of their own.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            digests = _digests(archive)
            for entry in sorted(archive.infolist(), key=lambda one: one.filename):
                if is_warc(entry.filename):  # no folder: the name of one ends in a stroke
                    name = "/".join(part for part in entry.filename.split("/") if part not in {"", ".", ".."})
                    for found in _read_entry(archive, entry, name, digests.get(entry.filename)):
                        yield name, found
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError):
        return  # ``read_zip`` says so


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, digest: str | None
) -> Iterator[ForeignRecord | Problem]:
    with tempfile.TemporaryFile() as stream:  # a zip can't be read to and fro
        try:
            found = _unpack(archive, entry, stream)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            yield Problem("damaged_warc", "warning", name, f"can't be unpacked whole ({error}); what was is loaded")
            found = digest
        if found is None:
            yield Problem("too_large", "warning", name, "unpacks to more than a WARC file can; it was left out")
            return
        if digest is not None and found != digest:
            yield Problem("damaged_warc", "warning", name, "has not the SHA-256 that its package says; what is whole is loaded")
        try:
            yield from read_foreign(stream, name)
        except CaptureError as error:
            yield Problem("unreadable", "warning", name, str(error))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, stream: IO[bytes]) -> str | None:
    """Write the entry to ``stream``; its SHA-256, None where it grows beyond what such a file can be."""
    if entry.file_size > max(_MAX_SMALL, _MAX_RATIO * entry.compress_size):
        return None
    sha256 = hashlib.sha256()
    left = entry.file_size
    with archive.open(entry) as packed:
        # The end by itself: reading it checks the sum of all, and what is read with it is lost where that does not fit.
        while block := packed.read(min(_BLOCK, max(left - 1, 1))):
            left -= len(block)
            sha256.update(block)
            stream.write(block)
    return f"sha256:{sha256.hexdigest()}"


def _digests(archive: zipfile.ZipFile) -> dict[str, str]:
    """The SHA-256 of files in a WACZ, by its data package; none where there is none to be read."""
    try:
        with archive.open(_PACKAGE) as stream:
            package: Any = json.loads(stream.read(_MAX_PACKAGE))
        told = {str(one["path"]): str(one["hash"]) for one in package["resources"]}
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return {}
    return {path: digest for path, digest in told.items() if digest.startswith("sha256:")}
