"""Bit rot: one bit flipped in one file, or a file cut short. Every one is found, nothing is answered wrong, and repair mends."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fakes.clock import Clock
from faults.trial import Case, Trial
from minutes_archive.capture import CaptureStore
from minutes_archive.checking import check
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.model import Capture
from minutes_archive.repairing import repair
from minutes_archive.workspace import Workspace
from upgrade.making import answers, holdings, make_archive, questions

# What is damaged in turn, and what may be left to say after a repair: bytes that nothing else holds can't be made anew.
TARGETS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "captures": (("corpus/captures/*.warc.gz",), frozenset({"capture_lost"})),
    "catalogue": (("corpus/captures/catalogue.*", "corpus/captures/ledger.json"), frozenset()),
    "records": (("corpus/meetings/**/*.json*",), frozenset()),
    "index": (("index/*/*", "index/*.records", "index/thesaurus.json"), frozenset()),
    "frontier": (("corpus/crawl/frontier.*",), frozenset()),
    "log of withdrawals": (("corpus/withdrawals.jsonl",), frozenset({"withdrawals_damaged"})),
}


@dataclass(frozen=True)
class Sound:
    """The archive that is damaged in copies: its folder, what it answers, what it holds."""

    root: Path
    answers: dict[str, Any]
    holdings: list[list[str]]

    @property
    def index(self) -> list[bytes]:
        """The segments of its indexes."""
        return segments(self.root)


@cache
def sound() -> Sound:
    """Made once a process: it is the same in each."""
    folder = Path(tempfile.mkdtemp(prefix="bit-rot-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    workspace = make_archive(folder / "archive")
    assert not list(check(workspace))
    return Sound(workspace.root, answers(workspace), holdings(workspace))


def attempt(case: Case) -> str | None:
    """Damage one file of an archive, check, ask, repair, ask again."""
    base = sound()
    root = case.folder / "archive"
    shutil.copytree(base.root, root)
    workspace = Workspace.open(root)
    target = list(TARGETS)[case.index // 2 % len(TARGETS)]
    damaged, said = damage(case, root, target)
    before = damaged.read_bytes()
    found = list(check(workspace))
    if not found:
        return f"{said}: not found"
    if wrong := answered_wrong(workspace, base):
        return f"{said}: answered wrong: {wrong}"
    told: list[str] = []
    left = repair(workspace, found, Clock().now, lambda problem: None, told.append)
    if over := [problem for problem in left if problem.code not in TARGETS[target][1]]:
        return f"{said}: left after repair: {over}; done: {told}"
    if target == "log of withdrawals":  # nothing else tells what is withdrawn: nothing is shown until it is back
        damaged.write_bytes((base.root / damaged.relative_to(root)).read_bytes())
    if answers(workspace) != (base.answers | frontier_lost(workspace, base)):
        return f"{said}: answers something else after repair"
    if target == "index" and segments(root) != base.index:
        return f"{said}: the index is not the one that it was"
    if target in {"captures", "records"} and not is_kept(workspace, before):
        return f"{said}: the damaged bytes are nowhere"
    return heal(workspace, base, said)


def damage(case: Case, root: Path, target: str) -> tuple[Path, str]:
    """Flip a bit (even cases) or cut (odd ones) in one of the files of ``target``."""
    chance = case.chance
    files = sorted(path for pattern in TARGETS[target][0] for path in root.glob(pattern) if path.is_file())
    path = chance.choice(files)
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    if case.index % 2:
        path.write_bytes(content[:at])
        said = f"cut to {at}"
    else:
        bit = chance.randrange(8)
        content[at] ^= 1 << bit
        path.write_bytes(content)
        said = f"bit {bit} of byte {at} flipped"
    return path, f"{path.relative_to(root).as_posix()} {said}"


def answered_wrong(workspace: Workspace, base: Sound) -> str | None:
    """What a damaged archive answers otherwise than the sound one; a refusal is no wrong answer."""
    store = CaptureStore(workspace, Clock().now)
    with questions(workspace) as asked:
        for name, ask in asked.items():
            with suppress(MinutesArchiveError):
                if ask() != base.answers[name]:
                    return name
    for one in base.holdings:
        content = store.read_sound(one[0])
        known = store.capture(one[0]) if content is not None else None
        if known is not None and known.audience.value != one[1]:
            return f"capture {one[0]} is for others"
    return None


def frontier_lost(workspace: Workspace, base: Sound) -> dict[str, Any]:
    """Without its frontier an archive knows no more what its sites list; all else must be as it was."""
    if workspace.frontier.exists():
        return {}
    with questions(workspace) as asked:
        return {name: ask() for name, ask in asked.items() if name.endswith("coverage")}


def segments(root: Path) -> list[bytes]:
    """The columns of both indexes; their names tell how often they were made."""
    return sorted(path.read_bytes() for path in root.glob("index/*/*.columns"))


def is_kept(workspace: Workspace, content: bytes) -> bool:
    """Whether damaged bytes were put away, or are where they were."""
    return any(path.read_bytes() == content for path in workspace.corpus.rglob("*") if path.is_file())


def heal(workspace: Workspace, base: Sound, said: str) -> str | None:
    """Add the bytes of lost captures again, as anyone would who has them: all is as it was, and for whom it was."""
    store, whole = (CaptureStore(one, Clock().now) for one in (workspace, Workspace.open(base.root)))
    held = {one[0] for one in holdings(workspace)}
    with store.run() as run:
        for capture in whole.captures():
            if capture.sha256 not in held:
                _keep(run.keep, capture, whole.read(capture.sha256))
    if left := list(check(workspace)):
        return f"{said}: left after all was added again: {left}"
    if holdings(workspace) != base.holdings:
        return f"{said}: holds something else after all was added again"
    return None


def _keep(keep: Callable[..., object], capture: Capture, content: bytes) -> None:
    keep(content, path=capture.path, url=capture.url, council=None, audience=None, media_type=capture.media_type)


TRIAL = Trial(
    number=4, name="bit-rot", full=1000, short=12, attempt=attempt,
    demands="500 flips and 500 truncations over captures, catalogue, records, index, frontier: 1000 found by `minutes check`; "
            "0 silent wrong answers; a damaged index is rebuilt equal",
)
