"""A fake council, served; and archives that crawl it without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from fakes.clock import Clock
from fakes.server import Server, serving
from fakes.site import FakeCouncil
from minutes_archive.crawl.http import Fetcher, Limits
from minutes_archive.crawling import Summary, Wish, crawl
from minutes_archive.finding import Means, find_source
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace

# For servers that never answer; all others may be as slow as the machine is busy.
QUICK = Limits(total=3.0, silence=0.5, connect=2.0, patience=0.3, slowest=100_000)


@dataclass
class Crawled:
    """A served council and an archive that crawls it; every run may be told what to wish."""

    council: FakeCouncil
    server: Server
    workspace: Workspace
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    warnings: list[str] = field(default_factory=list)

    def run(self, url: str = "", **wish: Any) -> Summary:
        """One crawl; ``server.log`` then holds its requests alone."""
        self.server.log.clear()
        self.server.times.clear()
        self.warnings.clear()
        fetcher = Fetcher(self.clock.now, allow_private=True, limits=self.limits)
        means = Means(fetcher.fetch, self.clock.now, self.clock.sleep, warn=self.warnings.append)
        try:
            with self.workspace.crawl_lock():
                source = find_source(
                    self.workspace, url or f"{self.server.url}{self.council.mount}/ieListMeetings.aspx?CId=1", means
                )
                return crawl(self.workspace, [source], Wish(**wish), means, lambda problem: None)[source.name]
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
        with pytest.raises(KeyboardInterrupt):
            self.run()

    def asked(self) -> list[str]:
        """What was asked for in the last run, in lower case."""
        return [one.target.lower() for one in self.server.log]

    def records(self) -> dict[str, Any]:
        """The meetings recorded, by the site's own ids."""
        return {one.id.rpartition("/")[2]: one for one in RecordStore(self.workspace).meetings()}


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[Callable[..., Crawled]]:
    """Serves a fake council, changed as said, for an archive of its own."""
    open_servers = []

    def serve(**said: Any) -> Crawled:
        clock = Clock()
        council = replace(FakeCouncil(), **said)
        context = serving(council, clock.time)
        server = context.__enter__()
        open_servers.append(context)
        council.base = server.url
        return Crawled(council, server, Workspace.open(tmp_path / f"archive{len(open_servers)}", writing=True), clock)

    yield serve
    for context in open_servers:
        context.__exit__(None, None, None)
