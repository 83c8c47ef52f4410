"""Minutes that no page shows: numbers, titles, heads, and the front ends that make lines of files."""

from __future__ import annotations

import io
import itertools
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minutes_archive.parse import read
from minutes_archive.parse.plain.attendance import read_attendance
from minutes_archive.parse.plain.docx import lines_of_docx
from minutes_archive.parse.plain.evidence import Business, kind_of, score
from minutes_archive.parse.plain.head import read_head
from minutes_archive.parse.plain.lines import TextLine, lines_of_text
from minutes_archive.parse.plain.markdown import is_markdown, lines_of_markdown
from minutes_archive.parse.plain.numbering import find_numbered
from minutes_archive.parse.plain.numbers import read_number
from minutes_archive.parse.plain.pdf import lines_of_pdf
from minutes_archive.parse.plain.run_together import split_run_together
from minutes_archive.parse.plain.subjects import purpose_of, subject_of
from minutes_archive.parse.plain.titles import take_apart
from minutes_archive.parse.plain.words import SIGNS

GOLDEN = Path(__file__).parent.parent / "golden"
PRINTED = GOLDEN / "pdf-parish-bold-headings" / "source.pdf"

NUMBERS = {
    "334 Apologies": ("334", (334,)),
    "338.1 Hedges": ("338.1", (338, 1)),
    "23/21 Finance": ("23/21", (23, 21)),
    "C048/23      5. Planning": ("C048/23", (48, 23)),
    "AG/21 APOLOGIES": ("AG/21", (21,)),
    "and/1 Apologies": None,
    "16.01.2 Minutes": ("16.01.2", (16, 1, 2)),
    "14/06/1 Public Forum": ("14/06/1", (14, 6, 1)),
    "4.1.1 Grange Farm": ("4.1.1", (4, 1, 1)),
    "3a. Sub-committee": ("3a", (3, 1)),
    "Item 3: Any other business": ("3", (3,)),
    "12.": ("12", (12,)),
    "7.30 pm start": None,
    "3rd July 2018": None,
    "6 members of the public": None,
    "2015 AT THE CHURCH": None,
    "10/01858/CU at the Oaks": None,
    "£20 to the hospice": None,
    "50% of the cost": None,
}


@pytest.mark.parametrize(("line", "expected"), NUMBERS.items())
def test_a_number_that_may_be_of_an_item(line: str, expected: tuple[str, tuple[int, ...]] | None):
    number = read_number(line)
    assert (number and (number.shown, number.parts)) == expected


TITLES = {
    "Police Report: No report received.": ("Police Report", "No report received.", "colon"),
    "Updates:- Ford at Nant Ferrin": ("Updates", "Ford at Nant Ferrin", "colon"),
    "Grange Farm. A letter has been sent.": ("Grange Farm", "A letter has been sent.", "stop"),
    "LOCAL AUTHORITY REPORTS No further reports.": ("LOCAL AUTHORITY REPORTS", "No further reports.", "capitals"),
    "TO SIGN THE MINUTES OF THE LAST MEETING held on 4th March 2019 They were signed.": (
        "TO SIGN THE MINUTES OF THE LAST MEETING held on 4th March 2019", "They were signed.", "capitals",
    ),
    "Any other business": ("Any other business", "", "whole"),
    "A.O.B.": ("A.O.B.", "", "whole"),
    "Hedge Policy AL asked if all were content.": ("Hedge Policy", "AL asked if all were content.", "initials"),
    "Comments made in the press AL noted that there were two.": (
        "Comments made in the press", "AL noted that there were two.", "initials",
    ),
    "Apologies for absence Parish Councillor Ann Lowe": ("Apologies for absence", "Parish Councillor Ann Lowe", "absent"),
    "Co-option of a new Councillor": ("Co-option of a new Councillor", "", "whole"),
    "Ford in the lane - Councillor Ann Lowe (AL) reported a flood.": (
        "Ford in the lane", "Councillor Ann Lowe (AL) reported a flood.", "dash",
    ),
    "Healthwatch event on 1 May 2014. PB agreed to go.": ("Healthwatch event on 1 May 2014", "PB agreed to go.", "stop"),
    "Date of next meeting - Wednesday 2nd August, 2017 at 7.00pm.": (
        "Date of next meeting", "Wednesday 2nd August, 2017 at 7.00pm.", "day",
    ),
    "No Declarations of Interest were made.": ("Declarations of Interest", "No Declarations of Interest were made.", "sentence"),
    "The minutes of 2 March were agreed.": ("minutes of 2 March", "The minutes of 2 March were agreed.", "sentence"),
    "It was agreed the grass contract should be let.": (
        "grass contract", "It was agreed the grass contract should be let.", "sentence",
    ),
}


@pytest.mark.parametrize(("line", "expected"), TITLES.items())
def test_where_a_title_ends_and_its_text_begins(line: str, expected: tuple[str, str, str]):
    titled = take_apart(TextLine(line))
    assert titled is not None
    assert (titled.title, titled.text, titled.mark) == expected
    assert titled.inferred is (expected[2] == "sentence")


SUBJECTS = {
    "It was noted that the fence at the Old Quarry has been mended.": "fence at the Old Quarry",
    "Mr Howe asked how the money from the fair could be spent.": "money from the fair",
    "Concern was raised regarding the pond in Mill Lane.": "pond in Mill Lane",
    "No declarations of interest were made.": "declarations of interest",
    "Fenwick Action Group (FAG) has asked that the new place for the board be changed.": "new place for the board be changed",
    "Cllr Bevan will check the cost of a water meter.": "cost of a water meter",
    "The accounts were presented and accepted.": "accounts",
}


@pytest.mark.parametrize(("sentence", "expected"), SUBJECTS.items())
def test_what_a_sentence_without_heading_is_about(sentence: str, expected: str):
    assert subject_of(sentence).strip(".") == expected


def test_what_a_special_meeting_was_called_for():
    convened = "The Mayor said that it had been convened to discuss the closure of the bridge, as asked."
    assert purpose_of(convened) == "closure of the bridge"
    assert purpose_of("The Mayor thanked everyone.") == ""


RUN_TOGETHER = {
    "7. Planning 7.1 The barn was agreed. 7.2 The byre was not.": [
        "7. Planning", "7.1 The barn was agreed.", "7.2 The byre was not.",
    ],
    "7.2.1 The barn was agreed. 7.2.2 - The byre was not.": ["7.2.1 The barn was agreed.", "7.2.2 - The byre was not."],
    "7. Planning The barn of 7.5 metres was agreed.": ["7. Planning The barn of 7.5 metres was agreed."],
    "94/19 Notice read. 95/19 Apologies None. 96/19 Minutes Agreed. 97/19 Finance 12/18 stands.": [
        "94/19 Notice read.", "95/19 Apologies None.", "96/19 Minutes Agreed.", "97/19 Finance 12/18 stands.",
    ],
    "The plans 10/16 and 11/16 were seen.": ["The plans 10/16 and 11/16 were seen."],
}


@pytest.mark.parametrize(("text", "expected"), RUN_TOGETHER.items())
def test_items_that_run_on_in_one_paragraph_are_cut(text: str, expected: list[str]):
    assert [line.text for line in split_run_together([TextLine(text)])] == expected


@given(st.lists(st.text(max_size=60), max_size=30))
def test_cutting_loses_no_letter(texts: list[str]):
    lines = [TextLine(text) for text in texts if text.strip()]
    cut = split_run_together(lines)
    assert "".join("".join(line.text.split()) for line in cut) == "".join("".join(line.text.split()) for line in lines)


LIKE = {
    "Purpose of the report. Members are asked to note it. Background papers: none.": "a report",
    "PUBLIC NOTICE. Applications are invited. The closing date is near.": "a notice",
    "Dear Editor, I am glad to say so! Yours sincerely": "a letter or news",
    "Boil the beans.": "",
}


@pytest.mark.parametrize(("text", "expected"), LIKE.items())
def test_what_no_minutes_read_like(text: str, expected: str):
    assert kind_of(text) == expected


def test_every_sign_of_the_table_is_looked_for():
    head = read_head([TextLine("Minutes of Fenwick Parish Council")], {}, [])
    held = ("its head says minutes", "its head names a body", "it has no items")
    assert score([], head, Business((), 0, ()), 0) == sum(SIGNS[name] for name in held)


HOSTILE = {
    "numbers": lambda count: "1. Planning Nothing. " * count,
    "levels": lambda count: "1. Planning " + " ".join(f"1.{number} The barn" for number in range(1, count)),
    "years": lambda count: " ".join(f"{number}/19 To note the barn." for number in range(1, count)),
    "capitals": lambda count: "PLANNING AND ROADS\n" * count,
    "sentences": lambda count: "The Clerk said that the bridge would be closed in May.\n" * count,
    "blanks": lambda count: (" " * 60 + "a") * count,
    "colons": lambda count: "Finance: the Clerk said: that: " * count,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_text_and_not_with_its_square(make: Callable[[int], str]):
    head = "Minutes of the meeting of Fenwick Parish Council held on 3 March 2015\nPresent: Cllrs Ellis, Howe and Bevan\n"

    def seconds(count: int) -> float:
        content = (head + make(count)).encode()
        started = time.process_time()
        read(content)
        return time.process_time() - started

    assert seconds(4_000) < 10 * seconds(1_000) + 0.5


HEADS = {
    "Minutes of the Annual Meeting of Fenwick Town Council held on 7 May 2024 at 7 pm in the Guildhall":
        ("Fenwick Town Council", "2024-05-07", "19:00", "Guildhall"),
    "MINUTES OF PROCEEDINGS AT MEETING OF THE MUNICIPAL DISTRICT OF CARRIGMORE HELD IN ROOM 1, ON FRIDAY, 6TH MAY, 2022":
        ("MUNICIPAL DISTRICT OF CARRIGMORE", "2022-05-06", None, "ROOM 1"),
    "Fenwick Parish Council - 3rd July 2018": ("Fenwick Parish Council", "2018-07-03", None, None),
    "MINUTES OF FENWICK PARISH COUNCIL MEETING HELD ON TUESDAY MARCH 2ND 2010":
        ("FENWICK PARISH COUNCIL", "2010-03-02", None, None),
    "MINUTES OF MEETING OF FENWICK COUNCIL HELD ON THURSDAY, 19™ JULY, 2018": ("FENWICK COUNCIL", "2018-07-19", None, None),
    "Minutes of a meeting of the above Council held on 5 May 2022": (None, "2022-05-05", None, None),
}


@pytest.mark.parametrize(("line", "expected"), HEADS.items())
def test_what_a_head_says(line: str, expected: tuple[str | None, ...]):
    head = read_head([TextLine(line)], {}, [])
    assert (head.body, head.date, head.time, head.venue) == expected


def test_a_year_left_out_is_that_in_which_the_weekday_fits_and_is_said():
    lines = [TextLine("Minutes of the meeting held on Monday 25th June"), TextLine("Next meeting: 30th July 2018.")]
    head = read_head(lines[:1], {}, lines)
    assert (head.date, [problem.code for problem in head.problems]) == ("2018-06-25", ["date_inferred"])
    assert read_head(lines[:1], {}, lines[:1]).date is None


def test_the_day_of_a_post_is_not_the_day_of_the_meeting():
    assert read_head([], {"title": "Fenwick Parish Council", "date": "2010-05-01"}, []).date is None


def test_people_and_their_roles():
    lines = [
        TextLine("Present: Chairman Cllr Mrs Ellis, Cllrs Howe, Bevan (Vice-Chairman) and Vaughan & the Clerk. "
                 "3 members of the public."),
        TextLine("OFFICIALS IN ATTENDANCE:"),
        TextLine("Director, Roads (Mr. K. Lowry), Clerical Officer (Ms. A. Dunne)."),
        TextLine("Apologies: Cllr Pugh"),
    ]
    assert [(one.name, one.role, one.status) for one in read_attendance(lines)] == [
        ("Mrs Ellis", "Chairman", "present"), ("Howe", "Councillor", "present"), ("Bevan", "Vice-Chairman", "present"),
        ("Vaughan", "Councillor", "present"), ("Clerk", "Clerk", "present"), ("Mr. K. Lowry", "Director, Roads", "in_attendance"),
        ("Ms. A. Dunne", "Clerical Officer", "in_attendance"), ("Pugh", "Councillor", "apologies"),
    ]


def test_a_numbered_list_inside_an_item_is_of_that_item():
    text = [
        "1. Apologies", "2. Minutes", "3. Lighting", "1. The number of lamps that were mended in the year to March.",
        "2. The number of lamps that are still dark in the lanes.", "4. Planning", "5. Date of next meeting",
    ]
    found = find_numbered([TextLine(line) for line in text])
    assert [text[one.at] for one in found] == [text[at] for at in (0, 1, 2, 5, 6)]


def test_a_list_inside_an_item_may_have_its_entries_below_their_numbers():
    text = ["1.", "Apologies", "2.", "Mill Trust", "1.", "The mill.", "2.", "The weir.", "3.", "The race.", "3.", "Planning"]
    assert [one.at for one in find_numbered([TextLine(line) for line in text])] == [0, 2, 10]


def test_numbers_that_begin_with_their_year_run_by_what_follows_it():
    text = ["23/045 Apologies", "23/046 Minutes", "22/198: no reply had come.", "23/047 Finance", "23/048 Planning"]
    found = find_numbered([TextLine(line) for line in text])
    assert [one.number.shown for one in found] == ["23/045", "23/046", "23/047", "23/048"]


@given(st.integers(1, 3000), st.integers(3, 30))
def test_running_numbers_are_found_wherever_they_begin(first: int, count: int):
    titles = itertools.cycle(["Planning", "Finance", "Roads and paths", "Cemetery"])
    lines = [TextLine(f"{number}. {next(titles)}") for number in range(first, first + count)]
    assert [one.number.parts[0] for one in find_numbered(lines)] == list(range(first, first + count))


def test_lines_broken_at_the_margin_are_put_together_and_short_ones_are_not():
    lines = lines_of_text(
        "Apologies\nThe Clerk said that the bridge over the beck would be closed for the first week of\n"
        "May, and that walkers would be led round by way of the mill, where a path had been\nmown for them.\n"
        "Hall hire - £25.00\nSeats - £12.00\n"
        "All agreed that the bills be paid out of the reserve that had been set aside in the\n"
        "spring for such things.\n"
    )
    assert [line.text.split()[0] for line in lines] == ["Apologies", "The", "Hall", "Seats", "All"]


def test_markup_of_a_web_form_in_plain_text():
    text = 'Minutes<br /><br />Present: A&amp;B<ol start="2579">\n<li>Police: none</li>\n<li>2580. Forum: none</li>\n</ol>'
    assert [line.text for line in lines_of_text(text)] == ["Minutes", "Present: A&B", "2579. Police: none", "2580. Forum: none"]


def test_the_name_of_a_body_is_looked_for_in_so_much_of_a_line():
    bodies = [
        read_head([TextLine(f"{'<' * length} Minutes of the meeting of the Harbour Board held")], {}, []).body
        for length in (800, 2_000_000)
    ]
    assert bodies == ["Harbour Board", None]


def test_a_row_of_empty_cells_is_no_line():
    lines = lines_of_text("\n".join(["Minutes", *["| |  | ", " a row | of two"] * 8]))
    assert [line.text for line in lines] == ["Minutes", *["a row | of two"] * 8]


def test_markdown_marks_become_what_they_mean():
    text = (
        '---\ntitle: "T"\n---\n# 1.&nbsp;[(2.1)](</x>) Roads\n\n4\\. **Reports**. None\n\n'
        "[Plan](<https://a.example/p.pdf>)\n\n---\n2\n\n\\* one\n"
    )
    marked = lines_of_markdown(text)
    assert is_markdown(text)
    assert marked.front == {"title": "T"}
    assert [(line.text, line.heading, line.kind, line.link) for line in marked.lines] == [
        ("1. Roads", 1, "paragraph", None), ("4. Reports. None", 0, "paragraph", None),
        ("Plan", 0, "paragraph", "https://a.example/p.pdf"), ("one", 0, "entry", None),
    ]
    bold = marked.lines[1].bold
    assert bold is not None
    assert marked.lines[1].text[bold.start : bold.end] == "Reports"


def test_a_pdf_is_read_within_its_bounds_and_what_is_left_is_said():
    content = PRINTED.read_bytes()
    assert lines_of_pdf(content).read == 2
    assert lines_of_pdf(content, max_pages=1).read == 1
    ticks = itertools.count(0.0, 15.0)
    assert lines_of_pdf(content, max_seconds=20.0, clock=lambda: next(ticks)).read == 1


@pytest.mark.parametrize(("content", "kind", "code"), [
    (b"%PDF-1.7\n%%EOF", "unread", "format_not_read"),
    ((GOLDEN / "pdf-scanned" / "source.pdf").read_bytes(), "unread", "scanned"),
    ((GOLDEN / "docx-headings" / "source.docx").read_bytes()[:9000], "unread", "format_not_read"),
])
def test_what_cannot_be_read_is_kept_and_said(content: bytes, kind: str, code: str):
    reading = read(content)
    assert (reading.kind, [problem.code for problem in reading.problems]) == (kind, [code])


def test_a_word_file_that_unpacks_to_too_much_is_not_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (49 * 1024 * 1024))
    assert "unpacks to more than" in (lines_of_docx(packed.getvalue()).broken or "")


def test_minutes_that_tell_no_day_are_told_apart_by_their_running_numbers():
    titles = ("Apologies", "Declarations of interest", "Minutes", "Planning")
    items = [f"{number}. {title}: None." for number, title in enumerate(titles, start=3553)]
    text = "\n\n".join(["Present: Cllrs Evans, Howe & Bevan.", *items])
    meeting = read(text.encode()).meeting
    assert meeting is not None
    assert (meeting.date, meeting.number, len(meeting.items)) == (None, "3553-3556", 4)


HEAD = (
    "---\ntitle: Minutes\n---\n\nMinutes of Fenwick Parish Council held on 4 February 2025\n\n"
    "**Present:** Cllrs Evans, Howe & Bevan.\n\n"
)
LAID_OUT = {
    "a cell holds an item": (
        "<table><tr><td>1. Apologies<div></div>None were received from any of the councillors of the parish today.</td>"
        "<td></td></tr><tr><td>2. Mill LaneThe Clerk said that the lane would be closed for a week in May.</td>"
        "<td><b>Clerk</b></td></tr></table>",
        [("1", "Apologies"), ("2", "Mill Lane")],
    ),
    "numbers stand one under the other": (
        "<table><tr><td>25/1<div></div>25/2</td><td><b>Police</b><div></div>None were there.<div></div><b>Finance</b>"
        "<div></div>The bills were paid.</td></tr><tr><td>25/3<div></div>i)</td><td><b>Planning</b><div></div>None was seen."
        "<table><tr><td>Barn</td><td>3</td></tr></table></td></tr></table>",
        [(None, "Police"), (None, "Finance"), (None, "Planning")],
    ),
    "bold leads with a dash": (
        "**Police report**\n\nNone was received.\n\n**Matters arising**\n\n**Shelter** - The roof was mended.\n\n"
        "**Finance:** The bills were paid.\n\n**Date of next meeting:** 4 March 2025 in the hall.\n",
        [(None, "Police report"), (None, "Matters arising"), (None, "Finance"), (None, "Date of next meeting")],
    ),
    "a heading over a number says the same": (
        "1.\n\nApologies\n\nNone.\n\nQuestion\n\n2.\n\nQuestion from Cllr Howe\n\nWill the lane be mended?\n\n"
        "3.\n\nFinance\n\nAgreed.\n",
        [("1", "Apologies"), ("2", "Question from Cllr Howe"), ("3", "Finance")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), LAID_OUT.values(), ids=LAID_OUT)
def test_how_items_may_be_laid_out(text: str, expected: list[tuple[str | None, str]]):
    meeting = read((HEAD + text).encode()).meeting
    assert meeting is not None
    assert [(item.number, item.title) for item in meeting.items] == expected
    assert "Question" not in meeting.items[0].minutes_text


def test_headings_of_a_word_a_line_are_put_together_and_numbers_of_pages_dropped():
    text = "NOTES\n\nOF\n\nTHE\n\nMEETING\n\nheld in May.\n\nMILL\n\nLANE\n\nIt was closed.\n\n---\n2\n\nFINANCE\n\nPaid.\n"
    assert is_markdown(text)
    assert [line.text for line in lines_of_markdown(text).lines] == [
        "NOTES OF THE MEETING", "held in May.", "MILL LANE", "It was closed.", "FINANCE", "Paid.",
    ]


PROSE = (
    "Main points of the meeting of Fenwick Parish Council on 4 February 2025 (full minutes available from the Clerk).\n\n"
    "Present: Cllrs Evans, Howe & Bevan.\n\n1. Apologies\n\n2. Minutes\n\n3. Finance: it was agreed to pay.",
    "Boil the potatoes for 20 minutes. Serves a committee of six, all agreed that the pie was done.",
    "Dear Sir, the council agreed in its minutes that the board would meet. I noted that the chair was not there.",
    "1. Wash the beans.\n2. Cut them.\n3. Cook for ten minutes.\n4. Serve on Tuesday 4 February 2025 at 6 pm.",
)


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_meeting(text: str):
    assert read(text.encode()).meeting is None


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_front_ends(content: bytes):
    for start in (b"%PDF-1.4\n", b"PK\x03\x04", b"---\n", b"Minutes of the meeting\n1. "):
        read(start + content)
