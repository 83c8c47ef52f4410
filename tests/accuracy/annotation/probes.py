"""Probes: short passages in invented house styles, wordings by type, and items that only sound like decisions.

    python -m accuracy.annotation.probes [--part shown|kept] [--faults]

They stand in ``gold/annotation/probes``. One part was looked at while the rules were written ("shown"), the other was only
counted ("kept"): its faults are never listed.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Sequence

from accuracy.annotation.labels import LABELS, Label, LabelledMeeting
from accuracy.annotation.measure import Tally, measure_item
from minutes_archive.access import Audience
from minutes_archive.annotate import annotate, load_vocabulary
from minutes_archive.model import Item, Meeting, Source, Vote

PARTS = ("shown", "kept")
_FIGURES = re.compile(r"^(\d+|\?)-(\d+|\?)-(\d+|\?)$")


def passages(part: str) -> Iterator[LabelledMeeting]:
    """The passages of one part, those of a style as one meeting."""
    told = tomllib.loads((LABELS / "probes" / "passages.toml").read_text("utf-8"))
    for style in told["style"]:
        if style["part"] == part:
            labels = tuple(_label(one["types"], map(_vote, one.get("votes", ()))) for one in style["items"])
            texts = [(one["title"], one.get("decision", ""), one.get("minutes", "")) for one in style["items"]]
            yield LabelledMeeting(style["name"], style["name"], part == "kept", _meeting(style["name"], texts), labels)


def negatives(part: str) -> LabelledMeeting:
    """Items in which nothing was decided, as one meeting."""
    told = tomllib.loads((LABELS / "probes" / "negatives.toml").read_text("utf-8"))[part]
    meeting = _meeting("negatives", [("Item", "", one) for one in told])
    return LabelledMeeting("negatives", "negatives", part == "kept", meeting, tuple(_label((), ()) for _ in told))


def wordings(part: str) -> LabelledMeeting:
    """Passages by the outcome they tell, every other one of a type, as one meeting."""
    told = tomllib.loads((LABELS / "probes" / "wordings.toml").read_text("utf-8"))["wordings"]
    chosen = [(types, text) for types, texts in told.items() for text in texts[PARTS.index(part)::2]]
    texts = [(title or "Item", "", text) for title, _, text in (one.rpartition(" | ") for _, one in chosen)]
    labels = tuple(_label((types.split("+")), ()) for types, _ in chosen)
    return LabelledMeeting("wordings", "wordings", part == "kept", _meeting("wordings", texts), labels)


def _meeting(name: str, texts: Sequence[tuple[str, str, str]]) -> Meeting:
    items = tuple(
        Item(f"{name}/{at}", at, title, decision_text=decision, minutes_text=minutes, audience=Audience.PUBLIC)
        for at, (title, decision, minutes) in enumerate(texts, 1)
    )
    return Meeting(name, Source(), items=items, audience=Audience.PUBLIC)


def _label(types: Sequence[str], votes: Iterator[Vote] | Sequence[Vote]) -> Label:
    return Label((), frozenset(types or ["none"]), tuple(votes), "open", (), False, frozenset(), None)


def _vote(told: str) -> Vote:
    """A vote as the table writes it: "7-2-1 carried unanimous Hext/Yeo"."""
    counts: tuple[int | None, ...] = (None, None, None)
    result = mover = seconder = None
    unanimous = False
    for word in told.split():
        if figures := _FIGURES.match(word):
            counts = tuple(None if one == "?" else int(one) for one in figures.groups())
        elif word in {"carried", "lost"}:
            result = word
        elif word == "unanimous":
            unanimous = True
        else:
            mover, _, seconder = word.partition("/")
    return Vote(*counts, unanimous, result, mover or None, seconder or None)  # type: ignore[arg-type]


def measured(meetings: Sequence[LabelledMeeting]) -> Tally:
    """What the annotator makes of ``meetings``."""
    vocabulary, tally = load_vocabulary(), Tally()
    for one in meetings:
        for item, label in zip(annotate(one.meeting, vocabulary).items, one.labels, strict=True):
            measure_item(tally, item, label)
    return tally


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of one part or of both."""
    options = argparse.ArgumentParser(prog="accuracy.annotation.probes", description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--part", choices=PARTS)
    options.add_argument("--faults", action="store_true")
    chosen = options.parse_args(arguments)
    for part in (chosen.part,) if chosen.part else PARTS:
        parts = ("passages", list(passages(part))), ("wordings", [wordings(part)]), ("negatives", [negatives(part)])
        for name, meetings in parts:
            tally = measured(meetings)
            types = tally.of_all_types()
            print(
                f"{part} {name}: complete {tally.complete}/{tally.items} = {tally.complete / tally.items:.3f}, "
                f"types P {types.precision:.3f} R {types.recall:.3f} F1 {types.f1:.3f}, votes {tally.votes_right}/{tally.votes}"
            )
            if chosen.faults and part == "shown":
                print("\n".join(f"  {fault}" for fault in tally.faults))


if __name__ == "__main__":
    main()
