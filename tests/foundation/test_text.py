from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.text import compact, fold_line, fold_text, plain_marks, strip_bullet

NBSP = "\u00a0"


@pytest.mark.parametrize(("raw", "folded"), [
    ("  two   words ", "two words"),
    (f"John{NBSP}Devine{NBSP}", "John Devine"),
    ("Cafe\u0301", "Café"),
    ("off\u00adroad", "offroad"),
    ("zero\u200bwidth", "zerowidth"),
    ("line\r\nend", "line end"),
    ("bell\x07", "bell"),
    ("tab\tand\x0bvertical", "tab and vertical"),
    ("", ""),
])
def test_a_line_is_folded(raw: str, folded: str):
    assert fold_line(raw) == folded


@pytest.mark.parametrize(("raw", "folded"), [
    ("one\n\n\n\ntwo", "one\n\ntwo"),
    ("one\r\n \t\r\ntwo", "one\n\ntwo"),
    ("a list:\n first \n second", "a list:\nfirst\nsecond"),
    ("\n\n  \n", ""),
])
def test_paragraphs_and_lines_are_kept(raw: str, folded: str):
    assert fold_text(raw) == folded


@pytest.mark.parametrize(("line", "rest", "bulleted"), [
    ("·" + NBSP * 9 + " The Road Safety Team", "The Road Safety Team", True),
    ("\u2022 lighting", "lighting", True),
    ("\uf0b7\tlighting", "lighting", True),
    ("o   second level", "second level", True),
    ("- a dash", "a dash", True),
    ("1. a numeral is content", "1. a numeral is content", False),
    ("off-road bikes", "off-road bikes", False),
    ("o one letter before one blank is a word", "o one letter before one blank is a word", False),
])
def test_bullets_go_and_numerals_stay(line: str, rest: str, bulleted: bool):
    assert strip_bullet(line) == (rest, bulleted)


@given(st.text())
def test_folding_twice_changes_nothing(text: str):
    assert fold_line(fold_line(text)) == fold_line(text)
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text())
def test_folded_text_is_nfc_and_has_no_double_blanks(text: str):
    folded = fold_text(text)
    assert unicodedata.is_normalized("NFC", folded)
    assert "  " not in folded
    assert "\n\n\n" not in folded
    assert NBSP not in folded


@given(st.text())
def test_no_visible_character_is_lost(text: str):
    def visible(one: str) -> list[str]:
        return [c for c in unicodedata.normalize("NFC", one) if unicodedata.category(c)[0] in "LNP"]

    assert visible(fold_text(text)) == visible(text)


@given(st.text())
def test_plain_marks_keep_offsets(text: str):
    assert len(plain_marks(text)) == len(text)


def test_compact_forgets_every_blank():
    assert compact("studied  by\n\nother forces") == "studiedbyotherforces"
