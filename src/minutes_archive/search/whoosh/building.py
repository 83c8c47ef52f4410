"""Building: meetings into segments, each of which is closed when it is full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from minutes_archive.model import Meeting
from minutes_archive.search.whoosh.draft import Draft, Fill


class Builder:
    """Makes segments of meetings. ``next_path`` names the files; ``workers`` is how many processes may help."""

    def __init__(self, next_path: Callable[[], Path], workers: int) -> None:
        self._next_path = next_path
        self._workers = workers
        self._fill = Fill()
        self._draft = Draft()
        self._empty = True
        self._done: list[str] = []

    def put(self, meeting: Meeting) -> None:
        """Take in a meeting."""
        if not self._fill.has_room(meeting):
            self._close()
            self._fill.has_room(meeting)
        self._draft.put(meeting)
        self._empty = False

    def finish(self) -> list[str]:
        """The names of all segments that were made."""
        if not self._empty:
            self._close()
        return self._done

    def abandon(self) -> None:
        """Stop; what was written may be removed."""

    def _close(self) -> None:
        path = self._next_path()
        self._draft.write(path)
        self._done.append(path.name)
        self._fill, self._draft, self._empty = Fill(), Draft(), True
