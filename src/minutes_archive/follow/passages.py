"""The same entry in two lists: a sentence of one item that says in much the same rare words what one of the other says.

It is what joins one entry of a list with one of another, where the lists as wholes are not alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minutes_archive.follow.entry import Entry, Quote, quote
from minutes_archive.follow.standing import standing_kind
from minutes_archive.follow.words import WordIndex, keys_of
from minutes_archive.model import TextField

# Least share of what both say in the same words (cosine), and least weight of those words, where one that stands in a
# single item weighs 1; so many of them stand in few items.
_ALIKE, _WEIGHT, _RARE = 0.6, 6.5, 2
# A line, or a sentence of one.
_SENTENCE = re.compile(r"(?:[^\n.;]|[.;](?=[^\s]))+")


@dataclass(frozen=True)
class Passage:
    """A sentence of an item: its words as they are compared, each with its weight, and where it stands."""

    weights: Mapping[str, float]
    size: float
    field: TextField
    start: int
    end: int


def passages_of(entry: Entry, index: WordIndex) -> tuple[Passage, ...]:
    """The sentences of an item; its title only where that is no standing heading."""
    standing = bool(standing_kind(entry.item.title))
    return tuple(
        _passage(text[match.start():match.end()], index, field, match.start())
        for field, text in entry.texts() if not (standing and field == "title") for match in _SENTENCE.finditer(text)
    )


def _passage(text: str, index: WordIndex, field: TextField, start: int) -> Passage:
    weights = {word: index.rarity(word) for word in keys_of(text)}
    return Passage(weights, math.sqrt(sum(one * one for one in weights.values())), field, start, start + len(text))


def common_passage(
    one: Entry, other: Entry, passages: tuple[Sequence[Passage], Sequence[Passage]], index: WordIndex
) -> tuple[Quote, Quote] | None:
    """The sentences of two items that are most alike, if they are so alike that nothing but one matter explains it."""
    best, found = 0.0, None
    for first in passages[0]:
        for second in passages[1]:
            shared = first.weights.keys() & second.weights.keys()
            weight = sum(first.weights[word] for word in shared)
            if weight < _WEIGHT or weight <= best:
                continue
            alike = sum(first.weights[word] ** 2 for word in shared) / max(first.size * second.size, 1e-9)
            if alike >= _ALIKE and sum(index.is_rare(word) for word in shared) >= _RARE:
                best, found = weight, (_quote(one, first), _quote(other, second))
    return found


def _quote(entry: Entry, passage: Passage) -> Quote:
    return quote(entry, passage.field, passage.start, passage.end)
