"""Narrative: outcomes told outside a resolution ("The report was noted."), and the fate of motions put to the vote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from minutes_archive.annotate.cues import rules_for
from minutes_archive.annotate.points import Outcome, classify
from minutes_archive.annotate.resolutions import Resolution, stands
from minutes_archive.annotate.sentences import Line, is_inside
from minutes_archive.model import Span
from minutes_archive.rules import Rule, load_rules

_RULES = "annotate/decisions.toml"
_AMENDMENT = re.compile(r"\bamendment\b", re.IGNORECASE)
_NAMES_MOTION = re.compile(r"\b(?:motion|proposal|recommendations?|resolution)\b", re.IGNORECASE)
_NO_DECISION = re.compile(r"\bno (?:decision|resolution) (?:was|had|has|could be)\b", re.IGNORECASE)
# Motions about the debate, not the matter.
_ABOUT_DEBATE = re.compile(
    r"question be (?:now )?put|next business|standing orders|extension of time|extend the meeting|sit on|"
    r"continue (?:beyond|past|after)|order of business", re.IGNORECASE,
)
# What is decided beside the motion, not by it.
_BESIDE = frozenset({"action", "amended", "withdrawn"})
# Loose wordings are read in so many lines before the end of a text, where an outcome would stand.
_NEAR_THE_END = 3
_MOVED = re.compile(r"\b(?:moved|proposed)\b.{0,240}?(?:\bthat\b|:)", re.IGNORECASE)


def outcomes_told(
    plain: str, lines: Sequence[Line], quotes: tuple[Span, ...], last: int, resolutions: Sequence[Resolution],
    kind: str = "",
) -> list[Outcome]:
    """Outcomes told outside the resolutions. Of motions put to the vote the last one counts.

    ``kind``: what the title announces.
    """
    taken = tuple(resolution.span for resolution in resolutions)
    formal = any(resolution.opening.option("default") == "strong" for resolution in resolutions)
    found: list[Outcome] = []
    results: list[tuple[str, Outcome]] = []
    for line, position, span in _told(lines, resolutions):
        if is_inside(span.start, quotes):
            continue
        for rule in _matching(plain[span.start:span.end], line, position, last, formal, kind):
            outcome = Outcome(rule.type, span, rule.name)
            if not rule.option("result"):
                found.append(outcome)
            elif _is_of_the_matter(plain, line, position):
                results.append((rule.option("result"), outcome))
    return found + _fate(plain, lines, results, taken, found)


def outcomes_by_default(plain: str, lines: Sequence[Line], quotes: tuple[Span, ...], kind: str, alone: bool) -> list[Outcome]:
    """Outcomes of the loosest wordings, for a text in which no other was found. ``kind``: what its title announces; ``alone``:
    not even a task or a correction was found."""
    # Below the resolution to pay stands the list of what is paid.
    near = [line for line in (lines if kind == "payments" else lines[-_NEAR_THE_END:]) if not line.is_row]
    told = [(span, line is lines[-1] and span is line.sentences[-1]) for line in near for span in line.sentences]
    return [
        outcome for span, last in told if not is_inside(span.start, quotes)
        for outcome in _by_default(plain[span.start:span.end], span, kind, last, alone)
    ]


def _by_default(words: str, span: Span, kind: str, last: bool, alone: bool) -> Iterator[Outcome]:
    lower = words.lower()
    for rule in rules_for(words, _RULES, "fallback"):
        placed = (last or rule.option("place") != "last") and (alone or not rule.is_set("alone"))
        wanted = placed and rule.option("under") in {"", kind}
        match = rule.search(words, lower) if wanted else None
        if match and not (rule.options.get("guarded", True) and _is_guarded(words, match.start(), match.end())):
            yield Outcome(rule.type, span, rule.name)


def _told(lines: Sequence[Line], resolutions: Sequence[Resolution]) -> Iterator[tuple[Line, int, Span]]:
    """The sentences outside the resolutions, and what stands in a sentence before its resolution opens."""
    taken = tuple(resolution.span for resolution in resolutions)
    opened = {resolution.span.start: resolution.verb for resolution in resolutions}
    for line in lines:
        if line.is_row:
            continue
        for position, span in enumerate(line.sentences):
            if span.start in opened:
                yield line, position, Span(span.start, opened[span.start])
            elif not is_inside(span.start, taken):
                yield line, position, span


def _matching(words: str, line: Line, position: int, last: int, formal: bool, kind: str) -> Iterator[Rule]:
    lower = words.lower()
    for rule in rules_for(words, _RULES, "sentence"):
        placed = rule.option("under") in {"", kind} and stands(rule.option("place", "anywhere"), line, position, last, formal)
        match = rule.search(words, lower) if placed else None
        if match is None:
            continue
        guarded = rule.options.get("guarded", True)
        if guarded and _is_guarded(words, match.start() if guarded == "clause" else 0, match.end()):
            continue
        yield rule


def _is_guarded(words: str, start: int, end: int) -> bool:
    """Whether the words up to ``end`` tell of another time, or those from ``start`` of a condition or of what somebody said."""
    return any(
        guard.pattern.search(words, 0 if guard.is_set("always") else start, end) for guard in load_rules(_RULES)["guard"]
    )


def _is_of_the_matter(plain: str, line: Line, position: int) -> bool:
    """Whether a vote told in this sentence was on the matter itself: not on an amendment, not on the debate."""
    own = plain[line.sentences[position].start:line.sentences[position].end]
    before = plain[line.start:line.sentences[position].start]
    if _AMENDMENT.search(own) or _ABOUT_DEBATE.search(before + own):
        return False
    return bool(_NAMES_MOTION.search(own)) or not _AMENDMENT.search(before)


def _fate(
    plain: str, lines: Sequence[Line], results: Sequence[tuple[str, Outcome]], taken: tuple[Span, ...], told: Sequence[Outcome]
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
    found = _of_motion(plain, lines, outcome.span.end)
    known = [one for one in (*found, *told) if one.type not in _BESIDE and one.span.end <= outcome.span.end]
    return found if known else [outcome, *found]


def _of_motion(plain: str, lines: Sequence[Line], end: int) -> list[Outcome]:
    """What the motion carried at ``end`` asked for, read from the words in which it was moved; approval goes without saying."""
    before = [line for line in lines if line.start < end]
    for at in range(len(before) - 1, -1, -1):
        moved = _MOVED.search(before[at].text)
        if moved and not _AMENDMENT.search(before[at].text):
            quoted = [line for line in before[at + 1:at + 2] if line.text.startswith('"')]
            # In the sentence in which it was moved, its words begin behind "that".
            asked = before[at].start + moved.end()
            spans = [span for line in (before[at], *quoted) for span in line.sentences if asked < span.end and span.start < end]
            return [
                Outcome(type_, span, rule.name)
                for span in spans
                for type_, rule in classify(plain[max(span.start, asked):span.end].strip('" '))[0]
                if type_ != "approved"
            ]
    return []
