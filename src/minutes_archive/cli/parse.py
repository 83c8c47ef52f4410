"""``minutes parse``: the records of the user's own files, to standard output."""

from __future__ import annotations

from pathlib import Path

import click

from minutes_archive.cli.messages import report
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.errors import LoadError
from minutes_archive.intake import Request
from minutes_archive.ocr import Ocr
from minutes_archive.parsing import parse_files
from minutes_archive.records import write_record
from minutes_archive.workspace import Workspace


@click.command("parse", short_help="Print the records of files as JSON Lines.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--council", metavar="ID", help="The council that the files are of.")
@common_options
@pass_settings
def command(settings: Settings, paths: tuple[Path, ...], council: str | None) -> None:
    """Print the records of your own files, given together, as JSON Lines (one line a meeting). Writes nothing.

    \b
    Example:
      minutes parse meeting.html item.html | jq '.items[].title'
    """
    found = 0
    workspace = Workspace(settings.archive)
    request = Request(council, settings.audience)
    for meeting in parse_files(paths, report, request, workspace.topics, Ocr.of_archive(workspace, keep=False)):
        click.echo(write_record(meeting))
        found += 1
    if not found:
        raise LoadError("no meeting was found in these files")
