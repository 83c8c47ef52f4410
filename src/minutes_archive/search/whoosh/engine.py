"""The embedded engine: requests answered from the current generation of an index."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np

from minutes_archive.access import Audience
from minutes_archive.errors import NotFoundError
from minutes_archive.model import Meeting
from minutes_archive.search.engine import FACETS, Hit, Request, ResultPage, Snippet, Update
from minutes_archive.search.expand import Labels, Thesaurus
from minutes_archive.search.plan import Leaf, make_plan
from minutes_archive.search.query import Everything
from minutes_archive.search.ranking import PARTIAL, TYPED
from minutes_archive.search.reading import parse
from minutes_archive.search.snippet import snippet
from minutes_archive.search.whoosh.chunks import Finder
from minutes_archive.search.whoosh.columns import BrokenSealError
from minutes_archive.search.whoosh.manifest import NAME, damaged
from minutes_archive.search.whoosh.matching import Matcher
from minutes_archive.search.whoosh.opening import current_manifest, open_segments
from minutes_archive.search.whoosh.reader import Reader
from minutes_archive.search.whoosh.results import Ranked, filtered, rank, without_needless_partials
from minutes_archive.search.whoosh.similar import telling_words

_ATTEMPTS = 5
# Two items are alike that share at least so many telling words.
_ALIKE = 2

Clock = Callable[[], float]


class WhooshEngine:
    """A ``SearchEngine`` over a folder ``index/<audience>/``.

    One engine may serve several threads, one search at a time. It notices when another process has
    made a new generation current, and goes over to it with the next search.
    """

    def __init__(
        self, folder: Path, audience: Audience, topics: Iterable[Labels] | Thesaurus = (), clock: Clock = time.perf_counter,
        workers: int | None = None,
    ) -> None:
        self._folder = folder
        self._audience = audience
        self._thesaurus = topics if isinstance(topics, Thesaurus) else Thesaurus(topics)
        self._clock = clock
        self._workers = (os.cpu_count() or 1) if workers is None else workers
        self._lock = Lock()
        self._reader: Reader | None = None
        self._seen: tuple[int, int, int] | None = None

    def update(self, meetings: Iterable[Meeting], rebuild: bool = False) -> Update:
        """Make the index hold exactly ``meetings``, which the caller has filtered for this audience.

        Made anew where ``rebuild`` says so, or where there is no sound index of this version. The caller
        holds the archive's writer lock. Raises ``OSError`` as the system gives it; the old state then stands.
        """
        # Whoever only searches does not wait for the import of what writes.
        from minutes_archive.search.whoosh.generation import update_index  # noqa: PLC0415

        with self._lock:
            self._let_go()
            return update_index(self._folder, self._audience, meetings, rebuild, self._workers)

    def put(self, meetings: Iterable[Meeting], removed: Iterable[str] = ()) -> Update:
        """Put each of ``meetings`` in the place of the one with its id, take out those ``removed``, and leave all others.

        As for ``update``; raises ``IndexDamagedError`` where there is no index to change.
        """
        from minutes_archive.search.whoosh.generation import put_meetings  # noqa: PLC0415

        with self._lock:
            self._let_go()
            return put_meetings(self._folder, self._audience, meetings, removed, self._workers)

    def search(self, request: Request) -> ResultPage:
        """The items that match. Raises ``QueryError``, and ``IndexDamagedError`` for an index not fit for use."""
        started = self._clock()
        typed = request.query if isinstance(request.query, str) else ""
        tree = parse(request.query) if isinstance(request.query, str) else request.query
        with self._lock, self._refusing():
            reader = self._current()
            plan = make_plan(tree, reader, self._thesaurus if request.expand else None, request.match)
            matcher = Matcher(reader)
            matches = without_needless_partials(filtered(reader, matcher.matches(plan.node), request.filters))
            sort = "newest" if isinstance(tree, Everything) and request.sort == "relevance" else request.sort
            ranked = rank(reader, matches, matcher.titled, sort, request.offset + request.limit)
            found = bool((matches.kinds == TYPED).any())
            return ResultPage(
                query=typed, audience=self._audience, expanded=plan.related, total=len(matches),
                did_you_mean=None if found else self._suggested(plan.corrected(typed), request, reader),
                hits=tuple(_hits(reader, ranked[request.offset:], plan.typed(), plan.unasked(), request)),
                facets={facet: reader.labels(facet).counts(matches.documents) for facet in FACETS} if request.facets else {},
                took_ms=(self._clock() - started) * 1000,
            )

    def similar(self, item_id: str, limit: int = 10) -> ResultPage:
        """The items most like one item, not counting itself. Raises ``NotFoundError`` and ``IndexDamagedError``."""
        started = self._clock()
        with self._lock, self._refusing():
            reader = self._current()
            document = reader.named(item_id)
            if document is None:
                raise NotFoundError(f"no item {item_id} is held; see what is with: minutes search")
            units = telling_words(reader, reader.line(document))
            matcher = Matcher(reader)
            matches = matcher.matches(units)
            shared = matcher.shared(units, matches.documents)
            matches = matches.where((matches.documents != document) & (shared >= min(_ALIKE, len(units.leaves))))
            ranked = rank(reader, matches, lambda: np.empty(0, np.int32), "relevance", limit)
            hits = tuple(_hits(reader, ranked, units.leaves, (), Request(limit=limit)))
            return ResultPage(
                query="", audience=self._audience, expanded={}, total=len(matches), did_you_mean=None, hits=hits,
                facets={}, took_ms=(self._clock() - started) * 1000,
            )

    def ids_ending(self, ending: str) -> tuple[str, ...]:
        """The ids of items whose last part, behind a slash, is ``ending``; in order. Raises ``IndexDamagedError``."""
        with self._lock, self._refusing():
            return tuple(sorted(one for one in self._current().item_ids() if one.endswith(f"/{ending}")))

    @staticmethod
    def _suggested(corrected: str | None, request: Request, reader: Reader) -> str | None:
        """``corrected`` where it would find something."""
        if corrected is None:
            return None
        plan = make_plan(parse(corrected), reader, None, request.match)
        return corrected if filtered(reader, Matcher(reader).matches(plan.node), request.filters) else None

    def close(self) -> None:
        """Let go of the index's files; a later search opens them again."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        reader, self._reader, self._seen = self._reader, None, None
        if reader is not None:
            reader.close()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Damage is found when the damaged bytes are first used: in the midst of a search."""
        try:
            yield
        except BrokenSealError as error:
            self._let_go()
            raise damaged(self._folder, str(error)) from error

    def _current(self) -> Reader:
        """The current generation, opened and checked."""
        seen = self._sight()
        if self._reader is None or seen != self._seen:
            self._let_go()
            self._reader = self._opened()
            self._seen = seen
        return self._reader

    def _sight(self) -> tuple[int, int, int] | None:
        """What tells one manifest from the next without reading it."""
        try:
            status = (self._folder / NAME).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _opened(self) -> Reader:
        """A reader of the current generation; where a writer has just replaced it, of the one after."""
        for _ in range(_ATTEMPTS):
            manifest = current_manifest(self._folder, self._audience)
            try:
                return Reader(open_segments(self._folder, manifest))
            except BrokenSealError as error:
                if current_manifest(self._folder, self._audience).generation == manifest.generation:
                    raise damaged(self._folder, str(error)) from error
        raise damaged(self._folder, "it changes faster than it can be opened")


def _hits(
    reader: Reader, ranked: Sequence[Ranked], typed: Sequence[Leaf], related: Sequence[Leaf], request: Request
) -> Iterator[Hit]:
    terms = dict.fromkeys(term for leaf in (*typed, *related) for way in leaf.variants for term in way)
    finder = Finder(surface for term in terms for surface in reader.surfaces_of(term))
    for number, found in enumerate(ranked, start=request.offset + 1):
        line = reader.line(found.document)
        passage = snippet(line.texts, typed, related, finder.tokens) if request.snippets else Snippet()
        yield line.hit(number, found.score, found.kind == PARTIAL, passage, request.full_text)
