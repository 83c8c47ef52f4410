"""An archive, opened for one audience: the whole reading side. The command line is a thin face of it.

    from minutes_archive import Archive

    with Archive.open("path/to/archive", audience="public") as archive:
        page = archive.search("off-road bikes", decision=["deferred"], since="2019-01-01", limit=10, facets=True)
        page.total, page.hits[0].title, str(page.hits[0].snippet), page.facets["topic"]
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from minutes_archive.access import Audience
from minutes_archive.dates import read_period
from minutes_archive.durable import replace_file
from minutes_archive.errors import IndexDamagedError, MinutesArchiveError, NotFoundError
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS, Item, Meeting
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.records.log import read_withdrawals
from minutes_archive.search.engine import Filters, Match, Request, ResultPage, SearchEngine, Sort, Update
from minutes_archive.search.whoosh import WhooshEngine
from minutes_archive.thesaurus import keep_thesaurus, read_thesaurus
from minutes_archive.workspace import Workspace

# Whoever only searches does not wait for the import of what reads captures, follows or traces: who needs it, imports it.
if TYPE_CHECKING:
    from minutes_archive.annotate.vocabulary import Vocabulary
    from minutes_archive.follow import Return, Thread
    from minutes_archive.trace.citation import Citation
    from minutes_archive.trace.reference import Reference
    from minutes_archive.trace.register import Restricted
    from minutes_archive.trace.theme import Theme
    from minutes_archive.trace.tracing import Trace
    from minutes_archive.verifying import Verdict

# More items than any archive of one person holds.
_ALL = 10_000_000
# So many ids are named in the place of one that nothing has.
_MOST_MEANT = 5
# What an index was made of: the records, the log of withdrawals.
_FINGERPRINTS = re.compile(r"([0-9a-f]{64})\n([0-9a-f]{64}|)\n")


class Archive:
    """One archive as one audience may see it. Close it, or use it in a ``with``."""

    def __init__(self, workspace: Workspace, audience: Audience) -> None:
        self._workspace = workspace
        self.audience = audience
        self._engine: SearchEngine | None = None
        self._view: ArchiveView | None = None
        self._vocabulary: Vocabulary | None = None

    @classmethod
    def open(cls, path: str | PathLike[str], audience: Literal["public", "officer"] | Audience = "public") -> Self:
        """The archive in the folder ``path``. Raises ``WorkspaceError`` where there is none."""
        try:
            who = Audience(audience)
        except ValueError:
            raise MinutesArchiveError(f"audience {audience!r} is neither public nor officer") from None
        return cls(Workspace.of_archive(Path(path)), who)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def search(  # noqa: PLR0913 - the names, filters and defaults of the command line
        self, query: str = "", *, council: Sequence[str] = (), body: Sequence[str] = (), meeting: Sequence[str] = (),
        topic: Sequence[str] = (), decision: Sequence[str] = (), restriction: Sequence[str] = (),
        since: str | dt.date | None = None, until: str | dt.date | None = None, sort: Sort = "relevance",
        match: Match = "most", limit: int = 10, offset: int = 0, facets: bool = False, full_text: bool = False,
        expand: bool = True,
    ) -> ResultPage:
        """The items that match ``query`` and pass every filter; without a query all that the filters leave, newest first.

        ``since`` and ``until`` take a day, month, year or municipal year ("2023/24"); bounds are included. Raises
        ``QueryError`` with the column of a fault, ``IndexDamagedError``, and ``MinutesArchiveError`` for a filter
        that names nothing there can be.
        """
        _check_asked(query, sort, match, limit, offset)
        filters = read_filters(
            council=council, body=body, meeting=meeting, topic=topic, decision=decision, restriction=restriction,
            since=since, until=until,
        )
        return self._searching().search(
            Request(query, filters, sort, match, limit, offset, facets, full_text, expand)
        )

    def facets(self, query: str = "", **filters: object) -> dict[str, dict[str, int]]:
        """The counts alone, over all matches; the same filters as ``search``."""
        return self.search(query, facets=True, limit=0, **filters).facets  # type: ignore[arg-type]

    def trace(self, theme: str, *, match: Match = "all", expand: bool | None = None, **filters: Any) -> Trace:
        """Every discussion of ``theme`` (a saved theme, a topic, or a query), oldest first; the same filters as ``search``.

        Raises as ``search`` does, and ``LoadError`` for a ``themes.toml`` that can't be understood.
        """
        from minutes_archive.trace.theme import read_themes, resolve_theme  # noqa: PLC0415
        from minutes_archive.trace.tracing import trace  # noqa: PLC0415

        _check_asked(theme, "oldest", match, 0, 0)
        if not theme.strip():
            raise MinutesArchiveError("a trace needs a theme: words, a topic, or the name of a saved theme")
        vocabulary = self.vocabulary()
        found = resolve_theme(theme, read_themes(self._workspace.themes, vocabulary), vocabulary)
        return trace(self._searching(), found, read_filters(**filters), vocabulary, match=match, expand=expand)

    def themes(self) -> tuple[Theme, ...]:
        """The themes saved in the archive's ``themes.toml``. Raises ``LoadError`` where that can't be understood."""
        from minutes_archive.trace.theme import read_themes  # noqa: PLC0415

        return tuple(dict.fromkeys(read_themes(self._workspace.themes, self.vocabulary()).values()))

    def register(self, **filters: Any) -> Iterator[Restricted]:
        """What is restricted and why, oldest first; the same filters as ``search``."""
        from minutes_archive.trace.register import register  # noqa: PLC0415

        return register(self._viewing().meetings(), read_filters(**filters))

    def cite(self, identity: str, quote: str | None = None) -> Citation:
        """What a report may say of an item or meeting and of words in it. Raises ``NotFoundError``, also for words it has not."""
        from minutes_archive.citing import cite  # noqa: PLC0415

        with self._hinting(identity):
            return cite(self._workspace, self._viewing(), identity, quote)

    def verify(self, references: Iterable[Reference]) -> Iterator[Verdict]:
        """For each reference whether it still holds in the captured bytes, and what does not."""
        from minutes_archive.verifying import Verifier  # noqa: PLC0415

        return Verifier(self._workspace, self._viewing(), self.vocabulary()).verify(references)

    def similar(self, item_id: str, limit: int = 10) -> ResultPage:
        """Items that share their telling words with one item. Raises ``NotFoundError``."""
        return self._searching().similar(item_id, limit)

    def show(self, identity: str) -> tuple[Meeting, Item | None]:
        """The meeting with that id, or the meeting and item where it is an item's. Raises ``NotFoundError``."""
        from minutes_archive.citing import held  # noqa: PLC0415

        with self._hinting(identity):
            return held(self._viewing(), identity)

    @contextmanager
    def _hinting(self, identity: str) -> Iterator[None]:
        """Where nothing is held by an id, name those that somebody may have meant by it."""
        try:
            yield
        except NotFoundError as error:
            if meant := self._meant(identity):
                raise NotFoundError(f"{error}. Is it one of these: {', '.join(meant)}") from error
            raise

    def _meant(self, identity: str) -> tuple[str, ...]:
        """A few ids of items and meetings that end as ``identity`` does, or of items with that number."""
        try:
            meetings = (one for one in self.facets()["meeting"] if one.endswith(f"/{identity}"))
            numbered = (hit.id for hit in self.search(f'number:"{identity}"', limit=_MOST_MEANT).hits)
            return tuple(dict.fromkeys((*self._searching().ids_ending(identity), *meetings, *numbered)))[:_MOST_MEANT]
        except MinutesArchiveError:
            return ()

    def follow(self, item_id: str) -> Thread:
        """The thread of one item: the same matter before and after, why, and what became of what was put off.

        An item of a meeting without a date stands alone. Raises ``NotFoundError``, also for the id of a meeting.
        """
        from minutes_archive.follow import Follower, alone  # noqa: PLC0415

        meeting, item = self.show(item_id)
        if item is None:
            raise NotFoundError(f"{item_id!r} is a meeting; follow takes the id of an item: minutes show {item_id}")
        alike = (one for one in self._viewing().meetings() if one.council == meeting.council)
        thread = Follower(alike).thread(item_id)
        return thread or alone(meeting, item)

    def never_returned(self, **filters: object) -> tuple[Return, ...]:
        """The deferred items that never came back in what is held, oldest first; the same filters as ``search``."""
        return tuple(one for one in self.deferred(**filters) if one.returned is None)

    def deferred(self, **filters: object) -> tuple[Return, ...]:
        """What became of every deferred item that passes the filters of ``search``, oldest first."""
        from minutes_archive.follow import Follower  # noqa: PLC0415

        asked = read_filters(**{**filters, "decision": ["deferred"]})  # type: ignore[arg-type]
        page = self._searching().search(Request(filters=asked, limit=_ALL, snippets=False))
        return tuple(Follower(self._viewing().meetings()).returned(hit.id for hit in page.hits))

    def vocabulary(self) -> Vocabulary:
        """The topics: the built-in ones and the user's own."""
        from minutes_archive.annotate.vocabulary import load_vocabulary  # noqa: PLC0415

        if self._vocabulary is None:
            self._vocabulary = load_vocabulary(self._workspace.topics)
        return self._vocabulary

    def index_is_behind(self) -> bool:
        """Whether records have changed since the index was brought up to date."""
        return index_is_behind(self._workspace, self.audience)

    def _viewing(self) -> ArchiveView:
        if self.audience is Audience.PUBLIC:
            check_log(self._workspace)
        if self._view is None:
            self._view = ArchiveView(RecordStore(self._workspace), self.audience)
        return self._view

    def _searching(self) -> SearchEngine:
        # An index that was made before something was withdrawn still tells of it.
        heeds = self.audience is Audience.OFFICER or heeds_withdrawals(self._workspace, self.audience)
        if self.audience is Audience.PUBLIC and (self._engine is None or not heeds):
            check_log(self._workspace)
        if not heeds:
            raise IndexDamagedError("something was withdrawn or released since the index was made; run: minutes index")
        if self._engine is None:
            self._engine = engine_of(self._workspace, self.audience)
        return self._engine


def engine_of(workspace: Workspace, audience: Audience) -> SearchEngine:
    """The engine over the index of one audience, with the topics that come with the package and the user's own.

    Raises ``LoadError`` where the user's can't be understood.
    """
    return WhooshEngine(workspace.index / audience.value, audience, read_thesaurus(workspace))


def index_is_behind(workspace: Workspace, audience: Audience) -> bool:
    """Whether records have changed since the index of an audience was brought up to date."""
    store = RecordStore(workspace)
    return _fingerprints_held(workspace, audience) != (store.fingerprint(), store.withdrawals().fingerprint())


def heeds_withdrawals(workspace: Workspace, audience: Audience) -> bool:
    """Whether the index of an audience was made with all left out that is withdrawn now."""
    return _fingerprints_held(workspace, audience)[1] == read_withdrawals(workspace).fingerprint()


def check_log(workspace: Workspace) -> None:
    """Raises ``RecordError`` where the log of withdrawals is lost: one that an index was made with, or the records know of."""
    # The log only grows: once there was one, there always is.
    RecordStore(workspace).check_log(known=any(_fingerprints_held(workspace, audience)[1] for audience in Audience))


def update_index(workspace: Workspace, *, rebuild: bool = False) -> dict[Audience, Update]:
    """Bring both indexes up to date with the records; the caller holds the writer lock.

    Raises ``RecordError`` where the log of withdrawals is lost, unless ``rebuild`` says to go on with what there is.
    """
    if not rebuild:
        check_log(workspace)
    done = {}
    store = RecordStore(workspace)
    store.note_log(anew=rebuild)
    keep_thesaurus(workspace)
    for audience in Audience:
        view = ArchiveView(store, audience)
        engine = engine_of(workspace, audience)
        try:
            done[audience] = engine.update(view.meetings(), rebuild=rebuild)
        finally:
            engine.close()
        fingerprints = f"{view.fingerprint()}\n{store.withdrawals().fingerprint()}\n"
        replace_file(_fingerprint_file(workspace, audience), fingerprints.encode())
    return done


def _fingerprint_file(workspace: Workspace, audience: Audience) -> Path:
    return workspace.index / f"{audience.value}.records"


def _fingerprints_held(workspace: Workspace, audience: Audience) -> tuple[str, str]:
    """The fingerprints, of the records and of the log of withdrawals, that an index was made of."""
    try:
        found = _FINGERPRINTS.fullmatch(_fingerprint_file(workspace, audience).read_bytes().decode("ascii"))
    except (OSError, UnicodeError):
        found = None
    return (found[1], found[2]) if found else ("", "")


def _check_asked(query: object, sort: object, match: object, limit: object, offset: object) -> None:
    """Raises ``MinutesArchiveError`` for what the command line would not have let through."""
    if not isinstance(query, str):
        raise MinutesArchiveError(f"the query must be a text, not {query!r}")
    if sort not in get_args(Sort) or match not in get_args(Match):
        raise MinutesArchiveError(f"sort is one of {get_args(Sort)}, match one of {get_args(Match)}")
    for name, number in (("limit", limit), ("offset", offset)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise MinutesArchiveError(f"{name} must be a whole number from 0, not {number!r}")


def read_filters(
    *, council: Sequence[str] = (), body: Sequence[str] = (), meeting: Sequence[str] = (), topic: Sequence[str] = (),
    decision: Sequence[str] = (), restriction: Sequence[str] = (), since: str | dt.date | None = None,
    until: str | dt.date | None = None,
) -> Filters:
    """The filters as a person gave them. Raises ``MinutesArchiveError`` for one that names nothing there can be."""
    return Filters(
        council=_several(council), body=_several(body), meeting=_several(meeting), topic=_several(topic),
        decision=_known("decision", _several(decision), DECISION_TYPES),
        restriction=_known("restriction", _several(restriction), RESTRICTIONS),
        since=read_bound("since", since), until=read_bound("until", until),
    )


def _several(values: Iterable[str] | str) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _known(name: str, values: tuple[str, ...], allowed: tuple[str, ...]) -> tuple[str, ...]:
    folded = tuple(value.strip().lower().replace("-", "_").replace(" ", "_") for value in values)
    for value in folded:
        if value not in allowed:
            raise MinutesArchiveError(f"there is no {name} {value!r}; it is one of: {', '.join(allowed)}")
    return folded


def read_bound(name: Literal["since", "until"], value: str | dt.date | None) -> dt.date | None:
    """The first or last day of what a person typed as a bound; None stays None.

    Raises ``MinutesArchiveError`` where it is no date.
    """
    if value is None or isinstance(value, dt.date):
        return value
    period = read_period(value)
    if period is None:
        raise MinutesArchiveError(
            f"{name} {value!r} is no date; write a day (2024-07-17), month (2024-07), year (2024) or municipal year (2023/24)"
        )
    return period.first if name == "since" else period.last
