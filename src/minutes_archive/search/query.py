"""The query tree: what a typed query says, before anything is known of the index.

``reading.parse`` makes it from text; programs may build it themselves. ``column`` counts from 1 and
is 0 for a node that nobody typed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

# Fields that take a word, "a phrase", a prefix* or a spelling~, and fields that take one whole value.
WORD_FIELDS = ("title", "body", "number", "person")
VALUE_FIELDS = ("topic", "decision", "restriction")
WordField = Literal["title", "body", "number", "person"]
ValueField = Literal["topic", "decision", "restriction"]


@dataclass(frozen=True)
class Everything:
    """The empty query: every item."""


@dataclass(frozen=True)
class Word:
    """A plain word as typed; a hyphenated one is still one ``Word``. Spelled apart or joined, it means the same."""

    text: str
    field: WordField | None = None
    column: int = 0


@dataclass(frozen=True)
class Phrase:
    """Words in this form and order, within one field."""

    text: str
    field: WordField | None = None
    column: int = 0


@dataclass(frozen=True)
class Prefix:
    """Every word that begins so."""

    text: str
    field: WordField | None = None
    column: int = 0


@dataclass(frozen=True)
class Fuzzy:
    """Every word spelled nearly so: one letter apart, two in a word of more than seven."""

    text: str
    field: WordField | None = None
    column: int = 0


@dataclass(frozen=True)
class Labelled:
    """Items that carry a topic, a decision type or a restriction."""

    field: ValueField
    value: str
    column: int = 0


@dataclass(frozen=True)
class Dated:
    """Items of meetings from ``since`` to ``until``, both included; None leaves that end open."""

    since: dt.date | None
    until: dt.date | None
    column: int = 0


@dataclass(frozen=True)
class Run:
    """What was typed side by side without an operator: how much of it must match is the request's to say."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class And:
    """All of ``parts``."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Or:
    """Any of ``parts``."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Not:
    """Items that do not match ``part``."""

    part: Query


Query = Everything | Word | Phrase | Prefix | Fuzzy | Labelled | Dated | Run | And | Or | Not
