"""The words of minutes: what a text holds, and which spellings are one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.search.analysis import field_tokens, label_key, tokens
from minutes_archive.search.slips import nearest
from minutes_archive.search.spelling import distance, near


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bikes", "bikes@0"),
        ("off-road bikes", "off@0 road@1 offroad@0 bikes@2"),
        ("off–road", "off@0 road@1 offroad@0"),
        ("bikes—quads", "bikes@0 quads@1"),
        ("council’s O'Brien members'", "councils@0 obrien@1 members@2"),
        ("Café", "cafe@0"),
        ("SSP/1624", "ssp@0 1624@1 ssp1624@0"),
        ("07/2525/FUL", "07@0 2525@1 ful@2 07/2525ful@0"),
        ("P/53/24", "p@0 53@1 24@2 p53/24@0"),
        ("s106 S.106", "s@0 106@1 s106@0 s@2 106@3 s106@2"),
        ("20mph", "20@0 mph@1 20mph@0"),
        ("17th 1,200", "17th@0 1200@1"),
        ("£5,200, of 1,2000", "5200@0 of@1 1@2 2000@3"),
        ("1-3", "1@0 3@1 1/3@0"),
        ("bikes/quads and/or", "bikes@0 quads@1 and@2 or@3"),
        ("A&E U.K.", "a@0 e@1 ae@0 u@2 k@3 uk@2"),
        ("anti-social-behaviour", "anti@0 social@1 behaviour@2 antisocial@0 socialbehaviour@1 antisocialbehaviour@0"),
        ("Noted.Members", "noted@0 members@1"),
        ("😀 \x00 «»", ""),
    ],
)
def test_words_and_compounds(text: str, expected: str) -> None:
    assert " ".join(f"{token.exact}@{token.position}" for token in tokens(text)) == expected


def test_stems() -> None:
    assert [token.term for token in tokens("Bikes parking councillors 17th e-scooters escooter")] == [
        "bike", "park", "councillor", "17", "e", "scooter", "escoot", "escoot",
    ]


@pytest.mark.parametrize(
    "forms",
    ["knife knives", "child children", "bus buses", "HMO HMOs", "GP GPs", "mould mold", "organise organize", "licence license"],
)
def test_forms_that_are_one_word(forms: str) -> None:
    assert len({token.term for token in tokens(forms)}) == 1


@pytest.mark.parametrize("word", ["AED", "gas", "bus", "prize", "size"])
def test_short_words_keep_what_tells_them_apart(word: str) -> None:
    assert [len(token.term) > 1 for token in tokens(word)] == [True]


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    found = list(tokens(text))
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(token.exact and not any(map(str.isspace, token.exact)) for token in found)
    singles = sorted({token.position for token in found})
    assert singles == list(range(len(singles)))


def test_no_phrase_runs_from_one_text_to_the_next() -> None:
    first, last = field_tokens(("one", "two"))
    assert last.position - first.position > 1


@pytest.mark.parametrize(
    ("one", "two"),
    [("Off-Road Bikes", "off_road bikes"), ("minutes_confirmed", "Minutes confirmed"), ("Children’s", "childrens")],
)
def test_labels_that_are_one(one: str, two: str) -> None:
    assert label_key(one) == label_key(two)


@pytest.mark.parametrize(
    ("one", "two", "edits"),
    [("bike", "bike", 0), ("bike", "bkie", 1), ("bike", "bikes", 1), ("bike", "like", 1), ("bike", "bake off", 3)],
)
def test_edits(one: str, two: str, edits: int) -> None:
    assert distance(one, two, 2) == edits == distance(two, one, 2)


@given(st.text("abc", max_size=6), st.lists(st.text("abc", min_size=1, max_size=6), max_size=8), st.integers(1, 2))
def test_near_is_what_the_edits_say(word: str, candidates: list[str], reach: int) -> None:
    assert near(word, candidates, reach) == sorted(
        (distance(word, other, reach), other) for other in candidates if distance(word, other, reach) <= reach
    )


class Known:
    def __init__(self, frequencies: dict[str, int]) -> None:
        self._frequencies = frequencies

    def has(self, term: str) -> bool:
        return term.removeprefix("=") in self._frequencies

    def surfaces(self, prefix: str) -> Iterator[str]:
        return (surface for surface in sorted(self._frequencies) if surface.startswith(prefix))

    def frequency(self, surface: str) -> int:
        return self._frequencies.get(surface, 0)


WORDS = dict.fromkeys(
    (
        "flooding", "bikes", "committee", "soon", "done", "panel", "neil", "below", "travelled", "thornmere", "planning",
        "council", "licence", "parking", "cycle", "noted", "reservoir", "moved", "needs", "speeding", "ward", "taxi", "tidal",
    ), 5,
) | {"folding": 1, "hikes": 2, "petra": 9, "cut": 9, "bake": 1}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # Swapped, missed, doubled, more; a neighbour on the keyboard; another vowel; a letter that sounds alike.
        ("floding", "flooding"), ("bkies", "bikes"), ("comittee", "committee"), ("plannning", "planning"), ("taxu", "taxi"),
        ("counxil", "council"), ("lisence", "licence"), ("resevoir", "reservoir"), ("thornmear", "thornmere"),
        ("tidle", None), ("parkign", "parking"),
        # The beginning: swapped, missed, or one on the keyboard beside it, in a word of some length.
        ("pseeding", "speeding"), ("looding", "flooding"), ("xouncil", "council"), ("vycle", None),
        # Words of their own.
        ("moon", None), ("zebra", None), ("patel", None), ("weeds", None), ("wand", None), ("loved", None), ("zeppelin", None),
        # Too short, too rare, no word.
        ("cat", None), ("bame", None), ("s106", None),
    ],
)
def test_the_nearest_word_is_suggested_where_it_is_likely(typed: str, meant: str | None) -> None:
    assert nearest(typed, Known(WORDS)) == meant


def test_little_of_the_vocabulary_is_gone_through() -> None:
    class Counting(Known):
        gone_through = 0

        def surfaces(self, prefix: str) -> Iterator[str]:
            for surface in super().surfaces(prefix):
                self.gone_through += 1
                yield surface

    many = dict.fromkeys(map("".join, product(ascii_lowercase, ascii_lowercase, ascii_lowercase)), 1)
    known = Counting(many)
    nearest("flooding", known)
    assert 0 < known.gone_through <= 2 * len(many) / len(ascii_lowercase)
