"""What tools make of a page's layout, undone: links, margins, columns, drawn tables, numbers on any line."""

from __future__ import annotations

import pytest

from minutes_archive.parse.moderngov.rendering import read_layout
from minutes_archive.parse.numbered_lines import numbers_apart
from minutes_archive.parse.paragraphs import paragraphs_of


@pytest.mark.parametrize(("text", "lines"), [
    ("[3]Towpath\n\nReferences\n\n  3. http://council.example/a.pdf\n", ["Towpath"]),
    ("A note[3]\n\nReferences\n\nThree were given.\n", ["A note[3]", "References", "Three were given."]),
    ("│ 8. │ Apologies │\n├────┼───────────┤\n", ["8. Apologies"]),
    ("4.\tBand PDF 13 KB\tMinutes: It was agreed.", ["4. Band PDF 13 KB", "Minutes: It was agreed."]),
    ("  * a bus\n  + a boat", ["· a bus", "· a boat"]),
])
def test_the_layout_of_a_tool_is_undone(text: str, lines: list[str]):
    assert [one.line for one in read_layout(text)[0]] == lines


CANAL = """
12.  Canal

     Minutes:

     The engineer said that the lock gates were worn and
     would have to be made anew before the
     summer. He asked for divers.
     1. two days
     2. three days

     It was agreed that the gates be measured at the
     next low water.
"""


def test_lines_broken_at_a_margin_are_put_together_and_no_others():
    assert [one.line for one in read_layout(CANAL)[0]] == [
        "12. Canal", "Minutes:",
        "The engineer said that the lock gates were worn and would have to be made anew before the summer. He asked for divers.",
        "1. two days", "2. three days", "It was agreed that the gates be measured at the next low water.",
    ]


def test_the_addresses_that_were_taken_off_are_told():
    listed = read_layout("[1]Fees\n\nReferences\n\n   1. https://council.example/\n")[1]
    assert listed == ["References", "1. https://council.example/"]


def apart(text: str, room: int = 0) -> list[str]:
    return [one.line for one in numbers_apart(paragraphs_of(text), room)]


@pytest.mark.parametrize("pair", [
    ("7.\tFees", "8.\tMoorings"), ("7.    Fees", "8.    Moorings"), ("OS 7  Fees", "OS 8  Moorings"),
    ("CAB/7/25\tFees", "CAB/8/25\tMoorings"), ("25/007  Fees", "25/008  Moorings"),
])
def test_numbers_before_titles_are_parted_from_them_where_they_run_on(pair: tuple[str, str]):
    first, second = (line.split("\t" if "\t" in line else "  ", 1) for line in pair)
    assert apart(f"{pair[0]}\nMinutes:\nHeld.\n{pair[1]}\nMinutes:\nNone.") == [
        first[0], first[1].strip(), "Minutes:", "Held.", second[0], second[1].strip(), "Minutes:", "None.",
    ]


def test_entries_of_a_list_are_no_items():
    text = "7.  Fees\nMinutes:\nAgreed that\n1. dues rise\n2. boats pay\n8.  Moorings\nMinutes:\nNone."
    assert [line for line in apart(text) if line[0].isdigit()] == ["7.", "1. dues rise", "2. boats pay", "8."]


def test_levels_below_a_number_go_with_it():
    items = ("5.  Licences", "5a  The Gannet", "5b  The Heron", "6.  Fees")
    text = "\n".join(f"{item}\nMinutes:\nGranted." for item in items)
    assert [line for line in apart(text) if line[0].isdigit()] == ["5.", "5a", "5b", "6."]


def test_without_labels_only_numbers_with_room_above_them_are_of_items():
    text = "\n\n1. Welcome\n\nAll were.\n\n1. first\n\n2. second\n\n\n2. Fees\n\n\n3. Moorings"
    assert [line for line in apart(text, 2) if line[0].isdigit()] == ["1.", "1. first", "2. second", "2.", "3."]
