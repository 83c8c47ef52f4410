"""A council's site that is served, and an archive that crawls it without waiting."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fakes.clock import Clock
from fakes.server import Server, serving
from fakes.site import FakeCouncil
from minutes_archive.crawl.http import Fetcher, Limits
from minutes_archive.crawl.keeper import Fetch
from minutes_archive.crawling import Means, Summary, Wish, crawl, find_source
from minutes_archive.model import Exchange
from minutes_archive.pipeline import Archiver
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace

# For servers that never answer; all others may be as slow as the machine is busy.
QUICK = Limits(total=3.0, silence=0.5, connect=2.0, patience=0.3, slowest=100_000)


@dataclass
class Crawled:
    """A served council and an archive that crawls it; every run may be told what to wish.

    ``elsewhere`` asks for what is not on the served site; None: the fetcher that asks the site, which may ask private networks.
    """

    council: FakeCouncil
    server: Server
    workspace: Workspace
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    warnings: list[str] = field(default_factory=list)
    elsewhere: Fetch | None = None

    def run(self, url: str = "", **wish: Any) -> Summary:
        """One crawl; ``server.log`` then holds its requests alone."""
        self.server.log.clear()
        self.server.times.clear()
        self.warnings.clear()
        fetcher = Fetcher(self.clock.now, allow_private=True, limits=self.limits)

        def fetch(url: str, validators: dict[str, str] | None = None) -> Exchange:
            other = self.elsewhere and not f"{url}/".startswith(f"{self.server.url}/")
            return self.elsewhere(url, validators or {}) if other and self.elsewhere else fetcher.fetch(url, validators)

        means = Means(fetch, self.clock.now, self.clock.sleep, warn=self.warnings.append)
        try:
            with self.workspace.writer_lock():
                source = find_source(
                    self.workspace, url or f"{self.server.url}{self.council.mount}/ieListMeetings.aspx?CId=1", means
                )
                archiver = Archiver(self.workspace, self.clock.now, lambda problem: None)
                return crawl(self.workspace, [source], Wish(**wish), means, archiver)[source.name]
        finally:
            fetcher.close()

    def interrupted(self, when: Callable[[float], bool]) -> None:
        """One crawl that a person stops, before the first pause of which ``when`` says so."""
        sleep = self.clock.sleep

        def stop(seconds: float) -> None:
            if when(seconds):
                self.clock.sleep = sleep  # type: ignore[method-assign]
                raise KeyboardInterrupt
            sleep(seconds)

        self.clock.sleep = stop  # type: ignore[method-assign]
        with contextlib.suppress(KeyboardInterrupt):
            self.run()
            raise AssertionError("nobody stopped it")

    def asked(self) -> list[str]:
        """What was asked for in the last run, in lower case."""
        return [one.target.lower() for one in self.server.log]

    def records(self) -> dict[str, Any]:
        """The meetings recorded, by the site's own ids."""
        return {one.id.rpartition("/")[2]: one for one in RecordStore(self.workspace).meetings()}


@contextlib.contextmanager
def crawled(folder: Path, **said: Any) -> Iterator[Crawled]:
    """A fake council, changed as ``said``, served for an archive in ``folder``."""
    clock = Clock()
    council = replace(FakeCouncil(), **said)
    with serving(council, clock.time) as server:
        council.base = server.url
        yield Crawled(council, server, Workspace.open(folder, writing=True), clock)
