"""Traps: calendars without end, ids of sessions, pages that link to themselves under ever new addresses."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fakes.crawled import crawled
from fakes.server import Reply, Request
from faults.trial import Case, Trial

# Requests beyond the least that archives the site, as a share of it.
BEYOND = 0.10
MEETINGS = ("3102", "3132", "3188", "3225")
Trap = Callable[[Random, str], str]


def _session(chance: Random) -> str:
    return "".join(chance.choices("abcdefghijkmnopqrstuvwxyz012345", k=24))


TRAPS: dict[str, Trap] = {
    "calendar": lambda chance, page: f"mgCalendarMonthView.aspx?M={chance.randint(1, 12)}&DD={chance.randint(1900, 9999)}&CID=0",
    "calendar by path": lambda chance, page: f"/calendar/{chance.randint(1, 9999)}/{chance.randint(1, 12)}/",
    "search": lambda chance, page: f"ieDocSearch.aspx?SS={chance.random()}",
    "session in the path": lambda chance, page: f"/(S({_session(chance)})){page}",
    "two sessions in the path": lambda chance, page: f"/(S({_session(chance)})F({_session(chance)})){page}",
    "session in the query": lambda chance, page: f"{page}&ASP.NET_SessionId={_session(chance)}",
    "jsessionid": lambda chance, page: page.replace("?", f";jsessionid={_session(chance)}?"),
    "self with a counter": lambda chance, page: f"{page}&x={chance.random()}",
    "self with a mark": lambda chance, page: f"{page}#{chance.random()}",
    "self in another case": lambda chance, page: "".join(chance.choice((one.upper(), one.lower())) for one in page),
    "self in another order": lambda chance, page: "{}?{}".format(
        page.partition("?")[0], "&".join(chance.sample(page.partition("?")[2].split("&"), page.count("=")))
    ),
    "self with escapes": lambda chance, page: page.replace("MId", "%4D%49%64").replace("L", chance.choice(("L", "%4C"))),
    "self by dots": lambda chance, page: f"/x{chance.randint(1, 99)}/..{page}",
    "ever deeper": lambda chance, page: "x/" * chance.randint(1, 200) + page.lstrip("/"),
    "double strokes": lambda chance, page: "/" * chance.randint(2, 9) + page.lstrip("/"),
    "another host": lambda chance, page: f"https://{_session(chance)}.example{page}",
    "another scheme": lambda chance, page: f"javascript:go('{page}',{chance.random()})",
    "print and language": lambda chance, page: f"{page}&LLL={chance.choice((0, *range(2, 9_999)))}&$LO$=1&zTS={chance.random()}",
    "very long": lambda chance, page: f"{page}&{'y' * 5000}={chance.random()}",
}


def attempt(case: Case) -> str | None:
    """Crawl a site whose every page holds traps anew each time that it is asked for."""
    chance = case.chance
    chosen = [list(TRAPS)[case.index % len(TRAPS)], *chance.sample(list(TRAPS), chance.randint(0, 4))]
    service = chance.random() < 0.5
    with crawled(case.folder, service=service, messy=False, validators=False) as site:
        council = site.council
        council.meetings = {number: council.meetings[number] for number in MEETINGS}

        def trapped(request: Request) -> Reply:
            path = request.target.partition("?")[0]
            reply = council._answer(_home(path), Request(_home(request.target), request.fields))
            if reply.body.lstrip()[:1] != b"<" or b"</body>" not in reply.body:
                return reply
            targets = [f"/ieListDocuments.aspx?CId=102&MId={number}&Ver=4" for number in MEETINGS]
            links = [TRAPS[name](chance, page) for name in chosen for page in targets for _ in range(3)]
            shown = "".join(f'<a href="{one.replace("&", "&amp;")}">{number}</a>' for number, one in enumerate(links))
            return Reply(reply.body.replace(b"</body>", shown.encode() + b"</body>"), reply.status, reply.fields)

        council.faults["/"] = trapped
        done = site.run()
        least = council.least()
        what = f"{', '.join(chosen)} ({'with' if service else 'without'} the service)"
        if done.requests > least * (1 + BEYOND):
            return f"{what}: {done.requests} requests where {least} would do"
        missing = council.meetings.keys() - site.records().keys()
        broken = [one.id for one in site.records().values() for item in one.items if item.truncated]
        return f"{what}: not fetched: {missing or broken}" if missing or broken else None


def _home(target: str) -> str:
    """An address as the site reads it: without sessions, steps and doubled strokes."""
    while target.startswith("/(") and ")/" in target:
        target = target[target.index(")/") + 1 :]
    return "/" + target.lstrip("/")


TRIAL = Trial(11, "traps", "at most a tenth more requests than the site needs, and every meeting fetched whole", 120, 4, attempt)
