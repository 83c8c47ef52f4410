"""The two peers: what SQLite gives for nothing, and BM25 as the textbooks have it. Both see every word of an item."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from minutes_archive.model import Item

_WORD = re.compile(r"\w+")


class Peer(Protocol):
    """Ranks items by a query, the best first; an item that shares no word with it is not ranked."""

    def rank(self, query: str) -> list[str]:
        """The keys of the items found."""


def words_of(item: Item) -> str:
    """Everything an item says: number, title, texts and the titles of its documents."""
    documents = [document.title for document in item.documents]
    return "\n".join([item.number or "", item.title, item.agenda_text, item.minutes_text, item.decision_text, *documents])


class Fts5:
    """SQLite FTS5: porter stemming, each typed word in quotes (so that off-road is a phrase), joined by OR, ranked by bm25()."""

    def __init__(self, items: Mapping[str, Item]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE items USING fts5(key UNINDEXED, words, tokenize = 'porter unicode61')")
        rows = ((key, words_of(item)) for key, item in items.items())
        self._base.executemany("INSERT INTO items VALUES (?, ?)", rows)

    def rank(self, query: str) -> list[str]:
        """The keys of the items that hold any word of the query."""
        words = [word for word in query.replace('"', " ").split() if _WORD.search(word)]
        if not words:
            return []
        asked = " OR ".join(f'"{word}"' for word in words)
        found = self._base.execute("SELECT key FROM items WHERE items MATCH ? ORDER BY bm25(items), rowid", (asked,))
        return [key for (key,) in found]


class PlainBm25:
    """BM25 (k1 1.2, b 0.75) over lower-cased words: no stemming, no stop words, one field."""

    def __init__(self, items: Mapping[str, Item], k1: float = 1.2, b: float = 0.75) -> None:
        self._k1, self._b = k1, b
        self._counts = {key: Counter(_WORD.findall(words_of(item).lower())) for key, item in items.items()}
        self._often = Counter(word for counts in self._counts.values() for word in counts)
        self._usual = sum(counts.total() for counts in self._counts.values()) / max(len(self._counts), 1)

    def rank(self, query: str) -> list[str]:
        """The keys of the items that hold any word of the query."""
        words = set(_WORD.findall(query.lower()))
        scores = {key: self._score(words, counts) for key, counts in self._counts.items()}
        return sorted((key for key, score in scores.items() if score), key=lambda key: -scores[key])

    def _score(self, words: set[str], counts: Counter[str]) -> float:
        length = self._k1 * (1 - self._b + self._b * counts.total() / self._usual)
        return sum(
            self._rarity(word) * counts[word] * (self._k1 + 1) / (counts[word] + length) for word in sorted(words) if counts[word]
        )

    def _rarity(self, word: str) -> float:
        return math.log(1 + (len(self._counts) - self._often[word] + 0.5) / (self._often[word] + 0.5))
