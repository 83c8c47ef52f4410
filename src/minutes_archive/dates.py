"""Dates and times of UK meetings, municipal years, and the periods people type.

Strict patterns, all seen on real pages (dossier 2.2, 2.8); nothing is guessed. A weekday that does
not fit its date is reported, never a reason to refuse the date.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

# By their names in English, whole and short, and in Welsh.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan ionawr", "february feb chwefror", "march mar mawrth", "april apr ebrill", "may mai",
            "june jun mehefin", "july jul gorffennaf", "august aug awst", "september sept sep medi",
            "october oct hydref", "november nov tachwedd", "december dec rhagfyr",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon llun", "tuesday tues tue mawrth", "wednesday weds wed mercher", "thursday thurs thur thu iau",
         "friday fri gwener", "saturday sat sadwrn", "sunday sun sul")
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))

DATE = re.compile(
    rf"(?:\b(?:dydd\s+)?(?P<weekday>{_WEEKDAY})\.?,?\s+)?"
    r"(?:the\s+)?(?<!\d)(?P<day>\d{1,2})\s{0,20}(?:st|nd|rd|th|af|ail|il|ydd|fed|ed|eg|ain)?(?:\s+of)?[\s,-]{1,20}"
    rf"(?P<month>{_MONTH})\b\.?[\s,-]{{1,20}}(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_NAMED_MONTH = re.compile(rf"(?P<month>{_MONTH})\.?[\s,-]{{1,20}}(?P<year>\d{{4}})", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")

TIME = re.compile(
    r"(?<![\d.:/])(?:(?P<hour>\d{1,2})\s*[.:]\s*(?P<minute>\d{2})|(?P<bare>\d{1,2})(?=\s*(?:[ap]\.?\s?m\b|noon)))"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?|noon|o'r gloch|y\.?b\.?(?!\w)|y\.?p\.?(?!\w))?|(?P<noon>\b(?:12\s+)?noon\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WrittenDate:
    """A date as written: the day, where in the text it stands, and whether the weekday named fits it."""

    day: dt.date
    start: int
    end: int
    weekday_fits: bool


@dataclass(frozen=True)
class Period:
    """From ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def find_dates(text: str) -> list[WrittenDate]:
    """Every full date in ``text`` (day, month and year), in order; impossible ones (31 June) are passed over."""
    found = []
    for match in DATE.finditer(text):
        day = _date(int(match["year"]), MONTHS[match["month"].lower()], int(match["day"]))
        if day is not None:
            weekday = _WEEKDAYS.get((match["weekday"] or "").lower())
            fits = weekday is None or weekday == day.weekday()
            found.append(WrittenDate(day, match.start(), match.end(), fits))
    for pattern, order in ((_NUMERIC_DATE, (3, 2, 1)), (_ISO_DATE, (1, 2, 3))):
        for match in pattern.finditer(text):
            year, month, number = (int(match[group]) for group in order)
            day = _date(year, month, number)
            if day is not None:
                found.append(WrittenDate(day, match.start(), match.end(), True))
    return sorted(found, key=lambda written: written.start)


def find_time(text: str) -> str | None:
    """The first time of day in ``text`` as "HH:MM", or None.

    ``9.00 am``, ``10:00``, ``2.30pm``, ``2.00 p.m.``, ``07.05 p.m.``, ``7 pm``, ``12 noon``, ``noon``,
    ``2.00 o'r gloch``. A time without am or pm is read as of the 24-hour clock.
    """
    for match in TIME.finditer(text.replace("’", "'")):
        if match["noon"]:
            return "12:00"
        hour, minute = int(match["hour"] or match["bare"]), int(match["minute"] or 0)
        half = re.sub(r"[.\s]", "", match["half"] or "").lower()
        if half in {"pm", "yp", "noon"} and hour < 12:
            hour += 12
        elif half in {"am", "yb"} and hour == 12:
            hour = 0
        if hour < 24 and minute < 60:
            return f"{hour:02d}:{minute:02d}"
    return None


def municipal_year(day: dt.date) -> str:
    """The municipal year that ``day`` falls in, as "2024-25".

    It begins at the annual meeting in May (Local Government Act 1972, Schedule 12); the first of May
    stands for it, since the meeting's own date is not on every page.
    """
    start = day.year if day.month >= 5 else day.year - 1
    return f"{start}-{(start + 1) % 100:02d}"


def read_period(text: str) -> Period | None:
    """The period that a person typed, or None where it is none.

    ``2024-07-17``, ``17/07/2024`` or ``17 July 2024`` a day, ``2024-07`` or ``July 2024`` a month, ``2024`` a year,
    ``2023/24`` or ``2023-24`` a municipal year. (``2023-24`` is no month; ``2011-12`` is read as the month, being ISO.)
    """
    text = text.strip()
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        day = _date(*(int(group) for group in match.groups()))
        return Period(day, day) if day else None
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        day = _date(int(match[3]), int(match[2]), int(match[1]))
        return Period(day, day) if day else None
    if match := DATE.fullmatch(text):
        day = _date(int(match["year"]), MONTHS[match["month"].lower()], int(match["day"]))
        return Period(day, day) if day else None
    if match := _NAMED_MONTH.fullmatch(text):
        text = f"{match['year']}-{MONTHS[match['month'].lower()]:02}"
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12 and year > 0:
            return Period(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))
    if match := re.fullmatch(r"(\d{4})[/-](\d{2})(\d{2})?", text):
        year = int(match[1])
        if 0 < year < 9999 and int(match[3] or match[2]) == (year + 1) % 100:
            return Period(dt.date(year, 5, 1), dt.date(year + 1, 4, 30))
    if re.fullmatch(r"\d{4}", text) and int(text) > 0:
        return Period(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31))
    return None
