"""CSV: no cell of any file that we write begins as a formula does, whatever column it stands in."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

from command_line import typed
from faults.trial import Case, Trial
from leaks import nonsense
from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.export.formats import FORMULA, page_csv
from minutes_archive.export.site import Edition, build, building
from minutes_archive.model import Source
from minutes_archive.search.engine import Hit, ResultPage, Snippet
from site_meetings import meeting

STARTS = ("=", "+", "-", "@", "\t", "\r")
PAYLOADS = (
    "cmd|' /C calc'!A0",
    "1+1",
    "SUM(1+1)*cmd|' /C calc'!A0",
    'HYPERLINK("https://x.example?"&A1,"x")',
    "",
    "\n=1",
    '"=1',
    "'=1",
    "\x00=1",
    "=1",
    "\u200b=1",
    ",=1",
    ";=1",
    "\r\n=1",
)
# Where a text is put besides a search's page, by turns: every sign is tried in every place, behind all that may stand before it.
PLACES = 6
# Before the sign; what is dropped from a cell must not bring a formula to its beginning.
BEFORE = ("", "\x00", "\x1b", "\x7f", "\x00\x01", "\x9f")


def attempt(case: Case) -> str | None:
    """Put one text at the start of every column: of a search, and of a site's lists; and ask the command line for a theme."""
    chance = case.chance
    turn, place = divmod(case.index, PLACES)
    again, sign = divmod(turn, len(STARTS))
    text = BEFORE[(again + sign) % len(BEFORE)] + STARTS[sign] + chance.choice(PAYLOADS)
    files = {"search --csv": page_csv(_page(text))}
    if place == PLACES - 1:
        files |= _lists(case.folder, text)
    if place == PLACES - 2:
        files |= _printed(case.folder, text, nonsense(1, case.index)[0])
    tables = {name: list(csv.reader(io.StringIO(content, newline=""))) for name, content in files.items()}
    if sum(len(rows) > 1 for rows in tables.values()) < 0.7 * len(tables):
        return f"{sorted(name for name, rows in tables.items() if len(rows) < 2)} have no rows"
    for name, rows in tables.items():
        heads = rows[0]
        live = [
            (column, cell)
            for row in rows
            for column, cell in zip(heads, row, strict=True)
            if cell.startswith(FORMULA) and not (column in {"rank", "score"} and _is_number(cell))
        ]
        if live:
            return f"{name}: {text!r}: {live[:3]}"
    return None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _page(text: str) -> ResultPage:
    hit = Hit(
        1,
        -1.0,
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        False,
        Snippet(text),
        text,
        (text, text),
        text,
        text,
        (text,),
        Source(text, text, text),
    )
    return ResultPage(text, Audience.PUBLIC, {}, 1, 0.0, None, (hit, replace(hit, text=text)), {})


def _lists(folder: Path, text: str) -> dict[str, str]:
    """The lists of a site of which every field is that text."""
    with building(folder / "site") as target:
        build(target, Edition(text, False, {}), lambda: iter([meeting(1, text), meeting(2, text)]), Vocabulary(()), [], [])
    return {path.name: path.read_bytes().decode() for path in (folder / "site").rglob("*.csv")}


def _printed(folder: Path, text: str, word: str) -> dict[str, str]:
    """What the commands print of a record of which every text begins so."""
    said = f"{text} {word}"
    items = [
        {
            "id": f"b/2024-01-01/{number}",
            "title": said,
            "number": text,
            "url": text,
            "minutes_text": f"{said}\n\n{said}",
            "decision_text": said,
            "audience": "public",
            "restriction": "exempt",
            "restriction_reason": text,
        }
        for number in (1, 2)
    ]
    meeting_told = {"id": "b/2024-01-01", "date": "2024-01-01", "body": text, "council": text, "audience": "public"}
    told = {"schema": "minutes-archive/meeting/1", "meeting": meeting_told, "items": items}
    (folder / "one.jsonl").write_text(json.dumps(told) + "\n", "utf-8")
    archive = folder / "archive"
    added = typed("--archive", archive, "add", folder / "one.jsonl")
    assert added.status == 0, added.err
    asked = {
        "search": ("search", word, "--csv", "--full-text"),
        "trace": ("trace", word, "--csv"),
        "register": ("register", "--csv"),
    }
    return {name: typed("--archive", archive, "--audience", "officer", *command).out for name, command in asked.items()}


TRIAL = Trial(
    22,
    "formulas",
    "0 live formulas in any column of any CSV, whatever stands before the sign",
    PLACES * len(STARTS) * len(BEFORE),
    PLACES * len(STARTS),
    attempt,
)
