"""Restriction: what of an item is not public, by which words, and the items that an exclusion of the public covers.

An item's audience is none of this module's business: the published minute of a restricted report is public text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.exclusion import RULES, Exclusion, exclusion_in, heads_private_part, places_of, reopens, stayed_open
from minutes_archive.annotate.exemption import cited_paragraphs, in_order, paragraphs_of_reason
from minutes_archive.annotate.sentences import lines_of, quoted_spans, says_any
from minutes_archive.model import BODY_FIELDS, RESTRICTIONS, Evidence, Item, Span, TextField
from minutes_archive.procedural import procedural_kind
from minutes_archive.rules import Rule, load_rules
from minutes_archive.text import plain_marks

# A text, and a sentence of it, without any of these shows no restriction.
_CUE = (
    "restri", "restic", "restir", "exem", "exme", "exep", "excem", "confid", "confind", "absence of", "publication", "publish",
    "private", "part ii", "part 2", "part b", "pink", "in camera", "closed session", "withheld", "embargo", "not public",
    "non-public", "in committee", "official", "sensitive", "redact", "disclos",
)
_REASON_WORDS = re.compile(r"\b(?:due to|because|as it|since|on the grounds?|by virtue|contain)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Cue:
    """Words that show a restriction."""

    rule: Rule
    field: TextField
    span: Span

    def words(self, item: Item) -> str:
        """The words, as they stand in ``item``."""
        return item.text_of(self.field)[self.span.start:self.span.end]


def annotate_restrictions(items: Sequence[Item], date: str | None = None) -> tuple[Item, ...]:
    """``items`` of one meeting, their decisions known, with restriction, exempt paragraphs, reason and evidence.

    ``date`` (ISO) is the meeting's: what the paragraphs mean, and which there are, changed.
    """
    minuted = any(item.minutes_text or item.decision_text for item in items)
    marked: list[Item] = []
    exclusion: Exclusion | None = None
    places: dict[str, str] = {}
    for at, item in enumerate(items):
        reopened = reopens(item)
        if reopened == "start":
            exclusion = _after_return(exclusion)
        resolved = exclusion_in(item, items[at + 1:], date)
        covered = exclusion if exclusion and reopened != "start" and exclusion.covers(item, places) else None
        if covered:
            exclusion = covered.after_one()
            # "(The public having been excluded.)" tells again of what was resolved before.
            resolved = resolved if resolved and resolved.paragraphs else None
        if resolved:
            places = places_of(items, resolved.numbers)
            exclusion = resolved if resolved.numbers or not resolved.within else None
            covered = resolved if resolved.within else covered
        marked.append(_mark(item, covered, resolved, date, places))
        if minuted and not resolved and heads_private_part(item):
            exclusion, places = Exclusion(), {}
        if reopened == "end":
            exclusion = _after_return(exclusion)
    return tuple(marked)


def _after_return(exclusion: Exclusion | None) -> Exclusion | None:
    """What is left of an exclusion once the public is back: items that it named are private whenever they come."""
    return exclusion if exclusion and exclusion.numbers else None


def _mark(item: Item, covered: Exclusion | None, resolved: Exclusion | None, date: str | None, places: dict[str, str]) -> Item:
    of_form = procedural_kind(item.title) in ("exclusion", "readmission")
    if not covered and (of_form or resolved):
        # The item in which the public is excluded is itself open, with the paragraphs of what it covers.
        paragraphs = resolved.paragraphs if resolved else ()
        return replace(item, restriction=_tighter(item.restriction, "open"), exempt_paragraphs=paragraphs)
    cues = list(_cues(item))
    if cues and not covered and stayed_open(item):
        cues = [cue for cue in cues if cue.rule.type == "restricted_enclosure"]
    restricted = [document for document in item.documents if document.restricted]
    state = item.restriction
    for cue in cues:
        state = _tighter(state, cue.rule.type)
    if restricted:
        state = _tighter(state, "restricted_enclosure")
    if covered:
        state = _tighter(state, covered.state)
    if state in ("exempt", "confidential") and not (item.minutes_text or item.decision_text):
        # Only the heading is published, and a cue says why.
        state = "withheld"
    if state == "open":
        return item
    reasons = [document.reason for document in restricted if document.reason]
    reason = _reason(item, cues) or next(iter(reasons), None) or (covered.reason if covered else None)
    evidence = tuple(
        Evidence("restriction", cue.field, cue.span.start, cue.span.end, cue.words(item), cue.rule.name) for cue in cues
    )
    paragraphs = (covered.paragraphs_of(item, places) if covered else ()) or _own_paragraphs(item, reasons, date)
    return replace(
        item, restriction=state, exempt_paragraphs=paragraphs, restriction_reason=item.restriction_reason or reason,
        evidence=(*item.evidence, *evidence),
    )


def _own_paragraphs(item: Item, reasons: Sequence[str], date: str | None) -> tuple[str, ...]:
    """The paragraphs that the item itself states: in its reasons, its texts, its title and those of its restricted documents."""
    own = [number for reason in reasons for number in paragraphs_of_reason(reason, date)]
    titles = [item.title, *(document.title for document in item.documents)]
    own += [number for text in (*map(item.text_of, BODY_FIELDS), *titles) for number in cited_paragraphs(text, date)]
    return in_order(own)


def _tighter(one: str, other: str) -> str:
    """The tighter of two restrictions; one that is not known is the tightest."""
    def rank(restriction: str) -> int:
        return RESTRICTIONS.index(restriction) if restriction in RESTRICTIONS else len(RESTRICTIONS)
    return max(one, other, key=rank)


def _cues(item: Item) -> Iterator[_Cue]:
    """The words that show a restriction of ``item``: in its title, then in each text."""
    title = plain_marks(item.title)
    for rule in load_rules(RULES)["title"]:
        if match := rule.pattern.search(title):
            yield _Cue(rule, "title", Span(*match.span()))
    for name in BODY_FIELDS:
        yield from _cues_in(item, name)


def _cues_in(item: Item, name: TextField) -> Iterator[_Cue]:
    text = item.text_of(name)
    if not says_any(text, _CUE):
        return
    rules = load_rules(RULES)
    plain = plain_marks(text)
    quotes = quoted_spans(plain)
    for line in lines_of(text):
        for span in line.sentences:
            words = plain[span.start:span.end]
            if not says_any(words, _CUE):
                continue
            for other in rules["other_sense"]:
                words = other.pattern.sub(lambda match: "." * len(match[0]), words)
            if not says_any(words, _CUE) or any(rule.pattern.search(words) for rule in rules["elsewhere"]):
                continue
            for rule in (*rules["state"], *rules["enclosure"]):
                match = rule.pattern.search(words)
                if match and not any(quote.start <= span.start + match.start() < quote.end for quote in quotes):
                    yield _Cue(rule, name, span)
                    break


def _reason(item: Item, cues: Sequence[_Cue]) -> str | None:
    """The sentence that says why something is restricted, if one does."""
    for cue in cues:
        if cue.field != "title" and _REASON_WORDS.search(cue.words(item)):
            return cue.words(item)
    return None
