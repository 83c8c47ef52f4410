"""Messages: what goes to standard error, one line each, and progress where there is a terminal."""

from __future__ import annotations

import sys

import click

from minutes_archive.model import Problem

_COLORS = {"error": "red", "warning": "yellow", "info": None}


def say(text: str) -> None:
    """One line to standard error."""
    click.echo(text, err=True)


def report(problem: Problem) -> None:
    """A problem as one line: how bad, where, what, what to do."""
    severity = click.style(problem.severity, fg=_COLORS[problem.severity]) if sys.stderr.isatty() else problem.severity
    where = f"{problem.where}: " if problem.where else ""
    say(f"{severity}: {where}{problem.message}")


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 meeting``, ``2 meetings``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
