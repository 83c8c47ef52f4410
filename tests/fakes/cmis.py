"""A CMIS5 site that does not exist: a menu, committees, a calendar without end, meeting pages and their files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from fakes.server import Reply, Request

PAGE = (
    '<!DOCTYPE html><html><head><title>Fenmoor</title></head><body><form><div id="dnn_ContentPane" class="contentPane">{}</div>'
    "</form></body></html>"
)
# A meeting page with everything that such pages have; the others are made of it.
MODEL = Path(__file__).parents[1] / "golden" / "cmis-grid-of-items" / "source.html"


@dataclass
class FakeCmis:
    """The site: meetings by number, each with the committee's number and name and its day ("12 Sep 2024")."""

    meetings: dict[str, tuple[str, str, str]] = field(
        default_factory=lambda: {
            "14866": ("37", "Highways Committee", "12 Sep 2026"),
            "14870": ("37", "Highways Committee", "10 Oct 2026"),
            "14712": ("41", "Planning Committee", "5 Mar 2026"),
        }
    )

    def __call__(self, request: Request) -> Reply:
        """The answer to a request."""
        path = request.target.partition("?")[0].lower()
        if path == "/robots.txt":
            return Reply(b"", 404)
        if "document.ashx" in path:
            return Reply(b"%PDF-1.4 " + request.target.encode(), fields={"Content-Type": "application/pdf"})
        if found := re.search(r"/meeting/(\d+)", path):
            return Reply(self._meeting(found[1]).encode())
        if found := re.search(r"/date/(\d{4})-(\d\d)", path):
            month = "JanFebMarAprMayJunJulAugSepOctNovDec"[int(found[2]) * 3 - 3 : int(found[2]) * 3]
            shown = [self._link(number) for number, (_, _, day) in self.meetings.items() if day.endswith(f"{month} {found[1]}")]
            onwards = '<a href="/cmis5/x/ctl/MeetingCalendarPublic/mid/369/Default.aspx">Next month</a>'
            return Reply(PAGE.format(onwards + "".join(shown)).encode())
        pages = {
            "/cmis5/": '<a href="/cmis5/Meetings.aspx">Meetings</a><a href="/cmis5/Committees.aspx">Committees</a>',
            "/cmis5/meetings.aspx": '<a href="/cmis5/Meetings/tabid/70/ctl/MeetingCalendarPublic/mid/397/Default.aspx">All</a>',
            "/cmis5/committees.aspx": "".join(
                f'<a href="/cmis5/Committees/tabid/62/ctl/ViewCMIS_CommitteeDetails/mid/381/id/{one}/Default.aspx">{body}</a>'
                for one, body in {(committee, body) for committee, body, _ in self.meetings.values()}
            ),
        }
        if "committeedetails" in path:
            return Reply(PAGE.format("<h2>Committee Details</h2>ViewCMIS_").encode())
        return Reply(PAGE.format(pages[path]).encode()) if path in pages else Reply(b"", 404)

    def _meeting(self, number: str) -> str:
        _, body, day = self.meetings[number]
        page = MODEL.read_text("utf-8").replace("12 Sep 2017", day).replace("Highways and Transport Committee", body)
        page = re.sub(r"<link rel=.canonical.[^>]*>", "", page)
        return re.sub(r"(Document\.ashx\?[^\"]*)", rf"\g<1>{number}", page).replace("Meeting/14866/", f"Meeting/{number}/")

    def _link(self, number: str) -> str:
        committee, body, day = self.meetings[number]
        return (
            f'<a href="/cmis5/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/{number}'
            f'/Committee/{committee}/Default.aspx">'
            f"{body} {day}</a>"
        )
