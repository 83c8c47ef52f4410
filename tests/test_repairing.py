"""What is damaged, what check says of it, what a repair does, what check says then: nothing is lost, nothing deleted."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import Minutes
from fakes.clock import Clock
from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.capture import CaptureStore
from minutes_archive.capture.catalogue import Catalogue
from minutes_archive.capture.warc import Record, scan
from minutes_archive.checking import check
from minutes_archive.model import Capture, Meeting
from minutes_archive.records import RecordStore
from minutes_archive.repairing import plan, repair
from minutes_archive.workspace import Workspace
from upgrade.making import PUBLIC, RESTRICTED_LATER, answers, holdings, make_archive

FULL_TEXT = PUBLIC[1]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Read only."""
    return make_archive(tmp_path_factory.mktemp("sound") / "archive")


@pytest.fixture
def workspace(sound: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(sound.root, tmp_path / "archive")
    return Workspace.open(tmp_path / "archive")


def store_of(workspace: Workspace) -> CaptureStore:
    return CaptureStore(workspace, Clock().now)


def codes(workspace: Workspace) -> set[str]:
    return {problem.code for problem in check(workspace)}


def mend(workspace: Workspace) -> set[str]:
    """Repair; what check says then."""
    return {one.code for one in repair(workspace, list(check(workspace)), Clock().now, lambda problem: None, lambda line: None)}


def steps(workspace: Workspace) -> dict[str, bool]:
    """The steps that a repair would take, and whether it refuses them."""
    return {one.step.name: one.refused is not None for one in plan(workspace, list(check(workspace)), Clock().now)}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock.sqlite"
    }


def flip(path: Path, at: int | None = None) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 4
    path.write_bytes(content)


def only(workspace: Workspace, pattern: str) -> Path:
    return sorted(workspace.root.glob(pattern))[0]


def records_of(workspace: Workspace) -> Iterator[tuple[Path, Record]]:
    for path in sorted(workspace.captures.glob("*.warc.gz")):
        for found in scan(path):
            assert isinstance(found, Record)
            yield path, found


def flip_record(workspace: Workspace, wanted: Callable[[Record], bool]) -> Path:
    """Damage the one record that is ``wanted``."""
    path, record = next((path, record) for path, record in records_of(workspace) if wanted(record))
    flip(path, record.place.offset + record.place.length // 2)
    return path


def is_reclassification(record: Record) -> bool:
    return record.restatement is not None


def capture_of(workspace: Workspace, name: str) -> Capture:
    return next(one for one in store_of(workspace).captures() if one.path == name)


# What is damaged; how; what check says; what is left after the repair.
DAMAGE: dict[str, tuple[str, Callable[[Path], object], set[str], set[str]]] = {
    "a WARC file": ("corpus/captures/*.warc.gz", flip, {"capture_damaged"}, {"capture_lost"}),
    "a WARC file is gone": ("corpus/captures/*.warc.gz", Path.unlink, {"capture_missing"}, {"capture_lost"}),
    "the catalogue": ("corpus/captures/catalogue.sqlite", flip, {"catalogue_damaged"}, set()),
    "the catalogue is gone": ("corpus/captures/catalogue.sqlite", Path.unlink, {"catalogue_damaged"}, set()),
    "its seal": ("corpus/captures/catalogue.seal", flip, {"catalogue_damaged"}, set()),
    "the ledger": ("corpus/captures/ledger.json", flip, {"ledger_damaged"}, set()),
    "the ledger is gone": ("corpus/captures/ledger.json", Path.unlink, {"ledger_missing"}, set()),
    "records": ("corpus/meetings/*/*.jsonl", flip, {"record_damaged"}, set()),
    "records are gone": ("corpus/meetings/*/*.jsonl", Path.unlink, {"record_damaged"}, set()),
    "their manifest": ("corpus/meetings/manifest.json", flip, {"record_damaged"}, set()),
    "an index": ("index/public/*.columns", flip, {"index_damaged"}, set()),
    "its manifest is gone": ("index/officer/current.json", Path.unlink, {"index_damaged"}, set()),
    "what an index was made of": ("index/public.records", flip, {"index_behind"}, set()),
    "all indexes are gone": ("index", shutil.rmtree, {"index_missing"}, set()),
    "the thesaurus": ("index/thesaurus.json", flip, {"thesaurus_damaged"}, set()),
    "the frontier": ("corpus/crawl/frontier.sqlite", flip, {"frontier_damaged"}, set()),
    "the log of withdrawals": ("corpus/withdrawals.jsonl", flip, {"withdrawals_damaged"}, {"withdrawals_damaged"}),
    "a watch": ("watches/public/*.json", lambda path: path.write_text("{"), {"settings_unreadable"}, {"settings_unreadable"}),
    "the settings": ("themes.toml", lambda path: path.with_name("settings.toml").write_text("[ocr"),
                     {"settings_unreadable"}, {"settings_unreadable"}),
    "what the user wrote": ("sources.toml", lambda path: path.write_text("["), {"settings_unreadable"}, {"settings_unreadable"}),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found_and_mended(what: str, workspace: Workspace, sound: Workspace):
    pattern, harm, said, left = DAMAGE[what]
    harm(only(workspace, pattern))
    assert said <= codes(workspace) <= {*said, "index_behind"}
    assert mend(workspace) == left
    assert codes(workspace) == left
    if not left and "frontier" not in what:
        assert answers(workspace) == answers(sound)
        assert holdings(workspace) == holdings(sound)


@pytest.mark.parametrize("what", DAMAGE)
def test_check_alone_changes_nothing(what: str, workspace: Workspace, minutes: Minutes):
    pattern, harm, _, _ = DAMAGE[what]
    harm(only(workspace, pattern))
    before = tree(workspace.root)
    assert minutes("--archive", workspace.root, "check").status == 1
    assert minutes("--archive", workspace.root, "check", "--repair", "--dry-run").status == 1
    assert tree(workspace.root) == before


def test_what_is_mended_is_sound_for_the_command_line_too(workspace: Workspace, minutes: Minutes):
    flip(workspace.captures / "catalogue.sqlite")
    planned = minutes("--archive", workspace.root, "check", "--repair", "--dry-run")
    assert "to do: make the catalogue anew from the WARC files" in planned.err
    assert "catalogue_damaged" in minutes("--archive", workspace.root, "check", "--json").out
    done = minutes("--archive", workspace.root, "check", "--repair")
    assert (done.status, done.out) == (0, "")
    assert "made the catalogue anew" in done.err
    assert done.err.endswith("done; the archive is sound\n")
    again = minutes("--archive", workspace.root, "check", "--repair")
    assert (again.status, again.out, again.err) == (0, "", "")


def test_an_index_that_was_never_made_is_no_damage(tmp_path: Path, minutes: Minutes):
    picture = tmp_path / "minutes.pdf"
    picture.write_bytes(b"%PDF-1.7\n...")
    assert minutes("--archive", tmp_path / "archive", "add", picture, "--no-index").status == 0
    assert minutes("--archive", tmp_path / "archive", "check").status == 0, "there is nothing to search"
    minutes("--archive", tmp_path / "archive", "add", PUBLIC[0], "--no-index")
    told = minutes("--archive", tmp_path / "archive", "check")
    assert told.out == "warning: index: there is none yet, or it is gone; run: minutes index\n"


# Captures


def test_a_damaged_warc_file_is_put_away_and_its_sound_records_stay(workspace: Workspace, sound: Workspace):
    path = flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    damaged = path.read_bytes()
    assert mend(workspace) == {"capture_lost"}
    assert (workspace.set_aside / path.name).read_bytes() == damaged
    explained = (workspace.set_aside / f"{path.name}.txt").read_text("utf-8")
    assert FULL_TEXT.name in explained
    lost = {tuple(one) for one in holdings(sound)} - {tuple(one) for one in holdings(workspace)}
    assert len(lost) == 1
    assert answers(workspace) == answers(sound), "records and index rest as they were"


def test_what_was_read_off_a_lost_capture_is_kept_beside_it(workspace: Workspace):
    path = flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    mend(workspace)
    kept = (workspace.set_aside / f"{path.name}.records.jsonl").read_text("utf-8")
    assert '"moderngov.thornmere.example/3132"' in kept


def test_a_lost_capture_that_is_added_again_is_no_damage_any_more(workspace: Workspace, sound: Workspace, minutes: Minutes):
    flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    mend(workspace)
    assert minutes("--archive", workspace.root, "add", FULL_TEXT, "--council", "thornmere").status == 0
    assert codes(workspace) == set()
    assert holdings(workspace) == holdings(sound)
    (workspace.captures / "catalogue.sqlite").unlink()
    assert holdings(workspace) == holdings(sound)


def test_a_capture_that_was_kept_anew_leaves_only_the_damaged_file_to_put_away(workspace: Workspace, minutes: Minutes):
    flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    assert minutes("--archive", workspace.root, "add", FULL_TEXT, "--council", "thornmere").status == 0
    assert codes(workspace) == {"capture_damaged"}
    assert mend(workspace) == set()


@pytest.mark.parametrize("name", ["the same", "from-a-backup.warc.gz"])
def test_the_file_of_a_backup_brings_lost_captures_back_for_whom_they_were(workspace: Workspace, sound: Workspace, name: str):
    path = flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    mend(workspace)
    shutil.copy(sound.captures / path.name, path if name == "the same" else path.with_name(name))
    assert codes(workspace) >= {"capture_lost"}
    assert mend(workspace) == set()
    assert holdings(workspace) == holdings(sound)
    assert answers(workspace) == answers(sound)


def test_a_repair_that_is_killed_is_begun_anew(workspace: Workspace, sound: Workspace, monkeypatch: pytest.MonkeyPatch):
    """After the file was replaced, before the catalogue knows of it: the worst moment."""
    flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)

    class Killed(BaseException):
        pass

    def kill(catalogue: Catalogue) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Catalogue, "commit", kill)
        with pytest.raises(Killed):
            mend(workspace)
    assert mend(workspace) == {"capture_lost"}
    assert len(holdings(workspace)) == len(holdings(sound)) - 1
    assert answers(workspace) == answers(sound)


# Who may see what


def secret(workspace: Workspace) -> Capture:
    """What was public and is for officers since."""
    sha256 = next(record.restatement.sha256 for _, record in records_of(workspace) if record.restatement)
    found = store_of(workspace).capture(sha256)
    assert found is not None
    return found


def test_a_reclassification_outlives_its_record_and_the_catalogue(workspace: Workspace, sound: Workspace):
    known = secret(workspace)
    flip_record(workspace, is_reclassification)
    (workspace.captures / "catalogue.sqlite").unlink()
    assert store_of(workspace).capture(known.sha256) == known
    assert mend(workspace) == set()
    (workspace.captures / "catalogue.sqlite").unlink()
    assert store_of(workspace).capture(known.sha256) == known
    assert answers(workspace) == answers(sound)


def test_a_page_that_was_taken_down_stays_so_without_its_record_and_the_catalogue(workspace: Workspace):
    gone = next(one for one in store_of(workspace).captures() if one.withdrawn_at)
    flip_record(workspace, lambda record: record.sighting is not None and record.sighting.gone_at is not None)
    (workspace.captures / "catalogue.sqlite").unlink()
    assert store_of(workspace).capture(gone.sha256) == gone


@pytest.mark.parametrize("harm", [Path.unlink, flip])
@pytest.mark.parametrize("what", ["the word is damaged", "its file is gone", "all files are there"])
def test_where_nothing_tells_what_was_restricted_nothing_is_made_anew(
    what: str, harm: Callable[[Path], object], workspace: Workspace, sound: Workspace, minutes: Minutes
):
    """By none of the commands: a file that is gone leaves no gap when it was the last one."""
    if what == "the word is damaged":
        flip_record(workspace, is_reclassification)
    elif what == "its file is gone":
        for path in {path for path, record in records_of(workspace) if record.said and record.said.sequence >= 5}:
            path.unlink()
    for name in ("catalogue.sqlite", "ledger.json"):
        harm(workspace.captures / name)
    before = tree(workspace.corpus)
    for command in (["index"], ["index", "--rebuild"], ["add", FULL_TEXT], ["add", FULL_TEXT, "--audience", "public"],
                    ["check", "--repair"]):
        refused = minutes("--archive", workspace.root, *command)
        assert refused.status == 2, command
        assert "neither catalogue.sqlite nor ledger.json is there whole" in refused.err
        assert "restore one of the two from a backup" in refused.err
        assert tree(workspace.corpus) == before
    assert answers(workspace) == answers(sound), "records and index stand as they did"


def test_a_page_made_officers_business_in_a_file_that_is_gone_is_not_made_public(minutes: Minutes, tmp_path: Path):
    """Catalogue and ledger gone with it, or a backup that broke off after the first file."""
    minutes("--archive", tmp_path, "add", RESTRICTED_LATER)
    minutes("--archive", tmp_path, "add", RESTRICTED_LATER, "--audience", "officer")
    captures = tmp_path / "corpus" / "captures"
    first, *others = sorted(captures.iterdir())
    assert minutes("--archive", tmp_path, "search", "parish").status == 1
    for path in others:
        path.unlink()
    assert minutes("--archive", tmp_path, "check", "--repair").status == 2
    assert minutes("--archive", tmp_path, "search", "parish").status == 1
    shutil.rmtree(tmp_path / "corpus" / "meetings")
    shutil.rmtree(tmp_path / "index")
    assert [path.name for path in captures.iterdir()] == [first.name]
    assert minutes("--archive", tmp_path, "check", "--repair").status == 2
    assert minutes("--archive", tmp_path, "search", "parish").status == 2


@pytest.mark.parametrize("catalogue", ["sound", "gone"])
def test_captures_of_an_earlier_backup_open_nothing_that_was_closed_since(catalogue: str, minutes: Minutes, tmp_path: Path):
    """They are sound in themselves, and say that the page is public: the records know of a later word."""
    archive, backup = tmp_path / "archive", tmp_path / "backup"
    minutes("--archive", archive, "add", RESTRICTED_LATER)
    captures = archive / "corpus" / "captures"
    shutil.copytree(captures, backup)
    minutes("--archive", archive, "add", RESTRICTED_LATER, "--audience", "officer")
    shutil.rmtree(captures)
    shutil.copytree(backup, captures)
    if catalogue == "gone":  # so that every capture is read anew
        (captures / "catalogue.sqlite").unlink()
    else:
        assert codes(Workspace.open(archive)) == {"capture_missing", "closed"}
    for command in (["index"], ["check", "--repair"], ["add", FULL_TEXT], ["index", "--rebuild"], ["check", "--repair"]):
        minutes("--archive", archive, *command)
        assert "parish" not in minutes("--archive", archive, "search", "parish").out, command
    assert codes(Workspace.open(archive)) == {"closed"}
    assert minutes("--archive", archive, "add", RESTRICTED_LATER, "--audience", "public").status == 0
    assert minutes("--archive", archive, "search", "parish").status == 0, "somebody said so"
    assert codes(Workspace.open(archive)) == set()


def test_what_an_officers_file_kept_closed_stays_so_when_that_file_is_gone(minutes: Minutes, tmp_path: Path):
    """The service's own mark stood in an answer that only officers hold; with the catalogue gone, all is read anew."""
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", *PUBLIC, "--council", "thornmere")
    workspace = Workspace.open(archive)
    (meeting, *_) = RecordStore(workspace).meetings()
    closed = replace(meeting.items[0], audience=Audience.OFFICER)
    with workspace.writer_lock():
        RecordStore(workspace).put([replace(meeting, items=(closed, *meeting.items[1:]))], (), 9)
    (workspace.captures / "catalogue.sqlite").unlink()
    assert mend(workspace) == {"closed"}
    found = RecordStore(workspace).get(meeting.id)
    assert found is not None
    assert [one.audience for one in found.items] == [Audience.OFFICER, *(one.audience for one in meeting.items[1:])]


def test_an_officers_capture_that_was_lost_comes_back_for_officers(workspace: Workspace, sound: Workspace):
    officers = next(one for one in store_of(sound).captures() if one.audience is Audience.OFFICER)
    flip_record(workspace, lambda record: record.capture is not None and record.capture.sha256 == officers.sha256)
    assert mend(workspace) == {"capture_lost"}
    assert officers.path is not None
    assert officers.path not in "".join(problem.where + problem.message for problem in check(workspace))
    (workspace.captures / "catalogue.sqlite").unlink()  # made anew: the ledger knows
    with store_of(workspace).run() as run:
        content = store_of(sound).read(officers.sha256)
        kept = run.keep(content, path=officers.path, url=None, council=None, audience=None, media_type="")
    assert kept.healed
    assert store_of(workspace).capture(officers.sha256) == officers


# What would make things worse


def test_records_whose_captures_are_lost_are_left_as_they_are(workspace: Workspace, minutes: Minutes):
    flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    mend(workspace)
    path = workspace.meetings / "thornmere" / "2023-24.jsonl"
    flip(path)
    before = path.read_bytes()
    assert steps(workspace)["damaged records"]
    done = minutes("--archive", workspace.root, "check", "--repair")
    assert done.status == 2
    assert "refused: put damaged records away" in done.err
    assert "restore captures or records from a backup" in done.err
    assert path.read_bytes() == before


def test_records_whose_captures_are_damaged_are_left_as_they_are(workspace: Workspace):
    """Both at once: the captures are put away first, and then the records are all that is left of them."""
    flip_record(workspace, lambda record: record.capture is not None and record.capture.path == FULL_TEXT.name)
    path = workspace.meetings / "thornmere" / "2023-24.jsonl"
    flip(path)
    before = path.read_bytes()
    assert {"capture_lost", "record_damaged"} <= mend(workspace)
    assert path.read_bytes() == before


def test_while_another_process_writes_nothing_is_repaired(workspace: Workspace, minutes: Minutes):
    flip(only(workspace, "index/public/*.columns"))
    with closing(sqlite3.connect(workspace.corpus / ".lock.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused = minutes("--archive", workspace.root, "check", "--repair")
    assert refused.status == 2
    assert refused.err.endswith("try again when it has ended\n")


def test_a_dry_run_alone_is_no_command(workspace: Workspace, minutes: Minutes):
    assert minutes("--archive", workspace.root, "check", "--dry-run").status == 2


# Records that disagree with their captures


def put_records(workspace: Workspace, change: Callable[[Meeting], Meeting]) -> None:
    with workspace.writer_lock():
        RecordStore(workspace).put([change(one) for one in RecordStore(workspace).meetings()])
        update_index(workspace)


def for_officers(meeting: Meeting) -> Meeting:
    items = tuple(replace(item, audience=Audience.OFFICER) for item in meeting.items)
    return replace(meeting, items=items, audience=Audience.OFFICER)


def for_the_public(meeting: Meeting) -> Meeting:
    items = tuple(replace(item, audience=Audience.PUBLIC) for item in meeting.items)
    return replace(meeting, items=items, audience=Audience.PUBLIC)


@pytest.mark.parametrize("change", [for_officers, for_the_public])
def test_records_that_are_for_others_than_their_captures_are_found_and_read_anew(
    change: Callable[[Meeting], Meeting], workspace: Workspace, sound: Workspace, minutes: Minutes
):
    put_records(workspace, change)
    assert answers(workspace) != answers(sound)
    found = minutes("--archive", workspace.root, "check")
    assert found.status == 1
    assert re.fullmatch(r"error: corpus/meetings: \d+ meetings are for others than .*: minutes check --repair\n", found.out)
    assert minutes("--archive", workspace.root, "check", "--repair").status == 0
    assert codes(workspace) == set()
    assert answers(workspace) == answers(sound)


def test_what_was_refused_is_refused_by_index_too_and_all_is_there_once_captures_are_restored(
    workspace: Workspace, sound: Workspace, minutes: Minutes
):
    flip(only(workspace, "corpus/captures/*.warc.gz"))
    for name in ("catalogue.sqlite", "catalogue.seal", "ledger.json"):
        (workspace.captures / name).unlink()
    for command in (["check", "--repair"], ["index"], ["add", FULL_TEXT]):
        assert minutes("--archive", workspace.root, *command).status == 2
    shutil.rmtree(workspace.captures)
    shutil.copytree(sound.captures, workspace.captures)
    assert codes(workspace) == set()
    assert answers(workspace) == answers(sound)
