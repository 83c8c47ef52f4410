"""The filters that every command which searches takes, and the archive they are asked of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from minutes_archive.archive import Archive, read_bound
from minutes_archive.cli.completion import values_of
from minutes_archive.cli.messages import say
from minutes_archive.cli.settings import Settings
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS
from minutes_archive.search.entry import facet_key, meant
from minutes_archive.search.query import And, Labelled, Not, Or, Query, Run
from minutes_archive.search.reading import parse

Command = TypeVar("Command", bound=Callable[..., Any])

# What a query leaves out: -word, -"two words", -(one OR other), -topic:waste.
_EXCLUDED = re.compile(r"-(?:[^\W_]{2}|[\"“(])")

# So many names are suggested for one that nothing has.
_MOST_NEAR = 3

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


def say_unknown_names(archive: Archive, filters: dict[str, Any], query: str) -> None:
    """A word for each name in the filters or the query that nothing in the archive has, as far as the audience may see."""
    asked = {facet: tuple(filters[facet]) for facet in ("council", "body", "meeting", "topic")}
    asked["topic"] += tuple(labelled.value for labelled in _labelled(parse(query)) if labelled.field == "topic")
    held = archive.facets() if any(asked.values()) else {}
    for facet, values in asked.items():
        known = {facet_key(facet, value): value for value in held.get(facet, ())}
        for value in dict.fromkeys(values):
            key = facet_key(facet, value)
            if not meant(facet, key, known) & known.keys():
                near = [known[one] for one in _near(key, known)]
                hint = f"; is it one of these: {', '.join(near)}" if near else "; what there is, is told by: minutes facets"
                say(f"nothing here has the {facet} “{value}”{hint}")


def _labelled(query: Query) -> Iterator[Labelled]:
    """The labels that a query asks for."""
    if isinstance(query, Labelled):
        yield query
    elif isinstance(query, Not):
        yield from _labelled(query.part)
    elif isinstance(query, Run | And | Or):
        for part in query.parts:
            yield from _labelled(part)


def _near(key: str, known: Iterable[str]) -> list[str]:
    """The known keys that are most like ``key``: those that end with it, as a meeting's id does with its number, or all alike."""
    known = sorted(known)
    return [one for one in known if one.endswith(f"/{key}")][:_MOST_NEAR] or get_close_matches(key, known, _MOST_NEAR)


def open_archive(settings: Settings) -> Archive:
    """The archive, with a word where its index is behind the records."""
    archive = Archive.open(settings.archive, settings.viewer)
    if archive.index_is_behind():
        say("warning: the index is behind the records; run: minutes index")
    return archive
