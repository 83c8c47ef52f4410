"""Asking: the words around what somebody looks for ("have we discussed … before"), told from it by the table ``asking.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from minutes_archive.search.analysis import parts
from minutes_archive.search.query import Query, Word

_PIECE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Asked:
    """What is looked for, and the body that a question names ("what did cabinet decide about"), "" for none."""

    content: tuple[Query, ...]
    body: str = ""


@dataclass(frozen=True)
class _Frames:
    """What may stand before what is looked for, and then behind it."""

    before: re.Pattern[str]
    behind: re.Pattern[str]


@cache
def _frames() -> _Frames:
    tables = tomllib.loads(Path(__file__).with_name("asking.toml").read_text(encoding="utf-8"))
    before, behind = ([_filled(one, tables["pieces"]) for one in tables[name].values()] for name in ("before", "behind"))
    # One pattern each: the group of the body gets a number for each alternative.
    numbered = (one.replace("(?P<body>", f"(?P<body{number}>") for number, one in enumerate(before))
    return _Frames(re.compile(f"(?:{'|'.join(numbered)})(?: |$)"), re.compile(f"(?:^| )(?:{'|'.join(behind)})$"))


def _filled(pattern: str, pieces: dict[str, str]) -> str:
    while match := _PIECE.search(pattern):
        pattern = pattern.replace(match[0], pieces[match[1]])
    return pattern


def asked_for(queries: Sequence[Query], nothing: frozenset[str]) -> Asked:
    """What stands side by side, without the words that only ask for it.

    Whole where nothing else would be left than the words of ``nothing``, which stand everywhere.
    """
    first = next((i for i, query in enumerate(queries) if not _is_plain(query)), len(queries))
    begun = _frames().before.match(_said(queries[:first]))
    if begun is None:
        return Asked(tuple(queries))
    content = list(queries[begun[0].count(" ") if begun[0].endswith(" ") else begun[0].count(" ") + 1:])
    while content and _is_plain(content[-1]):
        last = next((i for i in range(len(content) - 1, -1, -1) if not _is_plain(content[i])), -1)
        ended = _frames().behind.search(_said(content[last + 1:]))
        if ended is None:
            break
        content = content[:len(content) - len(ended[0].split())]
    if all(isinstance(query, Word) and all(part.surface in nothing for part in parts(query.text)) for query in content):
        return Asked(tuple(queries))
    return Asked(tuple(content), next(filter(None, begun.groups()), ""))


def _is_plain(query: Query) -> bool:
    return isinstance(query, Word) and query.field is None


def _said(queries: Sequence[Query]) -> str:
    """Plain words as the table has them: one for each word typed."""
    texts = ["".join(part.surface for part in parts(query.text)) for query in queries if isinstance(query, Word)]
    return " ".join(text or "-" for text in texts)
