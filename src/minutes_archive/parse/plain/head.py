"""The head of plain minutes: whose meeting it was, when, where, and who was there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from minutes_archive.dates import find_dates, find_time
from minutes_archive.model import Attendance, Problem
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.plain.attendance import attendance_at, read_attendance
from minutes_archive.parse.plain.headings import is_loud
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.words import BODY_LEAD, BODY_NOUN, GENERIC_BODIES
from minutes_archive.text import fold_line

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# "MARCH 2ND 2010", "January 28, 2025".
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTHS})\s+(?P<day>\d{{1,2}})(?:\s*+(?:(?:st|nd|rd|th),?|,))?+\s+(?P<year>\d{{4}})", re.IGNORECASE
)
# "Monday 25th June", the year left out.
_NO_YEAR = re.compile(
    rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)}),?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:\s*+(?:st|nd|rd|th))?+\s+(?:of\s+)?"
    rf"(?P<month>{_MONTHS})\b(?!,?\s+\d{{4}})",
    re.IGNORECASE,
)
# What a scanner makes of the small "th" of a date: "19™ JULY", "11"" December".
_LOST_ORDINAL = re.compile(rf"(\d{{1,2}})\s*[™°®*\"“”'’]+\s+(?=(?:{_MONTHS})\b)", re.IGNORECASE)
# Lines are folded, so between two words stands one blank; words before the name begin where they begin, not in their midst.
_MEETING_OF = re.compile(
    rf"(?P<before>(?:(?<![\w’'&/-])(?:[\w’'&/-]++\s){{1,6}})?{BODY_NOUN}\s)?\bmeetings?\s(?:[‘'“][^’'”]{{1,30}}[’'”]\s)?(?:of|for)\s"
    r"(?:the\s)?(?P<name>(?!above)\S.{2,110}?)"
    r"(?=\s(?:was\s|were\s|will be\s|to be\s)?(?:held|holden)\b|\s(?:on|at)\s(?:\w+day|\d)|\s[-–—]|\s?[.:(*]|\sin\sthe"
    rf"|\s?,(?!\s[^.:(,]{{0,60}}\b{BODY_NOUN}\s(?:was\s)?held)|\smeeting\b|$)",
    re.IGNORECASE,
)
_MINUTES_OF = re.compile(
    r"minutes\s+(?:of|for)\s+(?:the\s+|a\s+|an\s+)?(?:(?:draft|annual|ordinary|extraordinary|special|monthly)\s+)*"
    rf"(?P<name>\S.{{2,90}}?\b(?:{BODY_NOUN}|pc))\b",
    re.IGNORECASE,
)
# A line that is, or begins with, a name and nothing but a date or "meeting" behind it.
_NAMED = re.compile(
    rf"^(?:the\s)?(?P<name>(?:[\w’'&.,/-]+\s){{0,12}}?(?:{BODY_NOUN}|PC)\b(?:\sof\s[A-Z][\w’' -]{{2,40}})?"
    rf"|{BODY_LEAD}\s[\w’'& -]{{3,60}}?)"
    r"(?=\s(?:held|was held|will be held|to be held|on\s|at\s\d|in\sthe|which)\b|\s?[-–—,.:(*]|\smeeting\b"
    r"|\s(?:minutes|agenda|draft)\b|\sannual\b|\sa\.?g\.?m\b|$)",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    r"^(?:draft\s+)?(?:(?:minutes|notes|record)\s+(?:of|for)\s+(?:the\s+|a\s+)?|(?:the\s+)?(?:\d+\w\w\s+)?meeting\s+of\s+(?:the\s+)?)",
    re.IGNORECASE,
)
_LED_IN = re.compile(
    r"^(?:(?:the|an?|draft|minutes|notes|of|meeting|last|this|months?['’]?s?|annual|ordinary|extraordinary|special|monthly|proceedings|at|in|extract|\d{4})\s+)+"
    r"(?=\S+\s)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(rf"(?:was|is|to|proceedings|{_MONTHS})\b", re.IGNORECASE)
_MOST_WORDS = 16
# A name without a known noun: how far down it may stand, and how long it may be.
_TITLE_LINES = 3
_MOST_NAME = 8
_NOT_A_NAME = re.compile(r"\b(?:minutes|agenda|notes|draft|meeting|held|present|apologies|attendance)\b", re.IGNORECASE)
# "Joint Policing Sub Committee Meeting of the Municipal District": the one is a part of the other.
_PART_OF = re.compile(r"\w\s+(?:sub-?\s?committee|committee|panel|board|working group)\s*$", re.IGNORECASE)
_VENUE = re.compile(
    r"\b(?:[Ii]n|IN|[Aa]t|AT|by|BY|via)\s+(?P<venue>(?!\d)(?:the\s+|THE\s+)?(?!PROCEEDINGS|MEETING)[A-Z][^.]{3,110}?)"
    r"(?=,?\s+(?:on|ON)\s+(?:\w+day|\w+DAY|the|THE|\d)|,?\s+(?:[Aa]t|AT|commencing)\s+\d|\s+\w+(?:day|DAY)\b|\s*[.;]|$)"
)
_VENUE_LABEL = re.compile(r"(?:venue|location|place):\s*(?P<venue>\S.{2,110})", re.IGNORECASE)
_SAYS_AGENDA = re.compile(r"\bagenda\b|\bsummoned to\b|\bnotice (?:is hereby given|of (?:a |the )?meeting)\b", re.IGNORECASE)
# A name is looked for in so much of a line, of the title, and of all lines together: a file may be one line of megabytes.
_HEAD_LENGTH = 900
# Names take no more lines than this, whatever stands above the first item.
_MOST_LINES = 300
# A sentence among the names tells something that is neither a name nor an item's.
_TOLD = re.compile(
    r"\b(?:welcomed|extended|agreed|noted|thanked|explained|informed|proposed|resolved|observed|adjourned)\b", re.IGNORECASE
)
_A_SENTENCE = 8
_A_NOTE = 12


@dataclass
class Head:
    """What the head says. ``unread`` are its sentences that filled no field."""

    body: str | None = None
    date: str | None = None
    time: str | None = None
    venue: str | None = None
    draft: bool = False
    says_minutes: bool = False
    says_agenda: bool = False
    attendance: list[Attendance] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_head(lines: Sequence[TextLine], front: dict[str, str], every: Sequence[TextLine]) -> Head:
    """The head in ``lines`` (those above the first item) and front matter; ``every`` line may tell a year left out."""
    attending = attendance_at(lines)
    top = _LOST_ORDINAL.sub(r"\1 ", " ".join(line.text for line in lines[:attending])[:_HEAD_LENGTH])
    title = front.get("title", "")[:_HEAD_LENGTH]
    head = Head()
    head.says_minutes = any(re.search(r"\bminutes\b", text, re.IGNORECASE) for text in (top, title))
    head.says_agenda = bool(_SAYS_AGENDA.search(top))
    head.draft = bool(re.search(r"\bdraft\b", f"{top} {title}", re.IGNORECASE)) or any(map(_says_draft, lines))
    head.body = _body(lines[:attending], top, title)
    _read_date(head, top, title, every)
    head.time = find_time(top) if head.date or re.search(r"\b(?:held|meeting)\b", top, re.IGNORECASE) else None
    head.time = head.time or find_time(title)
    labelled = (match for line in lines[:attending] if (match := _VENUE_LABEL.fullmatch(line.text)))
    if match := next(labelled, None) or _VENUE.search(top):
        head.venue = re.sub(r"^the\s+", "", match["venue"].strip(" ,"), flags=re.IGNORECASE)
    named = lines[attending : attending + _MOST_LINES]
    head.attendance = read_attendance(named)
    head.unread = [line.text for line in named if _tells_more(line)]
    return head


def _tells_more(line: TextLine) -> bool:
    return bool(_TOLD.search(line.text)) and len(line.text.split()) > _A_SENTENCE and not _says_draft(line)


def _says_draft(line: TextLine) -> bool:
    """Whether a line says of the whole that it is a draft: "DRAFT - to be agreed at the next meeting"."""
    return bool(re.match(r"draft\b", line.text, re.IGNORECASE)) and len(line.text.split()) <= _A_NOTE


def _body(lines: Sequence[TextLine], top: str, title: str) -> str | None:
    """The name in "meeting of the X held", "minutes of X", or on a line of its own: the first that is a name."""
    names: list[str] = []
    for text in (top, title):
        names += [name for match in _MEETING_OF.finditer(text) if (name := _of_meeting(match))]
        names += [match["name"] for match in _MINUTES_OF.finditer(text)]
    for text in [*(line.text[:_HEAD_LENGTH] for line in lines[:8]), title]:
        names += [name for match in _MEETING_OF.finditer(text) if (name := _of_meeting(match))]
        names += _named(text)
    found = [name for one in names if (name := _cleaned(one))]
    if not found:
        return next((line.text for line in lines[:_TITLE_LINES] if is_loud(line) and _may_name(line.text)), None)
    # Where a line of summary names another body, the title tells whose minutes these are.
    own = next((name.casefold() for one in _named(title) if (name := _cleaned(one))), "")
    if not set(own.split()) <= set(found[0].casefold().split()):
        found = [name for name in found if name.casefold() == own] or found
    # The same name in capitals and not: the plain one is how it is written.
    plain = (name for name in found if name.casefold() == found[0].casefold() and name != name.upper())
    return next(plain, found[0])


def _may_name(text: str) -> bool:
    """Whether a line set apart at the top may be a name that has none of the known nouns: "ALDERWICK CHARITIES"."""
    words = text.split()
    dated = find_dates(text) or any(character.isdigit() for character in text)
    return 1 < len(words) <= _MOST_NAME and not dated and not _NOT_A_NAME.search(text) and _cleaned(text) is not None


def _named(text: str) -> list[str]:
    """The name that a line is, or begins with."""
    match = _NAMED.match(_BEFORE_NAME.sub("", text))
    return [match["name"]] if match else []


def _of_meeting(match: re.Match[str]) -> str | None:
    before = re.sub(r"^.*\b(?:at|of|the)\s+", "", match["before"] or "", flags=re.IGNORECASE)
    name = before + match[0][len(match["before"]) :] if _PART_OF.search(before) else match["name"]
    return name if re.search(rf"\b{BODY_NOUN}\b|\b{BODY_LEAD}\b|\bpc$", name, re.IGNORECASE) else None


def _cleaned(name: str) -> str | None:
    name = re.split(r"\s(?:minutes|held|agenda|draft)\b", fold_line(name), maxsplit=1, flags=re.IGNORECASE)[0].strip(" ,.-–:")
    name = re.sub(r"\sPC$", " Parish Council", name)
    name = re.sub(r"(?<!parish)\smeeting$", "", name, flags=re.IGNORECASE)
    words = name.split()
    half = len(words) // 2
    if [word.casefold() for word in words[:half]] == [word.casefold() for word in words[half:]]:
        name = " ".join(words[:half])
    name = _LED_IN.sub("", name)
    if label_key(name).removeprefix("the ") in GENERIC_BODIES or _NO_NAME.match(name) or len(name.split()) > _MOST_WORDS:
        return None
    return name if re.search(r"[A-Za-z]{3}", name) else None


def _read_date(head: Head, top: str, title: str, every: Sequence[TextLine]) -> None:
    for text in (top, title):
        written = [(one.start, one.day, one.weekday_fits) for one in find_dates(text)]
        for match in _MONTH_FIRST.finditer(text):
            day = _day(match["year"], match["month"], match["day"])
            if day is not None:
                written.append((match.start(), day, True))
        if written:
            _, day, fits = min(written)
            head.date = day.isoformat()
            if not fits:
                message = f"the weekday in the heading does not fit {day.isoformat()}, a {day:%A}"
                head.problems.append(Problem("weekday_mismatch", "warning", "", message))
            return
    _infer_year(head, top, every)


def _infer_year(head: Head, top: str, every: Sequence[TextLine]) -> None:
    """Of the years in the text the one in which the heading's day and weekday agree, if there is but one; it is said."""
    match = _NO_YEAR.search(top)
    if match is None:
        return
    weekday = _WEEKDAYS.index(match["weekday"].lower())
    years = {one.day.year for line in every for one in find_dates(line.text)}
    days = {day for year in years if (day := _day(str(year), match["month"], match["day"]))}
    fitting = [day for day in days if day.weekday() == weekday]
    if len(fitting) == 1:
        head.date = fitting[0].isoformat()
        message = f"the heading leaves out the year; {head.date} is the one day that fits its weekday and the years in the text"
        head.problems.append(Problem("date_inferred", "info", "", message))


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), _MONTHS.split("|").index(month.lower()) + 1, int(day))
    except ValueError:
        return None
