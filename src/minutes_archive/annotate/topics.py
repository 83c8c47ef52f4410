"""Topics: what an item is about, and the words that show it.

Every label found counts by its kind (names and signs fully, hints a third), repeated ones and those deep in a long text
less; each field by its weight. The title says most; a long text is capped, so that what is mentioned in passing does not
outweigh what the item is called. What shows a topic also shows, less, the topic it is part of; and the body whose
business a topic is counts for it. Where nothing reaches the threshold, the one topic that stands out is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.vocabulary import Mention, Vocabulary
from minutes_archive.model import Evidence, Item, Span, TextField
from minutes_archive.procedural import may_discuss

_WEIGHTS: dict[str, float] = {"title": 3.0, "agenda_text": 1.0, "minutes_text": 1.0, "decision_text": 1.0, "document": 1.0}
_CAPS: dict[str, float] = {"title": 1.6, "agenda_text": 1.0, "minutes_text": 2.9, "decision_text": 2.0, "document": 1.0}
_STRENGTHS = {"name": 1.0, "sign": 0.9, "hint": 0.38, "not": 0.0}
# Another mention of the same label adds this share of the one before it.
_AGAIN = 0.25
# What a text says after so many characters counts for less.
_LEAD = 1300
_LATER = 0.4
# What a mention of a topic adds to the topic it is part of, and what a body's business adds.
_BROADER = 0.4
_BODY = 1.2
_THRESHOLD = 2.0
# A topic that scores much less than the strongest one is mentioned in passing.
_SHARE = 0.25
_MOST_TOPICS = 3
# Under business of form only the minutes' own words count.
_PROCEDURAL_THRESHOLD = 1.6
# The one topic that stands out, where none reaches the threshold: its score, and at most how near the next may come.
_ALONE = 0.8
_CLEAR = 0.85
# Lists of payments and letters are about many things, none of which stands out.
_LIST = re.compile(r"\b(?:payments?|bills|cheques|correspondence|communications|questions)\b", re.IGNORECASE)
_EVIDENCE_PER_FIELD = 2
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


def annotate_topics(item: Item, vocabulary: Vocabulary, body: frozenset[str] = frozenset()) -> Item:
    """``item`` with its topics, strongest first, and the words that show each. ``body``: topics that are its body's business."""
    scores = [score for score in score_item(item, vocabulary, body) if score.tagged]
    evidence = tuple(one for score in scores for one in _evidence(item, score))
    return replace(item, topics=tuple(score.topic for score in scores), evidence=(*item.evidence, *evidence))


def score_item(item: Item, vocabulary: Vocabulary, body: frozenset[str] = frozenset()) -> list[TopicScore]:
    """The score of every topic that ``item`` mentions, highest first. Titles of restricted documents are not read."""
    if item.procedural:
        if not may_discuss(item.title):
            return []
        found = _understood(_found(("minutes_text", item.minutes_text), vocabulary), (item.title, item.minutes_text), vocabulary)
        return _ranked(found, vocabulary, least=_PROCEDURAL_THRESHOLD, alone=False)
    fields: list[tuple[str, str]] = [
        ("title", item.title), ("agenda_text", item.agenda_text), ("decision_text", item.decision_text),
        ("minutes_text", item.minutes_text),
    ]
    fields += [("document", document.title) for document in item.documents if not document.restricted]
    found = _understood([one for named in fields for one in _found(named, vocabulary)], (text for _, text in fields), vocabulary)
    return _ranked(found, vocabulary, body, alone=not _LIST.search(item.title))


def explain(text: str, vocabulary: Vocabulary) -> list[TopicScore]:
    """What ``text`` would be tagged with and why: every topic it mentions, highest first.

    The first line is read as an item's title where it is short enough for one, the rest as its minutes.
    Spans are of ``text``.
    """
    head, _, rest = text.partition("\n")
    if len(head) > _LONGEST_TITLE:
        return _ranked(_understood(_found(("minutes_text", text), vocabulary), (text,), vocabulary), vocabulary)
    # The rest is read in place, so that its spans are those of the whole.
    found = [*_found(("title", head), vocabulary), *_found(("minutes_text", " " * len(head) + "\n" + rest), vocabulary)]
    return _ranked(_understood(found, (text,), vocabulary), vocabulary)


def _found(named: tuple[str, str], vocabulary: Vocabulary) -> list[Found]:
    name, text = named
    if name != "title":
        text = _OFFICE.sub(lambda match: "." * len(match.group()), text)
    return [Found(name, mention) for mention in vocabulary.mentions(text)] if text else []


def _understood(found: Sequence[Found], texts: Iterable[str], vocabulary: Vocabulary) -> list[Found]:
    """``found`` without words of two meanings where the texts around them show the other meaning."""
    doubtful = vocabulary.doubtful
    if not any((one.mention.topic, one.mention.label) in doubtful for one in found):
        return list(found)
    around = "\n".join(texts)
    return [
        one for one in found
        if (sense := doubtful.get((one.mention.topic, one.mention.label))) is None or sense.is_meant(around)
    ]


def _ranked(
    found: Iterable[Found], vocabulary: Vocabulary, body: frozenset[str] = frozenset(), *,
    least: float = _THRESHOLD, alone: bool = True,
) -> list[TopicScore]:
    by_topic: dict[str, list[Found]] = {topic: [] for topic in body}
    for one in found:
        by_topic.setdefault(one.mention.topic, []).append(one)
    scores = _scores(by_topic, vocabulary)
    for topic in body:
        scores[topic] = scores.get(topic, 0.0) + _BODY
    order = {topic.id: at for at, topic in enumerate(vocabulary.topics)}
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], order[pair[0]]))
    tagged = _told([score for _, score in ranked], least, alone)
    return [
        TopicScore(topic, round(score, 2), at < tagged, tuple(by_topic.get(topic, ())))
        for at, (topic, score) in enumerate(ranked)
    ]


def _told(scores: Sequence[float], least: float, alone: bool) -> int:
    """How many of the topics with these scores, highest first, the item is about. ``alone``: one that stands out may do."""
    if not scores:
        return 0
    enough = sum(score >= max(least, _SHARE * scores[0]) for score in scores[:_MOST_TOPICS])
    stands_out = scores[0] >= _ALONE and (len(scores) == 1 or scores[1] <= _CLEAR * scores[0])
    return enough or int(stands_out and alone)


def _scores(by_topic: dict[str, list[Found]], vocabulary: Vocabulary) -> dict[str, float]:
    """Each topic's score: the weighted sum over the fields of what each says, capped."""
    said: dict[tuple[str, str], float] = {}
    for topic, mentions in by_topic.items():
        mine = vocabulary.topic(topic)
        counts: dict[tuple[str, str], int] = {}
        for one in mentions:
            place = one.field, one.mention.label
            times = counts.get(place, 0)
            counts[place] = times + 1
            worth = _STRENGTHS[one.mention.kind] * _AGAIN**times * (_LATER if one.mention.span.start > _LEAD else 1.0)
            said[topic, one.field] = said.get((topic, one.field), 0.0) + worth
            for broader in mine.broader if mine else ():
                if vocabulary.topic(broader):
                    said[broader, one.field] = said.get((broader, one.field), 0.0) + _BROADER * worth
    scores: dict[str, float] = {}
    for (topic, name), total in said.items():
        scores[topic] = scores.get(topic, 0.0) + _WEIGHTS[name] * min(total, _CAPS[name])
    return scores


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
