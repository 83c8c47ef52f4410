"""Scans are read by a command of the user's own, a real one here: a Python script that prints a page or two."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from command_line import Minutes

SCAN = Path(__file__).parent.parent / "golden" / "pdf-scanned" / "source.pdf"
PAGES = (
    "Minutes of the meeting of Fenwick Parish Council held on 3 March 1998\\nPresent: Cllrs Ellis, Howe and Bevan\\n"
    "1. Apologies\\nNone.\\n\\f2. Minutes\\nThe minutes were agreed.\\n3. Planning\\nNo objection to the barn.\\n"
)
PRINTS = f"import sys; assert open(sys.argv[1], 'rb').read(5) == b'%PDF-'; sys.stdout.write('{PAGES}')"


def set_up(archive: Path, script: str, **more: object) -> None:
    archive.mkdir(exist_ok=True)
    command = [sys.executable, "-c", script, "{input}"]
    lines = ["[ocr]", f"command = {json.dumps(command)}", *(f"{name} = {json.dumps(value)}" for name, value in more.items())]
    archive.joinpath("settings.toml").write_text("\n".join(lines), "utf-8")


def test_a_scan_is_read_by_the_command_that_the_settings_name(minutes: Minutes, tmp_path: Path):
    set_up(tmp_path / "archive", PRINTS)
    record = json.loads(minutes("parse", "--archive", tmp_path / "archive", SCAN).out)
    assert [item["title"] for item in record["items"]] == ["Apologies", "Minutes", "Planning"]
    assert record["meeting"]["date"] == "1998-03-03"
    assert [(one["code"], one["severity"]) for one in record["problems"]] == [("ocr", "info")]
    assert record["source"]["parser"] == "pdf-ocr/1"


def test_a_scan_that_was_kept_is_read_when_it_is_added_again_and_only_once(minutes: Minutes, tmp_path: Path):
    archive = tmp_path / "archive"
    assert "scanned" in minutes("add", "--archive", archive, SCAN).err
    set_up(archive, PRINTS)
    assert "1 new" in minutes("add", "--archive", archive, SCAN).err
    # What was printed is kept beside the archive, and the command is not run again: records made anew are made of that.
    kept = list((archive / "cache" / "ocr").iterdir())
    assert len(kept) == 1
    kept[0].write_text(kept[0].read_text("utf-8").replace("barn", "byre"), "utf-8")
    shutil.rmtree(archive / "corpus" / "meetings")
    assert minutes("index", "--archive", archive).status == 0
    assert minutes("search", "--archive", archive, "byre").status == 0
    assert minutes("check", "--archive", archive).status == 0


FAILING = {
    "it ends with an error": ("import sys; sys.exit('no such language')", {}, "failed with status 1: no such language"),
    "it prints nothing": ("pass", {}, "found no text"),
    "it takes too long": ("while True: pass", {"seconds": 0.5}, "took over 0.5 s and was stopped"),
}


@pytest.mark.parametrize(("script", "settings", "said"), FAILING.values(), ids=FAILING)
def test_a_command_that_fails_is_said_and_the_scan_is_kept(
    minutes: Minutes, tmp_path: Path, script: str, settings: dict[str, object], said: str
):
    set_up(tmp_path / "archive", script, **settings)
    outcome = minutes("add", "--archive", tmp_path / "archive", SCAN)
    assert outcome.status == 0
    assert said in outcome.err
    assert "1 file kept" in outcome.err


def test_a_command_that_is_not_there(minutes: Minutes, tmp_path: Path):
    (tmp_path / "settings.toml").write_text('[ocr]\ncommand = ["no-such-command-9", "{input}"]', "utf-8")
    assert "no-such-command-9 can't be run" in minutes("add", "--archive", tmp_path, SCAN).err


WRONG = ('[ocr]\ncommand = "ocr {input}"', '[ocr]\ncommand = ["ocr"]', '[ocr]\ncommand = ["a", "{input}"]\nseconds = "5"', "[ocr")


@pytest.mark.parametrize("settings", WRONG)
def test_settings_that_make_no_sense_are_refused(minutes: Minutes, tmp_path: Path, settings: str):
    (tmp_path / "settings.toml").write_text(settings, "utf-8")
    outcome = minutes("add", "--archive", tmp_path, SCAN)
    assert outcome.status == 2
    assert "settings.toml" in outcome.err


def test_a_scan_stays_read_when_more_of_its_meeting_comes_and_goes(minutes: Minutes, tmp_path: Path):
    archive, typed = tmp_path / "archive", tmp_path / "typed.txt"
    set_up(archive, PRINTS)
    typed.write_text(PAGES.replace("\\n", "\n").replace("\\f", "\n").replace("barn", "byre"), "utf-8")
    assert minutes("add", "--archive", archive, SCAN).status == 0
    assert minutes("add", "--archive", archive, typed).status == 0
    assert minutes("search", "--archive", archive, "byre").status == 0
    # What was typed is for officers after all: the public has the scan again.
    assert minutes("add", "--archive", archive, typed, "--audience", "officer").status == 0
    assert minutes("search", "--archive", archive, "byre").status == 1
    assert minutes("search", "--archive", archive, "barn").status == 0
