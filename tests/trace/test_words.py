"""Where a text says a theme."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.search.reading import parse
from minutes_archive.trace.words import ThemeWords, typed_names


def said(query: str, text: str, *added: str, apart: bool = True) -> list[str]:
    return [text[one.start : one.end] for one in ThemeWords(typed_names(parse(query), apart=apart), added).find(text)]


@pytest.mark.parametrize(("query", "text", "found"), [
    ("off-road bikes", "Off road bikes, an off-road bike, offroad bikes.", ["Off road bikes", "off-road bike", "offroad bikes"]),
    ("policy", "Policies and a policy, but no police.", ["Policies", "policy"]),
    ("20mph", "A 20 mph limit, or 20mph; not 120 mph.", ["20 mph", "20mph"]),
    ("leisure centre", "The centre for leisure, and the leisure centre.", ["centre", "leisure", "leisure centre"]),
    ("council's", "The Council’s depot", ["Council’s"]),
    ("bik*", "Biking, bikes and cubiks", ["Biking", "bikes"]),
    ('"quad bikes" -scooter', "Quad bikes and a scooter", ["Quad bikes"]),
    ("bus OR tram", "Buses are no bus; a tram is.", ["bus", "tram"]),
    ("the flood", "The flood and the rest", ["The flood"]),
    ("title:flood", "Flooding", ["Flooding"]),
    ("body:cabinet flood", "The Cabinet spoke of the flood", ["flood"]),
    ("bikes", "", []),
])
def test_a_name_is_found_whatever_its_form(query: str, text: str, found: list[str]):
    assert said(query, text) == found


def test_words_of_a_topic_mean_it_only_together():
    assert said("knife crime", "A crime with a knife; knife crime.", apart=False) == ["knife crime"]


def test_related_names_are_found_too_and_never_hide_what_was_typed():
    assert said("bike", "A quad bike", "quad bike") == ["quad bike", "bike"]
    assert said("quad bike", "A quad bike", "bike", apart=False) == ["quad bike"]


def test_capitals_alone_are_a_name_that_nobody_typed():
    assert said("boat", "A boat and a BOAT") == ["boat", "BOAT"]
    assert said("lane", "A boat on a BOAT", "BOAT") == ["BOAT"]


@given(st.text(alphabet="İßA bike-’'20mph\n.é", max_size=60))
def test_places_are_those_of_the_text(text: str):
    for one in ThemeWords(typed_names(parse("bike 20mph")), ("mph",)).find(text):
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
