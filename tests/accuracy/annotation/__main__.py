"""Measure how true the annotations are: ``python -m accuracy.annotation [--faults] [--labels FOLDER] [--styles TEXT]``.

Real files are found below the folder that $MINUTES_SHARED names; without it only the fictional meetings are measured.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from accuracy.annotation.baseline import annotate_plainly
from accuracy.annotation.labels import LABELS, LabelledMeeting, fictional_meetings, real_meetings
from accuracy.annotation.measure import Counts, Tally, measure_item, types_in_all
from minutes_archive.annotate import annotate, load_vocabulary

HEAD = f"{'type':<20}{'labelled':>9}{'precision':>11}{'recall':>8}{'F1':>7}   baseline:{'precision':>11}{'recall':>8}{'F1':>7}"


def measured(meetings: Iterable[LabelledMeeting]) -> tuple[Tally, Tally]:
    """What the annotator and the baseline make of ``meetings``."""
    vocabulary = load_vocabulary()
    ours, peer = Tally(), Tally()
    for labelled in meetings:
        for item, label in zip(annotate(labelled.meeting, vocabulary).items, labelled.labels, strict=True):
            measure_item(ours, item, label)
        for item, label in zip(labelled.meeting.items, labelled.labels, strict=True):
            measure_item(peer, annotate_plainly(item), label)
    return ours, peer


def report(ours: Tally, peer: Tally) -> Iterator[str]:
    """The figures of the annotator beside the baseline's, as lines."""
    yield HEAD
    rows = [(type_, ours.types.get(type_, Counts()), peer.types.get(type_, Counts())) for type_ in types_in_all([ours])]
    for name, one, other in [*rows, ("all decisions", ours.of_all_types(), peer.of_all_types())]:
        figures = f"{one.precision:>11.3f}{one.recall:>8.3f}{one.f1:>7.3f}"
        baseline = f"{other.precision:>11.3f}{other.recall:>8.3f}{other.f1:>7.3f}"
        yield f"{name:<20}{one.right + one.missed:>9}{figures}            {baseline}"
    for name, shares in (
        ("complete items", [(one.complete, one.items) for one in (ours, peer)]),
        ("votes exact", [(one.votes_right, one.votes) for one in (ours, peer)]),
        ("words overlap", [(one.overlapping, one.quoted) for one in (ours, peer)]),
        ("spans valid", [(one.valid, one.spans) for one in (ours, peer)]),
    ):
        yield f"{name:<20}" + "   baseline: ".join(f"{part}/{whole} = {part / max(whole, 1):.3f}" for part, whole in shares)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    options = argparse.ArgumentParser(prog="accuracy.annotation", description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--faults", action="store_true", help="list what was not annotated right; never of what was held back")
    options.add_argument("--labels", type=Path, default=LABELS, help="another folder with real/ and fictional/")
    options.add_argument("--only", default="", help="only the meetings named, by commas")
    chosen = options.parse_args(arguments)
    names = set(filter(None, chosen.only.split(",")))
    parts = [("fictional", list(fictional_meetings(chosen.labels / "fictional")))]
    shared = os.environ.get("MINUTES_SHARED")
    if shared and (Path(shared) / "realdata").is_dir():
        parts.append(("real", list(real_meetings(Path(shared) / "realdata", chosen.labels / "real"))))
    for part, meetings in parts:
        for held_back in (False, True):
            some = [one for one in meetings if one.held_back is held_back and (not names or one.name in names)]
            if not some:
                continue
            ours, peer = measured(some)
            print(f"\n{part}, {'held back' if held_back else 'seen'}: {ours.items} items of {len(some)} meetings\n")
            print("\n".join(report(ours, peer)))
            if chosen.faults and not held_back:
                print("\n" + "\n".join(ours.faults))
    return 0


if __name__ == "__main__":
    sys.exit(main())
