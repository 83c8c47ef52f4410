"""Ranking: how much a match is worth, and how much of a query has to match. Numbers only: every engine computes these.

BM25F, with fixed figures for the usual lengths, so that a score depends on nothing but the item and how rare the words are.
Of one typed word (or group of words that is one, such as "off road"), called a unit, an item is worth

    rarity(items, found) * saturated( sum over fields of share(field, count, length) )

where ``count`` is how often the unit stands in the field (several ways of writing it add up; at one place it counts once), plus
``AS_TYPED`` for each place where it stands in the very form typed. Where the unit stands in the item's own texts, its places
in ``outcome``, the exact words of decisions, are one more share. An item's score is the sum over

* the units it holds;
* for two units that were typed side by side and stand so in one field: ``NEIGHBOUR_WEIGHT`` times the smaller rarity;
* for words written as one that were typed as two, and for related words (``RELATED_WEIGHT``), that stand for units it does not
  all hold: their own worth;
* words that tell a time and are not required, by their own worth; times ``FAVOURED_WEIGHT`` where the meeting was at that
  time, or the title says it, and where the meeting is of the body that a question names;
* times ``PROCEDURAL_WEIGHT`` for business of form, unless its title holds a typed word.

Branches of AND and OR add up. Items with all the words stand before those with most of them (``is_most``, ``stepped``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

# What a word is worth in each field. ``outcome`` holds the exact words of decisions once more.
FIELD_WEIGHTS = {
    "title": 3.0, "number": 3.0, "documents": 1.2, "decision_text": 1.0, "outcome": 1.0, "minutes_text": 1.0,
    "agenda_text": 0.7,
}
_USUAL_LENGTH = {
    "title": 20, "number": 4, "documents": 30, "decision_text": 120, "outcome": 60, "minutes_text": 300,
    "agenda_text": 60,
}
_SATURATION = 1.2
_LENGTH_SHARE = 0.5

# A word in the very form that was typed counts so much more than in another (speeding, where speed is as good a match).
AS_TYPED = 0.5
# Related words count for less than typed ones; words typed side by side count for more where they stand so.
RELATED_WEIGHT = 0.3
NEIGHBOUR_WEIGHT = 0.5
# Meetings of the time and the body that words of the query tell.
FAVOURED_WEIGHT = 3.0
# Apologies, declarations, previous minutes: seldom what was meant.
PROCEDURAL_WEIGHT = 0.25

# Where fewer items than this have all the words, items with most of them follow.
FEW = 10
_HALF = 0.5
_ROUNDING = 1e-9
_STEP = 0.99

# How an item came to match, best first: by all the typed words, with the help of related ones, by most of them. The
# first two stand together, by score; what has most of the words follows.
TYPED, RELATED, PARTIAL = range(3)


def rarity(items: int, found: int) -> float:
    """The weight of a word that ``found`` of ``items`` hold; largest for one that none holds."""
    return math.log(1 + (items - found + 0.5) / (found + 0.5))


def share(field: str, count: float, length: int) -> float:
    """What ``count`` occurrences in a field of ``length`` terms are worth."""
    relative = length / _USUAL_LENGTH[field]
    return FIELD_WEIGHTS[field] * count / (1 - _LENGTH_SHARE + _LENGTH_SHARE * relative)


def saturated(shares: float) -> float:
    """The worth of all shares of one word together: more is better, ever less so."""
    return shares * (_SATURATION + 1) / (shares + _SATURATION)


def is_most(found: int, asked: int, found_weight: float, named_weight: float, asked_weight: float) -> bool:
    """Whether an item has most of the words. Plain arithmetic, so that arrays can be asked as well as numbers.

    Either more than half of them, which weigh half or more; or its title alone names what weighs half or more.
    """
    half = _HALF * asked_weight - _ROUNDING
    return ((2 * found > asked) & (found_weight >= half)) | (named_weight >= half)


def stepped(tiers: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """By tier, the factor that brings its scores below those of every better tier.

    So a list in order of tier, then score, has falling scores throughout. Scores are 0 or more.
    """
    factors: dict[int, float] = {}
    floor = math.inf
    for tier in sorted(tiers):
        top = max(tiers[tier], default=0.0)
        factors[tier] = min(1.0, _STEP * floor / top) if top else 1.0
        floor = min([floor, *(score * factors[tier] for score in tiers[tier])])
    return factors
