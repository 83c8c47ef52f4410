"""Watching: the saved searches of an archive, one file each, and what they have told.

    watches/<public or officer>/<name>.json

Each audience has its own: a watch of officers is never seen by the public. A file is replaced whole, and only after its news
were told: a run that is cut off tells them once more, and never loses any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from minutes_archive.access import Audience
from minutes_archive.archive import Archive
from minutes_archive.durable import replace_file
from minutes_archive.errors import MinutesArchiveError, NotFoundError, VersionError
from minutes_archive.identity import slug
from minutes_archive.search.engine import Hit
from minutes_archive.trace.watch import Answer, Memory, Watch, begin, compare
from minutes_archive.workspace import Workspace

_VERSION = 1
# A search with more answers than this is no watch.
_MOST = 10_000


class WatchError(MinutesArchiveError):
    """A watch can't be kept or read."""


@dataclass(frozen=True)
class Watches:
    """The watches of one audience."""

    workspace: Workspace
    audience: Audience

    def all(self) -> Iterator[Watch]:
        """Every watch, by name. Raises ``WatchError`` for a file that can't be understood."""
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            yield _read(path)

    def get(self, name: str) -> Watch:
        """The watch with that name. Raises ``NotFoundError`` and ``WatchError``."""
        path = self._path(name)
        if not path.is_file():
            raise NotFoundError(f"there is no watch {name!r}; see: minutes watch list")
        return _read(path)

    def add(self, watch: Watch, archive: Archive) -> int:
        """Keep a new watch; how many items it finds now. What is there already will not be told.

        Raises ``WatchError`` where there is one by that name, and what the search raises.
        """
        if self._path(watch.name).exists():
            raise WatchError(f"there is a watch {watch.name!r} already; choose another name, or: minutes watch remove NAME")
        hits = _hits(watch, archive)
        self.keep(begin(watch, hits))
        return len(hits)

    def run(self, watch: Watch, archive: Archive, now: str) -> Answer:
        """What is new. Nothing is noted yet: ``keep`` the answer's watch when its news are told."""
        return compare(watch, _hits(watch, archive), now)

    def keep(self, watch: Watch) -> None:
        """Put ``watch`` on the disk, whole."""
        content = {"version": _VERSION, **asdict(watch)}
        replace_file(self._path(watch.name), (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())

    def remove(self, name: str) -> None:
        """Take a watch away. Raises ``NotFoundError``."""
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            raise NotFoundError(f"there is no watch {name!r}; see: minutes watch list") from None

    @property
    def _folder(self) -> Path:
        return self.workspace.watches / self.audience.value

    def _path(self, name: str) -> Path:
        # A letter before it: no name of a watch is one of a device (CON, NUL).
        return self._folder / f"w-{slug(name)}.json"


def _hits(watch: Watch, archive: Archive) -> list[Hit]:
    filters: dict[str, Any] = {name: list(values) for name, values in watch.filters.items()}
    for bound in ("since", "until"):
        if bound in filters:
            filters[bound] = filters[bound][0]
    page = archive.search(watch.query, match=watch.match, expand=watch.expand, sort="newest", limit=_MOST, **filters)  # type: ignore[arg-type]
    if page.total > _MOST:
        raise WatchError(f"the watch {watch.name!r} finds {page.total:,} items: narrow it to {_MOST:,} at most")
    return list(page.hits)


def _read(path: Path) -> Watch:
    try:
        raw = json.loads(path.read_text("utf-8"))
        version = raw.pop("version")
        if isinstance(version, int) and version > _VERSION:
            raise VersionError(f"the watch in {path}")
        if version != _VERSION:
            raise ValueError
        filters = {name: tuple(map(str, values)) for name, values in raw.pop("filters").items()}
        told = {key: Memory(**memory) for key, memory in raw.pop("told").items()}
        return Watch(**raw, filters=filters, told=told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WatchError(f"the watch in {path} can't be read; delete the file and add the watch again") from error
