"""What counts as right in an annotated item: its set of decision types, the words they rest on, its votes. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from accuracy.annotation.labels import Label
from minutes_archive.model import Item, Vote

# Types that say that nothing was decided, or that nobody can tell: no decision is found or missed by them.
WITHOUT_DECISION = frozenset({"none", "unknown"})
_OFFICE = re.compile(
    r"^(?:the|councillor|cllr|cmhlr|alderman|ald|mr|mrs|ms|miss|dr|prof|rev|sir|dame|lord|lady)\b\.?\s*", re.IGNORECASE
)


@dataclass
class Counts:
    """How often something was right, found where it was not (``extra``), and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = 2 * self.right + self.extra + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass
class Tally:
    """Counts over some items.

    ``complete``: items of which the whole set of types is right. ``votes``: votes right in every respect, of as many as were
    labelled or found in an item, whichever is more. ``overlapping``: of the types that are right, those that rest on labelled
    words. ``valid``: of all spans, those that hold the words they say they hold.
    """

    items: int = 0
    complete: int = 0
    types: dict[str, Counts] = field(default_factory=dict)
    votes: int = 0
    votes_right: int = 0
    quoted: int = 0
    overlapping: int = 0
    spans: int = 0
    valid: int = 0
    faults: list[str] = field(default_factory=list)

    def of_all_types(self) -> Counts:
        """The counts of all types that are decisions, together (micro)."""
        counts = [one for type_, one in self.types.items() if type_ not in WITHOUT_DECISION]
        return Counts(sum(one.right for one in counts), sum(one.extra for one in counts), sum(one.missed for one in counts))

    def count_types(self, found: frozenset[str], labelled: frozenset[str]) -> None:
        """Count the types of one item."""
        self.items += 1
        self.complete += found == labelled
        for type_ in found | labelled:
            counts = self.types.setdefault(type_, Counts())
            counts.right += type_ in found and type_ in labelled
            counts.extra += type_ in found - labelled
            counts.missed += type_ in labelled - found


def measure_item(tally: Tally, item: Item, label: Label) -> None:
    """Count one annotated item against its label."""
    types = frozenset(decision.type for decision in item.decisions)
    tally.count_types(types, label.types)
    if types != label.types:
        extra, missed = sorted(types - label.types), sorted(label.types - types)
        tally.faults.append(f"{item.id} {item.title[:60]}: types {extra} too many, {missed} missed; {label.doubt or 'no doubt'}")
    _count_words(tally, item, label)
    _count_spans(tally, item)
    if label.votes is None:
        return
    pairs = list(zip_longest(item.votes, label.votes))
    tally.votes += len(pairs)
    for found, wanted in _aligned(item.votes, label.votes):
        if found is not None and wanted is not None and same_vote(found, wanted):
            tally.votes_right += 1
        else:
            tally.faults.append(f"{item.id} {item.title[:60]}: vote {_told(found)} for {_told(wanted)}")


def same_vote(one: Vote, other: Vote) -> bool:
    """Whether two votes agree in every respect; of names, the surname."""
    return _comparable(one) == _comparable(other)


def surname(name: str | None) -> str | None:
    """The last of a person's names, without office and title, as it is compared."""
    if name is None:
        return None
    while (bare := _OFFICE.sub("", name)) and bare != name:
        name = bare
    return re.sub(r"(?: \([A-Z]{1,3}\))?[^\w'-]*$", "", name).split(" ")[-1].casefold().replace("’", "'")


def _comparable(vote: Vote) -> Vote:
    return replace(vote, mover=surname(vote.mover), seconder=surname(vote.seconder))


def _aligned(found: Sequence[Vote], labelled: Sequence[Vote]) -> list[tuple[Vote | None, Vote | None]]:
    """Which vote found is which labelled one, in their order: as many as possible the same, the rest side by side."""
    best = [[0] * (len(labelled) + 1) for _ in range(len(found) + 1)]
    for at in range(len(found) - 1, -1, -1):
        for other in range(len(labelled) - 1, -1, -1):
            both = same_vote(found[at], labelled[other]) + best[at + 1][other + 1]
            best[at][other] = max(both, best[at + 1][other], best[at][other + 1])
    pairs: list[tuple[Vote | None, Vote | None]] = []
    at = other = 0
    while at < len(found) and other < len(labelled):
        if best[at][other] == same_vote(found[at], labelled[other]) + best[at + 1][other + 1]:
            pairs.append((found[at], labelled[other]))
            at, other = at + 1, other + 1
        elif best[at][other] == best[at + 1][other]:
            pairs.append((found[at], None))
            at += 1
        else:
            pairs.append((None, labelled[other]))
            other += 1
    return pairs + [(vote, None) for vote in found[at:]] + [(None, vote) for vote in labelled[other:]]


def _count_words(tally: Tally, item: Item, label: Label) -> None:
    for type_ in sorted({decision.type for decision in item.decisions} & {decision.type for decision in label.decisions}):
        tally.quoted += 1
        if any(
            one.field == other.field and one.start < other.span.end and other.span.start < one.end
            for one in item.decisions for other in label.decisions if one.type == other.type == type_
        ):
            tally.overlapping += 1
        else:
            words = next(one.text for one in item.decisions if one.type == type_)
            tally.faults.append(f"{item.id} {item.title[:60]}: {type_} rests on other words: {words[:150]!r}")


def _count_spans(tally: Tally, item: Item) -> None:
    quotes = [(one.field, one.start, one.end, one.text) for one in item.evidence]
    quotes += [(one.field, one.start, one.end, one.text) for one in item.decisions if one.field]
    tally.spans += len(quotes)
    tally.valid += sum(item.text_of(name)[start:end] == text != "" for name, start, end, text in quotes)


def _told(vote: Vote | None) -> str:
    if vote is None:
        return "nothing"
    counts = "-".join("?" if count is None else str(count) for count in (vote.in_favour, vote.against, vote.abstain))
    return f"[{counts} {'unanimous ' * vote.unanimous}{vote.result} {vote.mover}/{vote.seconder}]"


def types_in_all(tallies: Sequence[Tally]) -> list[str]:
    """The types that any of ``tallies`` has, the most frequent first."""
    often: Counter[str] = Counter()
    for tally in tallies:
        often.update({type_: counts.right + counts.missed for type_, counts in tally.types.items()})
    return [type_ for type_, _ in often.most_common()]
