"""The tables of a run stand where the document has a place for them, and nothing else of it changes."""

from pathlib import Path

import pytest

from bench.tables import put_into


def test_tables_take_the_place_of_those_before(tmp_path: Path):
    document = tmp_path / "performance.md"
    document.write_text(
        "Before\n<!-- measured: 100 -->\nold\n<!-- end -->\nbetween\n<!-- measured: 10 -->\n<!-- end -->\nAfter\n", "utf-8"
    )
    put_into(document, 100, "new\n")
    put_into(document, 10, "small\n")
    assert document.read_text("utf-8") == (
        "Before\n<!-- measured: 100 -->\n\nnew\n\n<!-- end -->\nbetween\n"
        "<!-- measured: 10 -->\n\nsmall\n\n<!-- end -->\nAfter\n"
    )
    put_into(document, 100, "new\n")
    assert document.read_text("utf-8").count("new") == 1


def test_a_document_without_a_place_is_left_alone(tmp_path: Path):
    document = tmp_path / "performance.md"
    document.write_text("<!-- measured: 100 -->\n", "utf-8")
    for items in (100, 300):
        with pytest.raises(ValueError, match=f"no place for {items} items"):
            put_into(document, items, "new\n")
    assert document.read_text("utf-8") == "<!-- measured: 100 -->\n"
