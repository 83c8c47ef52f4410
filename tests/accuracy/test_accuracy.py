"""The figures in short: what must hold at any time, and that the command says what it measured and what it could not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from accuracy.__main__ import NO_REAL_FILES, PAGE, main, over_cases, over_real_files, report
from accuracy.cases import GOLDEN, HELD_BACK, LAYOUTS, cases, is_held_back, layout_of, shortfalls
from accuracy.measure import Tally

# What the golden cases that were tuned on must reach: everything, but for what stands among the shortfalls.
SEEN = over_cases(held_back=False)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_cases_and_is_read_right(layout: str):
    tally = SEEN.ours[layout]
    assert tally.files
    short = [fault for fault in tally.faults if fault.split(":")[0] not in shortfalls()]
    assert short == []
    if layout.startswith("ModernGov"):
        assert (tally.f1, tally.words_found, tally.words_foreign) == (1.0, 1.0, 0.0)


def test_the_parsers_add_something_to_what_anyone_would_write():
    assert sum(SEEN.ours.values(), Tally()).f1 > 2 * sum(SEEN.peers.values(), Tally()).f1


@pytest.mark.parametrize(("case", "layout"), [
    ("page-word-noise", "ModernGov meeting page"), ("page-utf-16", "ModernGov meeting page"),
    ("page-with-item-page", "ModernGov, other pages"), ("attendance-alone", "ModernGov, other pages"),
    ("page-then-service", "XML service"), ("cmis-cancelled", "CMIS"), ("archive-pasted-minutes", "converted minutes"),
    ("converted-minutes-with-marks", "converted minutes"), ("text-utf-16", "text rendering"),
    ("cut-text-then-full-text", "text rendering"), ("plain-running-numbers", "plain text"), ("full-text-alone", "plain text"),
    ("markdown-word-a-line", "Markdown"), ("pdf-scanned", "PDF"), ("docx-headings", "DOCX"), ("no-meeting-recipe", "web page"),
])
def test_the_layout_is_told_from_the_files(case: str, layout: str):
    assert layout_of(GOLDEN / case) == layout


def test_a_case_that_is_held_back_is_measured_apart(tmp_path: Path):
    for name in ("page-sub-items", "page-cp1252"):
        shutil.copytree(GOLDEN / name, tmp_path / name)
    (tmp_path / "page-cp1252" / HELD_BACK).write_text("Since the first release.\n", "utf-8")
    assert [is_held_back(case) for case in cases(tmp_path)] == [True, False]
    assert over_cases(held_back=True, folder=tmp_path).ours["ModernGov meeting page"].files == 1


def test_a_wrong_reading_is_measured_as_wrong(tmp_path: Path):
    shutil.copytree(GOLDEN / "page-sub-items", tmp_path / "case")
    source = tmp_path / "case" / "source.html"
    source.write_bytes(source.read_bytes().replace(b'mgSubItemTitleTxt">Minutes:', b'mgSubItemTitleTxt">Minuets:'))
    tally = over_cases(held_back=False, folder=tmp_path).ours["ModernGov meeting page"]
    assert tally.words_found < 1
    assert tally.faults


def test_seen_real_files_are_read_as_well_as_they_were(shared: Path):
    figures = over_real_files(shared / "realdata", held_back=False)
    assert sum(figures.ours.values(), Tally()).f1 >= 0.96


def test_real_files_that_are_absent_are_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("MINUTES_SHARED", "nowhere")
    assert NO_REAL_FILES in report([("Real files, seen", None)])
    before = PAGE.read_bytes()
    assert main(["--write"]) == 2
    assert NO_REAL_FILES in capsys.readouterr().err
    assert PAGE.read_bytes() == before


def test_the_page_has_its_places_for_figures():
    text = PAGE.read_text("utf-8")
    assert [text.count(f"<!-- figures: {part} -->") for part in ("seen", "held back")] == [1, 1]
