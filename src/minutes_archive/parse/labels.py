"""Labels: the fixed words of minutes pages, read from ``labels.toml``."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

from minutes_archive.text import fold_line, plain_marks

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("labels.toml").read_text("utf-8"))

HEADINGS: dict[str, str] = _DATA["headings"]
# The headings of Welsh pages.
WELSH = frozenset(heading for heading in HEADINGS if heading.startswith("rhaglen"))
BLOCKS: dict[str, str] = _DATA["blocks"]
HEAD: dict[str, str] = _DATA["head"]
_HEAD_LINKS: tuple[str, ...] = tuple(_DATA["head_links"]["ends"])
STATUS: dict[str, str] = _DATA["status"]
FURNITURE = frozenset(_DATA["furniture"]["lines"])
ITEM_FURNITURE = frozenset(_DATA["item_furniture"]["lines"])
VOTE_LABELS = frozenset(_DATA["item_furniture"]["votes"])
OPENINGS: tuple[str, ...] = tuple(_DATA["openings"]["words"])
OUTCOMES = frozenset(_DATA["outcomes"]["words"])
NAMES = frozenset(_DATA["names"]["words"])
SENTENCES = frozenset(_DATA["sentences"]["words"])
PROSE = frozenset(_DATA["prose"]["words"])


def label_key(text: str) -> str:
    """``text`` as the tables spell it: folded, lower case, plain quotes, no final colon."""
    return plain_marks(fold_line(text)).casefold().rstrip(":").strip()


def label_and_rest(line: str, table: dict[str, str]) -> tuple[str, str] | None:
    """The field that a line's leading label names in ``table``, and the text after its colon; None without one."""
    match = re.match(r"([^:]{2,30}):", line)
    if match and (name := table.get(label_key(match[1]))):
        return name, line[match.end():].strip()
    return None


def head_line(line: str) -> tuple[str, str] | None:
    """The field that a line in a page's head fills and what it says, links at its end left out; None for another line."""
    read = label_and_rest(line, HEAD)
    if read is None:
        return None
    name, rest = read
    for link in _HEAD_LINKS:
        if rest.endswith(link):
            rest = rest.removesuffix(link).rstrip(" .,")
    return name, rest
