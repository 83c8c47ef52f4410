"""Keeper: what stands around the crawler's loop. How it asks, what becomes of the answers, what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from minutes_archive.model import Exchange


class Keeper(Protocol):
    """What becomes of answers: kept, seen again, found gone. ``sha256`` names what was kept before, "" for nothing."""

    def keep(self, source: str, answer: Exchange, changed: bool) -> bool:
        """Keep an answer; whether its bytes are new. ``changed``: it takes the place of another, or of nothing."""

    def again(self, source: str, sha256: str, answer: Exchange, changed: bool) -> bool:
        """Note that the server says it is as it was; False where nothing of it is held."""

    def gone(self, source: str, sha256: str, answer: Exchange) -> None:
        """Note that it is no longer there."""

    def alike(self, sha256: str, answer: Exchange) -> bool:
        """Whether what is held says the same as the answer, though not in the same bytes."""

    def rest(self) -> None:
        """A moment to do what was put off: no step is open."""


class Fetch(Protocol):
    """How an address is asked for; see ``http.Fetcher.fetch``."""

    def __call__(self, url: str, validators: dict[str, str] | None = None) -> Exchange:
        """The answer. Raises ``FetchError``."""


@dataclass
class Done:
    """What a run did for one source. ``notes`` are things that a person should know; ``stopped`` hosts, and why."""

    requests: int = 0
    captures: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
