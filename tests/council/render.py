"""The fictional council's web site: its authored meetings as the pages and texts a browser would save.

    PYTHONPATH=src:tests python -m council.render [SOURCE [TARGET]]

There is no clock and no randomness in it: the same sources always make the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import jinja2
from markupsafe import Markup

from council.chance import Chance
from council.printed import printed_pdf
from council.service import service_xml
from council.source import PRINTED, SourceDocument, SourceItem, SourceMeeting, Text, read_council
from council.text_rendering import text_labels, text_plain
from council.titles import title_line, written_date
from council.word import Cut, word_paste
from council.word_file import word_file

SITE = "https://moderngov.thornmere.example/"
MEETINGS = Path(__file__).parent / "meetings"
SAMPLE = Path(__file__).parents[2] / "corpus" / "sample"
# This meeting's page says that it is Latin-1 and holds bytes of Windows-1252: dashes and curly quotes.
WRONGLY_DECLARED = "3196"
LISTED = "Cabinet"
# These meetings are answered by the XML service too: one with a text that its page cuts off, one cancelled.
SERVED = ("3182", "3204", "3225")
_WEBCAST = frozenset({"Council", "Cabinet"})
_SIGNS = re.compile(r"['\":()&<>]")
_NAVIGATION = (
    ("mgCalendarMonthView.aspx?GL=1&bcr=1", "Calendar"),
    ("mgListCommittees.aspx?bcr=1", "Committees"),
    ("mgMemberIndex.aspx?bcr=1", "Councillors"),
    ("mgDelegatedDecisions.aspx?bcr=1&DM=0&DS=2", "Decisions"),
    ("mgWhatsNew.aspx?bcr=1", "What is new"),
)


@dataclass(frozen=True)
class SampleFile:
    """One file of the sample: its name below the folder, its bytes, and what of the council it shows."""

    name: str
    content: bytes
    meeting: SourceMeeting | None = None
    item: SourceItem | None = None


def meeting_page(meeting: SourceMeeting) -> str:
    """The meeting's page (``ieListDocuments.aspx``)."""
    wrong = meeting.meeting == WRONGLY_DECLARED
    cancelled = meeting.status == "cancelled"
    return _page(
        "meeting.html",
        meeting,
        address=meeting_address(meeting),
        raw=wrong,
        charset="iso-8859-1" if wrong else "utf-8",
        heading=meeting.heading,
        here="Meeting" if cancelled else meeting.heading,
        title_line=title_line(meeting),
        packs=[] if cancelled else _packs(meeting),
        venue_label="Proposed venue" if cancelled else "Venue",
        webcast=None if cancelled or meeting.body not in _WEBCAST else f"https://webcast.thornmere.example/{meeting.meeting}",
    )


def item_page(meeting: SourceMeeting, item: SourceItem) -> str:
    """The page of one item with its whole text (``mgAi.aspx``)."""
    return _page(
        "item.html", meeting, address=item_address(item), raw=False, charset="utf-8", heading="Agenda item",
        here="Agenda item", item=item,
    )


def list_page(committee: str, meetings: Sequence[SourceMeeting]) -> str:
    """The page that lists a body's meetings (``ieListMeetings.aspx``); it holds no minutes."""
    body = meetings[0].body
    rows = [
        (
            meeting_address(meeting).removeprefix(SITE),
            Markup(f"{meeting.date.day} {meeting.date:%b %Y}&nbsp;{meeting.time:%H}&#58;{meeting.time:%M}"),
            " - CANCELLED" if meeting.status == "cancelled" else " - Agenda, Decisions, Minutes",
        )
        for meeting in reversed(meetings)
    ]
    moments = [f"{meeting.date:%Y%m%d}{meeting.time:%H%M}" for meeting in meetings]
    return _environment().get_template("list.html").render(
        address=f"{SITE}ieListMeetings.aspx?CId={committee}&Year=0", charset="utf-8", day=None,
        dc_title=f"Browse meetings - {body}", dc_description=f"Meetings of {body}", heading="Browse meetings",
        here="Meetings", trail=_trail(committee)[:2], navigation=_NAVIGATION,
        body=body, committee=committee, rows=rows, first=moments[0], last=moments[-1],
    )


def render(source_folder: Path, target_folder: Path) -> list[SampleFile]:
    """Write the sample into ``target_folder``, remove what is stale there, and return what was written."""
    files = sample_files(read_council(source_folder))
    wanted = {target_folder / file.name for file in files}
    for old in sorted(target_folder.rglob("*"), reverse=True):
        if old.is_file() and old not in wanted:
            old.unlink()
        elif old.is_dir() and not any(old.iterdir()):
            old.rmdir()
    for file in files:
        path = target_folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return files


def sample_files(meetings: Sequence[SourceMeeting]) -> list[SampleFile]:
    """Every file of the sample, in memory."""
    files = []
    for meeting in meetings:
        folder = re.sub(r"[^a-z]+", "-", meeting.body.lower())
        if meeting.layout == "page":
            encoding = "cp1252" if meeting.meeting == WRONGLY_DECLARED else "utf-8"
            name = f"{folder}/ieListDocuments-{meeting.meeting}.html"
            files.append(SampleFile(name, meeting_page(meeting).encode(encoding), meeting))
            files += [
                SampleFile(f"{folder}/mgAi-{item.id}.html", item_page(meeting, item).encode("utf-8"), meeting, item)
                for item in meeting.items if item.cut
            ]
        elif meeting.layout in PRINTED:
            files.append(printed_file(meeting, folder))
        else:
            text = text_labels(meeting) if meeting.layout == "text-labels" else text_plain(meeting)
            files.append(SampleFile(f"{folder}/{meeting.date}-minutes.txt", text.encode("utf-8"), meeting))
    files += [
        SampleFile(f"service/GetMeeting-{meeting.meeting}.xml", service_xml(meeting, SITE).encode("utf-8"), meeting)
        for meeting in meetings if meeting.meeting in SERVED
    ]
    listed = [meeting for meeting in meetings if meeting.body == LISTED]
    if listed:
        committee = listed[0].committee
        page = list_page(committee, listed).encode("utf-8")
        files.append(SampleFile(f"{LISTED.lower()}/ieListMeetings-{committee}.html", page))
    return files


def printed_file(meeting: SourceMeeting, folder: str) -> SampleFile:
    """The minutes of a meeting as they were printed, or sent round as a Word file."""
    word = meeting.layout == "docx"
    content = word_file(meeting) if word else printed_pdf(meeting, meeting.layout == "pdf-margin")
    return SampleFile(f"{folder}/{meeting.date}-minutes.{'docx' if word else 'pdf'}", content, meeting)


def meeting_address(meeting: SourceMeeting) -> str:
    """The URL of a meeting's page."""
    return f"{SITE}ieListDocuments.aspx?CId={meeting.committee}&MId={meeting.meeting}&Ver=4"


def item_address(item: SourceItem) -> str:
    """The URL of an item's page."""
    return f"{SITE}mgAi.aspx?ID={item.id}"


def document_address(document: SourceDocument) -> str:
    """The link to a file as ModernGov writes it: blanks stand raw, signs that file systems refuse are gone."""
    return f"documents/{document.id}/{_file_name(document.title)}.{document.type}"


def _page(template: str, meeting: SourceMeeting, raw: bool, **values: object) -> str:
    def paste(item: SourceItem, section: Text, cut: bool = False) -> Markup:
        end = Cut(item.id, item.title, item.number) if cut else None
        return Markup(word_paste(item.text(section), f"{item.id}/{section}", raw, end))

    written = written_date(meeting)
    return _environment().get_template(template).render(
        meeting=meeting, written=written, paste=paste, trail=_trail(meeting.committee), navigation=_NAVIGATION,
        dc_title=f"Agenda for {meeting.body} on {written}", dc_description=f"Papers of {meeting.body}, {written}",
        day=meeting.date, created=meeting.date - dt.timedelta(days=120), **values,
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True,
        keep_trailing_newline=True, undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        attribute=_attribute, signs=_numeric, address=document_address, size_mark=_size_mark, actions=_actions
    )
    return environment


def _numeric(text: str) -> Markup:
    """Text as ModernGov writes it into titles: punctuation as numeric entities."""
    return Markup(_SIGNS.sub(lambda match: f"&#{ord(match[0])};", text))


def _attribute(text: str) -> Markup:
    """Text as ModernGov writes it into title attributes: blanks as numeric entities too."""
    return Markup(str(_numeric(text)).replace(" ", "&#32;"))


def _size_mark(document: SourceDocument) -> Markup:
    icon = {"pdf": "logo-pdf-1.gif", "docx": "logo-word-1.gif", "xlsx": "logo-excel-1.gif"}[document.type]
    return Markup(
        f'<span  class="mgFileSize" ><img height="12" src="mgimages/{icon}" width="12" alt="{document.type} icon" /> '
        f"{document.type.upper()} {escape(document.size)}</span>"
    )


def _actions(item: SourceItem) -> list[tuple[str, str, str]]:
    """The links under an item's title: address, tooltip and words."""
    links = []
    if item.decision:
        title = f"Link to decision details for item {item.number}"
        links.append((f"ieDecisionDetails.aspx?AIId={item.id}", title, f"View the decision for item {item.number}"))
    if item.issue:
        title = f"Link to issue details for item {item.number}"
        links.append((f"mgIssueHistoryHome.aspx?IId={item.issue}", title, f"View the background to item {item.number}"))
    for place, document in enumerate(item.documents):
        if document.restricted:
            # Of the report that leads an item the site shows the item's own title.
            name = document.title if place else item.title
            href = f"mgReasonsRestricted.aspx?ID={document.id[1:]}&OID={item.id}&OT=A&BM=AI{item.id}"
            title = f"Link to reasons why document '{name}' is restricted"
            links.append((href, title, f"View the reasons why document '{name}' is restricted"))
    return links


def _packs(meeting: SourceMeeting) -> list[tuple[str, str, str]]:
    """The meeting's own files: address, name, size. The number in their addresses is not the meeting's id."""
    chance = Chance(meeting.meeting)
    folder = f"documents/g{int(meeting.meeting) + 8}"
    moment = f"{meeting.date:%A %d-%b-%Y} {meeting.time:%H.%M} {meeting.body}.pdf"
    minutes = "Printed draft minutes" if "draft" in meeting.heading else "Printed minutes"
    decided = any(item.decision for item in meeting.items)
    packs = [
        ("Agenda frontsheet", "Agenda frontsheet", 0),
        ("Public reports pack", "Agenda reports pack", 10),
        *([("Decisions", "Printed decisions", 2)] if decided else []),
        (minutes, minutes, 1),
    ]
    return [
        (f"{folder}/{file} {moment}?T={kind}", name, f"PDF {90 + chance.number(file) % 400} KB")
        for file, name, kind in packs
    ]


def _trail(committee: str) -> list[tuple[str, str]]:
    return [
        ("mgListCommittees.aspx?bcr=1", "Committees"),
        (f"mgCommitteeDetails.aspx?ID={committee}", "Committee details"),
        (f"ieListMeetings.aspx?CommitteeId={committee}", "Meetings"),
    ]


def _file_name(title: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r'[\\/:*?"<>|]', " ", title)).strip()


def main(arguments: Sequence[str]) -> None:
    """Render the folder of sources named first into the folder named second; the project's own without."""
    folders = [Path(argument) for argument in arguments]
    source, target = [*folders, *(MEETINGS, SAMPLE)[len(folders):]]
    files = render(source, target)
    print(f"{len(files)} files in {target}")


if __name__ == "__main__":
    main(sys.argv[1:])
