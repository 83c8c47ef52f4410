"""Resuming: a crawl killed at any step, again and again, loses nothing and asks again for no more than was in flight."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from fakes.crawled import crawled
from fakes.server import Server
from fakes.site import FakeCouncil
from faults.child import KILLED, Ended, run
from faults.trial import Case, Trial
from minutes_archive.capture import check_captures
from minutes_archive.crawl.frontier import Frontier
from minutes_archive.records import RecordStore, write_record
from minutes_archive.workspace import Workspace

_KILLS = 4
_MEETINGS = ("3188", "3225", "3219")


def attempt(case: Case) -> str | None:
    """Kill crawls of one small site four times: of one archive while it lasts, then of the next."""
    chance = case.chance
    council = FakeCouncil()
    meetings = {number: council.meetings[number] for number in _MEETINGS}
    with crawled(case.folder / "none", service=case.index % 2 == 0, messy=False, meetings=meetings) as site:
        undisturbed = Crawl(case.folder / "undisturbed", site.server)
        ended = undisturbed.go_on(None)
        if ended.status:
            return f"undisturbed, it ended with {ended.status}: {ended.told}"
        expected, steps = undisturbed.records(), ended.steps
        pages = undisturbed.asked.keys()
        kills = 0
        while kills < _KILLS:  # one archive after the other: each is killed until it is through
            crawl = Crawl(case.folder / f"killed-{kills}", site.server)
            while kills < _KILLS and not crawl.has_asked_for_all():
                ended = crawl.go_on(chance.randrange(steps // 3))
                if ended.status not in {0, KILLED}:
                    return f"it ended with {ended.status}: {ended.told}"
                kills += ended.status == KILLED
                crawl.kills += ended.status == KILLED
            if fault := crawl.fault(expected, pages):
                return f"after {crawl.kills} kills: {fault}"
    return None


@dataclass
class Crawl:
    """The crawls of one archive in ``folder``; ``asked`` counts what they asked for until one had asked for everything."""

    folder: Path
    server: Server
    kills: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    def go_on(self, fatal: int | None) -> Ended:
        """Crawl until the step ``fatal``."""
        self.folder.mkdir(exist_ok=True)
        self.server.log.clear()
        address = f"{self.server.url}/ieListMeetings.aspx?CId=102"
        command = ["--archive", str(self.folder / "archive"), "crawl", address, "--allow-private", "--delay", "0"]
        done = self.has_asked_for_all()
        ended = run(command, self.folder.resolve(), fatal)
        if not done:  # what is looked at after that is a second run's
            self.asked.update(one.target for one in self.server.log if one.target != "/robots.txt")
        return ended

    def has_asked_for_all(self) -> bool:
        """Whether a run had come to the end of its asking."""
        path = Workspace(self.folder / "archive").frontier
        if not path.exists():
            return False
        with contextlib.closing(Frontier(path)) as frontier:
            return any(
                not frontier.was_cut_off(one) and not frontier.counts(one).get("pending") for one in frontier.sources()
            )

    def fault(self, expected: dict[str, str], pages: object) -> str | None:
        """What is lost, or was asked for too often, once the crawl has come to its end."""
        ended = self.go_on(None)
        if ended.status:
            return f"it ended with {ended.status}: {ended.told}"
        if apart := _apart(self.records(), expected):
            return f"records differ: {apart}"
        if problems := list(check_captures(Workspace.open(self.folder / "archive"))):
            return f"check finds {problems[0]}"
        if self.asked.keys() != pages:
            return "other pages were asked for than by a crawl that nobody killed"
        twice = sum(self.asked.values()) - len(self.asked)
        return f"{twice} pages were asked for twice" if twice > self.kills else None

    def records(self) -> dict[str, str]:
        """The records by their ids, without the time of fetching."""
        found = {one.id: write_record(one) for one in RecordStore(Workspace.open(self.folder / "archive")).meetings()}
        return {name: re.sub(r'"fetched_at":"[^"]*"', "", line) for name, line in found.items()}


def _apart(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    """Where two sets of records differ, in few words."""
    apart = [f"{name}: missing or too much" for name in found.keys() ^ expected.keys()]
    for name in found.keys() & expected.keys():
        at = next((at for at, pair in enumerate(zip(found[name], expected[name], strict=False)) if pair[0] != pair[1]), None)
        if at is not None or len(found[name]) != len(expected[name]):
            at = at or 0
            apart.append(f"{name}: {found[name][max(0, at - 30) : at + 70]} != {expected[name][max(0, at - 30) : at + 70]}")
    return apart


TRIAL = Trial(
    7, "resume",
    "a crawl killed four times, a hundred kills in all: no page lost, none asked for twice but the one in flight",
    full=25, short=1, attempt=attempt,
)
