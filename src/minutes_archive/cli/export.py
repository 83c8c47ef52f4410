"""``minutes export``: what leaves the archive as files."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from minutes_archive.access import Audience
from minutes_archive.cli.files import write_file, writing_file
from minutes_archive.cli.messages import counted, say
from minutes_archive.cli.search_options import FILTERS, chosen_filters, filter_options, open_archive
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.export.results import results_page
from minutes_archive.handover import write_handover
from minutes_archive.publishing import publish, saved_themes
from minutes_archive.workspace import Workspace


@click.group("export", short_help="Write results as files.")
@common_options
def command() -> None:
    """Write what was found as files that can be handed on.

    \b
    Example:
      minutes export results "off-road bikes" bikes.html
    """


@command.command("results")
@click.argument("query")
@click.argument("file", type=click.Path(path_type=Path))
@filter_options
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", help="In which order.")
@click.option("--match", type=click.Choice(["most", "all", "any"]), default="most", help="How many of the words items need.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, metavar="N", help="How many to write (100).")
@click.option("--full-text", is_flag=True, help="With the whole text of each item.")
@click.option("--no-expand", is_flag=True, help="Only the words typed, not related ones.")
@common_options
@pass_settings
def results(
    settings: Settings, /, query: str, file: Path, sort: Any, match: Any, limit: int, full_text: bool, no_expand: bool,
    **options: Any,
) -> int:
    """Write one result list as a self-contained HTML page: opens by double click, prints on A4, loads nothing.

    \b
    Example:
      minutes export results "off-road bikes" bikes.html --decision deferred
    """
    filters = chosen_filters(options)
    with open_archive(settings) as archive:
        page = archive.search(
            query, facets=True, sort=sort, match=match, limit=limit, full_text=full_text, expand=not no_expand, **filters
        )
        labels = {topic.id: topic.pref_label for topic in archive.vocabulary().topics}
    named = {name: list(options[name]) for name in (*FILTERS, "since", "until")}
    write_file(file, results_page(page, named, labels).encode(), Workspace(settings.archive))
    say(f"{file}: {counted(page.total, 'item')}" + (f", the first {limit} written" if page.total > limit else ""))
    return 0 if page.total else 1


@command.command("site")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--base-url", metavar="U", help="The address that it will stand at: gives a sitemap, and full addresses in feeds.")
@common_options
@pass_settings
def site(settings: Settings, folder: Path, base_url: str | None) -> int:
    """Write the archive as a static site: pages to read, search and print, on a web server or opened from a disk.

    The folder is put in the place of the one before when it is whole; only what has changed is made again.

    \b
    Example:
      minutes export site public-site
      minutes export site public-site --base-url https://minutes.example.org/
    """
    workspace = Workspace.of_archive(settings.archive)
    with open_archive(settings) as archive:
        themes = saved_themes(archive)
    done = publish(workspace, settings.viewer, folder, base_url, _date_of_making(), themes)
    say(f"{folder}: {counted(done.items, 'item')} of {counted(done.meetings, 'meeting')}; "
        f"{counted(done.done.written, 'file')} written, {done.done.kept:,} as before")
    if settings.viewer is not Audience.PUBLIC:
        say("it may hold restricted text, and says so on every page: hand it to nobody else")
    return 0


@command.command("wacz")
@click.argument("file", type=click.Path(path_type=Path))
@common_options
@pass_settings
def wacz(settings: Settings, file: Path) -> int:
    """Write the captures as a WACZ file, for hand-over: the bytes as they came in, which any web archive can open.

    For the public only what the public may see whole; with --audience officer everything, marked for whom it is.

    \b
    Example:
      minutes export wacz thornmere.wacz
      minutes export wacz everything.wacz --audience officer
    """
    workspace = Workspace.of_archive(settings.archive)
    with writing_file(file, workspace) as stream:
        done = write_handover(workspace, settings.viewer, stream, _date_of_making())
        if not done.captures:
            raise MinutesArchiveError("there is no capture that may leave; nothing was written")
    say(f"{file}: {counted(done.captures, 'capture')}, {counted(done.pages, 'page')} to begin with")
    if settings.viewer is Audience.PUBLIC:
        say("what shows anything withdrawn or for officers is left out; no later withdrawal reaches this copy")
    else:
        say("what is for officers or withdrawn is in it, marked as such: hand it to nobody else")
    return 0


def _date_of_making() -> datetime | None:
    """$SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), where it is set."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if not told:
        return None
    try:
        return datetime.fromtimestamp(int(told), UTC)
    except (ValueError, OverflowError, OSError):
        raise MinutesArchiveError(f"$SOURCE_DATE_EPOCH is {told!r}, not a number of seconds since 1970") from None
