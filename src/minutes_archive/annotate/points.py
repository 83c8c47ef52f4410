"""Points: what a point of a resolution says, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minutes_archive.annotate.cues import rules_for
from minutes_archive.annotate.resolutions import Point, Resolution
from minutes_archive.annotate.sentences import Line
from minutes_archive.model import Span
from minutes_archive.rules import Rule, load_rules

_RULES = "annotate/decisions.toml"
_CLAUSE = re.compile(
    r"(?<!\s)\s*;\s*(?:and\s+)?(?=\S)|,?(?<!\s)\s+and\s+(?=[Tt]hat\b)|,?(?<!\s)\s+(?:and|but)\s+(?=(?:not )?to\b)|"
    r"(?<=\.)(?<!\bCllr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)\s+(?=[A-Z])|"
    r",\s+with\s+(?=an?\b)|"
    r",?(?<!\s)\s+and\s+(?=(?:requested|asked|instructed|directed)\b)"
)
_JOINT = re.compile(
    r"(?:,?(?<!\s)\s+and|,)\s+(?=the\b|officers\b|cllr\b|councillor\b|authority\b|delegated\b|power)", re.IGNORECASE
)
_REASONS = re.compile(r"(?:reasons?|alternatives?|alternative options|other options|options considered)\b", re.IGNORECASE)
# Types that say nothing of the outcome itself: "RESOLVED as set out in the exempt minute" resolves something.
_BESIDE = frozenset({"restricted_outcome", "amended"})
# What is put as a wish, without anybody said to have resolved it: "That the scheme proceed", "REFUSE permission".
_WISH = re.compile(
    r"That\b(?! (?:is|was|were|are)\b)|To\b(?! (?:be|date|the|this|an?|questions?)\b)|"
    r"(?i:approve|refuse(?! (?:collection|bins?|sacks?|lorr))|grant|defer|note|refer|reject|endorse|delegate)\b"
    r"(?! (?:of|that is)\b)|"
    r"(?:(?!\b(?:was|were|is|are|had|has|have|will|would|could|should|may|might|can|to|shall|must|not|that|if|said)\b)[^.;]){3,120}?"
    r" be \w",
)
# A clause that wishes something of its own.
_OWN_WISH = re.compile(
    r"\W{0,10}(?:that\b)?(?:(?!\b(?:if|when|who|which|where)\b)[^,;]){3,160}? be "
    r"(?!noted|in\b|on\b|at\b|of\b|aware|reported|asked|invited|thanked|informed|advised|told|looked|followed|present|able)\w+|"
    r"\W*+that (?:the )?\w++[^,;]{0,60}? (?:enter|proceed|replace|make|take|go)\b",
    re.IGNORECASE,
)
# A clause that wishes something, if no more than a task stands beside it: "to mow twice, the Clerk to tell the contractor".
_TO_DO = re.compile(r"\W*to (?!be\b)[a-z]{2,}\b")
# Openings that say all there is to say: what follows "DEFERRED" tells why and until when.
_WHOLE = frozenset({"deferred", "refused", "withdrawn"})
# What a body asks of its officers beside a recommendation is no part of the recommendation.
_OWN_BUSINESS = frozenset({"action"})


@dataclass(frozen=True)
class Outcome:
    """One type found, where its words stand, and the rule that knew them; ``typo``: in spite of a slip of the pen."""

    type: str
    span: Span
    rule: str
    typo: bool = False


def outcomes_of(resolution: Resolution) -> list[Outcome]:
    """What the points of ``resolution`` decide; where none says anything, what its opening says."""
    typo = resolution.opening.is_set("typo")
    if resolution.opening.type in _WHOLE:
        return [Outcome(resolution.opening.type, resolution.points[0].span, resolution.opening.name, typo)]
    found = []
    for point in resolution.points:
        types, rest = classify(point.words)
        known = {type_ for type_, _ in types}
        if point.default and (known <= _BESIDE or (rest and point.default not in known)):
            types.append((point.default, resolution.opening))
        found += [Outcome(type_, point.span, rule.name, typo or rule.is_set("typo")) for type_, rule in types]
    strong = resolution.opening.option("default") == "strong"
    if not found and strong and any(point.default is None for point in resolution.points):
        found = [Outcome(resolution.opening.type, resolution.points[0].span, resolution.opening.name, typo)]
    return found


def classify(words: str) -> tuple[list[tuple[str, Rule]], bool]:
    """The types that one point of a resolution says, each once, with the rule that knew it; and whether a clause of it, put as
    a wish ("that the land be sold, and that ..."), says something that no rule knows."""
    # In resolutions all in capitals nothing is to be read into a capital.
    words = words.lower() if words.isupper() else words
    found: dict[str, Rule] = {}
    governed = rest = loose = False
    clauses = list(_clauses(words))
    for clause in clauses:
        types, governs = _classify_clause(clause.strip(" ,.-"))
        unknown = len(clauses) > 1 and not types and not governed
        rest = rest or (unknown and _OWN_WISH.match(clause) is not None)
        loose = loose or (unknown and _TO_DO.match(clause) is not None)
        for type_, rule in types.items():
            if not governed or type_ in _OWN_BUSINESS:
                found.setdefault(type_, rule)
        governed = governed or governs
    rest = rest or (loose and found.keys() <= _OWN_BUSINESS)
    whole = [rule for rule in load_rules(_RULES)["point"] if rule.option("needs")]
    for rule in whole:
        if rule.option("needs") in found and rule.pattern.search(words):
            found.setdefault(rule.type, rule)
    if "minutes_confirmed" in found or "public_excluded" in found:
        found.pop("approved", None)
        rest = False
    return list(found.items()), rest


def _clauses(words: str) -> Iterator[str]:
    """The clauses of a point: apart where a new "that" begins, or an officer's task without one."""
    tasks = [rule.pattern for rule in load_rules(_RULES)["point"] if rule.name in {"action", "power-given"}]
    for clause in _CLAUSE.split(words):
        start = 0
        for joint in _JOINT.finditer(clause):
            if any(task.match(clause[joint.end():]) for task in tasks):
                yield clause[start:joint.start()]
                start = joint.end()
        yield clause[start:]


def _classify_clause(clause: str) -> tuple[dict[str, Rule], bool]:
    """The types of a clause, and whether one of them governs the rest of the point."""
    lower = clause.lower()
    matches = [
        (match.start(), rule)
        for rule in rules_for(clause, _RULES, "point")
        if not rule.option("needs") and (match := rule.search(clause, lower))
    ]
    governing = [(start, rule) for start, rule in matches if rule.is_set("governs") or rule.is_set("governs_all")]
    limit = min((start for start, _ in governing), default=len(clause))
    kept = {
        rule.type: rule for start, rule in sorted(matches, key=lambda found: found[0], reverse=True)
        if start < limit or rule.is_set("despite") or (start == limit and (start, rule) in governing)
    }
    return kept, any(rule.is_set("governs_all") for start, rule in governing if start <= limit)


def up_to_reasons(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a decision text before its reasons and the options that were considered."""
    return lines[:next((at for at, line in enumerate(lines) if at and _REASONS.match(line.text)), len(lines))]


def bare_resolutions(lines: Sequence[Line]) -> list[Resolution]:
    """A text without an opening: each line that is put as a wish, or numbered, is a point."""
    opening = Rule("decision-text", "approved", re.compile(""), options={"default": "weak"})
    found = []
    for line in lines:
        words = line.text[line.mark:]
        if not line.is_row and (line.mark > 0 or _WISH.match(words)):
            span = Span(line.start, line.end)
            found.append(Resolution(opening, span.start, span, (Point(span, words, "approved"),)))
    return found
