"""Resolutions: where minutes open one, and the points it consists of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minutes_archive.annotate.cues import rules_for
from minutes_archive.annotate.sentences import Line, is_inside
from minutes_archive.model import Span
from minutes_archive.rules import Rule

# What ends a list of resolution points that carry no numerals.
_STOP = re.compile(
    r"reasons?\b|alternatives?\b|other options|options considered|voting\b|recorded vote|conflicts? of|notes?:|background\b|"
    r"the meeting\b|moved\b|proposed\b|it was\b|for \(?\d|declarations?\b|supporting documents",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"(?:[:-]|\b(?:that|to|by|and|the following))\s*$", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:[\s:,.-]+|\((?![a-z]\)|[ivx]+\)|\d\))[^)]{1,80}\)|unanimously\b|nem con\b|without (?:a vote|dissent)\b|"
    r"all in favour\b|(?:by|with) [^,:;.]{1,60}?(?:votes?|abstentions?|abstaining|majority)[^,:;.]{0,40}(?=[,:]))+",
    re.IGNORECASE,
)
# Words that link the verb to the point belong to the point: "agreed TO note".
_LINK = re.compile(r"\W*(?:\b(?:not to|that|to))?\W*$", re.IGNORECASE)
_BARE = re.compile(r"(?:that|to|as follows|accordingly|:|-|\s|\.)*", re.IGNORECASE)
_INLINE_MARK = re.compile(r"(?<![\w)])\(?(?:[a-h]|[ivx]{1,4}|\d{1,2})\)\s+(?=\w)")
_CONTINUES = re.compile(r"(?:That|To)\b|[a-z]")
# "that Cabinet be recommended:" makes every entry a recommendation; "be noted and that:" leaves the entries to themselves.
_PASSES_ON = re.compile(r"\brecommend(?:ed|s)?\b[^.;]*$", re.IGNORECASE)
_GOES_ON = re.compile(r"\band(?: that)?\s*[:-]*$", re.IGNORECASE)
# The verb tells of an earlier meeting, or of what might be.
_TOLD_AGAIN = re.compile(
    r"\b(?:had|has|have|previous|previously|already|originally|if|whether|unless|which|should be|would be|to be)\b"
    r"(?:\W+(?!(?:and|but|so)\b(?=\W+$))\w+){0,3}?\W*$|"
    r"\b(?:reported|informed|told|understood)(?: \w+){0,2}? that (?:the )?(?:\w+ ){0,3}$",
    re.IGNORECASE,
)
# What follows such an opening spells it out and decides nothing of its own: "be refused for the following reasons:".
_DETAILS = re.compile(
    r"\b(?:reasons?|conditions?|changes|payments|amendments?|terms(?! of reference)|grounds|members|councillors)\b"
    r"[^.:]{0,30}:\s*$",
    re.IGNORECASE,
)
# A clause that states something is no wish: "agreed that the figures were worrying".
_STATED = re.compile(r"\b(?:is|are|was|were|has|have|had|could|might|needs?|needed|did|does)\b", re.IGNORECASE)
# What a relative clause states is no part of that: "that a copy of the report THAT HAD BEEN MADE would be sent".
_RELATIVE = re.compile(
    r"(?<=\w) (?:that|which|who) (?:is|are|was|were|has|have|had) [^,;.]{1,80}?(?= (?:would|should|will|shall|be|must)\b)",
    re.IGNORECASE,
)
# One that says what is to happen is one, whatever it states besides: "agreed that the pledge would be signed, as it was fair".
_WISHED = re.compile(
    r"^(?:that )?(?:(?!(?:is|are|was|were|has|have|had|could|might)\b)[^\s,;]+,? ){1,14}?"
    r"(?:would|should|will|shall|be|must|(?:are|is) (?:now )?to|were (?:prepared|happy|willing|content) to|may)\b|"
    r"^(?:to|not to|for \w+ to)\b|\band (?:not )?to (?!be\b)\w+|\band (?:should|must|ought to|would) (?:now )?be\b|"
    # "agreed adverts could be put on the website", but not "agreed that more could be done"
    r"^(?:that )?(?:[^\s,;]+ ){1,8}?could (?:now )?(?:have|use|go ahead|proceed|be (?!done\b|better\b|said\b|seen\b|more\b)\w+)|"
    r"^(?:that )?no \w+(?: \w+)? (?:was|were|is|are|would be|be) (?:needed|necessary|required)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?:vot(?:e|es|ing)|abst\w+|unanimous\w*|majority)\b", re.IGNORECASE)
# The fate of a motion, told after its words.
_FATE = re.compile(
    r"\b(?:motion|proposal|amendment|vote|which|it)\b[^.;]{0,80}?"
    r"\b(?P<fate>passed|carried|failed|lost|defeated|fell|no seconder|not seconded)\b",
    re.IGNORECASE,
)
_SENTENCE_GOES_ON = re.compile(r"(?:That|To)\b|\d{1,2}\.(?=\s|$)|It (?!was\b|is\b|has\b)(?:also |further )?\w+s\b|\(")
_MOST_POINTS = 60


@dataclass(frozen=True)
class Point:
    """One point of a resolution. ``span`` is what a decision quotes, ``words`` what is read for its types.

    ``default`` is the type of a point that no rule knows, None where such a point decides nothing.
    """

    span: Span
    words: str
    default: str | None


@dataclass(frozen=True)
class Resolution:
    """A resolution: the opening rule that found it, where its verb and it itself run from and to, its points."""

    opening: Rule
    verb: int
    span: Span
    points: tuple[Point, ...]


def stands(place: str, line: Line, sentence: int, last_paragraph: int, formal: bool = False) -> bool:
    """Whether the sentence at this position of ``line`` stands where a rule wants it."""
    first, final = sentence == 0, sentence == len(line.sentences) - 1
    last = line.paragraph == last_paragraph
    if place == "anywhere" or (place == "told" and not formal):
        return True
    if place == "start":
        return first
    if place == "start-or-end":
        return first or final
    if place == "last":
        return last
    if place == "whole":
        return last and first and final and line.paragraph == 0
    # "The following were approved:" is followed by its list.
    return (last and (first or final)) or (place == "edge" and final and line.text.endswith(":"))


def find_resolutions(lines: Sequence[Line], quotes: tuple[Span, ...], last_paragraph: int) -> list[Resolution]:
    """The resolutions in ``lines``, in order; none of them inside a quotation or told of an earlier meeting."""
    found: list[Resolution] = []
    reached = 0
    for at, line in enumerate(lines):
        if line.is_row:
            continue
        for position, sentence in enumerate(line.sentences):
            if sentence.start < reached:
                continue
            opening = _opening(line, position, quotes, last_paragraph)
            if opening:
                found.append(_read_resolution(lines, at, position, *opening))
                reached = found[-1].span.end
    return found


def carried(resolutions: Sequence[Resolution], lines: Sequence[Line]) -> list[Resolution]:
    """``resolutions`` without the motions, written out as resolutions are, that a line below says were lost."""
    fates = [(line.start, match["fate"].lower()) for line in lines if (match := _FATE.search(line.text))]
    found = []
    for resolution in resolutions:
        fate = next((fate for start, fate in fates if start >= resolution.span.end), "carried")
        if not (resolution.opening.is_set("put") and fate not in {"passed", "carried"}):
            found.append(resolution)
    return found


def _opening(line: Line, position: int, quotes: tuple[Span, ...], last_paragraph: int) -> tuple[Rule, int, int] | None:
    """The rule that opens a resolution in this sentence and where its words begin and end; the earliest one wins."""
    span = line.sentences[position]
    words = line.text[span.start - line.start:span.end - line.start]
    lower = words.lower()
    best: tuple[int, int, Rule] | None = None
    for rule in rules_for(words, "annotate/decisions.toml", "opening"):
        match = rule.search(words, lower)
        if not match or (best and match.start() >= best[0]):
            continue
        if not stands(rule.option("place", "anywhere"), line, position, last_paragraph):
            continue
        if is_inside(span.start + match.start(), quotes) or _TOLD_AGAIN.search(words[:match.start()]):
            continue
        # What a body did before it agreed is told outside the resolution.
        start = match.start("verb") if "verb" in rule.pattern.groupindex else match.start()
        best = (start, match.start() + len(_LINK.sub("", match.group())), rule)
    return (best[2], span.start + best[0], span.start + best[1]) if best else None


def _read_resolution(lines: Sequence[Line], at: int, position: int, opening: Rule, verb: int, verb_end: int) -> Resolution:
    line = lines[at]
    quote = Span(line.sentences[position].start, _end_of_inline(line, position))
    rest = line.text[verb_end - line.start:quote.end - line.start]
    words = _LEAD.sub("", rest)
    entries = _entries(lines, at, bare=bool(_BARE.fullmatch(words))) if quote.end == line.end else []
    whole = Span(quote.start, entries[-1].end if entries else quote.end)
    if opening.type == "recommended" or (entries and _PASSES_ON.search(line.text)):
        points = [] if opening.type == "recommended" else _inline_points(rest, verb_end, quote, None)
        points += [Point(Span(entry.start, entry.end), "", "recommended") for entry in entries]
        return Resolution(opening, verb, whole, tuple(points) or (Point(quote, "", "recommended"),))
    default = opening.type if _decides(opening, words) else None
    points = _inline_points(rest, verb_end, quote, None if entries else default)
    if entries and _COUNT.search(words) and words.rstrip().endswith((":", "-")):
        points = []
    if not (entries and _DETAILS.search(line.text)):
        entry_default = None if points and not _GOES_ON.search(line.text) else default
        points += [Point(Span(entry.start, entry.end), entry.text[entry.mark:].strip('" •*'), entry_default) for entry in entries]
    return Resolution(opening, verb, whole, tuple(points) or (Point(quote, "", default),))


def _decides(opening: Rule, words: str) -> bool:
    """Whether a point that no rule knows has the opening's own type: behind a weak opening only one that is a wish has."""
    strength = opening.option("default")
    plain = _RELATIVE.sub(" ", words)
    return strength == "strong" or (strength == "weak" and (not _STATED.search(plain) or _WISHED.search(plain) is not None))


def _end_of_inline(line: Line, position: int) -> int:
    """Where the resolution ends within its line: with its sentence, or with later ones that go on ("That ...", "It asks ...")."""
    end = line.sentences[position].end
    for span in line.sentences[position + 1:]:
        if not _SENTENCE_GOES_ON.match(line.text, span.start - line.start):
            break
        end = span.end
    return end


def _inline_points(rest: str, offset: int, quote: Span, default: str | None) -> list[Point]:
    """What follows the verb on its own line: points marked (a), (b), else one point; none where nothing follows."""
    marks = list(_INLINE_MARK.finditer(rest))
    if marks and _BARE.fullmatch(_LEAD.sub("", rest[:marks[0].start()])):
        ends = [*(mark.start() for mark in marks[1:]), len(rest)]
        return [
            Point(Span(offset + mark.start(), offset + len(rest[:end].rstrip())), rest[mark.end():end], default)
            for mark, end in zip(marks, ends, strict=True)
        ]
    words = _LEAD.sub("", rest)
    return [] if _BARE.fullmatch(words) else [Point(quote, words, default)]


def _entries(lines: Sequence[Line], at: int, bare: bool) -> list[Line]:
    """The lines after ``at`` that are points of the resolution opened there; ``bare``: nothing follows its verb."""
    rest = lines[at + 1:at + 1 + _MOST_POINTS]
    closed = lines[at].text.endswith((".", ".)", ";"))
    if not rest or rest[0].is_row or closed or not (rest[0].mark or bare or _OPEN_END.search(lines[at].text)):
        return []
    numbered = rest[0].mark > 0
    taken: list[Line] = []
    for line in rest:
        if line.is_row or (not line.mark and _STOP.match(line.text)):
            break
        same = bool(taken) and line.paragraph == taken[-1].paragraph
        if taken and not (line.mark or same or (not numbered and _CONTINUES.match(line.text))):
            break
        taken.append(line)
    return taken
