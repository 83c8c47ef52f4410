"""What the fake council's ModernGov site answers, with and without its XML service, and the traps of real ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import escape, unescape
from urllib.parse import parse_qsl, unquote, urlsplit

from council.render import MEETINGS, SITE, item_page, meeting_page
from council.service import service_xml
from council.source import SourceItem, SourceMeeting, read_council
from fakes.server import Reply, Request

XML = {"Content-Type": "text/xml; charset=utf-8"}
PDF = {"Content-Type": "application/pdf"}
_SESSION = re.compile(r"^/\((?:[a-z]\([^)]*\))+\)", re.IGNORECASE)
_LISTED = "%d %b %Y"


# More meetings make every crawl longer and show nothing more.
YEARS = (dt.date(2023, 5, 1), dt.date(2025, 4, 30))
_LEFT_OUT = frozenset({"109", "110"})


def default_meetings() -> dict[str, SourceMeeting]:
    """The fictional council's meetings of two municipal years by their ids, all as if they stood on its site."""
    held = (one for one in read_council(MEETINGS) if YEARS[0] <= one.date <= YEARS[1] and one.committee not in _LEFT_OUT)
    return {meeting.meeting: replace(meeting, layout="page") for meeting in held}


@dataclass
class FakeCouncil:
    """The site's state; tests change it between runs.

    ``listing``: how lists of meetings come: "all" (Year=0 shows all), "paged" (a few, and earlier ones behind links), "years"
    (Year=0 is empty, each year has its list), "later" (a few of the oldest, and later ones behind links). ``faults``: for a
    path (in lower case, how it begins) the replies to give first; a callable gives each. ``validators``: ETags are sent.
    ``strict_names``: a file is there under the name alone that its page gives it. ``news``: meetings that "What's new" shows.
    """

    meetings: dict[str, SourceMeeting] = field(default_factory=default_meetings)
    service: bool = True
    listing: str = "all"
    robots: Reply = field(default_factory=lambda: Reply(b"User-agent: *\nDisallow: /ieDocSearch.aspx\n"))
    mount: str = ""
    validators: bool = True
    noise: bool = False
    faults: dict[str, list[Reply] | Callable[[Request], Reply]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    answered: int = 0
    ignores_period: bool = False
    messy: bool = True
    strict_names: bool = False
    news: set[str] = field(default_factory=set)
    base: str = ""

    def committees(self) -> dict[str, str]:
        """The names of the committees by their ids."""
        return {meeting.committee: meeting.body for meeting in self.meetings.values()}

    def of(self, committee: str) -> list[SourceMeeting]:
        """The meetings of a committee that its lists show, the latest first."""
        shown = [one for one in self.meetings.values() if one.committee == committee and one.meeting not in self.unlisted]
        return sorted(shown, key=lambda meeting: meeting.date, reverse=True)

    def items(self) -> dict[str, tuple[SourceMeeting, SourceItem]]:
        """Every item by its id, with its meeting."""
        return {item.id: (meeting, item) for meeting in self.meetings.values() for item in meeting.items}

    def __call__(self, request: Request) -> Reply:
        """The answer to a request."""
        self.answered += 1
        path = _SESSION.sub("", urlsplit(request.target).path)
        reply = self._fault(path, request) or self._answer(path, request)
        return self._conditional(request, reply)

    def _fault(self, path: str, request: Request) -> Reply | None:
        for beginning, replies in self.faults.items():
            if request.target.lower().startswith(beginning) or path.lower().startswith(beginning):
                if callable(replies):
                    return replies(request)
                if replies:
                    return replies.pop(0)
        return None

    def _conditional(self, request: Request, reply: Reply) -> Reply:
        if not self.validators or reply.status != 200 or reply.raw is not None:
            return reply
        tag = f'"{hash(reply.body) & 0xFFFFFFFF:08x}"'
        if request.fields.get("if-none-match") == tag:
            return Reply(status=304, fields={"ETag": tag})
        return replace(reply, fields={**reply.fields, "ETag": tag})

    def _answer(self, path: str, request: Request) -> Reply:
        if path == "/robots.txt":
            return self.robots
        if not path.lower().startswith(f"{self.mount}/".lower()):
            return Reply(b"<html><title>404</title>not here</html>", 404)
        path = path[len(self.mount) :]
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(request.target).query)}
        if "amp;" in request.target or "\r" in request.target:
            return Reply(b"", 400)
        name = path.rsplit("/", 1)[-1].lower()
        if path.lower().startswith("/mgwebservice.asmx"):
            return self._service(name, query)
        if file := re.match(r"/documents/([a-z])(\d+)/", path, re.IGNORECASE):
            known = not self.strict_names or unquote(path[1:]) in self._names(file[1].lower(), file[2])
            return self._document(file[1].lower() + file[2] if known else "", query)
        pages: dict[str, Callable[[dict[str, str]], str | None]] = {
            "": lambda query: self._home(),
            "iedochome": lambda query: self._home(),
            "mglistcommittees": lambda query: self._home(),
            "mgcommitteedetails": lambda query: self._home(),
            "ielistmeetings": self._list,
            "ielistdocuments": self._meeting,
            "mgai": self._item,
            "iedecisiondetails": self._decision,
            "mgmeetingattendance": self._attendance,
            "mgwhatsnew": self._news,
            "mgcalendarmonthview": self._calendar,
        }
        page = pages.get(re.sub(r"\.aspx?$", "", name))
        if name.startswith("mgconvert2pdf"):
            return self._document("s" + query.get("id", ""), query)
        content = page(query) if page else None
        if content is None:
            return Reply(b"<html><head><title>404</title></head><body>not found</body></html>", 404)
        if self.noise:
            stamp = f'<!-- made in {self.answered} ms --><input type="hidden" name="__VIEWSTATE" value="{self.answered:064x}">'
            content = content.replace("</body>", stamp + "</body>")
        return Reply(content.encode())

    # The service

    def _service(self, operation: str, query: dict[str, str]) -> Reply:
        if not self.service:
            return Reply(b"<html><head><title>404</title></head></html>", 404)
        if operation == "getcommittees":
            shown = "".join(
                f"<committee><committeeid>\n {number}\n</committeeid><committeetitle>{escape(escape(title))}</committeetitle>"
                "<committeedeleted>False</committeedeleted></committee>"
                for number, title in self.committees().items()
            )
            return Reply(
                f"<?xml version='1.0'?><committees><committeescount> 9</committeescount>{shown}</committees>".encode(), fields=XML
            )
        if operation == "getmeetings":
            return self._service_list(query)
        meeting = self.meetings.get(query.get("lmeetingid", ""))
        if operation != "getmeeting" or meeting is None or meeting.meeting in self.gone:
            return Reply(b"<?xml version='1.0'?><meeting></meeting>", fields=XML)
        return Reply(self._here(service_xml(meeting, SITE)).encode(), fields=XML)

    def _service_list(self, query: dict[str, str]) -> Reply:
        days = [re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", query.get(name, "")) for name in ("sfromdate", "stodate")]
        if all(days) and not self.ignores_period:
            first, last = (dt.date(int(day[3]), int(day[2]), int(day[1])) for day in days if day)
        else:  # the trap: other dates are taken, and ignored
            first, last = dt.date.min, dt.date.max
        shown = "".join(
            f"<meeting><meetingid> {one.meeting} </meetingid><meetingdate>{one.date:%d/%m/%Y}</meetingdate>"
            f"<meetingstatus>{'Draft' if 'draft' in one.heading else 'Confirmed'}</meetingstatus></meeting>"
            for one in self.of(query.get("lcommitteeid", ""))
            if first <= one.date <= last
        )
        title = escape(self.committees().get(query.get("lcommitteeid", ""), ""))
        body = f"<committee><committeetitle>{title}</committeetitle><committeemeetings>{shown}</committeemeetings></committee>"
        return Reply(f"<?xml version='1.0'?><getmeetings>{body}</getmeetings>".encode(), fields=XML)

    # The pages

    def _home(self) -> str:
        shown = "".join(
            f'<li><a href="mgCommitteeDetails.aspx?ID={number}">{escape(title)}</a></li>'
            for number, title in self.committees().items()
        )
        return _page("Committees", f'<ul class="mgBulletList">{shown}</ul>')

    def _list(self, query: dict[str, str]) -> str | None:
        committee = query.get("cid") or query.get("committeeid") or ""
        if committee not in self.committees():
            return None
        meetings, paging = self._stretch(self.of(committee), query)
        rows = "".join(
            f'<li class="mgTableOddRow"><a class="mgMeetingTableLnk" href="{self._link(one, at)}">'
            f"{one.date.day}{one.date: %b %Y}&nbsp;"
            f"{one.time:%H}&#58;{one.time:%M}</a>{_tail(one)}</li>"
            for at, one in enumerate(meetings)
        )
        links = "".join(
            f'<a class="mgTableNextLnk" href="ieListMeetings.aspx?Act={act}&amp;CId={committee}&amp;D={moment}'
            f'&amp;MD=ielistmeetings">{act}</a>'
            for act, moment in paging
        )
        return _page("Browse meetings", f'{links}<ul class="mgNonBulletTableList">{rows}</ul>')

    def _stretch(self, meetings: list[SourceMeeting], query: dict[str, str]) -> tuple[list[SourceMeeting], list[tuple[str, str]]]:
        year, act, moment = query.get("year", ""), query.get("act", ""), query.get("d", "")[:8]
        if self.listing == "years":
            return [one for one in meetings if year == str(one.date.year)], []
        if self.listing == "all":
            return meetings, []
        few = 2
        if act == "earlier":
            meetings = [one for one in meetings if f"{one.date:%Y%m%d}" < moment][:few]
        elif act == "later":
            meetings = [one for one in meetings if f"{one.date:%Y%m%d}" > moment][-few:]
        else:
            meetings = meetings[:few] if self.listing == "paged" else meetings[-few:]
        # Both links always stand there, and lead on for ever.
        ends = (meetings[-1].date, meetings[0].date) if meetings else (dt.date(1900, 1, 1), dt.date(2100, 1, 1))
        drift = dt.timedelta(days=int(moment[-2:] or 0)) if not meetings else dt.timedelta()
        return meetings, [("earlier", f"{ends[0] - drift:%Y%m%d}1000"), ("later", f"{ends[1] + drift:%Y%m%d}1000")]

    def _link(self, meeting: SourceMeeting, at: int) -> str:
        plain = f"ieListDocuments.aspx?CId={meeting.committee}&amp;MId={meeting.meeting}&amp;Ver=4"
        if not self.messy:
            return plain
        return (
            plain,
            f"IELISTDOCUMENTS.ASPX?MID={meeting.meeting}&cid={meeting.committee}",
            f"{self.mount}/(S(wm5gga55b130f045qoanjja5))/ieListDocuments.aspx?MeetingId={meeting.meeting}&amp;amp;CommitteeId="
            f"{meeting.committee}&amp;amp;J=3",
            f"ieListDocuments.aspx?CId={meeting.committee}&#38;MId={meeting.meeting}#AI1",
        )[at % 4]

    def _meeting(self, query: dict[str, str]) -> str | None:
        number = query.get("mid") or query.get("meetingid") or ""
        if number not in self.meetings or number in self.gone:
            return None
        page = self._here(meeting_page(self.meetings[number]))
        if not self.messy:
            return page
        # File names hold line ends; the same file stands under its other name too; and traps stand on every page.
        page = re.sub(
            r'href="documents/s(\d+)/([^"]{10})',
            lambda found: f'href="documents/s{found[1]}/{found[2][:5]}\r\n{found[2][5:]}',
            page,
        )
        traps = (
            '<a href="mgCalendarMonthView.aspx?M=1&amp;DD=2026&amp;CID=0">Calendar</a>'
            '<a href="ieDocSearch.aspx?SS=bikes">Search</a>'
            '<a href="file:///etc/passwd">x</a><a href="javascript:void(0)">y</a><a href="http://169.254.169.254/latest/">z</a>'
            f'<a href="(S(aaaabbbbccccddddeeee1234))/ieListDocuments.aspx?MId={number}">this page</a>'
        )
        return page.replace("</body>", traps + "</body>")

    def _item(self, query: dict[str, str]) -> str | None:
        found = self.items().get(query.get("id", ""))
        return self._here(item_page(*found)) if found else None

    def _decision(self, query: dict[str, str]) -> str | None:
        found = self.items().get(query.get("aiid", ""))
        if found is None:
            return None
        return _page(
            "Decision details",
            f'<div class="mgContent"><h2 class="mgSubTitleTxt">{escape(found[1].title)}</h2>'
            f'<h3 class="mgSubSubTitleTxt">Decision:</h3><div class="mgWordPara"><p>{escape(found[1].decision)}</p></div></div>',
        )

    def _attendance(self, query: dict[str, str]) -> str | None:
        meeting = self.meetings.get(query.get("id", ""))
        if meeting is None:
            return None
        person = escape(meeting.contact.partition(",")[0])
        return _page(
            "Meeting attendance",
            f'<h2 class="mgSubTitleTxt">{escape(meeting.body)} - {meeting.date:%A %d %B %Y}</h2>'
            '<table class="mgStatsTable" summary="Table of meeting attendance"><tr><th>Attendee</th><th>Role</th><th>Attendance'
            f"</th></tr><tr><td>{person}</td><td>Clerk</td><td>In attendance</td></tr></table>",
        )

    def _calendar(self, query: dict[str, str]) -> str:
        month = int(query.get("m", "1")) % 12 + 1
        return _page("Calendar of meetings", f'<a href="mgCalendarMonthView.aspx?M={month}&amp;DD={self.answered}">next</a>')

    def _news(self, query: dict[str, str]) -> str | None:
        if not re.fullmatch(r"\d\d/\d\d/\d{4}-\d\d/\d\d/\d{4}", query.get("dr", "")):
            return None
        shown = [one for one in self.meetings.values() if one.meeting in self.news]
        return _page("What's new", "".join(f'<a href="{self._link(one, 0)}">{escape(one.body)}</a>' for one in shown))

    def _names(self, letter: str, number: str) -> set[str]:
        """The addresses of files on the page of the meeting that a file is of."""
        of = {document.id: meeting for meeting, item in self.items().values() for document in item.documents}
        meeting = self.meetings[str(int(number) - 8)] if letter == "g" else of[letter + number]
        return {unescape(one).partition("?")[0] for one in re.findall(r'href="(documents/[^"]*)"', meeting_page(meeting))}

    def _document(self, number: str, query: dict[str, str]) -> Reply:
        known = {document.id for _, item in self.items().values() for document in item.documents if not document.restricted}
        packs = {f"g{int(meeting) + 8}" for meeting in self.meetings}
        if (number not in known | packs) or (number in packs and "t" not in query):
            return Reply(b"<html><title>404</title></html>", 404)
        return Reply(f"%PDF-1.4\n% {number} {query.get('t', '')} {self.mount}\n%%EOF\n".encode(), fields=PDF)

    def _here(self, page: str) -> str:
        return page.replace(SITE, f"{self.base}{self.mount}/")

    # What a crawl has to ask for

    def least(self, documents: Iterable[str] = ()) -> int:
        """The least requests that archive the whole site, by the service where it is on. ``documents``: item files wanted too."""
        packs = sum(
            1 if not any(item.decision for item in one.items) else 2
            for one in self.meetings.values()
            if one.status != "cancelled"
        )
        pages = 1 + 1 + len(self.committees()) + len(self.meetings) + packs + len(set(documents))
        if self.service:
            return pages + len(self.meetings)
        rest = sum(1 + sum(bool(item.decision) + item.cut for item in one.items) for one in self.meetings.values())
        lists = {"all": 0, "paged": 1}.get(self.listing, 1)
        return pages + rest + lists * len(self.meetings) // 2


def _page(heading: str, content: str) -> str:
    return (
        f'<html><head><title>{heading} - Thornmere</title></head><body><div id="modgov"><h1 class="mgMainTitleTxt">{heading}</h1>'
        f'<div class="mgContent">{content}</div></div></body></html>'
    )


def _tail(meeting: SourceMeeting) -> str:
    if meeting.status == "cancelled":
        return " - CANCELLED"
    return " - Agenda, Draft minutes" if "draft" in meeting.heading else " - Agenda, Decisions, Minutes"
