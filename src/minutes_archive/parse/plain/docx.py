"""Word files (.docx): mammoth makes HTML of them, the HTML reader makes lines.

mammoth knows that a paragraph is in a numbered list, not which number Word shows: ``word_numbering`` writes those out first.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace

import mammoth

from minutes_archive.parse.html import tree_of
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.marked_lines import lines_of_element
from minutes_archive.parse.plain.word_numbering import DOCUMENT, with_written_numbers

# What the parts that hold text may unpack to, in bytes: larger is no minutes, or a trap.
MAX_UNPACKED = 48 * 1024 * 1024
_STYLES = "\n".join((
    "p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh", "b => strong", "u => em.underlined",
    "r[style-name='Strong'] => strong",
))


@dataclass(frozen=True)
class DocxText:
    """The lines of a Word file; ``broken`` says why there are none."""

    lines: list[TextLine]
    broken: str | None = None


def is_docx(content: bytes) -> bool:
    """Whether a zip file is a Word file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return DOCUMENT in archive.namelist()
    except Exception:  # zipfile raises half a dozen kinds on damaged directories.
        return False


def lines_of_docx(content: bytes) -> DocxText:
    """The logical lines of a Word file, numerals of its lists written out. Never raises on content."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist() if one.filename.endswith((".xml", ".rels"))) > MAX_UNPACKED:
                return DocxText([], f"its text unpacks to more than {MAX_UNPACKED // 1_048_576} MB")
        written = with_written_numbers(content)
        markup = mammoth.convert_to_html(
            io.BytesIO(written), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
        ).value
    except Exception as error:  # A damaged file fails anywhere in its parts: none of that may stop the run.
        return DocxText([], f"it is damaged ({type(error).__name__})")
    root = tree_of(f"<body>{markup}</body>") if markup.strip() else None
    if root is None:
        return DocxText([], "there is no text in it")
    body = root if root.tag == "body" else root.find("body")
    lines: list[TextLine] = []
    for element in body if body is not None else root:
        lines += lines_of_element(element)
    return DocxText(_with_gaps(lines))


def _with_gaps(lines: list[TextLine]) -> list[TextLine]:
    return [replace(line, gap=1) for line in lines]
