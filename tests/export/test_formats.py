"""CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.export.formats import page_csv, safe_cell
from minutes_archive.model import Source
from minutes_archive.search.engine import Hit, ResultPage, Snippet


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula_does(start: str):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    text = f"{start}cmd|' /C calc'!A0"
    hit = Hit(
        1, -1.0, text, text, text, text, text, text, text, False, Snippet(text), text, (text,), text, text, (text,),
        Source(text, text, text),
    )
    page = ResultPage(text, Audience.PUBLIC, {}, 1, 0.0, None, (hit,), {})
    (row,) = csv.DictReader(io.StringIO(page_csv(page), newline=""))
    assert [cell for name, cell in row.items() if name not in {"rank", "score"} and cell[:1] == start] == []


@pytest.mark.parametrize(("value", "cell"), [
    (None, ""), (True, "true"), (3, "3"), (-1.5, "-1.5"), (["noted", "deferred"], "noted; deferred"), ("plain", "plain"),
    ([], ""), ("a\x1b[31mred", "a[31mred"),
])
def test_values_as_cells(value: object, cell: str):
    assert safe_cell(value) == cell


@given(st.text())
def test_any_text_is_safe_and_kept(text: str):
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    visible = "".join(one for one in text if one in "\t\n\r" or unicodedata.category(one) != "Cc")
    assert safe_cell(text).removeprefix("'") == visible.removeprefix("'")
