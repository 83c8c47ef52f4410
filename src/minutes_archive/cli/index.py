"""``minutes index``: the index brought up to date with the records."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.cli.messages import counted, report, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.pipeline import Archiver
from minutes_archive.workspace import Workspace


@click.command("index", short_help="Bring the index up to date with the records.")
@click.option("--rebuild", is_flag=True, help="Make it anew from the records, whatever state it is in.")
@click.option("--annotate", is_flag=True, help="First make the annotations anew, after topics.toml or the rules changed.")
@click.option("--retry", is_flag=True, help="Try again to read captures that could not be read, as pages that took too long.")
@common_options
@pass_settings
def command(settings: Settings, rebuild: bool, annotate: bool, retry: bool) -> None:
    """Bring the index up to date with the records: the public one and the officers' one.

    \b
    Example:
      minutes index
      minutes index --rebuild
      minutes index --annotate
    """
    workspace = Workspace.of_archive(settings.archive)
    with workspace.writer_lock():
        # What was kept but not recorded (a killed run, lost records) is recorded first.
        archiver = Archiver(workspace, lambda: datetime.now(UTC), report)
        archiver.resume(retry)
        if annotate:
            archiver.annotate_anew()
        done = update_index(workspace, rebuild=rebuild)
    # The public is not told how much there is for officers.
    for audience in Audience if settings.viewer is Audience.OFFICER else [Audience.PUBLIC]:
        one = done[audience]
        say(
            f"{audience.value} index: {counted(one.items, 'item')}; meetings: {one.added:,} new, "
            f"{one.changed:,} changed, {one.removed:,} gone"
        )
