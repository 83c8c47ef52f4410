"""The traps of ModernGov's markup, one by one, as small as they can be; golden cases have them in whole pages.

Each is what a council's site really does, and on which a reader that splits on words, pairs by position or trusts a number
would fail.
"""

from __future__ import annotations

import time

import pytest

from minutes_archive.model import Fragment, ParsedItem, ParsedMeeting
from minutes_archive.parse import read
from minutes_archive.parse.blocks import join_blocks
from minutes_archive.parse.heading import read_title
from minutes_archive.parse.html import blocks_of, tree_of
from minutes_archive.parse.labels import BLOCKS, HEAD, HEADINGS, label_key
from minutes_archive.parse.marks import is_number, split_attachment, split_cut, split_restricted

HOST = "https://democracy.quillby.example"
URL = f"{HOST}/ieListDocuments.aspx?CId=12&MId=4100&Ver=4"
TITLE = "Harbour Committee - Thursday, 9th May, 2024 2.00 pm"


def row(content: str, number: str = "4.", anchor: str = "880") -> str:
    return (
        f'<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt" ><a name="AI{anchor}"></a>{number}</p></td>'
        f"<td>{content}</td></tr>"
    )


def page(*rows: str, head: str = "", heading: str = "Agenda and minutes", title: str = TITLE, links: str = "") -> str:
    return (
        f'<html><head><title>Quillby - Modern Council</title>{head}</head><body><div id="modgov"><div class="mgHeader">'
        f'<h1 class="mgMainTitleTxt" >{heading}</h1></div><div class="mgSubTitle" ><h2 class="mgSubTitleTxt"><a'
        f' href="mgCommitteeDetails.aspx?ID=12">{title}</a></h2></div>'
        f'<div class="mgLinks" ><ul class="mgActionList" >{links}</ul></div>'
        '<div class="mgContent" ><p><span class="mgLabel" >Venue:&nbsp;</span>Pilot House&nbsp;&nbsp;<a'
        ' href="mgLocationDetails.aspx?RID=3">View directions</a></p>'
        '<table class="mgItemTable" id="mgItemTable" summary="Table of agenda items">'
        '<caption class="mgSectionTitle">Items</caption>'
        f'<tr><th class="mgHide">No.</th><th class="mgHide">Item</th></tr>{"".join(rows)}</table></div></div></body></html>'
    )


def titled(title: str, *blocks: str) -> str:
    return f'<p class="mgAiTitleTxt" >{title}</p>' + "".join(blocks)


def minutes(*paragraphs: str) -> str:
    words = "".join(paragraphs)
    return f'<p class="mgSubItemTitleTxt" >Minutes:</p><div class="mgWordPara"><div class="WordSection1">{words}</div></div>'


def p(text: str) -> str:
    return f'<p class="MsoNormal">{text}</p>'


def meeting(markup: str, url: str | None = URL) -> ParsedMeeting:
    found = read(markup.encode("utf-8"), url).meeting
    assert found is not None
    return found


def item(content: str) -> ParsedItem:
    (only,) = meeting(page(row(content))).items
    return only


def test_the_row_of_column_heads_and_the_caption_are_no_items():
    (only,) = meeting(page(row(titled("Ferry")))).items
    assert (only.number, only.title, only.anchor) == ("4", "Ferry", "880")
    assert only.url == f"{HOST}/mgAi.aspx?ID=880"


def test_ids_come_from_links_and_the_number_in_a_packs_address_is_another():
    links = (
        '<li><a href="documents/g4109/Agenda frontsheet 09052024.pdf?T=0">Agenda frontsheet</a></li>'
        '<li><a href="mgChooseDocPack.aspx?ID=4109">Agenda reports pack</a></li>'
        '<li><a href="mgMeetingAttendance.aspx?ID=4100">Attendance details</a></li>'
    )
    shown = meeting(page(row(titled("Ferry")), links=links), url=None)
    assert shown.number == "4100"
    assert shown.items[0].documents == ()
    assert meeting(page(row(titled("Ferry")), links=links.replace("mgMeetingAttendance", "mgOther")), url=None).number is None


def test_the_heading_names_the_day_not_the_metadata():
    shown = meeting(page(row(titled("Ferry")), head='<meta name="DC.date" content="2024-04-26"/>'))
    assert (shown.date, shown.time) == ("2024-05-09", "14:00")


def test_a_note_that_an_item_was_moved_up_is_text_and_the_order_is_the_pages():
    first, second = meeting(page(
        row(titled("Ferry", minutes(p("Noted.")))),
        row(titled("Slipway", minutes(p("<i>The Chair moved this item up the agenda.</i>"), p("Agreed."))), "5.", "881"),
    )).items
    assert (first.title, second.title) == ("Ferry", "Slipway")
    assert second.minutes_text == "The Chair moved this item up the agenda.\n\nAgreed."


@pytest.mark.parametrize("href", ["mgIssueHistoryHome.aspx?IId=77&PlanId=0", "mgIssueHistoryHome.aspx?IId=77&amp;PlanId=0"])
def test_ampersands_in_links_may_be_escaped_or_not(href: str):
    links = f'<ul class="mgActionList"><li><a href="{href}">View the background</a></li></ul>'
    assert item(titled("Ferry", links)).issue_id == "77"


@pytest.mark.parametrize(("shown", "size"), [
    ("PDF 99 KB", "99 KB"), ("PDF 1 MB", "1 MB"), ("PDF 10 MB", "10 MB"), ("pdf icon PDF 316 KB", "316 KB"),
])
def test_the_lead_document_is_the_title_without_its_mark(shown: str, size: str):
    found = item(titled(
        '<a class="mgAiTitleLnk" href="documents/s5120/Ferry fares.pdf">Ferry fares&#32;</a>'
        f'<span class="mgFileSize" ><img alt="pdf icon"/>{shown}</span>'
    ))
    (document,) = found.documents
    assert (found.title, document.title, document.type, document.size) == ("Ferry fares", "Ferry fares", "pdf", size)


def test_what_a_page_hides_for_screen_readers_is_no_part_of_a_documents_title():
    found = item(titled(
        "Ferry", '<p class="mgSubItemTitleTxt" >Additional documents:</p><ul class="mgBulletList" ><li>'
        '<a href="documents/s5121/Map.pdf">Map <span class="mgHide" >, item 4.</span></a>'
        '<span class="mgFileSize" > PDF 1 MB</span></li></ul>', minutes(p("Noted.")),
    ))
    assert [(one.title, one.size) for one in found.documents] == [("Map", "1 MB")]
    assert found.agenda_text == ""


@pytest.mark.parametrize(("content", "text"), [
    pytest.param([p("&nbsp;"), p("&nbsp; "), p("Noted.")], "Noted.", id="spacers at the start"),
    pytest.param([p("The Coun<span class=\n\"SpellE\">cill</span>or\nfor the\n<span\nlang=\"EN-US\">Harbour</span> spoke.")],
                 "The Councillor for the Harbour spoke.", id="words and lines broken by Word"),
    pytest.param([p("<b>RESOLVED</b> that:"), '<p class="MsoListParagraphCxSpFirst"><span>1.'
                  '<span style="font:7pt">&nbsp;&nbsp;</span></span>it open;</p>',
                  '<p class="MsoListParagraphCxSpLast"><span>2.<span>&nbsp;</span></span>it close.</p>'],
                 "RESOLVED that:\n\n1. it open;\n2. it close.", id="a numeral that is text"),
    pytest.param([p("RESOLVED –&nbsp; That it open.")], "RESOLVED – That it open.", id="a dash and two blanks"),
    pytest.param([p("RESOLVED:"), p("That it open.")], "RESOLVED:\n\nThat it open.", id="the word alone"),
    pytest.param([p("1&nbsp; To open the slip; and"), p("2&nbsp; To close it.")], "1 To open the slip; and\n\n2 To close it.",
                 id="numbers that are typed"),
    pytest.param([p("(1) Councillor Finch (Minute 48(6) refers);"), p("(2) Councillor Lark.")],
                 "(1) Councillor Finch (Minute 48(6) refers);\n\n(2) Councillor Lark.", id="references to other minutes"),
    pytest.param([p("Present:<br/>Finch<br/>Lark")], "Present:\nFinch\nLark", id="names line by line"),
    pytest.param([p("<b>Actions</b>"), "<ul><li>Finch to write.</li><li>Lark to ring.</li></ul>"],
                 "Actions\n\nFinch to write.\nLark to ring.", id="actions with bullets"),
    pytest.param([p("The word Minutes: is said here."), p("Decision: none.")],
                 "The word Minutes: is said here.\n\nDecision: none.", id="labels within text"),
    pytest.param(['<style type="text/css"><!-- p.MsoNormal {margin:0} RESOLVED --></style>', p("Noted.<o:p></o:p>")], "Noted.",
                 id="a style sheet"),
    pytest.param(["<table><tr><td><p>No.</p></td><td><p>Item</p></td></tr><tr><td><p>1</p></td><td><p>Rope</p></td></tr></table>"],
                 "No. | Item\n1 | Rope", id="a table within the text"),
])
def test_texts_as_word_leaves_them(content: list[str], text: str):
    assert item(titled("Ferry", minutes(*content))).minutes_text == text


@pytest.mark.parametrize(("markup", "text"), [
    ("<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>", "one\ninner\ntwo"),
    ("<ol><li><p>one</p></li><li><p>two</p></li></ol>", "one\ntwo"),
    ("<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a | | c"),
    ("<table><tr><th>a</th><th>b</th></tr><tr><td colspan=2>c</td></tr></table>", "a | b\nc"),
    ("<table><tr><td><ul><li>one</li><li>two</li></ul></td><td>b</td></tr></table>", "one two | b"),
    ("<p>before</p><table><tr><td>a</td><td>b</td></tr></table><p>after</p>", "before\n\na | b\n\nafter"),
    ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a b | c"),
    ("<p>· &nbsp; one</p><p>&middot;&nbsp;&nbsp;&nbsp; two</p><p>three</p>", "one\ntwo\n\nthree"),
])
def test_lists_and_tables_stay_readable(markup: str, text: str):
    root = tree_of(f"<div>{markup}</div>")
    assert root is not None
    assert join_blocks(blocks_of(root)) == text


def test_a_table_within_a_table_loses_nothing_and_stays_in_rows():
    root = tree_of("<table><tr><td>head<table><tr><td>a</td><td>b</td></tr></table></td><td>tail</td></tr></table>")
    assert root is not None
    assert sorted(block.text for block in blocks_of(root)) == ["a | b", "head | tail"]


def test_a_label_without_anything_after_it_and_an_item_with_neither():
    labels = [f'<p class="mgSubItemTitleTxt" >{label}:</p>' for label in ("Additional documents", "Minutes")]
    empty = item(titled("Ferry", *labels))
    assert (empty.agenda_text, empty.decision_text, empty.minutes_text, empty.documents) == ("", "", "", ())


def test_the_same_text_under_decision_and_minutes_stays_twice():
    words = '<div class="mgWordPara"><p>That it open.</p></div>'
    found = item(titled("Ferry", f'<p class="mgSubItemTitleTxt" >Decision:</p>{words}', minutes(p("That it open."))))
    assert found.decision_text == found.minutes_text == "That it open."


@pytest.mark.parametrize(("text", "kept", "number"), [
    ("Long words ...  view the full minutes text for item 1.", "Long words", "1"),
    ("Long words ...  view the full agenda text for item 3a", "Long words", "3a"),
    ("Long words\xa0...\xa0 view the full minutes text for item SSP/1624", "Long words", "SSP/1624"),
    ("Long words … view the full decision text for item 77/21", "Long words", "77/21"),
    ("He said ... and left.", "He said ... and left.", None),
])
def test_the_marker_of_a_text_that_is_cut_off(text: str, kept: str, number: str | None):
    assert split_cut(text) == (kept, number)


def test_agenda_and_minutes_of_one_item_may_both_be_cut_off():
    def cut(text: str, field: str) -> str:
        return p(f"{text}&nbsp;...&nbsp; <a href='mgAi.aspx?ID=880'>view the full {field} text for item 4.</a>")

    agenda = f'<div class="mgWordPara">{cut("To consider", "agenda")}</div>'
    found = item(titled("Ferry", agenda, minutes(cut("It was", "minutes"))))
    assert (found.agenda_text, found.minutes_text) == ("To consider", "It was")
    assert found.cut == {"agenda_text", "minutes_text"}


def item_page(content: str) -> Fragment:
    markup = (
        '<html><body><h1 class="mgMainTitleTxt">Agenda item</h1><h2 class="mgSubTitleTxt">Ferry</h2>'
        f'<div class="mgContent">{content}</div></body></html>'
    )
    (fragment,) = read(markup.encode(), f"{HOST}/mgAi.aspx?ID=880").fragments
    return fragment


def test_an_item_page_has_its_documents_last_under_another_label():
    found = item_page(
        '<div class="mgWordPara"><p>To consider fares.</p></div><p class="mgSubItemTitleTxt" >Decision:</p>'
        '<div class="mgWordPara"><p>Resolved –&nbsp; That it be taken in Part II.</p></div>'
        f"{minutes(p('Fares rise.'))}"
        '<p class="mgSubItemTitleTxt" >Supporting documents:</p><ul class="mgBulletList"><li>'
        '<a href="documents/s5/Fares.pdf">Fares</a><span class="mgFileSize"> PDF 80 KB</span></li></ul>'
    ).item
    assert (found.agenda_text, found.decision_text) == ("To consider fares.", "Resolved – That it be taken in Part II.")
    assert found.minutes_text == "Fares rise."
    assert [(one.title, one.url) for one in found.documents] == [("Fares", f"{HOST}/documents/s5/Fares.pdf")]


@pytest.mark.parametrize(("line", "body", "day", "time", "status"), [
    ("Harbour Board - Wednesday 17th July, 2024 9.00 am", "Harbour Board", "2024-07-17", "09:00", None),
    ("Panel - A, Quays - Tuesday, 1 December 2020 10:00 am", "Panel - A, Quays", "2020-12-01", "10:00", None),
    ("Council - Thursday, 2nd July, 2020 6.00 pm, NEW", "Council", "2020-07-02", "18:00", None),
    ("Council - Thursday, 2nd July, 2020 6.00 pm (Cancelled)", "Council", "2020-07-02", "18:00", "cancelled"),
    ("Council - Thursday, 2nd July, 2020 6.00 pm, Postponed", "Council", "2020-07-02", "18:00", "postponed"),
    ("Council - Thursday, 2nd July, 2020 6.00 pm, MOVED", "Council", "2020-07-02", "18:00", None),
    ("Council - Thursday, 2nd July, 2020 6.00 pm (moved from Thursday, 25th June, 2020)", "Council", "2020-07-02", "18:00", None),
    ("Council - Thursday, 2nd July, 2020 6.00 pm - Rescheduled from 25 June 2020", "Council", "2020-07-02", "18:00", None),
    ("Council - Thursday, 2nd July, 2020 On Rising of Cabinet", "Council", "2020-07-02", None, None),
    ("Special, Council - Thursday, 2nd July, 2020 12 noon", "Special, Council", "2020-07-02", "12:00", None),
    ("Group of 3 May 2023 - Monday 5 February 2024 7 pm", "Group of 3 May 2023", "2024-02-05", "19:00", None),
    ("Budget Council - 2024/25 - Thursday 27 February 2025 7 pm", "Budget Council - 2024/25", "2025-02-27", "19:00", None),
    ("Cyngor - Dydd Mawrth, 5ed Mawrth, 2024 10.00 y.b.", "Cyngor", "2024-03-05", "10:00", None),
    ("Cyngor - Dydd Llun, 1af Gorffennaf, 2024 2.00 y.p. WEDI'I OHIRIO", "Cyngor", "2024-07-01", "14:00", "postponed"),
    ("Cyngor - Dydd Sul, 16eg Mehefin 2024 2.00 pm, wedi’i ganslo", "Cyngor", "2024-06-16", "14:00", "cancelled"),
])
def test_title_lines(line: str, body: str, day: str, time: str | None, status: str | None):
    found = read_title(line)
    assert found is not None
    assert (found.body, found.date, found.time, found.status) == (body, day, time, status)
    assert found.problems == ()


def test_a_page_without_a_title_line_is_dated_by_its_title():
    markup = page(row(titled("Ferry")), title="").replace(
        "Quillby - Modern Council", "Agenda for Harbour Committee on Thursday, 9th May, 2024, 2.00 pm"
    )
    assert (meeting(markup).body, meeting(markup).date) == ("Harbour Committee", "2024-05-09")


@pytest.mark.parametrize("number", [
    "1.", "62.", "1772.", "SSP/1624", "SSP/42/25", "P/53/24", "C 63/07", "AA/12/24", "23/21", "77/21", "338.1", "3a", "6(i)",
    "4.1", "A1", "P45", "PLA146/14",
])
def test_numbers_as_displayed(number: str):
    assert is_number(number)


@pytest.mark.parametrize("line", ["2024", "20 mph zones", "Item", "3 May", "RESOLVED", "12:30"])
def test_what_is_no_number(line: str):
    assert not is_number(line)


@pytest.mark.parametrize(("shown", "title", "kind", "size"), [
    ("Fares pdf icon PDF 74 KB", "Fares", "pdf", "74 KB"), ("Fares pdf eicon PDF 281 KB", "Fares", "pdf", "281 KB"),
    ("Fares word icon DOC 1 MB", "Fares", "doc", "1 MB"), ("Fares PDF 2 MB", "Fares", "pdf", "2 MB"),
    ("HeatingPDF 500 KB", "Heating", "pdf", "500 KB"), ("Fares excel icon XLSX 1.5 MB", "Fares", "xlsx", "1.5 MB"),
])
def test_marks_of_attached_files(shown: str, title: str, kind: str, size: str):
    rest, attached = split_attachment(shown)
    assert attached is not None
    assert (rest, attached.type, attached.size) == (title, kind, size)


@pytest.mark.parametrize("text", ["The PDF 2 MB file was late", "PDFs", "Format PDF"])
def test_a_mark_stands_at_the_end_only(text: str):
    assert split_attachment(text) == (text, None)


@pytest.mark.parametrize(("label", "table", "meaning"), [
    ("Cofnodion:", BLOCKS, "minutes_text"), ("Penderfyniad:", BLOCKS, "decision_text"),
    ("Dogfennau ychwanegol:", BLOCKS, "documents"), ("Lleoliad:", HEAD, "venue"),
    ("Cyswllt:", HEAD, "contact"), ("Rhaglen", HEADINGS, "none"),
    ("Rhaglen a chofnodion", HEADINGS, "published"), ("Rhaglen a chofnodion drafft", HEADINGS, "draft"),
    ("Decisions:", BLOCKS, "decision_text"), ("Accompanying Documents:", BLOCKS, "documents"),
    ("Agenda, decisions and draft minutes", HEADINGS, "draft"), ("Proposed venue:", HEAD, "venue"),
])
def test_labels_in_both_languages(label: str, table: dict[str, str], meaning: str):
    assert table[label_key(label)] == meaning


NO_MEETING = {
    "a committee": (
        "list",
        '<html><body><h1 class="mgMainTitleTxt">Committee details</h1><div class="mgContent">'
        '<h2 class="mgSectionTitle">Purpose of committee</h2><p>To run the harbour.</p></div></body></html>',
    ),
    "a list of committees": (
        "list",
        '<html><body><div class="mgContent"><h2 class="mgSectionTitle">Boards</h2><ul class="mgBulletList">'
        '<li><a href="mgCommitteeDetails.aspx?ID=12">Harbour</a></li></ul></div></body></html>',
    ),
    "a list of meetings": (
        "list",
        '<html><body><div class="mgContent"><ul class="mgNonBulletTableList"><li>'
        '<a class="mgMeetingTableLnk" href="ieListDocuments.aspx?CId=12&MId=1">15 Jan 2026&nbsp;7&#58;30 pm</a>'
        " - Agenda, Decisions, Minutes</li></ul></div></body></html>",
    ),
    "councillors by ward": (
        "refused",
        "<councillorsbyward><wards><ward><wardtitle>East</wardtitle><councillors><councillorcount> 1</councillorcount>"
        "<councillor><fullusername>Finch</fullusername></councillor></councillors></ward></wards></councillorsbyward>",
    ),
    "a redirect": ("refused", '<html><head><script>window.location="/home"</script></head><body></body></html>'),
    "a firewall": ("refused", "<html><head><title>Azure WAF</title></head><body>Checking</body></html>"),
}


@pytest.mark.parametrize(("kind", "markup"), NO_MEETING.values(), ids=NO_MEETING)
def test_pages_that_hold_no_minutes_are_never_read_as_a_meeting(kind: str, markup: str):
    reading = read(markup.encode())
    assert (reading.kind, reading.meeting) == (kind, None)
    assert reading.problems


@pytest.mark.parametrize("text", [
    " " * 50_000 + "x", "a " * 25_000, "icon PDF " * 6_000, "(restricted " * 4_000, "... " * 9_000,
])
def test_marks_are_looked_for_in_linear_time(text: str):
    start = time.process_time()
    assert (split_attachment(text)[1], split_cut(text)[1], split_restricted(text)[1]) == (None, None, False)
    assert time.process_time() - start < 1
