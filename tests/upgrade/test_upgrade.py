"""Archives of earlier versions open, answer what they answered, and are updated without loss; newer ones are refused."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from command_line import Minutes
from minutes_archive.checking import check
from minutes_archive.seal import put_seal, read_sealed, take_seal, write_sealed
from minutes_archive.workspace import Workspace
from upgrade.making import FOLDER, OFFICERS, PUBLIC, answers, holdings

KEEPSAKES = sorted(path.stem for path in FOLDER.glob("*.zip"))
# "0.1.0-unsealed" is from before records, frontier and later words on captures were sealed.
SEALED = "0.1.0"
REFUSAL = r"was written by a newer version of minutes-archive; install that version"


def unpack(name: str, folder: Path) -> tuple[Workspace, dict[str, Any]]:
    """A copy of a keepsake, and what it answered and held in its time."""
    with zipfile.ZipFile(FOLDER / f"{name}.zip") as packed:
        packed.extractall(folder)
    return Workspace.open(folder), json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def in_records(told: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in told.items() if not name.endswith("coverage")}


@pytest.mark.parametrize("name", KEEPSAKES)
def test_it_opens_and_answers_what_it_answered(name: str, minutes: Minutes, tmp_path: Path):
    workspace, then = unpack(name, tmp_path)
    if "index_damaged" in {one.code for one in check(workspace)}:  # a newer index: one line says which command makes it
        refused = minutes("--archive", tmp_path, "search", "bikes")
        assert refused.status == 2
        assert re.fullmatch(r"minutes: .*minutes index( --rebuild)?\n", refused.err)
        assert minutes("--archive", tmp_path, "index").status == 0
    assert answers(workspace) == then["answers"]
    assert holdings(workspace) == then["holdings"]
    assert {one.code for one in check(workspace)} <= {"ledger_missing"}
    assert minutes("--archive", tmp_path, "check", "--repair").status == 0
    assert not list(check(workspace))
    assert answers(workspace) == then["answers"]


@pytest.mark.parametrize("name", KEEPSAKES)
def test_bringing_it_up_to_date_loses_nothing(name: str, minutes: Minutes, tmp_path: Path):
    workspace, then = unpack(name, tmp_path)
    assert minutes("--archive", tmp_path, "index", "--rebuild").status == 0
    assert minutes("--archive", tmp_path, "add", *PUBLIC, OFFICERS, "--council", "thornmere").status == 0
    assert holdings(workspace) == then["holdings"]
    assert answers(workspace) == then["answers"]
    assert not list(check(workspace))


@pytest.mark.parametrize("name", KEEPSAKES)
def test_all_but_the_captures_is_made_anew_of_them(name: str, minutes: Minutes, tmp_path: Path):
    """What a version does that understands neither catalogue nor records of an earlier one."""
    workspace, then = unpack(name, tmp_path)
    if name != SEALED:  # there was no ledger yet: one is written from the catalogue
        assert minutes("--archive", tmp_path, "check", "--repair").status == 0
    (workspace.captures / "catalogue.sqlite").unlink()
    shutil.rmtree(workspace.meetings)
    shutil.rmtree(workspace.index)
    assert minutes("--archive", tmp_path, "index").status == 0
    assert holdings(workspace) == then["holdings"]
    assert in_records(answers(workspace)) == in_records(then["answers"])
    assert not list(check(workspace))


def test_an_earlier_catalogue_is_made_anew_by_itself(minutes: Minutes, tmp_path: Path):
    workspace, then = unpack(SEALED, tmp_path)
    set_version(workspace.captures / "catalogue.sqlite", 1)
    assert "an earlier version" in minutes("--archive", tmp_path, "check").out
    assert minutes("--archive", tmp_path, "index").status == 0
    assert holdings(workspace) == then["holdings"]
    assert answers(workspace) == then["answers"]
    assert not list(check(workspace))


def set_version(path: Path, version: int = 99) -> None:
    """Have a SQLite file be of another version, sealed as that version would."""
    take_seal(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute(f"PRAGMA user_version = {version}")
    put_seal(path)


def set_in_json(path: Path) -> None:
    content = read_sealed(path.read_bytes())
    assert content is not None
    path.write_bytes(write_sealed({**content, "version": 99}))


def set_in_index(path: Path) -> None:
    import hashlib  # noqa: PLC0415

    fields = {**json.loads(path.read_text("utf-8"))["manifest"], "schema": "minutes-archive/index/99"}
    body = json.dumps(fields, sort_keys=True, ensure_ascii=True, indent=1)
    path.write_text(f'{{"manifest": {body},\n"sha256": "{hashlib.sha256(body.encode()).hexdigest()}"}}\n', "utf-8")


def set_in_watch(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "version": 99}), "utf-8")


PARTS: dict[str, tuple[str, Callable[[Path], None], tuple[str, ...]]] = {
    "catalogue": ("corpus/captures/catalogue.sqlite", set_version, ("index",)),
    "ledger": ("corpus/captures/ledger.json", set_in_json, ("check",)),
    "records": ("corpus/meetings/manifest.json", set_in_json, ("index",)),
    "index": ("index/public/current.json", set_in_index, ("search", "bikes")),
    "index, to be updated": ("index/public/current.json", set_in_index, ("index",)),
    "frontier": ("corpus/crawl/frontier.sqlite", set_version, ("check",)),
    "watch": ("watches/public/w-bikes.json", set_in_watch, ("watch", "run")),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_a_newer_version_wrote_is_refused_in_one_line_and_left(part: str, minutes: Minutes, tmp_path: Path):
    unpack(SEALED, tmp_path)
    name, renew, command = PARTS[part]
    renew(tmp_path / name)
    written = (tmp_path / name).read_bytes()
    for arguments in (command, ("check",), ("check", "--repair")):
        refused = minutes("--archive", tmp_path, *arguments)
        assert refused.status == 2
        assert re.fullmatch(f"minutes: .*{REFUSAL}.*\n", refused.err), refused.err
        assert (tmp_path / name).read_bytes() == written


def test_an_index_of_a_newer_version_may_be_made_anew(minutes: Minutes, tmp_path: Path):
    workspace, then = unpack(SEALED, tmp_path)
    set_in_index(workspace.index / "public" / "current.json")
    assert minutes("--archive", tmp_path, "index", "--rebuild").status == 0
    assert answers(workspace) == then["answers"]


def test_acts_that_this_version_does_not_know_show_nothing(minutes: Minutes, tmp_path: Path):
    import hashlib  # noqa: PLC0415

    workspace, _ = unpack(SEALED, tmp_path)
    log = workspace.corpus / "withdrawals.jsonl"
    acts = log.read_bytes().splitlines(keepends=True)[0].replace(b'"reason"', b'"because"')
    log.write_bytes(acts + json.dumps({"seal": hashlib.sha256(acts).hexdigest()}).encode() + b"\n")
    refused = minutes("--archive", tmp_path, "search", "bikes")
    assert (refused.status, refused.out) == (2, "")
    assert re.fullmatch(f"minutes: corpus/withdrawals.jsonl {REFUSAL}\n", refused.err)
