"""Word's HTML as councils paste it: lines wrapped inside sentences and tags, words split over spans,
empty paragraphs, numerals and bullets as text, styles nobody reads.

All noise follows from the item's id, and none of it changes what a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from council.blocks import TextBlock, plain, plain_block, text_blocks
from council.chance import Chance

_WIDTH = 67
# Where a line may end inside a tag: after the equals sign of an attribute, as HTML Tidy does it.
_TAG_BREAK = "\ue000"
_NAMED = {
    "£": "&pound;", "–": "&ndash;", "—": "&mdash;", "‘": "&lsquo;", "’": "&rsquo;", "“": "&ldquo;", "”": "&rdquo;",
}
_SMALL = '<span style="font:7.0pt &quot;Times New Roman&quot;">{blanks}</span>'
_PARAGRAPHS = (
    '<p class="MsoNormal">',
    '<p class="MsoNormal" style="text-align:justify">',
    '<p class="MsoNormal" style="margin-left:36.0pt; text-autospace:none">',
    '<p class="MsoNormal" style="">',
)
_WRAPPERS = (
    ("", ""),
    ("", ""),
    ('<span lang="EN-GB" style="" xml:lang="EN-GB">', "</span>"),
    ('<span style="color:black">', "</span>"),
    ('<span style="font-family:&quot;Arial&quot;,sans-serif">', "</span>"),
)
_BOLD = (("<b>", "</b>"), ('<b style="">', "</b>"), ("<strong>", "</strong>"))
_STYLES = """<style type="text/css">
<!--
 /* Style Definitions */
 p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Arial",sans-serif;}
 p.Agenda {mso-style-name:Agenda; margin-left:1.0cm;}
-->
</style>
"""
_CONDITIONAL = "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->\n"


@dataclass(frozen=True)
class Cut:
    """Where a page cuts a text off, and the words and link it ends with there."""

    item_id: str
    title: str
    number: str

    def marker(self) -> str:
        """The dots and the link to the whole text."""
        title = escape(f"Link to view the full item text for item {self.number}, {self.title}")
        return (
            f'&nbsp;...&nbsp; <a href="mgAi.aspx?ID={self.item_id}" title={_TAG_BREAK}"{title}">'
            f"view the full minutes text for item {escape(self.number)}</a>"
        )


def word_paste(text: str, subject: str, raw: bool = False, cut: Cut | None = None) -> str:
    """An authored text as Word HTML. ``raw``: signs outside ASCII stand as themselves, not as entities."""
    return _Paste(Chance(subject), raw).render(text, cut)


def cut_blocks(text: str, chance: Chance) -> list[TextBlock]:
    """The blocks of ``text`` up to a place between 60 and 85 % of it, inside a sentence, at a word's end."""
    blocks = list(text_blocks(text))
    total = len(plain(text))
    before, places = 0, []
    for position, block in enumerate(blocks):
        shown = plain_block(block)
        for match in re.finditer(r"(?<=[a-z,]) (?=[a-z])", shown):
            whole = block.kind not in ("row", "heading") and 30 < match.start() < len(shown) - 30
            if whole and 0.6 < (before + match.start()) / total < 0.85:
                places.append((position, match.start()))
        before += len(shown) + 2
    position, length = chance.pick(places, "cut")
    block = blocks[position]
    kept = length - len(block.numeral) - bool(block.numeral)
    return [*blocks[:position], TextBlock(block.kind, _first_characters(block.text, kept), block.numeral)]


def _first_characters(marked: str, count: int) -> str:
    """The start of a text that shows ``count`` characters, its bold marks closed."""
    kept = ""
    for place, run in enumerate(marked.split("**")):
        part = run[:count]
        kept += f"**{part}**" if place % 2 and part else part
        count -= len(part)
    return kept


def wrap(markup: str) -> str:
    """Lines of at most 67 characters where that can be had, broken at blanks and inside tags."""
    lines = []
    for source in markup.split("\n"):
        line = ""
        for piece in re.split(f"( |{_TAG_BREAK})", source):
            if piece == _TAG_BREAK:
                continue
            if line.strip() and piece.strip() and len(line) + len(piece) > _WIDTH and _may_break(line):
                lines.append(line.rstrip(" "))
                line = ""
            line += piece if line or piece != " " else ""
        lines.append(line.rstrip(" "))
    return "\n".join(lines)


def _may_break(line: str) -> bool:
    return line.endswith((" ", "="))


class _Paste:
    """One Word paste: its habits are chosen once and kept throughout, as one clerk's machine would."""

    def __init__(self, chance: Chance, raw: bool) -> None:
        self._chance = chance
        self._raw = raw
        self._paragraph = chance.pick(_PARAGRAPHS, "paragraph")
        self._open, self._close = chance.pick(_WRAPPERS, "wrapper")
        self._bold = chance.pick(_BOLD, "bold")
        self._office = chance.one_in(5, "office")
        self._spacers = chance.one_in(3, "no spacers") is False
        self._html_lists = chance.one_in(4, "html lists")

    def render(self, text: str, cut: Cut | None) -> str:
        blocks = cut_blocks(text, self._chance) if cut else list(text_blocks(text))
        parts = [self._spacer()] * self._chance.pick((0, 0, 0, 1, 2), "spacers before")
        start = 0
        while start < len(blocks):
            end = start + 1
            while end < len(blocks) and _together(blocks[start], blocks[end]):
                end += 1
            tail = f"\n{cut.marker()}" if cut and end == len(blocks) else ""
            parts.append(self._group(blocks[start:end], tail, start))
            if self._spacers and end < len(blocks):
                parts.append(self._spacer())
            start = end
        if not cut and self._chance.one_in(4, "spacer after"):
            parts.append(self._spacer())
        body = wrap("\n".join(parts)).replace(_TAG_BREAK, "")
        styles = _STYLES if self._chance.one_in(9, "styles") else ""
        conditional = _CONDITIONAL if self._office else ""
        return f'<div class="mgWordPara">{styles}<div class="WordSection1">\n{conditional}{body}\n</div>\n</div>'

    def _group(self, blocks: Sequence[TextBlock], tail: str, place: int) -> str:
        if blocks[0].kind == "row":
            return self._table(blocks, place)
        if blocks[0].is_entry:
            return self._list(blocks, tail, place)
        block = blocks[0]
        if block.kind == "heading":
            if self._chance.one_in(2, f"heading {place}"):
                return f'<p style="font-weight: bold" class="MsoNormal">{self._words(block.text, place)}</p>'
            return f"{self._paragraph}<b>{self._words(block.text, place)}</b></p>"
        office = "<o:p></o:p>" if self._office else ""
        end = "&nbsp;" if self._chance.one_in(6, f"end {place}") and not tail else ""
        return f"{self._paragraph}{self._open}{self._marked(block.text, place)}{end}{tail}{office}{self._close}</p>"

    def _spacer(self) -> str:
        inside = "<o:p>&nbsp;</o:p>" if self._office else "&nbsp;"
        return f"{self._paragraph}{self._open}{inside}{self._close}</p>"

    def _list(self, blocks: Sequence[TextBlock], tail: str, place: int) -> str:
        if self._html_lists and all(block.kind == "bullet" for block in blocks):
            entries = [self._marked(block.text, place + n) for n, block in enumerate(blocks)]
            entries[-1] += tail
            rows = [f'<li class="MsoNormal" style="">{self._open}{entry}{self._close}</li>' for entry in entries]
            return "\n".join(['<ul style="margin-top:0cm" type="disc">', *rows, "</ul>"])
        parts = []
        spaced = self._chance.one_in(2, f"spaced list {place}")
        for n, block in enumerate(blocks):
            last = n == len(blocks) - 1
            name = "" if len(blocks) == 1 else "CxSpFirst" if n == 0 else "CxSpLast" if last else "CxSpMiddle"
            sign = block.numeral or ("·" if self._raw else "&middot;")
            font = "" if block.numeral else "font-family:Symbol"
            blanks = "&nbsp;" * (4 if block.numeral else 9)
            sign = f'<span style={_TAG_BREAK}"{font}"><span style="">{sign}{_SMALL.format(blanks=blanks)}</span></span>'
            words = f"{self._open}{self._marked(block.text, place + n)}{tail if last else ''}{self._close}"
            parts.append(f'<p class="MsoListParagraph{name}" style="text-indent:-18.0pt">\n{sign}\n{words}</p>')
            if spaced and not last:
                parts.append('<p class="MsoListParagraphCxSpMiddle">&nbsp;</p>')
        return "\n".join(parts)

    def _table(self, rows: Sequence[TextBlock], place: int) -> str:
        lines = ['<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0" style="border:none">']
        for n, row in enumerate(rows):
            lines.append("<tr>")
            for column, cell in enumerate(row.cells):
                inside = self._marked(cell, place + n + column) if cell else "&nbsp;"
                inside = f"<b>{inside}</b>" if n == 0 and cell else inside
                lines.append(
                    f'<td width="{150 + 30 * column}" valign="top" style="border:solid windowtext 1.0pt">\n'
                    f'<p class="MsoNormal">{inside}</p>\n</td>'
                )
            lines.append("</tr>")
        return "\n".join([*lines, "</table>"])

    def _marked(self, text: str, place: int) -> str:
        """A text with its bold runs."""
        opened, closed = self._bold
        runs = [self._words(run, place * 100 + n) for n, run in enumerate(text.split("**"))]
        return "".join(f"{opened}{run}{closed}" if n % 2 else run for n, run in enumerate(runs))

    def _words(self, text: str, place: int) -> str:
        """A text without marks: proofing spans round and inside words, NBSP here and there."""
        words = text.split(" ")
        shown = []
        for n, word in enumerate(words):
            about = f"{place}/{n}/{word}"
            shown.append(self._noisy(word, about) if re.fullmatch(r"[A-Za-z]{4,}", word) else self._signs(word))
            if word.endswith(".") and n < len(words) - 1 and self._chance.one_in(9, f"blanks {about}"):
                shown[-1] += "&nbsp;"
        return " ".join(shown)

    def _noisy(self, word: str, about: str) -> str:
        first, second = word[: len(word) // 2], word[len(word) // 2 :]
        spelling, grammar = (f'<span class={_TAG_BREAK}"{name}">' for name in ("SpellE", "GramE"))
        foreign = f'<span lang={_TAG_BREAK}"EN-US" xml:lang={_TAG_BREAK}"EN-US">'
        for odds, about_what, shown in (
            (23, "spelling", f"{spelling}{word}</span>"),
            (37, "grammar", f"{grammar}{word}</span>"),
            (47, "broken", f"{first}{foreign}{second}</span>"),
            (53, "half", f"{spelling}{first}</span>{second}"),
        ):
            if self._chance.one_in(odds, f"{about_what} {about}"):
                return shown
        return word

    def _signs(self, text: str) -> str:
        text = escape(text, quote=False)
        if self._raw:
            return text
        names = {} if self._chance.one_in(4, "numeric") else _NAMED
        return "".join(sign if sign.isascii() else names.get(sign, f"&#{ord(sign)};") for sign in text)


def _together(first: TextBlock, second: TextBlock) -> bool:
    return (first.is_entry and second.is_entry) or (first.kind == second.kind == "row")
