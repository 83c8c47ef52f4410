"""Lines: what plain text, Markdown, PDF and Word come to, so that one reader serves them all.

A line here is a logical one: a heading, a paragraph, an entry of a list or a row of a table. Where a source breaks its
lines at a margin, ``join_wrapped`` puts them together again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from minutes_archive.model import Span
from minutes_archive.parse.blocks import Kind
from minutes_archive.parse.labels import OUTCOMES, label_key
from minutes_archive.parse.plain.page_breaks import page_breaks
from minutes_archive.parse.plain.words import stands_alone
from minutes_archive.text import fold_line, strip_bullet

# A line that opens with one of these is never the rest of the line above: a numeral, "(a)", "iv)", "Item 3:".
_MARKER = re.compile(
    r"(?:item\s+\d|\(?(?:\d{1,4}|[a-z]|[ivx]{1,5})[.)](?:\s|$)|\((?:\d{1,2}|[a-z]|[ivx]{1,5})\)"
    r"|\d{1,4}(?:\.\d{1,3}){1,3}[.)]?(?:\s|$))",
    re.IGNORECASE,
)
_RUNNING_NUMBER = re.compile(r"(?:[A-Z]{1,6}/)?\d{1,5}(?:/\d{2})?[.)]?\s+[A-Z]")
# A row of signs right under a heading, and the level that it gives it.
_UNDERLINE = re.compile(r"([=~_-])\1{3,}")
_UNDERLINED = 2
_ENDED = re.compile(r"[.!?:;][”\"')\]]*$")
_BREAK = re.compile(r"<br\s*/?>|</p>|</div>|</li>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>\n]{0,200}>", re.IGNORECASE)
_LIST_TAG = re.compile(
    r"<(?P<tag>/?[ou]l|li)\b(?:[^<>]{0,100}?\bstart=[\"']?(?P<start>\d{1,6})[\"']?)?[^<>]{0,100}>", re.IGNORECASE
)
# Lines longer than this were never broken at a margin. Code points.
_WIDEST_MEASURE = 130
_USUAL_MEASURE = 80
_FEWEST_BROKEN = 0.05
_MOSTLY = 0.8
_MOST_OF_A_LINE = 0.7
# Lines are put together up to this length, so that a file of millions of short lines costs no more than it is long.
LONGEST_PARAGRAPH = 10_000


@dataclass(frozen=True)
class TextLine:
    """One line, folded.

    ``gap``: empty lines before it. ``heading``: level 1 to 6, 0 for none. ``bold``: its first bold stretch. ``slanted``: all
    of it is italic. ``indent``: blanks before it. ``page``: from 1. ``link``: where it leads, if it is nothing but a link.
    """

    text: str
    gap: int = 0
    heading: int = 0
    bold: Span | None = None
    slanted: bool = False
    indent: int = 0
    page: int = 1
    kind: Kind = "paragraph"
    link: str | None = None

    @property
    def strong(self) -> bool:
        """Whether the whole line is bold, but for a number before it and points after it."""
        if self.bold is None:
            return False
        rest = self.text[: self.bold.start] + self.text[self.bold.end :]
        return not re.search(r"[^\W\d]", rest)


def lines_of_text(text: str) -> list[TextLine]:
    """The logical lines of plain text; HTML's line breaks and entities in it (they come from web forms) are read as such."""
    text = _without_markup(text)
    lines: list[TextLine] = []
    gap, page = 0, 1
    every = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    breaks = page_breaks(every)
    broken = False
    for at, raw in enumerate(every):
        page += raw.count("\f") + (at in breaks)
        broken = broken or at in breaks
        line = text_line(raw.replace("\f", ""), gap, page) if at not in breaks else None
        if line is None:
            gap += 1
        elif lines and not gap and _UNDERLINE.fullmatch(line.text):
            lines[-1] = replace(lines[-1], heading=_UNDERLINED)
        else:
            # What a page's end parts has no room of its own: a sentence goes on, or a paragraph begins.
            room = int(line.text[0].isupper()) if broken else gap
            lines.append(replace(line, gap=room))
            gap, broken = 0, False
    return join_wrapped(lines)


def _without_markup(text: str) -> str:
    """``text`` without the HTML that a web form left in it: breaks are line ends, entries of a numbered list get their number."""
    if _LIST_TAG.search(text):
        text = _numbered_entries(text)
    elif _BREAK.search(text):
        text = _BREAK.sub("\n", text.replace("\r", "").replace("\n", " "))
    else:
        return text
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def _numbered_entries(text: str) -> str:
    counts: list[int | None] = []

    def numbered(match: re.Match[str]) -> str:
        tag = match["tag"].lower()
        if tag in {"ol", "ul"}:
            counts.append(int(match["start"] or 1) if tag == "ol" else None)
            return "\n"
        if tag in {"/ol", "/ul"}:
            if counts:
                counts.pop()
            return "\n"
        if not counts or counts[-1] is None:
            return "\n· "
        number, counts[-1] = counts[-1], counts[-1] + 1
        return "\n" if _MARKER.match(text[match.end() : match.end() + 12].lstrip()) else f"\n{number}. "

    return _LIST_TAG.sub(numbered, text)


def text_line(raw: str, gap: int, page: int) -> TextLine | None:
    """The line that ``raw`` text makes: a bullet dropped (it marks an entry), bars read as a row; None for an empty one."""
    body, bulleted = strip_bullet(raw.replace("\t", " "))
    text = fold_line(body)
    kind: Kind = "entry" if bulleted else "row" if " | " in text else "paragraph"
    # A row of empty cells is bars alone.
    text = text.strip("| ") if kind == "row" else text
    return TextLine(text, gap, indent=len(raw) - len(raw.lstrip()), page=page, kind=kind) if text else None


def opens_with_marker(text: str) -> bool:
    """Whether a line begins with a numeral or letter of a list, or a number as items have it."""
    return bool(_MARKER.match(text) or _RUNNING_NUMBER.match(text))


def join_wrapped(lines: Sequence[TextLine]) -> list[TextLine]:
    """``lines`` with those put together that were broken at the margin."""
    setting = _setting(lines)
    joined: list[TextLine] = []
    last: TextLine | None = None
    for line in lines:
        if last is not None and len(joined[-1].text) < LONGEST_PARAGRAPH and _goes_on(last, joined[-1], line, setting):
            joined[-1] = join(joined[-1], line)
        else:
            joined.append(line)
        last = line
    return joined


def join(line: TextLine, more: TextLine) -> TextLine:
    """The two lines as one; bold stretches that meet are one."""
    # A name with a hyphen ("Cappamore-Kilmallock") may be broken after it.
    between = "" if line.text.endswith("-") and line.text[-2:-1].isalnum() else " "
    text, bold = line.text + between + more.text, line.bold
    shift = len(line.text) + len(between)
    if more.bold is not None and bold is not None and bold.end >= len(line.text) - 1 and more.bold.start <= 1:
        bold = Span(bold.start, more.bold.end + shift)
    return replace(line, text=text, bold=bold, slanted=line.slanted and more.slanted)


@dataclass(frozen=True)
class _Setting:
    """How a text is set: the code points of a full line (0: lines are not broken), and whether paragraphs stand apart."""

    measure: int = 0
    apart: bool = False


def _setting(lines: Sequence[TextLine]) -> _Setting:
    lengths = sorted(len(line.text) for line in lines)
    if len(lengths) < 8:
        return _Setting()
    long = lengths[int(len(lengths) * 0.95)]
    # Where lines are broken at a margin, many end in the middle of a sentence.
    pairs = [(above, below) for above, below in pairwise(lines) if not _is_outcome(above)]
    broken = [below.gap for above, below in pairs if below.text[0].islower() and not _ENDED.search(above.text)]
    if long > _WIDEST_MEASURE or len(broken) < max(2, _FEWEST_BROKEN * len(lines)):
        return _Setting()
    return _Setting(max(long - 4, _USUAL_MEASURE // 2), broken.count(0) >= _MOSTLY * len(broken))


def _begins(text: str) -> bool:
    """Whether a line is the first of something: an entry, an item, a heading known by its words."""
    return opens_with_marker(text) or (text[0].isupper() and stands_alone(text))


def _is_outcome(line: TextLine) -> bool:
    """Whether a line is "RESOLVED" and no more: what was resolved may be a paragraph of its own below it."""
    return label_key(line.text) in OUTCOMES


def _goes_on(last: TextLine, whole: TextLine, line: TextLine, setting: _Setting) -> bool:
    measure = setting.measure
    if line.heading or whole.heading or line.kind != "paragraph" or whole.kind == "row" or line.link or whole.link:
        return False
    if line.gap > 1 or (line.gap and _is_outcome(last)) or _begins(line.text):
        return False
    if setting.apart and line.gap and last.page == line.page:
        return False
    ended = bool(_ENDED.search(last.text))
    lower = line.text[0].islower() or (setting.apart and not line.gap and len(last.text) > _MOST_OF_A_LINE * measure)
    same = whole.strong == line.strong and last.slanted == line.slanted
    if not measure:
        return lower and not ended and line.gap == 0 and same
    room = measure - len(last.text)
    first_word = len(line.text.split(" ", 1)[0])
    if not same:
        return lower and not ended and room <= first_word
    if ended and last.page != line.page:
        return False
    if ended:
        return room <= first_word and len(last.text) > 0.85 * measure and last.text[-1] not in ":;"
    return lower or room <= first_word or (len(last.text) > 0.85 * measure)
