"""The golden cases: each folder under ``golden/`` is read as a user would have it read (``golden/README.md``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from minutes_archive.model import BODY_FIELDS, Problem
from minutes_archive.parsing import parse_files
from minutes_archive.records import read_record, write_record
from minutes_archive.text import fold_text

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(folder for folder in GOLDEN.iterdir() if folder.is_dir())

# What an item is when expected.json does not say otherwise.
LEFT_OUT = {
    "number": None, "agenda_text": "", "decision_text": "", "minutes_text": "", "truncated": False, "documents": [],
    "parent": None, "text_sources": {}, "audience": "public",
}

# Case -> the fault that it has found and that is not mended yet.
FAULTS = {
    "text-heading-before-number": "a heading without number, after one empty line, ends the minutes above it",
}

PARAMETERS = [
    pytest.param(
        case, id=case.name,
        marks=[pytest.mark.xfail(reason=FAULTS[case.name], strict=True)] if case.name in FAULTS else [],
    )
    for case in CASES
]


def sources(case: Path) -> list[Path]:
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


def _texts(item: dict[str, Any]) -> dict[str, str]:
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


def asked(actual: Any, expected: Any) -> Any:
    """What of ``actual`` the expectation speaks of: only its keys, but every entry of its lists."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: asked(actual[key], value) for key, value in expected.items() if key in actual}
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [asked(one, other) for one, other in zip(actual, expected, strict=True)]
    return actual


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_case_is_read_as_a_careful_reader_reads_it(case: Path):
    records, said = parsed(case)
    expected = expectation(case)
    assert [item["title"] for record in records for item in record["items"]] == [
        item["title"] for meeting in expected["meetings"] for item in meeting["items"]
    ]
    for record, meeting in zip(records, expected["meetings"], strict=True):
        shown = as_labelled(record)
        assert asked(shown, meeting) == meeting
        assert [item["text_sources"] for item in shown["items"]] == [item["text_sources"] for item in meeting["items"]]
    assert [[problem.severity, problem.code] for problem in said] == expected["said"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_record_keeps_its_own_rules(case: Path):
    for record in parsed(case)[0]:
        assert [item["ordinal"] for item in record["items"]] == list(range(1, len(record["items"]) + 1))
        ids = [item["id"] for item in record["items"]]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith(f"{record['meeting']['id']}/") for one in ids)
        for item in record["items"]:
            assert [item[name] for name in BODY_FIELDS] == [fold_text(item[name]) for name in BODY_FIELDS]
            for words in [*item["decisions"], *item["evidence"]]:
                text = item[words["field"]] if words["field"] else ""
                assert text[words["start"] : words["end"]] == words["text"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_record_survives_its_own_writing(case: Path):
    for record in parsed(case)[0]:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        assert write_record(read_record(line)) == line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_complete(case: Path):
    assert sources(case)
    assert (case / "why.md").read_text("utf-8").strip()
    assert expectation(case).keys() == {"meetings", "said"}


def test_there_are_cases_and_every_fault_names_one():
    assert len(CASES) >= 22
    assert FAULTS.keys() <= {case.name for case in CASES}
