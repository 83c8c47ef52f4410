"""Measure `minutes follow`: against the threads of the fictional council, and against labelled pairs of real items.

    python -m accuracy.threads [--held-back] [--faults]

Real files are found below the folder that $MINUTES_SHARED names; without it only the fictional council is measured. With
``--held-back`` the totals of the pairs that are held back are printed too, never the pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from council.render import MEETINGS, SAMPLE
from council.source import SourceItem, read_council
from minutes_archive.follow import Entry, Follower, entries_of
from minutes_archive.model import Meeting
from minutes_archive.parsing import parse_files

PAIRS = Path(__file__).parents[1] / "gold" / "threads"
PARTS = {"real": "seen", "second": "second drawing", "third": "third drawing", "third-kept": "third drawing, kept",
         "held-back": "held back"}
# Of these totals alone are printed.
KEPT = ("third-kept", "held-back")
NO_REAL_FILES = "Real pairs were not measured: $MINUTES_SHARED names no folder that holds realdata/."
_WORD = re.compile(r"[a-z0-9]{3,}")
_STOP = frozenset({"the", "and", "for", "with", "from"})
Joined = Callable[[Entry, Entry], bool]


@dataclass
class Tally:
    """``told`` pairs are said to be one matter, ``right`` of them are; ``labelled`` ones are, ``found`` of them are told."""

    told: int = 0
    right: int = 0
    labelled: int = 0
    found: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, told: bool, same: bool, name: str) -> None:
        """Count a pair of which it is known whether it is one matter."""
        self.told += told
        self.right += told and same
        self.labelled += same
        self.found += told and same
        if told != same:
            self.faults.append(f"{'wrong ' if told else 'missed'} {name}")

    @property
    def precision(self) -> float:
        """The share of what is told that is right."""
        return self.right / max(1, self.told)

    @property
    def recall(self) -> float:
        """The share of what is labelled that is told."""
        return self.found / max(1, self.labelled)


class ByFollow:
    """Whether two items stand in one thread, asked from either."""

    def __init__(self, meetings: Sequence[Meeting]) -> None:
        self.follower = Follower(meetings)
        self._threads: dict[str, frozenset[str]] = {}

    def __call__(self, one: Entry, other: Entry) -> bool:
        return other.id in self._ids(one.id) or one.id in self._ids(other.id)

    def _ids(self, item_id: str) -> frozenset[str]:
        if item_id not in self._threads:
            thread = self.follower.thread(item_id)
            self._threads[item_id] = frozenset(entry.id for entry in thread.entries) if thread else frozenset()
        return self._threads[item_id]


def by_titles(one: Entry, other: Entry) -> bool:
    """The baseline: half of the words of both titles are the same."""
    first, second = (frozenset(_WORD.findall(entry.item.title.lower())) - _STOP for entry in (one, other))
    return len(first & second) >= 0.5 * max(1, len(first | second))


def sample() -> tuple[list[Meeting], dict[str, SourceItem]]:
    """The fictional council's meetings as they are read of the sample, and the labels of the items, by id."""
    meetings = list(parse_files(sorted(path for path in SAMPLE.rglob("*") if path.is_file()), lambda _: None))
    labels = {
        (meeting.body, str(meeting.date), item.title): item for meeting in read_council(MEETINGS) for item in meeting.items
    }
    found = {
        item.id: labels[meeting.body or "", meeting.date or "", item.title] for meeting in meetings for item in meeting.items
    }
    return meetings, found


def over_sample(joined: Joined, meetings: Sequence[Meeting], labels: dict[str, SourceItem]) -> Tally:
    """Of all pairs of items told to be one matter, those that are; of the neighbours in each labelled thread, those told."""
    entries = sorted(entries_of(meetings), key=lambda entry: (entry.day, entry.meeting.id, entry.item.ordinal))
    tally, threads = Tally(), defaultdict[str, list[Entry]](list)
    for entry in entries:
        for name in labels[entry.id].threads:
            threads[name].append(entry)
    for one, other in combinations((entry for entry in entries if not entry.item.procedural), 2):
        if one.day != other.day and joined(one, other):
            first, second = labels[one.id], labels[other.id]
            same = bool(set(first.threads) & set(second.threads))
            if same or not {*first.threads, *first.perhaps} & {*second.threads, *second.perhaps}:
                tally.told += 1
                tally.right += same
                tally.faults += [] if same else [f"wrong  {_named(one, other)}"]
    for one, other in (pair for several in threads.values() for pair in pairwise(several)):
        tally.labelled += 1
        tally.found += joined(one, other)
        tally.faults += [] if joined(one, other) else [f"missed {_named(one, other)}"]
    return tally


def over_returns(follower: Follower, meetings: Sequence[Meeting], labels: dict[str, SourceItem]) -> Tally:
    """Of the deferred items that are told to have come back, those that did, and where; of those that did, those told."""
    entries = sorted(entries_of(meetings), key=lambda entry: (entry.day, entry.meeting.id, entry.item.ordinal))
    tally = Tally()
    for entry in (one for one in entries if "deferred" in labels[one.id].decisions):
        names = set(labels[entry.id].threads)
        later = [one for one in entries if one.day > entry.day and names & set(labels[one.id].threads)]
        told = next(iter(follower.returned([entry.id])), None)
        back = told.returned.id if told and told.returned else None
        right = bool(later) and back == later[0].id
        tally.told += back is not None
        tally.labelled += bool(later)
        tally.right += right
        tally.found += right
        if right != bool(later) or (back and not right):
            tally.faults.append(f"return {entry.day} {entry.item.title}: {back}")
    return tally


def _named(one: Entry, other: Entry) -> str:
    return f"{one.day} {one.item.title[:60]} | {other.day} {other.item.title[:60]}"


def real_pairs(realdata: Path, part: str) -> Iterator[tuple[str, list[Meeting], list[dict[str, Any]]]]:
    """The labelled pairs of one part ("real", "held-back") by set of files, with the meetings of the files that are named."""
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pair in json.loads((PAIRS / part / "pairs.json").read_text("utf-8")):
        by_set[pair["earlier"]["file"].split("/")[0]].append(pair)
    for name, pairs in sorted(by_set.items()):
        files = sorted({realdata / pair[end]["file"] for pair in pairs for end in ("earlier", "later")})
        yield name, list(parse_files(files, lambda _: None)), pairs


def over_real(joined: Joined, meetings: Sequence[Meeting], pairs: Sequence[dict[str, Any]]) -> Tally:
    """The labelled pairs told to be one matter, and those that are."""
    entries = list(entries_of(meetings))
    placed = {(entry.meeting.source.sha256, entry.item.ordinal): entry for entry in entries}
    numbered = {(entry.meeting.source.sha256, entry.item.number): entry for entry in reversed(entries)}
    tally = Tally()
    for pair in pairs:
        one, other = (_entry(pair[end], placed, numbered) for end in ("earlier", "later"))
        told = one is not None and other is not None and joined(one, other)
        tally.add(told, pair["same"], f"{pair['kind']}: {_named(one, other) if one and other else 'not read'}")
    return tally


def _entry(label: dict[str, Any], placed: dict[Any, Entry], numbered: dict[Any, Entry]) -> Entry | None:
    found = placed.get((label["sha256"], label["ordinal"]))
    if label["number"] is not None and (found is None or found.item.number != label["number"]):
        return numbered.get((label["sha256"], label["number"]), found)
    return found


def figures(name: str, tally: Tally, peer: Tally | None) -> str:
    """A row of the table: ours, then the baseline's."""
    beside = f"{peer.precision:.3f} | {peer.recall:.3f}" if peer else "– | –"
    counts = f"{tally.right}/{tally.told} | {tally.found}/{tally.labelled}"
    return f"| {name} | {counts} | {tally.precision:.3f} | {tally.recall:.3f} | {beside} |"


def added(tallies: Sequence[Tally]) -> Tally:
    """All of them in one."""
    return Tally(
        sum(one.told for one in tallies), sum(one.right for one in tallies), sum(one.labelled for one in tallies),
        sum(one.found for one in tallies), [fault for one in tallies for fault in one.faults],
    )


def _measure_real(part: str) -> list[str]:
    """Print the figures of one part of the real pairs; the faults, where they may be looked at."""
    shared = os.environ.get("MINUTES_SHARED")
    if not shared or not (Path(shared) / "realdata").is_dir():
        print(NO_REAL_FILES, file=sys.stderr)
        return []
    mine, peers = [], []
    for name, held, pairs in real_pairs(Path(shared) / "realdata", part):
        mine.append(over_real(ByFollow(held), held, pairs))
        peers.append(over_real(by_titles, held, pairs))
        if part == "real":
            print(figures(f"{name}, {PARTS[part]}", mine[-1], peers[-1]))
    print(figures(f"real pairs, {PARTS[part]}", added(mine), added(peers)))
    return [fault for tally in mine for fault in tally.faults] if part not in KEPT else []


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    options = argparse.ArgumentParser(prog="accuracy.threads", description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--held-back", action="store_true", help="the totals of what is held back too")
    options.add_argument("--faults", action="store_true", help="list what is wrong or missed; never of what is held back")
    chosen = options.parse_args(arguments)
    print("| threads | right/told | found/labelled | precision | recall | baseline precision | baseline recall |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    meetings, labels = sample()
    follow = ByFollow(meetings)
    ours = over_sample(follow, meetings, labels)
    print(figures("fictional council, pairs", ours, over_sample(by_titles, meetings, labels)))
    returns = over_returns(follow.follower, meetings, labels)
    print(figures("fictional council, deferred and back", returns, None))
    faults = [*ours.faults, *returns.faults]
    for part in ("real", "second", "third", *(["third-kept", "held-back"] if chosen.held_back else [])):
        faults += _measure_real(part)
    for fault in faults if chosen.faults else ():
        print(fault)
    return 0


if __name__ == "__main__":
    sys.exit(main())
