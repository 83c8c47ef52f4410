"""``minutes withdraw``: an item or meeting taken out of the public view, and the log of what was."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.cli.messages import printable, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.errors import MinutesArchiveError, NotFoundError
from minutes_archive.withdrawing import Logged, logged, withdraw
from minutes_archive.workspace import Workspace

_COPIES = "what was exported before is a copy that no archive can reach: export again, and take the old files back"


@click.command("withdraw", short_help="Take an item or meeting out of the public view.")
@click.argument("identity", metavar="ID", required=False)
@click.option("--reason", metavar="TEXT", help="Why; officers see it beside the item, and in the log.")
@click.option("--list", "listing", is_flag=True, help="The log of what was withdrawn and released; for officers.")
@click.option("--json", "as_json", is_flag=True, help="The log as one JSON list.")
@common_options
@pass_settings
def command(settings: Settings, identity: str | None, reason: str | None, listing: bool, as_json: bool) -> int:
    """Take an item or meeting out of the public view: search, facets, show, and every export from now on.

    Officers still see it, with the reason. It stays withdrawn, whatever is added or made anew, until `minutes release`.

    \b
    Example:
      minutes withdraw moderngov.thornmere.example/3171/21303 --reason "names a child"
      minutes withdraw --list --audience officer
    """
    workspace = Workspace.of_archive(settings.archive)
    if listing:
        if settings.viewer is not Audience.OFFICER:
            raise MinutesArchiveError("the log of withdrawals is for officers; say: minutes withdraw --list --audience officer")
        return _list(list(logged(workspace)), as_json)
    if identity is None or reason is None:
        raise click.UsageError("name an ID and say why with --reason TEXT, or ask for the log with --list")
    with workspace.writer_lock():
        try:
            news = withdraw(workspace, identity, reason, lambda: datetime.now(UTC))
        except NotFoundError as error:
            say(f"minutes: {error}")
            return 1
        update_index(workspace)
    say(f"{identity} is withdrawn from the public view{'' if news else ' already'}; {_COPIES}")
    return 0


def _list(log: list[Logged], as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps([_entry(one) for one in log], ensure_ascii=False, indent=1))
    for one in () if as_json else log:
        act = one.act
        state = "" if one.in_force else "  (no longer)"
        lost = "" if one.held else "  (nothing by that id is held now)"
        said = f"withdrawn  {act.id}: {act.reason}" if act.withdrawn else f"released   {act.id}"
        click.echo(printable(f"{act.at}  {said}{state}{lost}"))
    return 0 if log else 1


def _entry(one: Logged) -> dict[str, object]:
    act = one.act
    return {
        "at": act.at, "act": "withdraw" if act.withdrawn else "release", "id": act.id, "reason": act.reason or None,
        "title": act.subject.title, "body": act.subject.body, "date": act.subject.date,
        "in_force": one.in_force, "held": one.held,
    }
