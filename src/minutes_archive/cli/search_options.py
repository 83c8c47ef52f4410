"""The filters that every command which searches takes, and the archive they are asked of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from minutes_archive.archive import Archive, read_bound
from minutes_archive.cli.completion import values_of
from minutes_archive.cli.messages import say
from minutes_archive.cli.settings import Settings
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS
from minutes_archive.search.entry import facet_key, meant

Command = TypeVar("Command", bound=Callable[..., Any])

# What a query leaves out: -word, -"two words", -(one OR other), -topic:waste.
_EXCLUDED = re.compile(r"-(?:[^\W_]{2}|[\"“(])")

FILTERS = ("council", "body", "meeting", "topic", "decision", "restriction")


class SearchCommand(click.Command):
    """A command whose query may hold ``-word``, which is no option: only single letters are, behind one hyphen."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        # A blank before it tells click that it is no option; the query's own reader passes over it.
        return super().parse_args(ctx, [f" {one}" if _EXCLUDED.match(one) else one for one in args])


def filter_options(command: Command) -> Command:
    """Options for every filter; each may be repeated: any of the same kind, all kinds together."""
    for option in (
        click.option("--until", metavar="D", multiple=True, help="Held on or before: 2024-07-17, 2024-07, 2024 or 2023/24."),
        click.option("--since", metavar="D", multiple=True, help="Held on or after: 2024-07-17, 2024-07, 2024 or 2023/24."),
        click.option("--restriction", metavar="R", multiple=True, shell_complete=values_of("restriction"),
                     help=f"One of: {', '.join(RESTRICTIONS)}."),
        click.option("--decision", metavar="D", multiple=True, shell_complete=values_of("decision"),
                     help=f"One of: {', '.join(DECISION_TYPES)}."),
        click.option("--topic", metavar="T", multiple=True, shell_complete=values_of("topic"),
                     help="A topic's id or part of it; `minutes topics` lists them."),
        click.option("--meeting", metavar="ID", multiple=True, shell_complete=values_of("meeting"),
                     help="A meeting's id."),
        click.option("--body", metavar="X", multiple=True, shell_complete=values_of("body"),
                     help="A committee or other body, by its name or part of it."),
        click.option("--council", metavar="X", multiple=True, shell_complete=values_of("council"),
                     help="A council, by id or part of it."),
    ):
        command = option(command)
    return command


def chosen_filters(options: dict[str, Any]) -> dict[str, Any]:
    """The filters in a command's options, as ``Archive.search`` takes them; of several bounds the widest holds."""
    filters: dict[str, Any] = {name: options[name] for name in FILTERS}
    since = [bound for value in options["since"] if (bound := read_bound("since", value))]
    until = [bound for value in options["until"] if (bound := read_bound("until", value))]
    return filters | {"since": min(since, default=None), "until": max(until, default=None)}


def say_unknown_names(archive: Archive, filters: dict[str, Any]) -> None:
    """A word for each name in the filters that nothing in the archive has, as far as the audience may see."""
    for facet in ("council", "body", "topic"):
        asked = filters[facet]
        known = {facet_key(facet, value) for value in archive.facets()[facet]} if asked else set()
        for value in asked:
            if not meant(facet, facet_key(facet, value), known):
                say(f"nothing here has the {facet} “{value}”; what there is, is told by: minutes facets")


def open_archive(settings: Settings) -> Archive:
    """The archive, with a word where its index is behind the records."""
    archive = Archive.open(settings.archive, settings.viewer)
    if archive.index_is_behind():
        say("warning: the index is behind the records; run: minutes index")
    return archive
