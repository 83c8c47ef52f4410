"""Makes the PDF and Word sources of the golden cases named below anew (their labels are written by hand, beside them).

    PYTHONPATH=src:tests python tests/golden/make_printed.py
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from fpdf import FPDF

HERE = Path(__file__).parent
DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


class Page(FPDF):
    """A page as councils print them: ``head`` above, its number below."""

    head = ""

    def header(self) -> None:
        if self.head:
            self.set_font("Helvetica", "I", 9)
            self.cell(0, 6, self.head, align="R")
            self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", "", 9)
        self.cell(0, 8, f"Page {self.page_no()} of {{nb}}", align="C")

    def text_block(self, text: str, style: str = "") -> None:
        """One paragraph, broken at the margin."""
        self.set_font("Helvetica", style, 11)
        self.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def lines(self, *lines: str) -> None:
        """Lines broken where the caller says."""
        self.set_font("Helvetica", "", 11)
        for line in lines:
            self.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
        self.ln(3)


def page(head: str = "") -> Page:
    made = Page(format="A4")
    made.head = head
    made.set_creation_date(DAY)
    made.set_margins(25, 20)
    made.add_page()
    return made


def furniture() -> Page:
    """Headers, footers, a cover, an empty page, a paragraph over the page's end, words broken at the line's end."""
    pdf = page("Public Document Pack")
    pdf.text_block("SKELWICK TOWN COUNCIL", "B")
    pdf.text_block("Minutes of the meeting of Skelwick Town Council held on Monday 4 March 2024 at 7.00 pm in the Moot Hall", "B")
    pdf.text_block("Present: Councillors Ada Lund (Chair), Tom Peel and Ivo Garth")
    pdf.text_block("1. Apologies for absence", "B")
    pdf.text_block("Councillor Mack had sent his apologies.")
    pdf.text_block("2. Harbour wall", "B")
    pdf.lines(
        "The surveyor said that the wall had moved by an inch since the autumn. He recom-",
        "mended that nobody be let on it. The well-known crack by the steps has grown.",
    )
    pdf.set_y(-45)
    pdf.lines("It was RESOLVED that the wall be closed, that the surveyor come again in May, and")
    pdf.add_page()
    pdf.lines("that he be asked what he would have recommended a year ago.")
    pdf.add_page()
    pdf.text_block("This page is intentionally left blank")
    pdf.add_page()
    pdf.text_block("3. Date of next meeting", "B")
    pdf.text_block("Monday 8 April 2024 at 7.00 pm.")
    return pdf


def columns() -> Page:
    """Those present in two columns, and payments in a table."""
    pdf = page()
    pdf.text_block("Minutes of the meeting of Fellside Parish Council", "B")
    pdf.text_block("held on Tuesday 14 May 2024 at 7.30 pm in the Reading Room", "B")
    pdf.text_block("Present:", "B")
    pdf.set_font("Helvetica", "", 11)
    for left, right in (("Cllr Ruth Ambler", "Cllr Neil Postle"), ("Cllr Jean Farrow", "Cllr Simon Tait")):
        pdf.cell(80, 6, left)
        pdf.cell(80, 6, right, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)
    pdf.text_block("Apologies: Cllr Hugh Sowden")
    pdf.text_block("41. Declarations of interest", "B")
    pdf.text_block("There were none.")
    pdf.text_block("42. Accounts for payment", "B")
    pdf.text_block("The following were approved:")
    pdf.set_font("Helvetica", "", 11)
    with pdf.table(col_widths=(60, 40, 30), width=130, align="LEFT") as table:
        for cells in (("Payee", "For", "Amount"), ("Fell Mowing", "Green", "£120.00"), ("E. Marr", "Salary", "£310.50")):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    pdf.ln(3)
    pdf.text_block("43. Footpath 6", "B")
    pdf.text_block("Cllr Tait said that the gate has been mended.")
    return pdf


def white_tags() -> Page:
    """Minutes printed by a committee system: the marks of its items stand in the text in white."""
    pdf = page()
    pdf.text_block("Amenities Committee", "B")
    pdf.text_block("Minutes of a meeting of the Amenities Committee held on Monday 3 June 2024 at 6.30 pm in the Guild Room", "B")
    pdf.text_block("Present: Councillors Verity Strand (Chair) and Piers Ballance")
    for mark, (title, text) in enumerate((
        ("17. Apologies for absence", "Councillor Dunmore sent his apologies."),
        ("18. Allotments", "Nine tenants had been written to. RESOLVED that the waiting list be closed at sixty names."),
        ("19. Bandstand", "RESOLVED that the slate design be recommended to Council."),
    ), start=1):
        tag(pdf, f"<AI{mark}>")
        pdf.text_block(title, "B")
        pdf.text_block(text)
        tag(pdf, f"</AI{mark}>")
    tag(pdf, "<TRAILER_SECTION>")
    pdf.text_block("The meeting ended at 7.10 pm")
    tag(pdf, "</TRAILER_SECTION>")
    return pdf


def tag(pdf: Page, text: str) -> None:
    pdf.set_text_color(255, 255, 255)
    pdf.text_block(text)
    pdf.set_text_color(0, 0, 0)


def revised() -> bytes:
    """A Word file with the traces of its writing: insertions, deletions, a comment, a footnote, a text box."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = DAY.replace(tzinfo=None)
    document.add_paragraph("Draft minutes of the meeting of Harwath Parish Council")
    document.add_paragraph("held on Tuesday 5 March 2024 at 7.00 pm in the School")
    document.add_paragraph("Present: Cllrs Ada Lund (Chair), Tom Peel and Ivo Garth")
    document.add_heading("1. Apologies", 2)
    document.add_paragraph("None.")
    document.add_heading("2. Ford at Gill Foot", 2)
    changed = document.add_paragraph("The council ")
    deleted(changed, "refused ")
    inserted(changed, "agreed ")
    changed.add_run("to ask for a depth gauge.")
    document.add_comment(changed.runs[-1], text="Was this not Tom's idea?", author="Clerk", initials="C")
    document.add_heading("3. Lamps", 2)
    boxed = document.add_paragraph("Three lamps are out.")
    text_box(boxed, "The clerk has told the county council of all three.")
    document.add_heading("4. Date of next meeting", 2)
    document.add_paragraph("Tuesday 9 April 2024.")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def inserted(paragraph: Paragraph, text: str) -> None:
    paragraph._p.append(parse_xml(
        f'<w:ins {nsdecls("w")} w:id="1" w:author="Clerk" w:date="2024-03-06T09:00:00Z">'
        f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:ins>'
    ))


def deleted(paragraph: Paragraph, text: str) -> None:
    paragraph._p.append(parse_xml(
        f'<w:del {nsdecls("w")} w:id="2" w:author="Clerk" w:date="2024-03-06T09:00:00Z">'
        f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'
    ))


def text_box(paragraph: Paragraph, text: str) -> None:
    """A text box as older Word writes it."""
    paragraph._p.append(parse_xml(
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    ))


def main() -> None:
    """Writes the sources into their folders."""
    for name, made in (
        ("pdf-page-furniture", furniture()), ("pdf-columns-and-table", columns()), ("pdf-white-marks", white_tags()),
    ):
        (HERE / name).mkdir(exist_ok=True)
        (HERE / name / "source.pdf").write_bytes(bytes(made.output()))
    (HERE / "docx-revised").mkdir(exist_ok=True)
    (HERE / "docx-revised" / "source.docx").write_bytes(revised())


if __name__ == "__main__":
    main()
