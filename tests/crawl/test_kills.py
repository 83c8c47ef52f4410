"""A crawl that is killed anywhere loses nothing, and asks again for no more than what was in flight."""

from __future__ import annotations

import contextlib
import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from minutes_archive.capture import check_captures
from minutes_archive.crawl.frontier import Frontier
from minutes_archive.records import RecordStore, write_record
from minutes_archive.workspace import Workspace

# The long form: make kills (100 of them).
KILLS = int(os.environ.get("MINUTES_KILLS", "3"))
RUNNER = Path(__file__).parent / "killed.py"


def crawl(archive: Path, url: str, fatal: int) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        str(RUNNER),
        str(fatal),
        "--archive",
        str(archive),
        "crawl",
        f"{url}/ieListMeetings.aspx?CId=102",
        "--allow-private",
        "--delay",
        "0",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def records(archive: Path) -> dict[str, str]:
    found = {one.id: write_record(one) for one in RecordStore(Workspace.open(archive)).meetings()}
    return {name: re.sub(r'"fetched_at":"[^"]*"', "", line) for name, line in found.items()}


@pytest.mark.parametrize("service", [True, False])
def test_nothing_is_lost_and_only_what_was_in_flight_is_asked_for_twice(crawled, tmp_path: Path, service: bool):
    site = crawled(service=service, messy=False)
    keep = ("3188", "3225", "3219")
    site.council.meetings = {number: site.council.meetings[number] for number in keep}
    undisturbed = crawl(tmp_path / "undisturbed", site.server.url, 0)
    assert undisturbed.returncode == 0, undisturbed.stderr
    points = int(re.findall(r"points (\d+)", undisturbed.stderr)[-1])
    expected = records(tmp_path / "undisturbed")
    asked_undisturbed = Counter(one.target for one in site.server.log)
    del asked_undisturbed["/robots.txt"]
    chance = random.Random(f"{service} {KILLS}")
    done = 0
    while done < KILLS:  # one archive after the other: each is killed until it is through
        site.server.log.clear()
        archive, kills, through = tmp_path / f"killed{done}", 0, False
        while done + kills < KILLS and not through:
            ended = crawl(archive, site.server.url, chance.randint(1, points // 3))
            assert ended.returncode in {0, -9} or os.name == "nt", ended.stderr
            kills += ended.returncode != 0
            through = has_asked_for_all(archive)
        if not through:
            finish(archive, site.server.url)
        asked = Counter(one.target for one in site.server.log)
        del asked["/robots.txt"]
        if through:  # killed while it recorded: what it looks at now is a second run's
            finish(archive, site.server.url)
        assert _apart(records(archive), expected) == []
        assert not list(check_captures(Workspace.open(archive)))
        assert asked.keys() == asked_undisturbed.keys()
        assert sum(asked.values()) <= len(asked) + kills, "no more than the one in flight twice"
        done += max(1, kills)
        print(f"{kills} kills: {len(asked)} pages, {sum(asked.values()) - len(asked)} of them asked for twice")


def finish(archive: Path, url: str) -> None:
    last = crawl(archive, url, 0)
    assert last.returncode == 0, last.stderr


def has_asked_for_all(archive: Path) -> bool:
    """Whether a run had come to the end of its asking when it was killed."""
    path = Workspace.open(archive).frontier if archive.exists() else archive
    if not path.exists():
        return False
    with contextlib.closing(Frontier(path)) as frontier:
        return any(not frontier.was_cut_off(one) and not frontier.counts(one).get("pending") for one in frontier.sources())


def _apart(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    """Where two sets of records differ, in few words."""
    apart = [f"{name}: missing or too much" for name in found.keys() ^ expected.keys()]
    for name in found.keys() & expected.keys():
        at = next((at for at, pair in enumerate(zip(found[name], expected[name], strict=False)) if pair[0] != pair[1]), None)
        if at is not None or len(found[name]) != len(expected[name]):
            at = at or 0
            apart.append(f"{name}: {found[name][max(0, at - 30) : at + 70]} != {expected[name][max(0, at - 30) : at + 70]}")
    return apart
