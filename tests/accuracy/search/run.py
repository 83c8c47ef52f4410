"""The search and its peers over the same queries and the same items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from accuracy.search.collection import Collection
from accuracy.search.judgements import NO_ANSWER, Query
from accuracy.search.measures import Scores, score
from accuracy.search.peers import Fts5, PlainBm25
from minutes_archive import Archive

OURS, FTS5, BM25 = "minutes", "FTS5", "BM25"
METHODS = (OURS, FTS5, BM25)
ALL = 100_000
Ranker = Callable[[Query], list[str]]


@dataclass(frozen=True)
class Answer:
    """What each method made of one query: method -> the items it found, the best first."""

    query: Query
    found: dict[str, list[str]]

    def scores(self, method: str) -> Scores:
        """How good a method's answer is; not for queries without an answer."""
        return score(self.found[method], self.query.grades)


def answer_all(collection: Collection, queries: Iterable[Query]) -> list[Answer]:
    """The answers of every method to every query."""
    with Archive.open(collection.archive) as archive:
        methods = rankers(collection, archive)
        return [Answer(query, {name: rank(query) for name, rank in methods.items()}) for query in queries]


def rankers(collection: Collection, archive: Archive) -> dict[str, Ranker]:
    """The methods. Filters are the archive's for all of them: what is measured is the words."""

    def ours(query: Query) -> list[str]:
        return [collection.keys[hit.id] for hit in archive.search(query.text, limit=ALL, **query.filters).hits]

    def filtered(rank: Callable[[str], list[str]]) -> Ranker:
        def kept(query: Query) -> list[str]:
            if not query.filters:
                return rank(query.text)
            left = {collection.keys[hit.id] for hit in archive.search("", limit=ALL, **query.filters).hits}
            return [key for key in rank(query.text) if key in left]

        return kept

    peers = {FTS5: Fts5(collection.items), BM25: PlainBm25(collection.items)}
    return {OURS: ours} | {name: filtered(peer.rank) for name, peer in peers.items()}


def with_answer(answers: Iterable[Answer]) -> list[Answer]:
    """Those whose query has an answer."""
    return [answer for answer in answers if answer.query.kind != NO_ANSWER]


def without_answer(answers: Iterable[Answer]) -> list[Answer]:
    """Those whose query has none."""
    return [answer for answer in answers if answer.query.kind == NO_ANSWER]


def spelt_alike(answers: Sequence[Answer], method: str = OURS) -> tuple[int, int]:
    """How many spellings of a theme find the same items as the theme itself, and how many there are."""
    same = spellings = 0
    for _, group in groupby(answers, key=lambda answer: answer.query.judgement):
        together = list(group)
        themes = [set(answer.found[method]) for answer in together if answer.query.kind == "theme"]
        variants = [set(answer.found[method]) for answer in together if answer.query.kind == "variant"]
        if themes:
            spellings += len(variants)
            same += sum(variant == themes[0] for variant in variants)
    return same, spellings
