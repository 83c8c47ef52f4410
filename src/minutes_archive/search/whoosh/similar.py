"""Items like one item: the words that tell it from the others."""

from __future__ import annotations

from minutes_archive.search.analysis import tokens
from minutes_archive.search.entry import Line
from minutes_archive.search.plan import TEXT_FIELDS, Leaf, Units
from minutes_archive.search.ranking import FIELD_WEIGHTS, rarity
from minutes_archive.search.spelling import words
from minutes_archive.search.whoosh.reader import Reader

_WORDS = 20
_SHORTEST = 3


def telling_words(reader: Reader, line: Line) -> Units:
    """The words of an item that are frequent in it and rare elsewhere, as units any of which may match."""
    counts: dict[str, float] = {}
    for field, text in line.texts.items():
        for token in tokens(text):
            if token.exact not in words().stop and len(token.term) >= _SHORTEST and token.term.isalpha():
                counts[token.term] = counts.get(token.term, 0.0) + FIELD_WEIGHTS[field]
    weighed = []
    for term, count in counts.items():
        found = reader.stem_frequency(term)
        if found > 1:
            weighed.append((-count * rarity(reader.count, found), term))
    leaves = tuple(Leaf(TEXT_FIELDS, ((term,),)) for _, term in sorted(weighed)[:_WORDS])
    return Units(leaves, (), "any")
