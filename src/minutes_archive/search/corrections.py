"""Corrections: what the unknown words of a query probably meant, to be suggested, or searched for in their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minutes_archive.search.analysis import is_known, join
from minutes_archive.search.expand import Thesaurus
from minutes_archive.search.pieces import Piece
from minutes_archive.search.slips import is_slip, nearest
from minutes_archive.search.spelling import Lexicon

# More unknown words of one query than this are not looked at.
MAX_CORRECTIONS = 4


@dataclass(frozen=True)
class Correction:
    """The known word that an unknown one probably meant, which was typed from ``start`` to ``end``. ``slip``: surely."""

    start: int
    end: int
    meant: str
    slip: bool


class Corrections:
    """The corrections of one query, noted while it is planned. What the thesaurus has is rightly spelt."""

    def __init__(self, lexicon: Lexicon, thesaurus: Thesaurus | None) -> None:
        self._lexicon = lexicon
        self._thesaurus = thesaurus
        self._unknown_words = 0
        self.found: list[Correction] = []

    def note(self, pieces: Sequence[Piece]) -> Correction | None:
        """What an unknown word probably meant; kept, so that it can be suggested."""
        self._unknown_words += 1
        word = join([piece.surface for piece in pieces])
        if self._unknown_words > MAX_CORRECTIONS or is_known(word) or (self._thesaurus and self._thesaurus.knows(word)):
            return None
        meant = nearest(word, self._lexicon)
        if meant is None:
            return None
        correction = Correction(pieces[0].span.start, pieces[-1].span.end, meant, is_slip(word, meant, self._lexicon))
        if pieces[0].word.column:
            self.found.append(correction)
        return correction


def corrected(typed: str, corrections: Iterable[Correction]) -> str | None:
    """What was typed, with what was meant in the place of each unknown word; None where there is none."""
    text = whole = unicodedata.normalize("NFC", typed)
    for one in sorted(corrections, key=lambda one: -one.start):
        text = text[:one.start] + _in_case_of(whole[one.start:one.end], one.meant) + text[one.end:]
    return text if text != whole else None


def _in_case_of(typed: str, meant: str) -> str:
    """``meant`` in capitals where ``typed`` is, in whole or at the beginning."""
    if typed.isupper():
        return meant.upper()
    return meant.capitalize() if typed[:1].isupper() else meant
