"""How true restriction, exempt paragraphs, business of form and topics are told, against the labels of ``gold/annotation``.

    MINUTES_SHARED=... PYTHONPATH=src:tests python -m accuracy.tagging [--styles] [--topics] [--faults] [--check-faults]

Labels of fictional meetings hold their texts, labels of real ones offsets into files below ``realdata``; each is measured
apart, and beside a plain search for words (``baseline``). The styles are halved by name: ``tune`` was looked at while the rules
were written, ``check`` only counted. An item of restriction is right when its state is the labelled one, of paragraphs when
all are; topics are counted one by one (micro) and as the mean over the topics that are labelled or told (macro).
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accuracy.annotation.labels import LABELS, fictional_meetings, real_meetings
from accuracy.annotation.labels import Label as ItemLabel
from minutes_archive.annotate import Vocabulary, annotate, load_vocabulary
from minutes_archive.model import Meeting

# Labels of real items name the topics by the titles of domain.md 5.2 in full.
TOPIC_IDS = {
    "knife-crime-and-serious-violence": "knife-crime", "domestic-abuse-and-vawg": "domestic-abuse",
    "prevent-and-extremism": "prevent", "exploitation-and-modern-slavery": "exploitation", "highways-and-potholes": "highways",
    "local-plan-and-strategic-planning": "local-plan", "waste-and-recycling": "waste",
    "street-scene-and-cleansing": "street-scene", "parks-and-green-spaces": "parks", "climate-and-energy": "climate",
    "environmental-health-and-pollution": "environmental-health", "flooding-and-coast": "flooding",
    "budget-and-council-tax": "budget", "audit-and-governance": "audit", "procurement-and-contracts": "procurement",
    "property-and-assets": "property", "economic-development-and-regeneration": "regeneration", "education-and-send": "education",
    "nhs-and-integrated-care": "nhs", "leisure-culture-libraries": "leisure-and-culture",
    "communities-and-equality": "communities", "workforce-and-hr": "workforce", "digital-and-customer-services": "digital",
    "emergency-planning-and-fire": "emergency-planning",
}


@dataclass(frozen=True)
class Marks:
    """What is told of an item, by a label or by the rules."""

    restriction: str
    paragraphs: tuple[str, ...]
    procedural: bool
    topics: frozenset[str]


@dataclass(frozen=True)
class Label:
    """A labelled meeting: the record before it is annotated, and the marks of its items."""

    name: str
    style: str
    meeting: Meeting
    marks: tuple[Marks, ...]


@dataclass
class Tally:
    """Counts over some items."""

    items: int = 0
    restriction: int = 0
    closed: int = 0
    closed_right: int = 0
    paragraphs: int = 0
    procedural: int = 0
    right: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Marks, found: Marks) -> None:
        """Count one item."""
        self.items += 1
        same = gold.restriction == found.restriction
        self.restriction += same
        if gold.restriction != "open":
            self.closed += 1
            self.closed_right += same
        self.paragraphs += gold.paragraphs == found.paragraphs
        self.procedural += gold.procedural == found.procedural
        self.right.update(gold.topics & found.topics)
        self.told.update(found.topics)
        self.labelled.update(gold.topics)

    @property
    def precision(self) -> float:
        """Of the topics told, the share that is labelled."""
        return self.right.total() / (self.told.total() or 1)

    @property
    def recall(self) -> float:
        """Of the topics labelled, the share that is told."""
        return self.right.total() / (self.labelled.total() or 1)

    @property
    def micro(self) -> float:
        """F1 over all topics together."""
        return 2 * self.right.total() / ((self.told + self.labelled).total() or 1)

    def f1(self, topic: str) -> float:
        """F1 of one topic."""
        return 2 * self.right[topic] / (self.told[topic] + self.labelled[topic])

    @property
    def macro(self) -> float:
        """The mean F1 of the topics that are labelled or told."""
        topics = self.told.keys() | self.labelled.keys()
        return sum(map(self.f1, topics)) / (len(topics) or 1)


def labels(kind: str, realdata: Path | None, folder: Path = LABELS) -> Iterator[Label]:
    """The labels of one kind ("fictional", "real"); real ones need their files below ``realdata``."""
    if kind == "fictional":
        labelled = fictional_meetings(folder / kind)
    else:
        assert realdata is not None
        labelled = real_meetings(realdata, folder / kind)
    for one in labelled:
        yield Label(one.name, one.style, one.meeting, tuple(_marks(label) for label in one.labels))


def _marks(label: ItemLabel) -> Marks:
    topics = frozenset(TOPIC_IDS.get(topic, topic) for topic in label.topics)
    return Marks(label.restriction, label.exempt_paragraphs, label.procedural, topics)


def told(meeting: Meeting, vocabulary: Vocabulary) -> list[Marks]:
    """What the rules tell of the items of ``meeting``."""
    return [
        Marks(one.restriction, one.exempt_paragraphs, one.procedural, frozenset(one.topics))
        for one in annotate(meeting, vocabulary).items
    ]


_FORM = re.compile(r"apolog|declaration|^minutes|other business|next meeting|exclusion", re.IGNORECASE)


def baseline(meeting: Meeting, vocabulary: Vocabulary) -> list[Marks]:
    """What a plain search for words would tell: any word of secrecy, any name of a topic, wherever it stands."""
    found = []
    for item in meeting.items:
        text = "\n".join((item.title, item.agenda_text, item.decision_text, item.minutes_text)).lower()
        cited = tuple(dict.fromkeys(re.findall(r"paragraphs? (\d+)", text)))
        closed = re.search(r"exempt|schedule 12a|confidential|excluded", text)
        topics = {topic.id for topic in vocabulary.topics
                  if any(name.lower() in text for name in (topic.pref_label, *topic.alt_labels))}
        state = "exempt" if closed else "open"
        found.append(Marks(state, cited if closed else (), bool(_FORM.search(item.title)), frozenset(topics)))
    return found


def halves(labelled: Iterable[Label]) -> dict[str, list[Label]]:
    """The labels whose styles were looked at, and those only counted: every other style by name."""
    mine = list(labelled)
    places = {style: at for at, style in enumerate(sorted({label.style for label in mine}))}
    parts: dict[str, list[Label]] = {"tune": [], "check": []}
    for label in mine:
        parts["check" if places[label.style] % 2 else "tune"].append(label)
    return parts


def tally_of(some: Iterable[Label], tell: Callable[[Meeting, Vocabulary], list[Marks]], vocabulary: Vocabulary) -> Tally:
    """The counts over ``some`` labels of what ``tell`` tells."""
    tally = Tally()
    for label in some:
        for gold, found in zip(label.marks, tell(label.meeting, vocabulary), strict=True):
            tally.add(gold, found)
    return tally


def faults(some: Iterable[Label], vocabulary: Vocabulary) -> Iterator[str]:
    """What is told wrongly, a line each."""
    for label in some:
        for item, gold, found in zip(label.meeting.items, label.marks, told(label.meeting, vocabulary), strict=True):
            where = f"{label.name} {item.ordinal} {item.title[:60]!r}"
            for name in ("restriction", "paragraphs", "procedural"):
                if getattr(gold, name) != getattr(found, name):
                    yield f"{where}: {name} {getattr(found, name)} for {getattr(gold, name)}"
            if gold.topics != found.topics:
                extra, missed = sorted(found.topics - gold.topics), sorted(gold.topics - found.topics)
                yield f"{where}: topics +{extra} -{missed} ={sorted(gold.topics & found.topics)}"


def report(rows: Sequence[tuple[str, Tally]]) -> str:
    """A table, one line for each name."""
    heads = "".join(f"{head:>7}" for head in ("paras", "form", "P", "R", "micro", "macro"))
    lines = [f"{'':<28}{'items':>6}{'restr.':>8}{'closed':>9}{heads}"]
    for name, one in rows:
        of = one.items or 1
        lines.append(
            f"{name:<28}{one.items:>6}{one.restriction / of:>8.3f}{f'{one.closed_right}/{one.closed}':>9}"
            f"{one.paragraphs / of:>7.3f}{one.procedural / of:>7.3f}"
            f"{one.precision:>7.3f}{one.recall:>7.3f}{one.micro:>7.3f}{one.macro:>7.3f}"
        )
    return "\n".join(lines)


def by_topic(tally: Tally) -> str:
    """Each topic's precision, recall and F1."""
    lines = [f"{'':<28}{'labelled':>9}{'told':>6}{'P':>7}{'R':>7}{'F1':>7}"]
    for topic in sorted(tally.told.keys() | tally.labelled.keys()):
        right, labelled, found = tally.right[topic], tally.labelled[topic], tally.told[topic]
        shares = f"{right / (found or 1):>7.2f}{right / (labelled or 1):>7.2f}{tally.f1(topic):>7.2f}"
        lines.append(f"{topic:<28}{labelled:>9}{found:>6}{shares}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--styles", "--topics", "--faults", "--check-faults"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--labels", type=Path, default=LABELS, help="folder with fictional/ and real/")
    asked = parser.parse_args()
    vocabulary = load_vocabulary()
    shared = os.environ.get("MINUTES_SHARED")
    rows: list[tuple[str, Tally]] = []
    everything: list[Label] = []
    for kind in ("fictional", "real") if shared else ("fictional",):
        parts = halves(labels(kind, Path(shared) / "realdata" if shared else None, asked.labels))
        for part, some in parts.items():
            rows += [(f"{kind} {part}", tally_of(some, told, vocabulary)),
                     (f"{kind} {part} baseline", tally_of(some, baseline, vocabulary))]
            everything += some
            if asked.styles:
                rows += [(f"  {label.style[:25]}", tally_of([label], told, vocabulary)) for label in some]
            if (asked.faults and part == "tune") or (asked.check_faults and part == "check"):
                print("\n".join(faults(some, vocabulary)))
    rows.append(("all", tally_of(everything, told, vocabulary)))
    print(report(rows))
    if asked.topics:
        print(by_topic(tally_of(everything, told, vocabulary)))


if __name__ == "__main__":
    main()
