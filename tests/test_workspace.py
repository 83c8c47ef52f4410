"""The workspace: where things lie, and one writer at a time."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from minutes_archive.errors import WorkspaceError
from minutes_archive.workspace import Workspace

_TAKE_ALL_THE_TIME = """
import sys, time
from pathlib import Path
from minutes_archive.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
while True:
    with workspace.writer_lock():
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        print("held", flush=True)
"""
_HOLD = """
import sys
from pathlib import Path
from minutes_archive.workspace import Workspace
with Workspace(Path(sys.argv[1])).writer_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "archive", writing=True)


@pytest.fixture
def other_writer(workspace: Workspace):
    """A process that holds the lock until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(workspace.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield process
        process.kill()


def test_folders_below_the_root(workspace: Workspace):
    root = workspace.root
    assert (workspace.corpus, workspace.captures) == (root / "corpus", root / "corpus" / "captures")
    assert (workspace.meetings, workspace.index) == (root / "corpus" / "meetings", root / "index")


def test_opening_to_read_makes_nothing(tmp_path: Path):
    Workspace.open(tmp_path)
    assert not list(tmp_path.iterdir())
    with pytest.raises(WorkspaceError, match=r"nowhere does not exist; name the archive's folder"):
        Workspace.open(tmp_path / "nowhere")


def test_opening_to_write_makes_the_folder(tmp_path: Path):
    assert Workspace.open(tmp_path / "a" / "b", writing=True).root.is_dir()


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize("name", ["file", "file/below", "nul\0"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str, writing: bool):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WorkspaceError):
        Workspace.open(tmp_path / name, writing=writing)


def test_the_same_thread_may_enter_again(workspace: Workspace):
    with workspace.writer_lock(), workspace.writer_lock(0):
        assert not workspace.is_being_written()
    with workspace.writer_lock(0):
        pass


def test_another_thread_may_not(workspace: Workspace):
    refused = []

    def try_to_write() -> None:
        assert workspace.is_being_written()
        try:
            with workspace.writer_lock(0):
                pass
        except WorkspaceError as error:
            refused.append(str(error))

    with workspace.writer_lock():
        thread = threading.Thread(target=try_to_write)
        thread.start()
        thread.join()
    assert refused == [f"another `minutes` is writing to {workspace.root}; try again when it has ended"]


def test_the_lock_goes_with_an_error(workspace: Workspace):
    with pytest.raises(ZeroDivisionError), workspace.writer_lock():
        raise ZeroDivisionError
    assert not workspace.is_being_written()


def test_another_process_is_waited_for_and_its_death_frees_the_lock(workspace: Workspace, other_writer):
    assert workspace.is_being_written()
    with pytest.raises(WorkspaceError, match="another `minutes` is writing"), workspace.writer_lock(0.05):
        pass
    other_writer.kill()
    with workspace.writer_lock():
        assert not workspace.is_being_written()


def test_who_waits_has_its_turn_before_who_asks_again_at_once(workspace: Workspace):
    with subprocess.Popen(
        [sys.executable, "-c", _TAKE_ALL_THE_TIME, str(workspace.root)], stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(20):
            with workspace.writer_lock(20):
                pass
        process.kill()
        # Not one of its turns to each of ours, but some: it waits in its place as we do.
        assert process.stdout.read().count(b"held") < 200


def test_nobody_writes_where_nothing_was_ever_written(tmp_path: Path):
    assert not Workspace(tmp_path).is_being_written()
    assert not list(tmp_path.iterdir())


def test_a_corpus_that_is_no_folder_is_told(workspace: Workspace):
    workspace.corpus.write_text("a file")
    with pytest.raises(WorkspaceError, match=r"can't write in .*corpus"), workspace.writer_lock():
        pass


def test_a_lock_file_of_something_else_is_told(workspace: Workspace):
    workspace.corpus.mkdir()
    (workspace.corpus / ".lock.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(WorkspaceError, match="delete it and try again"), workspace.writer_lock():
        pass
    assert not workspace.is_being_written()
