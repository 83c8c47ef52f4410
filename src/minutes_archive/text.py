"""Text of minutes: folding to the form that records keep.

The folded form is that of the record (schema ``minutes-archive/meeting/1``): NFC, NBSP and runs of
blanks as one blank, no blanks at the ends of lines, paragraphs separated by one empty line, list
entries and table rows as lines. Offsets count code points.
"""

from __future__ import annotations

import re
import unicodedata

# What no reader sees: soft hyphen, zero-width characters, byte order mark, halves of surrogate pairs, control characters.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Every blank Unicode knows, NBSP included, but for the line feed.
_BLANKS = re.compile(r"[^\S\n]+")
# Word's bullets as they arrive in text: middle dot, bullets of Symbol fonts, and "o", a section sign or Ø alone.
_BULLET = re.compile("^(?:[·•▪◦‣●■□–—\uf0b7\uf0a7\uf0d8\uf0fc-]|[o§Øü](?=[^\\S\\n]{2,}|\u00a0))[^\\S\\n]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKS = {"‘": "'", "’": "'", "‛": "'", "ʼ": "'", "`": "'", "´": "'",
          "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"}


def fold_line(text: str) -> str:
    """``text`` on one line: NFC, invisible characters gone, every run of blanks one blank, none at the ends."""
    if text.isascii() and text.isprintable():
        # The common case, done in a fraction of the time.
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\r", "\n").replace("\n", " ")))
    return _BLANKS.sub(" ", text).strip()


def fold_text(text: str) -> str:
    """``text`` with its paragraphs and lines kept, each folded as a line; empty lines are never doubled."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = (
        "\n".join(line for line in map(fold_line, paragraph.split("\n")) if line)
        for paragraph in re.split(r"\n[^\S\n]*\n", text)
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def strip_bullet(line: str) -> tuple[str, bool]:
    """``line`` without a leading Word bullet, and whether there was one. Numerals are content and stay."""
    match = _BULLET.match(line.lstrip(" "))
    return (line.lstrip(" ")[match.end():], True) if match else (line, False)


def plain_marks(text: str) -> str:
    """``text`` with curly quotes and every dash as their ASCII twins: same length, so spans stay true."""
    for mark, twin in _MARKS.items():
        # Not ``translate``, which takes many times as long.
        text = text.replace(mark, twin)
    return text


def xml_text(text: str) -> str:
    """``text`` without the characters that XML has no place for, though a damaged page may hold them (XML 1.0, 2.2)."""
    return _NOT_XML.sub("", text)


def compact(text: str) -> str:
    """``text`` without any blank: what two renderings of the same words have in common."""
    return "".join(fold_line(text).split())
