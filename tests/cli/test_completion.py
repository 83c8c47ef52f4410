"""Completion in the shell: commands, options, and the values that filters have in this archive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Minutes


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_script(minutes: Minutes, monkeypatch: pytest.MonkeyPatch, shell: str):
    monkeypatch.setenv("_MINUTES_COMPLETE", f"{shell}_source")
    if shell == "bash" and not shutil.which("bash"):
        pytest.skip("click asks bash for its version, and there is none here")
    done = minutes()
    assert done.status == 0
    assert f"_MINUTES_COMPLETE={shell}_complete" in done.out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sea", "search"),
        ("search --deci", "--decision"),
        ("search --decision def", "deferred"),
        ("facets --restriction ex", "exempt"),
        ("search --topic off", "off-road-bikes"),
        ("search --body Comm", "communities-scrutiny-committee"),
        ("search --council th", "thornmere"),
        ("search --body Zz", ""),
    ],
)
@pytest.mark.parametrize("shell", ["zsh", "bash"])
def test_what_is_offered(
    minutes: Minutes, sample_archive: Path, monkeypatch: pytest.MonkeyPatch, shell: str, typed: str, offered: str
):
    words = ["minutes", "--archive", str(sample_archive), *typed.split()]
    monkeypatch.setenv("_MINUTES_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    values = {part for line in minutes().out.splitlines() for part in line.split(",")} - {"plain", "_", ""}
    assert offered in values if offered else not values


def test_a_folder_without_archive_offers_nothing_and_says_nothing(
    minutes: Minutes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("_MINUTES_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", f"minutes --archive {tmp_path} search --body c")
    monkeypatch.setenv("COMP_CWORD", "5")
    done = minutes()
    assert (done.status, done.out.strip(), done.err) == (0, "", "")


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
def test_bash_completes_with_the_script_as_documented(tmp_path: Path, sample_archive: Path):
    command = tmp_path / "minutes"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m minutes_archive "$@"\n', "utf-8")
    command.chmod(0o755)
    asked = (
        'eval "$(_MINUTES_COMPLETE=bash_source minutes)"; '
        f'COMP_WORDS=(minutes --archive {sample_archive} search --topic off); COMP_CWORD=5; '
        '_minutes_completion minutes; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", asked], capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )
    assert done.stdout.strip() == "off-road-bikes"
