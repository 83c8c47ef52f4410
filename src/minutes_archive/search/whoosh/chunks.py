"""Chunks: what stands between two blanks. No word reaches over a blank, so each chunk is analysed once and then known.

``analysis.tokens`` stays the one definition of words; here is only remembered what it said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from minutes_archive.search.analysis import MAX_LETTERS, Token, tokens

_KEPT = 1 << 15
# What of ASCII is of no word, though it may stand inside one: all but letters and digits.
_MARKS = "".join(sign for sign in map(chr, range(128)) if not sign.isalnum())
_SQUEEZED = str.maketrans(dict.fromkeys(_MARKS))
_MAY_BE_MARKED = r"[^a-z0-9\s]?"
_BEYOND_ASCII = r"[^\x00-\x7f]"
_LETTER = re.compile(r"[^\W_]")
# Marks that are common in minutes, so that the words beside them need no closer look. Blanks stay blanks.
_TYPOGRAPHIC = str.maketrans("’‘“”–—…•£\xa0", "''\"\"--..- ")
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
    """The plain word that a chunk is, with or without marks around it; "" where it is more than that.

    That plain letters are one word, in lower case, is all that is known here of what the analysis does.
    """
    if chunk.isascii():
        word = chunk.strip(_MARKS)
        if word.isalpha():
            return word.lower()[:MAX_LETTERS]
    return ""


class Finder:
    """Finds words of a few surfaces in texts: every token that may be one of them, and hardly any other.

    ``surfaces`` are folded forms.
    """

    def __init__(self, surfaces: Iterable[str]) -> None:
        wanted = {letters for surface in surfaces if (letters := surface.translate(_SQUEEZED)).isascii()}
        if len(wanted) > _FEW:  # of many, their beginnings: one test of them all must stay cheap
            wanted = {letters[:_BEGINNING] for letters in wanted}
        # A mark may stand between any two letters of a word. Other alphabets, and accents, are left to the analysis.
        spelled = (_MAY_BE_MARKED.join(letters) for letters in sorted(wanted))
        self._wanted = re.compile("|".join((*spelled, _BEYOND_ASCII)))

    def tokens(self, text: str, first: int = 0) -> Iterator[Token]:
        """The tokens of ``text`` that may be wanted. Two of them are neighbours by position only where they are in the text."""
        plain = text.lower().translate(_TYPOGRAPHIC)
        if len(plain) != len(text):
            yield from tokens(text, first)
            return
        position, end = first, 0
        found = self._wanted.search(plain)
        while found:
            start = _before(text, found.start(), end)
            if _LETTER.search(plain, end, start):
                position += 1
            end = _behind(text, found.end())
            steps, held = seen[text[start:end]]
            for token in held:
                yield Token(
                    token.term, token.exact, token.position + position, token.start + start, token.end + start, token.hyphenated
                )
            position += steps
            found = self._wanted.search(plain, end)


def _before(text: str, place: int, least: int) -> int:
    """Where the chunk begins that ``place`` is in."""
    while place > least and not text[place - 1].isspace():
        place -= 1
    return place


def _behind(text: str, place: int) -> int:
    """Where it ends."""
    while place < len(text) and not text[place].isspace():
        place += 1
    return place
