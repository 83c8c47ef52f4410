"""``minutes release``: an item or meeting let back into the public view."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from minutes_archive.archive import update_index
from minutes_archive.cli.messages import say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.errors import MinutesArchiveError, NotFoundError
from minutes_archive.withdrawing import Release, release
from minutes_archive.workspace import Workspace

_ADVICE = {
    Release.NEEDLESS: "", Release.DONE: "",
    Release.MARKED: "; to make public what a file holds: minutes add FILE --audience public",
    Release.STILL_HIDDEN: " (a mark, or a withdrawal of its parts); see: minutes withdraw --list --audience officer",
}


@click.command("release", short_help="Let an item or meeting back into the public view.")
@click.argument("identity", metavar="ID")
@common_options
@pass_settings
def command(settings: Settings, identity: str) -> int:
    """Let an item or meeting back into the public view: what was withdrawn, or what its source has taken down.

    What was withdrawn by itself stays so when its meeting is released.

    \b
    Example:
      minutes release moderngov.thornmere.example/3171/21303
    """
    workspace = Workspace.of_archive(settings.archive)
    with workspace.writer_lock():
        try:
            done = release(workspace, identity, lambda: datetime.now(UTC))
        except NotFoundError as error:
            say(f"minutes: {error}")
            return 1
        update_index(workspace)
    told = f"{identity}: {done.value}{_ADVICE[done]}"
    if done is Release.MARKED:
        raise MinutesArchiveError(told)
    say(told)
    return 1 if done is Release.NEEDLESS else 0
