"""A CMIS5 site: every meeting of its calendar, which has no end, and the files that are minutes."""

from __future__ import annotations

from fakes.cmis import FakeCmis


def test_a_cmis_site_is_archived_and_its_calendar_left_in_time(crawled):
    site = crawled()
    site.server.answer = FakeCmis()
    url = f"{site.server.url}/cmis5/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/14866/Default.aspx"
    done = site.run(url)
    assert (done.failed, done.blocked, done.pending) == (0, 0, 0)
    assert site.records().keys() == {"14866", "14870", "14712"}
    assert done.documents == 3
    months = [one for one in site.asked() if "/date/" in one]
    assert len(months) <= 4 + 12 + 12
    again = site.run(url)
    assert again.captures == 0
    assert again.requests <= done.requests / 4
    assert site.run(url, documents="all").documents == 9
