"""Topics: what an item is about, and the words that show it.

Every label found counts by its kind (names and signs fully, hints a third), repeated ones less and less;
each field by its weight. The title says most; a long text is capped, so that what is mentioned in
passing does not outweigh what the item is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from minutes_archive.annotate.vocabulary import Mention, Vocabulary
from minutes_archive.model import Evidence, Item, Span, TextField
from minutes_archive.procedural import may_discuss

_WEIGHTS: dict[str, float] = {"title": 3.0, "agenda_text": 1.0, "minutes_text": 1.0, "decision_text": 1.0, "document": 1.5}
_CAPS: dict[str, float] = {"title": 2.0, "agenda_text": 1.5, "minutes_text": 2.5, "decision_text": 1.5, "document": 1.0}
_STRENGTHS = {"name": 1.0, "sign": 0.9, "hint": 0.35, "not": 0.0}
# Another mention of the same label adds this share of the one before it.
_AGAIN = 0.5
_THRESHOLD = 2.0
# A topic that scores much less than the strongest one is mentioned in passing.
_SHARE = 0.25
_MOST_TOPICS = 4
# Under business of form only the minutes' own words count, and they must be many.
_PROCEDURAL_THRESHOLD = 2.2
_EVIDENCE_PER_FIELD = 2
# Where the title and the agenda name no topic, less is asked of the minutes.
_QUIET_THRESHOLD = 0.8
_LONGEST_TITLE = 150
# An office is not what an item is about: "Report of the Director of Children's Services".
_OFFICE = re.compile(
    r"\b(?:Director|Head|Cabinet Member|Portfolio Holder|Minister|Secretary of State|Chair(?:man)?|Consultant)s? (?:of|for|in) "
    r"(?:the )?[A-Z][\w'&-]*(?:(?:,? (?:and |& )?|, )[A-Z][\w'&-]*)*|"
    r"\b(?:[A-Z][\w'&-]+ (?:and )?){1,4}(?:Officer|Manager|Co-?ordinator|Committee|Inspector|Engineer|Surveyor|Team Leader)s?\b"
)


@dataclass(frozen=True)
class Found:
    """A mention and the field it stands in; ``document`` for the title of a document."""

    field: str
    mention: Mention


@dataclass(frozen=True)
class TopicScore:
    """What a topic scores, whether that is enough, and the words that earned it."""

    topic: str
    score: float
    tagged: bool
    found: tuple[Found, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the words stand, each in its own field."""
        return tuple(one.mention.span for one in self.found)


def annotate_topics(item: Item, vocabulary: Vocabulary) -> Item:
    """``item`` with its topics, strongest first, and the words that show each."""
    scores = [score for score in score_item(item, vocabulary) if score.tagged]
    evidence = tuple(one for score in scores for one in _evidence(item, score))
    return replace(item, topics=tuple(score.topic for score in scores), evidence=(*item.evidence, *evidence))


def score_item(item: Item, vocabulary: Vocabulary) -> list[TopicScore]:
    """The score of every topic that ``item`` mentions, highest first. Titles of restricted documents are not read."""
    if item.procedural:
        if not may_discuss(item.title):
            return []
        return _ranked(_found(("minutes_text", item.minutes_text), vocabulary), vocabulary, _PROCEDURAL_THRESHOLD)
    fields: list[tuple[str, str]] = [
        ("title", item.title), ("agenda_text", item.agenda_text), ("decision_text", item.decision_text),
        ("minutes_text", item.minutes_text),
    ]
    fields += [("document", document.title) for document in item.documents if not document.restricted]
    found = [one for named in fields for one in _found(named, vocabulary)]
    quiet = all(one.field in ("minutes_text", "decision_text") for one in found)
    return _ranked(found, vocabulary, _QUIET_THRESHOLD if quiet else _THRESHOLD)


def explain(text: str, vocabulary: Vocabulary) -> list[TopicScore]:
    """What ``text`` would be tagged with and why: every topic it mentions, highest first.

    The first line is read as an item's title where it is short enough for one, the rest as its minutes.
    Spans are of ``text``.
    """
    head, _, rest = text.partition("\n")
    if len(head) > _LONGEST_TITLE:
        return _ranked(_found(("minutes_text", text), vocabulary), vocabulary, _THRESHOLD)
    # The rest is read in place, so that its spans are those of the whole.
    found = [*_found(("title", head), vocabulary), *_found(("minutes_text", " " * len(head) + "\n" + rest), vocabulary)]
    return _ranked(found, vocabulary, _THRESHOLD)


def _found(named: tuple[str, str], vocabulary: Vocabulary) -> list[Found]:
    name, text = named
    if name != "title":
        text = _OFFICE.sub(lambda match: "." * len(match.group()), text)
    return [Found(name, mention) for mention in vocabulary.mentions(text)] if text else []


def _ranked(found: Iterable[Found], vocabulary: Vocabulary, threshold: float) -> list[TopicScore]:
    by_topic: dict[str, list[Found]] = {}
    for one in found:
        by_topic.setdefault(one.mention.topic, []).append(one)
    order = {topic.id: at for at, topic in enumerate(vocabulary.topics)}
    scored = sorted(((_score(mine), topic) for topic, mine in by_topic.items()), key=lambda pair: (-pair[0], order[pair[1]]))
    best = scored[0][0] if scored else 0.0
    return [
        TopicScore(topic, round(score, 2), at < _MOST_TOPICS and score >= max(threshold, _SHARE * best), tuple(by_topic[topic]))
        for at, (score, topic) in enumerate(scored)
    ]


def _score(found: Iterable[Found]) -> float:
    """The weighted sum over the fields of what each says, capped."""
    counts: dict[str, dict[str, int]] = {}
    sums: dict[str, float] = {}
    for one in found:
        seen = counts.setdefault(one.field, {})
        times = seen.get(one.mention.label, 0)
        seen[one.mention.label] = times + 1
        sums[one.field] = sums.get(one.field, 0.0) + _STRENGTHS[one.mention.kind] * _AGAIN**times
    return sum(_WEIGHTS[name] * min(total, _CAPS[name]) for name, total in sums.items())


def _evidence(item: Item, score: TopicScore) -> Iterable[Evidence]:
    given: dict[str, int] = {}
    for one in score.found:
        if one.field == "document" or given.get(one.field, 0) >= _EVIDENCE_PER_FIELD:
            continue
        given[one.field] = given.get(one.field, 0) + 1
        name: TextField = one.field  # type: ignore[assignment]  # every other field name is one of an item's texts
        span = one.mention.span
        words = item.text_of(name)[span.start:span.end]
        yield Evidence(f"topic:{score.topic}", name, span.start, span.end, words, one.mention.label)
