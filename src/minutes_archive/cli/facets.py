"""``minutes facets``: the counts alone."""

from __future__ import annotations

import json
from typing import Any

import click

from minutes_archive.cli.messages import say
from minutes_archive.cli.search_options import SearchCommand, chosen_filters, filter_options, open_archive, say_unknown_names
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facet_lines, summary


@click.command("facets", cls=SearchCommand, short_help="Count items by facet.")
@click.argument("query", nargs=-1)
@filter_options
@click.option("--match", type=click.Choice(["most", "all", "any"]), default="most", help="How many of the words items need.")
@click.option("--no-expand", is_flag=True, help="Only the words typed, not related ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@common_options
@pass_settings
def command(
    settings: Settings, /, query: tuple[str, ...], match: Any, no_expand: bool, as_json: bool, **options: Any
) -> int:
    """Count the items that match, by council, body, meeting, topic, decision, restriction and year.

    \b
    Example:
      minutes facets
      minutes facets "leisure centre" --since 2023/24
    """
    filters = chosen_filters(options)
    with open_archive(settings) as archive:
        page = archive.search(" ".join(query), facets=True, limit=0, match=match, expand=not no_expand, **filters)
        say_unknown_names(archive, filters, page.query)
    if as_json:
        click.echo(json.dumps(page.facets, ensure_ascii=False, indent=1))
    else:
        for line in facet_lines(page.facets, settings.colored, most=50):
            click.echo(line)
        say(summary(page))
    return 0 if page.total else 1
