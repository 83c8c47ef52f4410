"""The topic vocabulary: its topics and labels, and where a text says one of them.

A label is found whatever the case, hyphens, blanks, apostrophes and plural of the text: "off road bike"
finds "Off-Road Bikes" and "offroad bike". A text may join what a label keeps apart, not the reverse, and
what is a capital in a label must be one in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import ahocorasick

from minutes_archive.errors import LoadError
from minutes_archive.model import Span
from minutes_archive.text import fold_line, plain_marks

Kind = Literal["name", "sign", "hint", "not"]
_FILE = "topics.toml"
_SYNONYMS = "synonyms.toml"
_LISTS = ("altLabel", "hiddenLabel", "hint", "notLabel", "body", "broader", "related")
_KEYS = {"id", "prefLabel", "note", *_LISTS}
_BREAKS = " -"
_GAP = re.compile(r"[ '-]+")
_UNBROKEN = re.compile(r"[^ '-]+")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Topic:
    """A topic (a ``skos:Concept``).

    ``alt_labels`` are other names, ``signs`` words that show it, ``hints`` words that show it only together
    with others, ``not_labels`` phrases in which its words mean something else; ``bodies`` are words in the name of
    a body whose business it is.
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
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Synonyms:
    """Words that mean the same without being a topic ("PCC", "police and crime commissioner")."""

    pref_label: str
    alt_labels: tuple[str, ...]


@dataclass(frozen=True)
class Sense:
    """A label of ``topic`` that also means something else: read only beside one of ``beside`` (where any is given), never
    where one of ``apart`` stands in the same item.
    """

    topic: str
    label: str
    beside: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    def is_meant(self, text: str) -> bool:
        """Whether the label has this topic's meaning in an item with that text."""
        plain = plain_marks(text).lower()
        near = not self.beside or any(_begins(word, plain) for word in self.beside)
        return near and not any(_begins(word, plain) for word in self.apart)


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
    senses: tuple[Sense, ...] = ()
    _by_id: dict[str, Topic] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id.update({topic.id: topic for topic in self.topics})

    def topic(self, id_: str) -> Topic | None:
        """The topic by that id, or None."""
        return self._by_id.get(id_)

    def match(self, text: str) -> list[tuple[str, Span]]:
        """Every label in ``text`` as (topic id, where it stands), in the order of the text."""
        return [(mention.topic, mention.span) for mention in self.mentions(text)]

    @cached_property
    def doubtful(self) -> dict[tuple[str, str], Sense]:
        """The words of two meanings, by topic and label."""
        return {(one.topic, one.label): one for one in self.senses}

    def of_body(self, name: str | None) -> frozenset[str]:
        """The ids of the topics that are the business of a body of that name."""
        words = f" {' '.join(re.findall(r'[a-z]+', (name or '').lower()))} "
        return frozenset(topic.id for topic in self.topics if any(f" {one} " in words for one in topic.bodies))

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
        compact, places = _compact(lower)
        for last, (length, labels) in self._automaton.iter(compact):
            first = last + 1 - length
            start = places[first]
            if start and plain[start - 1].isalnum():
                continue
            end = _word_end(lower, places[last] + 1)
            if end < 0:
                continue
            breaks = _breaks(lower, places, first, last)
            for label in labels:
                if breaks <= label.breaks and (label.exact is None or _has_capitals(_GAP.sub("", plain[start:end]), label.exact)):
                    yield Mention(label.topic, Span(start, end), label.label, label.kind)


def _compact(text: str) -> tuple[str, list[int]]:
    """``text`` without blanks, hyphens and apostrophes, and where in ``text`` each character of that stands."""
    stretches = [match.span() for match in _UNBROKEN.finditer(text)]
    return "".join([text[start:end] for start, end in stretches]), [at for span in stretches for at in range(*span)]


def _breaks(text: str, places: list[int], first: int, last: int) -> set[int]:
    """After how many characters of compact ``first`` to ``last`` a new word begins; an apostrophe begins none."""
    return {
        at - first for at in range(first + 1, last + 1)
        if places[at] - places[at - 1] > 1 and any(one in _BREAKS for one in text[places[at - 1] + 1:places[at]])
    }


def _begins(word: str, text: str) -> bool:
    """Whether a word of ``text`` (small letters) begins with ``word``."""
    return re.search(rf"(?<!\w){re.escape(word.lower())}", text) is not None


def _keys(topic: str, name: str, kind: Kind) -> Iterable[tuple[str, _Label]]:
    """The compact forms by which a label is found: as it is and, where it ends in y, in the plural."""
    plain = plain_marks(fold_line(name))
    forms = [plain]
    if re.search(r"[^aeiou]y$", plain):
        forms.append(plain[:-1] + "ies")
    for form in forms:
        compact, places = _compact(form)
        if compact:
            exact = compact if form != form.lower() else None
            yield compact.lower(), _Label(topic, name, kind, frozenset(_breaks(form, places, 0, len(compact) - 1)), exact)


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
    own = _own()
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
    return Vocabulary(tuple(topics.values()), (*own.synonyms, *theirs.synonyms), (*own.senses, *theirs.senses))


@cache
def _own() -> Vocabulary:
    """The topics that come with the package, and the rings of words that mean the same."""
    topics, synonyms = (tomllib.loads(files(__package__).joinpath(name).read_text("utf-8")) for name in (_FILE, _SYNONYMS))
    rings = tuple(Synonyms(first, tuple(others)) for first, *others in synonyms["rings"])
    return replace(_read(topics, _FILE), synonyms=rings)


def _join(ours: Topic, theirs: Topic) -> Topic:
    def both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*one, *other)))

    return Topic(
        id=ours.id, pref_label=theirs.pref_label or ours.pref_label, alt_labels=both(ours.alt_labels, theirs.alt_labels),
        signs=both(ours.signs, theirs.signs), hints=both(ours.hints, theirs.hints),
        not_labels=both(ours.not_labels, theirs.not_labels), broader=both(ours.broader, theirs.broader),
        related=both(ours.related, theirs.related), note=theirs.note or ours.note, bodies=both(ours.bodies, theirs.bodies),
    )


def _read(table: dict[str, Any], file: str) -> Vocabulary:
    topics = tuple(_topic(entry, at, file) for at, entry in enumerate(table.get("topic", ()), start=1))
    synonyms = tuple(
        Synonyms(str(entry.get("prefLabel", "")), tuple(map(str, entry.get("altLabel", ()))))
        for entry in table.get("synonyms", ())
    )
    senses = tuple(_sense(entry, at, file) for at, entry in enumerate(table.get("ambiguous", ()), start=1))
    return Vocabulary(topics, synonyms, senses)


def _sense(entry: dict[str, Any], at: int, file: str) -> Sense:
    names = [entry.get(key) for key in ("topic", "label")]
    lists = [entry.get(key, []) for key in ("beside", "apart")]
    words = all(isinstance(value, list) and all(isinstance(one, str) for one in value) for value in lists)
    named = all(isinstance(name, str) and name for name in names)
    if not named or not words or entry.keys() - {"topic", "label", "beside", "apart"}:
        raise LoadError(f"ambiguous word {at} in {file} needs a topic and a label, and lists of words \"beside\" or \"apart\"")
    return Sense(str(names[0]), str(names[1]), tuple(lists[0]), tuple(lists[1]))


def _topic(entry: dict[str, Any], at: int, file: str) -> Topic:
    unknown = sorted(entry.keys() - _KEYS)
    if unknown:
        raise LoadError(f"topic {at} in {file} has the unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    id_ = entry.get("id")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise LoadError(f"topic {at} in {file} needs an id of small letters, digits and hyphens, such as \"road-safety\"")
    for key in _LISTS:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise LoadError(f"{key} of the topic {id_!r} in {file} must be a list of words, such as [\"quad bike\"]")
    lists = {key: tuple(entry.get(key, ())) for key in _LISTS}
    return Topic(
        id=id_, pref_label=str(entry.get("prefLabel", "")), alt_labels=lists["altLabel"],
        signs=lists["hiddenLabel"], hints=lists["hint"], not_labels=lists["notLabel"], broader=lists["broader"],
        related=lists["related"], note=str(entry.get("note", "")), bodies=lists["body"],
    )
