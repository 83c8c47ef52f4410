"""Rules as data: TOML tables of this package, read once, their patterns compiled.

Rules are written for folded text with plain marks (``text.plain_marks``), which has the same length as
the text of the record, so a match's span is true for both.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

_NAMED = re.compile(r"(?<!\(\?P)<(\w+)>")


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called, what it stands for, and the words it knows.

    ``examples`` must match and ``counter_examples`` must not: the tests see to it. ``says`` are words in small letters
    of which a match has at least one, so that the pattern need not be tried elsewhere. ``options`` are the other keys of
    its table, as its kind of rule defines them.
    """

    name: str
    type: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    says: frozenset[str] = frozenset()
    options: dict[str, Any] = field(default_factory=dict, hash=False)

    def option(self, name: str, default: str = "") -> str:
        """The text of an option, or ``default``."""
        return str(self.options.get(name, default))

    def is_set(self, name: str) -> bool:
        """Whether a yes-or-no option is there and true."""
        return self.options.get(name) is True


@cache
def load_rules(file: str) -> dict[str, tuple[Rule, ...]]:
    """The rules of ``file`` ("annotate/decisions.toml", below this package) by table, in the order they stand in.

    A ``[words]`` table gives the <names> in patterns.
    """
    tables = tomllib.loads(files("minutes_archive").joinpath(*file.split("/")).read_text("utf-8"))
    words: dict[str, str] = tables.pop("words", {})
    return {table: tuple(_rule(entry, words) for entry in entries) for table, entries in tables.items()}


def _rule(entry: dict[str, Any], words: dict[str, str]) -> Rule:
    known = {"name", "type", "pattern", "says", "examples", "counter_examples"}
    pattern = str(entry["pattern"])
    # A word of the table may be made of others: those that are named in it stand above it or below.
    while (named := _NAMED.search(pattern)) and named[1] in words:
        pattern = pattern.replace(named[0], words[named[1]])
    flags = re.MULTILINE if entry.get("exact") else re.MULTILINE | re.IGNORECASE
    return Rule(
        name=entry["name"], type=entry.get("type", ""), pattern=re.compile(pattern, flags),
        examples=tuple(entry.get("examples", ())), counter_examples=tuple(entry.get("counter_examples", ())),
        says=frozenset(entry.get("says", ())),
        options={key: value for key, value in entry.items() if key not in known},
    )
