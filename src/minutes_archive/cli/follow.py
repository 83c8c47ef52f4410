"""``minutes follow``: the thread of one matter, or the deferred items that never came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from minutes_archive.cli.messages import counted, say
from minutes_archive.cli.search_options import chosen_filters, filter_options, open_archive
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facts, wrapped
from minutes_archive.errors import NotFoundError
from minutes_archive.export.threads import returns_csv, returns_json, thread_csv, thread_json
from minutes_archive.export.wording import date_words, decision_words
from minutes_archive.follow import Entry, Link, Return, Thread

_INDENT = "    "


@click.command("follow", short_help="Follow one matter over meetings and bodies.")
@click.argument("identity", metavar="ID", required=False)
@click.option("--open", "never_returned", is_flag=True, help="The deferred items that never came back, in place of an ID.")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object; with --open a list.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV: a row for each link; with --open for each item.")
@common_options
@pass_settings
def command(
    settings: Settings, /, identity: str | None, never_returned: bool, as_json: bool, as_csv: bool, **options: Any
) -> int:
    """Follow the matter of one item: where it came up before and after, why that is the same, and how sure.

    Items are linked by the site's own issue, by references (application, minute, key decision), by words that point back
    ("deferred from", "minute 12 refers"), and by title and text. Filters go with --open.

    \b
    Example:
      minutes follow moderngov.thornmere.example/3110/20504
      minutes follow --open --body "planning committee" --until 2023/24
    """
    filters = chosen_filters(options)
    if never_returned == bool(identity):
        raise click.UsageError("give the ID of an item, or --open")
    if identity and any(filters.values()):
        raise click.UsageError("filters go with --open; a thread is shown whole")
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    with open_archive(settings) as archive:
        if identity:
            try:
                thread = archive.follow(identity)
            except NotFoundError as error:
                say(f"minutes: {error}")
                return 1
            told = thread_json(thread) if as_json else thread_csv(thread) if as_csv else None
            _print(told, _thread_lines(thread, settings.colored))
            if len(thread.entries) == 1:
                say("nothing else is held on this matter")
            return 0 if len(thread.entries) > 1 else 1
        deferred = archive.deferred(**filters)
    left = [one for one in deferred if one.returned is None]
    _print(returns_json(left) if as_json else returns_csv(left) if as_csv else None, _open_lines(left, settings.colored))
    say(f"{counted(len(left), 'deferred item')} of {len(deferred)} never came back in what is held")
    return 0 if left else 1


def _print(told: str | None, lines: Iterator[str]) -> None:
    """A file's text as it is (RFC 4180 has its own line ends, which a text stream on Windows would double), or the lines."""
    if told is not None:
        click.echo(told.encode(), nl=not told.endswith("\n"))
        return
    for line in lines:
        click.echo(line)


def _thread_lines(thread: Thread, colored: bool) -> Iterator[str]:
    order = {entry.id: place for place, entry in enumerate(thread.entries, 1)}
    for place, entry in enumerate(thread.entries, 1):
        yield from _entry_lines(entry, f"{place:>2}. ", colored, "*" if entry.id == thread.start else "")
        for link in (link for link in thread.links if link.later == entry.id):
            yield _link_line(link, order[link.earlier])
        yield _INDENT + f"id {entry.id}"
        yield ""
    for one in thread.returns:
        yield from _return_lines(one)


def _entry_lines(entry: Entry, lead: str, colored: bool, mark: str = "") -> Iterator[str]:
    title = facts(" ".join(part for part in (entry.item.number, entry.item.title, mark) if part))
    yield lead + (click.style(title, bold=True) if colored else title)
    outcome = ", ".join(decision_words(one) for one in dict.fromkeys(decision.type for decision in entry.item.decisions))
    yield _INDENT + facts(entry.meeting.body, date_words(entry.meeting.date), entry.meeting.council, outcome)


def _link_line(link: Link, place: int) -> str:
    words = f"“{link.words[0].text}” ({link.words[0].field} {link.words[0].start}-{link.words[0].end})" if link.words else None
    return wrapped(facts(f"with {place}: {link.kind}", link.reason, words, f"sure {link.confidence:.2f}"))


def _return_lines(one: Return) -> Iterator[str]:
    yield f"Deferred on {date_words(one.deferred.meeting.date)}:"
    yield wrapped(f"“{one.words.text}”")
    if one.returned is None or one.returned_words is None:
        yield "never came back in what is held"
    else:
        yield f"came back after {counted(one.days or 0, 'day')}, on {date_words(one.returned.meeting.date)}:"
        yield wrapped(f"“{one.returned_words.text}”")
    yield ""


def _open_lines(left: list[Return], colored: bool) -> Iterator[str]:
    for one in left:
        yield from _entry_lines(one.deferred, "", colored)
        yield wrapped(f"“{one.words.text}”")
        yield _INDENT + f"id {one.deferred.id}"
        yield ""
