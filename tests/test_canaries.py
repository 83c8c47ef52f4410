"""Planted words: what the trials ``faults.canaries``, ``non_interference`` and ``reclassified`` leave to be held."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Minutes
from faults.planted import OPEN_PAGE, REASON, Planted, archive_of, planted_archive, public_bytes
from leaks import found_in, leaks


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    return Planted(tmp_path / "planted")


@pytest.fixture
def archive(planted: Planted, tmp_path: Path) -> Path:
    return planted_archive(tmp_path / "archive", planted)


def test_officers_see_all_of_it(minutes: Minutes, archive: Path, planted: Planted, tmp_path: Path):
    for form in (("--csv",), ("--html", tmp_path / "briefing.html")):
        traced = minutes("--archive", archive, "--audience", "officer", "trace", "purchase", *form)
        assert found_in(traced.out.encode(), planted.used) or leaks(tmp_path / "briefing.html", planted.used)
    shown = minutes("--archive", archive, "--audience", "officer", "show", "thorn.example/81/811")
    assert planted.reason in shown.err
    listed = json.loads(minutes("--archive", archive, "--audience", "officer", "withdraw", "--list", "--json").out)
    assert [(one["id"], one["reason"], one["in_force"]) for one in listed] == [
        ("thorn.example/81/811", planted.reason, True), ("thorn.example/82", planted.reason, True),
    ]
    minutes("--archive", archive, "--audience", "officer", "export", "wacz", tmp_path / "all.wacz")
    held = {leak.split(": ")[1] for leak in leaks(tmp_path / "all.wacz", planted.used)}
    # Names of files that were zips or WARC files, and the reason, are in no capture.
    assert len(held) > len(planted.used) - 8


def test_an_export_of_before_is_a_copy_and_is_replaced_whole(minutes: Minutes, planted: Planted, tmp_path: Path):
    archive, out = tmp_path / "archive", tmp_path / "out"
    out.mkdir()
    minutes("--archive", archive, "add", OPEN_PAGE, planted["open"])
    exports = (
        ("export", "wacz", out / "handover.wacz"), ("export", "results", "mill OR motorcycle", out / "results.html"),
        ("export", "site", out / "site"),
    )
    for command in exports:
        assert minutes("--archive", archive, *command).status == 0
        assert leaks(command[-1], planted.used)
    for identity in ("thorn.example/81/811", "thorn.example/82"):
        done = minutes("--archive", archive, "withdraw", identity, "--reason", REASON)
        assert "exported before is a copy" in done.err
    for command in exports:
        assert minutes("--archive", archive, *command).status == 0
        assert leaks(command[-1], planted.used) == []


def test_stale_files_of_the_public_index_go(minutes: Minutes, planted: Planted, tmp_path: Path):
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", OPEN_PAGE, planted["open"])
    public = archive / "index" / "public"
    # What a killed run may leave: a generation that never became current, the one before, a manifest half written.
    for name in ("g00000777", "g00000001"):
        (public / name).mkdir(exist_ok=True)
        (public / name / "old.seg").write_text(planted.used[0])
    (public / ".current.json.0123456789ab.tmp").write_text(planted.used[0])
    for identity in ("thorn.example/81/811", "thorn.example/82"):
        minutes("--archive", archive, "withdraw", identity, "--reason", REASON)
    rest = (planted["open"] / "records.jsonl", planted["open"] / "loose.txt")
    minutes("--archive", archive, "add", *rest, "--audience", "officer")
    assert leaks(public, planted.used) == []


def test_the_index_is_that_of_an_archive_without_what_was_withdrawn(planted: Planted, tmp_path: Path):
    forum = next(path for path in planted["open"].glob("*.html") if "Forum" in path.read_text("utf-8"))
    without = public_bytes(archive_of(tmp_path / "without", ("public", [OPEN_PAGE])))
    withdrawn = public_bytes(archive_of(tmp_path / "with", ("public", [OPEN_PAGE, forum]), ("withdraw", "thorn.example/82")))
    assert withdrawn == without


def test_what_is_let_back_is_as_it_was(planted: Planted, tmp_path: Path):
    files = ("public", [OPEN_PAGE, planted["open"]])
    before = archive_of(tmp_path / "before", files)
    after = archive_of(tmp_path / "after", files, ("withdraw", "thorn.example/81/811"), ("release", "thorn.example/81/811"))
    assert public_bytes(before) == public_bytes(after)
