"""Parents: stated only where markup, numbering or the text shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.model import ParsedItem
from minutes_archive.normalise import normalise
from minutes_archive.normalise.parents import find_parents
from normalise.pieces import page

BELOW = "This section of the agenda was covered in the sub-headings below."


def numbered(*numbers: str | None) -> list[ParsedItem]:
    return [ParsedItem(f"Item {at}", number=number) for at, number in enumerate(numbers)]


@pytest.mark.parametrize("numbers, expected", [
    (["1", "2", "3"], [None, None, None]),
    (["3", "3a", "3b", "4"], [None, 0, 0, None]),
    (["6", "6(i)", "6(ii)", "7"], [None, 0, 0, None]),
    (["6", "6(a)"], [None, 0]),
    (["338", "338.1", "338.2"], [None, 0, 0]),
    (["CAB/71/24", "CAB/71a/24"], [None, 0]),
    (["SSP/16/24", "SSP/1624"], [None, None]),
    (["23/21", "24/21"], [None, None]),
    (["1", "10", "11", "10a"], [None, None, None, 1]),
    (["4", "14a"], [None, None]),
    (["3a", "3b"], [None, None]),
    (["3a", "3"], [None, None]),
    ([None, "1", None, "1a"], [None, None, None, 1]),
    (["62", None, "63"], [None, None, None]),
    (["A1", "A2", "P45"], [None, None, None]),
    ([], []),
])
def test_a_number_tells_its_parent(numbers: list[str | None], expected: list[int | None]):
    assert find_parents(numbered(*numbers)) == expected


def test_where_numbers_begin_anew_the_parent_is_the_one_above():
    """An adjourned part, or a second part of the agenda, counts from 1 again."""
    assert find_parents(numbered("1", "1a", "2", "1", "1a")) == [None, 0, None, None, 3]


def test_markup_wins_over_numbers():
    items = [ParsedItem("A", number="1"), ParsedItem("B", number="2"), ParsedItem("C", number="1a", parent=1)]
    assert find_parents(items) == [None, None, 1]


@pytest.mark.parametrize("text", [
    BELOW,
    "This section of the agenda was covered in the subheadings below this item.",
    "This item was dealt with in the sub-items below.",
    "Considered under the sub headings that follow.",
    "The reports were discussed in the sub-sections below.",
])
def test_a_text_that_points_below_makes_parents_of_its_item(text: str):
    items = [ParsedItem("Performance", minutes_text=text), ParsedItem("Burglary"), ParsedItem("Theft")]
    assert find_parents(items) == [None, 0, 0]


@pytest.mark.parametrize("text", [
    "",
    "The report has three sub-headings.",
    "Members asked for sub-items to be numbered.",
    "The matter was covered below.",
])
def test_other_texts_point_nowhere(text: str):
    items = [ParsedItem("Performance", minutes_text=text), ParsedItem("Burglary")]
    assert find_parents(items) == [None, None]


@pytest.mark.parametrize("title", [
    "Any Other Business", "Date of Next Meeting", "Exclusion of the Press and Public", "Urgent Business",
    "Minutes of the Previous Meeting",
])
def test_a_procedural_title_ends_what_stands_below_for_good(title: str):
    items = [ParsedItem("Performance", minutes_text=BELOW), *map(ParsedItem, ("Burglary", title, "Budget"))]
    assert find_parents(items) == [None, 0, None, None]


def test_an_item_whose_sub_items_are_numbered_has_those_and_no_more():
    items = [ParsedItem("Performance", number="5", minutes_text=BELOW), *numbered("5a", "5b", "6")]
    assert find_parents(items) == [None, 0, 0, None]


def test_an_agenda_that_points_below_states_no_parent():
    items = [ParsedItem("Performance", agenda_text=BELOW), ParsedItem("Burglary")]
    assert find_parents(items) == [None, None]


def test_a_pointer_with_nothing_below_has_no_sub_items():
    assert find_parents([ParsedItem("Burglary"), ParsedItem("Performance", minutes_text=BELOW)]) == [None, None]


def test_the_record_names_the_parent_by_its_id():
    items = normalise(page(*numbered("3", "3a"))).items
    assert [item.parent for item in items] == [None, items[0].id]


NUMBERS = st.one_of(st.none(), st.from_regex(r"(SSP/)?[1-9][0-9]?([a-c]|\.[1-3]|\([ab]\))?(/24)?", fullmatch=True))


@given(st.lists(NUMBERS, max_size=12))
def test_a_parent_stands_above_its_items_and_lends_its_number(numbers: list[str | None]):
    for at, parent in enumerate(find_parents(numbered(*numbers))):
        if parent is not None:
            own, above = numbers[at], numbers[parent]
            assert parent < at
            assert own and above and own.startswith(above.split("/24")[0])
