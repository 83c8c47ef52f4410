"""The measure: what was read, held against what was labelled, and counted. Pure.

An item is right when its title is the labelled one (where either side had to infer it from the text: when half of the words
are shared) and its text has at least 95 % of the labelled words, in their order, and at most 5 % others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from minutes_archive.text import fold_line, plain_marks

COVERED, FOREIGN, SHARED_TITLE = 0.95, 0.05, 0.5
MEETING_FIELDS = ("body", "date", "time", "status", "attendance")
ITEM_FIELDS = ("number", "parent", "documents", "stitched")


@dataclass(frozen=True)
class Item:
    """One item, as labelled or as read: ``texts`` by field, ``facts`` by name, ``parent`` the position of the item above.

    A label's facts are those that it states; a fact it leaves out is not compared.
    """

    title: str
    texts: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    parent: int | None = None
    inferred: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all its texts."""
        return words_of(" ".join(self.texts.values()))


@dataclass(frozen=True)
class Meeting:
    """One meeting, as labelled or as read."""

    facts: Mapping[str, Any]
    items: tuple[Item, ...]


@dataclass
class Tally:
    """Counts over some files. ``exact`` has for each field how often it was right, ``stated`` how often there was one.

    ``shared`` are the words read in the item and field where they were labelled.
    """

    files: int = 0
    labelled: int = 0
    read: int = 0
    right: int = 0
    labelled_words: int = 0
    read_words: int = 0
    shared: int = 0
    exact: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else float(not self.labelled)

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.read + self.labelled
        return 2 * self.right / total if total else 1.0

    @property
    def words_found(self) -> float:
        """The share of the labelled words that were read in the right item and field."""
        return self.shared / self.labelled_words if self.labelled_words else 1.0

    @property
    def words_foreign(self) -> float:
        """The share of the words read that are not labelled there."""
        return 1 - self.shared / self.read_words if self.read_words else 0.0

    def note(self, name: str, exact: bool, fault: str) -> None:
        """Count one field."""
        self.stated[name] += 1
        self.exact[name] += exact
        if not exact:
            self.faults.append(fault)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.files + other.files, self.labelled + other.labelled, self.read + other.read, self.right + other.right,
            self.labelled_words + other.labelled_words, self.read_words + other.read_words, self.shared + other.shared,
            self.exact + other.exact, self.stated + other.stated, self.faults + other.faults,
        )


def measure(read: Sequence[Meeting], labelled: Sequence[Meeting], name: str) -> Tally:
    """The tally of one file, or of files read together: its meetings as read and as labelled, each in their order."""
    tally = Tally(files=1)
    tally.note("told", bool(read) == bool(labelled), f"{name}: told as {'' if read else 'no '}minutes")
    for found, label in zip_longest(read, labelled):
        _count(tally, found, label, name)
    return tally


def _count(tally: Tally, read: Meeting | None, label: Meeting | None, name: str) -> None:
    found, wanted = (one.items if one else () for one in (read, label))
    pairs = pair(found, wanted)
    right = [at for at, place in pairs.items() if is_right(found[at], wanted[place])]
    tally.read += len(found)
    tally.labelled += len(wanted)
    tally.right += len(right)
    placed = {pairs[at] for at in right}
    tally.faults += [f"{name}: not read right: {_named(one)}" for at, one in enumerate(wanted) if at not in placed]
    tally.faults += [f"{name}: is no labelled item: {_named(one)}" for at, one in enumerate(found) if at not in pairs]
    _count_words(tally, found, wanted, pairs)
    if label is not None:
        _note(tally, MEETING_FIELDS, read.facts if read else {}, label.facts, name)
    above = {place: found[at].parent for at, place in pairs.items()}
    back = {place: at for at, place in pairs.items()}
    for place, one in enumerate(wanted):
        shown = found[back[place]] if place in back else None
        where = f"{name}: {_named(one)}"
        _note(tally, ITEM_FIELDS, shown.facts if shown else {}, one.facts, where)
        parent = above.get(place)
        if one.parent is not None or parent is not None:
            same = parent is not None and pairs.get(parent) == one.parent
            tally.note("parent", same, f"{where}: parent")


def _count_words(tally: Tally, found: Sequence[Item], wanted: Sequence[Item], pairs: Mapping[int, int]) -> None:
    tally.read_words += sum(len(one.words) for one in found)
    tally.labelled_words += sum(len(one.words) for one in wanted)
    for at, place in pairs.items():
        texts = wanted[place].texts
        tally.shared += sum(shared_words(words_of(found[at].texts[name]), words_of(texts[name])) for name in texts)


def _note(tally: Tally, names: Sequence[str], found: Mapping[str, Any], stated: Mapping[str, Any], where: str) -> None:
    """Count the fields that the label states; one that is empty on both sides is no achievement and not counted."""
    for name in names:
        if name in stated and (stated[name] or found.get(name)):
            value = found.get(name)
            tally.note(name, asked(value, stated[name]) == stated[name], f"{where}: {name}: {value!r} for {stated[name]!r}")


def asked(actual: Any, expected: Any) -> Any:
    """What of ``actual`` the label speaks of: only its keys, but every entry of its lists."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: asked(actual[key], value) for key, value in expected.items() if key in actual}
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [asked(one, other) for one, other in zip(actual, expected, strict=True)]
    return actual


def pair(found: Sequence[Item], wanted: Sequence[Item]) -> dict[int, int]:
    """Which read item is which labelled one, each used once, the nearest first: those that are right, then by title alone."""
    pairs: dict[int, int] = {}
    rules: tuple[Callable[[Item, Item], bool], ...] = (is_right, has_title)
    for fits in rules:
        for at, item in enumerate(found):
            free = () if at in pairs else sorted(set(range(len(wanted))) - set(pairs.values()), key=_near(at))
            place = next((place for place in free if fits(item, wanted[place])), None)
            if place is not None:
                pairs[at] = place
    return dict(sorted(pairs.items()))


def _near(at: int) -> Callable[[int], int]:
    return lambda place: abs(place - at)


def is_right(item: Item, label: Item) -> bool:
    """Whether an item is the labelled one: its title, and its text."""
    return has_title(item, label) and has_text(item.words, label.words)


def has_title(item: Item, label: Item) -> bool:
    """Whether the title is the labelled one; of an inferred title, whether half of the words are."""
    one, other = words_of(item.title), words_of(label.title)
    if one == other or not (item.inferred or label.inferred):
        return one == other
    return 2 * (Counter(one) & Counter(other)).total() >= SHARED_TITLE * (len(one) + len(other))


def has_text(words: Sequence[str], labelled: Sequence[str]) -> bool:
    """Whether a text has the labelled words, in their order, and few others."""
    shared = shared_words(words, labelled)
    return shared >= COVERED * len(labelled) and len(words) - shared <= FOREIGN * len(words)


def shared_words(words: Sequence[str], labelled: Sequence[str]) -> int:
    """How many words the two have in common, in the same order."""
    if words == labelled:
        return len(words)
    return sum(block.size for block in SequenceMatcher(None, words, labelled, autojunk=False).get_matching_blocks())


def words_of(text: str) -> tuple[str, ...]:
    """The words of ``text`` as they are compared: folded, lower case, hyphens and apostrophes inside them gone.

    pypdfium2 writes a hyphen at a line's end as U+FFFE or U+0002.
    """
    text = plain_marks(fold_line(text)).casefold().replace("\ufffe", "").replace("\x02", "")
    return tuple(re.findall(r"[^\W_]+", re.sub(r"(?<=\w)['-]\s?(?=\w)", "", text)))


def joined(meetings: Sequence[Meeting]) -> list[Meeting]:
    """The meetings as one, with titles and texts alone: what can be asked of a reader that knows no fields."""
    items = tuple(Item(one.title, {"text": " ".join(one.texts.values())}) for meeting in meetings for one in meeting.items)
    return [Meeting({}, items)] if meetings else []


def _named(item: Item) -> str:
    return f"{item.facts.get('number') or '–'} {item.title[:70]}"
