"""The register of restricted items, for who asks."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from command_line import Minutes
from minutes_archive.access import Audience
from minutes_archive.archive import read_filters
from minutes_archive.model import Document, Item, Meeting, Source
from minutes_archive.records.view import see
from minutes_archive.trace.register import Restricted, register

PAPER = Document("Valuation of the mill", "https://b.example/v.pdf", "pdf", None, True, "paragraph 3")


def item(number: int, **values: object) -> Item:
    values = {"audience": Audience.PUBLIC, "title": f"Item {number}", **values}
    return Item(id=f"b/1/{number}", ordinal=number, **values)  # type: ignore[arg-type]


MEETING = Meeting("b/1", Source(), council="b", body="Cabinet", date="2024-06-19", audience=Audience.PUBLIC, items=(
    item(1),
    item(2, restriction="exempt", exempt_paragraphs=("3", "5"), restriction_reason="commercial", documents=(PAPER, PAPER)),
    item(3, restriction="restricted_enclosure", documents=(PAPER, Document("Open report")), topics=("property",)),
    item(4, restriction="restricted_enclosure"),
    item(5, restriction="withheld", released_at="2025-01-02T10:00:00Z"),
    item(6, restriction="confidential", audience=Audience.OFFICER),
))


def lines(audience: Audience, **filters: object) -> list[Restricted]:
    seen = see(MEETING, audience)
    assert seen is not None
    return list(register([seen], read_filters(**filters)))  # type: ignore[arg-type]


def test_items_and_enclosures_with_ground_and_release():
    assert [(one.kind, one.id, one.restriction, one.paragraphs, one.reason, one.enclosures, one.released_at)
            for one in lines(Audience.OFFICER)] == [
        ("item", "b/1/2", "exempt", ("3", "5"), "commercial", 2, None),
        ("enclosure", "b/1/3", "restricted_enclosure", (), "paragraph 3", 1, None),
        ("enclosure", "b/1/4", "restricted_enclosure", (), None, 0, None),
        ("item", "b/1/5", "withheld", (), None, 0, "2025-01-02T10:00:00Z"),
        ("item", "b/1/6", "confidential", (), None, 0, None),
    ]


def test_the_public_is_told_what_the_source_publishes_and_no_name_of_a_paper():
    shown = lines(Audience.PUBLIC)
    assert [one.id for one in shown] == ["b/1/2", "b/1/3", "b/1/4", "b/1/5"]
    assert {one.document for one in shown} == {None}
    assert {one.document for one in lines(Audience.OFFICER)} == {None, "Valuation of the mill"}


@pytest.mark.parametrize(("filters", "ids"), [
    ({"restriction": "exempt"}, ["b/1/2"]),
    ({"topic": "Property"}, ["b/1/3"]),
    ({"body": "cabinet", "restriction": ["exempt", "withheld"]}, ["b/1/2", "b/1/5"]),
    ({"body": "Planning"}, []),
    ({"since": "2024-06-20"}, []),
    ({"until": "2024-06-19", "restriction": "withheld"}, ["b/1/5"]),
])
def test_filters_are_those_of_search(filters: dict[str, object], ids: list[str]):
    assert [one.id for one in lines(Audience.PUBLIC, **filters)] == ids


def test_it_agrees_with_search_over_the_sample(minutes: Minutes, sample_archive: Path):
    def ids(*command: str) -> set[str]:
        done = minutes("--archive", sample_archive, *command, "--json")
        found = json.loads(done.out)
        return {one["id"] for one in (found["hits"] if isinstance(found, dict) else found)}

    for filters in ((), ("--body", "Cabinet"), ("--since", "2024/25"), ("--topic", "property")):
        closed = ("--restriction", "exempt", "--restriction", "restricted_enclosure", "--restriction", "withheld",
                  "--restriction", "confidential")
        assert ids("register", *filters) == ids("search", "--limit", "10000", *closed, *filters), filters


def test_forms_and_endings(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "register", "--since", "2024/25")
    assert done.status == 0
    assert "paragraph 3" in done.out
    assert "restricted enclosure" in done.err
    rows = list(csv.DictReader(io.StringIO(minutes("--archive", sample_archive, "register", "--csv").out)))
    assert len(rows) == len(json.loads(minutes("--archive", sample_archive, "register", "--json").out))
    assert {row["kind"] for row in rows} == {"item", "enclosure"}
    assert minutes("--archive", sample_archive, "register", "--until", "1999").status == 1
    assert minutes("--archive", sample_archive, "register", "--json", "--csv").status == 2
