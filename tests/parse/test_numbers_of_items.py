"""How plain minutes number their items, and what looks like it."""

from __future__ import annotations

import pytest

from minutes_archive.parse.plain.behind import numbers_first
from minutes_archive.parse.plain.lines import TextLine, lines_of_text
from minutes_archive.parse.plain.numbers import read_letter, read_number, read_roman
from minutes_archive.parse.plain.page_breaks import page_breaks


@pytest.mark.parametrize(("line", "shown", "parts"), [
    ("Minute 27", "27", (27,)),
    ("MINUTE 2020/11: APOLOGIES", "2020/11", (2020, 11)),
    ("15/24-25 ELECTION OF CHAIR", "15/24-25", (15, 24, 25)),
    ("01/25.4 Open Spaces", "01/25.4", (4,)),
    ("01/25.4.2 Village Green", "01/25.4.2", (4, 2)),
    ("3 – Apologies", "3", (3,)),
])
def test_a_number_is_read_as_it_is_shown(line: str, shown: str, parts: tuple[int, ...]):
    number = read_number(line)
    assert number is not None
    assert (number.shown, number.parts) == (shown, parts)


@pytest.mark.parametrize("line", ["Minute 27 refers to this.", "3 – 5 July", "2.30 pm"])
def test_a_count_or_reference_is_no_number(line: str):
    assert read_number(line) is None


@pytest.mark.parametrize(("line", "value"), [
    ("I. Welcome", 1), ("IV) Dues", 4), ("IX. Close", 9), ("XIV. Boats", 14), ("L. Last", 50),
])
def test_roman_numbers_count(line: str, value: int):
    number = read_roman(line)
    assert number is not None
    assert number.parts == (value,)


@pytest.mark.parametrize("line", ["IIII. Four", "Ivy. A plant", "I went", "MIX. Stirred"])
def test_other_words_in_those_letters_are_no_numbers(line: str):
    assert read_roman(line) is None


def test_a_letter_is_its_place_in_the_alphabet():
    number = read_letter("B. APOLOGIES")
    assert number is not None
    assert number.parts == (2,)


def test_numbers_behind_headings_are_put_before_them():
    lines = ["Apologies (22/31)", "None.", "Footpaths (22/32)", "Date of Next Meeting (22/33)"]
    assert [one.text for one in numbers_first([TextLine(line) for line in lines])] == [
        "22/31 Apologies", "None.", "22/32 Footpaths", "22/33 Date of Next Meeting",
    ]


def test_years_behind_headings_stay_there():
    lines = [TextLine("Accounts 2019/20"), TextLine("Fees and Charges 2020/21"), TextLine("Budget 2021/22")]
    assert numbers_first(lines) == lines


HEAD = ["Northfells Panel", "Minutes of the meeting of 2nd February 2018", "Present: A", "B", "C", "D", "E", "F"]


@pytest.mark.parametrize(("lines", "at"), [
    (["It was", "3", "Northfells Panel", "2nd February 2018", "agreed."], {9, 10, 11}),
    (["It was", "- 3 -", "Northfells Panel", "agreed."], {9, 10}),
    (["It was", "3", "agreed."], set()),
    (["It was", "3", "2nd February 2018", "agreed."], set()),
    (["It was", "Northfells Panel", "agreed."], set()),
])
def test_a_page_number_beside_the_repeated_head_is_a_page_break(lines: list[str], at: set[int]):
    assert page_breaks([*HEAD, *lines]) == at


def test_a_sentence_goes_on_over_a_page_break():
    text = "\n".join([*HEAD, "", "1 APOLOGIES", "", "The Panel heard that it was", "", "3", "Northfells Panel", "", "agreed."])
    assert lines_of_text(text)[-1].text == "The Panel heard that it was agreed."
