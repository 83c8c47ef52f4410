"""Related words: what the topic vocabulary says is the same matter under another name.

A typed word or group of words that is a label of a topic brings in the topic's other labels. Related
words never push a typed one down: the ranking puts them below, and the result page names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from minutes_archive.search.analysis import join, parts, stem


class Labels(Protocol):
    """What of a topic is needed here."""

    @property
    def pref_label(self) -> str:
        """The label it is known by."""

    @property
    def alt_labels(self) -> tuple[str, ...]:
        """Its other names."""


@dataclass(frozen=True)
class Group:
    """Words ``first`` to ``last`` (excluded) of those typed, and the labels they bring in."""

    first: int
    last: int
    labels: tuple[str, ...]


def surfaces_of(label: str) -> tuple[str, ...]:
    """The folded words of a label."""
    return tuple(part.surface for part in parts(label))


class Thesaurus:
    """The labels of all topics, ready to be looked up. Folding them all takes a while: ``told`` is what to keep of it."""

    def __init__(self, topics: Iterable[Labels] = ()) -> None:
        self._rings: list[Sequence[str]] = []
        self._rings_of: dict[str, list[int]] = {}
        self._longest = 0
        self._words: set[str] = set()
        for number, topic in enumerate(topics):
            self._rings.append([topic.pref_label, *topic.alt_labels])
            for label in self._rings[number]:
                surfaces = surfaces_of(label)
                self._words.update(surfaces)
                self._longest = max(self._longest, len(surfaces) + 1)
                for key in label_keys(surfaces):
                    known = self._rings_of.setdefault(key, [])
                    if number not in known:
                        known.append(number)

    def told(self) -> dict[str, Any]:
        """All that is known, as values of JSON."""
        return {"rings": self._rings, "rings_of": self._rings_of, "longest": self._longest, "words": sorted(self._words)}

    @classmethod
    def of_told(cls, told: Mapping[str, Any]) -> Self:
        """The thesaurus that told this."""
        thesaurus = cls()
        thesaurus._rings, thesaurus._rings_of, thesaurus._longest = told["rings"], told["rings_of"], told["longest"]
        thesaurus._words = set(told["words"])
        return thesaurus

    def knows(self, surface: str) -> bool:
        """Whether a folded word, or what it is the plural of, is of any label: then it is rightly spelt."""
        return surface in self._words or singular(surface) in self._words

    def groups(self, surfaces: Sequence[str]) -> Iterator[Group]:
        """The groups among typed words that are labels: longest first from the left, none within another."""
        first = 0
        while first < len(surfaces):
            candidates = (self._group(surfaces, first, last) for last in self._ends(surfaces, first))
            group = next(filter(None, candidates), None)
            if group:
                yield group
            first = group.last if group else first + 1

    def _ends(self, surfaces: Sequence[str], first: int) -> range:
        return range(min(len(surfaces), first + self._longest), first, -1)

    def _group(self, surfaces: Sequence[str], first: int, last: int) -> Group | None:
        typed = set(label_keys(surfaces[first:last]))
        related = {label for key in typed for ring in self._rings_of.get(key, ()) for label in self._rings[ring]}
        labels = tuple(label for label in sorted(related) if not typed & set(label_keys(surfaces_of(label))))
        return Group(first, last, labels) if related else None


def forms_of(word: str) -> tuple[str, str]:
    """A folded word in the singular and the plural."""
    one = singular(word)
    return one, f"{one[:-1]}ies" if one.endswith("y") and one[-2:-1] not in "aeiou" else f"{one}s"


def singular(word: str) -> str:
    """A folded word without the s of the plural."""
    if len(word) > 3 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[-2] not in "su" else word


def label_keys(surfaces: Sequence[str]) -> Iterator[str]:
    """What a label and a typed group have in common, whatever the blanks, hyphens and endings.

    Of a single word only the plural is another form: who asks for zones does not mean zoning.
    """
    if len(surfaces) == 1:
        yield singular(surfaces[0])
    elif surfaces:
        yield "".join([*map(stem, surfaces[:-1]), singular(surfaces[-1])])
        yield "".join(map(stem, surfaces))
        yield stem(join(surfaces))
