from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.identity import (
    absolute_url,
    canonical_number,
    is_id,
    item_id,
    meeting_id,
    page_identity,
    site_number,
    site_of,
    slug,
)

HOST = "https://moderngov.example.gov.uk"


@pytest.mark.parametrize("url", [
    "/ieListDocuments.aspx?CId=1144&MId=4323",
    "/ieListDocuments.aspx?CId=1144&MId=4323&Ver=4",
    "/ieListDocuments.aspx?MId=4323",
    "/IELISTDOCUMENTS.ASPX?MID=4323&cid=1144",
    "/ieListDocuments.aspx?CommitteeId=1144&amp;MeetingId=4323&J=2",
    "/ieListDocuments.asp?CId=1144&MId=4323",
    "/(S(wm5gga55b130f045qoanjja5))/ieListDocuments.aspx?CId=1144&MID=4323",
    "/(X(1)S(abc))/ieListDocuments.aspx?CId=1144&MID=4323",
    "/ieListDocuments.aspx?CId=1144&MId=4323#AI19271",
])
def test_one_meeting_whatever_its_url(url: str):
    found = page_identity(HOST + url)
    assert found is not None
    assert (found.site, found.kind, found.number) == ("moderngov.example.gov.uk", "meeting", "4323")


@pytest.mark.parametrize(("url", "kind", "number"), [
    ("/mgAi.aspx?ID=19271", "item", "19271"),
    ("/mgMeetingAttendance.aspx?ID=4323", "meeting", "4323"),
    ("/mgIssueHistoryHome.aspx?IId=8812&Opt=0", "issue", "8812"),
    ("/mgCommitteeDetails.aspx?ID=1144", "committee", "1144"),
    ("/ieListMeetings.aspx?CommitteeId=1144", "committee", "1144"),
])
def test_kinds_of_pages(url: str, kind: str, number: str):
    found = page_identity(HOST + url)
    assert found is not None
    assert (found.kind, found.number) == (kind, number)


@pytest.mark.parametrize("url", [
    None, "", "ieListDocuments.aspx?MId=1", HOST + "/ieListDocuments.aspx", HOST + "/ieListDocuments.aspx?MId=abc",
    HOST + "/documents/s1/x.pdf", "https://[bad/ieListDocuments.aspx?MId=1", HOST + "/mgAi.aspx?ID=１２",
])
def test_what_identifies_nothing(url: str | None):
    assert page_identity(url) is None


@pytest.mark.parametrize(("url", "site"), [
    ("https://Democracy.Example.GOV.UK/ieListDocuments.aspx?MId=1", "democracy.example.gov.uk"),
    ("https://www.example.gov.uk:443/moderngov/ieListDocuments.aspx?MId=1", "www.example.gov.uk/moderngov"),
    ("http://127.0.0.1:8080/ieListDocuments.aspx?MId=1", "127.0.0.1~8080"),
    ("https://example.gov.uk/documents/s1/x.pdf", "example.gov.uk"),
])
def test_sites(url: str, site: str):
    assert site_of(url) == site


@pytest.mark.parametrize("url", [
    None, "", "ieListDocuments.aspx?MId=1", "http:///moderngov/ieListDocuments.aspx?MId=1", "http://../../x.aspx", "http://[x",
    f"http://{'a' * 400}.example/x.aspx",
])
def test_an_address_that_names_no_host_is_of_no_site(url: str | None):
    assert site_of(url) is None


@pytest.mark.parametrize(("told", "number"), [
    (" 815\n", "815"), ("50131817", "50131817"), ("", None), (None, None), ("81x", None), ("²", None), ("٣", None),
    ("5" * 20, None),
])
def test_a_sites_numbers_are_such_that_ids_can_be_made_of_them(told: str | None, number: str | None):
    assert site_number(told) == number


@pytest.mark.parametrize(("displayed", "number"), [
    ("58.", "58"), (" SSP/1624 ", "SSP/1624"), ("3a", "3a"), ("6(i).", "6(i)"), ("", None), (".", None),
])
def test_numbers_as_displayed(displayed: str, number: str | None):
    assert canonical_number(displayed) == number


@pytest.mark.parametrize(("href", "base", "url"), [
    ("documents/s1/a b.pdf", HOST + "/ieListDocuments.aspx?MId=1", HOST + "/documents/s1/a b.pdf"),
    ("documents/s1/a\r\nb.pdf", HOST + "/x.aspx", HOST + "/documents/s1/ab.pdf"),
    ("documents/s1/a.pdf", None, "documents/s1/a.pdf"),
    ("javascript:alert(1)", HOST + "/x.aspx", None),
    ("", HOST, None),
])
def test_addresses_are_kept_as_found(href: str, base: str | None, url: str | None):
    assert absolute_url(href, base) == url


def test_ids_of_meetings_are_the_sites_own_where_it_has_them():
    day = dt.date(2024, 7, 17)
    assert meeting_id("moderngov.example.gov.uk", "4323", "x", "Body", day, "09:00") == "moderngov.example.gov.uk/4323"
    assert meeting_id(None, None, None, "Safer Partnership", day, "09:00") == "safer-partnership/2024-07-17-0900"
    assert meeting_id(None, None, "thornmere", "Safer Partnership", day, None) == "thornmere/safer-partnership/2024-07-17"
    assert meeting_id(None, "10214", None, "Body", day, "19:30") == "body/10214"
    assert meeting_id(None, None, None, None, None, None) == "meeting/undated"


def test_a_title_that_recurs_is_counted():
    taken: dict[str, int] = {}
    meeting = meeting_id(None, None, None, "Council", dt.date(2024, 1, 1), None)
    ids = [item_id(meeting, None, title, taken) for title in ("Minutes", "Minutes", "minutes!")]
    assert ids == [f"{meeting}/minutes", f"{meeting}/minutes-2", f"{meeting}/minutes-3"]


@given(st.text())
def test_every_slug_is_an_id_segment(text: str):
    assert is_id(slug(text))
    assert "/" not in slug(text)
    assert slug(slug(text)) == slug(text)


@given(st.text(), st.text(), st.dates(), st.text())
def test_every_id_has_the_shape_of_one(council: str, body: str, day: dt.date, title: str):
    meeting = meeting_id(None, None, council, body, day, "09:00")
    assert is_id(meeting)
    assert is_id(item_id(meeting, None, title, {}))


@pytest.mark.parametrize("text", ["", "/", "a//b", "a/../b", "a/.", "a b", "é", "a/", "x" * 401])
def test_what_is_no_id(text: str):
    assert not is_id(text)


@given(st.text())
def test_no_url_makes_identity_fail(url: str):
    page_identity(url)
    page_identity(HOST + "/" + url)
    absolute_url(url, HOST)
