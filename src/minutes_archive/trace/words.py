"""The words of a theme, and where a text says them: whatever the case, hyphens, blanks and endings.

A name of several words must stand together ("off-road bikes", "off road bike", "offroad bikes"); words that were typed side
by side may also stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from minutes_archive.search.analysis import fold, parts, stem
from minutes_archive.search.query import And, Fuzzy, Or, Phrase, Prefix, Query, Run, Word
from minutes_archive.search.spelling import words
from minutes_archive.text import plain_marks

# Between the words of one name: a blank, a hyphen, an apostrophe, a line end; or nothing.
_GAP = r"[\s\-'/&]{0,3}"
# The least a name is looked for by: shorter ones stand in too many words.
_SHORTEST = 2


@dataclass(frozen=True)
class Name:
    """One name of a theme. ``surfaces`` are its folded words; ``begins``: its last word may go on (a prefix)."""

    label: str
    surfaces: tuple[str, ...]
    typed: bool
    begins: bool = False


@dataclass(frozen=True)
class Found:
    """A name at its place in a text."""

    start: int
    end: int
    name: Name


class ThemeWords:
    """All names of a theme, ready to be found."""

    def __init__(self, typed: Iterable[Name], added: Iterable[str] = ()) -> None:
        names: dict[str, Name] = {}
        for name in (*typed, *(Name(label, _surfaces(label), typed=False) for label in added)):
            # Two ways of writing one name are one: motor bike, motorbikes.
            key = stem("".join(name.surfaces))
            if len(key) >= _SHORTEST:
                names.setdefault(key, name)
        self.names = tuple(names.values())
        self._patterns = tuple((_anchor(name), _pattern(name), name) for name in self.names)

    def find(self, text: str) -> list[Found]:
        """Every name in ``text``, in its order; none within a longer one, but for typed words within related ones."""
        small = _small(plain_marks(text))
        found = [
            Found(match.start(), match.end(), name)
            for anchor, pattern, name in self._patterns if anchor in small
            for match in pattern.finditer(small) if _is_meant(match, name, text)
        ]
        return list(_outer(sorted(found, key=lambda one: (one.start, -one.end, not one.name.typed))))


def typed_names(query: Query, *, apart: bool = True) -> Iterator[Name]:
    """The names in what was typed: words side by side as one name, and where they may stand ``apart`` each word, too.

    Nothing that NOT takes away, and none of the words that stand everywhere.
    """
    if isinstance(query, Run | And | Or):
        label = _side_by_side(query)
        if label:
            yield Name(label, _surfaces(label), typed=True)
        for part in query.parts if apart or not label else ():
            yield from typed_names(part, apart=apart)
    elif isinstance(query, Word | Phrase | Prefix | Fuzzy) and query.field in {None, "title"}:
        surfaces = _surfaces(query.text)
        if any(surface not in words().stop for surface in surfaces):
            yield Name(query.text, surfaces, typed=True, begins=isinstance(query, Prefix))


def _side_by_side(query: Run | And | Or) -> str:
    """The plain words of a run as one name; "" where there is more to it, or only one word."""
    together = [part.text for part in query.parts if isinstance(part, Word) and part.field is None]
    return " ".join(together) if isinstance(query, Run) and len(together) == len(query.parts) > 1 else ""


def _outer(found: Iterable[Found]) -> Iterator[Found]:
    around: list[Found] = []
    for one in found:
        around = [other for other in around if other.end > one.start]
        if not any(other.end >= one.end and (other.name.typed or not one.name.typed) for other in around):
            yield one
        around.append(one)


def _surfaces(label: str) -> tuple[str, ...]:
    return tuple(part.surface for part in parts(label))


@lru_cache(maxsize=4096)
def _root(surface: str) -> str:
    """What every form of a word begins with: policy, policies -> polic."""
    if not surface.isalpha():
        return surface
    stemmed = stem(surface)
    common = next((i for i, (one, two) in enumerate(zip(surface, stemmed, strict=False)) if one != two), len(stemmed))
    return stemmed[:common].rstrip("iye") or surface[:1]


def _anchor(name: Name) -> str:
    """A piece that any text which says the name must hold: cheap to look for before the pattern is."""
    return max(map(_root, name.surfaces), key=len)


def _pattern(name: Name) -> re.Pattern[str]:
    """What the name looks like in small letters. It begins with letters alone, so that most of a text is passed over fast."""
    pieces = [rf"({re.escape(_root(surface))}(?:'?[^\W_])*)" for surface in name.surfaces]
    return re.compile(_GAP.join(pieces))


def _small(text: str) -> str:
    """``text`` in small letters, of the same length."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def _is_meant(match: re.Match[str], name: Name, text: str) -> bool:
    """Whether what looks like the name begins a word and has the name's stems; ASB is no asb unless somebody typed it."""
    if match.start() and match.string[match.start() - 1].isalnum():
        return False
    if not name.typed and name.label.isupper() and not text[match.start() : match.end()].isupper():
        return False
    said = [fold(one) for one in match.groups()]
    last = len(said) - 1
    return all(
        (name.begins and at == last and one.startswith(surface)) or stem(one) == stem(surface)
        for at, (one, surface) in enumerate(zip(said, name.surfaces, strict=True))
    ) or stem("".join(said)) == stem("".join(name.surfaces))
