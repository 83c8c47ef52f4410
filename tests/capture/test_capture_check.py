"""Check: silent when sound; finds every flipped bit and every cut, and what is left stays readable."""

import random
import shutil
import threading
from pathlib import Path

import pytest

from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.capture.catalogue import CATALOGUE
from minutes_archive.capture.warc import scan, warc_files
from minutes_archive.errors import CaptureError
from minutes_archive.seal import seal_of
from minutes_archive.workspace import Workspace

SEED = 20240717
SEAL = seal_of(Path(CATALOGUE)).name


@pytest.fixture
def filled(store, workspace, keep_page, make_page) -> dict[str, bytes]:
    """An archive of two runs: twelve captures, one classified anew, some read; their bytes by SHA-256."""
    for numbers in (range(7), range(5, 12)):
        with store.run() as run:
            for number in numbers:
                keep_page(run, make_page(number), council="thornmere")
            keep_page(run, make_page(3), Audience.OFFICER)
    for capture in list(store.captures())[:5]:
        store.note_reading(capture.sha256, "moderngov/1", "meeting", ["site/1"])
    return {capture.sha256: store.read(capture.sha256) for capture in store.captures()}


def codes(workspace: Workspace) -> list[str]:
    return [problem.code for problem in check_captures(workspace)]


def damaged_copy(workspace: Workspace, target: Path, name: str, content: bytes) -> Workspace:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(workspace.root, target)
    (target / "corpus" / "captures" / name).write_bytes(content)
    return Workspace.open(target)


def read_all(store: CaptureStore, wanted: dict[str, bytes]) -> int:
    """How many captures can still be read; none may come back wrong."""
    readable = 0
    for sha256, content in wanted.items():
        try:
            assert store.read(sha256) == content
            readable += 1
        except CaptureError:
            pass
    return readable


def test_sound_captures_have_no_problems(workspace, filled):
    assert not list(check_captures(workspace))


def test_every_flipped_bit_is_found(workspace, filled, tmp_path, open_store):
    rng = random.Random(SEED)
    names = [path.name for path in warc_files(workspace.captures)] + [CATALOGUE, SEAL]
    for turn in range(80):
        name = names[turn % len(names)]
        content = bytearray((workspace.captures / name).read_bytes())
        position = rng.randrange(len(content))
        content[position] ^= 1 << rng.randrange(8)
        damaged = damaged_copy(workspace, tmp_path / "damaged", name, bytes(content))
        expected = "capture_damaged" if name.endswith(".warc.gz") else "catalogue_damaged"
        assert codes(damaged) == [expected], f"{name} flipped at {position}"
        left = read_all(open_store(damaged), filled)
        assert left >= len(filled) - (expected == "capture_damaged"), f"{name} flipped at {position}"


def test_every_cut_is_found(workspace, filled, tmp_path, open_store):
    rng = random.Random(SEED)
    names = [path.name for path in warc_files(workspace.captures)] + [CATALOGUE, SEAL]
    for turn in range(60):
        name = names[turn % len(names)]
        content = (workspace.captures / name).read_bytes()
        size = 0 if turn < len(names) else rng.randrange(len(content))
        damaged = damaged_copy(workspace, tmp_path / "damaged", name, content[:size])
        assert codes(damaged), f"{name} cut to {size}"
        left = read_all(open_store(damaged), filled)
        if name.endswith(".warc.gz"):
            whole = sum(found.place.end <= size for found in scan(workspace.captures / name))
            assert left >= len(filled) - 7 + max(0, whole - 1), f"{name} cut to {size}"
        else:
            assert left == len(filled), f"{name} cut to {size}"


def test_a_flip_that_no_seal_covers_is_found_or_changes_nothing(workspace, filled, tmp_path, open_store):
    """After a killed run there is no seal: SQLite's check and the records themselves have to do."""
    before = list(open_store(workspace).captures())
    (workspace.captures / SEAL).unlink()
    assert not codes(workspace)
    rng = random.Random(SEED)
    catalogue = (workspace.captures / CATALOGUE).read_bytes()
    for _ in range(60):
        content = bytearray(catalogue)
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        damaged = damaged_copy(workspace, tmp_path / "damaged", CATALOGUE, bytes(content))
        if not codes(damaged):
            assert list(open_store(damaged).captures()) == before


def test_a_missing_file_is_told_with_what_it_held(workspace, filled):
    gone = warc_files(workspace.captures)[0]
    gone.unlink()
    (problem,) = check_captures(workspace)
    assert (problem.code, problem.severity, problem.where) == ("capture_missing", "error", str(gone))
    assert "7 captures" in problem.message
    assert "restore" in problem.message


def test_damage_names_the_file_the_byte_and_what_to_do(workspace, filled):
    path = warc_files(workspace.captures)[1]
    place = [found.place for found in scan(path)][2]
    content = bytearray(path.read_bytes())
    content[place.offset + 40] ^= 1
    path.write_bytes(content)
    (problem,) = check_captures(workspace)
    assert problem.where == f"{path} at byte {place.offset}"
    assert "restore the file from a backup" in problem.message


def test_reading_damaged_bytes_is_refused(workspace, filled, store):
    (first, *_) = store.captures()
    path = warc_files(workspace.captures)[0]
    place = [found.place for found in scan(path)][1]
    content = bytearray(path.read_bytes())
    content[place.offset + place.length // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=rf"{path.name} is damaged at byte {place.offset} .*`minutes check`"):
        store.read(first.sha256)


@pytest.mark.parametrize("loss", ["damage", "file"])
def test_adding_the_page_again_heals_a_damaged_capture(workspace, filled, store, keep_page, make_page, loss):
    path = warc_files(workspace.captures)[0]
    if loss == "file":
        path.unlink()
    else:
        place = [found.place for found in scan(path)][4]
        content = bytearray(path.read_bytes())
        content[place.offset + place.length // 2] ^= 1
        path.write_bytes(content)
    before = list(store.captures())
    assert read_all(store, filled) < len(filled)
    with store.run() as run:
        for number in range(12):
            assert not keep_page(run, make_page(number)).new
    assert read_all(store, filled) == len(filled)
    assert list(store.captures()) == before
    (workspace.captures / CATALOGUE).unlink()
    assert read_all(store, filled) == len(filled)
    assert {one.sha256: one.audience for one in store.captures()} == {one.sha256: one.audience for one in before}


@pytest.mark.parametrize("how", ["deleted", "emptied", "garbage", "of an earlier version"])
def test_a_catalogue_that_is_no_good_is_made_anew_by_itself(workspace, filled, store, open_store, how):
    before = list(store.captures())
    path = workspace.captures / CATALOGUE
    if how == "deleted":
        path.unlink()
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "garbage":
        path.write_bytes(b"garbage" * 1000)
    else:
        (workspace.captures / SEAL).unlink()
        content = bytearray(path.read_bytes())
        content[60:64] = (1).to_bytes(4, "big")  # user_version
        path.write_bytes(content)
    assert codes(workspace) == ["catalogue_damaged"]
    for one in (store, open_store(workspace)):  # one that had it open before, and a new one
        assert list(one.captures()) == before
        assert list(one.unread()) == before, "readings are not in the WARC files"
    assert not codes(workspace)


def test_damage_is_still_told_after_the_catalogue_was_made_anew(workspace, filled, store):
    path = warc_files(workspace.captures)[0]
    place = [found.place for found in scan(path)][1]
    content = bytearray(path.read_bytes())
    content[place.offset + place.length // 2] ^= 1
    path.write_bytes(content)
    (workspace.captures / CATALOGUE).unlink()
    assert len(list(store.captures())) == len(filled) - 1
    assert codes(workspace) == ["capture_damaged"]


def test_what_no_run_acknowledged_is_told_then_taken_in(workspace, filled, store):
    path = warc_files(workspace.captures)[0]
    size = path.stat().st_size
    with path.open("ab") as stream:
        stream.write(b"trailing bytes")
    shutil.copy(warc_files(workspace.captures)[1], workspace.captures / "by-hand.warc.gz")
    found = list(check_captures(workspace))
    assert [(one.code, one.severity) for one in found] == [("uncatalogued", "warning")] * 2
    assert found[0].where == f"{path} at byte {size}"
    with store.run():
        pass
    assert not codes(workspace)
    assert read_all(store, filled) == len(filled)


def test_a_run_at_work_is_no_problem(workspace, filled, store, keep_page, make_page):
    """Seen by another thread, as check run beside a loader would."""
    seen: list[str] = []
    with store.run() as run:
        keep_page(run, make_page(100))
        thread = threading.Thread(target=lambda: seen.extend(codes(workspace)))
        thread.start()
        thread.join()
    assert not seen
    assert not codes(workspace)


def test_a_kill_between_commit_and_end_of_a_run_leaves_the_ledger_sound(workspace, store, keep_page, make_page, tmp_path):
    """What was said counts with the commit, in both copies; readings come and go without a word in the ledger."""
    with store.run() as run:
        kept = keep_page(run, make_page(1)).capture
        keep_page(run, make_page(1), Audience.OFFICER)
        run.commit()
        run.note_reading(kept.sha256, "moderngov/1", "meeting", ["site/1"])
        keep_page(run, make_page(2))
        run.commit()
        keep_page(run, make_page(1), Audience.PUBLIC)
        run.commit()
        shutil.copytree(workspace.root, tmp_path / "killed")
    assert not list(check_captures(Workspace.open(tmp_path / "killed")))
