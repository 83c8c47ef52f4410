"""``minutes register``: what is restricted, and why."""

from __future__ import annotations

import json
from typing import Any

import click

from minutes_archive.archive import Archive
from minutes_archive.cli.messages import counted, say
from minutes_archive.cli.search_options import chosen_filters, filter_options
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facts, wrapped
from minutes_archive.export.traces import register_csv, register_records
from minutes_archive.export.wording import date_words, restriction_words
from minutes_archive.trace.register import Restricted


@click.command("register", short_help="The register of restricted items.")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, one row a line of the register.")
@common_options
@pass_settings
def command(settings: Settings, /, as_json: bool, as_csv: bool, **options: Any) -> int:
    """The items and enclosures that were not for the public, oldest first: body, date, title, paragraph and reason, and whether
    they were released since. The public is shown what the source publishes of them.

    \b
    Example:
      minutes register --since 2023/24
      minutes register --body cabinet --restriction exempt --csv
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    with Archive.open(settings.archive, settings.viewer) as archive:
        lines = list(archive.register(**chosen_filters(options)))
    if as_json:
        click.echo(json.dumps(register_records(lines), ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(register_csv(lines).encode(), nl=False)
    else:
        for one in lines:
            click.echo(_text(one))
        items = sum(one.kind == "item" for one in lines)
        say(f"{counted(items, 'restricted item')}, {counted(len(lines) - items, 'restricted enclosure')}")
    return 0 if lines else 1


def _text(one: Restricted) -> str:
    ground = f"paragraph {', '.join(one.paragraphs)}" if one.paragraphs else "no paragraph stated"
    released = f"released {date_words(one.released_at[:10])}" if one.released_at else "not released"
    what = restriction_words(one.restriction) if one.kind == "item" else f"enclosure: {one.document or 'title not published'}"
    return "\n".join((
        facts(date_words(one.date), one.body or "Body not known", one.council),
        wrapped(" ".join(part for part in (one.number, one.title) if part), "  "),
        wrapped(facts(what, ground, one.reason, released)), f"    id {one.id}", "",
    ))
