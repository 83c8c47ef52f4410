"""``minutes watch``: saved searches, and what is new in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from minutes_archive.cli.files import write_file
from minutes_archive.cli.messages import counted, printable, say
from minutes_archive.cli.search_options import FILTERS, chosen_filters, filter_options, open_archive
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facts, hit_lines
from minutes_archive.errors import NotFoundError
from minutes_archive.export.feed import atom_feed
from minutes_archive.export.formats import hit_record
from minutes_archive.trace.watch import Answer, Watch
from minutes_archive.watching import Watches
from minutes_archive.workspace import Workspace


@click.group("watch", short_help="Saved searches: what is new.")
@common_options
def command() -> None:
    """Keep searches, and tell what is new in them since last time. Each audience has its own.

    \b
    Example:
      minutes watch add bikes "off-road bikes" --decision deferred
      minutes watch run
    """


@command.command("add")
@click.argument("name")
@click.argument("query", nargs=-1)
@filter_options
@click.option("--match", type=click.Choice(["most", "all", "any"]), default="all", help="How many of the words items need (all).")
@click.option("--no-expand", is_flag=True, help="Only the words typed, not related ones.")
@common_options
@pass_settings
def add(settings: Settings, /, name: str, query: tuple[str, ...], match: str, no_expand: bool, **options: Any) -> None:
    """Keep a search under a NAME. What it finds now counts as known; runs tell what comes after.

    \b
    Example:
      minutes watch add bikes "off-road bikes"
      minutes watch add cabinet-deferrals --body cabinet --decision deferred
    """
    filters = {one: tuple(options[one]) for one in FILTERS if options[one]}
    bounds = chosen_filters(options)
    filters |= {one: (bounds[one].isoformat(),) for one in ("since", "until") if bounds[one]}
    if not query and not filters:
        raise click.UsageError("say what to watch: a query, a filter, or both")
    watch = Watch(name, " ".join(query), filters, match, not no_expand, added_at=_now())
    with open_archive(settings) as archive:
        found = _watches(settings).add(watch, archive)
    say(f"{name}: {counted(found, 'item')} now; what comes after is told by: minutes watch run")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@common_options
@pass_settings
def listing(settings: Settings, as_json: bool) -> int:
    """The searches that are kept, and when each was last run.

    \b
    Example:
      minutes watch list
    """
    held = list(_watches(settings).all())
    if as_json:
        click.echo(json.dumps([_about(one) for one in held], ensure_ascii=False, indent=1))
    for one in () if as_json else held:
        filters = ", ".join(f"{name} {' or '.join(values)}" for name, values in one.filters.items())
        last = f"last run {one.run_at}" if one.run_at else "not run yet"
        click.echo(f"{printable(one.name)}: " + facts(one.query, filters, last))
    return 0 if held else 1


@command.command("run")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--atom", "feed", type=click.Path(path_type=Path), metavar="FILE", help="Write an Atom feed of what was told.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a watch.")
@common_options
@pass_settings
def run(settings: Settings, names: tuple[str, ...], feed: Path | None, as_json: bool) -> int:
    """Tell what is new or changed since the last run: of the watches named, or of all.

    A feed holds what this and earlier runs told, a hundred items a watch at most. 1 when there is nothing new.

    \b
    Example:
      minutes watch run
      minutes watch run bikes --atom bikes.xml
    """
    watches, now = _watches(settings), _now()
    try:
        wanted = [watches.get(name) for name in names] or list(watches.all())
    except NotFoundError as error:
        say(f"minutes: {error}")
        return 1
    if not wanted:
        say("there are no watches; make one with: minutes watch add NAME QUERY")
        return 1
    with open_archive(settings) as archive:
        answers = [watches.run(one, archive, now) for one in wanted]
    if feed is not None:
        write_file(feed, atom_feed(answers, str(settings.viewer), now), Workspace(settings.archive))
    _tell(answers, settings, as_json)
    # Only what was told counts as told.
    sys.stdout.flush()
    for answer in answers:
        watches.keep(answer.watch)
    return 0 if any(answer.news for answer in answers) else 1


@command.command("remove")
@click.argument("name")
@common_options
@pass_settings
def remove(settings: Settings, name: str) -> int:
    """Take a watch away, with what it remembers.

    \b
    Example:
      minutes watch remove bikes
    """
    try:
        _watches(settings).remove(name)
    except NotFoundError as error:
        say(f"minutes: {error}")
        return 1
    say(f"{name} is watched no more")
    return 0


def _watches(settings: Settings) -> Watches:
    return Watches(Workspace.of_archive(settings.archive), settings.viewer)


def _tell(answers: Sequence[Answer], settings: Settings, as_json: bool) -> None:
    for answer in answers:
        if as_json:
            news = [{"kind": one.kind, **hit_record(one.hit)} for one in answer.news]
            click.echo(json.dumps({"watch": answer.watch.name, "run_at": answer.watch.run_at, "news": news}, ensure_ascii=False))
            continue
        if answer.news:
            click.echo(f"{printable(answer.watch.name)}: {counted(len(answer.news), 'item')}\n")
        for one in answer.news:
            click.echo(one.kind)
            for line in hit_lines(one.hit, settings.colored):
                click.echo(line)
            click.echo("")
    if not any(answer.news for answer in answers):
        say("nothing new")


def _about(one: Watch) -> dict[str, object]:
    return {
        "name": one.name, "query": one.query, "filters": {name: list(values) for name, values in one.filters.items()},
        "match": one.match, "expand": one.expand, "added_at": one.added_at, "run_at": one.run_at or None,
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
