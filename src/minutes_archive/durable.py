"""Durable writing: a file is the old one or the new one, never half of either.

Temporary file beside the target, fsync, rename over it, fsync of the folder. On Windows a folder
can't be fsynced; the rename is as safe as that system makes it. What a killed process left of a temporary file
goes when the same file is replaced the next time: the system tells whether its maker is alive.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

# On Windows a file that another process is reading can't be replaced at that moment: how often and how long to wait.
_TRIES = 50
_WAIT = 0.02


def free_path(path: Path) -> Path:
    """``path``, or where something stands there already, the first numbered name beside it that nothing has."""
    names = (path.name if number == 1 else f"{number}-{path.name}" for number in count(1))
    return next(one for one in map(path.with_name, names) if not one.exists())


def sync_folder(folder: Path) -> None:
    """Make renames and new names in ``folder`` survive a power loss (a no-op on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the content of the file ``path`` survive a power loss."""
    with path.open("r+b") as stream:  # Windows wants a handle that may write
        os.fsync(stream.fileno())


def sync_tree(folder: Path) -> None:
    """Make all files below ``folder`` survive a power loss, and their names: many at once, where the system can."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in folder.rglob("*"):
        if path.is_file():
            sync_file(path)


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
    _remove_abandoned(path)
    temporary, stream = _new_temporary(path)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        move(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _new_temporary(path: Path) -> tuple[Path, BinaryIO]:
    """A file beside ``path``, locked for as long as it is open, so that others see that its maker is alive."""
    while True:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
        # Not tempfile: its files are for their owner alone, whatever the umask of a shared archive says.
        stream = temporary.open("x+b")
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # some network folders know no locks
                fcntl.flock(stream, fcntl.LOCK_EX)
            if not os.fstat(stream.fileno()).st_nlink:  # taken for abandoned before it was locked
                stream.close()
                continue
        return temporary, stream


def _remove_abandoned(path: Path) -> None:
    """Remove temporary files for ``path`` whose makers are gone. On Windows the system itself keeps those that are open."""
    with contextlib.suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(f".{path.name}.") and left.name.endswith(".tmp"):
                with contextlib.suppress(OSError):
                    _remove_unlocked(left)


def _remove_unlocked(path: Path) -> None:
    """Remove a file that nobody holds. Raises ``OSError`` where somebody does."""
    if sys.platform == "win32":
        path.unlink()
        return
    with path.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


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
