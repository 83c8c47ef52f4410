"""What of a page's text is in no item is counted and said; what pages print around their text is not."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from council.render import MEETINGS, sample_files
from council.source import read_council
from minutes_archive.model import Attendance, Document, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse import read
from minutes_archive.parse.account import account, shortfall
from minutes_archive.parse.shown import shown_lines
from minutes_archive.parse.visible import content_of, page_lines, visible_lines

# What the service answers is no page: most of its elements are marks, and nobody sees its source.
FILES = [file for file in sample_files(read_council(MEETINGS)) if file.meeting and not file.name.startswith("service/")]
GOLDEN = Path(__file__).parents[1] / "golden"
LONG = "The ferry to Saltmarsh Point will run on Sundays from Easter, weather and tide allowing."
ITEM = ParsedItem("Ferry timetable", number="12", minutes_text=LONG)
MEETING = ParsedMeeting(body="Harbour Committee", date="2024-05-09", venue="The Custom House", items=(ITEM,))
READING = Reading("meeting", "text", "made/1", MEETING)
HEAD = ["Harbour Committee - Thursday 9 May 2024 at 7.30 pm", "Venue: The Custom House View directions"]


def said(lines: list[str], reading: Reading = READING) -> list[tuple[str, str]]:
    return [(problem.severity, problem.message) for problem in shortfall(lines, reading)]


LINES = [
    ("all of it", [*HEAD, "12.", "Ferry timetable", "Minutes:", LONG]),
    ("number and title on one line", [*HEAD, "12 Ferry timetable", LONG]),
    ("in other quotes and blanks", [*HEAD, "12", "Ferry\u00a0 timetable", LONG.replace(" ", "  \u00a0")]),
    ("cut off", [*HEAD, "12", "Ferry timetable", f"{LONG} ... view the full minutes text for item 12."]),
    ("with links", [*HEAD, "12", "Ferry timetable", "View the background to item 12.", "Share this item", LONG]),
    ("a table", [*HEAD, "| No. | Item |", f"| 12. | Ferry timetable Minutes: {LONG} |"]),
    ("a crumb", [*HEAD, "12", "Ferry timetable", LONG, "Page 1 of 3"]),
]


@pytest.mark.parametrize("lines", [row[1] for row in LINES], ids=[row[0] for row in LINES])
def test_what_is_read_or_furniture_is_not_missed(lines):
    assert said(lines) == []


def test_what_is_missing_is_counted_and_never_quoted():
    # What was left out may be what nobody may see.
    lost = "Mr Quill asked that the fares be printed on the ticket."
    assert said([*HEAD, "12", "Ferry timetable", LONG, lost]) == [
        ("info", "11 words of this file are in no item: look at the file beside what was read of it")
    ]
    (severity, message), = said([*HEAD, "12", "Ferry timetable", LONG, *[lost] * 10])
    assert (severity, message[:9]) == ("warning", "110 words")


@pytest.mark.parametrize("lost", [
    "Apologies from the Members and Officers absent", "Minutes of the meeting held on Wednesday in August",
])
def test_a_sentence_of_words_that_frame_a_page_is_missed_below_the_head(lost):
    assert said([lost, *HEAD, "12", "Ferry timetable", LONG]) == []
    assert len(said([*HEAD, "12", "Ferry timetable", LONG, lost])) == 1


@pytest.mark.parametrize("lost", [
    ["The following applications for moorings were considered:"],
    ["The Harbour Master", "brought", "a chart of the moorings."],
    ["- five firms have asked for the chart", "- the dredger is in dock"],
])
def test_a_sentence_at_the_top_is_no_heading(lost):
    assert len(said([*lost, *HEAD, "12", "Ferry timetable", LONG])) == 1


@pytest.mark.parametrize("lost", [
    "RESOLVED - That the summary of the meeting held on 9 May 2024 be approved as a correct record.",
    "To agree the public summary of the meeting held on 9 May 2024.",
    "Meeting held on 9 May 2024 at the Custom House. The moorings had been left out of it, so that no boat would be lost.",
])
def test_a_sentence_that_names_the_day_is_no_heading(lost):
    assert len(said([lost, "12", "Ferry timetable", LONG])) == 1


def test_words_put_together_or_broken_at_a_margin_are_read():
    broken = ["The ferry to Saltmarsh Point will run on Sun-", f"days {LONG.partition('Sundays')[2]}"]
    assert said([*HEAD, "12 Ferry time-", "table", *broken]) == []


def test_a_text_that_stands_twice_and_is_read_once_is_missed():
    assert said([*HEAD, "12", "Ferry timetable", LONG, LONG])


def test_a_text_in_another_order_is_found():
    other = ParsedItem("Slipway", number="13", minutes_text="The slipway is closed to trailers until the autumn.")
    reading = replace(READING, meeting=replace(MEETING, items=(other, ITEM)))
    assert said([*HEAD, "12", "Ferry timetable", LONG, "13", "Slipway", other.minutes_text], reading) == []


def test_a_name_is_read_on_a_line_of_its_own_and_not_within_a_sentence():
    reading = replace(READING, meeting=replace(MEETING, body="Cabinet"))
    assert said(["Cabinet", *HEAD[1:], "12", "Ferry timetable", LONG], reading) == []
    (_, message), = said([*HEAD[1:], "12", "Ferry timetable", LONG, "Cabinet agreed to not the report."], reading)
    assert message.startswith("5 words")


def test_files_and_people_are_read_text():
    report = Document("Report of the Harbour Master on tides", None, "pdf", "74 KB")
    held = Document("Appendix C: tenders for the pontoon", restricted=True, reason="Not for publication: paragraph 3")
    people = (Attendance("Ferdinand Oxenholme", "Chairman of the Committee", "present"),)
    reading = replace(READING, meeting=replace(MEETING, attendance=people, items=(replace(ITEM, documents=(report, held)),)))
    lines = [
        *HEAD, "Ferdinand Oxenholme - Chairman of the Committee", "12", "Ferry timetable", LONG,
        "Report of the Harbour Master on tides , item 12. pdf icon PDF 74 KB",
        "Appendix C: tenders for the pontoon , item 12. (restricted) Not for publication: paragraph 3",
        "View the reasons why document 'Appendix C: tenders for the pontoon' is restricted",
    ]
    assert said(lines, reading) == []


def test_what_the_parser_has_left_out_and_said_is_not_said_again():
    notice = "This meeting will be filmed, and the film will be kept for six months."
    lines = [*HEAD, notice, "12", "Ferry timetable", LONG]
    assert said(lines)
    assert said(lines, replace(READING, outside=(notice,))) == []
    above = Problem("text_before_items", "info", "", f"1 paragraph above the first item belongs to none: “{notice}”")
    assert said(lines, replace(READING, problems=(above,))) == []


def test_names_and_the_day_may_be_written_in_another_way():
    people = (Attendance("Ferdinand Oxenholme", None, "present"), Attendance("Ada Quill", None, "apologies"))
    reading = replace(READING, meeting=replace(MEETING, attendance=people))
    lines = ["Present: Cllr Ferdinand Oxenholme", "Apologies: Mrs Ada Quill", "on Thursday 9th", "May 2024"]
    assert said([*HEAD, *lines, "12 Ferry timetable", LONG], reading) == []


def test_a_page_that_was_not_read_at_all_says_so_itself():
    assert account(b"Anything at all that is longer than a crumb of text", Reading("refused", "unknown", "made/1")) == ()


MARKUP = [
    ("<p>One</p><p>T<b>w</b>o<br>three &amp; four</p>", ["One", "Two", "three & four"]),
    ("a<script>var x = '<p>no</p>';</script>b<style>p {}</style>", ["a", "b"]),
    ("a<!-- <p>no</p> -->b", ["ab"]),
    ('<a title="1 > 0" href=x>shown</a>', ["shown"]),
    ("3 < 4 and <p>more", ["3 < 4 and ", "more"]),
    # What is broken hides nothing: it may have been swallowed.
    ('<td class="a><p>Kept</p>', ["a>", "Kept"]),
    ('<p class="MsoNKept</p><p class="b">too</p>', ["MsoNKept", "too"]),
    ('<p class="a".Kept</p>too', [".Kept", "too"]),
    ("<template>one<p>Kept</p>", ["one", "Kept"]),
    ("<select><p>Kept</p></select>", ["Kept"]),
    ("<noscript>no</noscript><p>Kept</p>", ["Kept"]),
    ("<noscript><p>Kept</p></noscript>", ["Kept"]),
    ("<!--<p>Kept</p>", ["Kept"]),
    ("<![CDATA[Kept]]><![if !lists]>too<![endif]>", ["Kept]]>too"]),
]


@pytest.mark.parametrize(("markup", "lines"), MARKUP)
def test_the_lines_that_a_page_shows(markup, lines):
    assert visible_lines(markup) == lines


def test_only_the_content_of_a_page_counts():
    content = "<div class='mgContent'><p class='mgWordPara'>Kept</p>"
    page = f"<body><nav>no</nav>{content}<div class=mgFooter>no</div><footer>no</footer></body>"
    assert visible_lines(content_of(page)) == ["Kept"]
    torn = page.replace("<p ", "<footer>torn</footer><p ")
    assert visible_lines(content_of(torn)) == ["torn", "Kept"]
    moved = page.replace("<nav>no</nav>", "<nav>no</nav><p class='MsoNormal'>Moved</p>")
    assert visible_lines(content_of(moved)) == ["Moved", "Kept"]
    assert page_lines("<nav>no</nav><p>Kept</p><footer>no</footer>", "html") == ["Kept"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_of_the_sample_nothing_is_missed_and_every_lost_item_is(file):
    reading = read(file.content)
    assert [problem for problem in reading.problems if problem.code == "text_left_out"] == []
    lines = shown_lines(file.content, reading.platform)
    items = reading.meeting.items if reading.meeting else ()
    for at, item in enumerate(items):
        if len(item.minutes_text) > 100:
            kept = replace(reading.meeting, items=items[:at] + items[at + 1 :])
            assert shortfall(lines, replace(reading, meeting=kept)), f"{item.title} was not missed"


PRINTED = [path for path in sorted(GOLDEN.glob("*/source*")) if path.suffix in {".pdf", ".docx"}]


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.parent.name)
def test_of_printed_minutes_every_lost_item_is_missed(path):
    reading = read(path.read_bytes())
    items = reading.meeting.items if reading.meeting else ()
    lines = shown_lines(path.read_bytes(), reading.platform) if items else []
    for at, item in enumerate(items):
        if len(item.minutes_text) > 100:
            kept = replace(reading.meeting, items=items[:at] + items[at + 1 :])
            assert shortfall(lines, replace(reading, meeting=kept)), f"{item.title} was not missed"


HOSTILE = [
    "<" * 300_000, "<a" * 150_000, '<a "' * 80_000, "<script>" * 40_000, "<!--" * 80_000, "<noscript>" * 40_000,
    "<noscript>" * 40_000 + "<p>x</p></noscript>", "&" * 300_000,
    "<p>Minutes:</p>" * 20_000, "<p>item 5 (restricted)</p>" * 12_000, "<div class=mgContent>" * 15_000, "<b id='" * 40_000,
    "view the reasons why document " * 10_000, "No. | Item | " * 20_000,
]


@pytest.mark.parametrize("markup", HOSTILE, ids=lambda markup: f"{markup[:12]}…{markup[-5:]}")
def test_no_page_takes_long(markup):
    start = time.process_time()
    shortfall(page_lines(markup, "moderngov"), READING)
    assert time.process_time() - start < 2
