"""The text that a page shows, told from its markup alone and not from the parser's tree.

What the tree has lost (libxml2 stops at 2,048 levels) must not be missing here too: this is what a reading is held to.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9:-]*)|!--|!\[CDATA\[|[!?])")
# The rest of a tag that is sound, as nearly all are.
_SOUND = re.compile(r"(?>(?:[^<>\"']++|\"[^<>\"]*\"|'[^<>']*')*)>")
# What swallows text up to its end. Of what has none, and of CDATA, which a page can't have, the text is shown.
_SWALLOWING = {"<!--": re.compile("-->"), "<![CDATA[": re.compile("")}
_SCRIPTS = frozenset({"script", "style"})
# Not shown either, unless a page that is broken holds its text in one of them.
_SILENT = _SCRIPTS | {"head", "noscript", "svg"}
_TEXT = re.compile(r"</(?:p|td|tr|li|div|h[1-6])\b", re.IGNORECASE)
_FRAME = frozenset({"nav", "header", "footer", "form", "aside"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})
# Where the content of a ModernGov or CMIS page begins and ends, for the frame of the council's site is no part of it.
_BEGIN = re.compile(
    r"<[^<>]{1,200}\bmgContent\b|<table[^<>]{1,200}\bmgItemTable\b|<div[^<>]{1,200}\bid=[\"']?dnn_ContentPane\b", re.IGNORECASE
)
_END = re.compile(r"<[^<>]{1,200}\bmgFooter\b|<footer\b|</body\b|<div[^<>]{1,200}\bid=[\"']?dnn_\w{1,40}Pane\b", re.IGNORECASE)
_CONTENT = ("mgAiTitleTxt", "mgWordPara", "mgSubItemTitleTxt", "MsoNormal", "MsoList", "CMIS_Grid", "DocumentListItem")


def content_of(markup: str) -> str:
    """The part of a page that holds the meeting or item; the whole page where no such part is marked."""
    begin = _BEGIN.search(markup)
    if begin is None:
        return markup
    # A broken page may have content above its beginning and an end in its middle.
    first = [at for name in _CONTENT if (at := markup.find(name)) >= 0]
    start = max(markup.rfind("<", 0, min([begin.end(), *first])), 0)
    end = _END.search(markup, max(begin.end(), *(markup.rfind(name) for name in _CONTENT)))
    return markup[start : end.start() if end else len(markup)]


def page_lines(markup: str, platform: str) -> list[str]:
    """The lines of a page that belong to the meeting or item, the frame of the council's site left out."""
    return visible_lines(markup, _FRAME) if platform == "html" else visible_lines(content_of(markup))


def visible_lines(markup: str, besides: frozenset[str] = frozenset()) -> list[str]:
    """The text that a page shows, a line for each block, without the elements ``besides``.

    Time grows with the page's length, whatever is in it.
    """
    pieces: list[str] = []
    hidden = _Hidden(markup)
    at = 0
    while (start := markup.find("<", at)) >= 0:
        pieces.append(markup[at:start].replace("\n", " "))
        tag = _TAG.match(markup, start)
        if tag is None:
            pieces.append("<")
            at = start + 1
            continue
        name = (tag[2] or "").lower()
        at = hidden.after(_SWALLOWING[tag[0]], tag.end()) if tag[0] in _SWALLOWING else _tag_end(markup, tag.end())
        if name not in _INLINE and name:
            pieces.append("\n")
        if not tag[1] and (name in _SILENT or name in besides):
            at = hidden.behind(name, at, whatever=name in _SCRIPTS or name in besides)
    pieces.append(markup[at:].replace("\n", " "))
    return [line for line in html.unescape("".join(pieces)).split("\n") if line.strip()]


class _Hidden:
    """Where elements end whose content is not shown. What was found is kept: many that begin have one end."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._found: dict[re.Pattern[str], tuple[int, int]] = {}

    def behind(self, name: str, at: int, whatever: bool) -> int:
        """The place behind an element that is open at ``at``; ``at`` itself where it swallows what is to be read.

        It does where it has no end, or, unless ``whatever`` is in it belongs to it, where paragraphs and rows end in it.
        """
        start, end = self._next(re.compile(f"</{name}\\b[^>]{{0,200}}>", re.IGNORECASE), at)
        swallows = start == len(self._markup) or (not whatever and self._next(_TEXT, at)[0] < start)
        return at if swallows else end

    def after(self, closing: re.Pattern[str], at: int) -> int:
        """The place behind the next ``closing``; ``at`` where there is none."""
        start, end = self._next(closing, at)
        return at if start == len(self._markup) else end

    def _next(self, pattern: re.Pattern[str], at: int) -> tuple[int, int]:
        if self._found.get(pattern, (-1, -1))[0] < at:
            match = pattern.search(self._markup, at)
            self._found[pattern] = match.span() if match else (len(self._markup), len(self._markup))
        return self._found[pattern]


def _tag_end(markup: str, at: int) -> int:
    """Where the tag ends that is open at ``at``: at the first ">" outside quotes.

    Quotes that hold tags are broken: what stands behind the opening one is shown.
    """
    if sound := _SOUND.match(markup, at):
        return sound.end()
    opening = markup.find("<", at)
    if opening >= 0 and markup.find(">", at, opening) < 0 and not any(markup.count(sign, at, opening) % 2 for sign in "\"'"):
        # Its own ">" is lost: what stands behind its last attribute is text.
        return max(at, *(markup.rfind(sign, at, opening) + 1 for sign in "\"'"))
    first = markup.find(">", at)
    if first < 0:
        return len(markup)
    end, start = first, at
    while end >= 0:
        quote = next((sign for sign in "\"'" if markup.count(sign, start, end) % 2), None)
        if quote is None:
            return end + 1
        closing = markup.find(quote, end)
        if closing < 0 or markup.find("<", at, closing) >= 0:
            return markup.rfind(quote, start, end) + 1
        start = closing + 1
        end = markup.find(">", start)
    return first + 1
