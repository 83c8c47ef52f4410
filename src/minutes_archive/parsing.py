"""Parsing of the user's own files, given together; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.assembly import assemble, owner
from minutes_archive.intake import NOTHING_SAID, Request, digest, name_of, take_in_hand
from minutes_archive.load import load
from minutes_archive.material import Material
from minutes_archive.model import Meeting, Problem
from minutes_archive.placement import Waiting, fragment_keys, near_meetings, page_keys

_UNPLACED = "is minutes, perhaps of one item (unplaced): its meeting is not among these files"


def parse_files(
    paths: Iterable[Path], report: Callable[[Problem], None], request: Request = NOTHING_SAID, topics: Path | None = None
) -> Iterator[Meeting]:
    """The meetings in ``paths``. ``report`` is given every problem; ``topics`` is the user's own vocabulary."""
    vocabulary = load_vocabulary(topics)
    materials = list(_read(paths, report, request))
    by_meeting: dict[str, list[Material]] = defaultdict(list)
    meetings = Waiting()
    for material in materials:
        for one in sorted(material.meeting_ids):
            by_meeting[one].append(material)
            meetings.put(one, page_keys(material))
    shown = list(by_meeting)
    for material in (one for one in materials if one.is_fragment):
        near = [page for one in sorted(near_meetings(fragment_keys(material), meetings)) for page in by_meeting[one]]
        found = owner(material, near)
        if found is None:
            report(Problem("unplaced", "warning", name_of(material.capture), _UNPLACED))
        else:
            by_meeting[found].append(material)
    for one in shown:
        meeting = assemble(one, by_meeting[one], vocabulary)
        if meeting is not None:
            yield meeting


def _read(paths: Iterable[Path], report: Callable[[Problem], None], request: Request) -> Iterator[Material]:
    for sequence, file in enumerate(load(paths), start=1):
        if isinstance(file, Problem):
            report(file)
            continue
        material = take_in_hand(file, request, digest(file), sequence=sequence)
        for problem in material.problems:
            report(replace(problem, where=file.path))
        yield material
