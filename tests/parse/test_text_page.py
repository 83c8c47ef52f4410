"""Text renderings of pages: what the place of a line tells where its look does not."""

from __future__ import annotations

import pytest

from minutes_archive.parse import read

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
