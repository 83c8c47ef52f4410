"""Tracing: every discussion of a theme, oldest first, with its best quote and reference; and what they tell together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.model import BODY_FIELDS, Source
from minutes_archive.procedural import is_procedural, may_discuss
from minutes_archive.search.analysis import label_key
from minutes_archive.search.engine import Filters, Hit, Match, Request, SearchEngine
from minutes_archive.trace.quote import Quote, choose_quote
from minutes_archive.trace.reference import Reference, passage_of
from minutes_archive.trace.theme import Theme
from minutes_archive.trace.timeline import Timeline, timeline
from minutes_archive.trace.words import Found, ThemeWords, typed_names

# A theme with more items than this is no theme; the trace says so.
MOST = 10_000
# As many moves from body to body as a reader follows one by one.
FEW_MOVES = 24
_UNDATED = "9999"
# A topic that came up beside the theme this often is told.
_OFTEN = 2


@dataclass(frozen=True)
class Discussion:
    """One item on the theme. ``decided`` holds the exact words of its first decision; ``source`` is that of the quote.

    ``in_passing``: it says the theme in one sentence only, and neither its title, its topics nor its decision do.
    """

    id: str
    number: str | None
    title: str
    decisions: tuple[str, ...]
    decided: str
    restriction: str
    topics: tuple[str, ...]
    quote: Quote | None
    reference: Reference
    source: Source
    in_passing: bool


@dataclass(frozen=True)
class Sitting:
    """A meeting at which the theme was discussed. ``date`` is ISO."""

    meeting: str
    council: str | None
    body: str | None
    date: str | None
    discussions: tuple[Discussion, ...]


@dataclass(frozen=True)
class Term:
    """A word of the theme, or a topic beside it: in how many discussions, when first and last.

    ``typed``: somebody asked for it. ``new``: it came up after the theme itself had.
    """

    label: str
    typed: bool
    discussions: int
    first: str | None
    last: str | None
    new: bool


@dataclass(frozen=True)
class Stay:
    """The theme with one body: how many discussions, from when to when (ISO)."""

    council: str | None
    body: str | None
    discussions: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class Trace:
    """A theme traced. ``folded`` counts mentions in business of form; ``searched`` the items looked through.

    ``moves`` are the bodies in the order in which the theme came to them, each as often as it came back; ``beside`` the
    other topics of its items. ``left_out`` counts items beyond the most that a trace takes.
    """

    theme: Theme
    audience: Audience
    expanded: dict[str, tuple[str, ...]]
    searched: int
    sittings: tuple[Sitting, ...]
    folded: int
    words: tuple[Term, ...]
    beside: tuple[Term, ...]
    stays: tuple[Stay, ...]
    moves: tuple[tuple[str | None, str | None], ...]
    timeline: Timeline
    did_you_mean: str | None
    left_out: int = 0

    def discussions(self) -> Iterator[tuple[Sitting, Discussion]]:
        """Every discussion with its meeting, oldest first."""
        for sitting in self.sittings:
            for one in sitting.discussions:
                yield sitting, one


def trace(
    engine: SearchEngine, theme: Theme, filters: Filters, vocabulary: Vocabulary, *, match: Match = "all",
    expand: bool | None = None,
) -> Trace:
    """Trace ``theme`` over what ``engine`` holds. Raises ``QueryError`` and ``IndexDamagedError``.

    ``expand`` brings in related words; None: for a topic, whose names they are, and not for what somebody chose to type.
    """
    query = theme.query()
    of_topic = theme.kind == "topic"
    expand = of_topic if expand is None else expand
    page = engine.search(Request(
        query, filters, sort="oldest", match=match, limit=MOST, full_text=True, expand=expand, snippets=False,
    ))
    searched = engine.search(Request(filters=filters, limit=0)).total
    added = [label for labels in page.expanded.values() for label in labels]
    # The words of a topic's name mean it only where they stand together.
    words = ThemeWords(typed_names(query, apart=not of_topic), (*added, *(theme.names(vocabulary) if expand else ())))
    looked_at = [_Telling.of(hit, words, theme) for hit in page.hits]
    on_it = [one for one in looked_at if not of_topic or one.said or one.tagged]
    told = [one for one in on_it if one.is_discussion]
    # Partial matches stand last in every order of an engine; here only the day counts.
    told.sort(key=lambda one: one.hit.date or _UNDATED)
    sittings = tuple(_sittings(told))
    days = [one.hit.date for one in told]
    return Trace(
        theme=theme, audience=page.audience, expanded=page.expanded, searched=searched, sittings=sittings,
        folded=len(on_it) - len(told), words=tuple(_terms(_said(told), words, days)),
        beside=tuple(_beside(told, theme, days)), stays=tuple(_stays(sittings)), moves=tuple(_moves(sittings)),
        timeline=timeline(days), did_you_mean=page.did_you_mean, left_out=page.total - len(page.hits),
    )


@dataclass(frozen=True)
class _Telling:
    """A hit, and where its texts name the theme."""

    hit: Hit
    found: Mapping[str, Sequence[Found]]
    said: frozenset[str]
    tagged: bool

    @classmethod
    def of(cls, hit: Hit, words: ThemeWords, theme: Theme) -> _Telling:
        found = {name: words.find(text) for name, text in hit.texts.items()}
        said = frozenset(one.name.label for places in found.values() for one in places)
        return cls(hit, found, said, not set(theme.topics).isdisjoint(hit.topics))

    @property
    def is_discussion(self) -> bool:
        """Whether it is more than a mention in business of form."""
        return not is_procedural(self.hit.title) or (may_discuss(self.hit.title) and bool(self.said))

    def discussion(self) -> Discussion:
        hit = self.hit
        quote = choose_quote(hit.texts, self.found, hit.decision_line)
        source = hit.sources.get(quote.field, hit.source) if quote else hit.source
        passage = passage_of(quote.field, quote.start, quote.end, quote.text) if quote else None
        return Discussion(
            hit.id, hit.number, hit.title, hit.decisions, hit.decision_line, hit.restriction, hit.topics, quote,
            Reference(hit.id, source.sha256, passage), source, self._is_in_passing(),
        )

    def _is_in_passing(self) -> bool:
        bodies = [(self.hit.texts[name], one) for name in BODY_FIELDS for one in self.found.get(name, ())]
        decided = any(text[one.start : one.end] in self.hit.decision_line for text, one in bodies)
        return not self.tagged and not self.found.get("title") and len(bodies) <= 1 and not decided


def _sittings(told: Sequence[_Telling]) -> Iterator[Sitting]:
    by_meeting: dict[str, list[_Telling]] = {}
    for one in told:
        by_meeting.setdefault(one.hit.meeting, []).append(one)
    for meeting, some in by_meeting.items():
        hit = some[0].hit
        yield Sitting(meeting, hit.council, hit.body, hit.date, tuple(one.discussion() for one in some))


def _said(told: Iterable[_Telling]) -> Iterator[tuple[str, str | None]]:
    for one in told:
        for label in sorted(one.said):
            yield label, one.hit.date


def _terms(said: Iterable[tuple[str, str | None]], words: ThemeWords, days: Sequence[str | None]) -> Iterator[Term]:
    """The theme's words that were said, typed ones first, then by first appearance."""
    typed = {name.label for name in words.names if name.typed}
    terms = (replace(term, typed=term.label in typed) for term in _appearances(said, days))
    yield from sorted(terms, key=lambda term: (not term.typed, term.first or _UNDATED, term.label))


def _beside(told: Iterable[_Telling], theme: Theme, days: Sequence[str | None]) -> Iterator[Term]:
    """Other topics that came up, the most frequent first."""
    found = [(topic, one.hit.date) for one in told for topic in one.hit.topics if topic not in theme.topics]
    terms = (term for term in _appearances(found, days) if term.discussions >= _OFTEN)
    yield from sorted(terms, key=lambda term: (-term.discussions, term.label))


def _appearances(said: Iterable[tuple[str, str | None]], days: Sequence[str | None]) -> Iterator[Term]:
    began = min((day for day in days if day), default=None)
    by_label: dict[str, list[str | None]] = {}
    for label, day in said:
        by_label.setdefault(label, []).append(day)
    for label, all_days in by_label.items():
        dated = [day for day in all_days if day]
        first, last = min(dated, default=None), max(dated, default=None)
        yield Term(label, False, len(all_days), first, last, bool(first and began and first > began))


def _stays(sittings: Iterable[Sitting]) -> Iterator[Stay]:
    """Each body, in the order in which the theme first came to it."""
    by_body: dict[tuple[str | None, str], list[Sitting]] = {}
    for one in sittings:
        by_body.setdefault(_place(one), []).append(one)
    for some in by_body.values():
        days = [one.date for one in some if one.date]
        count = sum(len(one.discussions) for one in some)
        yield Stay(some[0].council, some[0].body, count, min(days, default=None), max(days, default=None))


def _moves(sittings: Iterable[Sitting]) -> Iterator[tuple[str | None, str | None]]:
    for _, some in groupby((one for one in sittings if one.date), _place):
        first = next(some)
        yield first.council, first.body


def _place(sitting: Sitting) -> tuple[str | None, str]:
    """What tells one body from another: not how its name is written."""
    return sitting.council, label_key(sitting.body or "")
