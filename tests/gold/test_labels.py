"""The gold labels fit the files that they speak of."""

from __future__ import annotations

import hashlib
import json
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest

from accuracy.labels import source_text

LABELS = sorted((Path(__file__).parent / "layout").glob("*.json"))


def label_of(path: Path) -> dict[str, Any]:
    label: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return label


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_a_label_fits_its_file(shared: Path, path: Path):
    label = label_of(path)
    file = shared / "realdata" / label["file"]
    content = file.read_bytes()
    assert hashlib.sha256(content).hexdigest() == label["sha256"]
    assert bool(label["items"]) == label["is_minutes"] or "why" in label
    spans = [tuple(span) for item in label["items"] for span in item["text"]]
    assert all(start <= end for start, end in spans)
    for item in label["items"]:
        assert item["parent"] is None or 0 <= item["parent"] < len(label["items"])
        assert all(one[1] <= two[0] for one, two in pairwise(item["text"])), "the spans of a text are in order"
    text = source_text(content)
    for start, end in chain((item["title"] for item in label["items"]), spans):
        assert 0 <= start <= end <= len(text)
        assert file.suffix == ".pdf" or text[start:end] == text[start:end].strip()


def test_enough_is_held_back():
    held = sum(label_of(path)["held_back"] for path in LABELS)
    assert len(LABELS) >= 40
    assert held >= 15


def texts_in(value: Any) -> list[str]:
    """Every string in a label's value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in texts_in(one)]


def test_no_text_of_theirs_stands_here():
    for path in LABELS:
        for name, value in label_of(path).items():
            if name not in {"doubts", "why", "file"}:
                assert [text for text in texts_in(value) if len(text) > 64] == [], (path.name, name)
