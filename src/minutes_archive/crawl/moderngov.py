"""ModernGov: which of its pages and service calls matter, and what their answers lead to (dossier 1).

The XML service is asked first: it tells every meeting and every text whole. Where it is off, or may not be asked, the
committee list, the lists of meetings, the meeting pages and the pages of what those cut off tell the same.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from minutes_archive.crawl.page import Link, elements, links, root_of, value, years
from minutes_archive.crawl.task import NEWS, Found, Kind, Known, Scope, Task
from minutes_archive.dates import find_dates
from minutes_archive.identity import absolute_url, site_of
from minutes_archive.model import Exchange

SERVICE = "mgWebService.asmx"
COMMITTEES = "service/committees"
_COMMITTEE_LIST, _HOME = "list/committees", "list/home"
_FIRST_DAY = dt.date(1970, 1, 1)
_HALF_YEAR = dt.timedelta(days=183)
_EMPTY_YEARS = 3
_PRINTED = "1"
_FILE = re.compile(r"/documents/([a-z])(\d{1,18})/([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_UK_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class Address:
    """What a link of a site points at: the task's kind and key, and its parameters by their names in lower case."""

    kind: Kind
    key: str
    number: str
    url: str
    parameters: dict[str, str]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "moderngov.toml").read_text(encoding="utf-8"))


def name_of(url: str) -> str:
    """The page's file name in lower case, without .asp or .aspx."""
    return re.sub(r"\.aspx?$", "", urlsplit(url).path.rsplit("/", 1)[-1].lower())


def base_of(url: str) -> str | None:
    """The folder of the site that ``url`` is a page of, told by the address alone; None where that does not tell."""
    found = absolute_url(url, None)
    if not found:
        return None
    path = urlsplit(found).path
    lower = path.lower()
    for mark in ("/mgwebservice.asmx", "/documents/"):
        if mark in lower:
            return urljoin(found, path[: lower.index(mark)] + "/")
    last = lower.rsplit("/", 1)[-1]
    if re.fullmatch(rf"(?:{'|'.join(_table()['signs']['names'])})[a-z0-9]+\.aspx?", last):
        return urljoin(found, path[: len(path) - len(last)])
    return None


def shows_site(content: bytes) -> bool:
    """Whether a page shows that it is of a ModernGov site, or leads to one."""
    lower = content[:2_000_000].lower()
    return any(word.encode() in lower for word in _table()["signs"]["words"])


class ModernGov:
    """One ModernGov site, as far as ``scope`` wants it."""

    name = "moderngov"

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._base = scope.base
        self._site = site_of(scope.base)

    def first(self) -> tuple[Task, ...]:
        """The service's list of committees: it tells whether the service is on; and what is new since the last look."""
        committees = Task(COMMITTEES, f"{self._base}{SERVICE}/GetCommittees?lDummy=0", "list", probe=True)
        looked, today = self.scope.looked, self.scope.today
        if looked is None or looked >= today:
            return (committees,)
        # From the day before, whose end was not over; a longer time than half a year is slow (dossier 1.6).
        first = max(looked - dt.timedelta(days=1), today - _HALF_YEAR)
        period = quote(f"{first:%d/%m/%Y}-{today:%d/%m/%Y}", safe="")
        return committees, Task(NEWS, f"{self._base}mgWhatsNew.aspx?bcr=1&DR={period}", "list", probe=True)

    def instead(self, task: Task) -> tuple[Task, ...]:
        """What tells the same: a page for the service, halves for a period that took too long."""
        if task.key == COMMITTEES:
            return (Task(_COMMITTEE_LIST, f"{self._base}mgListCommittees.aspx?bcr=1", "list"),)
        if task.key == _COMMITTEE_LIST:
            return (Task(_HOME, f"{self._base}ieDocHome.aspx?bcr=1", "list"),)
        if task.key.startswith("service/meetings/"):
            return (self._list_of(task.body, {"Year": "0"}),)
        return ()

    def doubt(self, task: Task, answer: Exchange) -> str:
        """Why an answer is not what was asked for."""
        if task.key.startswith("service/"):
            wanted = {COMMITTEES: ("committees",)}.get(task.key) or (
                ("meeting",) if task.kind == "service" else ("getmeetings", "getmeetingsbydate")
            )
            root = root_of(answer.content)
            if root not in wanted:
                return f"is no answer of the service (begins with <{root or 'nothing'}>)"
            told = elements(answer.content, "meetingid")
            return "" if task.kind != "service" or (told and told[0].partition("<")[0].strip()) else "is an empty answer"
        if task.kind == "document":
            return ""
        name = name_of(answer.url)
        if task.kind not in {"home", "list"} and name != name_of(task.url) and name not in _table()["pages"]:
            return "was sent to another page of the site"
        lower = answer.content.lower()
        shown = any(word.encode() in lower for word in _table()["shows"].get(task.kind, ()))
        return "" if shown or task.kind == "home" else "shows nothing of what was asked for"

    def follow(self, task: Task, answer: Exchange, known: Known) -> Found:
        """What an answer leads to."""
        if task.key == COMMITTEES:
            return self._committees(answer)
        if task.key.startswith("service/meetings/"):
            return self._meetings(task, answer)
        if task.key in {_COMMITTEE_LIST, _HOME}:
            return self._committee_links(task, answer)
        if task.key == NEWS:
            return Found(changed=tuple(self._news(answer)))
        if task.kind == "list":
            return self._meeting_links(task, answer, known)
        if task.kind == "meeting":
            return self._page(task, answer, known)
        return Found()  # the documents stand on the page too, which is asked for next

    # The service

    def _committees(self, answer: Exchange) -> Found:
        bodies = [(value(one, "committeeid"), value(one, "committeetitle")) for one in elements(answer.content, "committee")]
        bodies = [(number, title) for number, title in bodies if number.isdigit()]
        tasks = [self._window(number, *self._period()) for number, _ in bodies if self.scope.wants(number)]
        if not tasks:  # the list says nothing: the page may
            return Found(self.instead(Task(COMMITTEES, "", "list")))
        return Found(tuple(tasks), tuple(bodies))

    def _period(self) -> tuple[dt.date, dt.date]:
        # The end of the next year: it changes once a year, not from day to day.
        return self.scope.since or _FIRST_DAY, self.scope.until or dt.date(self.scope.today.year + 1, 12, 31)

    def _window(self, committee: str, first: dt.date, last: dt.date) -> Task:
        # Never ISO dates: they are taken, and the period is then ignored (dossier 1.8).
        query = f"lCommitteeId={committee}&sFromDate={first:%d/%m/%Y}&sToDate={last:%d/%m/%Y}"
        whole = (first, last) == self._period()
        key = f"service/meetings/{committee}" + ("" if whole else f"/{first}/{last}")
        return Task(key, f"{self._base}{SERVICE}/GetMeetings?{query}", "list", body=committee)

    def halves(self, task: Task) -> tuple[Task, ...]:
        """The two halves of a period that took too long; none where it is short enough."""
        days = [dt.date(int(y), int(m), int(d)) for d, m, y in _UK_DATE.findall(task.url)]
        if not task.key.startswith("service/meetings/") or len(days) != 2 or days[1] - days[0] <= _HALF_YEAR:
            return ()
        middle = days[0] + (days[1] - days[0]) / 2
        return self._window(task.body, days[0], middle), self._window(task.body, middle + dt.timedelta(days=1), days[1])

    def _meetings(self, task: Task, answer: Exchange) -> Found:
        first, last = ([dt.date(int(y), int(m), int(d)) for d, m, y in _UK_DATE.findall(task.url)] or self._period())[:2]
        title = next((value(one, "committeetitle") for one in elements(answer.content, "committee")), "")
        tasks: list[Task] = []
        outside = 0
        for one in elements(answer.content, "meeting"):
            number, date = value(one, "meetingid"), _UK_DATE.search(value(one, "meetingdate"))
            if not number.isdigit():
                continue
            day = f"{date[3]}-{int(date[2]):02d}-{int(date[1]):02d}" if date else ""
            if day and not first.isoformat() <= day <= last.isoformat():
                outside += 1
                continue
            if self.scope.holds(day):
                tasks += self._meeting_tasks(task.body, number, day, value(one, "meetingstatus"))
        note = f"{outside} meetings outside the period asked for were passed over" if outside else ""
        period = None if outside else (first.isoformat(), last.isoformat())
        return Found(tuple(tasks), ((task.body, title),) if title else (), note, period)

    def _meeting_tasks(self, body: str, number: str, day: str, hint: str) -> Iterator[Task]:
        call = f"{self._base}{SERVICE}/GetMeeting?lMeetingId={number}"
        yield Task(f"service/meeting/{number}", call, "service", body, number, day, hint, probe=True)
        page = f"{self._base}ieListDocuments.aspx?CId={body}&MId={number}&Ver=4"
        yield Task(f"meeting/{number}", page, "meeting", body, number, day, hint)

    # The pages

    def _list_of(self, committee: str, query: dict[str, str]) -> Task:
        asked = "".join(f"&{name}={said}" for name, said in query.items())
        key = "".join(f"/{name.lower()}={said}" for name, said in sorted(query.items()))
        return Task(f"list/{committee}{key}", f"{self._base}ieListMeetings.aspx?CId={committee}{asked}", "list", body=committee)

    def _committee_links(self, task: Task, answer: Exchange) -> Found:
        bodies: dict[str, str] = {}
        for link in links(answer.content):
            name, parameters = self._own(link.href, answer.url)
            number = {"mgcommitteedetails": parameters.get("id", ""), "ielistmeetings": _committee(parameters)}.get(name, "")
            if number.isdigit():
                bodies[number] = bodies.get(number) or link.text
        tasks = tuple(self._list_of(one, {"Year": "0"}) for one in bodies if self.scope.wants(one))
        return Found(tasks or self.instead(task), tuple(bodies.items()))

    def _meeting_links(self, task: Task, answer: Exchange, known: Known) -> Found:
        tasks: list[Task] = []
        days: list[str] = []
        paging: dict[str, Task] = {}
        shown = links(answer.content)
        for link in shown:
            name, parameters = self._own(link.href, answer.url)
            address = self._address(link.href, answer.url)
            if address and address.kind == "meeting":
                dates = find_dates(link.text)
                day = dates[0].day.isoformat() if dates else ""
                days += [day] if day else []
                if self.scope.holds(day):
                    # The link as found, without its session; its own committee, where it names one.
                    body = _committee(address.parameters) or task.body
                    tasks.append(Task(address.key, address.url, "meeting", body, address.number, day, link.tail))
            elif name == "ielistmeetings" and _committee(parameters) in {task.body, ""}:
                act, moment = parameters.get("act", "").lower(), re.sub(r"\D", "", parameters.get("d", ""))
                if act in {"earlier", "later"} and moment:
                    query = {"Act": act, "D": moment, "MD": "ielistmeetings"}
                    paging[act] = self._list_of(task.body, query)
        new = any(known.state(one.key) is None for one in tasks)
        # A list of all years that leads no further names every meeting.
        period = self.scope.period if "/year=0" in task.key and not paging else None
        if paging and days and not tasks:
            more = self._towards_scope(paging, days)
        else:
            more = self._more_lists(task, paging, tasks, new, years(answer.content))
        return Found((*tasks, *more), period=period)

    def _towards_scope(self, paging: dict[str, Task], days: list[str]) -> Iterator[Task]:
        """From a list whose meetings are all later or all earlier than what is wanted, the list that comes nearer."""
        since, until = self.scope.since, self.scope.until
        if until and min(days) > until.isoformat():
            yield from [task for act, task in paging.items() if act == "earlier"]
        elif since and max(days) < since.isoformat():
            yield from [task for act, task in paging.items() if act == "later"]

    def _more_lists(
        self, task: Task, paging: dict[str, Task], meetings: list[Task], new: bool, offered: list[int]
    ) -> Iterator[Task]:
        """The further lists of a committee's meetings. A list that shows nothing new leads no further: some have no end."""
        if "/year=0" in task.key:
            if meetings:
                # A list that reaches into the days to come has no later ones.
                newest = max(one.day for one in meetings)
                yield from [one for act, one in paging.items() if act == "earlier" or newest < self.scope.today.isoformat()]
            else:
                for one in offered or [self.scope.today.year + 1]:
                    yield self._list_of(task.body, {"Year": str(one)})
            return
        if year := re.search(r"/year=(\d{4})$", task.key):
            if not offered and int(year[1]) > 1970:
                yield from self._year_before(task, int(year[1]), bool(meetings))
            return
        if new:
            yield from paging.values()

    def _year_before(self, task: Task, year: int, shown: bool) -> Iterator[Task]:
        """The list of the year before, unless three years in a row were empty behind the oldest meeting (dossier 1.5)."""
        empty = 0 if shown else int(task.hint or 0) + 1
        begun = shown or year > self.scope.today.year
        if begun or empty < _EMPTY_YEARS:
            # A year to come says nothing of those behind it.
            yield replace(self._list_of(task.body, {"Year": str(year - 1)}), hint=str(0 if begun else empty))

    def _news(self, answer: Exchange) -> Iterator[str]:
        """The meetings of which something was published; those that are new stand in their lists."""
        addresses = (self._address(link.href, answer.url) for link in links(answer.content))
        found = {one.number: _committee(one.parameters) for one in addresses if one is not None and one.kind == "meeting"}
        yield from (number for number, body in found.items() if not body or self.scope.wants(body))

    def _page(self, task: Task, answer: Exchange, known: Known) -> Found:
        shown = links(answer.content)
        tasks = list(self._documents(task, shown, answer.url))
        if known.state(f"service/meeting/{task.meeting}") == "held":
            return Found(tuple(tasks))
        for link in shown:
            address = self._address(link.href, answer.url)
            if address is None or address.kind in {"meeting", "document"}:
                continue
            if address.kind == "item" and not any(word in link.text.lower() for word in _table()["cut"]["words"]):
                continue
            if address.kind == "attendance" and address.number != task.meeting:
                continue
            tasks.append(Task(address.key, address.url, address.kind, task.body, task.meeting, task.day))
        return Found(tuple(tasks))

    def _documents(self, task: Task, shown: Iterable[Link], page: str) -> Iterator[Task]:
        pairs = [(link, self._address(link.href, page)) for link in shown]
        found = [(link, address) for link, address in pairs if address is not None and address.kind == "document"]
        # A site that prints its minutes has no need of the copies that the next meeting's agenda encloses.
        prints = any(address.key.startswith("gdoc/") and address.parameters.get("t") == _PRINTED for _, address in found)
        for link, address in found:
            if self._is_wanted(link, address, prints):
                yield Task(address.key, address.url, "document", task.body, task.meeting, task.day)

    def _is_wanted(self, link: Link, address: Address, prints: bool) -> bool:
        if self.scope.documents == "all":
            return True
        if address.key.startswith("gdoc/"):
            return address.parameters.get("t") in _table()["minutes"]["packs"]
        return not prints and link.text.lower().startswith(tuple(_table()["minutes"]["titles"]))

    def _own(self, href: str, page: str) -> tuple[str, dict[str, str]]:
        """File name and parameters of a link to this site; nothing of another's."""
        url = absolute_url(href, page)
        if not url or site_of(url) != self._site:
            return "", {}
        return name_of(url), _parameters(url)

    def _address(self, href: str, page: str) -> Address | None:
        """What a link to this site points at, as far as it is ever asked for."""
        url = absolute_url(href, page)
        if not url or site_of(url) != self._site:
            return None
        url = url.partition("#")[0]
        parameters = _parameters(url)
        if file := _FILE.search(url):
            letter, number = file[1].lower(), str(int(file[2]))
            kind = f"gdoc/{number}/{parameters.get('t', '')}" if letter == "g" else f"doc/{letter}{number}"
            return Address("document", kind, number, url, parameters)
        page_of = _table()["pages"].get(name_of(url))
        if page_of is None:
            return None
        name, number = next(((one, parameters[one]) for one in page_of["id"] if parameters.get(one, "").isdigit()), ("", ""))
        if not number:
            return None
        number = str(int(number))
        if page_of["kind"] == "document":
            # With T it is a meeting's own file; without, documents/s41207 under another name.
            whole = f"gdoc/{number}/{parameters['t']}" if parameters.get("t") else f"doc/s{number}"
            return Address("document", whole, number, url, parameters)
        # Welsh is another text (dossier 1.6); any other number shows the same page, and numbers have no end.
        language = "?lll=1" if parameters.get("lll") == "1" else ""
        key = f"{page_of['key']}/{'ai' if name == 'aiid' else ''}{number}{language}"
        return Address(page_of["kind"], key, number, url, parameters)


def _committee(parameters: dict[str, str]) -> str:
    number = parameters.get("cid") or parameters.get("committeeid") or ""
    return str(int(number)) if number.isdigit() else ""


def _parameters(url: str) -> dict[str, str]:
    return {name.lower(): said.strip() for name, said in parse_qsl(urlsplit(url.replace("&amp;", "&")).query)}
