"""Pieces: the parts of plain words as they were typed, and which of them are one word. Asks a ``Lexicon``, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.model import Span
from minutes_archive.search.analysis import parts
from minutes_archive.search.query import Word
from minutes_archive.search.spelling import Lexicon, are_one, parted


@dataclass(frozen=True)
class Piece:
    """A part of a plain word, and the word it was typed in."""

    surface: str
    word: Word
    span: Span  # in the query as typed; meaningless where nobody typed it
    tied: bool  # to the piece before it, as in s106 and A&E


def pieces_of(word: Word) -> Iterator[Piece]:
    """The pieces of one typed word, in order."""
    start = word.column - 1
    # Hang together whatever the archive knows: s106, 07/2525/FUL, A&E, e-scooter.
    tied = any(part.surface.isdigit() or len(part.surface) == 1 for part in parts(word.text))
    for part in parts(word.text):
        yield Piece(part.surface, word, Span(start + part.start, start + part.end), part.glued is not None and tied)


def halved(piece: Piece, lexicon: Lexicon) -> list[Piece]:
    """A word that the archive only knows as two is the two, as though typed apart: all spellings find the same."""
    pair = parted(piece.surface, lexicon) if piece.surface.isalpha() and not piece.tied else None
    return [replace(piece, surface=half) for half in pair] if pair else [piece]


def grouped(pieces: Sequence[Piece], lexicon: Lexicon) -> list[range]:
    """The pieces that are one word, however typed, as ranges of their places."""
    groups: list[range] = []
    for index, piece in enumerate(pieces):
        if groups and (piece.tied or are_one(pieces[index - 1].surface, piece.surface, lexicon)):
            groups[-1] = range(groups[-1].start, index + 1)
        else:
            groups.append(range(index, index + 1))
    return groups
