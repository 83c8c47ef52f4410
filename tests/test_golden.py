"""The golden cases: each folder under ``golden/`` is read as a user would have it read (``golden/README.md``)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accuracy.cases import HELD_BACK, as_labelled, cases, expectation, is_held_back, parsed, shortfalls, sources
from accuracy.measure import asked
from minutes_archive.model import BODY_FIELDS
from minutes_archive.records import read_record, write_record
from minutes_archive.text import fold_text

CASES = cases()
SHORTFALLS = shortfalls()

PARAMETERS = [
    pytest.param(
        case, id=case.name,
        marks=[pytest.mark.xfail(reason=SHORTFALLS[case.name], strict=True)] if case.name in SHORTFALLS else [],
    )
    for case in CASES
]


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
    assert [[problem.severity, problem.code] for problem in said] == expected.get(
        "said", [[one.severity, one.code] for one in said]
    )


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
    assert {"meetings"} <= expectation(case).keys() <= {"meetings", "said"}


def test_there_are_cases_and_every_shortfall_names_one():
    assert len(CASES) >= 60
    assert SHORTFALLS.keys() <= {case.name for case in CASES}


def test_a_case_that_is_held_back_says_since_when_it_may_be_looked_at():
    for case in filter(is_held_back, CASES):
        assert len((case / HELD_BACK).read_text("utf-8").strip().splitlines()) == 1, case.name
