"""The words of minutes: folding, parts and compounds, stems.

What is written apart, with a hyphen or in one must be found alike (off road, off-road, offroad), and
"exact words" must stay exact. So each word is told as a stem and as its folded form, both at one
position, and parts that a hyphen, a slash or nothing joins are told singly and as one compound:

    off-road bikes   ->  off(0) road(1) offroad(0) bike(2)
    07/2525/FUL      ->  7(0) 2525(1) ful(2) 7/2525ful(0)
    20mph            ->  20(0) mph(1) 20mph(0)

Offsets count code points of the text as given.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import Stemmer

# Bound by what reads and writes terms: nobody types, or needs, a longer word.
MAX_LETTERS = 64
# Between the texts of one field (the titles of an item's documents) no phrase can stand.
TEXT_GAP = 100

# Parts of one reference.
MAX_REFERENCE = 6
_PART = re.compile(
    r"\d{1,3}(?:,\d{3}){1,9}(?!\d|,\d)"  # 1,200
    r"|\d+(?:st|nd|rd|th)(?![^\W_])"  # 17th
    r"|\d+"
    r"|(?:[^\W\d_]+(?:'[^\W\d_]+)*)",  # letters; council's is one word
    re.IGNORECASE,
)
_IZE = re.compile(r"^(\w{3,})iz(e[sdr]?|ers|ing|ations?)$")
# GPs, HMOs: the rules of English leave such an s alone.
_ABBREVIATIONS = re.compile(r"^([^\W\daeiouy]{2,5}|[^\W\daeiouy]{2,4}o)s$")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
# The same length as what they replace, so that offsets stay true. The em dash parts words, the others may join them.
_MARKS = str.maketrans(dict.fromkeys("’‘‛ʼ`´", "'") | dict.fromkeys("‐‑‒–", "-"))
# Without a cache of its own: ``stem`` has one, and Snowball's is slower than stemming anew once it is full.
_english = Stemmer.Stemmer("english", 0)


@dataclass(frozen=True)
class Token:
    """One word at one place: its stem, its folded form, where it stands.

    ``hyphenated`` is the ``hyphen_mark`` of a compound that a hyphen made: the archive's own word that
    the two parts belong together.
    """

    term: str
    exact: str
    position: int
    start: int
    end: int
    hyphenated: str | None = None


@dataclass(frozen=True)
class Part:
    """The smallest unit of a text: letters or digits alone. ``glued`` tells what joins it to the one before."""

    surface: str
    start: int
    end: int
    glued: str | None


@cache
def _forms() -> dict[str, str]:
    """The stems that the tables of ``forms.toml`` give: of knives that of knife, of color that of colour."""
    tables = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
    own: dict[str, str] = tables.pop("own_stem")
    return {form: _english.stemWord(read_as) for table in tables.values() for form, read_as in table.items()} | own


def is_known(surface: str) -> bool:
    """Whether a table tells how to read a folded word: such a one is rightly spelt, whether anybody used it or not."""
    return surface in _forms()


@lru_cache(maxsize=1 << 16)
def stem(surface: str) -> str:
    """The stem of a folded word: Snowball's for letters; of numbers without ordinal endings and leading zeros (07th -> 7).

    Irregular plurals and American spellings are read as their British singular first. No stem is a single letter (AED).
    """
    if surface.isalpha():
        known: str | None = _forms().get(surface)
        stemmed = known or _english.stemWord(_ABBREVIATIONS.sub(r"\1", _IZE.sub(r"\1is\2", surface)))
        return stemmed if len(stemmed) > 1 else surface
    ordinal = _ORDINAL.fullmatch(surface)
    return _LEADING_ZEROS.sub("", ordinal[1] if ordinal else surface)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """``word`` in lower case without accents, apostrophes and whatever is neither letter nor digit."""
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_LETTERS]
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in plain if character.isalnum())[:MAX_LETTERS]


def join(surfaces: Sequence[str]) -> str:
    """Parts as one word; a slash stays between two numbers, lest 1-3 be taken for 13."""
    joined = surfaces[0]
    for surface in surfaces[1:]:
        joined += f"/{surface}" if joined[-1].isdigit() and surface[0].isdigit() else surface
    return joined[:MAX_LETTERS]


def parts(text: str) -> Iterator[Part]:
    """The parts of ``text`` in order."""
    text = text.translate(_MARKS)
    before: re.Match[str] | None = None
    for match in _PART.finditer(text):
        surface = fold(match[0])
        if surface:
            glued = _glue(text, before, match) if before else None
            yield Part(surface, match.start(), match.end(), glued)
            before = match


def _glue(text: str, before: re.Match[str], after: re.Match[str]) -> str | None:
    """The mark that makes two parts one word ("" for none between them), or None where they are two."""
    if after.start() - before.end() > 1:
        return None
    mark = text[before.end():after.start()]
    number = before[0][-1].isdigit() or after[0][0].isdigit()
    if mark in {"", "-", "_"} or (number and mark in {"/", ".", "'"}):
        return mark
    letters = len(before[0]) == 1 and len(after[0]) == 1
    return mark if mark == "/" or (letters and mark in {".", "&"}) else None


def tokens(text: str, first: int = 0) -> Iterator[Token]:
    """The words of ``text``, positions counted from ``first``; compounds follow the last of their parts."""
    chunk: list[Part] = []
    position = first
    for part in parts(text):
        if part.glued is None:
            yield from _compounds(chunk, position - len(chunk))
            chunk = []
        yield Token(stem(part.surface), part.surface, position, part.start, part.end)
        chunk.append(part)
        position += 1
    yield from _compounds(chunk, position - len(chunk))


def field_tokens(texts: Sequence[str]) -> Iterator[Token]:
    """The words of a field that holds several texts, none of which runs on into the next."""
    first = 0
    for text in texts:
        last = first
        for token in tokens(text, first):
            last = max(last, token.position)
            yield token
        first = last + TEXT_GAP


def _compounds(chunk: list[Part], position: int) -> Iterator[Token]:
    """The compounds in a chunk of joined parts: hyphenated pairs of words, and the whole where it is a reference."""
    if len(chunk) < 2:
        return
    pairs = [
        (index, index + 2)
        for index, (one, two) in enumerate(pairwise(chunk))
        if two.glued in {"-", "", "&", "."} and one.surface.isalpha() and two.surface.isalpha()
    ]
    whole = (0, len(chunk))
    if len(chunk) <= MAX_REFERENCE and whole not in pairs and _is_one_word(chunk):
        pairs.append(whole)
    for first, last in pairs:
        members = chunk[first:last]
        exact = join([part.surface for part in members])
        by_hyphen = len(members) == 2 and members[1].glued == "-"
        mark = hyphen_mark(members[0].surface, members[1].surface) if by_hyphen else None
        yield Token(stem(exact), exact, position + first, members[0].start, members[-1].end, mark)


def hyphen_mark(one: str, two: str) -> str:
    """The mark of two words that a hyphen joins; of the second one only the stem counts (by-law, by-laws)."""
    return f"{one}-{stem(two)}"


def _is_one_word(chunk: list[Part]) -> bool:
    """Whether a number is in it, or one kind of mark joins it all: hyphens, or the stops of initials (H.M.O.)."""
    marks = {part.glued for part in chunk[1:]}
    return any(part.surface[0].isdigit() for part in chunk) or marks in ({"-"}, {"."})


def label_key(value: str) -> str:
    """What two ways of writing one label have in common: ``Off-Road Bikes`` and ``off_road-bikes`` are one.

    So are ``Overview & Scrutiny`` and ``Overview and Scrutiny``.
    """
    return "-".join(part.surface for part in parts(value) if part.surface != "and") or value.casefold().strip()
