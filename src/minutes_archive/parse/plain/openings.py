"""Openings: where in the lines of plain minutes each item begins, and what it is called.

By numbers where they make a run, with the headings that stand between them; else by whatever sets headings apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from minutes_archive.identity import canonical_number
from minutes_archive.parse.plain.attendance import label_of
from minutes_archive.parse.plain.headings import after_head, headings_of, is_loud, lone_heading, plain_headings, sub_headings
from minutes_archive.parse.plain.lines import TextLine, join
from minutes_archive.parse.plain.numbering import Numbered, find_numbered
from minutes_archive.parse.plain.numbers import read_number
from minutes_archive.parse.plain.subjects import purpose_of
from minutes_archive.parse.plain.titles import Titled, infer, is_title_like, take_apart, tells
from minutes_archive.parse.plain.words import FINITE, TELLING, is_business, is_closing, is_department, is_inner, stands_alone
from minutes_archive.procedural import is_procedural

_FIRST_PERSON = re.compile(r"(?:i|we)\s+(?:will|would|shall)\s|that\s", re.IGNORECASE)
_AGENDA_LINE = re.compile(r"to (?:receive|consider|note|approve|discuss|agree|adopt|nominate|elect|fix|review)\b", re.IGNORECASE)
_APOLOGIES_TOLD = re.compile(r"(?:an )?apolog\w+\s+(?:for|was|were|had|received)", re.IGNORECASE)
_A_SHORT_TITLE = 8
_A_SENTENCE = 12
_MOST_TITLE_LINES = 6
_LONGEST_HEADING = 300
_MOST_MATTER = 45
_HEAD_LINES = 40
_MOST_TELLING = 16
_FIRST_LINES = 3
_FEWEST_HEADINGS = 3
_MOSTLY = 0.8
_FEW_WORDS = 5


@dataclass(frozen=True)
class Opening:
    """Where an item begins: at line ``at``, its text going on at line ``then``. ``parent``: where the item above it begins."""

    at: int
    then: int
    titled: Titled
    number: str | None = None
    parent: int | None = None


def find_openings(lines: Sequence[TextLine]) -> list[Opening]:
    """Where items begin, in order; empty where nothing heads anything."""
    numbered = find_numbered(lines)
    if _are_paragraphs(lines, numbered):
        return [Opening(at, at + 1, titled) for at, titled in headings_of(lines)]
    if len(numbered) >= 2 or (numbered and _titled(lines, numbered[0]) and lines[numbered[0].at].text[:1].isdigit()):
        return _with_headings(lines, _by_number(lines, numbered))
    return [Opening(at, at + 1, titled) for at, titled in headings_of(lines)]


def _are_paragraphs(lines: Sequence[TextLine], numbered: Sequence[Numbered]) -> bool:
    """Whether paragraphs are numbered and not the items: sentences nearly all, in a document that has headings."""
    headings = {at for at, line in enumerate(lines) if line.heading}
    told = [one.at for one in numbered if one.at not in headings and (not _titled(lines, one) or _is_sentence(lines[one.at]))]
    return len(headings) >= _FEWEST_HEADINGS and len(told) >= _MOSTLY * len(numbered) > 0


def _is_sentence(line: TextLine) -> bool:
    return line.text.endswith(".") and line.bold is None and len(line.text.split()) >= _FEW_WORDS


def whole_text(lines: Sequence[TextLine]) -> list[Opening]:
    """Minutes without any heading are of one matter: all that stands below the names is its text."""
    labels = [at for at, line in enumerate(lines[:_HEAD_LINES]) if label_of(line.text)]
    for at in range(labels[-1] if labels else after_head(lines), len(lines)):
        words = lines[at].text.split()
        if _APOLOGIES_TOLD.match(lines[at].text):
            continue
        tells_of = len(words) >= _A_SENTENCE and not (FINITE | TELLING).isdisjoint(words[:_MOST_TELLING])
        if tells_of and not label_of(lines[at].text):
            told = lines[at].text
            purpose = purpose_of(" ".join(line.text for line in lines[at : at + _FIRST_LINES]))
            return [Opening(at, at + 1, Titled(purpose, told, "sentence", True) if purpose else infer(told))]
    return []


def _titled(lines: Sequence[TextLine], one: Numbered) -> bool:
    titled = take_apart(lines[one.at], one.number.end)
    return titled is None or not titled.inferred


def _by_number(lines: Sequence[TextLine], numbered: Sequence[Numbered]) -> list[Opening]:
    starts = {one.at for one in numbered}
    colons = _ends_in_colons(lines, numbered)
    apart = [take_apart(lines[one.at], one.number.end, colons) for one in numbered]
    labelled = _mostly_labelled([titled for titled in apart if titled])
    found = []
    for one, first in zip(numbered, apart, strict=True):
        titled, then = first, one.at + 1
        if titled is None:
            titled, then = _title_below(lines, then, starts)
        elif labelled and titled.mark != "colon" and (whole := _label_goes_on(lines, one, starts)):
            titled, then = whole, then + 1
        elif titled.inferred and _heads_text(lines, one.at, starts):
            titled = Titled(lines[one.at].text[one.number.end :].strip(), "", "whole")
        elif not titled.text and not titled.inferred:
            titled, then = _title_goes_on(lines, titled, then, starts)
        # A number with nothing behind it ("5." and then "5.1 Report") is no item.
        if titled.title or then not in starts:
            found.append(Opening(one.at, then, titled, canonical_number(one.number.shown), one.parent))
    return found


def _mostly_labelled(titles: Sequence[Titled]) -> bool:
    """Whether the headings of a document end in colons."""
    return sum(titled.mark == "colon" for titled in titles) * 2 >= max(len(titles), 2)


def _label_goes_on(lines: Sequence[TextLine], one: Numbered, starts: set[int]) -> Titled | None:
    """The heading of two lines whose colon is in the second, in a document where headings end in colons."""
    if one.at + 1 >= len(lines) or one.at + 1 in starts or lines[one.at + 1].gap:
        return None
    both = take_apart(join(lines[one.at], lines[one.at + 1]), one.number.end)
    return both if both and both.mark == "colon" and len(both.title) > len(lines[one.at].text) - one.number.end else None


def _ends_in_colons(lines: Sequence[TextLine], numbered: Sequence[Numbered]) -> bool:
    """Whether the bold headings of a document mostly end in a colon."""
    bold = [line for one in numbered if (line := lines[one.at]).bold is not None]
    ended = [line for line in bold if line.bold and re.match(r"[a-z)]?\s*:", line.text[line.bold.end - 1 :])]
    return len(ended) * 2 >= len(bold) > 2


def _heads_text(lines: Sequence[TextLine], at: int, starts: set[int]) -> bool:
    """Whether a long line without a heading's look is one: no full stop at its end, and text of its own below."""
    line = lines[at]
    below = at + 1 < len(lines) and at + 1 not in starts and not is_closing(lines[at + 1].text)
    return below and len(line.text) <= _LONGEST_HEADING and not re.search(r"[.!?;:,]$", line.text)


def _title_below(lines: Sequence[TextLine], at: int, starts: set[int]) -> tuple[Titled, int]:
    """The title under a number that stands alone: its lines are joined until text begins."""
    if at >= len(lines) or at in starts or (read_number(lines[at].text) and not lines[at].strong):
        return Titled("", "", "none"), at
    titled = take_apart(lines[at])
    assert titled is not None
    if titled.text or titled.inferred:
        return titled, at + 1
    return _title_goes_on(lines, titled, at + 1, starts, alone=True)


def _title_goes_on(
    lines: Sequence[TextLine], titled: Titled, then: int, starts: set[int], alone: bool = False
) -> tuple[Titled, int]:
    """The title with the lines below that are still of it: bold under bold, an agenda's "To ...", the rest of a short line."""
    title, bold = titled.title, titled.mark == "bold"
    open_end = lines[then - 1].text.endswith(",")
    under_department = is_department(title)
    # "Apologies" is a heading to the end; a name below it is text.
    complete = is_procedural(title) or is_business(title)
    while under_department and then < len(lines) and then not in starts and _is_matter(lines, then):
        title, bold, then = f"{title} {lines[then].text}", lines[then].strong, then + 1
    first = then
    while then < len(lines) and then not in starts and then - first < _MOST_TITLE_LINES:
        line = lines[then]
        if line.heading or line.kind != "paragraph" or is_inner(line.text) or _FIRST_PERSON.match(line.text) or line.slanted:
            break
        if re.match(r"\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[.)]", line.text) or read_number(line.text):
            break
        strong = line.strong or (line.bold is not None and line.bold.start == 0 and line.bold.end > len(line.text) // 2)
        agenda = bool(_AGENDA_LINE.match(line.text)) and (alone or len(title.split()) <= _A_SHORT_TITLE)
        plain = alone and not bold and is_title_like(line.text) and not re.search(r"[.:;]$", line.text)
        plain = plain and _text_follows(lines, then + 1)
        second = bold == strong and not complete and _is_block_end(lines, then)
        if not ((strong and (bold or alone)) or agenda or plain or open_end or second):
            break
        title = f"{title}{',' if open_end else ''} {line.text}"
        open_end = line.text.endswith(",")
        bold, then = bold or strong, then + 1
    return replace(titled, title=title.strip(" .:;,")), then


def _is_matter(lines: Sequence[TextLine], at: int) -> bool:
    """Whether the line under a department's name is the matter that it reports on, with text below."""
    line = lines[at]
    if line.kind != "paragraph" or re.search(r"[.:;,]$", line.text):
        return False
    if not is_title_like(line.text, _LONGEST_HEADING, _MOST_MATTER) or line.slanted or _FIRST_PERSON.match(line.text):
        return False
    return not read_number(line.text) and not is_inner(line.text) and at + 1 < len(lines) and not read_number(lines[at + 1].text)


def _is_block_end(lines: Sequence[TextLine], at: int) -> bool:
    """Whether a line reads like the second line of a title: right under the one above, apart from the one below."""
    line = lines[at]
    apart = line.gap == 0 and not tells(line.text) and at + 1 < len(lines) and lines[at + 1].gap > 0
    return apart and is_title_like(line.text) and not re.search(r"[.:;,]$", line.text) and not is_closing(line.text)


def _text_follows(lines: Sequence[TextLine], at: int) -> bool:
    return at < len(lines) and not read_number(lines[at].text)


def _with_headings(lines: Sequence[TextLine], openings: list[Opening]) -> list[Opening]:
    """``openings`` and, between them, the headings without number that are items all the same."""
    if not openings:
        return []
    taken = {at for one in openings for at in range(one.at, one.then)}
    starts = {one.at for one in openings}
    labelled = _mostly_labelled([one.titled for one in openings])
    found = list(openings)
    for at in range(openings[0].at, len(lines)):
        if at in taken or read_number(lines[at].text):
            continue
        # A heading right over a number is of several items, or of nothing.
        if (titled := lone_heading(lines, at, labelled)) and (titled.text or at + 1 not in starts):
            found.append(Opening(at, at + 1, titled))
    for at in range(after_head(lines), openings[0].at):
        # Above the first number little is certain: a title page has headings too.
        sure = (is_loud(lines[at]) and stands_alone(lines[at].text)) or (labelled and not label_of(lines[at].text))
        if sure and at + 1 not in starts and (titled := lone_heading(lines, at, labelled)) and (titled.text or not labelled):
            found.append(Opening(at, at + 1, titled))
    taken.update(one.at for one in found)
    found += [Opening(at, at + 1, Titled(lines[at].text, "", "whole")) for at in plain_headings(lines, after_head(lines), taken)]
    return _with_sub_headings(lines, sorted(found, key=lambda one: one.at))


def _with_sub_headings(lines: Sequence[TextLine], openings: list[Opening]) -> list[Opening]:
    """``openings`` with short headings inside an item, where its text is nothing but such headings and sentences in turn."""
    found: list[Opening] = []
    ends = [one.at for one in openings[1:]] + [len(lines)]
    for one, end in zip(openings, ends, strict=True):
        found.append(one)
        if (one.titled.text and one.titled.mark != "opening") or one.titled.inferred:
            continue
        heads = sub_headings(lines, one.then, end, 1 if one.titled.mark == "opening" and lines[one.at].text.endswith(":") else 2)
        found += [Opening(at, at + 1, Titled(lines[at].text.strip(" .:"), "", "whole"), None, one.at) for at in heads]
    return found
