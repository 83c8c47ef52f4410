"""The words of plain minutes, read from ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources
from typing import Any

from minutes_archive.parse.labels import SENTENCES, label_key

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))

# No heading and no line of a printed page is longer. Code points.
_LONGEST = 200

ATTENDANCE: dict[str, str] = _DATA["attendance"]
ROLES = frozenset(_DATA["roles"]["words"])
GENERIC_BODIES = frozenset(_DATA["bodies"]["generic"])
SENTENCE_WORDS = SENTENCES | frozenset(_DATA["sentences"]["words"])
VERBS = frozenset(_DATA["sentences"]["verbs"])
FINITE = frozenset(_DATA["sentences"]["finite"])
PAST = frozenset(_DATA["sentences"]["past"])
TELLING = frozenset(_DATA["sentences"]["telling"])
LIGHT = frozenset(_DATA["sentences"]["light"])
BUSINESS_NOUNS = frozenset(_DATA["sentences"]["business"])
BEGINNING = frozenset(_DATA["sentences"]["beginning"])
# First word -> the phrases that begin with it, each with its rank: the longest first, then as the table has them.
LEADING: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
for _rank, _phrase in enumerate(sorted((tuple(one.split()) for one in _DATA["sentences"]["leading"]), key=len, reverse=True)):
    LEADING[_phrase[0]].append((_rank, _phrase))


ENOUGH: float = _DATA["evidence"]["enough"]
SIGNS: dict[str, float] = _DATA["evidence"]["signs"]


def _any_of(patterns: Sequence[str], end: str = "") -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(patterns) + ")" + end, re.IGNORECASE)


ROLE_PREFIX = _any_of(_DATA["roles"]["prefixes"], r"\b\.?\s*")
BODY_NOUN = "(?:" + "|".join(sorted(map(re.escape, _DATA["bodies"]["nouns"]), key=len, reverse=True)) + ")"
BODY_LEAD = "(?:" + "|".join(_DATA["bodies"]["led"]) + ")"
_ALONE = _any_of(_DATA["headings"]["alone"])
BUSINESS = _any_of(_DATA["headings"]["business"], r"\b")
_DEPARTMENT = _any_of(_DATA["headings"]["departments"])
OPENING = _any_of(_DATA["headings"]["opening"], r"\b")
_INNER = _any_of(_DATA["headings"]["inner"])
_CLOSING = _any_of(_DATA["closing"]["patterns"])
_SIGNATURE = _any_of(_DATA["closing"]["signatures"])
_NAMED = frozenset(_DATA["headings"]["named"])
_SMALL = frozenset(_DATA["headings"]["small"])
_FURNITURE = _any_of(_DATA["furniture"]["patterns"])


KINDS = {
    kind: tuple(re.compile(sign, re.MULTILINE if sign == "!" else re.MULTILINE | re.IGNORECASE) for sign in signs)
    for kind, signs in _DATA["kinds"].items()
}


def stands_alone(text: str) -> bool:
    """Whether a line is a heading of an item wherever it stands: "Open Forum"."""
    return len(text) <= _LONGEST and bool(_ALONE.fullmatch(label_key(text).rstrip(".")))


def is_department(text: str) -> bool:
    """Whether a heading names the department that reports, so that the matter stands on the next line."""
    return len(text) <= _LONGEST and bool(_DEPARTMENT.fullmatch(text))


def is_business(text: str) -> bool:
    """Whether a short text names business as headings do: "Accounts for Approval", "Public Other Business"."""
    if len(text) > _LONGEST:
        return False
    words = [word.strip(" .:,()") for word in label_key(text).replace("'", "").split()]
    telling = [word for word in words if word and word not in _SMALL]
    return bool(telling) and sum(word in _NAMED for word in telling) * 2 > len(telling)


def is_inner(text: str) -> bool:
    """Whether a line is a heading inside an item: "REPLY:", "In favour"."""
    return len(text) <= _LONGEST and bool(_INNER.fullmatch(label_key(text).rstrip(".")))


def is_closing(text: str) -> bool:
    """Whether a line ends the business: the meeting closed, signatures follow."""
    return bool(_CLOSING.match(text.lstrip("(["))) or is_signature(text)


def is_signature(text: str) -> bool:
    """Whether a line is one to sign on, or names who signs."""
    return bool(_SIGNATURE.match(text))


def is_furniture(text: str) -> bool:
    """Whether a line is of the printed page and of no item: page numbers, lines to sign on."""
    return len(text) <= _LONGEST and bool(_FURNITURE.fullmatch(text))
