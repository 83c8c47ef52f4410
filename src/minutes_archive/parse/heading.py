"""The title line of a meeting: "<Body> - <Weekday D Month YYYY h.mm am>[, STATUS]" (dossier 2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from minutes_archive.dates import WrittenDate, find_dates, find_time
from minutes_archive.model import Problem
from minutes_archive.parse.labels import HEADINGS, STATUS, label_key
from minutes_archive.text import fold_line

_DASH = re.compile(r"\s+[-–—]\s+|\s*[-–—]\s+$")
_DASH_BEFORE = re.compile(r"\s[-–—][\s,:]*$")
_OLD_ENOUGH_TO_BE_A_MISPRINT = 1850


@dataclass(frozen=True)
class Title:
    """A title line read. ``body`` is "" where the line holds the date alone."""

    body: str
    date: str
    time: str | None
    status: str | None
    problems: tuple[Problem, ...]


def read_title(line: str) -> Title | None:
    """The body, date, time and status in a title line, or None where it holds no date.

    Body names may contain " - " and commas: the body ends at the last dash before the date.
    """
    line = fold_line(line)
    dates = find_dates(line)
    if not dates or len(line) > 300:
        return None
    # "… - Thursday, 2nd July, 2020 6.00 pm (moved from 25th June, 2020)": the meeting's date follows the dash.
    behind_dash = [one for one in dates if _DASH_BEFORE.search(line[: one.start])]
    written = behind_dash[-1] if behind_dash else dates[0]
    before, after = line[: written.start], line[written.end :]
    dashes = [match for match in _DASH.finditer(before) if not before[match.end() :].strip(" ,:")]
    body = before[: dashes[-1].start()] if dashes else before
    status = next((state for word, state in STATUS.items() if word in label_key(line)), None)
    return Title(body.strip(" ,-–—"), written.day.isoformat(), find_time(after), status, _doubts(written))


def _doubts(written: WrittenDate) -> tuple[Problem, ...]:
    problems = []
    if not written.weekday_fits:
        problems.append(Problem(
            "weekday_mismatch", "warning", "",
            f"the weekday in the heading does not fit {written.day.isoformat()}, a {written.day:%A}",
        ))
    if written.day.year < _OLD_ENOUGH_TO_BE_A_MISPRINT:
        problems.append(Problem("date_doubtful", "warning", "", f"the year {written.day.year} is before such meetings"))
    return tuple(problems)


def minutes_status(heading: str) -> str | None:
    """What a page's heading says of its minutes: none, draft or published; None where it is no such heading."""
    return HEADINGS.get(label_key(heading))
