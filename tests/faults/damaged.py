"""Damaged copies of an archive, and all that ``minutes check`` says of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from command_line import typed


def captures_gone(root: Path) -> None:
    for path in (root / "corpus" / "captures").glob("*.warc.gz"):
        path.unlink()


def catalogue_gone(root: Path) -> None:
    for path in (root / "corpus" / "captures").glob("catalogue.*"):
        path.unlink()


def all_captures_gone(root: Path) -> None:
    shutil.rmtree(root / "corpus" / "captures")


def records_gone(root: Path) -> None:
    shutil.rmtree(root / "corpus" / "meetings")


def manifest_gone(root: Path) -> None:
    (root / "corpus" / "meetings" / "manifest.json").unlink()


def records_cut(root: Path) -> None:
    for path in (root / "corpus" / "meetings").rglob("*.jsonl"):
        path.write_bytes(path.read_bytes()[:-9])


def log_gone(root: Path) -> None:
    (root / "corpus" / "withdrawals.jsonl").unlink()


HARMS: tuple[tuple[Callable[[Path], None], ...], ...] = (
    (captures_gone,), (catalogue_gone,), (all_captures_gone,), (records_gone,), (manifest_gone,), (records_cut,),
    (captures_gone, records_gone), (captures_gone, records_cut), (captures_gone, manifest_gone), (log_gone, records_gone),
    (log_gone, captures_gone),
)


def said_of_damage(archive: Path, folder: Path) -> bytes:
    """What is said to the public of copies of ``archive`` below ``folder``, each damaged otherwise, repairs included."""
    said = []
    for harms in HARMS:
        copy = folder / "-".join(one.__name__ for one in harms)
        shutil.copytree(archive, copy)
        for harm in harms:
            harm(copy)
        for options in ((), ("--json",), ("--repair", "--dry-run"), ("--repair",)):
            done = typed("--archive", copy, "check", *options)
            assert done.status or options == ("--repair",), (copy.name, options, done)
            said.append(done.out + done.err)
        shutil.rmtree(copy)
    return "\n".join(said).encode()
