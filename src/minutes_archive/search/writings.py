"""Writings: several ways of writing the very same words (Q4, quarter 4; 2024/25, 2024/2025), by table and by rule."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from minutes_archive.search.analysis import parts, stem

Surfaces = tuple[str, ...]

_YEAR_DIGITS = 4


@cache
def _rings() -> dict[Surfaces, tuple[Surfaces, ...]]:
    """The table ``writings.toml``: by the stems of each writing its whole ring."""
    text = Path(__file__).with_name("writings.toml").read_text(encoding="utf-8")
    rings = [tuple(tuple(part.surface for part in parts(one)) for one in ring) for ring in tomllib.loads(text)["rings"]]
    return {tuple(map(stem, writing)): ring for ring in rings for writing in ring}


@cache
def _widths() -> tuple[int, ...]:
    """How many words a writing may have, the most first."""
    return tuple(sorted({len(stems) for stems in _rings()}, reverse=True))


def rings(surfaces: Sequence[str]) -> Iterator[tuple[int, tuple[Surfaces, ...]]]:
    """The writings of the table that folded words begin with: how many of the words one takes, and its whole ring."""
    for width in _widths():
        ring = _rings().get(tuple(map(stem, surfaces[:width]))) if width <= len(surfaces) else None
        if ring:
            yield width, ring


def writings(surfaces: Sequence[str]) -> Iterator[tuple[int, tuple[Surfaces, ...]]]:
    """As ``rings``, and municipal years: their second one may be written with two digits or four."""
    yield from rings(surfaces)
    if len(surfaces) > 1 and _are_a_year(surfaces[0], surfaces[1]):
        first, last = surfaces[0], f"{int(surfaces[0]) + 1}"
        yield 2, ((first, last[-2:]), (first, last))


def _are_a_year(one: str, two: str) -> bool:
    """Whether two numbers are a municipal year: 2024/25, 2024/2025."""
    if not (one.isascii() and one.isdigit() and two.isascii() and two.isdigit() and len(one) == _YEAR_DIGITS):
        return False
    after = f"{int(one) + 1}"
    return two in {after, after[-2:]}
