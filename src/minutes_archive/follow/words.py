"""How alike two items are: the weight of the words that they share, rare ones more (tf-idf).

Only what one audience may see is counted, so that no weight tells of what is hidden.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice

from minutes_archive.follow.entry import Entry
from minutes_archive.follow.standing import standing_kind
from minutes_archive.search.analysis import fold, stem

_WORD = re.compile(r"\d[\w/.-]*\w|[^\W\d_]{2,}(?:'[^\W\d_]+)?")
# The words by which candidates are found: the weightiest of each item, and in no more items than these.
# Long items hold several matters, so they have more of them.
_PROBES, _MOST_ITEMS, _MOST_CANDIDATES = 30, 60, 25
_WORDS_FOR_A_PROBE = 4
# A word is rare that stands in one item of so many, or fewer, within bounds; short ones are abbreviations and figures.
_FEW, _FEW_OF, _SHORT = (6, 12), 400, 3
# Words beyond these are of no use in telling what an item is about; the longest minutes have thousands.
_KEPT = 600


@dataclass(frozen=True)
class Likeness:
    """Shares from 0 to 1: of the titles' words, of the texts (cosine), of the shorter item within the longer.

    ``rare`` is the weight of the words that the titles share.
    """

    title: float
    text: float
    within: float
    rare: float

    @property
    def total(self) -> float:
        """One number by which pairs can be ranked."""
        return self.text + 0.5 * self.within + 0.3 * self.title * min(1.0, self.rare / 10)


NOTHING_ALIKE = Likeness(0.0, 0.0, 0.0, 0.0)


class WordIndex:
    """The words of items, weighed against one another, and the inverted index from word to items."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        counts = [(_count(entry.item.title), _count("\n".join(_telling_texts(entry)))) for entry in entries]
        self._spread = spread = Counter(word for title, words in counts for word in title.keys() | words.keys())
        self._few = min(max(len(entries) // _FEW_OF, _FEW[0]), _FEW[1])
        self._rarity = {word: math.log((len(entries) + 1) / number) for word, number in spread.items()}
        self._most = math.log(len(entries) + 1)
        self._titles = [{word: self._rarity[word] for word in title} for title, _ in counts]
        self._vectors = [self._weigh(title, words) for title, words in counts]
        self._sizes = [math.sqrt(sum(weight * weight for weight in vector.values())) for vector in self._vectors]
        self._weights = [sum(self._rarity[word] ** 2 for word in vector) for vector in self._vectors]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for place, vector in enumerate(self._vectors):
            for word in self._probes(vector, spread):
                self._postings[word].append(place)

    def candidates(self, place: int) -> Iterator[int]:
        """The places of the items that share the most telling words with the one at ``place``."""
        shared: dict[int, float] = defaultdict(float)
        for word, weight in self._vectors[place].items():
            for other in self._postings.get(word, ()):
                shared[other] += weight
        shared.pop(place, None)
        yield from nsmallest(_MOST_CANDIDATES, shared, key=lambda other: (-shared[other], other))

    def rarity(self, key: str) -> float:
        """How much a word tells, given as ``keys_of`` gives it: 1 where it stands in one item alone, 0 where in all."""
        return self._rarity.get(key, 0.0) / self._most

    def is_rare(self, key: str) -> bool:
        """Whether a word, given as ``keys_of`` gives it, stands in few items."""
        return len(key) > _SHORT and 0 < self._spread[key] <= self._few

    def likeness(self, one: int, other: int) -> Likeness:
        """How alike two items are."""
        first, second = self._vectors[one], self._vectors[other]
        if len(first) > len(second):
            first, second = second, first
        shared = [word for word in first if word in second]
        if not shared:
            return NOTHING_ALIKE
        product = sum(first[word] * second[word] for word in shared)
        common = sum(self._rarity[word] ** 2 for word in shared)
        least = min(self._weights[one], self._weights[other])
        titles, others = self._titles[one], self._titles[other]
        rare = sum(weight for word, weight in titles.items() if word in others)
        most = max(sum(titles.values()), sum(others.values()), 1e-9)
        return Likeness(rare / most, product / max(self._sizes[one] * self._sizes[other], 1e-9), common / max(least, 1e-9), rare)

    def _weigh(self, title: Counter[str], words: Counter[str]) -> dict[str, float]:
        weights = {
            word: self._rarity[word] * (1 + math.log(number)) * (1.5 if word in title else 1.0) for word, number in words.items()
        }
        return dict(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_KEPT])

    @staticmethod
    def _probes(vector: dict[str, float], spread: Counter[str]) -> Iterator[str]:
        telling = (word for word in vector if 1 < spread[word] <= _MOST_ITEMS)
        yield from islice(telling, max(_PROBES, len(vector) // _WORDS_FOR_A_PROBE))


def _telling_texts(entry: Entry) -> Iterator[str]:
    """The texts of an item; its title only where that is no standing heading, which would make all items under it alike."""
    standing = bool(standing_kind(entry.item.title)) and any(field != "title" for field, _ in entry.texts())
    return (text for field, text in entry.texts() if not (standing and field == "title"))


def _count(text: str) -> Counter[str]:
    return Counter(keys_of(text))


def keys_of(text: str) -> Iterator[str]:
    """The words of a text, folded and stemmed: those with the same key are taken for one word."""
    return (stem(fold(word)) for word in _WORD.findall(text.casefold()))
