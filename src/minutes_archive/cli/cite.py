"""``minutes cite``: a reference that a report can carry."""

from __future__ import annotations

import json
from collections.abc import Callable

import click

from minutes_archive.archive import Archive
from minutes_archive.cli.messages import printable, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.errors import NotFoundError
from minutes_archive.export.citations import (
    citation_bibtex,
    citation_csl,
    citation_markdown,
    citation_record,
    citation_text,
)
from minutes_archive.trace.citation import Citation

_FORMS: dict[str, Callable[[Citation], str]] = {
    "text": citation_text, "markdown": citation_markdown, "bibtex": citation_bibtex, "csl": citation_csl,
}


@click.command("cite", short_help="A quotable reference to an item.")
@click.argument("identity", metavar="ID")
@click.option("--quote", metavar="TEXT", help="Words of the item; they are quoted exactly as they stand there.")
@click.option("--as", "form", type=click.Choice(list(_FORMS)), default="text", help="In which form (text).")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known of it, as one JSON object.")
@common_options
@pass_settings
def command(settings: Settings, identity: str, quote: str | None, form: str, as_json: bool) -> int:
    """A reference to an item or meeting, and to words in it: council, body, date, item, address, when it was captured, the
    SHA-256 of the captured bytes, and a line `minutes:…` that `minutes verify` finds again.

    \b
    Example:
      minutes cite moderngov.thornmere.example/3171/21303
      minutes cite moderngov.thornmere.example/3171/21303 --quote "a gap of only 60 centimetres" --as bibtex
    """
    with Archive.open(settings.archive, settings.viewer) as archive:
        try:
            found = archive.cite(identity, quote)
        except NotFoundError as error:
            say(f"minutes: {error}")
            return 1
    click.echo(json.dumps(citation_record(found), ensure_ascii=False, indent=1) if as_json else printable(_FORMS[form](found)))
    return 0
