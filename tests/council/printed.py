"""Printed minutes: a meeting as PDF, with what stands on a page and is no text of it.

Two house styles: a parish's, with bold headings and a line to sign on, and a joint committee's, with its numbers in the margin
and "Public Document Pack" above. The same meeting always makes the same bytes: the file's date is the meeting's, and nothing in
it is compressed, because that differs between versions of zlib.
"""

from __future__ import annotations

import datetime as dt

from fpdf import FPDF

from council.blocks import TextBlock, text_blocks
from council.source import SourceItem, SourceMeeting
from council.titles import written_date

_FONT = "Helvetica"
_SIZE, _SMALL, _LEADING = 11, 8, 5.5
_MARGIN = 22.0
# How far text stands from the left edge where numbers stand in the margin, in millimetres.
_INDENT = 44.0
_PACK = "Public Document Pack"


def printed_pdf(meeting: SourceMeeting, margin_numbers: bool) -> bytes:
    """The printed minutes of ``meeting``; with ``margin_numbers`` as the joint committee prints them."""
    sheet = _MarginSheet(meeting) if margin_numbers else _ParishSheet(meeting)
    sheet.add_page()
    sheet.write_head()
    for item in meeting.items:
        sheet.write_item(item)
    sheet.write_close()
    return bytes(sheet.output())


def opening(meeting: SourceMeeting) -> str:
    """The sentence that printed minutes begin with."""
    return f"Minutes of the meeting of {_the(meeting.body)} held at {meeting.venue} on {written_date(meeting)}"


class _Sheet(FPDF):
    """What both house styles share."""

    left = _MARGIN

    def __init__(self, meeting: SourceMeeting) -> None:
        super().__init__()
        self._meeting = meeting
        moment = dt.datetime.combine(meeting.date, meeting.time, tzinfo=dt.UTC)
        self.set_compression(False)
        self.set_creation_date(moment)
        self.set_producer("Printed minutes")
        self.set_title(f"Minutes of {meeting.body}, {meeting.date:%d/%m/%Y}")
        # Minutes have curly quotes and dashes, which Latin-1 has not.
        self.core_fonts_encoding = "windows-1252"
        self.set_margins(_MARGIN, 24)
        self.set_auto_page_break(True, 30)
        self.set_font(_FONT, size=_SIZE)

    def write_head(self) -> None:
        """Who met, when and where, and who was there."""
        self.set_font(_FONT, "B", _SIZE + 2)
        self._paragraph(self._meeting.body.upper(), bold=True)
        self.set_font(_FONT, size=_SIZE)
        self._paragraph(opening(self._meeting))
        self._paragraph(f"Present: {', '.join(self._meeting.present)}")
        self._paragraph(f"In attendance: {', '.join(self._meeting.attending)}")

    def write_item(self, item: SourceItem) -> None:
        """One item: number and title in bold, then its text."""
        self.ln(2)
        self._write_title(item)
        for block in text_blocks(item.minutes):
            self._write_block(block)

    def write_close(self) -> None:
        """When the meeting ended; it belongs to no item."""
        self.ln(4)
        self._paragraph("There being no further business the Chairman closed the meeting.")

    def _write_title(self, item: SourceItem) -> None:
        raise NotImplementedError

    def _write_block(self, block: TextBlock) -> None:
        if not block.is_entry:
            self._paragraph("    ".join(block.cells) or block.text)
            return
        self.set_x(self.left)
        self.cell(8, _LEADING, block.numeral or "•")
        self.set_left_margin(self.left + 8)
        self._paragraph(block.text, after=0.5)
        self.set_left_margin(_MARGIN)

    def _paragraph(self, text: str, bold: bool = False, after: float = 2.5) -> None:
        start = self.get_x() if self.l_margin > self.left else self.left
        self.set_x(start)
        shown = f"**{text}**" if bold else text
        self.multi_cell(0, _LEADING, shown, align="L", markdown=True, new_x="LMARGIN", new_y="NEXT")
        self.ln(after)


class _ParishSheet(_Sheet):
    """Bold headings with their number; the parish's name above each page, a line to sign on below."""

    def header(self) -> None:
        self.set_font(_FONT, size=_SMALL)
        self.cell(0, 5, f"{self._meeting.body} - Minutes", align="C")
        self.ln(10)
        self.set_font(_FONT, size=_SIZE)

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font(_FONT, size=_SMALL)
        self.cell(0, 5, "Signed ______________________ Chairman   Dated ______________", new_x="LMARGIN", new_y="NEXT")
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def _write_title(self, item: SourceItem) -> None:
        self._paragraph(f"{item.number}  {item.title}", bold=True, after=1)


class _MarginSheet(_Sheet):
    """The numbers stand in the left margin, heading and text beside them."""

    left = _INDENT

    def header(self) -> None:
        self.set_font(_FONT, "B", _SMALL)
        self.cell(0, 5, _PACK, align="R")
        self.ln(10)
        self.set_font(_FONT, size=_SIZE)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(_FONT, size=_SMALL)
        self.cell(0, 5, str(self.page_no()), align="C")

    def write_head(self) -> None:
        self.left = _MARGIN
        super().write_head()
        self.left = _INDENT

    def write_close(self) -> None:
        self.left = _MARGIN
        super().write_close()

    def _write_title(self, item: SourceItem) -> None:
        self.set_x(_MARGIN)
        self.cell(_INDENT - _MARGIN, _LEADING, item.number)
        self._paragraph(item.title, bold=True, after=1)


def _the(body: str) -> str:
    return body if body.endswith(" Council") else f"the {body}"
