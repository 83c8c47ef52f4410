"""The judged queries of ``gold/search`` (its README tells how they were made), as values."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parents[2] / "gold" / "search"
COLLECTIONS = ("sample", "real")
KINDS = (
    "theme", "variant", "paraphrase", "typo", "reference", "place", "person", "phrase", "decision", "date", "no-answer",
)
NO_ANSWER = "no-answer"
FILTERS = ("body", "topic", "decision", "restriction", "since", "until")


@dataclass(frozen=True)
class Query:
    """What a person types, and the filters beside it.

    ``judgement`` names the judgement that holds for it; those of one theme begin alike, up to the first full stop.
    ``grades``: item -> 2 (decides or discusses what was asked) or 1 (a mention worth seeing); any other item is 0.
    """

    text: str
    kind: str
    judgement: str
    grades: dict[str, int] = field(default_factory=dict)
    filters: dict[str, Any] = field(default_factory=dict)

    @property
    def theme(self) -> str:
        """What the query is about, without the bounds it sets: queries of one theme are held back together."""
        return self.judgement.split(".", 1)[0]


def path_of(collection: str, held_back: bool, folder: Path = GOLD) -> Path:
    """The file with the judged queries of one part of a collection."""
    return (folder / "held-back" if held_back else folder) / f"{collection}.toml"


def is_held_back(theme: str) -> bool:
    """Whether the rule holds a theme back: a third of them, by the hash of the name alone."""
    return int(hashlib.sha256(f"search {theme}".encode()).hexdigest(), 16) % 3 == 0


def read_queries(path: Path) -> list[Query]:
    """The queries of one file, in its order."""
    return [query for table in tomllib.loads(path.read_text("utf-8"))["judgement"] for query in _queries(table)]


def _queries(table: dict[str, Any]) -> Iterator[Query]:
    grades = dict.fromkeys(table.get("mentions", ()), 1) | dict.fromkeys(table.get("decides", ()), 2)
    for query in table["query"]:
        filters = {name: query[name] for name in FILTERS if name in query}
        yield Query(query["text"], query["kind"], table["name"], grades, filters)
