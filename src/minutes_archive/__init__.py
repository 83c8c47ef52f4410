"""minutes-archive: a full-text search and archive engine for the minutes of public bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minutes_archive.archive import Archive

__all__ = ["Archive", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Imported late: a command that only parses a file should not wait for the search engine.
    if name == "Archive":
        from minutes_archive.archive import Archive  # noqa: PLC0415

        return Archive
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
