"""Chunks: what stands between two blanks. No word reaches over a blank, so each chunk is analysed once and then known.

``analysis.tokens`` stays the one definition of words; here is only remembered what it said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from minutes_archive.search.analysis import Token, tokens

_CHUNK = re.compile(r"\S+")
_KEPT = 1 << 15
# What of ASCII is of no word, though it may stand inside one: all but letters and digits.
_MARKS = "".join(sign for sign in map(chr, range(128)) if not sign.isalnum())
_SQUEEZED = str.maketrans(dict.fromkeys(_MARKS))
_FEW = 12
_BEGINNING = 3


class _Seen(dict[str, tuple[int, tuple[Token, ...]]]):
    """By chunk: how many parts it has, and its words, positions and offsets counted from its beginning."""

    def __missing__(self, chunk: str) -> tuple[int, tuple[Token, ...]]:
        # The last part stands last: a compound stands where its first part does.
        found = tuple(sorted(tokens(chunk), key=lambda token: token.position))
        told = found[-1].position + 1 if found else 0, found
        if len(self) >= _KEPT:
            self.clear()
        self[chunk] = told
        return told


seen = _Seen()


def bare(chunk: str) -> str:
    """A chunk that says the same and is met more often: a plain word without the marks around it, in lower case."""
    if chunk.isascii():
        word = chunk.strip(_MARKS)
        if word.isalpha():
            return word.lower()
    return chunk


class Finder:
    """Finds words of a few surfaces in texts: every token that may be one of them, and hardly any other.

    ``surfaces`` are folded forms.
    """

    def __init__(self, surfaces: Iterable[str]) -> None:
        wanted = {surface.translate(_SQUEEZED) for surface in surfaces}
        if len(wanted) > _FEW:  # of many, their beginnings: one test of them all must stay cheap
            wanted = {surface[:_BEGINNING] for surface in wanted}
        self._known = _Candidates(re.compile("|".join(sorted(map(re.escape, wanted)))) if wanted else None)

    def tokens(self, text: str, first: int = 0) -> Iterator[Token]:
        """The tokens of ``text`` that may be wanted. Two of them are neighbours by position only where they are in the text."""
        told = list(map(self._known.__getitem__, text.split()))
        if not any(found for _, found in told):
            return
        positions = accumulate((steps for steps, _ in told), initial=first)
        for match, (_, found), position in zip(_CHUNK.finditer(text), told, positions, strict=False):
            for token in found:
                yield Token(
                    token.term, token.exact, token.position + position, token.start + match.start(),
                    token.end + match.start(), token.hyphenated,
                )


class _Candidates(dict[str, tuple[int, tuple[Token, ...]]]):
    """By chunk: how far it moves the position on, and its words if any may be wanted."""

    def __init__(self, wanted: re.Pattern[str] | None) -> None:
        super().__init__()
        self._wanted = wanted

    def __missing__(self, chunk: str) -> tuple[int, tuple[Token, ...]]:
        told: tuple[int, tuple[Token, ...]]
        if not chunk.isascii():
            told = seen[chunk] if self._wanted else (1, ())
        else:
            letters = chunk.lower().translate(_SQUEEZED)
            told = seen[chunk] if self._wanted and self._wanted.search(letters) else (1 if letters else 0, ())
        self[chunk] = told
        return told
