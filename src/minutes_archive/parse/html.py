"""HTML: bytes to a tree, and elements to readable blocks, Word's noise gone.

Word wraps lines inside sentences, splits words over spans, and writes list numerals as text: inline
tags join without a blank, source line ends are blanks, numerals stay, empty paragraphs go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from minutes_archive.parse.blocks import Block, Kind, make_block
from minutes_archive.parse.mojibake import repair

_BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
_SILENT_TAGS = frozenset({"script", "style", "head", "noscript", "template", "title", "object", "svg"})
_CELLS = frozenset({"td", "th"})
_WORD_LIST = re.compile(r"\bMsoListParagraph")
_BREAK = "\n"


def decode(content: bytes, media_type: str | None = None) -> tuple[str, str | None]:
    """The text of a page and, where bytes didn't fit its encoding, a sentence that says so.

    The order is the WHATWG's: byte order mark, HTTP header, ``<meta>``, then UTF-8, then cp1252. Mojibake is repaired where
    that is provably right.
    """
    encoding, text = html_to_unicode(media_type, content, auto_detect_fun=_guess)
    doubts = []
    if "�" in text and "�".encode() not in content:
        text = content.decode("cp1252", errors="replace")
        doubts.append(f"the page says {encoding} but is not; it was read as Windows-1252")
    repaired = repair(text)
    return repaired.text, "; ".join([*doubts, *repaired.doubts]) or None


def _guess(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def tree_of(text: str) -> html.HtmlElement | None:
    """The root of a page; None where there is nothing in it."""
    # The text is handed over as UTF-8, so that no declaration inside the page can say otherwise.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root if isinstance(root, html.HtmlElement) else None


def has_class(element: html.HtmlElement, name: str) -> bool:
    """Whether ``name`` is one of the element's classes, whatever its case."""
    return name.lower() in (element.get("class") or "").lower().split()


def is_small(element: html.HtmlElement, most: int = 4) -> bool:
    """Whether at most ``most`` elements stand in ``element``. To read all of each would take long on a page that nests deep."""
    return len(list(islice(element.iterdescendants(), most + 1))) <= most


def blocks_of(element: html.HtmlElement) -> list[Block]:
    """The readable blocks inside ``element``, in order."""
    return list(_Reader().read(element))


def text_of(element: html.HtmlElement) -> str:
    """All readable text inside ``element`` on one line."""
    return " ".join(block.text.replace("\n", " ") for block in blocks_of(element))


class _Reader:
    """Walks one element without recursion (a hostile page nests 100,000 deep) and yields its blocks."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._rows: list[list[str]] = []
        self._cells = 0
        self._entries = 0
        self._word_entry = False

    def read(self, element: html.HtmlElement) -> Iterator[Block]:
        skipping: etree._Element | None = None
        for event, node in etree.iterwalk(element, events=("start", "end")):
            if skipping is None:
                tag = node.tag if isinstance(node.tag, str) else ""
                if event == "start" and tag in _SILENT_TAGS:
                    skipping = node
                elif event == "start":
                    yield from self._open(node, tag)
                else:
                    yield from self._close(tag)
            elif event == "end" and node is skipping:
                skipping = None
            if event == "end" and node is not element and skipping is None and node.tail:
                self._pieces.append(_one_line(node.tail))
        yield from self._flush()

    def _open(self, node: etree._Element, tag: str) -> Iterator[Block]:
        if tag == "br":
            self._pieces.append(_BREAK)
        elif tag in _BLOCK_TAGS:
            yield from self._flush()
            self._entries += tag == "li"
            self._word_entry = tag == "p" and bool(_WORD_LIST.search(node.get("class") or ""))
            if tag == "tr":
                self._rows.append([])
            elif tag in _CELLS and self._rows:
                self._rows[-1].append("")
                self._cells += 1
        if node.text:
            self._pieces.append(_one_line(node.text))

    def _close(self, tag: str) -> Iterator[Block]:
        if tag not in _BLOCK_TAGS:
            return
        yield from self._flush()
        self._entries -= tag == "li"
        self._word_entry = False
        if tag in _CELLS and self._rows and self._cells:
            self._cells -= 1
        elif tag == "tr" and self._rows:
            cells = self._rows.pop()
            if any(cells):
                row = make_block(" | ".join(cells), "row")
                if row:
                    yield row

    def _flush(self) -> Iterator[Block]:
        raw, self._pieces = "".join(self._pieces), []
        kind: Kind = "entry" if self._entries or self._word_entry else "paragraph"
        block = make_block(raw, kind)
        if block is None:
            return
        if self._cells and self._rows and self._rows[-1]:
            line = block.text.replace("\n", " ")
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {line}".strip()
        else:
            yield block


def _one_line(raw: str) -> str:
    """Source text with its line ends as blanks: in HTML they are nothing more."""
    return raw.replace("\r", " ").replace("\n", " ")
