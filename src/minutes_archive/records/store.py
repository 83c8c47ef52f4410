"""The store of records: sorted JSON Lines that a person can read, changed as a whole or not at all.

A change is first written beside the old files (``*.new``), then the manifest is replaced: that is the
moment it counts. The new files then take the old ones' places; a reader that comes in between reads the
``*.new`` file, and the next writer finishes the move. So a killed run leaves the state before or after.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from minutes_archive.dates import municipal_year
from minutes_archive.durable import make_folder, move, replace_file
from minutes_archive.errors import RecordError, VersionError
from minutes_archive.identity import slug
from minutes_archive.model import Meeting, Problem
from minutes_archive.records.log import Note, begins_as_noted, note_of, read_log, read_withdrawals
from minutes_archive.records.schema import read_record, write_record
from minutes_archive.records.withdrawals import Withdrawals
from minutes_archive.seal import read_sealed, write_sealed
from minutes_archive.workspace import Workspace

# Every record can be derived again: whatever is lost or damaged here is made anew from the captures.
MEND = "make it anew from the captures with: minutes check --repair"
_LOOK = "check the disk and its permissions, then try again"
_MANIFEST = "manifest.json"
_NEW = ".new"
_SHOWN = "corpus/meetings"
_VERSION = 1
# So many changes may come between the manifest and a file while one reads.
_CHANGES = 50
# The id of an item that has its site's own ids, as a line holds it. Inside a text its quotes would be escaped.
_ITEM_ID = re.compile(r'"id":"(?P<site>[^"]+)/(?P<meeting>[0-9]+)/(?P<item>[0-9]+)"')


@dataclass(frozen=True)
class _File:
    """What the manifest says of one file: its SHA-256 and, by position, the ids of its meetings."""

    sha256: str
    meetings: tuple[str, ...]


_NONE = _File("", ())


@dataclass(frozen=True)
class Change:
    """What a change did: how many meetings are new, how many are different now, how many went."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class RecordStore:
    """All records of one archive. Writing needs the workspace's lock, which the caller holds."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.meetings
        self._files, self._moving, self._last, self._noted = self._read_manifest()

    @property
    def last_capture(self) -> int:
        """The highest number of a capture, or of a word on one, that was known when a record was last changed."""
        return self._last

    def meetings(self) -> Iterator[Meeting]:
        """Every meeting, file by file in order of name, inside a file by date and id.

        Raises ``RecordError`` for a file that is damaged.
        """
        for name in sorted(self._files):
            for line in self._lines(name):
                yield read_record(line)

    def get(self, meeting_id: str) -> Meeting | None:
        """The meeting with that id, or None."""
        names = [name for name, file in self._files.items() if meeting_id in file.meetings]
        for line in (line for name in names for line in self._lines(name)):
            # Cheaper than reading each record; the id stands in the line as JSON writes it.
            if json.dumps(meeting_id, ensure_ascii=False) in line and (meeting := read_record(line)).id == meeting_id:
                return meeting
        return None

    def holder(self, item_id: str) -> Meeting | None:
        """The meeting that holds the item with that id, or None. Ids of items begin with their meeting's or not."""
        above = [item_id.rsplit("/", cut)[0] for cut in range(1, item_id.count("/") + 1)]
        likely = (self.get(one) for one in above)
        quoted = json.dumps(item_id)
        others = (read_record(line) for name in self._files for line in self._lines(name) if quoted in line)
        for meeting in chain(likely, others):
            if meeting is not None and any(item.id == item_id for item in meeting.items):
                return meeting
        return None

    def ids(self) -> set[str]:
        """The ids of all meetings."""
        return {one for file in self._files.values() for one in file.meetings}

    def truncated(self) -> Iterator[Meeting]:
        """Every meeting with an item whose text is cut off."""
        for name in sorted(self._files):
            for line in self._lines(name):
                if '"truncated":true' in line:
                    yield read_record(line)

    def holders(self, items: Collection[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, str]]]:
        """The meetings that hold one of ``items`` (a site and its own id of the item), each with what it holds."""
        for line in (line for name in sorted(self._files) for line in self._lines(name)) if items else ():
            for match in _ITEM_ID.finditer(line):
                if (one := (match["site"], match["item"])) in items:
                    yield f"{match['site']}/{match['meeting']}", one

    def of_day(self, council: str | None, date: str) -> Iterator[Meeting]:
        """Every meeting of a council on one day (ISO)."""
        name = file_in(council, date)
        for line in self._lines(name) if name in self._files else ():
            if f'"date":"{date}"' in line and (meeting := read_record(line)).date == date:
                yield meeting

    def withdrawals(self) -> Withdrawals:
        """What was withdrawn and released, as the log has it now. Raises ``RecordError`` where that can't be told."""
        return read_withdrawals(self._workspace)

    def check_log(self, *, known: bool = False) -> None:
        """Raises ``RecordError`` where the log of withdrawals is shorter than was noted, or gone and ``known`` to have been."""
        log = read_log(self._workspace)
        if not begins_as_noted(log, self._noted) and self._catch_up():
            log = read_log(self._workspace)
        if begins_as_noted(log, self._noted) and (log or not known):
            return
        what = "is not all there" if log else "is gone"
        raise RecordError(
            f"corpus/withdrawals.jsonl {what}, and with it what is withdrawn; restore it from a backup, "
            "or make everything public again that it kept with: minutes index --rebuild"
        )

    def note_log(self, *, anew: bool = False) -> None:
        """Note what the log of withdrawals holds, never less than before, unless ``anew``. Needs the workspace's lock."""
        noted = note_of(read_log(self._workspace)) if anew else self._note()
        if noted != self._noted:
            self._noted = noted
            self._write_manifest()

    def _note(self) -> Note | None:
        """What the log holds now; where that is damaged, or less than was noted, what was noted."""
        with contextlib.suppress(RecordError):
            log = read_log(self._workspace)
            if begins_as_noted(log, self._noted):
                return note_of(log)
        return self._noted

    def fingerprint(self) -> str:
        """A digest that changes whenever any record does, or the log of withdrawals."""
        parts = "".join(f"{name}\0{file.sha256}\0" for name, file in sorted(self._files.items()))
        parts += self.withdrawals().fingerprint()
        return hashlib.sha256(parts.encode()).hexdigest()

    def put(self, meetings: Iterable[Meeting], removed: Iterable[str] = (), last_capture: int = 0) -> Change:
        """Put each meeting in the place of the one with its id, and take out those ``removed``; all or nothing.

        They were read off captures up to number ``last_capture``. That is kept here, so that captures which end before it are
        never taken for all there were.
        """
        self.recover()
        self._last = max(self._last, last_capture)
        new = {meeting.id: meeting for meeting in meetings}
        gone = set(removed) - new.keys()
        contents: dict[str, dict[str, str]] = {}

        def content(name: str) -> dict[str, str]:
            if name not in contents:
                known = self._files.get(name)
                contents[name] = dict(zip(known.meetings, self._lines(name), strict=True)) if known else {}
            return contents[name]

        before = {one: name for name, file in self._files.items() for one in file.meetings}
        added = changed = 0
        for one, meeting in new.items():
            line, place = write_record(meeting), file_name(meeting)
            old = before.get(one)
            if old is not None and content(old)[one] == line and old == place:
                continue
            added += old is None
            changed += old is not None
            if old is not None and old != place:
                del content(old)[one]
            content(place)[one] = line
        for one in gone & before.keys():
            del content(before[one])[one]
        self._commit(contents)
        return Change(added, changed, len(gone & before.keys()))

    def recover(self) -> None:
        """Finish a change that was cut short after it counted. Needs the workspace's lock."""
        for name in self._moving:
            waiting = self._path(name + _NEW)
            if waiting.exists():
                move(waiting, self._path(name))
        if self._moving:
            self._moving = ()
            self._write_manifest()

    def unreadable(self) -> dict[str, tuple[str, ...]]:
        """The files of records that are damaged or gone, each with the ids of its meetings; and those that are none of ours."""
        found: dict[str, tuple[str, ...]] = {}
        for problem in self.check():
            name = problem.where.removeprefix(f"{_SHOWN}/")
            found[name] = self._files[name].meetings if name in self._files else ()
        return found

    def forget(self, names: Collection[str]) -> None:
        """Leave files out of the manifest, after they were put away. Needs the workspace's lock."""
        self._files = {name: file for name, file in self._files.items() if name not in names}
        self._moving = tuple(name for name in self._moving if name not in names)
        self._write_manifest()

    def check(self) -> Iterator[Problem]:
        """Re-read every record; yields nothing when all are sound."""
        for name in sorted(self._files):
            where = f"{_SHOWN}/{name}"
            try:
                lines = self._lines(name)
                ids = tuple(read_record(line).id for line in lines)
            except (RecordError, OSError) as error:
                yield Problem("record_damaged", "error", where, str(error))
                continue
            if ids != self._files.get(name, _NONE).meetings:
                yield Problem("record_damaged", "error", where, "holds other meetings than its manifest says")
        self._catch_up()
        known = {self._path(name) for name in self._files}
        for path in sorted(self._folder.rglob("*.jsonl")) if self._folder.is_dir() else ():
            if path not in known:
                where = f"{_SHOWN}/{path.relative_to(self._folder).as_posix()}"
                said = "is not in the manifest: it is not of this archive; put it away with: minutes check --repair"
                yield Problem("record_unknown", "warning", where, said)

    def _lines(self, name: str) -> list[str]:
        """The lines of a file; where another process has changed it since the manifest was read, as they are now."""
        for _ in range(_CHANGES):
            file = self._files.get(name)
            if file is None:
                return []  # it went meanwhile
            try:
                content = self._content(name)
                if hashlib.sha256(content).hexdigest() != file.sha256:
                    raise RecordError(f"corpus/meetings/{name} is not what was written: its SHA-256 differs; {MEND}")
            except RecordError:
                if not self._catch_up():
                    raise
            else:
                # Not splitlines(): texts may hold other line separators of Unicode.
                return content.decode("utf-8").split("\n")[:-1]
        raise RecordError(f"corpus/meetings/{name} changes faster than it can be read; try again later")

    def _content(self, name: str) -> bytes:
        try:
            if name in self._moving:
                with contextlib.suppress(FileNotFoundError):  # it was moved by now
                    return self._path(name + _NEW).read_bytes()
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise RecordError(f"corpus/meetings/{name} is gone; {MEND}") from None
        except OSError as error:
            raise RecordError(f"can't read corpus/meetings/{name} ({error.strerror}); {_LOOK}") from None

    def _catch_up(self) -> bool:
        """Whether another process has changed the records since the manifest was read; then it is read anew."""
        before = self._files, self._moving, self._noted
        self._files, self._moving, self._last, self._noted = self._read_manifest()
        return before != (self._files, self._moving, self._noted)

    def _commit(self, contents: Mapping[str, dict[str, str]]) -> None:
        fresh: dict[str, bytes] = {}
        for name, lines in contents.items():
            ordered = sorted(lines.items(), key=lambda entry: _sort_key(entry[1], entry[0]))
            content = "".join(line + "\n" for _, line in ordered).encode()
            digest = hashlib.sha256(content).hexdigest()
            known = self._files.get(name)
            if known is None or known.sha256 != digest:
                fresh[name] = content
                self._files[name] = _File(digest, tuple(one for one, _ in ordered))
        if not fresh:
            return
        for name, content in fresh.items():
            make_folder(self._path(name).parent)
            replace_file(self._path(name + _NEW), content)
        self._moving = tuple(sorted(fresh))
        self._write_manifest()
        self.recover()
        self._drop_empty()

    def _drop_empty(self) -> None:
        empty = [name for name, file in self._files.items() if not file.meetings]
        if not empty:
            return
        for name in empty:
            del self._files[name]
        self._write_manifest()
        for name in empty:
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _read_manifest(self) -> tuple[dict[str, _File], tuple[str, ...], int, Note | None]:
        path = self._folder / _MANIFEST
        try:
            content = path.read_bytes()
            raw = read_sealed(content)
            if raw is None:
                raw = json.loads(content)
                if raw.keys() != {"version", "files", "moving"} or raw["version"] != _VERSION:  # unsealed: of an earlier version
                    raise ValueError
            if raw["version"] > _VERSION:
                raise VersionError(f"corpus/meetings/{_MANIFEST}")
            files = {name: _File(one["sha256"], tuple(one["meetings"])) for name, one in raw["files"].items()}
            moving, last = tuple(raw["moving"]), int(raw.get("last_capture", 0))
            noted = Note(**raw["withdrawals"]) if "withdrawals" in raw else None
        except FileNotFoundError:
            return {}, (), 0, None
        except OSError as error:
            raise RecordError(f"can't read corpus/meetings/{_MANIFEST} ({error.strerror}); {_LOOK}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RecordError(f"corpus/meetings/{_MANIFEST} is damaged; {MEND}") from None
        return files, moving, last, noted

    def _write_manifest(self) -> None:
        files = {n: {"sha256": f.sha256, "meetings": list(f.meetings)} for n, f in sorted(self._files.items())}
        self._noted = self._note()
        noted = {"withdrawals": asdict(self._noted)} if self._noted else {}
        content = {"version": _VERSION, "files": files, "moving": list(self._moving), "last_capture": self._last, **noted}
        replace_file(self._folder / _MANIFEST, write_sealed(content))


def file_name(meeting: Meeting) -> str:
    """Where a meeting's record stands below ``corpus/meetings``: ``<council>/<2024-25>.jsonl``."""
    return file_in(meeting.council, meeting.date)


def file_in(council: str | None, date: str | None) -> str:
    """The same, of the meetings of a council in the municipal year of a day (ISO)."""
    year = municipal_year(dt.date.fromisoformat(date)) if date else "undated"
    return f"{slug(council) if council else 'unassigned'}/{year}.jsonl"


def _sort_key(line: str, meeting_id: str) -> tuple[str, str]:
    date = json.loads(line)["meeting"]["date"] or ""
    return date, meeting_id
