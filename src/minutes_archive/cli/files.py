"""Files that commands write for the user, beside the archive and never into it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from minutes_archive.durable import replacing
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.workspace import Workspace


def write_file(file: Path, content: bytes, workspace: Workspace) -> None:
    """Put ``content`` in the file that the user named, whole or not at all, see ``writing_file``."""
    with writing_file(file, workspace) as stream:
        stream.write(content)


@contextlib.contextmanager
def writing_file(file: Path, workspace: Workspace) -> Iterator[BinaryIO]:
    """A stream to the file that the user named: all of it takes the old one's place, or none; through a link, of its target.

    Raises ``MinutesArchiveError`` where the name is no place for it: a folder, a device, a folder that is not there, or
    the archive's own files.
    """
    target = file.resolve()
    if target.is_dir():
        raise MinutesArchiveError(f"{file} is a folder; name a file in it")
    if target.exists() and not target.is_file():
        raise MinutesArchiveError(f"{file} is no ordinary file; name another")
    if not target.parent.is_dir():
        raise MinutesArchiveError(f"{file.parent} is no folder; make it first, or name another")
    if any(target.is_relative_to(own.resolve()) for own in (workspace.captures, workspace.meetings, workspace.index)):
        raise MinutesArchiveError(f"{file} is among the archive's own files; name another place")
    with replacing(target) as stream:
        yield stream
