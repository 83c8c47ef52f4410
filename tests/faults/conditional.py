"""Conditional requests: a site that says "not modified" of what nobody has, that marks pages weakly, wrongly, or not at all.

A crawl of a sound site, or the first one, is followed by one in which the site behaves like that, while one of its meetings
has changed; then it is sound again. At no time is anything that was held gone or another; in the end all is as it stands there.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import replace
from random import Random

from fakes.crawled import Crawled, crawled
from fakes.server import Reply, Request
from fakes.site import FakeCouncil
from faults.trial import Case, Trial
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.crawl.frontier import Frontier

_MEETINGS = ("3188", "3225", "3219")
# Long enough for every page to be due again.
_DAYS = 400
_TAGS = itertools.count()
_NOT_MODIFIED = Reply(status=304, fields={"ETag": '"other"'})


def _tagged(tag: str) -> Callable[[Request, Reply], Reply]:
    """Every page has this tag, whatever it holds; who brings it is told that nothing has changed."""
    def answer(request: Request, reply: Reply) -> Reply:
        if request.fields.get("if-none-match") == tag.strip():
            return Reply(status=304, fields={"ETag": tag})
        return replace(reply, fields={**reply.fields, "ETag": tag}) if reply.status == 200 else reply
    return answer


def _to_conditions(answer: Reply) -> Callable[[Request, Reply], Reply]:
    """A request with conditions is answered so, whatever they are."""
    return lambda request, reply: answer if _is_conditional(request) else reply


def _is_conditional(request: Request) -> bool:
    return bool({"if-none-match", "if-modified-since"} & request.fields.keys())


def _dated(date: str) -> Callable[[Request, Reply], Reply]:
    """Every page was changed at this date, or what stands in its place."""
    def answer(request: Request, reply: Reply) -> Reply:
        if "if-modified-since" in request.fields:
            return Reply(status=304)
        fields = {name: said for name, said in reply.fields.items() if name != "ETag"}
        return replace(reply, fields={**fields, "Last-Modified": date})
    return answer


def _weak(request: Request, reply: Reply) -> Reply:
    """Tags are weak (RFC 9110, 8.8.1), and compared as such: a page that differs in little has the same one."""
    return _tagged(f'W/"{len(reply.body) // 100_000}"')(request, reply)


# How a site may behave: what it makes of the sound answer.
MANNERS: dict[str, Callable[[Request, Reply], Reply]] = {
    "not modified, whoever asks": lambda request, reply: _NOT_MODIFIED,
    "not modified, whatever has changed": _to_conditions(_NOT_MODIFIED),
    "not modified, with a page": _to_conditions(Reply(b"<html>not modified</html>", 304, raw=(
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage"))),
    "weak tags": _weak,
    "one tag for all": _tagged('"x"'),
    "a tag without quotes": _tagged("x"),
    "a tag of blanks": _tagged("  "),
    "an endless tag": _tagged(f'"{"x" * 6000}"'),
    "a tag of no letters": _tagged('"\xe9\xff\xa0"'),
    "a list of tags": _tagged('"a", W/"b", *'),
    "another tag every time": lambda request, reply: replace(reply, fields={**reply.fields, "ETag": f'"{next(_TAGS)}"'}),
    "a date that is none": _dated("the day before yesterday"),
    "a date to come": _dated("Fri, 31 Dec 2099 23:59:59 GMT"),
    "conditions not met": _to_conditions(Reply(b"precondition failed", 412)),
    "conditions not understood": _to_conditions(Reply(b"bad request", 400)),
    "nothing for who brings conditions": _to_conditions(Reply(b"", 200)),
    "an error for who brings conditions": _to_conditions(Reply(b"<html>oops</html>", 500)),
}


def attempt(case: Case) -> str | None:
    """Crawl a site that behaves in one of these manners, on some of its pages."""
    chance = case.chance
    name = list(MANNERS)[case.index % len(MANNERS)]
    council = FakeCouncil()
    meetings = {number: council.meetings[number] for number in _MEETINGS}
    with contextlib.ExitStack() as served:
        site, fresh = (
            served.enter_context(crawled(case.folder / one, service=case.index % 2 == 0, messy=False, meetings=dict(meetings)))
            for one in ("archive", "fresh")
        )
        held: dict[str, bytes] = {}
        for behaves, changes in ((chance.random() < 0.5, False), (True, True), (False, False)):
            if changes:
                _change(site, chance)
                fresh.council.meetings = site.council.meetings
            sound = site.council.__call__
            site.server.answer = _in_manner(sound, MANNERS[name], _some(chance)) if behaves else sound
            site.run()
            if fault := _lost(site, held):
                return f"{name}: {fault}"
            site.clock.pass_days(_DAYS)
        fresh.run()
        if (found := _texts(site)) != (expected := _texts(fresh)):
            apart = found.items() ^ expected.items()
            return f"{name}: in the end {len(found)} items of {len(expected)} are held; {str(sorted(apart)[:1])[:300]}"
    return None


def _some(chance: Random) -> Callable[[Request], bool]:
    """Which pages it is about: all, those of meetings, lists, or one page in three."""
    third = chance.randrange(3)
    return chance.choice([
        lambda request: True,
        lambda request: "meeting?" in request.target.lower() or "ielistdocuments" in request.target.lower(),
        lambda request: "ielistmeetings" in request.target.lower() or "getmeetings" in request.target.lower(),
        lambda request: len(request.target) % 3 == third,
    ])


def _in_manner(
    sound: Callable[[Request], Reply], manner: Callable[[Request, Reply], Reply], about: Callable[[Request], bool]
) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        if request.target == "/robots.txt" or not about(request):
            return sound(request)
        whole = Request(request.target, {name: said for name, said in request.fields.items() if not name.startswith("if-")})
        return manner(request, sound(whole))
    return answer


def _change(site: Crawled, chance: Random) -> None:
    """Let the minutes of one item say something else."""
    number = chance.choice(_MEETINGS)
    meeting = site.council.meetings[number]
    place = chance.randrange(len(meeting.items))
    items = list(meeting.items)
    matter = f"matter {chance.randrange(999)}"
    # Long enough for the site to cut it off where it cuts that item off.
    items[place] = replace(items[place], minutes=(
        f"The committee considered {matter} at some length and heard two residents who had come for it, and the officer who had "
        f"written the report on it answered what they asked. RESOLVED that {matter} be deferred to the next meeting."
    ))
    site.council.meetings = {**site.council.meetings, number: replace(meeting, items=tuple(items))}


def _lost(site: Crawled, held: dict[str, bytes]) -> str | None:
    """What of the captures that were ``held`` is lost or another, or is noted as held and is not; adds those that are new."""
    store = CaptureStore(site.workspace, site.clock.now)
    now = {capture.sha256: store.read(capture.sha256) for capture in store.captures()}
    if gone := [sha256 for sha256, content in held.items() if now.get(sha256) != content]:
        return f"lost or overwritten: {gone}"
    held |= now
    if b"" in now.values():
        return "an empty body was kept as a page"
    with contextlib.closing(Frontier(site.workspace.frontier)) as frontier:
        for source in frontier.sources():
            for row in frontier.rows(source, "held"):
                if row.sha256 not in now and row.task.key != "list/news":
                    return f"{row.target} counts as held, and is not"
    problems = list(check_captures(site.workspace))
    return f"check finds {problems[0]}" if problems else None


def _texts(site: Crawled) -> dict[tuple[str, int], tuple[str, str]]:
    held = ((number, item) for number, meeting in site.records().items() for item in meeting.items)
    return {(number, item.ordinal): (item.title, item.minutes_text) for number, item in held}


TRIAL = Trial(
    14, "conditional-requests",
    "304 without a prior copy, weak and wrong tags, false dates: no capture lost or overwritten, and once the site is sound "
    "again all is held that stands there",
    full=4 * len(MANNERS), short=2, attempt=attempt,
)
