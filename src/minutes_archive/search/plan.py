"""The plan: what an item's fields must hold to match, once the index has been asked which words it knows.

A query tree speaks of words; a plan speaks of terms. Spelling variants, related words, prefixes and
near spellings have become alternatives, and what is left for an engine is looking up, and, or, not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from minutes_archive.errors import QueryError
from minutes_archive.search.analysis import join, label_key, parts, stem
from minutes_archive.search.asking import asked_for
from minutes_archive.search.corrections import Correction, Corrections, corrected
from minutes_archive.search.engine import Match
from minutes_archive.search.expand import Thesaurus, forms_of, surfaces_of
from minutes_archive.search.pieces import Piece, grouped, halved, pieces_of, read_alike
from minutes_archive.search.query import (
    And,
    Dated,
    Everything,
    Fuzzy,
    Labelled,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Run,
    Word,
)
from minutes_archive.search.references import length_of_reference
from minutes_archive.search.spelling import Lexicon, exact, near, reach_of, ways, words
from minutes_archive.search.times import Month, times_in

TEXT_FIELDS = ("title", "decision_text", "minutes_text", "agenda_text", "documents")
PERSON_FIELDS = ("people", "minutes_text", "decision_text")
_FIELDS = {None: TEXT_FIELDS, "title": ("title",), "body": ("body",), "number": ("number",), "person": PERSON_FIELDS}

MAX_PREFIX_WORDS = 500
MAX_OPEN_WORDS = 8
_MAX_NEAR_WORDS = 200


@dataclass(frozen=True)
class Leaf:
    """Matches where one of ``fields`` holds one of ``variants``: sequences of terms at consecutive positions.

    ``typed`` is the term of the word just as it was typed, which counts for more than another form of it. Where ``names``
    is false, a title that holds it does not name what is looked for: January does not ask for the minutes of January.
    """

    fields: tuple[str, ...]
    variants: tuple[tuple[str, ...], ...]
    typed: str | None = None
    names: bool = True


@dataclass(frozen=True)
class Cover:
    """Stands for the units ``first`` to ``last`` (excluded). ``related`` where nobody typed it."""

    first: int
    last: int
    leaf: Leaf
    related: bool


@dataclass(frozen=True)
class Units:
    """Typed words, a leaf each, and what may stand for groups of them; ``needed`` tells how many must match."""

    leaves: tuple[Leaf, ...]
    covers: tuple[Cover, ...]
    needed: Match


@dataclass(frozen=True)
class Label:
    """Items that carry the label ``key`` (see ``analysis.label_key``) of one facet."""

    facet: str
    key: str


@dataclass(frozen=True)
class All:
    """Matches where all ``parts`` match and none of ``without``; without parts, every item but those."""

    parts: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Any:
    """Matches where one of ``parts`` does."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Hint:
    """The time or the body that was meant, though nothing need be of it; ``said`` are the words that a text may say it in."""

    meant: Label | Dated | Month
    said: Leaf | None = None


@dataclass(frozen=True)
class Favoured:
    """Matches where ``part`` does; items that a hint is true of are worth more."""

    part: Node
    hints: tuple[Hint, ...]


Node = Leaf | Units | Label | Dated | All | Any | Favoured


@dataclass(frozen=True)
class Plan:
    """A plan, with what a page tells about it: related words by typed ones, and what unknown words probably meant."""

    node: Node
    related: dict[str, tuple[str, ...]]
    corrections: tuple[Correction, ...]

    def corrected(self, typed: str) -> str | None:
        """What was typed, with the nearest known word in the place of each unknown one; None where there is none."""
        return corrected(typed, self.corrections)

    def typed(self) -> tuple[Leaf, ...]:
        """What was typed, as a reader would want to see it marked in a hit; groups of words before single ones."""
        return tuple(dict.fromkeys(_wanted(self.node, related=False)))

    def unasked(self) -> tuple[Leaf, ...]:
        """The related words: marked too, but nobody typed them."""
        return tuple(leaf for leaf in dict.fromkeys(_wanted(self.node, related=True)) if leaf not in self.typed())


def _wanted(node: Node, *, related: bool) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield from [] if related else [node]
    elif isinstance(node, Units):
        yield from [] if related else node.leaves
        yield from (cover.leaf for cover in node.covers if cover.related is related)
    elif isinstance(node, Favoured):
        yield from _wanted(node.part, related=related)
        yield from [] if related else (hint.said for hint in node.hints if hint.said)
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from _wanted(part, related=related)


def _without_names(node: Node) -> Node:
    """Units whose words name nothing; any other node as it is."""
    return replace(node, leaves=tuple(replace(leaf, names=False) for leaf in node.leaves)) if isinstance(node, Units) else node


def make_plan(query: Query, lexicon: Lexicon, thesaurus: Thesaurus | None, match: Match) -> Plan:
    """The plan of ``query``. Without a thesaurus no related words. Raises ``QueryError`` for a prefix too wide."""
    planner = _Planner(lexicon, thesaurus)
    node = planner.node(query, match)
    return Plan(node, planner.related, tuple(planner.corrections.found))


class _Planner:
    def __init__(self, lexicon: Lexicon, thesaurus: Thesaurus | None) -> None:
        self._lexicon = lexicon
        self._thesaurus = thesaurus
        self._open_words = 0
        self.related: dict[str, tuple[str, ...]] = {}
        self.corrections = Corrections(lexicon, thesaurus)

    def node(self, query: Query, match: Match = "all") -> Node:
        """The plan of one branch; ``match`` rules words side by side, and only where no operator stands above them."""
        if isinstance(query, Everything):
            return All(())
        if isinstance(query, Labelled):
            return Label(query.field, label_key(query.value))
        if isinstance(query, Dated):
            return query
        if isinstance(query, Not):
            return All((), (self._excluded(query.part),))
        if isinstance(query, And):
            return self._all(query.parts)
        if isinstance(query, Or):
            return Any(tuple(self.node(part) for part in query.parts))
        parts_of = query.parts if isinstance(query, Run) else (query,)
        return self._loose(parts_of) if match == "most" else self._run(parts_of, match)

    def _excluded(self, query: Query) -> Node:
        """What NOT takes away is what was typed, nothing related to it."""
        thesaurus, self._thesaurus = self._thesaurus, None
        noted = len(self.corrections.found)
        node = self.node(query)
        self._thesaurus = thesaurus
        del self.corrections.found[noted:]
        return node

    def _all(self, queries: Sequence[Query]) -> All:
        negated = tuple(query.part for query in queries if isinstance(query, Not))
        wanted = tuple(self.node(query) for query in queries if not isinstance(query, Not))
        return All(wanted, tuple(map(self._excluded, negated)))

    def _loose(self, queries: Sequence[Query]) -> Node:
        """Words side by side of which most will do: those that only ask, or tell a time, are not required."""
        asked = asked_for(queries, words().stop)
        content, times = times_in(asked.content, self._is_reference)
        hints = [Hint(Label("body", label_key(asked.body)))] if asked.body else []
        if all(isinstance(query, Word) and self._is_stop(query) for query in content):
            part = self._run(asked.content, "most")
            hints += [Hint(time.when) for time in times]
            part = _without_names(part) if times else part
        else:
            part = self._run(content, "most")
            hints += [Hint(time.when, self._said(time.said)) for time in times]
        return Favoured(part, tuple(hints)) if hints else part

    def _is_reference(self, text: str) -> bool:
        """Whether a text ends in what the archive has as a reference."""
        surfaces = surfaces_of(text)
        endings = (surfaces[first:] for first in range(len(surfaces) - 1))
        return any(length_of_reference(ending, self._lexicon) == len(ending) for ending in endings)

    def _said(self, time: str) -> Leaf:
        """The words for a time, as they stand side by side."""
        return Leaf(TEXT_FIELDS, ways(surfaces_of(time), self._lexicon), names=False)

    def _run(self, queries: Sequence[Query], match: Match) -> Node:
        """Words side by side: the plain ones are units, and everything else is a condition that must hold."""
        counted: list[Query] = [query for query in queries if self._is_counted(query, match)]
        rest = [query for query in queries if not self._is_counted(query, match)]
        if rest and all(isinstance(query, Word) and self._is_stop(query) for query in counted):
            counted = []
        units = self._units(counted, match) if counted else None
        if not rest and units:
            return units
        if len(rest) == 1 and not units and not isinstance(rest[0], Word | Phrase | Prefix | Fuzzy):
            return self.node(rest[0])
        conditions = self._all([query for query in rest if not isinstance(query, Word | Phrase | Prefix | Fuzzy)])
        leaves = [self._leaf(query) for query in rest if isinstance(query, Word | Phrase | Prefix | Fuzzy)]
        return replace(conditions, parts=(*([units] if units else []), *leaves, *conditions.parts))

    @staticmethod
    def _is_counted(query: Query, match: Match) -> bool:
        kinds = (Word, Prefix, Fuzzy, Phrase) if match == "any" else (Word, Prefix, Fuzzy)
        return isinstance(query, kinds) and query.field is None

    def _units(self, queries: Sequence[Query], match: Match) -> Units:
        """The units of plain words, with the covers that join them or that related words make."""
        leaves: list[Leaf] = []
        covers: list[Cover] = []
        run: list[Word] = []
        bare = all(isinstance(query, Word) and self._is_stop(query) for query in queries)
        for query in (*queries, None):
            if isinstance(query, Word):
                run.append(query)
                continue
            more, across = self._words(run, bare)
            before = len(leaves)
            covers += [replace(cover, first=cover.first + before, last=cover.last + before) for cover in across]
            leaves += more
            run = []
            if isinstance(query, Phrase | Prefix | Fuzzy):
                leaves.append(self._leaf(query))
        return Units(tuple(leaves), tuple(covers), match)

    @staticmethod
    def _is_stop(word: Word) -> bool:
        return all(part.surface in words().stop for part in parts(word.text))

    def _words(self, run: Sequence[Word], keep_stop: bool) -> tuple[list[Leaf], list[Cover]]:
        """The units of consecutive plain words. Stop words are left out unless ``keep_stop``."""
        typed = [half for word in run for piece in pieces_of(word) for half in halved(piece, self._lexicon)]
        pieces = read_alike(typed)
        groups = grouped(pieces, self._lexicon)
        kept = [
            group for group in groups
            if keep_stop or len(group) > 1 or pieces[group.start].surface not in words().stop
        ]
        leaves = [self._unit(pieces[group.start:group.stop]) for group in kept]
        slips = self._slips(pieces, kept, leaves)
        meant = [replace(piece, surface=slips.get(place, piece.surface)) for place, piece in enumerate(pieces)]
        covers = [*self._joined(pieces, kept), *self._meant(kept, slips), *self._related(meant, kept)]
        return leaves, covers

    def _unit(self, pieces: Sequence[Piece]) -> Leaf:
        surfaces = [piece.surface for piece in pieces]
        variants = ways(surfaces, self._lexicon, whole=len(pieces) == 1 and pieces[0].has_mark)
        reference = len(surfaces) > 1 and any(surface.isdigit() for surface in surfaces)
        typed = exact(join(surfaces)) if join(surfaces).isalpha() else None
        return Leaf((*TEXT_FIELDS, "number") if reference else TEXT_FIELDS, variants, typed)

    def _joined(self, pieces: Sequence[Piece], groups: Sequence[range]) -> Iterator[Cover]:
        """Neighbours that the archive also writes as one word."""
        for index, (one, two) in enumerate(pairwise(groups)):
            surfaces = [pieces[place].surface for place in (one.start, two.start)]
            if len(one) == len(two) == 1 and one.stop == two.start and all(map(str.isalpha, surfaces)):
                term = stem(join(surfaces))
                if self._lexicon.has(term):
                    yield Cover(index, index + 2, Leaf(TEXT_FIELDS, ((term,),)), related=False)

    def _related(self, pieces: Sequence[Piece], groups: Sequence[range]) -> Iterator[Cover]:
        """Related words of the groups that are a topic's label."""
        if self._thesaurus is None:
            return
        for found in self._thesaurus.groups([piece.surface for piece in pieces]):
            units = [i for i, group in enumerate(groups) if found.first <= group.start and group.stop <= found.last]
            halved = any(
                group.start < edge < group.stop for group in groups for edge in (found.first, found.last)
            )
            variants = {label: self._label_ways(surfaces_of(label)) for label in found.labels}
            known = tuple(label for label, found_ways in variants.items() if found_ways)
            if units and not halved and known:
                typed = dict.fromkeys(piece.word for piece in pieces[found.first:found.last])
                words_typed = " ".join(word.text for word in typed)
                self.related[words_typed] = tuple(dict.fromkeys((*self.related.get(words_typed, ()), *known)))
                every = tuple(way for label in known for way in variants[label])
                yield Cover(units[0], units[-1] + 1, Leaf(TEXT_FIELDS, tuple(dict.fromkeys(every))), related=True)

    def _label_ways(self, surfaces: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The sequences of terms for a related label; a single word in the singular and plural, no other form of it."""
        if len(surfaces) != 1:
            return ways(surfaces, self._lexicon)
        return tuple((exact(form),) for form in forms_of(surfaces[0]) if self._lexicon.has(exact(form)))

    def _slips(self, pieces: Sequence[Piece], groups: Sequence[range], leaves: Sequence[Leaf]) -> dict[int, str]:
        """The known words for slips of the pen, by the place of the (first) piece. All that is near is suggested."""
        slips = {}
        for group, leaf in zip(groups, leaves, strict=True):
            correction = None if leaf.variants else self.corrections.note(pieces[group.start:group.stop])
            if correction and correction.slip and self._thesaurus is not None:
                slips[group.start] = correction.meant
                typed = dict.fromkeys(piece.word.text for piece in pieces[group.start:group.stop])
                self.related[" ".join(typed)] = (correction.meant,)
        return slips

    def _meant(self, groups: Sequence[range], slips: Mapping[int, str]) -> Iterator[Cover]:
        for index, group in enumerate(groups):
            if group.start in slips:
                ways_of = ways((slips[group.start],), self._lexicon)
                yield Cover(index, index + 1, Leaf(TEXT_FIELDS, ways_of), related=True)

    def _leaf(self, query: Word | Phrase | Prefix | Fuzzy) -> Leaf:
        """One leaf of its own: a phrase, a word in a field, a prefix, a near spelling."""
        surfaces = surfaces_of(query.text)
        fields = _FIELDS[query.field]
        if isinstance(query, Prefix):
            return Leaf(fields, self._beginning(query, join(surfaces)))
        if isinstance(query, Fuzzy):
            return Leaf(fields, self._near(query, join(surfaces)))
        as_typed = isinstance(query, Phrase) or query.field == "person"
        variants = ways(surfaces, self._lexicon, as_typed)
        if isinstance(query, Word) and not variants:
            self.corrections.note(list(pieces_of(query)))
        return Leaf(fields, variants)

    def _beginning(self, query: Prefix, prefix: str) -> tuple[tuple[str, ...], ...]:
        self._count_open(query)
        found = list(islice(self._lexicon.surfaces(prefix), MAX_PREFIX_WORDS + 1))
        if len(found) > MAX_PREFIX_WORDS:
            many = f'more than {MAX_PREFIX_WORDS} words begin with "{prefix}": type more letters'
            raise QueryError(many, query.column)
        return tuple((exact(surface),) for surface in found)

    def _near(self, query: Fuzzy, word: str) -> tuple[tuple[str, ...], ...]:
        self._count_open(query)
        found = near(word, self._lexicon.surfaces(""), reach_of(word))[:_MAX_NEAR_WORDS]
        return tuple(dict.fromkeys((stem(surface),) for _, surface in found))

    def _count_open(self, query: Prefix | Fuzzy) -> None:
        self._open_words += 1
        if self._open_words > MAX_OPEN_WORDS:
            raise QueryError(f"too many words with * or ~: keep a query within {MAX_OPEN_WORDS}", query.column)
