"""``minutes check``: every captured byte, every record and the index read again, and mended as far as that can be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from minutes_archive.checking import check
from minutes_archive.cli.messages import counted, printable, report, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.model import Problem
from minutes_archive.repairing import Planned, plan, repair
from minutes_archive.workspace import Workspace


@click.command("check", short_help="Re-read every byte held; silent when sound.")
@click.option("--repair", "mending", is_flag=True, help="Make anew what can be, put damaged captures away; delete nothing.")
@click.option("--dry-run", is_flag=True, help="With --repair: only say what it would do.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
@common_options
@pass_settings
def command(settings: Settings, mending: bool, dry_run: bool, as_json: bool) -> int:
    """Re-read every captured byte, every record and the index. Silent and 0 when sound; 1 and a line for each damage.

    With --repair: 0 when sound afterwards, 1 when something is left, 2 when nothing could be done.

    \b
    Example:
      minutes check && echo sound
      minutes check --repair --dry-run
      minutes check --repair
    """
    if dry_run and not mending:
        raise click.UsageError("--dry-run goes with --repair: minutes check --repair --dry-run")
    workspace = Workspace.of_archive(settings.archive)
    found = []
    for problem in check(workspace, settings.viewer):
        found.append(problem)
        if not mending:
            _show(problem, as_json)
    if not mending or not found:
        return 1 if found else 0
    steps = plan(workspace, found, _now, settings.viewer)
    if dry_run:
        for problem in found:
            _show(problem, as_json)
    _tell_plan(steps)
    if dry_run:
        return 1
    left = repair(workspace, found, _now, report, say, settings.viewer)
    for problem in left:
        _show(problem, as_json)
    if all(one.refused for one in steps):
        say(f"nothing was done; {counted(len(left), 'finding')} left")
        return 2
    say(f"done; {counted(len(left), 'finding')} left" if left else "done; the archive is sound")
    return 1 if left else 0


def _now() -> datetime:
    return datetime.now(UTC)


def _show(problem: Problem, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(problem.__dict__, ensure_ascii=False))
    else:
        click.echo(f"{problem.severity}: {printable(problem.where)}: {printable(problem.message)}")


def _tell_plan(steps: Sequence[Planned]) -> None:
    for one in steps:
        if not one.refused:
            say(f"to do: {one.step.says}")
    for reason in dict.fromkeys(one.refused for one in steps if one.refused):
        say(f"refused: {'; '.join(one.step.says for one in steps if one.refused == reason)}: {reason}")
    if not steps:
        say("none of this can be mended by itself: see what each line says")
