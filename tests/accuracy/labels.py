"""Gold labels over real files (``gold/README.md``): each file read, beside what was labelled of it."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from accuracy.measure import Item, Meeting, words_of
from minutes_archive.model import ParsedMeeting
from minutes_archive.normalise.parents import find_parents
from minutes_archive.parse import read
from minutes_archive.text import fold_line

LABELS = Path(__file__).parents[1] / "gold" / "layout"
# What Markdown and HTML write round the words of a file, and no reader sees.
_LINK = re.compile(r"\]\((?:<[^>]*>|[^()\s]*(?:\([^()]*\)[^()\s]*)*)\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_SIGNS = str.maketrans({"\\": "", "*": "", "[": "", "]": "", "|": " "})


@dataclass(frozen=True)
class Labelled:
    """A labelled file. ``meetings`` is empty where the file is no minutes (an agenda alone, a notice)."""

    name: str
    path: Path
    layout: str
    held_back: bool
    meetings: tuple[Meeting, ...]


def labelled_files(realdata: Path, held_back: bool) -> Iterator[Labelled]:
    """The labelled files below ``realdata``: those held back, or the others. Raises ``ValueError`` where one was changed."""
    for path in sorted(LABELS.glob("*.json")):
        label = json.loads(path.read_text("utf-8"))
        if label["held_back"] is held_back:
            yield _labelled(path.stem, label, realdata / label["file"])


def read_content(content: bytes) -> list[Meeting]:
    """What the parsers make of a file, in the terms of its label: no meeting where nothing was minuted."""
    shown = read(content).meeting
    minuted = shown is not None and any(item.minutes_text or item.decision_text for item in shown.items)
    return [_as_read(shown)] if shown is not None and minuted else []


def source_text(content: bytes) -> str:
    """The text that labels count in: of a PDF its pages joined by form feeds, else the file decoded."""
    if content.startswith(b"%PDF-"):
        document = pdfium.PdfDocument(content)
        return "\f".join(document[at].get_textpage().get_text_range() for at in range(len(document)))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def plain(source: str) -> str:
    """Source text without the marks of Markdown and HTML."""
    return fold_line(html.unescape(_TAG.sub(" ", _LINK.sub("]", source)).translate(_SIGNS)))


def _labelled(name: str, label: dict[str, Any], path: Path) -> Labelled:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != label["sha256"]:
        raise ValueError(f"{path} is not the file that was labelled: its SHA-256 differs from that in {name}.json")
    text = source_text(content)
    items = tuple(_item(item, text) for item in label["items"])
    told = label["meeting"]
    body = plain(text[slice(*label["body_span"])]) if label["body_span"] else ""
    facts = {"body": words_of(body), "date": told["date"], "time": told["time"], "status": told.get("status")}
    meetings = (Meeting(facts, items),) if label["is_minutes"] else ()
    return Labelled(name, path, label["layout"], label["held_back"], meetings)


def _item(label: dict[str, Any], text: str) -> Item:
    start, end = label["title"]
    # A title that stands in the item's text is words of it, for want of a heading.
    inferred = any(first <= start and end <= last for first, last in label["text"])
    words = plain(" ".join(text[first:last] for first, last in label["text"]))
    return Item(plain(text[start:end]), {"text": words}, {"number": label["number"]}, label["parent"], inferred)


def _as_read(shown: ParsedMeeting) -> Meeting:
    facts = {"body": words_of(shown.body or ""), "date": shown.date, "time": shown.time, "status": shown.status}
    items = tuple(
        Item(
            item.title, {"text": " ".join((item.agenda_text, item.decision_text, item.minutes_text)).replace("|", " ")},
            {"number": item.number}, parent, item.title_inferred,
        )
        for item, parent in zip(shown.items, find_parents(shown.items), strict=True)
    )
    return Meeting(facts, items)
