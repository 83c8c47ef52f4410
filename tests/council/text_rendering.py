"""Text renderings of meeting pages, as text tools leave them: with numbers and labels, or without either."""

from __future__ import annotations

from council.blocks import TextBlock, text_blocks
from council.source import SourceDocument, SourceItem, SourceMeeting
from council.titles import title_line

_NBSP = "\xa0"
_ICONS = {"pdf": "pdf icon ", "docx": "word icon ", "xlsx": "excel icon "}


def text_labels(meeting: SourceMeeting) -> str:
    """The meeting with item numbers and the labels of its blocks; every paragraph a line, empty lines between."""
    lines = [*_head(meeting), "No. Item"]
    for item in meeting.items:
        if item.number:
            lines.append(item.number)
        lines += [_title(item), *_paragraphs(item.agenda)]
        if len(item.documents) > 1:
            lines.append("Additional documents:")
            lines += [_attached(document.title, document) for document in item.documents[1:]]
        for label, text in (("Decision:", item.decision), ("Minutes:", item.minutes)):
            if text:
                lines += [label, *_paragraphs(text)]
    return "\n\n".join(lines) + "\n"


def text_plain(meeting: SourceMeeting) -> str:
    """The meeting without numbers and labels: only empty lines tell its parts.

    A title stands after two empty lines, agenda text after one, minutes after two. Links to further
    documents are lost, as this kind of tool loses them.
    """
    text = "\n\n".join(_head(meeting))
    for item in meeting.items:
        text += "\n\n\n" + "\n\n".join([_title(item), *_paragraphs(item.agenda)])
        for section in (item.decision, item.minutes):
            if section:
                text += "\n\n\n" + "\n\n".join(_paragraphs(section))
    return text + "\n"


def _head(meeting: SourceMeeting) -> list[str]:
    # The last words of the venue are a link; the contact ends in a blank that does not break.
    return [
        meeting.heading,
        title_line(meeting),
        f"Venue: {meeting.venue} View directions",
        f"Contact: {meeting.contact}{_NBSP}",
    ]


def _title(item: SourceItem) -> str:
    return _attached(item.title, item.documents[0]) if item.documents else item.title


def _attached(title: str, document: SourceDocument) -> str:
    if document.restricted:
        return f"{title} (restricted)"
    return f"{title} {_ICONS[document.type]}{document.type.upper()} {document.size}"


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; the rows of a table stand together."""
    paragraphs: list[str] = []
    rows: list[str] = []
    for block in text_blocks(text):
        if block.kind == "row":
            rows.append("| " + " | ".join(block.cells) + " |")
            continue
        if rows:
            paragraphs.append("\n".join(rows))
            rows = []
        paragraphs.append(_line(block))
    return [*paragraphs, "\n".join(rows)] if rows else paragraphs


def _line(block: TextBlock) -> str:
    words = block.text.replace("**", "")
    if block.kind == "bullet":
        return "·" + _NBSP * 8 + " " + words
    return f"{block.numeral}{_NBSP * 3} {words}" if block.numeral else words
