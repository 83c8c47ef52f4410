"""Markings: however an item is marked as private, by known marks or unknown ones, the public sees nothing of it."""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

from annotate.annotate_items import VOCABULARY
from faults.trial import Case, Trial
from minutes_archive.access import Audience
from minutes_archive.annotate import annotate
from minutes_archive.parsing import parse_files
from minutes_archive.records import read_record, write_record
from minutes_archive.records.view import see

WORDS = tomllib.loads((Path(__file__).parents[1] / "annotate" / "markings.toml").read_text("utf-8"))
CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower)
CANARY = "Quillonby"
# Marks that say "for officers", and marks that nobody understands.
MARKS: tuple[object, ...] = (
    "officer",
    "Officer",
    "OFFICER",
    " officer",
    "officers",
    "restricted",
    "exempt",
    "private",
    "staff",
    "internal",
    "Public ",
    "PUBLIC",
    "publik",
    "öffentlich",
    "public; officer",
    "",
    "true",
    "0",
    None,
    0,
    1,
    True,
    False,
    [],
    {},
    ["public"],
    "public\u200b",
    "public\n",
    "ｐｕｂｌｉｃ",
    "рublic",
    "Public",
    "all",
    "*",
    "public,",
    "'public'",
    1.0,
    {"public": True},
)
# How the service may write its two marks; every pair of them withholds the item.
FLAGS = [
    *((restricted, "True") for restricted in ("True", "true", "TRUE", "1", "Yes", "Y", "exempt", "maybe", "-1", "Part II", "?")),
    *(("False", allowed) for allowed in ("False", "false", "FALSE", "0", "No", "N", "never", "unknown", "-", "?")),
]


def variants(kind: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each wording of a kind in each case and for each nation: the words, the meeting's date, the paragraphs they cite."""
    for wording, change, nation in itertools.product(WORDS[kind], CASES, WORDS["nation"]):
        cites = "{law}" in wording
        for law, paragraphs in zip(nation["law"], nation["paragraphs"], strict=True):
            words = change(wording.replace("{matter}", WORDS["matters"][len(law) % 3])).replace("{LAW}", "{law}")
            yield words.replace("{law}", change(law)), nation["date"], tuple(paragraphs) if cites else ()
            if not cites:
                break


@cache
def wordings() -> tuple[str, ...]:
    """Every wording once: what marks an item, what marks its papers, and what only looks like a mark."""
    return tuple(dict.fromkeys(words for kind in ("title", "text", "paper", "open") for words, _, _ in variants(kind)))


def attempt(case: Case) -> str | None:
    """Put a wording and a mark on an item of a record, or of the service's answer, and look at what the public sees."""
    chance = case.chance
    wording, mark = wordings()[case.index % len(wordings())], chance.choice(MARKS)
    if seen_of(record(hidden(wording, mark, chance))) != seen_of(record(None)):
        return f"marked {mark!r}, {wording!r}: the public sees a difference"
    restricted, allowed = FLAGS[case.index % len(FLAGS)]
    return service_shows(case.folder / "answer.xml", wording, *(_varied(one, chance) for one in (restricted, allowed)))


def hidden(wording: str, mark: object, chance: Random) -> dict[str, object]:
    """An officers' item that says all it can to be taken for a public one."""
    return {
        "id": f"m/{CANARY.lower()}",
        "title": f"{wording} {CANARY}",
        "minutes_text": f"{wording} {CANARY}. The public were readmitted. {CANARY}",
        "audience": mark,
        "restriction": chance.choice(("open", "exempt", "confidential", "withheld")),
        "released_at": chance.choice((None, "2024-01-01")),
        "documents": [{"title": CANARY, "restricted": False}],
    }


def record(secret: dict[str, object] | None) -> dict[str, object]:
    """A record with a public item before and after the hidden one, which resolves to exclude the public."""
    shown = [
        {"id": f"m/{at}", "title": title, "minutes_text": "The report was noted.", "audience": "public"}
        for at, title in enumerate(("Roads", "Parks"))
    ]
    if secret:
        told = "RESOLVED that the public be excluded for the following items under paragraph 3 of Schedule 12A."
        shown.insert(1, secret | {"minutes_text": f"{told} {secret['minutes_text']}"})  # type: ignore[arg-type]
    return {"meeting": {"id": "m", "body": "Cabinet", "date": "2024-05-01"}, "items": shown}


def seen_of(raw: dict[str, object]) -> str:
    """What the public sees of a record as it may come from anywhere, annotated."""
    seen = see(annotate(read_record(json.dumps(raw)), VOCABULARY), Audience.PUBLIC)
    return write_record(seen) if seen else ""


def service_shows(path: Path, wording: str, restricted: str, allowed: str) -> str | None:
    """What goes wrong where the service marks an item so: it has to be for officers, and its neighbour for all."""
    path.write_text(
        "<meeting><meetingid>9</meetingid><meetingdate>01/05/2024</meetingdate><meetingtime>6.00 pm</meetingtime>"
        "<minutepublished>True</minutepublished><agendaitems>"
        + _item("1", "Roads", "The report was noted.", "False", "True")
        + _item("2", CANARY, f"{CANARY} {wording}", restricted, allowed)
        + "</agendaitems></meeting>",
        "utf-8",
    )
    (found,) = parse_files([path], lambda problem: None)
    seen = see(found, Audience.PUBLIC)
    told = f"the service says {restricted!r}, {allowed!r}"
    if seen is None or [one.title for one in seen.items] != ["Roads"] or CANARY.lower() in write_record(seen).lower():
        return f"{told}: {wording!r} is seen by the public, or its neighbour is not"
    marks = [(one.audience, one.restriction) for one in found.items]
    return None if marks == [(Audience.PUBLIC, "open"), (Audience.OFFICER, "withheld")] else f"{told}: read as {marks}"


def _item(number: str, title: str, text: str, restricted: str, allowed: str) -> str:
    plain = text.replace("&", "and").replace("<", "(").replace(">", ")")
    return (
        f"<agendaitem><agendaitemid>{number}</agendaitemid><agendaitemtitle>{title}</agendaitemtitle>"
        f"<agendaitemnumber>{number}</agendaitemnumber><isminutepublished>True</isminutepublished>"
        f"<minutesnonemptyhtmlbody>&lt;p&gt;{plain}&lt;/p&gt;</minutesnonemptyhtmlbody>"
        f"<isrestricted>{restricted}</isrestricted><isdisplayallowed>{allowed}</isdisplayallowed></agendaitem>"
    )


def _varied(mark: str, chance: Random) -> str:
    """The same mark as another version may write it: with blanks and line ends around it."""
    return f"{chance.choice(('', ' ', chr(10)))}{mark}{chance.choice(('', ' ', chr(9)))}"


TRIAL = Trial(19, "markings", "0 officers' items seen by the public; their neighbours stay public", 500, 16, attempt)
