"""``minutes verify``: references held against the captured bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from minutes_archive.archive import Archive
from minutes_archive.cli.messages import counted, printable, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import wrapped
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.trace.reference import Reference, find_references
from minutes_archive.verifying import Verdict

_MOST_BYTES = 64 * 1024 * 1024
_STATE = {True: "holds", False: "FAILS", None: "note "}


@click.command("verify", short_help="Hold references against the captured bytes.")
@click.argument("reference", metavar="REFERENCE_OR_FILE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a reference.")
@common_options
@pass_settings
def command(settings: Settings, reference: str, as_json: bool) -> int:
    """Read the captured bytes again for a reference `minutes:…`, or for every one in a file (a report, a bibliography, a
    briefing): check their SHA-256, read the text anew and find the quoted words in it, or say what no longer holds.

    0 when all of it holds, 1 when something does not.

    \b
    Example:
      minutes verify report.md
      minutes verify bibliography.bib --json
    """
    found = list(_references(reference))
    wrong = 0
    with Archive.open(settings.archive, settings.viewer) as archive:
        for verdict in archive.verify(found):
            wrong += not verdict.holds
            for line in (_json(verdict),) if as_json else _lines(verdict):
                click.echo(line)
    say(f"{counted(len(found), 'reference')}: {f'{wrong:,} no longer hold' if wrong else 'all of it holds'}")
    return 1 if wrong else 0


def _references(asked: str) -> Iterator[Reference]:
    found = list(find_references(asked))
    if not found:
        found = list(find_references(_content(Path(asked))))
    if not found:
        raise MinutesArchiveError(f"{asked[:80]} holds no reference; they begin with minutes: and are made by: minutes cite")
    return iter(found)


def _content(file: Path) -> str:
    try:
        if not file.is_file():
            raise MinutesArchiveError(f"{str(file)[:80]} is neither a reference (minutes:…) nor a file")
        if file.stat().st_size > _MOST_BYTES:
            raise MinutesArchiveError(f"{file} is larger than {_MOST_BYTES // 2**20} MB; give a smaller one")
        return file.read_bytes().decode("utf-8", "replace")
    except (ValueError, OSError) as error:  # ValueError: a NUL in the name
        raise MinutesArchiveError(f"{str(file)[:80]} can't be read: {error}") from None


def _lines(verdict: Verdict) -> Iterator[str]:
    yield printable(str(verdict.reference))
    for check in verdict.checks:
        yield wrapped(f"{_STATE[check.holds]}  {check.asked}: {check.said}")
    if verdict.quote is not None:
        yield wrapped(f"“{verdict.quote}”")
    yield ""


def _json(verdict: Verdict) -> str:
    return json.dumps({
        "reference": str(verdict.reference), "holds": verdict.holds, "quote": verdict.quote,
        "checks": [asdict(check) for check in verdict.checks],
    }, ensure_ascii=False)
