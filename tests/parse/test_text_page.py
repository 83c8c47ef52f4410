"""Text renderings of pages: what the place of a line tells where its look does not."""

from __future__ import annotations

import pytest

from minutes_archive.parse import read
from minutes_archive.parse.moderngov.text_page import find_title
from minutes_archive.parse.paragraphs import paragraphs_of

PAGE = """Agenda and minutes

Penhallow Harbour Panel - Thursday, 18th April, 2024 6.00 pm

No. Item

7.

Moorings

Minutes:

{last}

8.

Fees

Minutes:

RESOLVED that fees be held.
"""


@pytest.mark.parametrize(("last", "heading"), [
    ("RESOLVED that the report be noted.\n\nEnforcement", True),
    ("RESOLVED that the report be noted.\n\nItems for Decision", True),
    ("Apologies were received from:\n\nJosie Bell", False),
    ("The Panel thanked those who had served.\n\nCouncillor Bell", False),
    ("The Panel heard of two wrecks.\n\n· The Gannet", False),
    ("The Panel heard of two wrecks.\n\nPA/24/0103", False),
    ("The Panel heard of two wrecks and\n\nEnforcement", False),
    ("The Panel heard of two wrecks.\n\nAGREED", False),
])
def test_a_line_between_a_sentence_and_a_number_may_be_a_heading(last: str, heading: bool):
    meeting = read(PAGE.format(last=last).encode()).meeting
    assert meeting is not None
    words = last.rpartition("\n")[2].lstrip("· ")
    assert ([item.title for item in meeting.items] == ["Moorings", words, "Fees"]) is heading
    assert (words in meeting.items[0].minutes_text) is not heading


def test_a_sentence_that_names_a_day_is_no_title():
    sentence = "RESOLVED - That the minutes of the meeting held on 5 March 2019 at 2.00 pm be approved."
    found = find_title(paragraphs_of(f"Agenda and minutes\n{sentence}\nHarbour Board - Tuesday, 2nd April, 2019 1.45 pm"))
    assert found is not None
    assert (found[0], found[1].body, found[1].date) == (2, "Harbour Board", "2019-04-02")
