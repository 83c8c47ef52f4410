"""The two documents the project starts from, read in place."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from command_line import Minutes
from minutes_archive.cli import main
from minutes_archive.parse.blocks import join_blocks, text_block
from minutes_archive.parse.paragraphs import paragraphs_of

OPEN, ENCLOSURE = "open", "restricted_enclosure"
# Title, decisions, restriction of each item, in order (the issue that founded the project).
ITEMS = [
    ("Evacuation Procedure", ["noted"], OPEN),
    ("Declarations of Interest", ["none"], OPEN),
    ("Minutes", ["minutes_confirmed"], OPEN),
    ("Knife Crime Prevention", ["deferred"], OPEN),
    ("PCC Presentation", ["noted"], OPEN),
    ("Recorded Crime & Disorder Report", ["noted"], OPEN),
    ("Performance Monitoring", ["none"], OPEN),
    ("Operation Harmony Update", ["noted"], OPEN),
    ("Safer Streets 5 Update", ["noted"], OPEN),
    ("Prevent (CT) Update", ["noted"], OPEN),
    ("Any Other Business", ["noted"], OPEN),
    ("iQuanta Report", ["noted"], ENCLOSURE),
    ("Bleed Cabinet Discussion", ["none"], ENCLOSURE),
]
DOCUMENTS = {"Minutes": "74 KB", "PCC Presentation": "2 MB", "Recorded Crime & Disorder Report": "316 KB"}


@pytest.fixture(scope="module")
def seeds(shared: Path) -> tuple[Path, Path]:
    page, full = sorted((shared / "seeds").glob("*.txt"))
    return page, full


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def held(archive: Path) -> list[dict[str, Any]]:
    return [one for path in sorted((archive / "corpus/meetings").rglob("*.jsonl")) for one in records(path.read_text("utf-8"))]


def types(item: dict[str, Any]) -> list[str]:
    return sorted({decision["type"] for decision in item["decisions"]})


def assert_whole(record: dict[str, Any], full: Path) -> None:
    meeting, items = record["meeting"], record["items"]
    assert (meeting["body"], meeting["date"], meeting["time"]) == ("Safer Stockton Partnership", "2024-07-17", "09:00")
    assert meeting["venue"].startswith("Meeting Room 1, ")
    assert meeting["venue"].endswith("TS18 1TU")
    assert meeting["contact"].endswith("John Devine")
    assert (meeting["status"], meeting["minutes_status"]) == ("held", "published")
    assert [(item["title"], types(item), item["restriction"]) for item in items] == ITEMS
    assert [item["number"] for item in items if item["number"]] == ["SSP/1624"]
    by_title = {item["title"]: item for item in items}
    assert {i["title"]: i["documents"][0]["size"] for i in items if i["documents"]} == DOCUMENTS
    assert all(d["type"] == "pdf" for item in items for d in item["documents"])
    assert by_title["Minutes"]["agenda_text"].startswith("To approve the minutes")
    assert "agreed as a true record" in by_title["Minutes"]["minutes_text"]
    children = [item["title"] for item in items if item["parent"] == by_title["Performance Monitoring"]["id"]]
    assert children == ["Operation Harmony Update", "Safer Streets 5 Update", "Prevent (CT) Update"]
    pcc = by_title["PCC Presentation"]
    blocks = [block for one in paragraphs_of(full.read_text("utf-8")) if (block := text_block(one.raw))]
    assert pcc["minutes_text"] == join_blocks(blocks)
    assert not pcc["truncated"]
    assert pcc["text_sources"]["minutes_text"]["sha256"] == hashlib.sha256(full.read_bytes()).hexdigest()
    assert "off-road-bikes" in pcc["topics"]
    assert [p["code"] for p in record["problems"] if p["code"] == "title_inferred"] == ["title_inferred"]
    for item in items:
        for one in [*item["decisions"], *item["evidence"]]:
            if one["text"]:
                assert item[one["field"]][one["start"] : one["end"]] == one["text"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_together_in_either_order(minutes: Minutes, tmp_path: Path, seeds: tuple[Path, Path], order: tuple[int, ...]):
    done = minutes("--archive", tmp_path, "add", *(seeds[one] for one in order))
    assert done.status == 0
    (record,) = held(tmp_path)
    assert_whole(record, seeds[1])
    parsed = minutes("parse", *(seeds[one] for one in order))
    assert [item["id"] for item in records(parsed.out)[0]["items"]] == [item["id"] for item in record["items"]]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_after_the_other(minutes: Minutes, tmp_path: Path, seeds: tuple[Path, Path], order: tuple[int, ...]):
    for one in order:
        assert minutes("--archive", tmp_path, "add", seeds[one]).status == 0
    (record,) = held(tmp_path)
    assert_whole(record, seeds[1])


def test_the_page_alone_leaves_the_decision_unknown(minutes: Minutes, tmp_path: Path, seeds: tuple[Path, Path]):
    assert minutes("--archive", tmp_path, "add", seeds[0]).status == 0
    (record,) = held(tmp_path)
    pcc = next(item for item in record["items"] if item["number"] == "SSP/1624")
    assert pcc["truncated"]
    assert types(pcc) == ["unknown"]


def test_the_item_alone_is_kept_and_said_to_be_unplaced(minutes: Minutes, tmp_path: Path, seeds: tuple[Path, Path]):
    done = minutes("--archive", tmp_path, "add", seeds[1])
    assert done.status == 0
    assert "unplaced" in done.err
    assert held(tmp_path) == []
    assert minutes("--archive", tmp_path, "check").out == ""


def test_adding_twice_changes_nothing(minutes: Minutes, tmp_path: Path, seeds: tuple[Path, Path]):
    minutes("--archive", tmp_path, "add", *seeds)

    def state() -> dict[str, bytes]:
        files = (path for folder in ("corpus", "index") for path in (tmp_path / folder).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in files if path.name != ".lock.sqlite"}

    before = state()
    again = minutes("--archive", tmp_path, "add", *seeds)
    assert again.status == 0
    assert "no change" in again.err
    assert state() == before


@pytest.fixture(scope="module")
def seed_archive(seeds: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    with pytest.raises(SystemExit) as ended:
        main(["--archive", str(folder), "add", *map(str, seeds)])
    assert ended.value.code == 0
    return folder


@pytest.mark.parametrize(("query", "marked"), [
    (("off-road bikes",), "«Off-Road Bikes»"),
    (("off road bike",), "«Off-Road Bikes»"),
    (("offroad",), "«Off-Road»"),
    (("e-scooters",), "«E Scooters»"),
    (("escooter",), "«E Scooters»"),
])
def test_every_spelling_finds_the_item_first(minutes: Minutes, seed_archive: Path, query: tuple[str, ...], marked: str):
    done = minutes("--archive", seed_archive, "search", *query)
    assert done.status == 0
    first = done.out.split("\n\n")[0]
    for shown in ("SSP/1624", "PCC Presentation", "Safer Stockton Partnership", "17 July 2024", "noted", "sha256"):
        assert shown in first
    plain = first.replace("» «", " ").replace("\n    ", " ")
    assert marked.strip("«»") in plain.replace("«", "").replace("»", "")
    assert "«" in first
    page = json.loads(minutes("--archive", seed_archive, "search", *query, "--json").out)
    hit = page["hits"][0]
    assert (hit["rank"], hit["number"], hit["decisions"], hit["partial"]) == (1, "SSP/1624", ["noted"], False)
    assert len(hit["source"]["sha256"]) == 64


def test_filters_and_facets(minutes: Minutes, seed_archive: Path):
    def titles(*arguments: str) -> list[str]:
        page = json.loads(minutes("--archive", seed_archive, "search", *arguments, "--json").out)
        return sorted(hit["title"] for hit in page["hits"])

    assert titles("--decision", "deferred") == ["Knife Crime Prevention"]
    assert titles("--restriction", "restricted_enclosure") == ["Bleed Cabinet Discussion", "iQuanta Report"]
    page = json.loads(minutes("--archive", seed_archive, "search", "--limit", "1", "--facets", "--json").out)
    assert page["total"] == len(ITEMS)
    assert page["facets"]["decision"]["noted"] == sum("noted" in decisions for _, decisions, _ in ITEMS)
    assert page["facets"]["restriction"] == {"open": 11, "restricted_enclosure": 2}
    assert page["facets"]["year"] == {"2024": 13}
    assert minutes("--archive", seed_archive, "search", "zeppelin").status == 1


def test_no_two_ids_are_the_same(minutes: Minutes, seed_archive: Path):
    (record,) = held(seed_archive)
    ids = [item["id"] for item in record["items"]]
    assert not [pair for pair in itertools.combinations(ids, 2) if pair[0] == pair[1]]
    assert all(one.startswith(record["meeting"]["id"] + "/") for one in ids)
