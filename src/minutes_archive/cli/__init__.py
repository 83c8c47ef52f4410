"""The command line ``minutes``: one short, logic-free file a command."""

from minutes_archive.cli.main import main

__all__ = ["main"]
