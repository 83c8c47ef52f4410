"""What stands before or after any command: the archive's folder, the audience, colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from minutes_archive.access import Audience

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Settings:
    """The options in force; None where the user said nothing."""

    folder: Path | None = None
    audience: Audience | None = None
    color: str = "auto"

    @property
    def archive(self) -> Path:
        """The archive's folder: as said, else $MINUTES_ARCHIVE, else the current folder."""
        return self.folder or Path(os.environ.get("MINUTES_ARCHIVE") or ".")

    @property
    def viewer(self) -> Audience:
        """Who is looking: the public unless asked otherwise."""
        return self.audience or Audience.PUBLIC

    @property
    def colored(self) -> bool:
        """Whether marks on standard output are colours (https://no-color.org)."""
        if self.color != "auto":
            return self.color == "always"
        return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


pass_settings = click.make_pass_decorator(Settings, ensure=True)


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value is not None:
            setattr(context.ensure_object(Settings), name, value)
            # click takes colours out of what goes to no terminal, unless its context says otherwise.
            if name == "color" and value != "auto":
                context.color = value == "always"

    return callback


def common_options(command: Command) -> Command:
    """The options that stand before or after any command."""
    for option in (
        click.option("--archive", type=click.Path(path_type=Path), expose_value=False, callback=_set("folder"),
                     help="The folder that holds corpus/ and index/ (or $MINUTES_ARCHIVE); else the current folder."),
        click.option("--audience", type=click.Choice(list(Audience), case_sensitive=False), expose_value=False,
                     callback=_set("audience"), help="Who is looking (public unless said), or for whom what comes in is."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), expose_value=False,
                     callback=_set("color"), help="Colours on a terminal; $NO_COLOR is honoured."),
    ):
        command = option(command)
    return command
