"""Makes the PDF and Word sources of the golden cases named below anew (their labels are written by hand, beside them).

    PYTHONPATH=src:tests python tests/golden/make_printed.py
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from docx import Document
from docx.document import Document as WordFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from fpdf import FPDF

HERE = Path(__file__).parent
DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


class Page(FPDF):
    """A page as councils print them: ``head`` above, its number below."""

    head = ""
    foot = "Page {} of {{nb}}"

    def header(self) -> None:
        if self.head:
            self.set_font("Helvetica", "I", 9)
            self.cell(0, 6, self.head, align="R")
            self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", "", 9)
        self.cell(0, 8, self.foot.format(self.page_no()), align="C")

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


def parish_print() -> Page:
    """Running numbers before bold headings, a clerk's foot on every page, a paragraph over the page's end."""
    pdf = page()
    pdf.foot = "To be signed by the Chair at the next meeting ........................   Page {}"
    pdf.text_block("LOWER SANDON PARISH COUNCIL", "B")
    pdf.text_block(
        "Minutes of the Annual Meeting of Lower Sandon Parish Council held on Monday 13 May 2024 at 7.45 pm in the School Hall"
    )
    pdf.text_block("Present: Cllr Mrs Prowse, Cllr Ashe, Cllr Winterton, Cllr Bale. The Clerk and one resident.")
    pdf.text_block("55   Election of Chair", "B")
    pdf.text_block("Cllr Mrs Prowse was elected Chair for the year and signed the declaration of acceptance of office.")
    pdf.text_block("56   Apologies for absence", "B")
    pdf.text_block("Cllr Dunnett had sent apologies, which were accepted.")
    pdf.text_block("57   Reports from committees and working groups", "B")
    pdf.text_block("57.1  The Burial Ground group had met on site and asked that the yew be trimmed. Agreed.")
    pdf.text_block("57.2  The Speed Watch group had been out on nine mornings and had counted 61 vehicles above 36 mph.")
    pdf.text_block("58   Annual governance statement", "B")
    pdf.set_y(-40)
    pdf.lines("The statement for 2023/24 was read out by the Clerk, answered yes to each of the")
    pdf.add_page()
    pdf.lines("eight assertions, approved, and signed by the Chair and the Clerk.")
    pdf.text_block("59   Insurance", "B")
    pdf.text_block("It was resolved to accept the renewal at £611.40 for the third year of the agreement.")
    pdf.text_block("60   Planning", "B")
    pdf.text_block("S/24/0455 Barn at Ley Farm, conversion to two dwellings. It was resolved to support the application.")
    pdf.text_block("61   Next meeting", "B")
    pdf.text_block("Monday 10 June 2024 at 7.45 pm.")
    return pdf


def action_margin() -> Page:
    """Headings in capitals without numbers; who is to act stands in a margin at the right."""
    pdf = page("Mere Valley Drainage Board  25 January 2023")
    pdf.set_right_margin(60)
    pdf.text_block("MERE VALLEY DRAINAGE BOARD", "B")
    pdf.text_block(
        "Minutes of the meeting of the Mere Valley Drainage Board held at the Board's Office "
        "on Wednesday 25 January 2023 at 10.00 am"
    )
    pdf.text_block("Present: Mr G Oldershaw (Chairman), Mr P Thrower, Mrs A Kettle, Councillor Munford")
    for heading, *paragraphs in (
        ("APOLOGIES", "Apologies were received from Mr Thirkettle and Councillor Mrs Rix."),
        ("MINUTES OF THE LAST MEETING", "The minutes of 26 October 2022 were taken as read, approved and signed."),
        ("ENGINEER'S REPORT",
         "The Engineer reported that 112 mm of rain had fallen in November. The pumps at Stone Sluice had run for 391 hours. "
         "A new weedscreen was needed at a cost of about £40,000.", "It was RESOLVED that prices be obtained."),
        ("RATING", "It was RESOLVED that a rate of 11.2p in the pound be laid for 2023/24."),
        ("HEALTH AND SAFETY", "No accident had happened. The excavator driver had renewed his certificate."),
        ("DATE OF NEXT MEETING", "Wednesday 26 April 2023 at 10.00 am."),
    ):
        pdf.text_block(heading, "B")
        for paragraph in paragraphs:
            if "RESOLVED" in paragraph:
                pdf.text(165, pdf.get_y() + 4, "ENG" if "prices" in paragraph else "CLERK")
            pdf.text_block(paragraph)
    return pdf


def bold_headings() -> bytes:
    """A Word file without heading styles or numbers: bold paragraphs, Word's own bullets, a table inside an item."""
    document = _document(
        "Skerne Park Steering Group", "Notes of the meeting held on Thursday 29 February 2024 at 2pm, Park Lodge"
    )
    document.add_paragraph("Present: Anwar Siddiq (Chair), Maud Lacey, Cllr Ruddle, Piotr Wolski")
    for heading, *paragraphs in (
        ("Apologies", "Helga Strand and Cllr Toft."),
        ("Notes of the meeting of 18 January", "Agreed."),
        ("Phase two of the park", "The landscape architect showed two plans.", "* The first keeps the bowling green.",
         "* The second makes a meadow of it.", "The group preferred the second by five to two."),
        ("Money", "£64,000 has been promised and £21,000 is still to be found."),
        ("Actions agreed",),
        ("Next meeting", "11 April 2024."),
    ):
        document.add_paragraph().add_run(heading).bold = True
        for paragraph in paragraphs:
            document.add_paragraph(paragraph.removeprefix("* "), style="List Bullet" if paragraph.startswith("* ") else None)
        if not paragraphs:
            table = document.add_table(0, 2)
            for row in (("Who", "What"), ("Helga", "ask the lottery fund"), ("Anwar", "meet the bowlers")):
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    return _written(document)


def typed_numbers() -> bytes:
    """A Word file whose numbers are typed before a tab; resolutions in italics, lists numbered by hand."""
    document = _document("TOLLGATE AREA COMMITTEE", "Thursday 12 September 2019 at 6.30 pm")
    document.add_paragraph("Minutes of the meeting held in the Tollgate Centre")
    document.add_paragraph("Present: Councillors Ransome (Chair), Ivory, Kaur and Petch")
    for number, heading, *paragraphs in (
        ("41", "Apologies for Absence", "Councillors Budge and Ainscough."),
        ("42", "Minutes", "RESOLVED: that the minutes of 13 June be approved."),
        ("43", "Petition: Crossing on Mill Lane", "Mrs Okafor presented a petition of 418 names. She said that children ran.",
         "RESOLVED: that", "1. the petition be passed to the Highways Team; and", "2. a count be made before Christmas."),
        ("44", "Area Budget", "The Area Manager reported that £7,250 remained.",
         "RESOLVED: that £1,500 be given to the Scouts for tents, and the report be noted."),
        ("45", "Urgent Business", "There was no urgent business."),
    ):
        title = document.add_paragraph()
        title.add_run(f"TAC/19/{number}\t")
        title.add_run(heading).bold = True
        for paragraph in paragraphs:
            document.add_paragraph().add_run(paragraph).italic = paragraph.startswith("RESOLVED")
    return _written(document)


def _document(*lines: str) -> WordFile:
    document = Document()
    document.core_properties.created = document.core_properties.modified = DAY.replace(tzinfo=None)
    for line in lines:
        document.add_paragraph(line)
    return document


def _written(document: WordFile) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def main() -> None:
    """Writes the sources into their folders."""
    for name, printed in (
        ("pdf-page-furniture", furniture()), ("pdf-columns-and-table", columns()), ("pdf-white-marks", white_tags()),
        ("pdf-parish-number-above-heading", parish_print()), ("pdf-committee-capitals-action-margin", action_margin()),
    ):
        _write(name, "source.pdf", bytes(printed.output()))
    for name, written in (
        ("docx-revised", revised()), ("docx-headings-unnumbered-with-action-table", bold_headings()),
        ("docx-lettered-numbers-typed", typed_numbers()),
    ):
        _write(name, "source.docx", written)


def _write(case: str, name: str, content: bytes) -> None:
    (HERE / case).mkdir(exist_ok=True)
    (HERE / case / name).write_bytes(content)


if __name__ == "__main__":
    main()
