"""``minutes follow``, typed as a person would."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from command_line import Minutes
from minutes_archive import Archive
from minutes_archive.errors import NotFoundError

SITE = "moderngov.thornmere.example"
DEFERRED, RETURNED = f"{SITE}/3040/19003", f"{SITE}/3052/19102"


def test_a_thread_on_the_terminal(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "follow", RETURNED)
    assert done.status == 0
    shown = " ".join(done.out.split())
    assert " 1. P/31/22 22/0871/OUT: Outline application" in done.out
    assert "with 1: application · the same reference · “22/0871/OUT” (title 0-11) · sure 0.97" in shown
    assert "Deferred on 5 October 2022: “RESOLVED that application 22/0871/OUT be deferred" in shown
    assert "came back after 63 days, on 7 December 2022:" in shown


def test_a_thread_as_json(minutes: Minutes, sample_archive: Path):
    told = json.loads(minutes("--archive", sample_archive, "follow", DEFERRED, "--json").out)
    assert told["start"] == DEFERRED
    assert [one["id"] for one in told["items"]][:2] == [DEFERRED, RETURNED]
    (back,) = told["returns"]
    assert (back["deferred"], back["returned"], back["days"]) == (DEFERRED, RETURNED, 63)
    record = json.loads(minutes("--archive", sample_archive, "show", RETURNED, "--json").out)
    words = next(link for link in told["links"] if link["later"] == RETURNED)["words"][0]
    assert record[words["field"]][words["start"]:words["end"]] == words["text"]
    assert all(len(one["source"]["sha256"]) == 64 for one in told["items"])


def test_a_thread_as_csv(minutes: Minutes, sample_archive: Path):
    rows = list(csv.DictReader(io.StringIO(minutes("--archive", sample_archive, "follow", DEFERRED, "--csv").out)))
    told = [(row["id"], row["linked_with"], row["kind"]) for row in rows]
    assert told[:2] == [(DEFERRED, "", ""), (RETURNED, DEFERRED, "application")]


def test_what_never_came_back(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "follow", "--open", "--body", "Licensing Committee", "--json")
    assert [one["item"]["title"] for one in json.loads(done.out)] == ["Hackney carriage fares"]
    assert "1 deferred item of 2 never came back in what is held" in done.err
    text = minutes("--archive", sample_archive, "follow", "--open", "--until", "2022/23")
    assert "Conservation Area Appraisal" in text.out and "Outline application" not in text.out
    rows = list(csv.DictReader(io.StringIO(minutes("--archive", sample_archive, "follow", "--open", "--csv").out)))
    assert len(rows) > 5 and all(row["words"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["follow", f"{SITE}/3040/19006"], 1, "nothing else is held on this matter"),
        (["follow", "no/such/item"], 1, "nothing is held by the id"),
        (["follow", f"{SITE}/3040"], 1, "is a meeting"),
        (["follow"], 2, "give the ID of an item, or --open"),
        (["follow", DEFERRED, "--open"], 2, "give the ID of an item, or --open"),
        (["follow", DEFERRED, "--body", "Cabinet"], 2, "filters go with --open"),
        (["follow", DEFERRED, "--json", "--csv"], 2, "exclude each other"),
        (["follow", "--open", "--body", "Nobody"], 1, "0 deferred items of 0"),
    ],
)
def test_how_it_ends(minutes: Minutes, sample_archive: Path, arguments: list[str], status: int, says: str):
    done = minutes("--archive", sample_archive, *arguments)
    assert (done.status, says in done.err) == (status, True), done.err


def test_from_python(sample_archive: Path):
    with Archive.open(sample_archive) as archive:
        thread = archive.follow(DEFERRED)
        assert [entry.id for entry in thread.entries][:2] == [DEFERRED, RETURNED]
        left = archive.never_returned(body=["Audit Committee"])
        assert [one.deferred.item.title for one in left] == ["Strategic risk register", "Direct payments: internal audit report"]
        with pytest.raises(NotFoundError):
            archive.follow("no/such/item")
