"""``minutes withdraw`` and ``minutes release``: out of the public view everywhere, and back, logged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from minutes_archive import Archive
from minutes_archive.cli import withdraw as withdrawing_command
from minutes_archive.errors import IndexDamagedError, NotFoundError

PAGE = SAMPLE / "safer-thornmere-partnership" / "ieListDocuments-3171.html"
TEXT = SAMPLE / "ashlock-parish-council" / "2023-10-09-minutes.txt"
MEETING = "moderngov.thornmere.example/3171"
ITEM = f"{MEETING}/21303"
REASON = "names a child"


@pytest.fixture
def archive(minutes: Minutes, tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    assert minutes("--archive", folder, "add", PAGE, TEXT).status == 0
    return folder


def ids(minutes: Minutes, archive: Path, *options: str) -> list[str]:
    done = minutes("--archive", archive, "search", "--json", "--limit", "100", *options)
    return [hit["id"] for hit in json.loads(done.out)["hits"]]


def test_an_item_goes_from_search_facets_and_show(minutes: Minutes, archive: Path):
    before = ids(minutes, archive)
    done = minutes("--archive", archive, "withdraw", ITEM, "--reason", REASON)
    assert (done.status, done.out) == (0, "")
    assert "withdrawn from the public view" in done.err
    assert ids(minutes, archive) == [one for one in before if one != ITEM]
    assert sum(json.loads(minutes("--archive", archive, "facets", "--json").out)["meeting"].values()) == len(before) - 1
    unknown = minutes("--archive", archive, "show", f"{MEETING}/99999")
    shown = minutes("--archive", archive, "show", ITEM)
    assert (shown.status, shown.out, shown.err.replace("21303", "99999")) == (1, "", unknown.err), "as for no item at all"
    assert ITEM not in minutes("--archive", archive, "show", MEETING, "--json").out
    assert minutes("--archive", archive, "check").status == 0


def test_officers_still_see_it_with_the_reason(minutes: Minutes, archive: Path):
    minutes("--archive", archive, "withdraw", ITEM, "--reason", REASON)
    assert ITEM in ids(minutes, archive, "--audience", "officer")
    shown = minutes("--archive", archive, "--audience", "officer", "show", ITEM)
    assert (shown.status, REASON in shown.err) == (0, True)
    record = json.loads(minutes("--archive", archive, "--audience", "officer", "show", MEETING, "--json").out)
    assert [(one["code"], one["where"]) for one in record["problems"] if REASON in one["message"]] == [("withdrawn", ITEM)]


def test_a_meeting_goes_as_a_whole_and_comes_back(minutes: Minutes, archive: Path):
    before = ids(minutes, archive)
    minutes("--archive", archive, "withdraw", MEETING, "--reason", REASON)
    assert ids(minutes, archive) == [one for one in before if not one.startswith(MEETING)]
    assert minutes("--archive", archive, "show", MEETING).status == 1
    done = minutes("--archive", archive, "release", MEETING)
    assert (done.status, "in the public view again" in done.err) == (0, True)
    assert ids(minutes, archive) == before


def test_both_are_logged_with_time_and_reason(minutes: Minutes, archive: Path):
    minutes("--archive", archive, "withdraw", ITEM, "--reason", f" {REASON}\n")
    minutes("--archive", archive, "release", ITEM)
    minutes("--archive", archive, "withdraw", MEETING, "--reason", "all of it")
    listed = minutes("--archive", archive, "--audience", "officer", "withdraw", "--list", "--json")
    log = json.loads(listed.out)
    assert [(one["act"], one["id"], one["reason"], one["in_force"], one["held"]) for one in log] == [
        ("withdraw", ITEM, REASON, False, True), ("release", ITEM, None, True, True),
        ("withdraw", MEETING, "all of it", True, True),
    ]
    assert all(one["at"].endswith("Z") for one in log)
    lines = minutes("--archive", archive, "--audience", "officer", "withdraw", "--list").out.splitlines()
    assert len(lines) == 3
    assert f"withdrawn  {ITEM}: {REASON}" in lines[0]
    assert lines[0].endswith("(no longer)")


@pytest.mark.parametrize("again", ["same", "council", "rebuilt", "catalogue lost", "records lost", "all lost", "log alone"])
def test_nothing_that_is_made_anew_brings_it_back(minutes: Minutes, archive: Path, again: str):
    (first, *_) = [one for one in ids(minutes, archive) if one.startswith("ashlock")]
    for identity in (ITEM, first):
        minutes("--archive", archive, "withdraw", identity, "--reason", REASON)
    left = len(ids(minutes, archive))
    if again in {"catalogue lost", "all lost"}:
        for path in (archive / "corpus" / "captures").glob("catalogue*"):
            path.unlink()
    if again in {"records lost", "all lost", "log alone"}:
        shutil.rmtree(archive / "corpus" / "meetings")
    if again in {"all lost", "log alone"}:
        shutil.rmtree(archive / "index")
    if again == "log alone":
        shutil.rmtree(archive / "corpus" / "captures")
    minutes("--archive", archive, "index", *(["--rebuild"] if again == "rebuilt" else []))
    minutes("--archive", archive, "add", PAGE, TEXT, *(["--council", "thornmere"] if again == "council" else []))
    now = ids(minutes, archive)
    assert len(now) == left
    assert not [one for one in now if one.endswith((ITEM, first.rpartition("/")[2]))]


def test_what_officers_hold_beside_it_is_in_no_public_view_anyway(minutes: Minutes, archive: Path, tmp_path: Path):
    theirs = tmp_path / "theirs.html"
    theirs.write_text(PAGE.read_text("utf-8").replace("off-road", "off-road and stolen"), "utf-8")
    minutes("--archive", archive, "add", theirs, "--audience", "officer")
    twin = next(one for one in ids(minutes, archive, "--audience", "officer") if one.endswith("~officer"))
    done = minutes("--archive", archive, "withdraw", twin, "--reason", REASON)
    assert done.status == 2
    assert f"minutes withdraw {twin.removesuffix('~officer')}" in done.err
    assert minutes("--archive", archive, "withdraw", twin.removesuffix("~officer"), "--reason", REASON).status == 0
    assert twin in ids(minutes, archive, "--audience", "officer")
    released = minutes("--archive", archive, "release", twin)
    assert (released.status, "keeps it for officers" in released.err) == (2, True)


@pytest.mark.parametrize(("arguments", "status", "said"), [
    (("withdraw", "no/such/item", "--reason", "x"), 1, "nothing is held by the id 'no/such/item'"),
    (("withdraw", ITEM), 2, "--reason"),
    (("withdraw", ITEM, "--reason", " "), 2, "needs a reason"),
    (("withdraw",), 2, "--list"),
    (("withdraw", "--list"), 2, "for officers"),
    (("--audience", "officer", "withdraw", "--list"), 1, ""),
    (("release", "no/such/item"), 1, "nothing is held by the id 'no/such/item'"),
    (("release", ITEM), 1, "was not withdrawn"),
])
def test_what_can_not_be_done_is_said(minutes: Minutes, archive: Path, arguments: tuple[str, ...], status: int, said: str):
    done = minutes("--archive", archive, *arguments)
    assert (done.status, said in done.err) == (status, True), done.err
    assert not (archive / "corpus" / "withdrawals.jsonl").exists()


def test_the_same_again_is_logged_once(minutes: Minutes, archive: Path):
    for reason in (REASON, REASON, "another reason"):
        assert minutes("--archive", archive, "withdraw", ITEM, "--reason", reason).status == 0
    log = json.loads(minutes("--archive", archive, "--audience", "officer", "withdraw", "--list", "--json").out)
    assert [(one["reason"], one["in_force"]) for one in log] == [(REASON, False), ("another reason", True)]


def test_an_index_of_before_answers_the_public_nothing(minutes: Minutes, archive: Path, monkeypatch: pytest.MonkeyPatch):
    with Archive.open(archive) as open_archive:
        assert open_archive.search("off-road").total
        assert open_archive.show(ITEM)

        def killed(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(withdrawing_command, "update_index", killed)
        assert minutes("--archive", archive, "withdraw", ITEM, "--reason", REASON).status == 130
        with pytest.raises(IndexDamagedError, match="minutes index"):
            open_archive.search("off-road")
        with pytest.raises(NotFoundError):
            open_archive.show(ITEM)
    for command in ("search", "facets"):
        done = minutes("--archive", archive, command)
        assert (done.status, done.out) == (2, "")
    assert ITEM in ids(minutes, archive, "--audience", "officer")
    minutes("--archive", archive, "index")
    assert ITEM not in ids(minutes, archive)


def test_a_log_that_is_gone_makes_nothing_public(minutes: Minutes, archive: Path):
    minutes("--archive", archive, "withdraw", ITEM, "--reason", REASON)
    log = archive / "corpus" / "withdrawals.jsonl"
    kept = log.read_bytes()
    log.unlink()
    for command in (
        ("search",), ("facets",), ("show", ITEM), ("index",), ("withdraw", MEETING, "--reason", "x"), ("release", ITEM),
        ("export", "wacz", archive / "a.wacz"),
    ):
        done = minutes("--archive", archive, *command)
        assert (done.status, done.out, "withdrawals.jsonl is gone" in done.err) == (2, "", True), command
        assert not log.exists()
    assert "withdrawals.jsonl is gone" in minutes("--archive", archive, "check").out
    log.write_bytes(kept)
    minutes("--archive", archive, "index")
    assert ITEM not in ids(minutes, archive)
    log.unlink()
    assert minutes("--archive", archive, "index", "--rebuild").status == 0
    assert ITEM in ids(minutes, archive)


@pytest.mark.parametrize("index", ["with its index", "without an index"])
def test_a_copy_without_the_log_makes_nothing_public(minutes: Minutes, archive: Path, tmp_path: Path, index: str):
    minutes("--archive", archive, "withdraw", ITEM, "--reason", REASON)
    copy = tmp_path / "copy"
    gone = {archive: ["index"] if index == "without an index" else [], archive / "corpus": ["withdrawals.jsonl"]}
    shutil.copytree(archive, copy, ignore=lambda folder, names: gone.get(Path(folder), []))
    told = minutes("--archive", copy, "check")
    assert (told.status, "withdrawals.jsonl is gone" in told.out) == (1, True)
    assert minutes("--archive", copy, "check", "--repair").status != 0
    assert minutes("--archive", copy, "add", TEXT).status == 2
    for command in (("index",), ("search",), ("show", ITEM), ("coverage",), ("export", "site", tmp_path / "site")):
        done = minutes("--archive", copy, *command)
        assert (done.status, done.out, "withdrawals.jsonl is gone" in done.err) == (2, "", True), command
    shutil.copy(archive / "corpus" / "withdrawals.jsonl", copy / "corpus")
    assert minutes("--archive", copy, "index").status == 0
    assert ITEM not in ids(minutes, copy)
    assert minutes("--archive", copy, "check").status == 0
