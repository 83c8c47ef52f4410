"""The peer: what anyone would write in an hour. All text of the file, cut where a line begins with a number.

Run over the same files it says what the parsers add. It knows no fields: only where items begin and end is held against it.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from pathlib import Path

import mammoth
from bs4 import BeautifulSoup

from accuracy.labels import source_text
from accuracy.measure import Item, Meeting

# "12. Title", "3a Title", "SSP/16/24 Title"; the number may stand alone, with the title on the next line.
_NUMBERED = re.compile(r"(?:[A-Z]{1,4}/)?\d{1,4}(?:[./]\d{1,3}){0,2}[a-z]?[.)]?(?:\s+(?P<title>\S.*))?")
# What a first look at the pages shows to be no text.
_LABELS = frozenset({"Minutes:", "Decision:", "Additional documents:", "No.", "Item"})
_MARKS = str.maketrans("", "", "\\*#")


def text_of(path: Path) -> str:
    """All text of a file."""
    content = path.read_bytes()
    if path.suffix == ".docx":
        return str(mammoth.extract_raw_text(io.BytesIO(content)).value)
    if path.suffix == ".xml":
        inside = BeautifulSoup(content, "lxml-xml").get_text("\n")
        return BeautifulSoup(f"<div>{inside}</div>", "lxml").get_text("\n")
    if path.suffix == ".html":
        return BeautifulSoup(content, "lxml").get_text("\n")
    return html.unescape(source_text(content)).translate(_MARKS)


def read_plainly(paths: Sequence[Path]) -> list[Meeting]:
    """The items of all files, as one meeting; none where no line begins with a number."""
    items = tuple(item for path in paths for item in split_at_numbers(text_of(path)))
    return [Meeting({}, items)] if items else []


def split_at_numbers(text: str) -> list[Item]:
    """An item for each line that begins with a number: its title, and the lines up to the next."""
    found: list[list[str]] = []
    for line in (line.strip() for line in text.splitlines()):
        match = _NUMBERED.fullmatch(line)
        if match:
            found.append([match["title"]] if match["title"] else [])
        elif line and found and line not in _LABELS:
            found[-1].append(line)
    return [Item(lines[0], {"text": " ".join(lines[1:])}) for lines in found if lines]
