"""A clock that goes on when someone sleeps, and otherwise stands still."""

from __future__ import annotations

import datetime as dt
import threading

START = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)


class Clock:
    """Gives the time, and lets it pass. ``slept`` lists how long anyone slept."""

    def __init__(self, start: dt.datetime = START) -> None:
        self._now = start.timestamp()
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> dt.datetime:
        """The time, aware of its zone."""
        return dt.datetime.fromtimestamp(self._now, dt.UTC)

    def time(self) -> float:
        """The time in seconds since 1970."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass, in no time."""
        with self._lock:
            self.slept.append(seconds)
            self._now += seconds

    def pass_days(self, days: float) -> None:
        """Let days pass."""
        self._now += days * 86400
