"""ModernGov's pages beside meeting and item: the traps that no golden case has."""

from __future__ import annotations

from time import process_time

import pytest

from minutes_archive.model import Fragment, Register, Vote
from minutes_archive.parse import read
from minutes_archive.parse.blocks import Block
from minutes_archive.parse.html import tree_of
from minutes_archive.parse.moderngov.decision import item_of
from minutes_archive.parse.moderngov.numbered_text import split_numbered
from minutes_archive.parse.moderngov.votes import take_votes

HOST = "https://democracy.brackenford.example"


def page(heading: str, content: str, subtitle: str = "") -> str:
    return (
        f'<html><body><h1 class="mgMainTitleTxt">{heading}</h1><h2 class="mgSubTitleTxt">{subtitle}</h2>'
        f'<div class="mgContent">{content}</div></body></html>'
    )


def test_an_error_page_at_such_an_address_is_no_such_page():
    content = b"<html><body><h1>Sorry</h1><p>An error has occurred.</p></body></html>"
    for name in ("mgMeetingAttendance.aspx?ID=1", "ieDecisionDetails.aspx?AIId=1", "ieIssueDetails.aspx?IId=1"):
        assert read(content, f"{HOST}/{name}").kind == "refused"


@pytest.mark.parametrize(("address", "expected"), [
    ("ieDecisionDetails.aspx?AIId=71", "71"),
    ("IEDECISIONDETAILS.ASPX?aiid=71&LLL=0", "71"),
    ("ieDecisionDetails.aspx?ID=900&amp;AIId=71", "71"),
    # The decision's own number is no item's.
    ("ieDecisionDetails.aspx?ID=900", None),
    ("mgAi.aspx?AIId=71", None),
    ("ieDecisionDetails.aspx?AIId=x", None),
])
def test_the_item_in_a_decision_pages_address(address: str, expected: str | None):
    assert item_of(f"{HOST}/{address}") == expected


def test_a_decision_page_without_its_address_is_placed_by_its_links():
    content = page(
        "Decision details",
        '<h3 class="mgSubSubTitleTxt">Decision:</h3><div class="mgWordPara"><p>That it be done.</p></div>'
        '<p><span class="mgLabel">Decided at meeting: </span><a href="ieListDocuments.aspx?CId=1&amp;MId=5#AI71">Cabinet</a></p>',
        "Toll",
    )
    (fragment,) = read(content.encode()).fragments
    assert (fragment.anchor, fragment.meeting_number, fragment.site) == ("71", "5", None)
    assert (fragment.item.title, fragment.item.decision_text) == ("Toll", "That it be done.")


def test_a_long_part_that_belongs_nowhere_is_said():
    content = page("Decision details", f'<h3>Consultation</h3><p>{"People were asked. " * 20}</p><h3>Decision:</h3><p>Yes.</p>')
    reading = read(content.encode(), f"{HOST}/ieDecisionDetails.aspx?AIId=71")
    assert [(one.code, "Consultation" in one.message) for one in reading.problems] == [
        ("part_left_out", True), ("text_left_out", False),
    ]


@pytest.mark.parametrize("heading", [
    "Meeting: 02/09/2025 - Council (Item 17)", "Meeting: 02/09/2025 - Council (Item 6(i))", "Meeting: 02/09/2025 - Council",
    "Cyfarfod: 02/09/2025 - Cyngor (Eitem 17)",
])
def test_the_heading_of_a_meeting_on_an_issue_page(heading: str):
    content = page(
        "Issue - meetings",
        f'<div><h3><a href="ieListDocuments.aspx?CId=1&MId=5">{heading}</a></h3><p class="mgAiTitleTxt">17 The Toll</p>'
        '<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>Agreed by all.</p></div></div>',
        "Toll",
    )
    (fragment,) = read(content.encode(), f"{HOST}/ieIssueDetails.aspx?IId=9&Opt=3").fragments
    assert (fragment.meeting_number, fragment.item.issue_id, fragment.item.minutes_text) == ("5", "9", "Agreed by all.")
    assert fragment.item.title == ("The Toll" if "17)" in heading else "17 The Toll")


REASONS = '<a href="mgReasonsRestricted.aspx?ID=1&OID=71&OT=A">View the reasons why document “Bids” is restricted</a>'
MEETING = "Meeting: 02/09/2025 - Council"
BIDS = '<a href="documents/s9/Bids.pdf">Bids</a> PDF 20 KB'


def fragment_of(heading: str, content: str, address: str) -> Fragment:
    (fragment,) = read(page(heading, content, "Toll").encode(), f"{HOST}/{address}").fragments
    return fragment


@pytest.mark.parametrize("content", [
    f'<ul class="mgActionList"><li>{REASONS}</li></ul>', f"<p>{REASONS}</p>", f"<ul><li>{REASONS}</li></ul>",
    f'<ul class="mgBulletList"><li>{REASONS}</li></ul>', f'<ul class="mgBulletList"><li>{BIDS} {REASONS}</li></ul>',
    f'<ul class="mgBulletList"><li>{BIDS}</li></ul><p>{REASONS}</p>',
    f'<ul class="mgBulletList"><li>{BIDS} {REASONS.replace("Bids", "Bids of May")}</li></ul>',
    '<ul class="mgBulletList"><li>Bids (restricted)</li></ul>',
])
@pytest.mark.parametrize(("heading", "label", "address"), [
    ("Agenda item", '<p class="mgSubItemTitleTxt">Decision:</p>', "mgAi.aspx?ID=71"),
    ("Decision details", "<h3>Decision:</h3>", "ieDecisionDetails.aspx?AIId=71"),
    ("Issue - meetings", f"<h3>{MEETING}</h3><p class='mgSubItemTitleTxt'>Decision:</p>", "ieIssueDetails.aspx?IId=9"),
])
def test_a_restricted_document_is_marked_and_its_title_is_no_text(heading: str, label: str, address: str, content: str):
    item = fragment_of(heading, f'{label}<div class="mgWordPara"><p>Yes.</p></div>{content}', address).item
    assert [(one.title, one.restricted) for one in item.documents] == [("Bids", True)]
    assert (item.agenda_text, item.decision_text, item.minutes_text) == ("", "Yes.", "")


@pytest.mark.parametrize("link", [
    '<div class="mgWordPara"><a href="ieListDocuments.aspx?MId=9#AI5">elsewhere</a></div>',
    '<p><a href="https://democracy.dunsby.example/ieListDocuments.aspx?MId=9#AI5">elsewhere</a></p>',
])
@pytest.mark.parametrize(("heading", "label", "address"), [
    ("Agenda item", '<p class="mgSubItemTitleTxt">Minutes:</p>', "mgAi.aspx?ID=71"),
    ("Decision details", "<h3>Decision:</h3>", "ieDecisionDetails.aspx?ID=900"),
    ("Issue - meetings", "<h3>Meeting: 02/09/2025 - Council</h3>", "ieIssueDetails.aspx?IId=9"),
])
def test_what_a_text_or_another_site_is_linked_to_places_nothing(heading: str, label: str, address: str, link: str):
    fragment = fragment_of(heading, label + link, address)
    assert fragment.meeting_number is None
    assert fragment.anchor == ("71" if "mgAi" in address else None)


def test_all_the_text_of_an_item_page_is_read_in_wrappers_and_loose():
    content = '<div><p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara">Agreed.</div></div>Seconded by all.'
    item = fragment_of("Agenda item", f"To consider.{content}", "mgAi.aspx?ID=71").item
    assert (item.agenda_text, item.minutes_text) == ("To consider.", "Agreed.\n\nSeconded by all.")


def test_a_decision_page_keeps_its_recorded_votes():
    rows = "<tr><th>Title</th><th>Result</th></tr><tr><td>5 For, 1 Against</td><td>Lost</td></tr>"
    table = f'<table summary="Recorded votes">{rows}</table>'
    item = fragment_of("Decision details", f"<h3>Decision:</h3><p>No.</p>{table}", "ieDecisionDetails.aspx?AIId=71").item
    assert (item.decision_text, item.votes) == ("No.", (Vote(5, 1, None, result="lost"),))


def test_a_decision_in_the_line_of_its_label_is_read():
    label = '<p><span class="mgLabel">{}: </span>{}</p>'
    content = f"{label.format('Decision', 'That it be done.')}<p>At once.</p>{label.format('Call-in', 'No')}"
    item = fragment_of("Decision details", content, "ieDecisionDetails.aspx?AIId=71").item
    assert item.decision_text == "That it be done.\n\nAt once."


def people(content: str, address: str = "mgMeetingAttendance.aspx?ID=5") -> tuple[Register, list[str]]:
    reading = read(page("Meeting attendance", content).encode(), f"{HOST}/{address}")
    assert reading.register is not None
    return reading.register, [one.code for one in reading.problems]


REGISTER = "<table><tr><th>Attendee</th><th>Attendance</th></tr><tr><td>Ada Finch</td><td>Present</td></tr></table>"


@pytest.mark.parametrize(("more", "found", "codes"), [
    ("", [], []),
    ("<h3>Officers</h3><table><tr><th>Officer</th></tr><tr><td>Jon Reed</td></tr></table>", [("Jon Reed", "in_attendance")], []),
    ("<table><tr><th>Name</th><th>Role</th></tr><tr><td>Officers</td></tr><tr><td>Jon Reed</td><td>Clerk</td></tr></table>",
     [("Jon Reed", "in_attendance")], []),
    ("<table><tr><td>Jon Reed</td><td>Clerk</td></tr></table>", [], ["text_not_read"]),
])
def test_whom_a_register_names(more: str, found: list[tuple[str, str]], codes: list[str]):
    register, said = people(REGISTER + more)
    assert [(one.name, one.status) for one in register.people] == [("Ada Finch", "present"), *found]
    assert said == codes


def test_a_register_is_of_no_meeting_by_the_number_of_something_else():
    assert people(REGISTER, "ieListMeetings.aspx?CId=5")[0].meeting_number is None


TITLE = "Council - 2 September 2025 6.00 pm"
ROW = '<tr><td class="mgItemNumberCell">{}1.</td><td><p class="mgAiTitleTxt">{}</p></td></tr>'


@pytest.mark.parametrize("anchor", ["²", "٣", "5" * 30])
def test_an_anchor_that_no_id_can_hold_is_none(anchor: str):
    row = ROW.format(f'<a name="AI{anchor}"></a>', "Toll")
    meeting = read(page("Agenda", f'<table class="mgItemTable">{row}</table>', TITLE).encode()).meeting
    assert meeting is not None
    assert [one.anchor for one in meeting.items] == [None]


def test_a_page_may_have_an_item_table_for_each_of_its_parts():
    tables = "".join(f'<h2>Part</h2><table class="mgItemTable">{ROW.format("", title)}</table>' for title in ("Toll", "Quay"))
    meeting = read(page("Agenda", tables, TITLE).encode()).meeting
    assert meeting is not None
    assert [one.title for one in meeting.items] == ["Toll", "Quay"]


def test_an_issue_page_without_text_is_a_list():
    content = page("Issue - meetings", "<h3>Meeting: 02/09/2025 - Council (Item 1)</h3>", "Toll")
    assert read(content.encode()).kind == "list"


@pytest.mark.parametrize(("table", "votes", "left"), [
    ('<table summary="Recorded votes"><tr><th>Title</th><th>Result</th></tr><tr><td>5 For, 0 Against, 1 Abstention</td>'
     "<td>Lost</td></tr></table>", [Vote(5, 0, 1, result="lost")], ""),
    ("<table><caption>Recorded vote</caption><tr><td>Finch</td><td>For</td></tr><tr><td>Lark</td><td>Against</td></tr>"
     "<tr><td>Reed</td><td>For</td></tr></table>", [Vote(2, 1, 0)], ""),
    ("<table><tr><td>Budget</td><td>For</td></tr></table>", [], "BudgetFor"),
    ('<div class="mgWordPara"><table><caption>Recorded vote</caption><tr><td>For: Finch</td></tr></table></div>', [],
     "Recorded voteFor: Finch"),
])
def test_recorded_votes_are_taken_out_of_the_sites_own_tables_only(table: str, votes: list[Vote], left: str):
    root = tree_of(table)
    assert root is not None
    assert take_votes(root) == votes
    assert root.text_content() == left


@pytest.mark.parametrize(("lines", "numbers"), [
    (["88 MINUTES", "Signed.", "89 BANDSTAND", "1. a roof; and", "2. a door."], ["88", "89"]),
    (["1 APOLOGIES", "None.", "2 BUDGET", "1. one thing", "2. two things", "3 CLOSE"], ["1", "2", "3"]),
    (["88.", "Minutes", "Signed.", "89.", "Bandstand", "Mended."], ["88", "89"]),
    (["C 63/07 MINUTES", "Signed."], []),
    (["Nothing is numbered here.", "Nor here."], []),
    (["12 months were given.", "13 members were there."], []),
])
def test_headings_are_numbered_through(lines: list[str], numbers: list[str]):
    assert [one.number for one in split_numbered([Block(line) for line in lines])[1]] == numbers


@pytest.mark.parametrize("inside", [
    "<table><tr><td>x", '<ul class="mgBulletList"><li>x', '<div class="mgSectionTitle">x', '<div class="mgAiTitleTxt">x',
    '<div><span class="mgLabel">x', f"<ul><li>{REASONS}",
])
@pytest.mark.parametrize(("heading", "address"), [
    ("Agenda item", "mgAi.aspx?ID=71"), ("Decision details", "ieDecisionDetails.aspx?AIId=71"),
    ("Issue - meetings", "ieIssueDetails.aspx?IId=9"), ("Meeting attendance", "mgMeetingAttendance.aspx?ID=5"),
    ("Meeting documents", "CeListDocuments.aspx?MId=5"), ("Agenda and minutes", "ieListDocuments.aspx?MId=5"),
])
def test_a_page_that_nests_deep_is_not_read_again_with_each_of_its_layers(heading: str, address: str, inside: str):
    started = process_time()
    read(page(heading, inside * 2000, TITLE).encode(), f"{HOST}/{address}")
    assert process_time() - started < 2


def test_a_file_in_a_page_with_control_characters_is_read():
    """lxml takes no control character when text is moved; damaged pages have them."""
    content = f"<h3>Accompanying documents:</h3><ul><li>{BIDS}</li>\x07</ul>\x01<p>{REASONS}\x02</p>"
    item = fragment_of("Decision details", content, "ieDecisionDetails.aspx?AIId=71").item
    assert [one.restricted for one in item.documents] == [True]
