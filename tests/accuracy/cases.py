"""The golden cases (``golden/README.md``): what is read, what a careful reader makes of it, and which layout it is a case of."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from accuracy.measure import Item, Meeting
from minutes_archive.model import BODY_FIELDS, Problem
from minutes_archive.parse.html import decode
from minutes_archive.parse.labels import HEADINGS, label_key
from minutes_archive.parsing import parse_files
from minutes_archive.records import write_record

GOLDEN = Path(__file__).parents[1] / "golden"
HELD_BACK = "held-back.md"
# What an item is when expected.json does not say otherwise.
LEFT_OUT = {
    "number": None, "agenda_text": "", "decision_text": "", "minutes_text": "", "truncated": False, "documents": [],
    "parent": None, "text_sources": {}, "audience": "public",
}
# End of a file's name -> its layout.
_ENDS = {".xml": "XML service", ".pdf": "PDF", ".docx": "DOCX", ".md": "Markdown", ".jsonl": "records"}
# Sign in a web page -> its layout; the first that fits.
_PAGES = tuple((re.compile(sign, re.IGNORECASE), layout) for sign, layout in (
    (r"(?:<|&lt;)AI\d+(?:>|&gt;)|mgMainTitleTxt[^<>]*>\s*Meeting documents", "converted minutes"),
    (r"\bCMIS|/cmis5?/|DNNLabel", "CMIS"),
    (r"mgMainTitleTxt[^<>]*>\s*(?:Agenda item|Eitem|Decision details|Manylion|Issue|Meeting attendance)",
     "ModernGov, other pages"),
    (r"\bmg(?:Content|MainTitleTxt|ItemTable|AiTitleTxt)", "ModernGov meeting page"),
))
# A case of several files is one of the first of these that any of them is.
LAYOUTS = (
    "ModernGov, other pages", "XML service", "ModernGov meeting page", "CMIS", "converted minutes", "text rendering", "Markdown",
    "PDF", "DOCX", "plain text", "web page", "records",
)
_HEAD_LINES = 8


def cases(folder: Path = GOLDEN) -> list[Path]:
    """The folders of the cases, in order of name."""
    return sorted(path for path in folder.iterdir() if path.is_dir())


def is_held_back(case: Path) -> bool:
    """Whether the case was written apart from the parsers and may not be looked at while they are tuned."""
    return (case / HELD_BACK).is_file()


def shortfalls(folder: Path = GOLDEN) -> dict[str, str]:
    """Case -> what of it is known not to be read right."""
    table: dict[str, str] = tomllib.loads((folder / "shortfalls.toml").read_text("utf-8"))["cases"]
    return table


def sources(case: Path) -> list[Path]:
    """The files that are given together, in order."""
    return sorted(case.glob("source*"))


def parsed(case: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The records of a case as written, and what the user was told."""
    said: list[Problem] = []
    return [json.loads(write_record(meeting)) for meeting in parse_files(sources(case), said.append)], said


def expectation(case: Path) -> dict[str, Any]:
    """What expected.json says, with what it leaves out filled in."""
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text("utf-8"))
    for meeting in expected["meetings"]:
        meeting["items"] = [{**LEFT_OUT, **item, **_texts(item)} for item in meeting["items"]]
    return expected


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    given = {name: item[name] for name in BODY_FIELDS if name in item}
    return {name: text if isinstance(text, str) else "\n\n".join(text) for name, text in given.items()}


def as_labelled(record: dict[str, Any]) -> dict[str, Any]:
    """A record in the terms that people label in: titles for ids, paths for sources."""
    titles = {item["id"]: item["title"] for item in record["items"]}
    items = [
        {
            **item,
            "parent": item["parent"] and titles[item["parent"]],
            "text_sources": {name: source["path"] for name, source in item["text_sources"].items()},
        }
        for item in record["items"]
    ]
    problems = [[problem["code"], titles.get(problem["where"], "")] for problem in record["problems"]]
    return {**record, "items": items, "problems": problems}


def layout_of(case: Path) -> str:
    """The layout that a case is one of, told from its files alone, never from what the parsers take them for."""
    found = {_layout(path) for path in sources(case)}
    return next(layout for layout in LAYOUTS if layout in found)


def _layout(path: Path) -> str:
    if path.suffix in _ENDS:
        return _ENDS[path.suffix]
    text, _ = decode(path.read_bytes())
    if path.suffix == ".html":
        return next((layout for sign, layout in _PAGES if sign.search(text)), "web page")
    head = [line for line in text.splitlines() if line.strip()][:_HEAD_LINES]
    return "text rendering" if any(label_key(line) in HEADINGS for line in head) else "plain text"


def read_case(case: Path) -> list[Meeting]:
    """The case as it is read, to be measured."""
    return [_meeting(as_labelled(record)) for record in parsed(case)[0]]


def labelled_case(case: Path) -> list[Meeting]:
    """The case as it is labelled, to be measured."""
    return [_meeting(meeting) for meeting in expectation(case)["meetings"]]


def _meeting(told: Mapping[str, Any]) -> Meeting:
    titles = [item["title"] for item in told["items"]]
    return Meeting(told["meeting"], tuple(_items(told["items"], titles)))


def _items(told: list[dict[str, Any]], titles: list[str]) -> Iterator[Item]:
    for at, item in enumerate(told):
        # Of several items with the parent's title the nearest one above is meant.
        parent = next((place for place in range(at - 1, -1, -1) if titles[place] == item["parent"]), None)
        texts = {name: item[name] for name in BODY_FIELDS}
        facts = {"number": item["number"], "documents": item["documents"]}
        if item["text_sources"]:
            facts["stitched"] = {**texts, "truncated": item["truncated"], "text_sources": item["text_sources"]}
        yield Item(item["title"], texts, facts, parent)
