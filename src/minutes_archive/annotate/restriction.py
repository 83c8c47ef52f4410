"""Restriction: what of an item is not public, by which words, and the items that an exclusion of the public covers.

An item's audience is none of this module's business: the published minute of a restricted report is public text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.decisions import types_of
from minutes_archive.annotate.exemption import citation, cited_paragraphs, in_order, paragraphs_of_reason
from minutes_archive.annotate.sentences import lines_of, quoted_spans, says_any
from minutes_archive.model import BODY_FIELDS, RESTRICTIONS, Evidence, Item, Span, TextField
from minutes_archive.procedural import procedural_kind
from minutes_archive.rules import Rule, load_rules
from minutes_archive.text import plain_marks

_RULES = "annotate/restriction.toml"
_CUE = (
    "restrict", "exempt", "confidential", "publication", "private", "part ii", "part 2", "part b",
    "closed session", "withheld",
)
_REOPENED = ("admit", "admission", "open session", "in public", "open meeting", "invited", "return", "allowed back", "joined")
_ONE_ITEM = re.compile(r"\b(?:next|following|this|remaining) item\b(?!s)|\bfor this matter\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\bitems?(?: numbers?| nos?\.?)?\s+(?P<list>[A-Z]{0,4}/?\d[\w/]*(?:\s*(?:,|and|&|to|-)\s*[A-Z]{0,4}/?\d[\w/]*)*)"
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


@dataclass(frozen=True)
class _Exclusion:
    """The public is excluded: by which paragraphs, for which items (``None``: until it is let in again), for how many."""

    paragraphs: tuple[str, ...]
    reason: str | None
    named: frozenset[str]
    single: bool


def annotate_restrictions(items: Sequence[Item]) -> tuple[Item, ...]:
    """``items`` of one meeting, their decisions known, with restriction, exempt paragraphs, reason and evidence."""
    marked: list[Item] = []
    exclusion: _Exclusion | None = None
    for item in items:
        reopened = _reopened(item)
        if reopened == "start":
            exclusion = None
        covered = exclusion if exclusion and _covers(exclusion, item) else None
        marked.append(_mark(item, covered))
        if covered and covered.single:
            exclusion = None
        if "public_excluded" in types_of(item):
            exclusion = _exclusion(item)
        if reopened:
            exclusion = None
    return tuple(marked)


def _mark(item: Item, exclusion: _Exclusion | None) -> Item:
    if "public_excluded" in types_of(item) or procedural_kind(item.title) == "exclusion":
        # The item in which the public is excluded is itself open, with the paragraphs of what it covers.
        paragraphs = _exclusion(item).paragraphs if "public_excluded" in types_of(item) else ()
        return replace(item, restriction=_tighter(item.restriction, "open"), exempt_paragraphs=paragraphs)
    cues = list(_cues(item))
    restricted = [document for document in item.documents if document.restricted]
    state = item.restriction
    for cue in cues:
        state = _tighter(state, cue.rule.type)
    if restricted:
        state = _tighter(state, "restricted_enclosure")
    if exclusion:
        state = _tighter(state, "exempt")
    if state in ("exempt", "confidential") and not any(item.text_of(name) for name in BODY_FIELDS):
        # Only the heading is published, and a cue says why.
        state = "withheld"
    if state == "open":
        return item
    reasons = [document.reason for document in restricted if document.reason]
    own = [number for reason in reasons for number in paragraphs_of_reason(reason)]
    own += [number for name in BODY_FIELDS for number in cited_paragraphs(item.text_of(name))]
    reason = _reason(item, cues) or next(iter(reasons), None) or (exclusion.reason if exclusion else None)
    evidence = tuple(
        Evidence("restriction", cue.field, cue.span.start, cue.span.end, cue.words(item), cue.rule.name) for cue in cues
    )
    return replace(
        item, restriction=state, exempt_paragraphs=(exclusion.paragraphs if exclusion else ()) or in_order(own),
        restriction_reason=item.restriction_reason or reason, evidence=(*item.evidence, *evidence),
    )


def _tighter(one: str, other: str) -> str:
    """The tighter of two restrictions; one that is not known is the tightest."""
    def rank(restriction: str) -> int:
        return RESTRICTIONS.index(restriction) if restriction in RESTRICTIONS else len(RESTRICTIONS)
    return max(one, other, key=rank)


def _cues(item: Item) -> Iterator[_Cue]:
    """The words that show a restriction of ``item``: in its title, then in each text."""
    rules = load_rules(_RULES)
    title = plain_marks(item.title)
    for rule in rules["title"]:
        if match := rule.pattern.search(title):
            yield _Cue(rule, "title", Span(*match.span()))
    for name in BODY_FIELDS:
        yield from _cues_in(item, name)


def _cues_in(item: Item, name: TextField) -> Iterator[_Cue]:
    text = item.text_of(name)
    if not says_any(text, _CUE):
        return
    rules = load_rules(_RULES)
    plain = plain_marks(text)
    quotes = quoted_spans(plain)
    for line in lines_of(text):
        for span in line.sentences:
            words = plain[span.start:span.end]
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


def _exclusion(item: Item) -> _Exclusion:
    """What the exclusion resolved in ``item`` covers. Paragraphs it leaves out are taken from the agenda's proposal."""
    words = " ".join(decision.text for decision in item.decisions if decision.type == "public_excluded")
    texts = (words, item.decision_text, item.minutes_text, item.agenda_text)
    paragraphs = next((found for text in texts if (found := cited_paragraphs(text))), ())
    reason = next((cited for text in texts if (cited := citation(text))), None)
    named = _NAMED.search(words)
    numbers = frozenset(re.findall(r"[A-Z]{0,4}/?\d[\w/]*", named["list"])) if named else frozenset()
    return _Exclusion(paragraphs, reason, numbers, single=bool(_ONE_ITEM.search(words)) and not numbers)


def _covers(exclusion: _Exclusion, item: Item) -> bool:
    """Whether the public was out of the room for ``item``. Closing formalities and sub-headings of form are not private."""
    if procedural_kind(item.title):
        return False
    if exclusion.named and item.number:
        return item.number in exclusion.named or item.number.rstrip(".") in exclusion.named
    return True


def _reopened(item: Item) -> str:
    """Where in ``item`` the public is let in again: "start" (its first sentence), "end", or "" for nowhere."""
    text = item.minutes_text
    if not says_any(text, _REOPENED):
        return ""
    plain = plain_marks(text)
    spans = [span for line in lines_of(text) for span in line.sentences]
    for span in spans:
        if any(rule.pattern.search(plain[span.start:span.end]) for rule in load_rules(_RULES)["reopened"]):
            return "start" if span is spans[0] else "end"
    return ""
