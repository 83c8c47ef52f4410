"""CMIS5: its calendar, committee and meeting pages, and the documents of a meeting (dossier 7.1).

There is no service. Meetings are found by the calendar, a month a page, and by the committees' pages; the calendar
has no end, so the walk back ends after a year without a meeting.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from minutes_archive.crawl.page import Link, links
from minutes_archive.crawl.task import Found, Known, Scope, Task
from minutes_archive.dates import find_dates
from minutes_archive.identity import absolute_url, site_of
from minutes_archive.model import Exchange

_MEETING = re.compile(r"/viewmeetingpublic/mid/(\d+)/meeting/(\d+)(?:/committee/(\d+))?", re.IGNORECASE)
_COMMITTEE = re.compile(r"/viewcmis_committeedetails/mid/(\d+)/id/(\d+)", re.IGNORECASE)
_CALENDAR = re.compile(r"/meetingcalendarpublic(?:nojava)?/mid/(\d+)", re.IGNORECASE)
_MODULE = re.compile(rb"dnn\$ctr(\d+)\$MeetingCalendarPublic")
# The pages that the first page's menu leads to.
_LEADING = re.compile(r"/(meetings|committees|calendar|meetingscalendar|calendarofmeetings)\.aspx$", re.IGNORECASE)
_DOCUMENT = re.compile(r"/document\.ashx\?", re.IGNORECASE)
_SIGNS = (b"viewcmis_", b"modcmissearchc", b"/cmis5/", b"meetingcalendarpublic", b"viewmeetingpublic")
_MINUTES = ("minutes", "draft minutes", "printed minutes", "decision", "resolutions")
_EMPTY_MONTHS = 12
_AHEAD = 3


def shows_site(content: bytes) -> bool:
    """Whether a page shows that it is of a CMIS site."""
    lower = content[:2_000_000].lower()
    return any(sign in lower for sign in _SIGNS)


def base_of(url: str) -> str | None:
    """The folder of the site that ``url`` is a page of, told by the address alone; None where that does not tell."""
    lower = urlsplit(url).path.lower()
    for mark in ("/cmis5public/", "/cmis5/", "/dms/"):
        if mark in lower:
            return urljoin(url, urlsplit(url).path[: lower.index(mark) + len(mark)])
    tab = re.search(r"/(?:meetings|committees|decisions|calendar[a-z]*)/tabid/", lower)
    return urljoin(url, urlsplit(url).path[: tab.start() + 1]) if tab else None


class Cmis:
    """One CMIS site, as far as ``scope`` wants it."""

    name = "cmis"

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._host = urlsplit(scope.base).netloc.lower()

    def first(self) -> tuple[Task, ...]:
        """The site's own first page."""
        return (Task("list/home", self.scope.base, "list"),)

    def halves(self, task: Task) -> tuple[Task, ...]:
        """Nothing: a month is the least."""
        return ()

    def instead(self, task: Task) -> tuple[Task, ...]:
        """Nothing: there is one way to each page."""
        return ()

    def doubt(self, task: Task, answer: Exchange) -> str:
        """Why an answer is not what was asked for."""
        if task.kind in {"document", "home"}:
            return ""
        lower = answer.content.lower()
        wanted = (b"meeting summary", b"meeting details", b"dnn_contentpane") if task.kind == "meeting" else (*_SIGNS, b"dnn_")
        return "" if any(sign in lower for sign in wanted) else "shows nothing of what was asked for"

    def follow(self, task: Task, answer: Exchange, known: Known) -> Found:
        """What an answer leads to."""
        shown = links(answer.content)
        if task.kind == "meeting":
            return Found(tuple(self._documents(task, shown, answer.url)))
        if task.kind != "list":
            return Found()
        tasks: list[Task] = []
        bodies: dict[str, str] = {}
        module = ""
        for link in shown:
            url = self._own(link.href, answer.url)
            if url and (found := _MEETING.search(url)):
                dates = find_dates(f"{link.text} {link.tail}")
                day = dates[0].day.isoformat() if dates else ""
                if self.scope.holds(day) and (not found[3] or self.scope.wants(found[3])):
                    tasks.append(Task(f"meeting/{found[2]}", url, "meeting", found[3] or task.body, found[2], day))
            elif url and (found := _COMMITTEE.search(url)):
                bodies[found[2]] = bodies.get(found[2]) or link.text
                if self.scope.wants(found[2]):
                    tasks.append(Task(f"list/committee/{found[2]}", url, "list", body=found[2]))
            elif url and task.key == "list/home" and (found := _LEADING.search(url)):
                tasks.append(Task(f"list/{found[1].lower()}", url, "list"))
            elif url and (found := _CALENDAR.search(url)):
                module = f"{url[: found.start()]}/MeetingCalendarPublicNoJava/mid/{found[1]}"
        if not module and (named := _MODULE.search(answer.content)):
            module = f"{self.scope.base}Meetings/ctl/MeetingCalendarPublicNoJava/mid/{named[1].decode()}"
        return Found((*tasks, *self._months(task, module, tasks, known)), tuple(bodies.items()))

    def _months(self, task: Task, module: str, meetings: list[Task], known: Known) -> Iterator[Task]:
        """The first month of the calendar, or the one before this."""
        if shown := re.fullmatch(r"list/month/(\d{4})-(\d{2})", task.key):
            month = dt.date(int(shown[1]), int(shown[2]), 1)
            empty = 0 if any(one.kind == "meeting" for one in meetings) else int(task.hint or 0) + 1
            before = (month - dt.timedelta(days=1)).replace(day=1)
            if empty < _EMPTY_MONTHS and before.year > 1990 and (self.scope.since is None or month > self.scope.since):
                url = re.sub(r"(?<=/Date/)[\d-]+", before.isoformat(), task.url)
                yield Task(f"list/month/{before:%Y-%m}", url, "list", hint=str(empty))
        elif module:
            last = self.scope.until or self.scope.today + dt.timedelta(days=31 * _AHEAD)
            first = last.replace(day=1)
            yield Task(f"list/month/{first:%Y-%m}", f"{module}/Date/{first.isoformat()}/Default.aspx", "list")

    def _documents(self, task: Task, shown: list[Link], page: str) -> Iterator[Task]:
        for link in shown:
            url = self._own(link.href, page)
            if url and _DOCUMENT.search(url) and (self.scope.documents == "all" or link.text.lower().startswith(_MINUTES)):
                name = hashlib.sha256(urlsplit(url).query.encode()).hexdigest()[:24]
                yield Task(f"doc/{name}", url, "document", task.body, task.meeting, task.day)

    def _own(self, href: str, page: str) -> str | None:
        url = absolute_url(href, page)
        if not url or urlsplit(url).netloc.lower() != self._host:
            return None
        return url.partition("#")[0] if site_of(url) else None
