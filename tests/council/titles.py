"""Title lines: each body of the council writes dates and times in its own way, as the clerks of real ones do."""

from __future__ import annotations

import datetime as dt

from council.source import SourceMeeting

_STYLES = {
    "Council": "{weekday}, {ordinal} {month}, {year} {hour}.{minute} {half}",
    "Cabinet": "{weekday}, {day} {month} {year} {hour}.{minute} {half}",
    "Licensing Committee": "{weekday}, {ordinal} {month} {year} {hour}.{minute} {half}",
    "Audit Committee": "{weekday} {day} {month} {year} {hour}.{minute}{half}",
    "Planning Committee": "{weekday} {day} {month} {year} {hour}:{minute} {half}",
    "Communities Scrutiny Committee": "{weekday}, {day} {month} {year} {hour}.{minute}{half}",
    "Safer Thornmere Partnership": "{weekday} {ordinal} {month}, {year} {hour}.{minute} {half}",
    "Ashlock Parish Council": "{weekday}, {day} {month} {year} {hour}.{minute} {half_dotted}",
    "Lathe Valley Joint Waste Committee": "{weekday} {day} {month} {year} at {hour}.{minute} {half}",
    "Thornmere Town Centre Partnership": "{weekday} {ordinal} {month} {year} at {hour}:{minute}{half}",
}


def written_date(meeting: SourceMeeting) -> str:
    """The meeting's date and time as its body writes them."""
    day, time = meeting.date, meeting.time
    half = "pm" if time.hour >= 12 else "am"
    return _STYLES[meeting.body].format(
        weekday=f"{day:%A}", day=day.day, ordinal=_ordinal(day), month=f"{day:%B}", year=day.year,
        hour=(time.hour - 1) % 12 + 1, minute=f"{time.minute:02d}", half=half, half_dotted=f"{half[0]}.m.",
    )


def title_line(meeting: SourceMeeting) -> str:
    """The line under the page's heading: body, date and time, and what became of the meeting."""
    cancelled = ", CANCELLED" if meeting.status == "cancelled" else ""
    return f"{meeting.body} - {written_date(meeting)}{cancelled}"


def _ordinal(day: dt.date) -> str:
    ending = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day.day}{ending}"
