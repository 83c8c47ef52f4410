"""Durable writing: a file is the old one or the new one, never half of either.

Temporary file beside the target, fsync, rename over it, fsync of the folder. On Windows a folder
can't be fsynced; the rename is as safe as that system makes it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# On Windows a file that another process is reading can't be replaced at that moment: how often and how long to wait.
_TRIES = 50
_WAIT = 0.02


def sync_folder(folder: Path) -> None:
    """Make renames and new names in ``folder`` survive a power loss (a no-op on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create ``folder`` and what is missing above it, so that the names survive a power loss."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of ``path`` when the block ends, whole; after an error the old file stands.

    Raises ``OSError`` as the system gives it; no temporary file is left.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        # Not tempfile: its files are for their owner alone, whatever the umask of a shared archive says.
        with temporary.open("x+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        move(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``path`` whole, or leave what was there, see ``replacing``."""
    with replacing(path) as stream:
        stream.write(content)


def move(source: Path, target: Path) -> None:
    """Put ``source`` in the place of ``target``, both in one folder, and make that survive a power loss."""
    for attempt in range(_TRIES):
        try:
            source.replace(target)
            break
        except PermissionError:
            if os.name != "nt" or attempt == _TRIES - 1:
                raise
            time.sleep(_WAIT)
    sync_folder(target.parent)
