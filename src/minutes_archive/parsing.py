"""Parsing of the user's own files, given together; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.assembly import assemble, owners
from minutes_archive.bounded import shared_reader
from minutes_archive.intake import NOTHING_SAID, Request, name_of, take_in_hand
from minutes_archive.load import load
from minutes_archive.material import Captured, Material, read_material
from minutes_archive.model import Meeting, Problem
from minutes_archive.ocr import Ocr
from minutes_archive.placement import Waiting, fragment_keys, near_meetings, page_keys

_UNPLACED = "is minutes, perhaps of one item (unplaced): its meeting is not among these files"


def parse_files(
    paths: Iterable[Path], report: Callable[[Problem], None], request: Request = NOTHING_SAID, topics: Path | None = None,
    ocr: Ocr | None = None,
) -> Iterator[Meeting]:
    """The meetings in ``paths``. ``report`` is given every problem; ``topics`` is the user's vocabulary; ``ocr`` reads scans."""
    vocabulary = load_vocabulary(topics)
    materials = list(_read(paths, report, request, ocr))
    by_meeting: dict[str, list[Material]] = defaultdict(list)
    meetings = Waiting()
    for material in materials:
        for one in sorted(material.meeting_ids):
            by_meeting[one].append(material)
            meetings.put(one, page_keys(material))
    placed: dict[str, list[Material]] = defaultdict(list)
    for material in (one for one in materials if one.is_fragment or one.is_copy):
        near = [page for one in sorted(near_meetings(fragment_keys(material), meetings)) for page in by_meeting[one]]
        found = owners(material, near)
        if material.is_fragment and not found:
            report(Problem("unplaced", "warning", name_of(material.capture), _UNPLACED))
        for one in found:
            placed[one].append(material)
    elsewhere = {material.capture.sha256 for found in placed.values() for material in found}
    for one, pages in by_meeting.items():
        own = [page for page in pages if page.capture.sha256 not in elsewhere]
        meeting = assemble(one, [*own, *placed[one]], vocabulary)
        if meeting is not None:
            yield meeting


def _read(
    paths: Iterable[Path], report: Callable[[Problem], None], request: Request, ocr: Ocr | None
) -> Iterator[Material]:
    for material in read_material(_captured(paths, report, request), shared_reader(), ocr):
        for problem in material.problems:
            report(replace(problem, where=name_of(material.capture)))
        yield material


def _captured(paths: Iterable[Path], report: Callable[[Problem], None], request: Request) -> Iterator[Captured]:
    for sequence, file in enumerate(load(paths), start=1):
        if isinstance(file, Problem):
            report(file)
        else:
            yield take_in_hand(file, request, sequence=sequence)
