"""Finding: which source of an archive an address names, asked of the site where the address alone does not tell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from minutes_archive.access import Audience
from minutes_archive.crawl.frontier import Row, host_of
from minutes_archive.crawl.http import FetchError, field_of
from minutes_archive.crawl.keeper import Fetch
from minutes_archive.crawl.politeness import USUAL_DELAY, read_robots
from minutes_archive.crawl.site import Site, council_of, recognise_address, recognise_page
from minutes_archive.crawl.task import Task
from minutes_archive.crawl.verdict import judge
from minutes_archive.errors import CrawlError
from minutes_archive.identity import absolute_url, site_of
from minutes_archive.model import Exchange
from minutes_archive.sources import Source, read_sources
from minutes_archive.workspace import Workspace

_HOPS = 5


@dataclass
class Means:
    """What a crawl works with: how it asks, what the time is, how it waits, whom it tells."""

    fetch: Fetch
    now: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    tell: Callable[[int, Row | None, Callable[[], int]], None] = field(default=lambda requests, row, waiting: None)
    warn: Callable[[str], None] = field(default=lambda text: None)
    asked: dict[str, int] = field(default_factory=dict)  # by source, before the crawl itself began


def find_source(
    workspace: Workspace, url: str, means: Means, delay: float | None = None, audience: Audience | None = None
) -> Source:
    """The source that ``url`` names or is a page of. Raises ``CrawlError``.

    A new one stands in ``sources.toml`` once anything of it was had (see ``crawl``): a slip of the pen leaves nothing there.
    ``delay`` is the seconds between requests that the user said, where the site has to be asked; ``audience`` for whom a new
    one is.
    """
    known = read_sources(workspace.sources)
    if url in known:
        return known[url]
    if not re.search(r"[.:/]", url):
        names = ", ".join(known) or "no name stands there yet"
        raise CrawlError(f"{url!r} is neither an address nor a name in {workspace.sources} ({names})")
    url = url if "://" in url else f"https://{url}"
    site = recognise_address(url)
    if site is None:
        at_host = [one for one in known.values() if urlsplit(one.url).netloc.lower() == urlsplit(url).netloc.lower()]
        if len(at_host) == 1:
            return at_host[0]
        site, requests = _ask_for_site(url, means, delay)
    else:
        requests = 0
    for one in known.values():
        if site_of(one.url) == site_of(site.base):
            means.asked[one.name] = requests
            return one
    name = unused = council_of(site.base)
    number = 1
    while unused in known:
        number += 1
        unused = f"{name}-{number}"
    means.asked[unused] = requests
    return Source(unused, site.base, site.platform, audience=audience)


def _ask_for_site(url: str, means: Means, said: float | None) -> tuple[Site, int]:
    """The site that the page at ``url`` shows, its robots.txt asked first, and how many requests that took."""
    requests, delay = 0, USUAL_DELAY if said is None else said

    def ask(address: str) -> Exchange:
        nonlocal requests
        requests += 1
        try:
            return means.fetch(address)
        except FetchError as error:
            raise CrawlError(f"{url}: {error}" + ("" if error.refused else "; check the address")) from error
        finally:
            means.sleep(delay)

    for _ in range(_HOPS):
        robots, told = f"{host_of(url)}/robots.txt", ask(f"{host_of(url)}/robots.txt")
        for _ in range(_HOPS):
            if target := _leads_to(told):
                told = ask(target)
        rules = read_robots(told.status, told.content)
        if rules is None:
            raise CrawlError(f"{robots} can't be had (answered {told.status}), so nothing may be asked for; try again later")
        if not rules.allows(url):
            raise CrawlError(f"{robots} does not allow {url}; give the address of a committee or meeting page")
        delay = max(delay, rules.delay or 0.0) if said is None else said
        answer = ask(url)
        if target := _leads_to(answer):
            url = target
            if found := recognise_address(url):
                return found, requests
            continue
        verdict = judge(Task("list/home", url, "home"), answer, "")
        if found := recognise_page(url, answer.content) if verdict.kind == "page" else None:
            return found, requests
        if verdict.kind != "page":
            why = f"{verdict.kind}: {verdict.reason}"
            raise CrawlError(f"{url} can't be had ({why}); try the address of a committee or meeting page")
        break
    raise CrawlError(f"{url} shows no ModernGov or CMIS site; give the address of a committee or meeting page of it")


def _leads_to(answer: Exchange) -> str | None:
    """Where an answer redirects to; None where it does not."""
    redirects = answer.status in {301, 302, 303, 307, 308}
    return absolute_url(field_of(answer, "location"), answer.url) if redirects else None
