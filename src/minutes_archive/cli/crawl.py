"""``minutes crawl``: a council's site into the archive."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import click

from minutes_archive.access import Audience
from minutes_archive.archive import read_bound, update_index
from minutes_archive.cli.messages import counted, report, say
from minutes_archive.cli.progress import CrawlProgress
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.contact import checked_contact, read_contact, write_contact
from minutes_archive.crawling import Summary, Wish, crawl
from minutes_archive.errors import CrawlError, MinutesArchiveError
from minutes_archive.finding import Means, find_source
from minutes_archive.sources import Source, read_sources
from minutes_archive.workspace import Workspace

_SHOWN = 10


@click.command("crawl", short_help="Archive a council's site, politely and resumably.")
@click.argument("urls", metavar="[URL]...", nargs=-1)
@click.option("--since", metavar="D", help="Only meetings from then on: a day, month, year or municipal year.")
@click.option("--until", metavar="D", help="Only meetings up to then.")
@click.option("--committee", multiple=True, metavar="ID", help="Only this committee, by the site's id; may be repeated.")
@click.option("--documents", type=click.Choice(["minutes", "all"]), help="Which files: minutes and decisions, or all reports.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests; wins over robots.txt.")
@click.option("--max-requests", type=click.IntRange(min=1), metavar="N", help="Stop after so many requests; go on next time.")
@click.option("--allow-private", is_flag=True, help="Admit a private or loopback address: a council's intranet.")
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object, on the last line.")
@common_options
@pass_settings
def command(
    settings: Settings, urls: tuple[str, ...], since: str | None, until: str | None, committee: tuple[str, ...],
    documents: Literal["minutes", "all"] | None, delay: float | None, max_requests: int | None, allow_private: bool,
    as_json: bool,
) -> None:
    """Archive a council's site (ModernGov, CMIS), then read, annotate, record and index what came.

    Any address of the site will do, or its name in sources.toml; without any, all that stand there are archived, their hosts
    side by side. Robots.txt is obeyed, one request is made at a time per host, a second apart unless told otherwise. Run
    again, it goes on where it stopped, or asks only for what is due.

    \b
    Example:
      minutes crawl https://democracy.fenmoor.example/ieListMeetings.aspx?CId=7
      minutes crawl fenmoor --since 2023/24 --documents all
      minutes crawl
    """
    first, last = read_bound("since", since), read_bound("until", until)
    wish = Wish(first, last, committee, documents, delay, max_requests, settings.audience)
    _check(wish)
    workspace = Workspace.open(settings.archive, writing=True)
    contact = _contact(workspace, allow_private=allow_private)
    with workspace.crawl_lock():
        try:
            with _means(contact, allow_private) as means:
                sources = _sources(workspace, urls, means, delay, settings.audience)
                if len(sources) > 1 and committee:
                    raise MinutesArchiveError("--committee names bodies of one site: name that site, too")
                for source in sources:
                    say(f"crawling {source.name}: {source.url} ({source.platform})")
                done = crawl(workspace, sources, wish, means, report)
        except KeyboardInterrupt:
            say("interrupted: what was kept is recorded and goes into the index; run it again to go on")
            with workspace.writer_lock():
                update_index(workspace)
            raise
        with workspace.writer_lock():
            update = update_index(workspace)[settings.viewer]
        say(f"index: {counted(update.items, 'item')}")
    whole = sum(done.values(), Summary())
    nothing = not whole.meetings and not whole.captures and not whole.unchanged
    for source in () if nothing else sources:
        _tell(source, done[source.name], wish)
    if as_json:
        for source in sources if len(sources) > 1 else ():
            click.echo(json.dumps({"council": source.name, **done[source.name].as_json()}, ensure_ascii=False))
        click.echo(json.dumps(whole.as_json(), ensure_ascii=False))
    if nothing:
        raise CrawlError(f"nothing could be had of {', '.join(one.url for one in sources)}; {_first_reason(whole)}")


def _check(wish: Wish) -> None:
    if wish.since and wish.until and wish.since > wish.until:
        raise MinutesArchiveError(f"--since {wish.since} is after --until {wish.until}: no meeting can be between them")
    for one in wish.committees:
        if not (one.isascii() and one.isdigit()):
            raise MinutesArchiveError(f"--committee {one!r} is no id; it is the number behind CId= in the committee's address")


def _sources(
    workspace: Workspace, urls: tuple[str, ...], means: Means, delay: float | None, audience: Audience | None
) -> list[Source]:
    """The sources that are named, each once; without a name all that are known."""
    known = list(read_sources(workspace.sources).values())
    named = [find_source(workspace, url, means, delay, audience) for url in urls] or known
    said_once = [one.name for one in named if one in known and one.audience is not audience]
    if audience is Audience.OFFICER and said_once:
        say(f'to keep it so, write audience = "officer" in {workspace.sources} below: {", ".join(said_once)}')
    if not named:
        raise MinutesArchiveError(f"no council is known yet in {workspace.sources}; name the address of one's site")
    return list({source.name: source for source in named}.values())


def _contact(workspace: Workspace, *, allow_private: bool) -> str | None:
    """Whom a webmaster may write to, as the user set it, or says it now; kept for the next time."""
    told = read_contact(workspace, os.environ)
    if told or allow_private or not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return told
    say("Every request says who asks, so that the council's webmaster can write to you if something is amiss.")
    told = click.prompt("Your e-mail or web address", value_proc=_checked, err=True)
    write_contact(workspace, told)
    say(f"kept in {workspace.settings}, as contact below [crawl]")
    return told


def _checked(text: str) -> str:
    try:
        return checked_contact(text)
    except CrawlError as error:
        raise click.BadParameter(str(error)) from error


@contextlib.contextmanager
def _means(contact: str | None, allow_private: bool) -> Iterator[Means]:
    from minutes_archive.crawl.http import Fetcher  # noqa: PLC0415 - no other command waits for a network library

    def now() -> datetime:
        return datetime.now(UTC)

    fetcher = Fetcher(now, allow_private=allow_private, contact=contact)
    progress = CrawlProgress(time.monotonic)
    try:
        yield Means(fetcher.fetch, now, time.sleep, progress.tell, say)
    finally:
        progress.close()
        fetcher.close()


def _tell(source: Source, done: Summary, wish: Wish) -> None:
    say(f"{source.name}: {counted(done.requests, 'request')}: {done.captures:,} kept, {done.unchanged:,} unchanged")
    say(f"{source.name} now has {counted(done.meetings, 'meeting')}, {counted(done.items, 'item')}, "
        f"{counted(done.documents, 'document')}")
    left = ((done.pending, "still to be asked for"), (done.disallowed, "forbidden by robots.txt"), (done.blocked, "blocked"),
            (done.failed, "failed"))
    if told := ", ".join(f"{number:,} {words}" for number, words in left if number):
        more = f"; to go on: minutes crawl {source.name}" if done.pending and not wish.is_narrow else ""
        say(f"{source.name}: {told}{more}")
    for word, troubles in (("blocked", done.blocked_urls), ("failed", done.failed_urls)):
        for one in troubles[:_SHOWN]:
            say(f"{word}: {one.url}: {one.reason}")
        if len(troubles) > _SHOWN:
            say(f"{word}: and {len(troubles) - _SHOWN:,} more; --json lists them all")


def _first_reason(done: Summary) -> str:
    troubles = (*done.failed_urls, *done.blocked_urls)
    if troubles:
        return f"{troubles[0].url}: {troubles[0].reason}"
    return "robots.txt forbids it" if done.disallowed else "no meeting was found there"
