"""Narrative: outcomes told outside a resolution ("The report was noted."), and the fate of motions put to the vote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from minutes_archive.annotate.points import Outcome, classify
from minutes_archive.annotate.resolutions import Resolution, stands
from minutes_archive.annotate.sentences import Line, is_inside, says_any
from minutes_archive.model import Span
from minutes_archive.rules import Rule, load_rules

_RULES = "annotate/decisions.toml"
_AMENDMENT = re.compile(r"\bamendment\b", re.IGNORECASE)
_NAMES_MOTION = re.compile(r"\b(?:motion|proposal|recommendations?|resolution)\b", re.IGNORECASE)
# Sentences without any of these tell no outcome: most of a text is passed over at little cost.
_TELLS = (
    "minutes", "noted", "received", "approv", "agreed", "adopted", "endorsed", "ratified", "grant", "accepted",
    "supported", "refused", "rejected", "turned down", "deferred", "adjourned", "postponed", "carried",
    "held over", "left on", "quorate", "withdr", "removed", "elected", "appointed", "opted", "nominated",
    "restricted", "exempt", "confidential", "publi", "withheld", "undertook", "requested", "instructed",
    "directed", "asked", "action", "lost", "defeated", "fell",
)
_NO_DECISION = re.compile(r"\bno (?:decision|resolution) (?:was|had|has|could be)\b", re.IGNORECASE)
# Motions about the debate, not the matter.
_ABOUT_DEBATE = re.compile(
    r"question be (?:now )?put|next business|standing orders|extension of time|extend the meeting|sit on|"
    r"continue (?:beyond|past|after)|order of business", re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:moved|proposed)\b.{0,240}?(?:\bthat\b|:)", re.IGNORECASE)


def outcomes_told(
    plain: str, lines: Sequence[Line], quotes: tuple[Span, ...], last: int, resolutions: Sequence[Resolution]
) -> list[Outcome]:
    """Outcomes told outside the resolutions. Of motions put to the vote the last one counts."""
    taken = tuple(resolution.span for resolution in resolutions)
    found: list[Outcome] = []
    results: list[tuple[str, Outcome]] = []
    for line in lines:
        if line.is_row:
            continue
        for position, span in enumerate(line.sentences):
            if is_inside(span.start, taken):
                continue
            for rule in _matching(plain[span.start:span.end], line, position, last):
                outcome = Outcome(rule.type, span, rule.name)
                if is_inside(span.start, quotes):
                    continue
                if not rule.option("result"):
                    found.append(outcome)
                elif _is_of_the_matter(plain, line, position):
                    results.append((rule.option("result"), outcome))
    return found + _fate(plain, lines, results, taken)


def _matching(words: str, line: Line, position: int, last: int) -> Iterator[Rule]:
    if not says_any(words, _TELLS):
        return
    told_again: bool | None = None
    for rule in load_rules(_RULES)["sentence"]:
        if not stands(rule.option("place", "anywhere"), line, position, last) or not rule.pattern.search(words):
            continue
        if rule.options.get("guarded", True):
            if told_again is None:
                told_again = any(guard.pattern.search(words) for guard in load_rules(_RULES)["guard"])
            if told_again:
                continue
        yield rule


def _is_of_the_matter(plain: str, line: Line, position: int) -> bool:
    """Whether a vote told in this sentence was on the matter itself: not on an amendment, not on the debate."""
    own = plain[line.sentences[position].start:line.sentences[position].end]
    before = plain[line.start:line.sentences[position].start]
    if _AMENDMENT.search(own) or _ABOUT_DEBATE.search(before + own):
        return False
    return bool(_NAMES_MOTION.search(own)) or not _AMENDMENT.search(before)


def _fate(
    plain: str, lines: Sequence[Line], results: Sequence[tuple[str, Outcome]], taken: tuple[Span, ...]
) -> list[Outcome]:
    """What the last vote on the matter adds: nothing where a resolution says it, the motion's own type where it was carried."""
    if not results:
        return []
    result, outcome = results[-1]
    if any(span.start > outcome.span.start for span in taken):
        return []
    if result == "lost":
        return [] if _NO_DECISION.search(plain) else [outcome]
    if taken:
        return []
    found = _of_motion(plain, lines, outcome.span.start)
    return found if any(one.type != "action" for one in found) else [outcome, *found]


def _of_motion(plain: str, lines: Sequence[Line], end: int) -> list[Outcome]:
    """What the motion carried at ``end`` asked for, read from the words in which it was moved; approval goes without saying."""
    before = [line for line in lines if line.start < end]
    for at in range(len(before) - 1, -1, -1):
        if _MOVED.search(before[at].text) and not _AMENDMENT.search(before[at].text):
            quoted = [line for line in before[at + 1:at + 2] if line.text.startswith('"')]
            spans = [span for line in (before[at], *quoted) for span in line.sentences if span.start < end]
            return [
                Outcome(type_, span, rule.name)
                for span in spans
                for type_, rule in classify(plain[span.start:span.end].strip('" '))
                if type_ != "approved"
            ]
    return []
