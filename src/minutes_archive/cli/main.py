"""The group ``minutes``: which commands there are, and how every one of them ends."""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from typing import Any

import click

from minutes_archive import __version__
from minutes_archive.cli.messages import say
from minutes_archive.cli.settings import common_options
from minutes_archive.errors import MinutesArchiveError

# Imported when asked for: `minutes parse` should not wait for the search engine.
COMMANDS = (
    "add", "crawl", "parse", "index", "search", "show", "facets", "trace", "follow", "cite", "verify", "register", "watch",
    "topics", "export", "serve", "coverage", "withdraw", "release", "check",
)

# What to do about what the system refuses.
_CHECK = "check the disk and its permissions, then try again"
_ADVICE = {
    errno.ENOSPC: "free some space, then try again",
    errno.EDQUOT: "free some space, or ask for more, then try again",
    errno.EMFILE: "too much is open at a time: close other programs, or allow more open files, then try again",
    errno.ENOENT: "check the name",
}


class Commands(click.Group):
    """The commands, each in its own module of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order in which people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"minutes_archive.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has seen enough (``minutes search … | head``) is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return _let_go_of_stdout()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="minutes")
@common_options
def group() -> None:
    """Archive, search and quote the minutes of public bodies.

    \b
    Example:
      minutes add corpus/sample --council thornmere
      minutes search "off-road bikes" --decision deferred --facets

    Exit status: 0 found or done, 1 nothing found, 2 nothing could be done.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit status; errors are one line, never a traceback."""
    # Numpy would start a thread for each processor, to multiply matrices: there are none here, and it takes a while.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.stdout is None:
        sys.stdout = _Closed()
    for stream in (sys.stdout, sys.stderr):
        # What minutes hold is more than a Windows code page does; scripts get UTF-8 everywhere.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status: Any = group.main(arguments, prog_name="minutes", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = 2
    except (KeyboardInterrupt, click.Abort):
        say("minutes: stopped")
        status = 130
    except MinutesArchiveError as error:
        say(f"minutes: {error}")
        status = 2
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        say(f"minutes: {error.strerror or error}{where}; {_ADVICE.get(error.errno or 0, _CHECK)}")
        status = 2
    except Exception as error:
        # A defect of ours: one line for the user all the same, and the traceback for who asks.
        if os.environ.get("MINUTES_TRACEBACK"):
            raise
        say(f"minutes: internal error: {type(error).__name__}: {error}; set MINUTES_TRACEBACK=1 and report what it then shows")
        status = 2
    sys.exit(_flushed(status if isinstance(status, int) else 0))


class _Closed(io.TextIOBase):
    """Standard output that was closed before we began (``>&-``): whoever writes results to it must hear that they are lost."""

    def writable(self) -> bool:
        """So that it is taken for what it stands for."""
        return True

    def write(self, text: str, /) -> int:
        """Raises ``OSError``."""
        raise OSError(errno.EBADF, "standard output is closed: there is nowhere to write results to")


def _flushed(status: int) -> int:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        # On Windows a closed pipe is an invalid argument.
        if isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL:
            return _let_go_of_stdout()
        raise
    return status


def _let_go_of_stdout() -> int:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - a device, no path of ours
        if sys.stdout is not None:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return 0
