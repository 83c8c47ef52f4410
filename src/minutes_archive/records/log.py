"""The log of withdrawals: ``corpus/withdrawals.jsonl``, one line an act, and a seal as its last line.

Acts are only ever added. The file is replaced as a whole, so that a killed process or a power cut leaves the log
before or after; the seal (SHA-256 of all lines above it) tells a damaged one. Who can't read it can't know what is
withdrawn: then nothing is shown. It stands beside captures and records, and outlives both being made anew.

That there is a log, and what it began with, is noted in the records' manifest (``Note``), which is written after it: a
log that is gone, or shorter than it was, is told by that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from minutes_archive.durable import replace_file
from minutes_archive.errors import RecordError, VersionError
from minutes_archive.records.withdrawals import Act, Subject, Withdrawals
from minutes_archive.workspace import Workspace


@dataclass(frozen=True)
class Note:
    """What is noted of the log elsewhere: how many lines it had, and their SHA-256. Later lines may have followed."""

    lines: int
    sha256: str


def note_of(log: bytes) -> Note | None:
    """What is to be noted of a log, as ``read_log`` gives it; None where there is none."""
    return Note(log.count(b"\n"), hashlib.sha256(log).hexdigest()) if log else None


def begins_as_noted(log: bytes, note: Note | None) -> bool:
    """Whether a log, as ``read_log`` gives it, still begins with all that was noted of it."""
    return note is None or note_of(b"".join(line + b"\n" for line in log.split(b"\n")[:-1][:note.lines])) == note


def read_withdrawals(workspace: Workspace) -> Withdrawals:
    """All that was withdrawn and released. Raises ``RecordError`` for a log that is damaged or can't be read.

    And ``VersionError`` for one that a newer version wrote.
    """
    try:
        return Withdrawals(_act(json.loads(line)) for line in read_log(workspace).decode("utf-8").split("\n") if line)
    except (ValueError, KeyError, TypeError):  # it is as it was written, in words that are not ours
        raise VersionError(f"corpus/{log_file(workspace).name}") from None


def read_log(workspace: Workspace) -> bytes:
    """The lines of the log without their seal; none where there is no log. Raises ``RecordError`` for a damaged one."""
    path = log_file(workspace)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise RecordError(
            f"can't read corpus/{path.name} ({error.strerror}), and without it nothing is shown; check the disk, then try again"
        ) from None
    acts, _, _ = content.removesuffix(b"\n").rpartition(b"\n")
    acts += b"\n"
    try:
        if content != acts + _seal(acts) + b"\n":
            raise ValueError
    except ValueError:
        raise RecordError(
            f"corpus/{path.name} is damaged: what is withdrawn can't be told, and nothing is shown; restore it from a backup"
        ) from None
    return acts


def log_act(workspace: Workspace, act: Act) -> None:
    """Add ``act`` to the log, on the disk when this returns. The caller holds the writer's lock."""
    read_withdrawals(workspace)  # what is not understood is left alone
    lines = read_log(workspace) + f"{_line(act)}\n".encode()
    replace_file(log_file(workspace), lines + _seal(lines) + b"\n")


def log_file(workspace: Workspace) -> Path:
    """Where the log stands."""
    return workspace.corpus / "withdrawals.jsonl"


def _line(act: Act) -> str:
    told = {"at": act.at, "act": "withdraw" if act.withdrawn else "release", "id": act.id, "reason": act.reason}
    return json.dumps({**told, "subject": asdict(act.subject)}, ensure_ascii=False)


def _act(raw: dict[str, Any]) -> Act:
    # Whatever is not plainly a release withdraws.
    return Act(raw["at"], raw["act"] != "release", raw["id"], raw["reason"], Subject(**raw["subject"]))


def _seal(lines: bytes) -> bytes:
    return json.dumps({"seal": hashlib.sha256(lines).hexdigest()}).encode()
