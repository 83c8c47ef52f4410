"""The folder of the site: the same for the same archive, replaced whole or not at all, and nothing of the old one left in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from minutes_archive.access import Audience
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.export.site import folder as folder_module
from minutes_archive.export.site.folder import MANIFEST, Part, building, recover
from minutes_archive.publishing import publish
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace
from pagefind_content import site_content
from search.made_up import archive as made_up_archive


@pytest.fixture
def archive(tmp_path: Path) -> Workspace:
    """A small archive of made-up meetings."""
    workspace = Workspace.open(tmp_path / "archive", writing=True)
    with workspace.writer_lock():
        RecordStore(workspace).put(made_up_archive())
    return workspace


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "public" / "site"


@pytest.fixture(autouse=True)
def _place(target: Path) -> None:
    target.parent.mkdir()


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file each name stands for, and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST
    }


def test_the_same_archive_gives_the_same_bytes(archive: Workspace, target: Path, tmp_path: Path):
    publish(archive, Audience.PUBLIC, target)
    publish(archive, Audience.PUBLIC, tmp_path / "again")
    assert site_content(target) == site_content(tmp_path / "again")


def test_nothing_is_written_again_where_nothing_changed(archive: Workspace, target: Path):
    publish(archive, Audience.PUBLIC, target)
    before, manifest = stamps(target), (target / MANIFEST).read_bytes()
    again = publish(archive, Audience.PUBLIC, target)
    assert again.done.written == 0
    assert stamps(target) == before
    assert (target / MANIFEST).read_bytes() == manifest


def test_one_meeting_changed_leaves_the_pages_of_others(archive: Workspace, target: Path, tmp_path: Path):
    publish(archive, Audience.PUBLIC, target)
    before = stamps(target)
    meeting = made_up_archive()[0]
    changed = replace(meeting, items=(*meeting.items[:-1], replace(meeting.items[-1], title="An ash tree")))
    with archive.writer_lock():
        RecordStore(archive).put([changed])
    publish(archive, Audience.PUBLIC, target)
    kept = {path for path, stamp in stamps(target).items() if before.get(path) == stamp}
    assert {"items/m/scooters.html", "meetings/2024.html", "topics/road-safety.html", "search/offline-2024.js"} <= kept
    assert not {"items/m/tree.html", "meetings/2023.html", "years/2023.html"} & (kept - {"years/2023.html"})
    publish(archive, Audience.PUBLIC, tmp_path / "fresh")
    assert site_content(target) == site_content(tmp_path / "fresh"), "as though it had been made at once"


def test_what_is_gone_is_removed(archive: Workspace, target: Path):
    publish(archive, Audience.PUBLIC, target)
    with archive.writer_lock():
        RecordStore(archive).put([], removed=["2023"])
    publish(archive, Audience.PUBLIC, target)
    assert not (target / "items/m/tree.html").exists()
    assert not (target / "search/2023").exists()
    assert b"Mere Lane" not in b"".join(path.read_bytes() for path in target.rglob("*") if path.is_file())


def test_a_page_that_was_tampered_with_is_made_anew(archive: Workspace, target: Path):
    publish(archive, Audience.PUBLIC, target)
    (target / "items/m/tree.html").write_text("something else")
    next((target / "search/2024/fragment").iterdir()).write_bytes(b"something else")
    (target / "left.html").write_text("by hand")
    publish(archive, Audience.PUBLIC, target)
    assert b"something else" not in b"".join(path.read_bytes() for path in target.rglob("*") if path.is_file())
    assert not (target / "left.html").exists()


@pytest.mark.parametrize("crash_at", [0, 1], ids=["before the old one stands aside", "between the renames"])
def test_a_crash_between_the_renames_leaves_a_whole_site(
    archive: Workspace, target: Path, monkeypatch: pytest.MonkeyPatch, crash_at: int
):
    publish(archive, Audience.PUBLIC, target)
    before = site_content(target)
    with archive.writer_lock():
        RecordStore(archive).put([], removed=["2023"])
    moves = iter(range(2))

    def crash(source: Path, goal: Path) -> None:
        if next(moves) == crash_at:
            os._exit(9)
        source.replace(goal)

    child = os.fork() if hasattr(os, "fork") else pytest.skip("a process that dies in the middle takes fork() here")
    if child == 0:
        monkeypatch.setattr(folder_module, "move", crash)
        publish(archive, Audience.PUBLIC, target)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert target.exists() == (crash_at == 0)
    recover(target)
    assert site_content(target) == before
    publish(archive, Audience.PUBLIC, target)
    assert not (target / "items/m/tree.html").exists()
    assert sorted(path.name for path in target.parent.iterdir()) == [".site.lock", "site"]


def test_what_could_not_be_removed_of_the_site_before_is_in_nobodys_way(archive: Workspace, target: Path):
    publish(archive, Audience.PUBLIC, target)
    left = target.with_name(".site.old") / "items"
    left.mkdir(parents=True)
    (left / "m.html").write_text("of the site before")
    publish(archive, Audience.PUBLIC, target)
    assert sorted(path.name for path in target.parent.iterdir()) == [".site.lock", "site"]


def test_a_site_in_its_place_is_on_the_disk(archive: Workspace, target: Path, monkeypatch: pytest.MonkeyPatch):
    """A name that is there before its bytes are would leave empty pages after a power cut."""
    events: list[str] = []
    monkeypatch.setattr(folder_module, "sync_tree", lambda folder: events.append(f"sync {folder.name}"))
    monkeypatch.setattr(folder_module, "move", lambda source, goal: (events.append(f"move {source.name}"), source.replace(goal)))
    publish(archive, Audience.PUBLIC, target)
    assert events == ["sync .site.new", "move .site.new"]


def test_an_error_leaves_the_old_site(archive: Workspace, target: Path):
    publish(archive, Audience.PUBLIC, target)
    before = stamps(target)
    with pytest.raises(ZeroDivisionError), building(target) as site:
        site.put(Part("x", "1", lambda: [("x.html", b"x")]))
        raise ZeroDivisionError
    assert stamps(target) == before
    assert sorted(path.name for path in target.parent.iterdir()) == [".site.lock", "site"]


def test_a_folder_that_is_no_site_is_never_overwritten(archive: Workspace, minutes: Minutes, target: Path):
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    done = minutes("--archive", archive.root, "export", "site", target)
    assert done.status == 2
    assert "holds something else" in done.err
    assert (target / "thesis.txt").read_text() == "years of work"
    for place in (archive.root, archive.corpus, archive.corpus / "site", target / "thesis.txt", target / "no" / "folder"):
        assert minutes("--archive", archive.root, "export", "site", place).status == 2
    (target / "thesis.txt").unlink()
    assert minutes("--archive", archive.root, "export", "site", target).status == 0, "an empty folder is nobody's"


def test_two_exports_at_once_do_not_mix(archive: Workspace, target: Path):
    with building(target) as site, pytest.raises(MinutesArchiveError, match="another `minutes` is making a site"):
        site.put(Part("x", "1", lambda: [("x.html", b"x")]))
        publish(archive, Audience.PUBLIC, target)


def test_two_pages_never_claim_one_place(target: Path):
    with pytest.raises(MinutesArchiveError, match=r"two pages of the site would stand at A\.html"), building(target) as site:
        site.put(Part("one", "1", lambda: [("a.html", b"1")]))
        site.put(Part("two", "2", lambda: [("A.html", b"2")]))


def test_the_day_of_making_is_named_where_it_is_told(
    archive: Workspace, minutes: Minutes, target: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert minutes("--archive", archive.root, "export", "site", target).status == 0
    assert "Made on 14 November 2023" in (target / "about.html").read_text("utf-8")


def test_an_empty_archive_makes_no_site(minutes: Minutes, tmp_path: Path, target: Path):
    (tmp_path / "empty" / "corpus").mkdir(parents=True)
    done = minutes("--archive", tmp_path / "empty", "export", "site", target)
    assert (done.status, target.exists()) == (2, False)
    assert "nothing to publish yet" in done.err


def test_an_address_that_is_none_is_refused(archive: Workspace, minutes: Minutes, target: Path):
    for address in ("minutes.example.org", "ftp://x.example/", "https://x.example/?a=1", "https:///x", 'https://x.example/"'):
        assert minutes("--archive", archive.root, "export", "site", target, "--base-url", address).status == 2


def test_the_sample_is_exported_from_the_command_line(minutes: Minutes, tmp_path: Path, target: Path):
    minutes("--archive", tmp_path / "own", "add", SAMPLE / "council", "--council", "thornmere")
    done = minutes("--archive", tmp_path / "own", "export", "site", target, "--audience", "officer")
    assert done.status == 0
    assert "hand it to nobody else" in done.err
    home = (target / "index.html").read_text("utf-8")
    assert "For officers: these pages may hold restricted text" in home
    assert "noindex" in home
