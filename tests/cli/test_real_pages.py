"""Real ModernGov pages (a London borough, 2025), read in place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import Minutes


@pytest.fixture(scope="module")
def pages(shared: Path) -> Path:
    return shared / "realdata" / "moderngov-kingston"


def parsed(minutes: Minutes, page: Path) -> dict[str, Any]:
    done = minutes("parse", page)
    assert done.status == 0
    record: dict[str, Any] = json.loads(done.out)
    return record


def test_a_meeting_with_items_gives_each_with_every_field(minutes: Minutes, pages: Path):
    record = parsed(minutes, pages / "ieListDocuments_2025-11-18.html")
    meeting, items = record["meeting"], record["items"]
    assert (meeting["date"], meeting["time"], meeting["status"]) == ("2025-11-18", "19:30", "held")
    assert meeting["body"] == "Kingston and North Kingston Neighbourhood Committee"
    assert meeting["venue"] == "Chessington World of Adventure"
    assert [item["number"] for item in items] == [str(number) for number in range(29, 39)]
    assert [item["id"].rsplit("/", 1)[1] for item in items][:3] == ["51114", "51115", "51116"]
    assert all(item["title"] and item["minutes_text"] for item in items)
    # Read off the page: agenda text, decision text, documents, issue.
    assert [bool(item["agenda_text"]) for item in items] == [True, True, False, True, True, False, True, False, False, True]
    assert [item["number"] for item in items if item["decision_text"]] == ["35"]
    assert {item["number"]: [d["size"] for d in item["documents"]] for item in items if item["documents"]} == {
        "35": ["284 KB", "91 KB"], "36": ["90 KB"], "37": ["65 KB"],
    }
    assert {item["number"]: item["issue_id"] for item in items if item["issue_id"]} == {"31": "53844", "32": "53845"}
    assert [item["number"] for item in items if item["truncated"]] == ["35"]
    # The decision is whole though the minutes are cut off: three grants in a Word list whose numerals are text.
    grants = next(item for item in items if item["number"] == "35")
    assert [line[:2] for line in grants["decision_text"].split("\n\n")[1].split("\n")] == ["1.", "2.", "3."]
    assert {decision["type"] for decision in grants["decisions"]} == {"approved"}
    assert next(i for i in items if i["number"] == "33")["decisions"][0]["type"] == "minutes_confirmed"
    assert "weekday_mismatch" in [problem["code"] for problem in record["problems"]]


def test_a_cancelled_meeting_has_no_items(minutes: Minutes, pages: Path):
    record = parsed(minutes, pages / "ieListDocuments_2025-12-04_cancelled.html")
    assert (record["meeting"]["status"], record["meeting"]["date"], record["items"]) == ("cancelled", "2025-12-04", [])
    assert record["meeting"]["venue"] == "Guildhall, Kingston upon Thames"


@pytest.mark.parametrize("name", ["ieListMeetings.html", "mgCommitteeDetails.html", "mgListCommittees.html"])
def test_list_pages_give_no_meeting_and_say_so(minutes: Minutes, pages: Path, name: str):
    done = minutes("parse", pages / name)
    assert (done.status, done.out) == (2, "")
    assert f"{name}: is a page that leads to meetings" in done.err


def test_the_whole_folder_loads(minutes: Minutes, pages: Path, tmp_path: Path):
    done = minutes("--archive", tmp_path, "add", pages)
    assert done.status == 0
    assert "2 new" in done.err
    assert "report_ZebraCrossing.pdf" in done.err
    found = json.loads(minutes("--archive", tmp_path, "search", "community grants", "--json").out)
    assert found["hits"][0]["number"] == "35"
    assert minutes("--archive", tmp_path, "check").out == ""
