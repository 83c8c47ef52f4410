"""The topic vocabulary: its topics and labels, where a text says one of them, and the same as SKOS.

A label is found whatever the case, hyphens, blanks, apostrophes and plural of the text: "off road bike"
finds "Off-Road Bikes" and "offroad bike". A text may join what a label keeps apart, not the reverse, and
what is a capital in a label must be one in the text.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import ahocorasick

from minutes_archive.errors import LoadError
from minutes_archive.model import Span
from minutes_archive.text import fold_line, plain_marks

Kind = Literal["name", "sign", "hint", "not"]
_FILE = "topics.toml"
_KEYS = {"id", "prefLabel", "altLabel", "hiddenLabel", "hint", "notLabel", "broader", "related", "note"}
_BREAKS = " -"
_GAP = re.compile(r"[ '-]+")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Topic:
    """A topic (a ``skos:Concept``).

    ``alt_labels`` are other names, ``signs`` words that show it, ``hints`` words that show it only together
    with others, ``not_labels`` phrases in which its words mean something else.
    """

    id: str
    pref_label: str
    alt_labels: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    not_labels: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Synonyms:
    """Words that mean the same without being a topic ("PCC", "police and crime commissioner")."""

    pref_label: str
    alt_labels: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A label of ``topic`` found in a text. ``kind``: one of its names, a sign of it, or a hint."""

    topic: str
    span: Span
    label: str
    kind: Kind


@dataclass(frozen=True)
class _Label:
    topic: str
    label: str
    kind: Kind
    breaks: frozenset[int]
    exact: str | None


@dataclass(frozen=True)
class Vocabulary:
    """Topics and synonyms, ready to be found in texts."""

    topics: tuple[Topic, ...]
    synonyms: tuple[Synonyms, ...] = ()
    _by_id: dict[str, Topic] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id.update({topic.id: topic for topic in self.topics})

    def topic(self, id_: str) -> Topic | None:
        """The topic by that id, or None."""
        return self._by_id.get(id_)

    def match(self, text: str) -> list[tuple[str, Span]]:
        """Every label in ``text`` as (topic id, where it stands), in the order of the text."""
        return [(mention.topic, mention.span) for mention in self.mentions(text)]

    def mentions(self, text: str) -> list[Mention]:
        """Every label in ``text``, in the order of the text.

        Of labels inside one another only the longest counts, and none inside a phrase that means something else.
        """
        return _longest(self._candidates(text))

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        labels: dict[str, list[_Label]] = {}
        for topic in self.topics:
            kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (
                ("not", topic.not_labels), ("name", topic.alt_labels), ("sign", topic.signs), ("hint", topic.hints),
            )
            for key, label in _keys(topic.id, topic.pref_label.lower(), "name"):
                labels.setdefault(key, []).append(label)
            for kind, names in kinds:
                for name in names:
                    for key, label in _keys(topic.id, name, kind):
                        labels.setdefault(key, []).append(label)
        automaton = ahocorasick.Automaton()
        for key, entries in labels.items():
            automaton.add_word(key, (len(key), tuple(entries)))
        automaton.make_automaton()
        return automaton

    def _candidates(self, text: str) -> Iterable[Mention]:
        plain = plain_marks(text)
        lower = plain.lower()
        if len(lower) != len(plain):
            lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in plain)
        gaps = _Gaps(lower)
        for last, (length, labels) in self._automaton.iter(_GAP.sub("", lower)):
            first = last + 1 - length
            start = gaps.original(first)
            if start and plain[start - 1].isalnum():
                continue
            end = _word_end(lower, gaps.original(last) + 1)
            if end < 0:
                continue
            breaks = gaps.breaks(first, last)
            for label in labels:
                if breaks <= label.breaks and (label.exact is None or _has_capitals(_GAP.sub("", plain[start:end]), label.exact)):
                    yield Mention(label.topic, Span(start, end), label.label, label.kind)


class _Gaps:
    """The blanks, hyphens and apostrophes that the compact form of a text leaves out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] = []      # in the text
        self._starts: list[int] = []    # in the text
        self._places: list[int] = []    # in the compact form: what stands there came after the gap
        removed = 0
        for match in _GAP.finditer(text):
            start, end = match.span()
            self._places.append(start - removed)
            self._starts.append(start)
            self._ends.append(end)
            removed += end - start

    def original(self, place: int) -> int:
        """Where in the text the character at ``place`` of the compact form stands."""
        at = bisect_right(self._places, place) - 1
        return place if at < 0 else self._ends[at] + place - self._places[at]

    def breaks(self, first: int, last: int) -> set[int]:
        """After how many characters of compact ``first`` to ``last`` a new word begins; an apostrophe begins none."""
        at, found = bisect_right(self._places, first), set()
        while at < len(self._places) and self._places[at] <= last:
            if any(one in _BREAKS for one in self._text[self._starts[at]:self._ends[at]]):
                found.add(self._places[at] - first)
            at += 1
        return found


def _keys(topic: str, name: str, kind: Kind) -> Iterable[tuple[str, _Label]]:
    """The compact forms by which a label is found: as it is and, where it ends in y, in the plural."""
    plain = plain_marks(fold_line(name))
    forms = [plain]
    if re.search(r"[^aeiou]y$", plain):
        forms.append(plain[:-1] + "ies")
    for form in forms:
        gaps = _Gaps(form)
        compact = _GAP.sub("", form)
        if compact:
            exact = compact if form != form.lower() else None
            yield compact.lower(), _Label(topic, name, kind, frozenset(gaps.breaks(0, len(compact) - 1)), exact)


def _has_capitals(text: str, label: str) -> bool:
    """Whether what is a capital in ``label`` is one in ``text``."""
    return all(one == other for one, other in zip(label, text, strict=False) if one.isupper())


def _word_end(text: str, end: int) -> int:
    """Where the word ends that ``text[:end]`` ends in, a plural "s" or "es" included; -1 where it goes on otherwise."""
    for ending in ("", "s", "es"):
        after = end + len(ending)
        if text.startswith(ending, end) and not (after < len(text) and text[after].isalnum()):
            return after
    return -1


def _longest(found: Iterable[Mention]) -> list[Mention]:
    """``found`` without what stands inside something longer, and without what a phrase of another meaning covers."""
    order: dict[Kind, int] = {"not": 0, "name": 1, "sign": 2, "hint": 3}
    in_order = sorted(found, key=lambda one: (one.span.start, -one.span.end, order[one.kind], one.topic))
    kept: list[Mention] = []
    around: list[Mention] = []
    for mention in in_order:
        around = [other for other in around if other.span.end > mention.span.start]
        holders = [
            other for other in around
            if other.span.end >= mention.span.end and (other.kind != "not" or other.topic == mention.topic)
        ]
        if any(other.span != mention.span or other.kind == "not" or other.topic == mention.topic for other in holders):
            continue
        around.append(mention)
        if mention.kind != "not":
            kept.append(mention)
    return kept


def load_vocabulary(user_file: Path | None = None) -> Vocabulary:
    """The vocabulary that comes with the package, with the topics of the user's own file added, where there is one.

    A topic that both know is joined: the user's labels add to ours, the user's names replace ours.
    Raises LoadError where the file can't be read or a topic in it can't be understood.
    """
    own = _read(tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8")), _FILE)
    if user_file is None or not user_file.exists():
        return own
    try:
        theirs = _read(tomllib.loads(user_file.read_text("utf-8")), str(user_file))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LoadError(f"the topics in {user_file} can't be read: {error}; mend the file or do without it") from error
    topics = {topic.id: topic for topic in own.topics}
    for topic in theirs.topics:
        named = topic if topic.pref_label else replace(topic, pref_label=topic.id.replace("-", " ").capitalize())
        topics[topic.id] = _join(topics[topic.id], topic) if topic.id in topics else named
    return Vocabulary(tuple(topics.values()), (*own.synonyms, *theirs.synonyms))


def _join(ours: Topic, theirs: Topic) -> Topic:
    def both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*one, *other)))

    return Topic(
        id=ours.id, pref_label=theirs.pref_label or ours.pref_label, alt_labels=both(ours.alt_labels, theirs.alt_labels),
        signs=both(ours.signs, theirs.signs), hints=both(ours.hints, theirs.hints),
        not_labels=both(ours.not_labels, theirs.not_labels), broader=both(ours.broader, theirs.broader),
        related=both(ours.related, theirs.related), note=theirs.note or ours.note,
    )


def _read(table: dict[str, Any], file: str) -> Vocabulary:
    topics = tuple(_topic(entry, at, file) for at, entry in enumerate(table.get("topic", ()), start=1))
    synonyms = tuple(
        Synonyms(str(entry.get("prefLabel", "")), tuple(map(str, entry.get("altLabel", ()))))
        for entry in table.get("synonyms", ())
    )
    return Vocabulary(topics, synonyms)


def _topic(entry: dict[str, Any], at: int, file: str) -> Topic:
    unknown = sorted(entry.keys() - _KEYS)
    if unknown:
        raise LoadError(f"topic {at} in {file} has the unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    id_ = entry.get("id")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise LoadError(f"topic {at} in {file} needs an id of small letters, digits and hyphens, such as \"road-safety\"")
    for key in ("altLabel", "hiddenLabel", "hint", "notLabel", "broader", "related"):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise LoadError(f"{key} of the topic {id_!r} in {file} must be a list of words, such as [\"quad bike\"]")
    lists = {key: tuple(entry.get(key, ())) for key in ("altLabel", "hiddenLabel", "hint", "notLabel", "broader", "related")}
    return Topic(
        id=id_, pref_label=str(entry.get("prefLabel", "")), alt_labels=lists["altLabel"],
        signs=lists["hiddenLabel"], hints=lists["hint"], not_labels=lists["notLabel"], broader=lists["broader"],
        related=lists["related"], note=str(entry.get("note", "")),
    )


def to_skos_turtle(vocabulary: Vocabulary) -> str:
    """The vocabulary as SKOS in Turtle: one concept scheme; signs and hints are hidden labels."""
    lines = [
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix topic: <urn:minutes-archive:topic:> .",
        "",
        "topic:scheme a skos:ConceptScheme ;",
        "    skos:prefLabel \"Topics of council minutes\"@en .",
    ]
    for topic in vocabulary.topics:
        facts = ["a skos:Concept", "skos:inScheme topic:scheme", f"skos:prefLabel {_literal(topic.pref_label)}"]
        facts += [f"skos:altLabel {_literal(label)}" for label in topic.alt_labels if label.lower() != topic.pref_label.lower()]
        names = {label.lower() for label in (topic.pref_label, *topic.alt_labels)}
        hidden = dict.fromkeys(label for label in (*topic.signs, *topic.hints) if label.lower() not in names)
        facts += [f"skos:hiddenLabel {_literal(label)}" for label in hidden]
        facts += [f"skos:broader topic:{other}" for other in topic.broader]
        facts += [f"skos:related topic:{other}" for other in topic.related if other not in topic.broader]
        facts += [f"skos:scopeNote {_literal(topic.note)}"] if topic.note else []
        facts += [] if topic.broader else ["skos:topConceptOf topic:scheme"]
        lines += ["", f"topic:{topic.id} " + " ;\n    ".join(facts) + " ."]
    return "\n".join(lines) + "\n"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"@en'
