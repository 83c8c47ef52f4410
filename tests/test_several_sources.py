"""One meeting from several kinds of capture, in whatever order and at whatever time they come."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from command_line import SAMPLE, Minutes
from council.printed import printed_pdf
from council.render import MEETINGS
from council.source import read_council

GOLDEN = Path(__file__).parent / "golden"


def records(archive: Path) -> list[dict[str, Any]]:
    files = sorted((archive / "corpus" / "meetings").rglob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def told(archive: Path) -> list[object]:
    """What the records say, but for which capture and when."""
    return [
        (record["meeting"]["id"], record["meeting"]["attendance"], [
            [item[key] for key in ("id", "decision_text", "minutes_text", "truncated", "audience")] for item in record["items"]
        ])
        for record in records(archive)
    ]


@pytest.mark.parametrize("case", [
    "issue-at-two-meetings", "page-with-attendance", "page-with-decision-page", "page-then-printed", "page-then-fuller-print",
])
def test_the_order_and_the_run_do_not_matter(minutes: Minutes, tmp_path: Path, case: str):
    files = sorted((GOLDEN / case).glob("source*"))
    states = []
    for place, order in enumerate(permutations(files)):
        for together in (True, False):
            archive = tmp_path / f"{place}-{together}"
            for batch in [order] if together else [[one] for one in order]:
                assert minutes("--archive", archive, "add", *batch).status == 0
            assert minutes("--archive", archive, "check").status == 0
            states.append(told(archive))
    assert states == states[:1] * len(states)
    assert states[0]


def test_what_the_service_withholds_stays_so_until_the_service_says_otherwise(minutes: Minutes, tmp_path: Path):
    service, page = sorted((GOLDEN / "service-restricted-then-page").glob("source*"))
    archive = tmp_path / "archive"
    released = tmp_path / "released.xml"
    released.write_bytes(service.read_bytes().replace(b"<isrestricted>\n   True", b"<isrestricted>\n   False"))
    seen = []
    for file in (page, service, page, released):
        assert minutes("--archive", archive, "add", file).status == 0
        seen.append([item["audience"] for item in records(archive)[0]["items"]])
    assert seen == [["public", "public"], ["public", "officer"], ["public", "officer"], ["public", "public"]]


def test_a_print_that_officers_hold_is_beside_the_public_page_and_not_in_it(minutes: Minutes, tmp_path: Path):
    page, printed = sorted((GOLDEN / "page-then-printed").glob("source*"))
    for place, order in enumerate(permutations([(page, "public"), (printed, "officer")])):
        archive = tmp_path / str(place)
        for file, audience in order:
            assert minutes("--archive", archive, "add", file, "--audience", audience).status == 0
        (record,) = records(archive)
        told = [(item["audience"], bool(item["minutes_text"])) for item in record["items"]]
        assert sorted(told) == [("officer", True)] * 3 + [("public", False)] * 3


def test_a_public_print_stays_public_though_the_page_is_for_officers(minutes: Minutes, tmp_path: Path):
    page, printed = sorted((GOLDEN / "page-then-printed").glob("source*"))
    archive = tmp_path / "archive"
    assert minutes("--archive", archive, "add", page, printed).status == 0
    assert minutes("--archive", archive, "add", page, "--audience", "officer").status == 0
    kept = {record["meeting"]["id"]: record["meeting"]["audience"] for record in records(archive)}
    assert kept == {
        "democracy.marlwick.example/3412": "officer", "marlwick-allotments-panel/2025-03-06-1400": "public",
    }
    assert minutes("--archive", archive, "add", page, "--audience", "public").status == 0
    assert [record["meeting"]["id"] for record in records(archive)] == ["democracy.marlwick.example/3412"]


@pytest.mark.parametrize("turned", [False, True], ids=["the page first", "the page last"])
def test_printed_minutes_of_a_meeting_that_has_a_page_are_no_second_meeting(minutes: Minutes, tmp_path: Path, turned: bool):
    (meeting,) = [one for one in read_council(MEETINGS) if one.meeting == "3171"]
    printed = tmp_path / "minutes.pdf"
    printed.write_bytes(printed_pdf(meeting, margin_numbers=False))
    files = [SAMPLE / "safer-thornmere-partnership" / "ieListDocuments-3171.html", printed]
    assert minutes("--archive", tmp_path, "add", *(reversed(files) if turned else files), "--council", "thornmere").status == 0
    assert [record["meeting"]["id"] for record in records(tmp_path)] == ["moderngov.thornmere.example/3171"]
    # The page cuts this item's text off; the printed minutes have all of it.
    assert not any(item["truncated"] for item in records(tmp_path)[0]["items"])
