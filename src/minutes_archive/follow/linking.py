"""The links between the items of one council: found through inverted indexes, judged pair by pair."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from minutes_archive.follow.bodies import are_one
from minutes_archive.follow.entry import Entry, Link, Quote, quote
from minutes_archive.follow.evidence import Evidence, between, differ, likely, pointers
from minutes_archive.follow.mentions import Cue, Reference, cues, named_days, references
from minutes_archive.follow.passages import Passage, common_passage, passages_of
from minutes_archive.follow.standing import STANDING, standing_kind
from minutes_archive.follow.words import WordIndex
from minutes_archive.procedural import may_discuss
from minutes_archive.text import plain_marks

# A reference that more items name is no single matter's (an Act, a standing order).
_MOST_NAMING = 40
# Running numbers of minutes begin anew: what is further back is another's, in days.
_NUMBERS_LAST = 800
# A title that one body uses more often stands over whatever comes up.
_STANDING_FROM = 6
# How sure an entry of a list is that is much the same in another, and for how many days it is taken to be of one matter.
_LISTED, _LISTED_LASTS = 0.88, 250
# Least share of the words of the headings of two lists that are taken for the same list, gone on.
_SAME_LIST = 0.5
_CERTAIN = {"issue": 1.0, "application": 0.97, "minute": 0.97, "cited minute": 0.92}
Key = TypeVar("Key", bound=Hashable)


class Links:
    """The links of one council's items. ``entries`` stand in order of date; an item is known by its place there."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._words = WordIndex(entries)
        self._references: list[tuple[Reference, ...]] = [tuple(references(entry)) for entry in entries]
        self._naming = _inverted({(one.type, one.key) for one in found} for found in self._references)
        self._numbered = _inverted(_number(entry) for entry in entries)
        self._issues = _inverted({entry.item.issue_id} if entry.item.issue_id else set() for entry in entries)
        self._held = _inverted({entry.day} for entry in entries)
        self._days = [named_days(entry) for entry in entries]
        self._dated = _inverted(self._days)
        self._meetings = _inverted({entry.meeting.id} for entry in entries)
        self._headings = Counter(_heading(entry) for entry in entries)
        self._cues: dict[int, tuple[Cue, ...]] = {}
        self._passages: dict[int, tuple[Passage, ...]] = {}
        self._links: dict[tuple[int, int], Link | None] = {}
        self._known: dict[int, tuple[tuple[int, Link], ...]] = {}

    def of(self, place: int) -> tuple[tuple[int, Link], ...]:
        """The items that the one at ``place`` is linked with, earlier and later, each with the best reason why."""
        if place not in self._known:
            self._known[place] = tuple(self._find(place))
        return self._known[place]

    def _find(self, place: int) -> Iterator[tuple[int, Link]]:
        found = [
            (other, link) for other in sorted(self._candidates(place))
            if (link := self._judged(*sorted((place, other)))) is not None
        ]
        # Where a reference says which item of a meeting is meant, no other of that meeting is guessed.
        told = {self.entries[other].meeting.id for other, link in found if link.kind in _CERTAIN}
        yield from (pair for pair in found if pair[1].kind in _CERTAIN or self.entries[pair[0]].meeting.id not in told)

    def mentions_in_passing(self, place: int, link: Link) -> bool:
        """Whether the item at ``place`` names the reference of ``link`` beside its own business: not in its title."""
        return link.kind == "application" and any(
            words.item == self.entries[place].id and words.field != "title" for words in link.words
        )

    def holds_several(self, place: int) -> bool:
        """Whether the item is of many matters (a list, a standing heading): what is linked with it may be of different ones."""
        entry = self.entries[place]
        applications = {one.key for one in self._references[place] if one.type == "application" and one.words.field != "title"}
        return bool(self._standing(entry)) or len(applications) > 1

    def _candidates(self, place: int) -> set[int]:
        entry = self.entries[place]
        found = set(self._issues.get(entry.item.issue_id, ())) if entry.item.issue_id else set[int]()
        for one in self._references[place]:
            naming = self._naming[one.type, one.key]
            found.update(naming if one.type == "application" and len(naming) <= _MOST_NAMING else ())
            found.update(self._numbered.get(one.key, ()) if one.type != "application" else ())
        for number in _number(entry):
            found.update(self._naming.get(("minute", number), ()), self._naming.get(("cited minute", number), ()))
        for day in self._days[place]:
            found.update(self._held.get(day, ()))
        found.update(self._dated.get(entry.day, ()))
        found.update(self._words.candidates(place))
        return {other for other in found if self.entries[other].day != entry.day}

    def _judged(self, earlier: int, later: int) -> Link | None:
        """The link of a pair, judged once, from whichever side it is asked first."""
        if (earlier, later) not in self._links:
            self._links[earlier, later] = self._judge(earlier, later)
        return self._links[earlier, later]

    def _judge(self, earlier: int, later: int) -> Link | None:
        one, other = self.entries[earlier], self.entries[later]
        if _is_form(one) or _is_form(other):
            return None
        if one.item.issue_id and one.item.issue_id == other.item.issue_id:
            return Link(one.id, other.id, "issue", "the site's own issue", (), _CERTAIN["issue"])
        return (
            self._by_application(earlier, later) or self._by_minute(earlier, later)
            or self._by_likeness(earlier, later) or self._by_passage(earlier, later)
        )

    def _by_application(self, earlier: int, later: int) -> Link | None:
        before = {one.key: one.words for one in reversed(self._references[earlier]) if one.type == "application"}
        for one in self._references[later]:
            if one.type == "application" and one.key in before and len(self._naming["application", one.key]) <= _MOST_NAMING:
                words = (one.words, before[one.key])
                return self._link(earlier, later, "application", "the same reference", words, _CERTAIN["application"])
        return None

    def _by_minute(self, earlier: int, later: int) -> Link | None:
        numbers = _number(self.entries[earlier])
        for one in self._references[later]:
            if one.type != "application" and one.key in numbers and self._means(one, earlier, later):
                return self._link(earlier, later, "minute", "names its minute", (one.words,), _CERTAIN[one.type])
        return None

    def _means(self, cited: Reference, earlier: int, later: int) -> bool:
        """Whether a number that the later item names is the earlier's: the last of that number, of that body where it is bare."""
        then, now = self.entries[earlier], self.entries[later]
        bare = cited.type == "cited minute"
        last = 0 if not bare else now.day.toordinal() - _NUMBERS_LAST
        fitting = [
            place for place in self._numbered[cited.key]
            if place <= later and self.entries[place].day.toordinal() >= last
            and (not bare or are_one(self.entries[place].meeting.body, now.meeting.body))
        ]
        return bool(fitting) and self.entries[fitting[-1]].day == then.day and not then.item.procedural

    def _by_likeness(self, earlier: int, later: int) -> Link | None:
        one, other = self.entries[earlier], self.entries[later]
        if one.item.procedural or other.item.procedural or differ(one, other):
            return None
        evidence = Evidence(
            self._words.likeness(earlier, later), (other.day - one.day).days, between(one, other),
            pointers(one, other, self._cues_of(later)), max(self._standing(one), self._standing(other), key=STANDING.index),
        )
        found = likely(evidence)
        if found is None or not self._fit_best(earlier, later):
            return None
        words = (*((found.pointer.words,) if found.pointer else ()), *_titles(one, other))
        return self._link(earlier, later, found.kind, found.name, words, found.confidence)

    def _by_passage(self, earlier: int, later: int) -> Link | None:
        one, other = self.entries[earlier], self.entries[later]
        kinds = {self._standing(one), self._standing(other)}
        lists = bool(kinds & {"named", "often"}) and not kinds & {"routine", "form"}
        near = bool(between(one, other)) and (other.day - one.day).days <= _LISTED_LASTS
        alike = self._words.likeness(earlier, later).title >= _SAME_LIST
        if not lists or not near or not alike or one.item.procedural or other.item.procedural or differ(one, other):
            return None
        found = common_passage(other, one, (self._passages_of(later), self._passages_of(earlier)), self._words)
        return self._link(earlier, later, "alike", "the same entry of a list", found, _LISTED) if found else None

    def _passages_of(self, place: int) -> tuple[Passage, ...]:
        if place not in self._passages:
            self._passages[place] = passages_of(self.entries[place], self._words)
        return self._passages[place]

    def _fit_best(self, earlier: int, later: int) -> bool:
        """Whether nothing else in either meeting is more like the other item."""
        best = self._words.likeness(earlier, later).total
        mates = self._meetings[self.entries[later].meeting.id]
        others = self._meetings[self.entries[earlier].meeting.id]
        return all(self._words.likeness(earlier, mate).total <= best for mate in mates) and all(
            self._words.likeness(mate, later).total <= best for mate in others
        )

    def _cues_of(self, place: int) -> tuple[Cue, ...]:
        if place not in self._cues:
            # Where the sentence names a minute that is held, that says which item is meant.
            self._cues[place] = tuple(one for one in cues(self.entries[place]) if one.minutes.isdisjoint(self._numbered))
        return self._cues[place]

    def _standing(self, entry: Entry) -> str:
        """How its title stands over whatever comes up, as in ``STANDING``."""
        kind = standing_kind(entry.item.title)
        return kind or ("often" if self._headings[_heading(entry)] >= _STANDING_FROM else "")

    def _link(self, earlier: int, later: int, kind: str, reason: str, words: tuple[Quote, ...], confidence: float) -> Link:
        return Link(self.entries[earlier].id, self.entries[later].id, kind, reason, words, confidence)


def _is_form(entry: Entry) -> bool:
    """Whether an item is business of form, under which no matter of its own is dealt with."""
    return entry.item.procedural and not may_discuss(entry.item.title)


def _inverted(keys: Iterable[Iterable[Key]]) -> dict[Key, list[int]]:
    """The places at which each key stands, in order."""
    found: dict[Key, list[int]] = defaultdict(list)
    for place, several in enumerate(keys):
        for key in several:
            found[key].append(place)
    return dict(found)


def _number(entry: Entry) -> frozenset[str]:
    """The number of an item as minutes cite it; a bare agenda number such as "5" is cited too."""
    number = entry.item.number
    return frozenset({number.casefold().strip(" .")}) if number else frozenset()


@lru_cache(maxsize=1 << 16)
def _plain_title(title: str) -> str:
    return " ".join("".join(letter if letter.isalpha() else " " for letter in plain_marks(title).casefold()).split())


def _heading(entry: Entry) -> tuple[str, str]:
    return (entry.meeting.body or "").casefold(), _plain_title(entry.item.title)


def _titles(earlier: Entry, later: Entry) -> Iterator[Quote]:
    for entry in (later, earlier):
        if entry.item.title:
            yield quote(entry, "title", 0, len(entry.item.title))
