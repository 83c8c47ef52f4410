"""Votes: the counts, the mover and the seconder, as the minutes tell them.

A vote is a count, a unanimous vote, or a motion moved and seconded of which the fate is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from minutes_archive.annotate.sentences import Line, is_inside, lines_of, quoted_spans, says_any
from minutes_archive.model import Evidence, Item, Span, TextField, Vote
from minutes_archive.text import plain_marks

_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)
# The letter O stands for nought in typed minutes ("O ABSTENTIONS").
_NUMBER = rf"(?:\d{{1,3}}|O(?=\s)|none|nil|{'|'.join(_WORDS)})"
_VOTERS = r"(?:votes? |members? |voting |voted |councillors? )*"
# "8 for", "nine votes for"; "For 12", "For (23)", "FOR: 6".
_COUNTS = {
    "in_favour": re.compile(
        rf"\b({_NUMBER})\b {_VOTERS}(?:for|in favour)\b|\b(?-i:For|FOR|In favour|IN FAVOUR)\b:? ?\(?(\d{{1,3}})\b", re.I
    ),
    "against": re.compile(rf"\b({_NUMBER})\b {_VOTERS}against\b|\b(?-i:Against|AGAINST)\b:? ?\(?(\d{{1,3}})\b", re.I),
    "abstain": re.compile(rf"\b({_NUMBER})\b {_VOTERS}(?:abst\w+|not voting)|\babst\w+:? ?\(?(\d{{1,3}})\b", re.I),
}
# "by 14 votes to 24", "31 Members voting for it and 4 against".
_SHARED_OUT = (
    re.compile(rf"\bby ({_NUMBER}) (?:votes? )?to ({_NUMBER})\b", re.I),
    re.compile(rf"\b({_NUMBER}) (?:members )?voting for it and ({_NUMBER}) against\b", re.I),
)
_UNANIMOUS = re.compile(r"\bunanimous(?:ly)?\b|\ball (?:present |members )?in favour\b|\bnem\.? con\b|\bwithout dissent\b", re.I)
_CARRIED = re.compile(r"\bcarried\b(?! (?:out|forward|over))|\bresolved\b|\bagreed\b|\bpassed\b|\badopted\b", re.I)
_LOST = re.compile(r"\blost\b|\bdefeated\b|\bnot carried\b|\bfell\b|\brejected\b", re.I)
_PERSON = (
    r"(?:the )?(?P<{0}>(?:Councillor|Cllr|Alderman|Ald|Mr|Mrs|Ms|Dr|Deputy Leader|Leader|Mayor|Chair(?:man|person)?)\b\.?"
    r"(?: [A-Z][\w'-]+){{0,3}})"
)
_MOVER = re.compile(
    rf"\b(?:[Mm]oved|MOVED|[Pp]roposed|PROPOSED|Proposer)\b:?(?: by)?:? {_PERSON.format('after')}|"
    rf"\b{_PERSON.format('before')}(?:,? seconded by [^,]{{3,60}},)? (?:moved|proposed)\b"
)
_SECONDER = re.compile(
    rf"\b(?:[Ss]econded|SECONDED|Seconder)\b:?(?: by)?:? {_PERSON.format('after')}|\b{_PERSON.format('before')} seconded\b"
)
_ROLL = re.compile(r"(?P<side>for|against|abst\w+|not voting)\b\s*(?:\((?P<count>\d{1,3})\)|:|\|)", re.I)
# A text, and a sentence of it, without any of these tells no vote.
_WORTH_READING = (
    "vot", "favour", "unanim", "seconded", "against", "nem",
)
_WORTH_COUNTING = (
    "vot", "favour", "against", "abst", "nem", "unanim", "dissent", "moved", "propos", "second", "agreed",
    "resolved", "carried",
)
_MOST_VOTES = 20
# How far after a count its fate may be told.
_NEAR = 250


def annotate_votes(item: Item) -> Item:
    """``item`` with the votes its minutes (else its decision text) tell, after those it has, and the words each rests on."""
    name: TextField = "minutes_text" if item.minutes_text else "decision_text"
    text = item.text_of(name)
    found = find_votes(text)[:_MOST_VOTES]
    evidence = tuple(
        Evidence(f"vote:{at}", name, span.start, span.end, text[span.start:span.end], "vote")
        for at, (_, span) in enumerate(found, start=len(item.votes))
    )
    return replace(item, votes=(*item.votes, *(vote for vote, _ in found)), evidence=(*item.evidence, *evidence))


def printed_votes(item: Item) -> tuple[Vote, ...]:
    """The votes of ``item`` that rest on none of its words: the page printed them as tables."""
    told = {one.about for one in item.evidence}
    return tuple(vote for at, vote in enumerate(item.votes) if f"vote:{at}" not in told)


def find_votes(text: str) -> list[tuple[Vote, Span]]:
    """The votes told in ``text``, each with the sentence, or the lines of the roll, that tells it."""
    if not says_any(text, _WORTH_READING):
        return []
    plain = plain_marks(text)
    found: list[tuple[Vote, Span]] = []
    mover: str | None = None
    seconder: str | None = None
    for span, roll in _places(text, plain):
        words = plain[span.start:span.end]
        if roll is None:
            if moved := _person(_MOVER, words):
                mover, seconder = moved, None
            seconder = _person(_SECONDER, words) or seconder
        vote = roll or _counted(words) or _called(words, bool(mover and seconder))
        if vote is None:
            continue
        if found and _completes(found[-1], vote, words):
            found[-1] = (_joined(found[-1][0], vote), found[-1][1])
        else:
            found.append((replace(vote, mover=mover, seconder=seconder), span))
        mover = seconder = None
    return [(_with_result(vote, plain, span), span) for vote, span in found]


def _places(text: str, plain: str) -> Iterator[tuple[Span, Vote | None]]:
    """The sentences of a text and its rolls of votes, in order; other tables and quotations are passed over."""
    quotes = quoted_spans(plain)
    roll: list[tuple[Line, re.Match[str]]] = []
    for line in lines_of(text):
        side = _ROLL.match(line.text)
        if side and (side["count"] or line.is_row) and not _counted(line.text):
            roll.append((line, side))
            continue
        if roll:
            yield _read_roll(roll)
            roll = []
        if not line.is_row:
            yield from (
                (span, None) for span in line.sentences
                if says_any(plain[span.start:span.end], _WORTH_COUNTING) and not is_inside(span.start, quotes)
            )
    if roll:
        yield _read_roll(roll)


def _read_roll(roll: list[tuple[Line, re.Match[str]]]) -> tuple[Span, Vote]:
    """A recorded vote, a line for each side: "For (26): Councillors ..."."""
    sides = {side["side"][:3].lower(): int(side["count"]) for _, side in roll if side["count"]}
    vote = Vote(sides.get("for"), sides.get("aga"), sides.get("abs", sides.get("not")))
    return Span(roll[0][0].start, roll[-1][0].end), vote


def _number(word: str | None) -> int | None:
    if word is None or word.isdigit():
        return int(word) if word else None
    return 0 if word.lower() in {"o", "none", "nil"} else _WORDS.index(word.lower())


def _person(pattern: re.Pattern[str], words: str) -> str | None:
    match = pattern.search(words)
    return (match["after"] or match["before"]).strip() if match else None


def _counted(words: str) -> Vote | None:
    """The vote that a sentence counts, or None."""
    if not says_any(words, _WORTH_READING):
        return None
    counts = {name: _number(next(filter(None, match.groups()), None)) if (match := pattern.search(words)) else None
              for name, pattern in _COUNTS.items()}
    shared = next((match for pattern in _SHARED_OUT if (match := pattern.search(words))), None)
    if shared:
        counts["in_favour"], counts["against"] = _number(shared[1]), _number(shared[2])
    elif len([count for count in counts.values() if count is not None]) < 2:
        return None
    return Vote(
        counts["in_favour"], counts["against"], counts["abstain"], unanimous=bool(_UNANIMOUS.search(words)), result=_result(words)
    )


def _called(words: str, moved_and_seconded: bool) -> Vote | None:
    """A vote without a count: unanimous, or on a motion moved and seconded of which the fate is told here."""
    result = _result(words)
    unanimous = bool(_UNANIMOUS.search(words)) and (result is not None or moved_and_seconded)
    if not unanimous and not (result and moved_and_seconded):
        return None
    abstained = _COUNTS["abstain"].search(words)
    return Vote(abstain=_number(abstained[1] or abstained[2]) if abstained else None, unanimous=unanimous, result=result)


def _result(words: str) -> str | None:
    if _LOST.search(words):
        return "lost"
    return "carried" if _CARRIED.search(words) else None


def _completes(before: tuple[Vote, Span], vote: Vote, words: str) -> bool:
    """Whether a sentence only adds to the vote told just before: its count, or its fate."""
    known = before[0]
    if vote.in_favour is not None or vote.against is not None:
        uncounted = known.in_favour is None and known.against is None
        return uncounted and re.match(r"\(?(?:voting|vote|for|by|\d)", words, re.I) is not None
    return known.result is None and not vote.unanimous


def _joined(before: Vote, vote: Vote) -> Vote:
    def first(one: int | None, other: int | None) -> int | None:
        return other if one is None else one

    return replace(
        before, in_favour=first(before.in_favour, vote.in_favour), against=first(before.against, vote.against),
        abstain=first(before.abstain, vote.abstain), unanimous=before.unanimous or vote.unanimous,
        result=before.result or vote.result,
    )


def _with_result(vote: Vote, plain: str, span: Span) -> Vote:
    """``vote`` with its fate: as told there or soon after, else by the count."""
    after = plain[span.end:span.end + _NEAR]
    fates = ((_LOST, "lost"), (_CARRIED, "carried"))
    told = [(match.start(), fate) for pattern, fate in fates if (match := pattern.search(after))]
    result = vote.result or (min(told)[1] if told else None)
    if result is None and vote.in_favour is not None and vote.against is not None and vote.in_favour != vote.against:
        result = "carried" if vote.in_favour > vote.against else "lost"
    return replace(vote, result=result)
