"""What speaks for two items being one matter, references apart: likeness, words that point back, decisions that look forward."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from minutes_archive.follow.bodies import are_levels, are_one, goes_up, is_named
from minutes_archive.follow.entry import Entry, Quote
from minutes_archive.follow.mentions import Cue, announced, says_month_or_day
from minutes_archive.follow.words import Likeness
from minutes_archive.rules import load_rules
from minutes_archive.text import plain_marks

PUT_OFF = frozenset({"deferred"})
PASSED_ON = frozenset({"recommended", "referred"})


@dataclass(frozen=True)
class Pointer:
    """Words that speak for the pair: what they say and how they mean the other meeting (as in ``likeness.toml``)."""

    says: str
    how: str
    words: Quote


@dataclass(frozen=True)
class Evidence:
    """All that speaks for a pair, references apart."""

    likeness: Likeness
    days: int
    between: str
    pointers: tuple[Pointer, ...]
    standing: str

    def pointer(self, says: Collection[str], how: Collection[str]) -> Pointer | None:
        """The first pointer of these kinds."""
        return next((one for one in self.pointers if one.says in says and one.how in how), None)


@dataclass(frozen=True)
class Likely:
    """That two items are likely one matter: the row of ``likeness.toml`` that says so, and what it points with."""

    name: str
    kind: str
    confidence: float
    pointer: Pointer | None


@dataclass(frozen=True)
class _Row:
    name: str
    confidence: float
    least: dict[str, float]
    days: int
    between: frozenset[str]
    needs: frozenset[str]
    how: frozenset[str]

    def holds(self, evidence: Evidence) -> bool:
        told = evidence.likeness
        return (
            evidence.days <= self.days and (evidence.between or "other") in self.between
            and all(getattr(told, name) >= least for name, least in self.least.items())
        )


# Under a standing heading a title tells nothing, unless it is a long one; the texts must, less where words point to the meeting,
# and less where it is one body's own, which may be a matter that goes on for years ("Broadband report").
_STANDING_TEXT, _STANDING_WITHIN, _TELLING = {"named": 0.6, "often": 0.32}, 0.35, 18.0
# What comes up again after a year, give or take these days, is the round of the year and no thread, unless words point back.
_YEAR, _ROUND = 365, 25
_KINDS = {"put off": "returned", "passed on": "answered"}


def likely(evidence: Evidence) -> Likely | None:
    """What makes the pair one matter, by the first row that holds; None where none does."""
    for row in _rows():
        if not row.holds(evidence):
            continue
        pointer = evidence.pointer(row.needs, row.how)
        if row.needs and pointer is None:
            continue
        pointed = pointer is not None and (pointer.how in {"day", "month", "body"} or pointer.says in {"put off", "returned"})
        if not _stands_out(evidence, pointed) or (pointer is None and abs(evidence.days - _YEAR) <= _ROUND):
            continue
        kind = _KINDS.get(pointer.says, pointer.says) if pointer else "alike"
        return Likely(row.name, kind, row.confidence, pointer)
    return None


def _stands_out(evidence: Evidence, pointed: bool) -> bool:
    """Whether more than a standing heading joins the pair."""
    told = evidence.likeness
    if evidence.standing == "form":
        return False
    if not evidence.standing or (evidence.standing == "often" and told.rare >= _TELLING):
        return True
    return told.within >= _STANDING_WITHIN if pointed else told.text >= _STANDING_TEXT.get(evidence.standing, float("inf"))


@cache
def _rows() -> tuple[_Row, ...]:
    tables = tomllib.loads(files("minutes_archive").joinpath("follow", "likeness.toml").read_text("utf-8"))
    return tuple(
        _Row(
            one["name"], one["confidence"], {name: one[name] for name in ("title", "text", "within", "rare") if name in one},
            one["days"], frozenset(one["between"]), frozenset(one.get("needs", ())), frozenset(one.get("how", ())),
        )
        for one in tables["likeness"]
    )


def between(earlier: Entry, later: Entry) -> str:
    """``same`` body, ``levels`` of one council, or "" for two bodies that nothing joins."""
    one, other = earlier.meeting.body, later.meeting.body
    if are_one(one, other):
        return "same"
    return "levels" if are_levels(one, other) else ""


def pointers(earlier: Entry, later: Entry, back: Sequence[Cue]) -> tuple[Pointer, ...]:
    """What points from the later item back (``back`` are its cues), and from the earlier one forward."""
    gap = (later.day - earlier.day).days
    found = []
    for cue in back:
        named = is_named(earlier.meeting.body, cue.sentence) and not are_one(earlier.meeting.body, later.meeting.body)
        if how := cue.points_to(earlier.day, named, gap):
            found.append(Pointer(cue.kind, how, cue.words))
    for words, sentence in announced(earlier, PUT_OFF):
        named = is_named(later.meeting.body, sentence) and not are_one(earlier.meeting.body, later.meeting.body)
        how = "month" if says_month_or_day(sentence, later.day) else "body" if named else "recent"
        found.append(Pointer("put off", how, words))
    for words, sentence in announced(earlier, PASSED_ON):
        if is_named(later.meeting.body, sentence):
            found.append(Pointer("passed on", "body", words))
        elif goes_up(earlier.meeting.body, later.meeting.body):
            found.append(Pointer("passed on", "recent", words))
    order = ("day", "month", "body", "recent")
    return tuple(sorted(found, key=lambda one: order.index(one.how)))


def differ(earlier: Entry, later: Entry) -> str | None:
    """The name of what tells two titles apart (another year, another house), or None (``differences.toml``)."""
    for name, keys in _distinctions(earlier.item.title).items():
        others = _distinctions(later.item.title).get(name)
        if others and not keys & others:
            return name
    return None


@lru_cache(maxsize=1 << 15)
def _distinctions(title: str) -> dict[str, frozenset[str]]:
    plain, found = plain_marks(title), {}
    for rule in load_rules("follow/differences.toml")["difference"]:
        keys = frozenset(match["key"] or match[0] for match in rule.pattern.finditer(plain))
        if keys:
            found[rule.name] = frozenset(key.casefold() for key in keys)
    return found
