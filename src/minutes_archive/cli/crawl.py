"""``minutes crawl``: a council's site into the archive."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import click

from minutes_archive.archive import read_bound, update_index
from minutes_archive.cli.messages import counted, report, say
from minutes_archive.cli.progress import CrawlProgress
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.crawling import CrawlError, Means, Summary, Wish, crawl, find_source
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.pipeline import Archiver
from minutes_archive.sources import Source
from minutes_archive.workspace import Workspace

_SHOWN = 10


@click.command("crawl", short_help="Archive a council's site, politely and resumably.")
@click.argument("url")
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
    settings: Settings, url: str, since: str | None, until: str | None, committee: tuple[str, ...],
    documents: Literal["minutes", "all"] | None, delay: float | None, max_requests: int | None, allow_private: bool,
    as_json: bool,
) -> None:
    """Archive a council's site (ModernGov, CMIS), then read, annotate, record and index what came.

    Any address of the site will do. Robots.txt is obeyed, one request is made at a time, a second apart unless told
    otherwise. Run again, it goes on where it stopped, or asks only for what is due.

    \b
    Example:
      minutes crawl https://democracy.fenmoor.example/ieListMeetings.aspx?CId=7
      minutes crawl fenmoor --since 2023/24 --documents all
    """
    first, last = read_bound("since", since), read_bound("until", until)
    wish = Wish(first, last, committee, documents, delay, max_requests, settings.audience)
    for one in committee:
        if not one.isdigit():
            raise MinutesArchiveError(f"--committee {one!r} is no id; it is the number behind CId= in the committee's address")
    workspace = Workspace.open(settings.archive, writing=True)
    with workspace.writer_lock(), _means(allow_private) as means:
        source = find_source(workspace, url, means, delay)
        archiver = Archiver(workspace, means.now, report)
        say(f"crawling {source.name}: {source.url} ({source.platform})")
        summary = crawl(workspace, source, wish, means, archiver)
        update = update_index(workspace)[settings.viewer]
        say(f"index: {counted(update.items, 'item')}")
    _tell(source, summary)
    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    if not summary.meetings and not summary.captures and not summary.unchanged:
        raise CrawlError(f"nothing could be had of {source.url}; {_first_reason(summary)}")


@contextlib.contextmanager
def _means(allow_private: bool) -> Iterator[Means]:
    from minutes_archive.crawl.http import CONTACT, Fetcher  # noqa: PLC0415 - no other command waits for a network library

    def now() -> datetime:
        return datetime.now(UTC)

    fetcher = Fetcher(now, allow_private=allow_private, contact=os.environ.get("MINUTES_CONTACT") or CONTACT)
    progress = CrawlProgress(time.monotonic)
    try:
        yield Means(fetcher.fetch, now, time.sleep, progress.tell, say)
    finally:
        progress.close()
        fetcher.close()


def _tell(source: Source, done: Summary) -> None:
    say(f"{counted(done.requests, 'request')}: {done.captures:,} kept, {done.unchanged:,} unchanged")
    say(f"{source.name} now has {counted(done.meetings, 'meeting')}, {counted(done.items, 'item')}, "
        f"{counted(done.documents, 'document')}")
    left = ((done.pending, "still to be asked for"), (done.disallowed, "forbidden by robots.txt"), (done.blocked, "blocked"),
            (done.failed, "failed"))
    if told := ", ".join(f"{number:,} {words}" for number, words in left if number):
        say(told)
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
