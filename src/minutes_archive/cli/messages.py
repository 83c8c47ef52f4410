"""Messages: what goes to standard error, one line each, and progress where there is a terminal."""

from __future__ import annotations

import re
import sys

import click

from minutes_archive.export.wording import counted
from minutes_archive.model import Problem

__all__ = ["counted", "printable", "report", "say"]

_COLORS = {"error": "red", "warning": "yellow", "info": None}
# What a terminal would obey: control characters, and marks that turn the direction of writing about.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """``text`` without characters that a terminal would obey."""
    return _OBEYED.sub("", text)


def say(text: str) -> None:
    """One line to standard error."""
    click.echo(printable(text), err=True)


def report(problem: Problem) -> None:
    """A problem as one line: how bad, where, what, what to do."""
    severity = click.style(problem.severity, fg=_COLORS[problem.severity]) if sys.stderr.isatty() else problem.severity
    where = f"{problem.where}: " if problem.where else ""
    # A file's name may hold line ends: it must not look like a message of ours.
    click.echo(f"{severity}: {' '.join(printable(where + problem.message).split())}", err=True)
