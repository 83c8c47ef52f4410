"""Attendance: the names above the items of plain minutes, who was there and who was not, with their roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minutes_archive.model import Attendance
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.words import ATTENDANCE, ROLE_PREFIX, ROLES
from minutes_archive.text import fold_line

# Labels of people only below another: alone they may be anything.
_WEAK = frozenset({"minutes", "clerk", "parish clerk", "members", "councillors", "officers"})
_NEEDS_COLON = _WEAK | {"attendance"}
_LABEL = re.compile(
    r"(?P<label>[A-Za-z][A-Za-z ]{3,28}?)\s*(?:\([^)]{1,40}\))?\s*(?P<mark>:[-–]?|[-–](?=\s)|(?=\s*$))\s*(?P<rest>.*)"
)
# "PRESENT Cllr R Crisp": the label in capitals, and no colon.
_LOUD_LABEL = re.compile(
    r"(?P<label>PRESENT|Present|APOLOGIES|ALSO PRESENT|IN ATTENDANCE|ALSO)\s+(?P<rest>(?:Cllr|Councillor|Mr|Mrs|Ms|Dr)\b.*)"
)
_APOLOGY = re.compile(r"(?:apologies|an apology)\b(?:.*?\bfrom\s+(?P<names>.+))?", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:welcomed|extended|outset|opened)\b")
_LONGEST_LIST = 500
_LONGEST_NAMES = 5_000
# Lines are folded: no two blanks in a row.
# "Director, Physical Development (Mr. K. Lehane)": the office first, the name in brackets.
_OFFICE = re.compile(r"\s?(?P<office>[^()]{3,120}?)\s?\((?P<name>(?:Mr|Ms|Mrs|Miss|Dr)s?\b[^()]{2,60})\)")
_BETWEEN = re.compile(
    r"\stogether with\s|\s\|\s|,(?![^()]*\))|;|\s&\s(?:the\s)?|\sand\s(?:the\s)?"
    r"|(?<=\w{3})(?<!\bMrs)(?<!\bMessrs)\.\s(?=[A-Z][a-z]{2}|\d)"
)
_ROLE_BEHIND = re.compile(r"\s?\((?P<bracketed>[^)]{2,40})\)$|\s[-–]\s(?P<dashed>[\w -]{4,30})$")
_NOBODY = re.compile(r"\b(?:members? of (?:the )?public|public|parishioners?|electors?|residents?|community)\b|^\d+$", re.I)
_LONGEST_NAME = 70
_MOST_NAMES = 7


@dataclass(frozen=True)
class Label:
    """The label of a list of people, the status it gives them, and what stands behind it on its line."""

    label: str
    status: str
    rest: str


def label_of(text: str) -> Label | None:
    """The label of people that a line begins with; None where it begins with none."""
    if match := _LABEL.match(text):
        key = label_key(match["label"])
        if key in ATTENDANCE and (key not in _NEEDS_COLON or match["mark"].startswith(":")) and not _tells(key, match["rest"]):
            return Label(key, ATTENDANCE[key], match["rest"])
    if loud := _LOUD_LABEL.match(text):
        key = label_key(loud["label"])
        return Label(key, ATTENDANCE.get(key, "in_attendance"), loud["rest"])
    return None


def _tells(key: str, rest: str) -> bool:
    """Whether a weak label heads business and no people: "Minutes: they were agreed"."""
    return key == "minutes" and not 0 < len(rest.split()) <= _MOST_NAMES


def attendance_at(lines: Sequence[TextLine]) -> int:
    """Where the names begin: the first line with a label that is of people alone; the length of ``lines`` without one."""
    labels = ((at, label) for at, line in enumerate(lines) if (label := label_of(line.text)))
    return next((at for at, label in labels if label.label not in _WEAK), len(lines))


def read_attendance(lines: Sequence[TextLine]) -> list[Attendance]:
    """Everyone named in ``lines``, under the labels that stand there."""
    found: list[Attendance] = []
    status = ""
    for line in lines:
        text = line.text
        if label := label_of(text):
            status, text = label.status, label.rest
        elif apology := _APOLOGY.match(text):
            found += _people((apology["names"] or "")[:_LONGEST_NAMES], "apologies")
            continue
        elif line.gap > 1 or len(text) > _LONGEST_LIST or _TOLD.search(text):
            status = ""
        if status and text:
            found += _people(text[:_LONGEST_NAMES], status)
    return found


def _people(text: str, status: str) -> list[Attendance]:
    offices = [
        Attendance(fold_line(match["name"]), fold_line(match["office"].strip(" ,.;")) or None, status)
        for match in _OFFICE.finditer(text)
    ]
    if offices:
        return offices
    found: list[Attendance] = []
    # "Councillors Hayward, Evans and Cobb": the role is that of all who follow.
    shared: str | None = None
    for piece in _BETWEEN.split(text):
        name = re.sub(r"\s(?:and|&)$", "", fold_line(piece).strip(" .,:-–*"))
        if not name or _NOBODY.search(name) or len(name) > _LONGEST_NAME:
            continue
        if re.match(r"(?:cllrs|councillors)\b", name, re.IGNORECASE):
            shared = "Councillor"
        name, role = _name_and_role(name)
        if re.match(r"[^\W\d_]", name) and name[0].isupper() and len(name.split()) <= _MOST_NAMES:
            found.append(Attendance(name, role or shared, status))
    return found


def _name_and_role(name: str) -> tuple[str, str | None]:
    role: str | None = None
    if behind := _ROLE_BEHIND.search(name):
        said = (behind["bracketed"] or behind["dashed"]).strip()
        role = said if label_key(said) in ROLES else None
        name = name[: behind.start()].strip() if role or behind["bracketed"] else name
    elif label_key(name) in ROLES:
        return name, name
    while (before := ROLE_PREFIX.match(name)) and name[before.end() : before.end() + 1].isupper():
        prefix = fold_line(before[0]).rstrip(".")
        name, role = name[before.end() :].strip(), role or _SPELT_OUT.get(prefix.lower(), prefix)
    return name, role


_SPELT_OUT = {
    "cllr": "Councillor", "cllrs": "Councillor", "councillors": "Councillor", "cmhlr": "Councillor",
    "county cllr": "County Councillor", "borough cllr": "Borough Councillor", "district cllr": "District Councillor",
}
