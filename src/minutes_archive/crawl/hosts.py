"""Hosts: how each host is treated in one run; its robots.txt, and whether it asked to be left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from minutes_archive.crawl.frontier import Frontier
from minutes_archive.crawl.http import FetchError, field_of
from minutes_archive.crawl.politeness import BACK_OFF, Pace, Robots, read_retry_after, read_robots
from minutes_archive.identity import absolute_url
from minutes_archive.model import Exchange

_HOPS = 5  # RFC 9309, 2.3.1.2


class Hosts:
    """The hosts of one run. ``clock`` gives seconds since 1970.

    ``delays`` is what the user said, by host and port; under "" what was said for all others, where anything was.
    """

    def __init__(self, frontier: Frontier, clock: Callable[[], float], delays: Mapping[str, float]) -> None:
        self._frontier = frontier
        self._clock = clock
        self._delays = delays
        self._paces: dict[str, Pace] = {}
        self._tries: dict[str, tuple[int, str]] = {}

    def pace(self, host: str) -> Pace:
        """How ``host`` is treated."""
        if host not in self._paces:
            pace = self._paces[host] = Pace(self._delays.get(urlsplit(host).netloc, self._delays.get("")))
            until = self._frontier.held_until(host)
            if until > self._clock():
                pace.hold(self._clock(), until - self._clock())
        return self._paces[host]

    def stopped(self) -> dict[str, str]:
        """The hosts that nothing more is asked of in this run, and why."""
        return {host: pace.stopped for host, pace in self._paces.items() if pace.stopped}

    def robots_url(self, host: str) -> str:
        """Where the robots.txt of ``host`` is asked for."""
        return self._tries.get(host, (0, ""))[1] or f"{host}/robots.txt"

    def hold(self, host: str, seconds: float, *, asked: bool) -> None:
        """Ask nothing of ``host`` for ``seconds``. What the host ``asked`` for itself holds for the next run too."""
        self.pace(host).hold(self._clock(), seconds)
        if asked:
            self._frontier.hold_host(host, self._clock() + seconds)

    def take_robots(self, host: str, answer: Exchange | FetchError) -> None:
        """Take the answer to the request for a host's robots.txt; where it can't be had, the host is stopped."""
        pace, (count, _) = self.pace(host), self._tries.get(host, (0, ""))
        if isinstance(answer, Exchange) and answer.status in {301, 302, 303, 307, 308}:
            target = absolute_url(field_of(answer, "location"), answer.url)
            if target and count < _HOPS:
                self._tries[host] = (count + 1, target)
            else:
                pace.robots = Robots()  # beyond five hops it counts as not there
            return
        whole = isinstance(answer, Exchange) and answer.truncated in {"", "length"}
        pace.robots = read_robots(answer.status, answer.content) if isinstance(answer, Exchange) and whole else None
        if pace.robots is not None:
            return
        refused = isinstance(answer, FetchError) and answer.refused
        if refused or count >= len(BACK_OFF):
            why = str(answer) if isinstance(answer, FetchError) else f"answered {answer.status}"
            pace.stop(f"robots.txt can't be had ({why}): nothing may be asked for")
            return
        asked = read_retry_after(field_of(answer, "retry-after"), self._clock()) if isinstance(answer, Exchange) else None
        self.hold(host, max(asked or 0.0, BACK_OFF[count]), asked=asked is not None)
        self._tries[host] = (count + 1, "")
