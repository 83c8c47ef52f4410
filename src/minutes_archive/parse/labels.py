"""Labels: the fixed words of minutes pages, read from ``labels.toml``."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

from minutes_archive.text import fold_line, plain_marks

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("labels.toml").read_text("utf-8"))

HEADINGS: dict[str, str] = _DATA["headings"]
BLOCKS: dict[str, str] = _DATA["blocks"]
HEAD: dict[str, str] = _DATA["head"]
STATUS: dict[str, str] = _DATA["status"]
FURNITURE = frozenset(_DATA["furniture"]["lines"])
LISTS = frozenset(_DATA["lists"]["headings"])
ERRORS: tuple[str, ...] = tuple(_DATA["errors"]["phrases"])
OUTCOMES = frozenset(_DATA["outcomes"]["words"])
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
