"""Pieces: the parts of plain words as they were typed, and which of them are one word. Asks a ``Lexicon``, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.model import Span
from minutes_archive.search.analysis import join, parts
from minutes_archive.search.query import Word
from minutes_archive.search.references import length_of_reference
from minutes_archive.search.spelling import Lexicon, are_one, parted, words
from minutes_archive.search.writings import rings


@dataclass(frozen=True)
class Piece:
    """A part of a plain word, and the word it was typed in."""

    surface: str
    word: Word
    span: Span  # in the query as typed; meaningless where nobody typed it
    tied: bool  # to the piece before it, as in s106 and A&E

    @property
    def has_mark(self) -> bool:
        """Whether it was typed with a mark inside: a name with an apostrophe is never two words (O'Neill, one ill)."""
        return len(self.surface) < self.span.end - self.span.start


def pieces_of(word: Word) -> Iterator[Piece]:
    """The pieces of one typed word, in order."""
    start = word.column - 1
    found = list(parts(word.text))
    # Hang together whatever the archive knows: s106, 07/2525/FUL, A&E, e-scooter, by-law.
    tied = any(part.surface.isdigit() or len(part.surface) == 1 for part in found)
    solid = join([part.surface for part in found]) in words().solid
    for part in found:
        span = Span(start + part.start, start + part.end)
        yield Piece(part.surface, word, span, part.glued is not None and (tied or solid))


def halved(piece: Piece, lexicon: Lexicon) -> list[Piece]:
    """A word that the archive only knows as two is the two, as though typed apart: all spellings find the same."""
    one_word = piece.tied or piece.has_mark or not piece.surface.isalpha()
    pair = None if one_word else parted(piece.surface, lexicon)
    return [replace(piece, surface=half) for half in pair] if pair else [piece]


def read_alike(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those that are one writing of several (miles per hour) in the usual one (mph)."""
    read: list[Piece] = []
    place = 0
    while place < len(pieces):
        width, (usual, *_) = next(rings([piece.surface for piece in pieces[place:]]), (1, ((pieces[place].surface,),)))
        read += _as_one(pieces[place:place + width], usual) if width > 1 else [pieces[place]]
        place += width
    return read


def _as_one(pieces: Sequence[Piece], surfaces: Sequence[str]) -> Iterator[Piece]:
    """``surfaces`` in the place of ``pieces``."""
    first, last = pieces[0], pieces[-1]
    typed = dict.fromkeys(piece.word for piece in pieces)
    word = first.word if len(typed) == 1 else replace(first.word, text=" ".join(one.text for one in typed))
    for number, surface in enumerate(surfaces):
        yield Piece(surface, word, Span(first.span.start, last.span.end), first.tied if number == 0 else True)


def grouped(pieces: Sequence[Piece], lexicon: Lexicon) -> list[range]:
    """The pieces that are one word or one reference, however typed, as ranges of their places."""
    groups: list[range] = []
    surfaces = [piece.surface for piece in pieces]
    end = 0
    for index, piece in enumerate(pieces):
        inside = index < end
        if not inside:
            end = index + length_of_reference(surfaces[index:], lexicon)
        if groups and (inside or piece.tied or are_one(surfaces[index - 1], piece.surface, lexicon)):
            groups[-1] = range(groups[-1].start, index + 1)
        else:
            groups.append(range(index, index + 1))
    return groups
