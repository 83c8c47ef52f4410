"""Progress of a crawl: what, how far, how fast, how long still. A line that renews itself, on a terminal alone."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from minutes_archive.cli.messages import printable, say
from minutes_archive.cli.terminal import width
from minutes_archive.crawl.frontier import Row

# Without a terminal a line now and then; on one, no more often than a person can read.
_SELDOM, _OFTEN = 60.0, 0.2


class CrawlProgress:
    """Tells how a crawl goes on, to standard error. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started = self._told = clock()
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._drawn = False

    def tell(self, requests: int, row: Row | None, waiting: Callable[[], int]) -> None:
        """One more answer came, after so many ``requests``; ``waiting`` tells how many are still to come, as far as is known."""
        now = self._clock()
        if now - self._told < (_OFTEN if self._terminal else _SELDOM):
            return
        self._told = now
        line = progress_line(requests, waiting(), now - self._started, row.task.key if row else "robots.txt")
        if self._terminal:
            click.echo("\r\x1b[2K" + printable(line)[: width() - 1], err=True, nl=False)
            self._drawn = True
        else:
            say(line)

    def close(self) -> None:
        """Leave the line."""
        if self._drawn:
            click.echo("\r\x1b[2K", err=True, nl=False)


def progress_line(asked: int, waiting: int, seconds: float, what: str) -> str:
    """How far a crawl is: ``[####      ] 42 of 120 · 0.9 a second · 1 min left · meeting/4323``."""
    rate = asked / seconds if seconds > 0 else 0.0
    share = asked / (asked + waiting) if asked + waiting else 1.0
    bar = "#" * round(10 * share)
    left = f"{_duration(waiting / rate)} left" if rate and waiting else "nearly done"
    return f"[{bar:<10}] {asked:,} of {asked + waiting:,} · {rate:.1f} a second · {left} · {what}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
