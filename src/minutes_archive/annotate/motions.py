"""Motions: the sentences of a text read in order, each telling of motions: opened, seconded, counted, carried or lost.

Whoever moves opens a motion. What follows belongs to the motion that is open: to the one of a person that the sentence
names, to the amendment or to the motion where it speaks of one, else to the last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.ballots import abstentions_in, fate_in, figures_in, is_guarded, is_unanimous, people_in
from minutes_archive.model import Span, Vote

_AMENDMENT = re.compile(r"\bamend(?:ment|ed)\b", re.IGNORECASE)
_MOTION = re.compile(r"\b(?:substantive|original|main)\b|(?<!part of the )\bmotion\b", re.IGNORECASE)
# A division of motion against amendment settles both.
_DIVISION = re.compile(
    r"\bmotion\b[^.;]{0,40}\band (?:[\w-]+ )?(?:for )?the (?:\w+ )?(?:amendment|negative)\b|"
    r"\bfor the amendment\b[^.;]{0,20}\band [\w-]+ for the motion\b", re.IGNORECASE,
)
_WHOSE = re.compile(r"\b([A-Z][\w'-]*?[a-z])'s (?:proposal|motion|amendment)")
_AGAIN = re.compile(r"\bby the same vot\w+|\bthe same (?P<reverse>in reverse|the other way)", re.IGNORECASE)
# Figures that nobody's motion waits for are those of a vote only beside one of these.
_OF_A_VOTE = re.compile(
    r"\b(?:vot\w+|hands|motion|amendment|resolved|carried|lost|agreed|adopted|defeated|approved|decided|roll|division|chosen|supported|"
    r"divided)\b|"
    r"^\W{0,3}\w[\w-]{0,20} (?:(?:o blaid|were|was)\W{1,3}){0,3}(?:for|in favour)\b[^.;]{0,40}\b(?:against|erbyn)\b",
    re.IGNORECASE,
)
_ONLY_FIGURES = re.compile(r"\(?(?:voting|votes?|for|by|\d|all|unanim|carried|lost|nem)", re.IGNORECASE)
# "Adopted on the proposal of Councillor Hext": the seconder is named on the next line.
_VERDICT_FIRST = re.compile(
    r"(?:adopted|agreed|approved|passed|accepted|resolved)\b[^.;]{0,60}\bon the (?:proposal|proposition|motion) of\b",
    re.IGNORECASE,
)
# "The minutes were adopted. Proposed: Cllr Hext. Seconded: Cllr Yeo."
_ONLY_NAMES = re.compile(r"\W*(?:prop|moved|mover)\w*\b(?![^.;]*\b(?:that|to)\b)", re.IGNORECASE)
_PROPOSED_AND_SECONDED = re.compile(r"\b(?:proposed|nominated|moved) and (?:duly |then )?seconded\b", re.IGNORECASE)
_SPOKE_TO_IT = re.compile(r"\bin (?:proposing|moving|putting forward)\b", re.IGNORECASE)
_TO_BE_CONTINUED = re.compile(r"\bunanimously(?: and)?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Motion:
    """A motion as far as it is told: its vote, where that was told last (``sentence`` counts), whether its fate is known.

    ``put``: that somebody seconded it is told, though not who.
    """

    vote: Vote
    span: Span
    sentence: int
    amendment: bool = False
    closed: bool = False
    put: bool = False

    @property
    def counted(self) -> bool:
        """Whether its figures are known."""
        return self.vote.in_favour is not None or self.vote.against is not None

    @property
    def seconded(self) -> bool:
        """Whether it is known who moved and who seconded."""
        return bool(self.vote.mover and self.vote.seconder)

    @property
    def is_vote(self) -> bool:
        """Whether enough is told to call it a vote."""
        named = self.vote.mover is not None or self.vote.abstain is not None
        return self.counted or self.vote.unanimous or self.seconded or (self.closed and (named or self.put))


class Motions:
    """The motions of a text, in the order in which they were opened, as reading goes on."""

    def __init__(self) -> None:
        self._motions: list[Motion] = []
        # The figures that the next motion has "by the same voting".
        self._again: Vote | None = None
        # The sentence that told a fate of which nobody had moved anything: whoever is named behind it moved that.
        self._agreed = -2

    def __len__(self) -> int:
        return len(self._motions)

    def votes(self) -> list[tuple[Vote, Span]]:
        """Those of which a vote is told, in the order of the text, each with the words that told of it last."""
        told = sorted((motion for motion in self._motions if motion.is_vote), key=lambda motion: motion.span.start)
        return [(_settled(motion.vote), motion.span) for motion in told]

    def read(self, words: str, span: Span, at: int) -> None:
        """Take in the sentence of number ``at``: who moved and seconded, how many voted, what came of it."""
        people = people_in(words)
        for person in people:
            if person.role == "mover":
                late = _SPOKE_TO_IT.search(words) is not None
                self._open(person.name, bool(_AMENDMENT.search(words, person.start)), span, at, late)
                if self._agreed == at - 1 and _ONLY_NAMES.match(words):
                    self._motions[-1] = replace(self._motions[-1], vote=replace(self._motions[-1].vote, result="carried"))
            else:
                self._second(person.name, span, at)
        if not people and is_guarded(words, "told-again"):
            return
        if (abstained := abstentions_in(words)) is not None and self._abstain(abstained, at):
            return
        figures, unanimous, fate = figures_in(words) or self._same(words), is_unanimous(words), fate_in(words)
        if figures:
            self.count(replace(figures, unanimous=unanimous, result=fate.result), words, span, at)
        elif unanimous and (fate.result or self._goes_with(words)):
            self.count(Vote(unanimous=True, result=fate.result), words, span, at)
        elif fate.result:
            place = self._target(words)
            if place is None and not people and _PROPOSED_AND_SECONDED.search(words):
                self._motions.append(Motion(Vote(result=fate.result), span, at, closed=True, put=True))
            elif place is None and fate.result == "carried" and not people:
                self._agreed = at
            seconded = place is not None and (self._motions[place].seconded or self._motions[place].counted)
            if place is not None and (fate.strong or seconded or _VERDICT_FIRST.match(words)):
                self._tell(place, Vote(result=fate.result), span, at)

    def count(self, vote: Vote, words: str, span: Span, at: int, sure: bool = False) -> None:
        """Take in figures: of the open motion, of the one whose fate was just told, else of one that nobody is named for.

        ``sure``: they are those of a vote, whatever the words say besides.
        """
        place = self._target(words)
        if place is None and self._motions and _completes(self._motions[-1], vote, words, at):
            place = len(self._motions) - 1
        if place is not None:
            self._tell(place, vote, span, at)
            if _DIVISION.search(words):
                self._motions = [one for one in self._motions[:place + 1] if one.closed or one.counted or not one.amendment]
            return
        sure = sure or vote.unanimous or None not in (vote.in_favour, vote.against, vote.abstain)
        if sure or (_OF_A_VOTE.search(words) and not is_guarded(words, "somebody-said")):
            self._motions.append(Motion(vote, span, at, bool(_AMENDMENT.search(words)), vote.result is not None))

    def _abstain(self, abstained: int, at: int) -> bool:
        """Take in how many abstained, told in a sentence of its own behind the other figures. False where there are none."""
        if not self._motions or not self._motions[-1].counted or self._motions[-1].vote.abstain is not None:
            return False
        if at - self._motions[-1].sentence > 1:
            return False
        self._motions[-1] = replace(self._motions[-1], vote=replace(self._motions[-1].vote, abstain=abstained), sentence=at)
        return True

    def _tell(self, place: int, vote: Vote, span: Span, at: int) -> None:
        """Add to what is known of the motion at ``place``; once its fate is told, it is closed."""
        whole = _joined(self._motions[place].vote, vote)
        self._motions[place] = replace(self._motions[place], vote=whole, span=span, sentence=at, closed=whole.result is not None)

    def _goes_with(self, words: str) -> bool:
        """Whether words that only say "unanimously" are about a motion, or about what comes next."""
        return bool(self._target(words) is not None or _ONLY_FIGURES.match(words) or _TO_BE_CONTINUED.search(words))

    def _same(self, words: str) -> Vote | None:
        """The figures of the vote before, where a sentence says that they were the same, or the same the other way about."""
        again = _AGAIN.search(words)
        before = next((one.vote for one in reversed(self._motions) if one.counted), None) if again else None
        if again is None or before is None:
            return None
        self._again = None if again["reverse"] else before
        return Vote(before.against, before.in_favour, before.abstain) if again["reverse"] else None

    def _open(self, name: str, amendment: bool, span: Span, at: int, late: bool = False) -> None:
        """A motion is moved; ``late``: by who spoke to it, which may be told after it was seconded."""
        last = self._motions[-1] if self._motions else None
        if last and late and last.vote.mover == name:
            return
        waits = last is not None and not last.closed and last.vote.mover is None and last.vote.seconder is not None
        if last and waits and (last.sentence == at or late):
            self._motions[-1] = replace(last, vote=replace(last.vote, mover=name))
            return
        vote, self._again = self._again or Vote(), None
        self._motions.append(Motion(replace(vote, mover=name, seconder=None, result=None), span, at, amendment))

    def _second(self, name: str, span: Span, at: int) -> None:
        for place in range(len(self._motions) - 1, -1, -1):
            motion = self._motions[place]
            just_told = at - motion.sentence <= 1 and place == len(self._motions) - 1
            if motion.vote.mover and motion.vote.seconder is None and (just_told or not motion.closed):
                self._motions[place] = replace(motion, vote=replace(motion.vote, seconder=name))
                return
        if not self._motions or self._motions[-1].sentence != at:
            self._motions.append(Motion(Vote(seconder=name), span, at))

    def _target(self, words: str) -> int | None:
        """Which open motion a sentence speaks of, None for none."""
        figures = re.search(r"\d", words) is not None
        waiting = [
            at for at, one in enumerate(self._motions)
            if not one.closed and (one.vote.mover or one.counted) and not (one.counted and figures)
        ]
        if not waiting:
            return None
        if _DIVISION.search(words):
            return waiting[0]
        if whose := _WHOSE.search(words):
            waiting = [at for at in waiting if (self._motions[at].vote.mover or "").endswith(whose[1])] or waiting
        amendment, motion = _AMENDMENT.search(words), _MOTION.search(words)
        if amendment and not (motion and motion.start() < amendment.start()):
            return _last(waiting, [at for at in waiting if self._motions[at].amendment])
        if motion:
            return _last(waiting, [at for at in waiting if not self._motions[at].amendment])
        # A fate told without figures is that of the motion whose figures were told.
        return _last(waiting, [at for at in waiting if self._motions[at].counted])


def _last(waiting: Sequence[int], meant: Sequence[int]) -> int:
    return (meant or waiting)[-1]


def _completes(motion: Motion, vote: Vote, words: str, at: int) -> bool:
    """Whether figures told in sentence ``at`` are those of a motion whose fate was told in it or just before."""
    if motion.counted:
        return (motion.vote.in_favour, motion.vote.against) == (vote.in_favour, vote.against) and at - motion.sentence <= 1
    near = motion.sentence == at or (at - motion.sentence == 1 and _ONLY_FIGURES.match(words) is not None)
    return near and (not motion.vote.unanimous or vote.in_favour is not None)


def _joined(before: Vote, vote: Vote) -> Vote:
    def first(one: int | None, other: int | None) -> int | None:
        return other if one is None else one

    return replace(
        before, in_favour=first(before.in_favour, vote.in_favour), against=first(before.against, vote.against),
        abstain=first(before.abstain, vote.abstain), unanimous=before.unanimous or vote.unanimous,
        result=before.result or vote.result,
    )


def _settled(vote: Vote) -> Vote:
    """``vote`` with its fate by the count where none is told."""
    one, other = vote.in_favour, vote.against
    if one is None or other is None or one == other:
        return replace(vote, result=vote.result or ("carried" if vote.unanimous else None))
    return vote if vote.result else replace(vote, result="carried" if one > other else "lost")
