"""Durable writing: whole or not at all, and nothing left lying about."""

import subprocess
import sys
from pathlib import Path

from minutes_archive.durable import replace_file, replacing

_DIE = """
import os, sys
from pathlib import Path
from minutes_archive.durable import replacing
with replacing(Path(sys.argv[1])) as stream:
    stream.write(b"half of it")
    stream.flush()
    os._exit(9)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_goes_with_the_next_replacement(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"before")
    assert subprocess.run([sys.executable, "-c", _DIE, str(target)], check=False).returncode == 9
    assert len(names(tmp_path)) == 2
    assert target.read_bytes() == b"before"
    replace_file(tmp_path / "file.of.another.name", b"")
    replace_file(target, b"after")
    assert names(tmp_path) == ["file", "file.of.another.name"]
    assert target.read_bytes() == b"after"


def test_what_another_is_writing_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with replacing(target) as slow:
        slow.write(b"slow")
        replace_file(target, b"quick")
        assert target.read_bytes() == b"quick"
    assert target.read_bytes() == b"slow"
    assert names(tmp_path) == ["file"]
