"""200 but junk: a firewall's challenge, a login page, an error, a soft 404. Never read as "empty" or "removed"."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from fakes.crawled import QUICK, crawled
from fakes.server import Reply
from faults.bad_servers import KEPT, TARGETS
from faults.trial import Case, Trial
from minutes_archive.access import Audience
from minutes_archive.records import ArchiveView, RecordStore


def _page(title: str, body: str) -> Reply:
    return Reply(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


JUNK = {
    "challenge": _page("Just a moment...", "Checking your browser before accessing"),
    "challenge by script": _page("Attention Required! | Cloudflare", '<div id="cf-wrapper">Sorry, you have been blocked</div>'),
    "gateway": _page("Azure WAF", "<noscript>JavaScript is required</noscript>The request is blocked."),
    "login": _page("Log in", '<form method="post"><input name="u"><input type="password" name="p"></form>'),
    "error": _page("Error", "<h1>Sorry</h1><p>An error has occurred.</p>"),
    "soft 404": _page("Page not found", "The page you are looking for could not be found"),
    "script": _page("", "<script>location.href='/?check=' + Math.random()</script>"),
    "welcome": _page("Thornmere", "<div>Welcome</div>"),
    "maintenance": _page("Service unavailable", "We are carrying out essential maintenance. Please try again later."),
    "no page": Reply(b"OK"),
}


def attempt(case: Case) -> str | None:
    """Crawl a site that gives junk in the place of one kind of page, held before or not."""
    chance = case.chance
    name = list(JUNK)[case.index % len(JUNK)]
    junk, held, where = JUNK[name], case.index // len(JUNK) % 2 == 1, chance.choice(("page", "page", "service", "list"))
    junk = replace(junk, body=_stuffed(junk.body, chance))
    with crawled(case.folder) as site:
        site.limits = QUICK
        site.council.meetings = {number: site.council.meetings[number] for number in KEPT}
        if held:
            site.run()
            site.clock.pass_days(400)
        before, seen = site.records(), _public(site.workspace)
        site.council.faults[TARGETS[where]] = lambda request: junk
        done = site.run()
        what = f"{name} for the {where}, {'held before' if held else 'never held'}"
        if before and (site.records() != before or _public(site.workspace) != seen):
            return f"{what}: what was held has changed"
        # Where the pages stand in for the service, and all is held, there is nothing to tell.
        if (where == "page" and not done.blocked + done.failed) or (done.pending and not (done.blocked or site.warnings)):
            return f"{what}: not told as blocked: {done}"
        if any(not one.items for one in site.records().values()):
            return f"{what}: recorded as empty"
        site.council.faults.clear()
        site.clock.pass_days(40)
        site.run()
        whole = site.records().keys() == set(KEPT) and all(one.items for one in site.records().values())
        return None if whole else f"{what}: not made good when the site was itself again"


def _stuffed(body: bytes, chance: Random) -> bytes:
    """Junk as it differs from visit to visit: a number, a long comment."""
    stamp = f"<!-- {chance.random()} {'x' * chance.choice((0, 20, 5_000))} -->"
    return body.replace(b"</body>", stamp.encode() + b"</body>")


def _public(workspace: object) -> set[str]:
    return {one.id for one in ArchiveView(RecordStore(workspace), Audience.PUBLIC).meetings()}  # type: ignore[arg-type]


TRIAL = Trial(
    13, "junk-pages", "never read as empty or removed; told as blocked; made good once the site is itself again", 200, 10, attempt
)
