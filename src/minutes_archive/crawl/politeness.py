"""Politeness: what a host allows, how long it wants us to wait, and when to leave it alone.

Pure but for ``Pace``, which remembers; the clock (seconds since 1970) is passed in, nothing here sleeps.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property

from protego import Protego

# RFC 9309, 2.5: a crawler reads at least this much of a robots.txt.
MAX_ROBOTS = 500 * 1024
TOKEN = "minutes-archive"
USUAL_DELAY = 1.0  # seconds between two requests to one host
LONGEST_WAIT = 300.0  # a host that asks for more is left alone for this run
# Seconds before the same page is asked for again after a failure; as many tries as there are entries, and the first.
BACK_OFF = (5.0, 10.0, 20.0)
# So many pages in a row that failed, or challenges: the host is left alone for this run.
ENOUGH_FAILURES = 5
_LONGEST_HOLD = 30 * 86400.0
# Rules for "minutes" are none of ours (RFC 9309, 2.2.1: names are equal or they are not); Protego takes the beginning of a name.
_AGENT = re.compile(r"^(?P<field>[ \t]*user-agent[ \t]*:[ \t]*)(?P<name>[^\s#]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Robots:
    """What a host's robots.txt says to us. ``text`` None: it says nothing, and ``open`` tells what that means."""

    text: str | None = None
    open: bool = True

    @cached_property
    def _rules(self) -> Protego | None:
        return None if self.text is None else Protego.parse(self.text)

    def allows(self, url: str) -> bool:
        """Whether ``url`` may be asked for."""
        return self.open if self._rules is None else bool(self._rules.can_fetch(url, TOKEN))

    @property
    def delay(self) -> float | None:
        """The Crawl-delay in seconds, None where none is asked for."""
        said = self._rules.crawl_delay(TOKEN) if self._rules else None
        return float(said) if said and said > 0 else None


def read_robots(status: int, content: bytes) -> Robots | None:
    """The rules in the answer to a request for robots.txt; None where it counts as unreachable: then nothing is allowed.

    RFC 9309, 2.3.1: 4xx means that there are no rules; 5xx, or no answer, forbids everything. "Too many requests" is no
    statement on rules and counts as unreachable.
    """
    if status == 429 or status >= 500:
        return None
    if not 200 <= status < 300:
        return Robots()
    text = content[:MAX_ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff")
    return Robots(_AGENT.sub(lambda match: match[0] if match["name"].lower() in {TOKEN, "*"} else f"{match['field']}-", text))


def read_retry_after(value: str | None, now: float) -> float | None:
    """The seconds that a Retry-After field asks to wait (RFC 9110, 10.2.3: seconds or a date); None for junk or nothing."""
    text = (value or "").strip()
    if re.fullmatch(r"\d{1,18}", text):
        return min(float(text), _LONGEST_HOLD)
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, IndexError, OverflowError):
        return None
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return min(max(0.0, moment.timestamp() - now), _LONGEST_HOLD)


@dataclass
class Pace:
    """How one host is treated in one run. ``said`` is the delay that the user asked for, which wins over the host's.

    ``stopped`` says why nothing more is asked of it in this run, "" while it may be asked.
    """

    said: float | None = None
    robots: Robots | None = None
    ready_at: float = 0.0
    stopped: str = ""
    failed: set[str] = field(default_factory=set)
    challenged: int = 0

    @property
    def delay(self) -> float:
        """Seconds between the end of an answer and the next request."""
        if self.said is not None:
            return self.said
        return max(USUAL_DELAY, self.robots.delay or 0.0 if self.robots else 0.0)

    def answered(self, now: float) -> None:
        """Note that an answer (or none) came: the next request waits."""
        self.ready_at = max(self.ready_at, now + self.delay)

    def hold(self, now: float, seconds: float) -> None:
        """Ask nothing for ``seconds``; where that is long, nothing more in this run."""
        self.ready_at = max(self.ready_at, now + seconds)
        if seconds > LONGEST_WAIT:
            self.stop(f"it asks to be left alone for {seconds:.0f} seconds")

    def stop(self, reason: str) -> None:
        """Ask nothing more of this host in this run."""
        self.stopped = self.stopped or reason

    def went_well(self) -> None:
        """A page came as it should."""
        self.failed.clear()
        self.challenged = 0

    def went_wrong(self, key: str) -> None:
        """A page failed; many in a row stop the host."""
        self.failed.add(key)
        if len(self.failed) >= ENOUGH_FAILURES:
            self.stop(f"{ENOUGH_FAILURES} pages in a row failed")

    def was_challenged(self) -> None:
        """A firewall or a login answered in the page's place; many in a row stop the host."""
        self.challenged += 1
        if self.challenged >= ENOUGH_FAILURES:
            self.stop(f"{ENOUGH_FAILURES} pages in a row were blocked")
