"""Rules as data: TOML tables of this package, read once, their patterns compiled.

Rules are written for folded text with plain marks (``text.plain_marks``), which has the same length as
the text of the record, so a match's span is true for both.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_NAMED = re.compile(r"(?<!\(\?P)<(\w+)>")

_ESCAPE = re.compile(r"\\.|\(\?P<\w+>|\(\?-i:")
# A pattern that names a capital, or leaves one to be told from a small letter, can't be read in small letters.
_CAPITAL = re.compile(r"[A-Z]")


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called, what it stands for, and the words it knows.

    ``examples`` must match and ``counter_examples`` must not: the tests see to it. ``says`` are words in small letters
    of which a match has at least one, so that the pattern need not be tried elsewhere; of ``beside`` its sentence has one as
    well. ``options`` are the other keys of its table, as its kind of rule defines them.
    """

    name: str
    type: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    says: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    options: dict[str, Any] = field(default_factory=dict, hash=False)
    small: re.Pattern[str] | None = field(default=None, repr=False)

    def search(self, words: str, lower: str) -> re.Match[str] | None:
        """The first match in ``words``, of which ``lower`` is the same in small letters, as long as it: read there where case
        tells nothing, which takes less time."""
        return self.small.search(lower) if self.small and len(lower) == len(words) else self.pattern.search(words)

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
    words = named_words(file)
    return {table: tuple(make_rule(entry, words) for entry in entries) for table, entries in read_tables(file).items()}


@cache
def read_tables(file: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of ``file`` as they are written, without its words."""
    return {name: table for name, table in _read(file).items() if name != "words"}


def named_words(file: str) -> dict[str, str]:
    """What the <names> in the patterns of ``file`` stand for."""
    words: dict[str, str] = _read(file).get("words", {})
    return words


def make_rule(entry: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    """The rule that a table's ``entry`` describes. Raises KeyError without a name or a pattern, re.error where that is wrong."""
    known = {"name", "type", "pattern", "says", "beside", "examples", "counter_examples"}
    pattern = str(entry["pattern"])
    # A word of the table may be made of others: those that are named in it stand above it or below.
    while (named := _NAMED.search(pattern)) and named[1] in words:
        pattern = pattern.replace(named[0], words[named[1]])
    flags = re.MULTILINE if entry.get("exact") else re.MULTILINE | re.IGNORECASE
    return Rule(
        name=entry["name"], type=entry.get("type", ""), pattern=re.compile(pattern, flags),
        examples=tuple(entry.get("examples", ())), counter_examples=tuple(entry.get("counter_examples", ())),
        says=frozenset(entry.get("says", ())), beside=frozenset(entry.get("beside", ())),
        options={key: value for key, value in entry.items() if key not in known},
        small=None if entry.get("exact") or _CAPITAL.search(_ESCAPE.sub("", pattern)) else re.compile(pattern, re.MULTILINE),
    )


@cache
def _read(file: str) -> dict[str, Any]:
    # Not importlib.resources: a search imports this module, and that one alone would be a tenth of its time.
    return tomllib.loads(Path(__file__).parent.joinpath(*file.split("/")).read_text("utf-8"))
