"""Publishing: an archive as a static site for one audience, with its threads and saved themes. See ``export.site``."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.archive import Archive, check_log
from minutes_archive.coverage import coverage
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.export.site import Done, Edition, Theme, ThreadLink, build, building
from minutes_archive.follow import Follower, Thread
from minutes_archive.model import Meeting
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.search.analysis import label_key
from minutes_archive.workspace import Workspace

# Where the records change while the site is made, it is made again; the last time, nobody may change them meanwhile.
_TRIES = 3
_LONG_AGO = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Published:
    """What was published, and how many files were written or taken over for it."""

    meetings: int
    items: int
    done: Done


def publish(
    workspace: Workspace, audience: Audience, target: Path, base_url: str | None = None, made: dt.datetime | None = None,
    themes: Sequence[Theme] = (), threads: Mapping[str, tuple[ThreadLink, ...]] | None = None,
    references: Mapping[str, str] | None = None,
) -> Published:
    """Make the site of what ``audience`` may see in the folder ``target``, or bring the one there up to date.

    ``base_url`` is the address that it will stand at; ``made`` the day to name as that of its making. ``threads`` are the items
    before and after an item on the same matter (followed anew where not given), ``references`` how to cite an item, both by
    item id. Raises ``MinutesArchiveError`` where ``target`` holds anything else, or the records are damaged.
    """
    if audience is Audience.PUBLIC:
        check_log(workspace)
    target = _place(workspace, target)
    address = _address(base_url)
    vocabulary = load_vocabulary(workspace.topics)
    labels = {topic.id: topic.pref_label for topic in vocabulary.topics}
    day = made.date().isoformat() if made else None

    def made_once() -> Published | None:
        """The site, or None where the records have changed meanwhile."""
        view = ArchiveView(RecordStore(workspace), audience)
        before = view.fingerprint()
        try:
            with building(target) as folder:
                # Nothing here tells what is stale by today's clock: the same archive gives the same site.
                lines = coverage(workspace, audience, _LONG_AGO)
                held = [line.as_json() for line in lines]
                edition = _edition_of(view, threads, public=audience is Audience.PUBLIC, labels=labels, base_url=address,
                                      references=references or {}, made=day)
                contents = build(folder, edition, view.meetings, vocabulary, held, themes)
                if not contents.meetings:
                    raise MinutesArchiveError("there is nothing to publish yet; fill the archive with `minutes add`")
                if _fingerprint(workspace, audience) != before:
                    # What was withdrawn in the meantime must not be in it.
                    raise _ChangedMeanwhileError
        except Exception:
            # Read twice, what has changed in between may fit together no more.
            if _fingerprint(workspace, audience) == before:
                raise
            return None
        return Published(len(contents.meetings), len(contents.items), folder.done)

    for number in range(1, _TRIES + 1):
        with workspace.writer_lock() if number == _TRIES else contextlib.nullcontext():
            if done := made_once():
                return done
    raise MinutesArchiveError("the records kept changing while the site was made; run this again when nothing is added to them")


def _edition_of(view: ArchiveView, threads: Mapping[str, tuple[ThreadLink, ...]] | None, **said: Any) -> Edition:
    """What stands on every page of the site of ``view``: what is ``said``, its councils, and the threads of its items."""
    meetings = list(view.meetings()) if threads is None else view.meetings()
    followed = threads_of(meetings) if threads is None else threads
    councils = sorted({meeting.council for meeting in meetings if meeting.council})
    return Edition(name=_name(councils), several=len(councils) > 1, threads=followed, **said)


def threads_of(meetings: Iterable[Meeting]) -> dict[str, tuple[ThreadLink, ...]]:
    """By item id, the items before and after it on the same matter, as ``minutes follow`` tells them."""
    by_council: dict[str | None, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_council[meeting.council].append(meeting)
    found: dict[str, tuple[ThreadLink, ...]] = {}
    for own in by_council.values():  # one after the other: only the words of one are in memory
        follower = Follower(own)
        threads = ((item.id, follower.thread(item.id)) for meeting in own for item in meeting.items)
        found |= {item_id: _links(thread) for item_id, thread in threads if thread and len(thread.entries) > 1}
    return found


def _links(thread: Thread) -> tuple[ThreadLink, ...]:
    order = [entry.id for entry in thread.entries]
    here = order.index(thread.start)
    own = [link for link in thread.links if thread.start in (link.earlier, link.later)]
    reasons = {other: link.reason for link in own for other in (link.earlier, link.later)}
    return tuple(
        ThreadLink(other, "earlier" if place < here else "later", reasons.get(other, "by way of the others"))
        for place, other in enumerate(order) if place != here
    )


def saved_themes(archive: Archive) -> list[Theme]:
    """The themes saved in the archive's ``themes.toml``, traced. Raises as ``Archive.trace`` does."""
    return [_traced(archive, theme.title, theme.words) for theme in archive.themes()]


def _traced(archive: Archive, title: str, words: Sequence[str]) -> Theme:
    told = [(one.id, one.quote.text if one.quote else "") for _, one in archive.trace(title).discussions()]
    note = f"Items that say: {'; '.join(words)}." if words else ""
    return Theme(label_key(title).replace(" ", "-"), title, note, tuple(told))


class _ChangedMeanwhileError(Exception):
    """The records are not those that the site was begun with."""


def _fingerprint(workspace: Workspace, audience: Audience) -> str:
    return ArchiveView(RecordStore(workspace), audience).fingerprint()


def _place(workspace: Workspace, target: Path) -> Path:
    """Where the site goes. Raises ``MinutesArchiveError`` for a place among the archive's own files, or above them."""
    target = target.resolve()
    for own in (workspace.corpus, workspace.index, workspace.cache):
        if target.is_relative_to(own.resolve()) or own.resolve().is_relative_to(target):
            raise MinutesArchiveError(f"{target} holds, or is among, the archive's own files; name another place for the site")
    if not target.parent.is_dir():
        raise MinutesArchiveError(f"{target.parent} is no folder; make it first, or name another place for the site")
    return target


def _address(base_url: str | None) -> str | None:
    if base_url is None:
        return None
    try:
        parts = urlsplit(base_url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        fits = False
    if not fits or any(sign in base_url for sign in " <>\"'&"):
        raise MinutesArchiveError(f"--base-url {base_url!r} is no address of a site; write one like https://minutes.example.org/")
    return base_url if base_url.endswith("/") else base_url + "/"


def _name(councils: Sequence[str]) -> str:
    return f"Minutes of {councils[0].replace('-', ' ').title()}" if len(councils) == 1 else "Archive of minutes"
