"""Words are found in texts as the analysis tells them, by whatever shorter way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from minutes_archive.search.analysis import stem, tokens
from minutes_archive.search.engine import Snippet
from minutes_archive.search.plan import TEXT_FIELDS, Leaf
from minutes_archive.search.snippet import snippet
from minutes_archive.search.spelling import exact
from minutes_archive.search.whoosh.chunks import Finder, bare, seen

PIECES = (
    "off", "road", "Off-Road", "bikes", "Bike", "07/2525/FUL", "s106", "17th", "1,200", "council’s", "A&E", "e.g.", "café",
    "-", "–", "—", "_", "/", ".", "'", "’", ",", "£", "½", "ß", "İ", "\u00a0", " ", " ", " ", "\n", "\u2003", "\x1f", "\ud800",
)
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


words = st.text(st.sampled_from("abeknorstyABX.,;()'-\"_"), min_size=1, max_size=12)


@settings(max_examples=500, deadline=None)
@given(chunk=words)
def test_a_plain_word_is_itself_in_lower_case(chunk: str) -> None:
    plain = bare(chunk)
    assert not plain or [(token.exact, token.term) for token in tokens(chunk)] == [(plain, stem(plain))]


@settings(max_examples=500, deadline=None)
@given(text=texts)
def test_no_word_reaches_over_a_blank(text: str) -> None:
    whole = [(token.term, token.exact, token.position, token.hyphenated) for token in tokens(text)]
    found, position = [], 0
    for chunk in text.split():
        steps, held = seen[chunk]
        found += [(token.term, token.exact, token.position + position, token.hyphenated) for token in held]
        position += steps
    assert sorted(found, key=str) == sorted(whole, key=str)


@settings(max_examples=500, deadline=None)
@given(text=texts, wanted=st.lists(st.sampled_from(["off", "offroad", "bikes", "council", "cafe", "a&e", "07", "1200", "17th"])))
def test_a_finder_leaves_out_only_what_was_not_asked_for(text: str, wanted: list[str]) -> None:
    told = {(token.exact, token.start, token.end) for token in tokens(text)}
    found = {(token.exact, token.start, token.end) for token in Finder(wanted).tokens(text)}
    assert found <= told
    assert {one for one in told if one[0] in wanted} <= found


@settings(max_examples=500, deadline=None)
@given(text=texts, ways=st.lists(st.lists(st.sampled_from(["off", "road", "bikes", "17th", "s", "106"]), min_size=1, max_size=3)))
def test_a_snippet_is_the_same_whoever_finds_the_words(text: str, ways: list[list[str]]) -> None:
    leaves = [Leaf(TEXT_FIELDS, (tuple(map(exact, way)),)) for way in ways]
    finder = Finder(surface for way in ways for surface in way)
    held = {"title": text[:9], "minutes_text": text, "documents": text}
    expected: Snippet = snippet(held, leaves)
    assert snippet(held, leaves, (), finder.tokens) == expected
