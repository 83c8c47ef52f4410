"""``minutes search``: items that match, with the words that made them match."""

from __future__ import annotations

from typing import Any

import click

from minutes_archive.cli.messages import say
from minutes_archive.cli.search_options import SearchCommand, chosen_filters, filter_options, open_archive, say_unknown_names
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facet_lines, page_lines, summary, wrapped
from minutes_archive.search.engine import ResultPage


@click.command("search", cls=SearchCommand, short_help="Find items.")
@click.argument("query", nargs=-1)
@filter_options
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", help="In which order.")
@click.option("--match", type=click.Choice(["most", "all", "any"]), default="most", help="How many of the words items need.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=10, metavar="N", help="How many to show (10).")
@click.option("--offset", type=click.IntRange(0), default=0, metavar="N", help="How many to pass over first.")
@click.option("--facets", is_flag=True, help="Counts by council, body, meeting, topic, decision, restriction and year.")
@click.option("--full-text", is_flag=True, help="The whole text of each item.")
@click.option("--no-expand", is_flag=True, help="Only the words typed, not related ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, one row an item.")
@common_options
@pass_settings
def command(settings: Settings, /, query: tuple[str, ...], as_json: bool, as_csv: bool, no_expand: bool, **options: Any) -> int:
    """Find agenda items. Without a query: everything the filters leave, newest first.

    Words may be joined by AND, OR, NOT (or -), grouped by brackets, quoted as an "exact phrase", cut as bik*,
    loosened as scoter~, and bound to a field: title:, body:, topic:, decision:, restriction:, number:, person:,
    date:2019..2024-06. Case, hyphens, blanks and apostrophes do not matter.

    \b
    Example:
      minutes search "off-road bikes" --facets
      minutes search --decision deferred --since 2023/24
      minutes search '"knife crime" -strategy body:partnership' --json
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if as_csv and options["facets"]:
        raise click.UsageError("--csv has a row an item and no place for --facets; take --json, or: minutes facets")
    filters = chosen_filters(options)
    chosen = {name: options[name] for name in ("sort", "match", "limit", "offset", "full_text")}
    with open_archive(settings) as archive:
        page = archive.search(" ".join(query), facets=options["facets"], expand=not no_expand, **filters, **chosen)
        say_unknown_names(archive, filters, page.query)
    if as_json or as_csv:
        _write(page, as_csv)
    else:
        _show(page, settings.colored, options["offset"])
    return 0 if page.total else 1


def _write(page: ResultPage, as_csv: bool) -> None:
    # Imported when asked for: most who search read the terminal.
    from minutes_archive.export.formats import page_csv, page_json  # noqa: PLC0415

    if as_csv:
        # As bytes: a text stream on Windows would double the line ends that RFC 4180 asks for.
        click.echo(page_csv(page).encode(), nl=False)
    else:
        click.echo(page_json(page))


def _show(page: ResultPage, colored: bool, passed_over: int) -> None:
    for term, added in page.expanded.items():
        say(wrapped(f"also searched for {term}: {', '.join(added)} (--no-expand leaves them out)", first=""))
    for line in (*page_lines(page, colored), *facet_lines(page.facets, colored)):
        click.echo(line)
    say(summary(page, passed_over))
