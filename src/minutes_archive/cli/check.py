"""``minutes check``: every captured byte, every record and the index read again."""

from __future__ import annotations

import json

import click

from minutes_archive.checking import check
from minutes_archive.cli.messages import printable
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.workspace import Workspace


@click.command("check", short_help="Re-read every byte held; silent when sound.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
@common_options
@pass_settings
def command(settings: Settings, as_json: bool) -> int:
    """Re-read every captured byte, every record and the index. Silent and 0 when sound; 1 and a line for each damage.

    \b
    Example:
      minutes check && echo sound
    """
    found = 0
    for problem in check(Workspace.of_archive(settings.archive)):
        found += 1
        if as_json:
            click.echo(json.dumps(problem.__dict__, ensure_ascii=False))
        else:
            click.echo(f"{problem.severity}: {printable(problem.where)}: {printable(problem.message)}")
    return 1 if found else 0
