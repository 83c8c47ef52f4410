"""Errors: one root, each message saying what happened, where, and what to do."""

from __future__ import annotations


class MinutesArchiveError(Exception):
    """The root of every error this package raises on purpose.

    The text is one line a person can act on; the command line prints it and exits with status 2.
    """


class VersionError(MinutesArchiveError):
    """A part of the archive was written by a newer version of this program, which this one would not understand."""

    def __init__(self, where: str, instead: str = "") -> None:
        super().__init__(f"{where} was written by a newer version of minutes-archive; install that version{instead}")


class WorkspaceError(MinutesArchiveError):
    """The archive's folder can't be used: missing, locked by another writer, not writable."""


class CaptureError(MinutesArchiveError):
    """Captured bytes can't be kept or found again."""


class CrawlError(MinutesArchiveError):
    """A site can't be crawled: not recognised, it lets nobody in, or what is known of it can't be used."""


class RecordError(MinutesArchiveError):
    """A record doesn't follow the schema ``minutes-archive/meeting/1``."""


class LoadError(MinutesArchiveError):
    """A file or folder that the user named can't be loaded."""


class IndexDamagedError(MinutesArchiveError):
    """The index is missing, damaged, or not of this archive; ``minutes index --rebuild`` makes it anew."""


class QueryError(MinutesArchiveError):
    """A query can't be understood.

    ``column`` counts from 1 and points at the character where reading stopped.
    """

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.column = column


class NotFoundError(MinutesArchiveError):
    """Nothing by that id is held, for the audience that asks."""
