"""``minutes add``: files, folders, zips, WARCs and records into the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.cli.messages import counted, report, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.errors import LoadError
from minutes_archive.identity import slug
from minutes_archive.intake import Request
from minutes_archive.pipeline import AddReport, Archiver
from minutes_archive.workspace import Workspace


@click.command("add", short_help="Load files, folders, zips, WARCs or records.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--council", metavar="ID", help="The council that the files are of, as a short name: thornmere.")
@click.option("--annotate", is_flag=True, help="Make the annotations of loaded records anew.")
@click.option("--no-index", is_flag=True, help="Leave the index as it is; run `minutes index` later.")
@common_options
@pass_settings
def command(settings: Settings, paths: tuple[Path, ...], council: str | None, annotate: bool, no_index: bool) -> None:
    """Load files, folders, zips, WARCs or record JSONL: keep the bytes, parse, stitch, annotate, record, index.

    Without --audience the files count as pages that anyone could read; --audience officer keeps all of
    them from the public view. Adding the same thing twice changes nothing.

    \b
    Example:
      minutes add corpus/sample --council thornmere
      minutes add private/ --audience officer
    """
    if council is not None and slug(council) != council:
        raise LoadError(f"--council {council!r} is no short name; write it as {slug(council)!r}")
    workspace = Workspace.open(settings.archive, writing=True)
    with workspace.writer_lock():
        archiver = Archiver(workspace, lambda: datetime.now(UTC), report)
        done = archiver.add(paths, Request(council, settings.audience, annotate))
        _tell(done, settings.audience)
        if not no_index and done.took_anything:
            update = update_index(workspace)[settings.viewer]
            say(f"index: {counted(update.items, 'item')}")
    if not done.took_anything:
        raise LoadError("nothing could be loaded")


def _tell(done: AddReport, audience: Audience | None) -> None:
    parts = [f"{counted(done.kept, 'file')} kept"]
    parts += [f"{done.known:,} held already"] if done.known else []
    parts += [f"{done.reclassified:,} reclassified"] if done.reclassified else []
    parts += [f"{done.refused:,} not loaded"] if done.refused else []
    meetings = ", ".join(
        f"{number:,} {word}" for number, word in ((done.added, "new"), (done.changed, "changed"), (done.removed, "gone"))
        if number
    )
    who = " (for officers)" if audience is Audience.OFFICER else ""
    say(f"{', '.join(parts)}{who}; meetings: {meetings or 'no change'}")
