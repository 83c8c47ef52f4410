"""Marks on items: attachment tokens ("pdf icon PDF 74 KB"), displayed numbers, the cut-off marker."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FILE = (
    # A tool that drops the icon may leave no blank either: "HeatingPDF 500 KB".
    r"(?:\[?\b\w{2,8}\s+(?:icon|eicon)\]?\s+)?(?:\b|(?-i:(?<=[a-z\d)])(?=[A-Z])))(?P<type>PDF|DOCX?|XLSX?|PPTX?|RTF|HTML?|TXT|CSV)\s+"
    r"(?P<size>\d+(?:[.,]\d+)?\s*[KMG]?B)\b"
)
_ATTACHMENT = re.compile(_FILE + r"\s*$", re.IGNORECASE)
# The same token anywhere in a line.
ATTACHMENT_INSIDE = re.compile(_FILE, re.IGNORECASE)
# A number on a line of its own: "80.", "3a", "SSP/42/25", "P/53/24", "23/041", "338.1", "6(i)", "A1" (dossier 2.6).
NUMBER = r"(?:[A-Z]{1,6}\s?/?\s?)?\d{1,5}[a-z]?(?:[./]\d{1,4}[a-z]?){0,2}(?:\([ivxa-z]{1,4}\))?\.?|[A-Z]\d{1,3}\.?"
_NUMBER = re.compile(NUMBER)
_CUT = re.compile(
    r"(?:\.\.\.|…)\s*(?:view the full (?:agenda|minutes|decision)s? text for item"
    r"|gweld (?:testun llawn )?y (?:rhaglen|cofnodion|penderfyniad)(?: llawn)? ar gyfer eitem)\s+(?P<number>.{1,40}?)\s*$",
    re.IGNORECASE,
)
# What a page hides behind the name of a file: ", item 59."
_HIDDEN = re.compile(r"(?<!\s)\s*+,\s*+(?:item|eitem)\s\S{1,20}?\.?\s*+$", re.IGNORECASE)
_RESTRICTED = re.compile(r"\((?:restricted|exempt|confidential|not for publication)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """The type (lower case) and size (as displayed) of an attached file."""

    type: str
    size: str


def split_attachment(text: str) -> tuple[str, Attachment | None]:
    """``text`` without the token of an attached file at its end, and that file's type and size."""
    match = _ATTACHMENT.search(text)
    if not match:
        return text, None
    size = re.sub(r"(?<!\s)\s*+([KMG]?B)$", r" \1", match["size"].upper())
    return text[: match.start()].rstrip(), Attachment(match["type"].lower(), size)


def is_number(line: str) -> bool:
    """Whether a line is nothing but an item's displayed number. A bare year is not one."""
    return bool(_NUMBER.fullmatch(line)) and not re.fullmatch(r"(?:19|20)\d\d", line)


def split_cut(text: str) -> tuple[str, str | None]:
    """``text`` without the marker that the page cuts it off here, and the item's number that the marker names.

    None means there was no marker; the number is as displayed, its trailing dot gone.
    """
    match = _CUT.search(text)
    return (text[: match.start()].rstrip(), match["number"].rstrip(".").strip()) if match else (text, None)


def without_hidden(title: str) -> str:
    """The title of a file without the words that its page hides behind it."""
    return _HIDDEN.sub("", title)


def split_restricted(text: str) -> tuple[str, bool]:
    """``text`` without a final "(restricted)" and its like, and whether there was one."""
    match = _RESTRICTED.search(text)
    return (text[: match.start()].rstrip(), True) if match else (text, False)
