"""Which layout a page has: by evidence that adds up, so that one odd sign does not decide."""

from __future__ import annotations

import pytest

from minutes_archive.parse import read
from minutes_archive.parse.evidence import Page, weigh
from minutes_archive.parse.html import tree_of

HOST = "https://democracy.brackenford.example"
ROW = (
    '<table class="mgItemTable"><tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt">1.</p></td><td><p class="mgAiTitleTxt">'
    "Apologies</p><p class='mgSubItemTitleTxt'>Minutes:</p><div class='mgWordPara'><p>{words}</p></div></td></tr></table>"
)


def page(heading: str, content: str = "<p>x</p>", subtitle: str = "", title: str = "") -> str:
    return (
        f'<html><head><title>{title}</title></head><body><h1 class="mgMainTitleTxt">{heading}</h1>'
        f'<h2 class="mgSubTitleTxt">{subtitle}</h2><div class="mgContent">{content}</div></body></html>'
    )


def layouts(markup: str, url: str | None = None) -> list[str]:
    root = tree_of(markup)
    assert root is not None
    return [layout for layout, _ in weigh(Page(root, markup, url))]


@pytest.mark.parametrize(("heading", "address", "layout"), [
    ("Meeting attendance", None, "attendance"),
    ("", "mgMeetingAttendance.aspx?ID=1", "attendance"),
    ("Attendance", "MGMEETINGATTENDANCE.ASP?id=1", "attendance"),
    ("Decision details", None, "decision"),
    ("", "(S(abc))/ieDecisionDetails.aspx?AIId=1", "decision"),
    ("Issue - meetings", None, "issue"),
    ("", "ieIssueDetails.aspx?IId=1&Opt=3", "issue"),
    ("Issue details", None, "history"),
    ("Meeting documents", None, "archive"),
    ("Agenda item", "mgAi.aspx?ID=1", "item"),
    ("Eitem Agenda", None, "item"),
    ("Browse meetings", None, "list"),
    ("Members' allowances", None, "other"),
])
def test_the_heading_or_the_address_tells(heading: str, address: str | None, layout: str):
    assert layouts(page(heading), f"{HOST}/{address}" if address else None)[0] == layout


def test_a_meeting_page_stays_one_whatever_its_words():
    for words in ("An error has occurred in the draft.", "Access denied.", "Please sign in.", "<AI1>"):
        markup = page("Agenda and minutes", ROW.format(words=words), "Cabinet - Monday, 1 June 2026 6.00 pm", "Access denied")
        assert layouts(markup)[0] == "meeting"


def test_a_meeting_page_with_a_login_form_beside_it_stays_one():
    form = "<form><input name='u'><input type='password' name='p'></form><h2>Sign in</h2>"
    markup = page("Agenda and minutes", form + ROW.format(words="None."), "Cabinet - Monday, 1 June 2026 6.00 pm")
    assert layouts(markup)[0] == "meeting"


@pytest.mark.parametrize(("markup", "code"), [
    ("<html><head><title>Azure WAF</title></head><body></body></html>", "error_page"),
    ("<html><head><title>Just a moment...</title></head><body><p>Verify you are human.</p></body></html>", "error_page"),
    ("<html><body><h1>Sorry</h1><p>An error has occurred.</p></body></html>", "error_page"),
    ("<html><body><p>Request unsuccessful. Incapsula incident ID: 12</p></body></html>", "error_page"),
    ("<html><head><title>Log in</title></head><body><form><input type=password></form></body></html>", "login_page"),
    ("<html><body><h1>Mewngofnodi</h1><form><input type='password'></form></body></html>", "login_page"),
    ("<html><body><p>Sorry.</p></body></html>", "not_minutes"),
])
def test_what_is_no_answer_is_refused_as_what_it_is(markup: str, code: str):
    reading = read(markup.encode())
    assert (reading.kind, [problem.code for problem in reading.problems]) == ("refused", [code])
    assert reading.meeting is None


def test_an_error_page_at_the_address_of_a_meeting_is_no_empty_meeting():
    content = page("Agenda and minutes", "<p>The meeting you asked for does not exist.</p>").encode()
    assert read(content, f"{HOST}/ieListDocuments.aspx?MId=99").kind == "refused"


def test_the_site_s_own_error_page_is_one_whatever_it_shows():
    markup = page("Error", "<p>Something went wrong.</p>")
    assert layouts(markup, f"{HOST}/mgError.aspx?x=1")[0] == "error"
