"""What counts as found: nDCG@10, MRR, recall@20, success@1, and how sure the means are. Pure functions.

A ranking is a list of item keys, the best first; grades say what each item is worth (``judgements.Query``).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import groupby

DEPTH = 20
SEED = 6
RESAMPLES = 5_000


@dataclass(frozen=True)
class Scores:
    """The measures of one ranking, or their means; each from 0 to 1."""

    ndcg: float
    mrr: float
    recall: float
    success: float


def score(ranking: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """The measures of one ranking.

    nDCG@10 with gain 2^grade - 1 and discount log2(rank + 1) (Burges et al. 2005); recall@20 of all items of grade 1 and 2;
    MRR and success@1 ask for an item of the best grade that the query has: the one that decides, not one that mentions.
    """
    best = max(grades.values())
    first = next((rank for rank, key in enumerate(ranking, start=1) if grades.get(key) == best), 0)
    ideal = _gain(sorted(grades.values(), reverse=True)[:10])
    return Scores(
        _gain([grades.get(key, 0) for key in ranking[:10]]) / ideal,
        1 / first if first else 0.0,
        len(set(ranking[:DEPTH]) & set(grades)) / len(grades),
        float(first == 1),
    )


def mean(scores: Sequence[Scores]) -> Scores:
    """The mean of each measure."""
    return Scores(*(sum(column) / len(scores) for column in zip(*map(astuple, scores), strict=True)))


def interval(values: Sequence[tuple[str, float]], resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean of (theme, value) pairs.

    Themes are drawn, not queries: spellings of one theme rise and fall together, and would make the interval too narrow.
    """
    chance = random.Random(seed)
    themes = [[value for _, value in group] for _, group in groupby(sorted(values), key=lambda pair: pair[0])]
    sums = [(sum(group), len(group)) for group in themes]
    means = []
    for _ in range(resamples):
        drawn = chance.choices(sums, k=len(sums))
        means.append(sum(total for total, _ in drawn) / sum(count for _, count in drawn))
    means.sort()
    return means[round(0.025 * (resamples - 1))], means[round(0.975 * (resamples - 1))]


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
