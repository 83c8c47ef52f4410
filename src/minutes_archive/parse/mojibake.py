"""Mojibake: text in UTF-8 that somebody once took for Windows-1252 ("â€™" for "’", "Â£" for "£").

A piece of text is repaired only when that is provably right: every character of it goes back to the byte it came from, and those
bytes are UTF-8 without a control character among them. Text of another language or spelling fails that by chance in nearly every
word; text that is damaged in part is left, and counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

# Pieces that are judged as a whole: what stands between tags, on one line, and between the blanks that templates write as
# entities ("&nbsp;"); but for the one that is half of a misread blank itself ("Â&nbsp;").
_PIECE = re.compile(r"(?:[^<>\n&]|&(?!nbsp;|#160;)|(?:(?<=Â)|(?<=&Acirc;))&)+")
# Beyond ASCII, written as a character or as an entity (&acirc;, &#226;); never markup's own (&lt;, &amp;, &quot;).
_ENTITY = re.compile(r"&(?:#\d{3,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8}\d{0,2});")
# How UTF-8 taken for Windows-1252 begins: the first byte of two or three, then a character from the bytes 0x80 to 0xBF.
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SIGNS = re.compile(rf"[Â-ß][{_CONTINUED}]|[à-ï][{_CONTINUED}]{{2}}|[ð-ô][{_CONTINUED}]{{3}}")
# The cheap question, asked of every page: is there any such first byte, as a character or as an entity?
_HINT = re.compile(r"[Â-ô]|&(?:[A-Za-z](?:circ|tilde|grave|acute|uml|ring|cedil)|#(?:19[4-9]|2[0-3]\d|24[0-4])|#[xX][c-fC-F]);?")
_MOST_TIMES = 3


@dataclass(frozen=True)
class Repaired:
    """A text with its mojibake repaired; ``pieces`` counts those repaired, ``left`` those that look damaged and were kept."""

    text: str
    pieces: int = 0
    left: int = 0

    @property
    def doubts(self) -> list[str]:
        """What to say of it, a sentence each."""
        said = []
        if self.pieces:
            said.append(f"UTF-8 was once taken for Windows-1252 in {_passages(self.pieces)}: repaired")
        if self.left:
            said.append(f"{_passages(self.left)} may be damaged so in part: left as found")
        return said


def repair(text: str) -> Repaired:
    """``text`` with its mojibake repaired, piece by piece."""
    if not _HINT.search(text):
        return Repaired(text)
    counts = {"pieces": 0, "left": 0}

    def mend(match: re.Match[str]) -> str:
        piece = match[0]
        if not _HINT.search(piece):
            return piece
        shown = _ENTITY.sub(_beyond_ascii, piece)
        # "Â’r" (Welsh for "with the") has the look, but not the meaning: it would become a control character.
        if not any(_back(sign[0]) for sign in _SIGNS.finditer(shown)):
            return piece
        mended = _back(shown)
        counts["left" if mended is None else "pieces"] += 1
        return piece if mended is None else mended

    return Repaired(_PIECE.sub(mend, text), counts["pieces"], counts["left"])


def _back(text: str) -> str | None:
    """``text`` read anew from the bytes it was made of, as often as it was misread; None where that proves nothing."""
    found = None
    for _ in range(_MOST_TIMES):
        try:
            text = b"".join(map(_byte, text)).decode("utf-8")
        except ValueError:
            return found
        # A control character is what no writer meant.
        if re.search("[\u0080-\u009f]", text):
            return found
        found = text
        if text.isascii() or not _SIGNS.search(text):
            break
    return found


def _byte(char: str) -> bytes:
    """The byte that Windows-1252 has for a character; five of its bytes stand for themselves (WHATWG Encoding, windows-1252)."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _beyond_ascii(match: re.Match[str]) -> str:
    char = unescape(match[0])
    return char if len(char) == 1 and not char.isascii() else match[0]


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count} passages"
