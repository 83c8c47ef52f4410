"""Watches: saved searches, and what of their answers was told before. Pure; ``watching`` keeps them on disk.

An item counts as new until it was told, and as changed when what was decided, what is restricted, its title or its day are
other than when it was told. What is remembered of items are digests: a watch holds no word of an item, and no id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from minutes_archive.search.engine import Hit

Kind = Literal["new", "changed"]
# So many of the items told last stand in a feed.
FEED = 100


@dataclass(frozen=True)
class Memory:
    """What is known of one item: the state in which it was told, and when (ISO; "" where it was there from the beginning)."""

    state: str
    told_at: str


@dataclass(frozen=True)
class Watch:
    """A saved search. ``filters`` are as typed, by name; ``told`` is by digest of the item's id; ``run_at`` ISO, "" before."""

    name: str
    query: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    match: str = "all"
    expand: bool = True
    added_at: str = ""
    run_at: str = ""
    told: Mapping[str, Memory] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """One item to be told."""

    kind: Kind
    hit: Hit


@dataclass(frozen=True)
class Answer:
    """What a run of a watch found: the news, and the watch as it stands once they are told.

    ``recent`` are the items told by this and earlier runs, the latest first, with when.
    """

    watch: Watch
    news: tuple[News, ...]
    recent: tuple[tuple[str, Hit], ...]


def compare(watch: Watch, hits: Sequence[Hit], now: str) -> Answer:
    """What of ``hits`` is new to ``watch`` at ``now`` (ISO).

    What is not among them any more is forgotten: should it come back, it is new.
    """
    news: list[News] = []
    told: dict[str, Memory] = {}
    recent: list[tuple[str, Hit]] = []
    for hit in hits:
        key, state = _digest(hit.id), state_of(hit)
        known = watch.told.get(key)
        if known is None or known.state != state:
            news.append(News("new" if known is None else "changed", hit))
            known = Memory(state, now)
        told[key] = known
        if known.told_at:
            recent.append((known.told_at, hit))
    recent.sort(key=lambda pair: pair[0], reverse=True)
    return Answer(_with(watch, told, now), tuple(news), tuple(recent[:FEED]))


def begin(watch: Watch, hits: Iterable[Hit]) -> Watch:
    """``watch`` with all that matches at its beginning taken as known."""
    return _with(watch, {_digest(hit.id): Memory(state_of(hit), "") for hit in hits}, "")


def state_of(hit: Hit) -> str:
    """A digest of what makes an item changed where it differs."""
    return _digest(json.dumps([hit.title, hit.date, hit.decisions, hit.decision_line, hit.restriction]))


def _with(watch: Watch, told: Mapping[str, Memory], run_at: str) -> Watch:
    return Watch(watch.name, watch.query, watch.filters, watch.match, watch.expand, watch.added_at, run_at, told)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
