"""Snippets: the right passage, hits that stand where they say, nothing cut inside a hit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.model import Span
from minutes_archive.search.analysis import stem
from minutes_archive.search.engine import Snippet
from minutes_archive.search.plan import TEXT_FIELDS, Leaf
from minutes_archive.search.snippet import LENGTH, snippet


def words(*typed: str) -> list[Leaf]:
    return [Leaf(TEXT_FIELDS, (tuple(map(stem, one.split())),)) for one in typed]


LONG = f"Members heard that {'the work had gone on ' * 30}and that bikes were seen {'again and again ' * 30}there."


@pytest.mark.parametrize(
    ("texts", "typed", "expected"),
    [
        ({"minutes_text": "Noted. Bikes were seen."}, ["bike"], "Noted. «Bikes» were seen."),
        ({"minutes_text": "RESOLVED\n\n1. bikes\n2. noise"}, ["bike", "noise"], "RESOLVED\n1. «bikes»\n2. «noise»"),
        ({"minutes_text": "An off-road bike."}, ["off road"], "An «off-road» bike."),
        ({"minutes_text": "An off-road bike."}, ["offroad"], "An «off-road» bike."),
        ({"minutes_text": "The big bike"}, ["big bike", "bike"], "The «big bike»"),
        # The field with the most different words, minutes first among equals.
        ({"title": "Bikes", "minutes_text": "A bike."}, ["bike"], "A «bike»."),
        ({"title": "Bikes and quads", "minutes_text": "A bike."}, ["bike", "quad"], "«Bikes» and «quads»"),
        ({"title": "Bikes", "agenda_text": "A bike.", "decision_text": "Bike noted."}, ["bike"], "«Bike» noted."),
        ({"documents": "Map\nBike plan"}, ["bike"], "Map\n«Bike» plan"),
        # Without a hit, how the item begins.
        ({"title": "Bikes", "minutes_text": "It was noted."}, [], "It was noted."),
        ({"title": "Bikes"}, [], "Bikes"),
        ({}, ["bike"], ""),
    ],
)
def test_passages(texts: dict[str, str], typed: list[str], expected: str) -> None:
    assert str(snippet(texts, words(*typed))) == expected


def test_a_long_sentence_is_cut_between_words_around_its_hit() -> None:
    passage = snippet({"minutes_text": LONG}, words("bike"))
    assert passage.cut_start
    assert passage.cut_end
    assert len(passage.text) <= LENGTH + 20
    assert f" {passage.text} " in f" {LONG} "
    assert [passage.text[span.start:span.end] for span in passage.spans] == ["bikes"]
    assert str(passage).startswith("…")


def test_the_window_with_the_most_different_words_wins() -> None:
    text = "Bikes. " * 40 + "\n\nBikes and quads met.\n\n" + "Bikes. " * 40
    assert "quads" in snippet({"minutes_text": text}, words("bike", "quad")).text


@given(
    st.lists(st.sampled_from(["bike", "off-road", "quad.", "The", "x" * 70, "\n\n", "1.", "Mr.", "no"]), max_size=150),
    st.lists(st.sampled_from(["bike", "off road", "offroad", "quad the", "the"]), max_size=3),
)
def test_spans_lie_in_order_inside_the_text(pieces: list[str], typed: list[str]) -> None:
    text = " ".join(pieces)
    passage = snippet({"minutes_text": text}, words(*typed))
    edges = [edge for span in passage.spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(passage.text) for span in passage.spans)
    assert all(passage.text[s.start:s.end].strip() == passage.text[s.start:s.end] for s in passage.spans)
    assert "\n\n" not in passage.text
    assert len(passage.text) <= LENGTH + 250


def test_marks_are_plain_text() -> None:
    assert str(Snippet("a <b> c", (Span(2, 5),), "title", cut_end=True)) == "a «<b>» c…"
