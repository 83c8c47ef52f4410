"""Decisions: the types of an item's outcome and the exact words they rest on.

Only decision text and minutes text are read, never the agenda: what was to be resolved is no outcome.
First the resolutions are read point by point, then what is told outside them ("The report was noted.").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.narrative import outcomes_told
from minutes_archive.annotate.points import Outcome, bare_resolutions, outcomes_of, up_to_reasons
from minutes_archive.annotate.resolutions import carried, find_resolutions
from minutes_archive.annotate.sentences import Line, lines_of, quoted_spans
from minutes_archive.model import Decision, Evidence, Item, Problem, Span, TextField
from minutes_archive.text import plain_marks

# Paragraphs that close a text without being its last word on the matter.
_CLOSING = re.compile(
    r"(?:the meeting (?:closed|ended|finished)|there being no|voting\b|proposed\b|moved\b|\(?for[: ]|vote\b)", re.IGNORECASE
)
_CALL_IN = re.compile(r"\bcall(?:ed)?[- ]in\b", re.IGNORECASE)
# Titles under which a parish comments on applications that another authority decides.
_APPLICATIONS = re.compile(
    r"\bplanning (?:applications|matters|consultations?|permissions)\b|\bapplications (?:for comment|received|considered)\b|"
    r"^planning$",
    re.IGNORECASE,
)
_ONE_APPLICATION = re.compile(r"\d{2,4}/\d{3,5}|[A-Z]/\d\d/")
_COMMENT = re.compile(
    r"(?:^|[:.;-]\s+)(?:no (?:objections?|comments?)|object(?:s|ion|ed)?|supports?|supported|neutral)\b|"
    r"\b(?:recommends?|recommended) (?:approval|refusal)\b|\bnot content\b|"
    r"\bthe (?:parish )?council (?:supports|objects|has no objection)|\b(?:approval|refusal) recommended\b|"
    r"\bwish(?:es|ed)? to (?:object|support)\b",
    re.IGNORECASE,
)
_COMMENT_AGREED = re.compile(r"\bcomments? (?:was|were|be|is) (?:agreed|approved|made|submitted)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """What of the item's head bears on the reading of its texts. ``kind`` is the procedural kind, "" where it is none."""

    title: str = ""
    kind: str = ""


def annotate_decisions(item: Item, kind: str, has_children: bool = False) -> tuple[Item, tuple[Problem, ...]]:
    """``item`` with its decisions and their evidence, and what reads oddly in them.

    ``kind`` is the item's procedural kind ("" for none); ``has_children`` tells that its sub-items were taken apart.
    """
    outcomes = _outcomes(item, Context(item.title, kind))
    if not outcomes:
        return replace(item, decisions=(Decision(_without_words(item, has_children)),)), ()
    decisions, evidence = [], []
    for name, outcome in outcomes:
        span = outcome.span
        words = item.text_of(name)[span.start:span.end]
        decisions.append(Decision(outcome.type, words, name, span.start, span.end))
        evidence.append(Evidence(f"decision:{outcome.type}", name, span.start, span.end, words, outcome.rule))
    marked = replace(item, decisions=tuple(decisions), evidence=(*item.evidence, *evidence))
    return marked, tuple(_problems(marked, outcomes))


def types_of(item: Item) -> frozenset[str]:
    """The set of decision types of an annotated item."""
    return frozenset(decision.type for decision in item.decisions)


def _outcomes(item: Item, context: Context) -> list[tuple[TextField, Outcome]]:
    """The outcomes of both texts; what the decision text already says, the minutes text does not say again."""
    decision_cut = item.truncated and not item.minutes_text
    if item.truncated and (decision_cut or not item.decision_text):
        return []
    found: list[tuple[TextField, Outcome]] = []
    if item.decision_text:
        found += [("decision_text", outcome) for outcome in decide(item.decision_text, context, bare=True)]
    known = {outcome.type for _, outcome in found}
    found += [("minutes_text", o) for o in decide(item.minutes_text, context) if o.type not in known]
    return found


def _without_words(item: Item, has_children: bool) -> str:
    if item.truncated:
        return "unknown"
    return "none" if item.minutes_text or item.decision_text or has_children else "unknown"


def _problems(item: Item, outcomes: Sequence[tuple[TextField, Outcome]]) -> Iterator[Problem]:
    for name, outcome in outcomes:
        if outcome.typo:
            words = item.text_of(name)[outcome.span.start:outcome.span.end]
            yield Problem("typo_outcome", "info", item.id, f"read as {outcome.type} in spite of a slip of the pen: {words[:120]}")
    types = types_of(item)
    in_part = any(" in part" in decision.text for decision in item.decisions)
    if {"approved", "refused"} <= types and not in_part:
        yield Problem("conflicting_outcomes", "info", item.id, "both an approval and a refusal were found; look at its text")


def decide(text: str, context: Context = Context(), bare: bool = False) -> list[Outcome]:
    """The outcomes that ``text`` tells, in order. ``bare``: a decision text, which may do without "RESOLVED"."""
    plain = plain_marks(text)
    lines = up_to_reasons(lines_of(text)) if bare else lines_of(text)
    if not lines:
        return []
    quotes = quoted_spans(plain)
    last = max((line.paragraph for line in lines if not (line.is_row or _CLOSING.match(line.text))), default=0)
    resolutions = carried(find_resolutions(lines, quotes, last), lines)
    if bare and not resolutions:
        resolutions = bare_resolutions(lines)
    outcomes = [outcome for resolution in resolutions for outcome in outcomes_of(resolution)]
    outcomes += outcomes_told(plain, lines, quotes, last, resolutions)
    outcomes += _comments(lines, context)
    if _CALL_IN.search(context.title):
        outcomes += _called_in(plain, lines)
    return _unique(_in_context(outcomes, context))


def _unique(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """One outcome per type and place, in the order of the text."""
    seen: dict[tuple[str, int, int], Outcome] = {}
    for outcome in outcomes:
        seen.setdefault((outcome.type, outcome.span.start, outcome.span.end), outcome)
    return sorted(seen.values(), key=lambda outcome: (outcome.span.start, outcome.span.end))


def _in_context(outcomes: list[Outcome], context: Context) -> list[Outcome]:
    """``outcomes`` as the item's title makes them read: what is agreed under the minutes is the minutes."""
    if context.kind == "minutes":
        return [replace(o, type="minutes_confirmed") if o.type == "approved" else o for o in outcomes]
    if context.kind == "exclusion":
        return [replace(o, type="public_excluded") if o.type == "approved" else o for o in outcomes]
    return outcomes


def _comments(lines: Sequence[Line], context: Context) -> list[Outcome]:
    """A parish's comments on planning applications are recommendations to the authority that decides."""
    if not _APPLICATIONS.search(context.title) or _ONE_APPLICATION.search(context.title):
        return []
    return [
        Outcome("recommended", Span(line.start, line.end), "parish-comment")
        for line in lines if not line.is_row and (_COMMENT.search(line.text) or _COMMENT_AGREED.search(line.text))
    ]


def _called_in(plain: str, lines: Sequence[Line]) -> list[Outcome]:
    """A call-in that is the item's own business: the first sentence that speaks of it."""
    for line in lines:
        for span in line.sentences:
            if _CALL_IN.search(plain, span.start, span.end):
                return [Outcome("called_in", span, "call-in-considered")]
    return []
