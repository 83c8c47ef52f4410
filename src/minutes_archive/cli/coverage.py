"""``minutes coverage``: what is held, per council, body and year, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click

from minutes_archive.cli.messages import printable
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.coverage import COLUMNS, Line, coverage
from minutes_archive.workspace import Workspace

_ALL = "(all bodies)"


@click.command("coverage", short_help="What is held and what is missing, per council, body and year.")
@click.option("--council", multiple=True, metavar="X", help="Only this council; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each council, body and municipal year.")
@common_options
@pass_settings
def command(settings: Settings, council: tuple[str, ...], as_json: bool) -> int:
    """Show what is held per council, body and municipal year, and what is missing, blocked, failed, stale or pending.

    Nothing is ever called complete: that all that a source lists is held is the most that can be known.

    \b
    Example:
      minutes coverage
      minutes coverage --council fenmoor --json
    """
    lines = coverage(Workspace.of_archive(settings.archive), settings.viewer, datetime.now(UTC))
    lines = [line for line in lines if not council or line.council in council]
    if as_json:
        for line in lines:
            click.echo(json.dumps(line.as_json(), ensure_ascii=False))
    elif lines:
        for text in _table(lines):
            click.echo(text)
    return 0 if lines else 1


def _table(lines: Sequence[Line]) -> Iterator[str]:
    wide = max(len(line.body or _ALL) for line in lines)
    last = ""
    for line in lines:
        if line.council != last:
            yield ("" if not last else "\n") + printable(line.council)
            yield f"  {'body':<{wide}}  {'year':<8}" + "".join(f"{name:>9}" for name in COLUMNS)
            last = line.council
        counts = "".join(f"{getattr(line.count, name) or '-':>9}" for name in COLUMNS)
        yield f"  {printable(line.body or _ALL):<{wide}}  {line.year or '':<8}{counts}  {printable(line.says)}"
