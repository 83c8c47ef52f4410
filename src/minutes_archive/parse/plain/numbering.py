"""Numbering: which of the numbers that lines begin with are those of items.

Minutes number items 1 to n, run on over years (334, 2503), by month (16.01.2), by year (23/21) and in levels (4.1.1), misprint
some, take some out of order, and hold numbered lists inside items. No single line tells; the sequence does: of all numbered
lines those are items that make the best run of numbers with headings behind them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.numbers import Number, read_letter, read_number, read_roman
from minutes_archive.parse.plain.titles import Titled, is_title_like, take_apart
from minutes_archive.procedural import is_procedural

_MOST_CANDIDATES = 800
# A heading rarely has more words; an entry of a list inside an item mostly has.
_A_FEW_WORDS = 8
_DEEP = 8
_TWO = 2
_A_RUN = 3
_HEADED = 0.75
_OF_A_LIST = 1.5
_MOSTLY = 0.8
# How much the way in which a title is set apart speaks for an item.
_MARKS = {"heading": 2.0, "bold": 1.5, "capitals": 1.5, "colon": 1.2, "whole": 1.0, "dash": 1.0, "stop": 0.6, "list": 0.6}


@dataclass(frozen=True)
class Numbered:
    """A line that is an item by its number; ``parent`` is the line of the item above it."""

    at: int
    number: Number
    parent: int | None = None


@dataclass(frozen=True)
class _Candidate:
    """A numbered line; ``bare``: the next line is numbered too, so that it has no text of its own."""

    at: int
    number: Number
    run: int
    worth: float
    style: tuple[object, ...]
    wordy: bool
    bare: bool
    headed: bool


def find_numbered(lines: Sequence[TextLine]) -> list[Numbered]:
    """The lines that are items by their numbers, in order; empty where no run of numbers makes sense."""
    read = [(at, number) for at, line in enumerate(lines) if line.kind != "row" and (number := read_number(line.text))]
    read = _without_bare_lists(lines, read[:_MOST_CANDIDATES])
    headed = [(at, number) for at, number in read if lines[at].heading]
    if len(headed) >= 3:
        return _nested([Numbered(at, number) for at, number in headed])
    titles = {at: titled_at(lines, at, number) for at, number in read}
    runs = [_best_run(_candidates(lines, read, titles, family)) for family in ("plain", "word", "slash", "flat")]
    runs += [_best_lettered(lines, reader) for reader in (read_roman, read_letter)]
    worth, run = max(runs, key=lambda one: one[0], default=(0.0, []))
    if not run or worth <= (1.5 if len(run) > 1 else 0.8) or (len(run) == 1 and not _may_be_alone(run[0].number)):
        return []
    family = run[0].number.family
    top = {one.at: one.number for one in run}
    below = [] if family == "dotted" else _children(read, top)
    if _are_paragraphs([titles[at] for at, _ in below], [one.headed for one in run]):
        below = []
    return _nested([Numbered(at, number) for at, number in sorted([*top.items(), *below], key=lambda one: one[0])])


def _best_lettered(
    lines: Sequence[TextLine], reader: Callable[[str], Number | None]
) -> tuple[float, list[_Candidate]]:
    """The run of items lettered or in Roman numbers. It begins with the first, and names business: initials make runs too."""
    read = [(at, number) for at, line in enumerate(lines) if line.kind != "row" and (number := reader(line.text))]
    titles = {at: titled_at(lines, at, number) for at, number in read[:_MOST_CANDIDATES]}
    family = read[0][1].family if read else ""
    worth, run = _best_run(_candidates(lines, read[:_MOST_CANDIDATES], titles, family))
    formal = any((titled := titles[one.at]) and is_procedural(titled.title) for one in run)
    return (worth, run) if len(run) >= _A_RUN and run[0].run == 1 and formal else (0.0, [])


def _are_paragraphs(below: Sequence[Titled | None], headed: Sequence[bool]) -> bool:
    """Whether the numbers of the lower level are those of paragraphs: sentences all, under items that have headings."""
    told = sum(titled is None or titled.inferred for titled in below)
    return len(below) >= _A_RUN and told >= _MOSTLY * len(below) and sum(headed) >= _MOSTLY * len(headed)


def _may_be_alone(number: Number) -> bool:
    """Whether a number may be that of the only item: "1. Apologies"; "19/1433 - Two houses" is a reference."""
    return number.marked and number.family != "slash"


def _without_bare_lists(
    lines: Sequence[TextLine], read: Sequence[tuple[int, Number]]
) -> list[tuple[int, Number]]:
    """``read`` without the lists inside items: 1, 2, 3 ... line under line without a word between, where 1 is long past."""
    kept: list[tuple[int, Number]] = []
    highest, at = 0, 0
    while at < len(read):
        end = at + 1
        while end < len(read) and _is_next_entry(lines, *read[end - 1], *read[end]):
            end += 1
        if end - at >= _A_RUN and read[at][1].parts == (1,) and highest > 1 and _are_bare(lines, read[at:end]):
            at = end
            continue
        kept += read[at:end]
        highest = max(highest, *(number.parts[0] for _, number in read[at:end]))
        at = end
    return kept


def _are_bare(lines: Sequence[TextLine], read: Sequence[tuple[int, Number]]) -> bool:
    """Whether most of these lines are a title and nothing else."""
    titles = [take_apart(lines[at], number.end) for at, number in read]
    return sum(bool(titled and titled.text and not titled.inferred) for titled in titles) * 2 < len(titles)


def _is_next_entry(lines: Sequence[TextLine], at: int, number: Number, below: int, other: Number) -> bool:
    """Whether two numbered lines are entries one under the other; the entry may stand below its number."""
    alone = not lines[at].text[number.end :].strip()
    return below == at + 1 + alone and _follows(number, other)


def _follows(before: Number, after: Number) -> bool:
    return len(before.parts) == len(after.parts) == 1 and after.parts[0] == before.parts[0] + 1


def _candidates(
    lines: Sequence[TextLine], read: Sequence[tuple[int, Number]], titles: dict[int, Titled | None], family: str
) -> list[_Candidate]:
    found = []
    numbered = {at for at, _ in read}
    tops = {number.parts[0] for _, number in read if number.family in {"plain", "word"} and len(number.parts) == 1}
    year = _leading_year([number for _, number in read if number.family == "slash"])
    for at, number in read:
        if family == "flat":
            # "16.01.2": the first parts are those of the meeting, not of an item above.
            if number.family != "dotted" or (number.parts[0] in tops and len(number.parts) == 2):
                continue
            run = number.parts[-1]
        elif family == "slash" and year is not None and number.family == family:
            if number.parts[0] != year:
                continue
            run = number.parts[1]
        elif number.family != family or (family in {"plain", "word"} and len(number.parts) > 1):
            continue
        else:
            run = number.parts[0]
        titled = titles[at]
        wordy = titled is None or titled.inferred or len(titled.title.split()) > _A_FEW_WORDS
        worth, style = _worth(lines[at], number, titled), _style(lines[at], number)
        found.append(_Candidate(at, number, run, worth, style, wordy, at + 1 in numbered, bool(titled and not titled.inferred)))
    if family == "flat" and found:
        # Most of the numbers must share their first parts, or they are numbers of several levels.
        heads = Counter(one.number.parts[:-1] for one in found)
        if max(heads.values()) * 2 < len(found):
            return []
    return found


def _leading_year(numbers: Sequence[Number]) -> int | None:
    """The year that most numbers begin with ("23/045", "23/046"); None where it stands behind ("45/23", "46/23")."""
    firsts = Counter(number.parts[0] for number in numbers if len(number.parts) == _TWO)
    year, count = firsts.most_common(1)[0] if firsts else (0, 0)
    return year if count >= _A_RUN and count * 2 > len(numbers) else None


def _style(line: TextLine, number: Number) -> tuple[object, ...]:
    alone = not line.text[number.end :].strip()
    return (number.marked, alone, line.bold is not None and line.bold.start <= number.end + 1)


def titled_at(lines: Sequence[TextLine], at: int, number: Number) -> Titled | None:
    """What stands behind a number: on its own line, else on the next."""
    titled = take_apart(lines[at], number.end)
    if titled is None and at + 1 < len(lines) and read_number(lines[at + 1].text) is None:
        return take_apart(lines[at + 1])
    return titled


def _worth(line: TextLine, number: Number, titled: Titled | None) -> float:
    if titled is None:
        return -1.0
    worth = _MARKS.get(titled.mark, 0.0)
    if is_procedural(titled.title):
        worth += 1.0
    if titled.mark == "bold" and not is_title_like(titled.title, 260, 40):
        worth -= 1.2
    if not number.marked and number.family == "plain":
        worth -= 0.6 if len(titled.title.split()) <= _A_FEW_WORDS else 1.6
    if line.indent >= _DEEP:
        worth -= 0.3
    # A number of three parts, or with its year, is hardly anything else.
    if number.family == "slash" or (number.family == "dotted" and len(number.parts) > _TWO):
        worth += 0.8
    return worth


def _best_run(candidates: Sequence[_Candidate]) -> tuple[float, list[_Candidate]]:
    """The run of numbers worth most, taken twice: the second time what looks unlike the most of the first counts less."""
    worth, run = _run(candidates, None)
    if not run:
        return 0.0, []
    usual = Counter(one.style for one in run).most_common(1)[0][0]
    worth, run = _run(candidates, usual)
    return worth, _with_missing(_without_inner_lists(run), candidates, usual)


def _without_inner_lists(run: Sequence[_Candidate]) -> list[_Candidate]:
    """``run`` without stretches that go back to numbers already had and read like the entries of a list."""
    kept: list[_Candidate] = []
    seen: set[int] = set()
    at = 0
    while at < len(run):
        end = at
        while end < len(run) and run[end].run in seen and (end > at or run[end].run < kept[-1].run):
            end += 1
        # 1, 2, 3 below 4, and then 5: the entries of a list, whatever they look like.
        resumed = end > at and run[at].run == 1 and end < len(run) and run[end].run == kept[-1].run + 1
        if end > at and (resumed or any(one.wordy for one in run[at:end])):
            at = end
            continue
        end = max(end, at + 1)
        kept += run[at:end]
        seen.update(one.run for one in run[at:end])
        at = end
    return kept


def _with_missing(run: list[_Candidate], candidates: Sequence[_Candidate], usual: tuple[object, ...]) -> list[_Candidate]:
    """``run`` with the items taken out of their order: numbers that it lacks, in the same style, with a heading."""
    had = {one.run for one in run}
    if len(run) < _A_RUN:
        return run
    within = range(1 if usual[0] else min(had), max(had))
    for one in candidates:
        sure = one.number.family == "dotted" and len(one.number.parts) > _TWO
        headed = sure or (one.worth >= _HEADED and (not one.wordy or one.number.family != "plain"))
        if headed and one.at < run[-1].at and one.run in within and one.run not in had and one.style == usual:
            had.add(one.run)
            run = sorted([*run, one], key=lambda other: other.at)
    return run


def _run(candidates: Sequence[_Candidate], usual: tuple[object, ...] | None) -> tuple[float, list[_Candidate]]:
    best: list[float] = []
    came: list[int | None] = []
    for at, one in enumerate(candidates):
        own = one.worth - (0.8 * sum(a != b for a, b in zip(one.style, usual, strict=True)) if usual else 0.0)
        value, source = own, None
        for before in range(max(0, at - 120), at):
            reached = best[before] + own + _step(candidates[before].run, one.run)
            # A list inside an item counts on by itself: to come into the midst of it is to take its entries for items.
            reached -= _OF_A_LIST if one.bare and before != at - 1 and candidates[at - 1].run == one.run - 1 else 0.0
            if reached > value:
                value, source = reached, before
        best.append(value)
        came.append(source)
    if not best:
        return 0.0, []
    end: int | None = max(range(len(best)), key=best.__getitem__)
    assert end is not None
    worth, run = best[end], []
    while end is not None:
        run.append(candidates[end])
        end = came[end]
    return worth, run[::-1]


def _step(before: int, after: int) -> float:
    """What it is worth that ``after`` follows ``before``: the next number most, a step back (taken out of order) little."""
    step = after - before
    if step == 1:
        return 1.0
    if step == 0:
        return -0.6
    if step in {2, 3}:
        return 0.3
    if 0 < step <= 12:
        return -0.4
    return -3.0 if after == 1 or step > 12 else -1.0


def _children(read: Sequence[tuple[int, Number]], top: dict[int, Number]) -> list[tuple[int, Number]]:
    """Numbers of lower levels: "4.1" between 4 and 5, "4.1.1" after 4.1, "3a" after 3, in rising order.

    "5.1" after 4 as well, where the 5 itself is lost.
    """
    found: list[tuple[int, Number]] = []
    above: Number | None = None
    last: dict[tuple[int, ...], int] = {}
    for at, number in read:
        if at in top:
            above, last = top[at], {}
        elif above and len(number.parts) > 1 and number.family != "slash":
            head, own = number.parts[:-1], number.parts[-1]
            orphan = len(head) == 1 and above.parts[0] < head[0] <= above.parts[0] + _TWO and own == 1
            if not (number.parts[0] == above.parts[0] or orphan or head in last):
                continue
            if len(head) > 1 and head not in {(*key, value) for key, value in last.items()}:
                continue
            if last.get(head, 0) < own <= last.get(head, 0) + _A_RUN:
                last[head] = own
                found.append((at, number))
    return found


def _nested(numbered: Sequence[Numbered]) -> list[Numbered]:
    """``numbered`` with the parents that their numbers tell."""
    by_parts: dict[tuple[int, ...], int] = {}
    found = []
    for one in numbered:
        parts = one.number.parts if one.number.family != "slash" else one.number.parts[:1]
        found.append(Numbered(one.at, one.number, by_parts.get(parts[:-1]) if len(parts) > 1 else None))
        by_parts[parts] = one.at
    return found
