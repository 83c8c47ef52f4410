"""Minutes as a Word file (DOCX): headings by style, bullets by list style, tables.

The same meeting always makes the same bytes: the zip that python-docx writes is written anew, with fixed times and uncompressed.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from itertools import groupby

from docx import Document
from docx.document import Document as DocxDocument

from council.blocks import TextBlock, text_blocks
from council.printed import opening
from council.source import SourceMeeting

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BULLETS, _NUMBERS = "List Bullet", "List Number"
_STYLES = ("Normal", "Heading 2", _BULLETS, _NUMBERS, "Default Paragraph Font", "Normal Table", "No List")
# Parts of python-docx's template that minutes do not have, by the end of their relation's type.
_NOT_OURS = ("/stylesWithEffects", "/thumbnail", "/customXml")


def word_file(meeting: SourceMeeting) -> bytes:
    """The minutes of ``meeting`` as DOCX."""
    document = _empty()
    moment = dt.datetime.combine(meeting.date, meeting.time)
    properties = document.core_properties
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = meeting.contact
    document.add_paragraph(opening(meeting))
    document.add_paragraph(f"Present: {', '.join(meeting.present)}")
    document.add_paragraph(f"In attendance: {', '.join(meeting.attending)}")
    for item in meeting.items:
        document.add_heading(item.title, level=2)
        for is_row, blocks in groupby(text_blocks(item.minutes), key=lambda block: block.kind == "row"):
            if is_row:
                _write_table(document, list(blocks))
            else:
                _write_blocks(document, list(blocks))
    written = io.BytesIO()
    document.save(written)
    return _fixed(written.getvalue())


def _empty() -> DocxDocument:
    """A document with the styles that minutes use, and no more: the template has half a megabyte of others."""
    document = Document()
    for relations in (document.part.rels, document.part.package.rels):
        for name in [name for name, one in relations.items() if one.reltype.endswith(_NOT_OURS)]:
            del relations[name]
    for style in list(document.styles):
        if style.name not in _STYLES:
            style.element.getparent().remove(style.element)
    return document


def _write_blocks(document: DocxDocument, blocks: list[TextBlock]) -> None:
    for block in blocks:
        style = {"bullet": _BULLETS, "numbered": _NUMBERS}.get(block.kind)
        paragraph = document.add_paragraph(style=style)
        for place, run in enumerate(block.text.split("**")):
            paragraph.add_run(run).bold = place % 2 == 1


def _write_table(document: DocxDocument, rows: list[TextBlock]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0].cells))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row.cells, strict=True):
            cell.text = text


def _fixed(content: bytes) -> bytes:
    """The same zip with fixed times, its parts in order of name after the list of types, nothing compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = zipfile.ZipInfo(name, _EPOCH)
            # Windows and Unix write different marks here.
            part.create_system = 0
            new.writestr(part, old.read(name))
    return written.getvalue()
