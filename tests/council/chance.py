"""Variety without randomness: every choice hangs on a hash of what it is about, so a page is always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Chance:
    """Choices about one thing, named by ``subject`` (an item's id and section)."""

    subject: str

    def number(self, about: str) -> int:
        """A number that ``about`` always gets, evenly spread."""
        return int.from_bytes(hashlib.sha256(f"{self.subject}/{about}".encode()).digest()[:6], "big")

    def one_in(self, count: int, about: str) -> bool:
        """True for one ``about`` in ``count``."""
        return self.number(about) % count == 0

    def pick(self, choices: Sequence[T], about: str) -> T:
        """One of ``choices``."""
        return choices[self.number(about) % len(choices)]
