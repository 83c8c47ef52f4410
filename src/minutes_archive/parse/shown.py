"""What a file shows: its lines, told from the bytes alone and not by the parser that is held to them.

Pages by ``visible``; text as it stands; PDF by its pages' letters, Word by its runs, without anything that knows of minutes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence

import pypdfium2 as pdfium
from lxml import etree

from minutes_archive.parse.front_matter import split_front
from minutes_archive.parse.html import decode
from minutes_archive.parse.plain.word_numbering import DOCUMENT
from minutes_archive.parse.visible import page_lines, visible_lines

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT = f"{_WORD}t"
_SHOWN = (_TEXT, f"{_WORD}tab", f"{_WORD}br")
# Lines at the top and the bottom of a printed page that are furniture where several pages have the like there.
_MARGIN_LINES = 4
# Where a link leads, in Markdown: not shown.
_TARGET = re.compile(r"(?<=\])\([^()\s]{0,1000}\)")


def shown_lines(content: bytes, platform: str, media_type: str | None = None) -> list[str]:
    """The lines that ``content`` shows, which was read as of ``platform``. May raise on content that is damaged."""
    if platform == "pdf":
        return _lines_of_pdf(content)
    if platform == "docx":
        return _lines_of_docx(content)
    text, _ = decode(content, media_type)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip("\ufeff \t\n")[:1] == "<":
        return page_lines(text, platform)
    if platform == "markdown":
        text = _TARGET.sub("", split_front(text)[1])
    # Web forms leave a few tags in a text.
    return visible_lines(text.replace("\n", "<br>")) if "<" in text else text.split("\n")


def _lines_of_pdf(content: bytes) -> list[str]:
    document = pdfium.PdfDocument(content)
    try:
        pages = [document[number].get_textpage().get_text_range().splitlines() for number in range(len(document))]
    finally:
        document.close()
    margins = Counter(key for page in pages for key in {_key(line) for line in _margin(page)})
    often = {key for key, count in margins.items() if count > 1}
    return [
        line for page in pages for at, line in enumerate(page)
        if not (_key(line) in often and (at < _MARGIN_LINES or at >= len(page) - _MARGIN_LINES))
    ]


def _margin(page: Sequence[str]) -> list[str]:
    return [*page[:_MARGIN_LINES], *page[-_MARGIN_LINES:]]


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", "".join(line.split()))


def _lines_of_docx(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read(DOCUMENT), etree.XMLParser(resolve_entities=False, huge_tree=True))
    lines: dict[etree._Element, str] = dict.fromkeys(root.iter(f"{_WORD}p"), "")
    for one in root.iter(*_SHOWN):
        # A text box stands in its paragraph, and once more for programs that don't know it.
        above = next((above for above in one.iterancestors(f"{_WORD}p", _FALLBACK)), None)
        if above is not None and above.tag != _FALLBACK and next(one.iterancestors(_FALLBACK), None) is None:
            lines[above] += one.text or "" if one.tag == _TEXT else " "
    return list(lines.values())
