"""Marks that withhold: of a meeting or an item, over all that is held of it.

A mark tightens whoever loaded the file that it stands in. Of the public's files the latest that can tell tells, and so of
the officers': an officers' file never lets the public see what the public's own files withhold.
"""

from __future__ import annotations

from collections.abc import Iterable

from minutes_archive.access import Audience
from minutes_archive.model import Piece


def is_withheld(marks: Iterable[tuple[Piece, bool | None]]) -> bool | None:
    """Whether ``marks``, each with the piece that it stands in, withhold; None where nothing can tell."""
    told = [(piece, mark) for piece, mark in marks if mark is not None]
    latest: dict[Audience, bool] = {}
    for piece, mark in sorted(told, key=lambda one: in_time(one[0])):
        latest[piece.capture.audience] = mark
    return any(latest.values()) if latest else None


def in_time(piece: Piece) -> tuple[int, str]:
    """What pieces are sorted by: the order in which they came."""
    return piece.capture.sequence, piece.capture.sha256
