"""Schedule: when a page is looked at again (dossier 1.7). Recent meetings often, old ones seldom. Pure."""

from __future__ import annotations

import datetime as dt
import re

from minutes_archive.crawl.task import Task

_DAY = 86400.0
# A little less than a day, so that a crawl at the same hour every day looks every day.
_DAILY = 20 * 3600.0
_WEEKLY, _MONTHLY, _YEARLY = 7 * _DAY - 4 * 3600.0, 30 * _DAY, 365 * _DAY
_SOON, _RECENT, _LAST_YEAR = 14, 90, 365  # days to or since the meeting
# How much of what was asked for may be looked at again on the same day, though it is not due.
SAME_DAY_SHARE = 0.2
# A large site is not asked for thousands of pages that are not due.
SAME_DAY_MOST = 250

_WAITS = {"failed": _DAILY, "blocked": _DAILY, "disallowed": 0.0, "gone": _MONTHLY, "absent": _WEEKLY}
# A link to what never was there is asked for again seldom (dossier 1.6).
NOT_THERE = ("answered 404", "answered 410")


def wait_for(task: Task, state: str, today: dt.date, reason: str = "") -> float:
    """The seconds until a page in ``state`` is due again; ``reason`` says why it is in it."""
    if state == "failed" and reason in NOT_THERE:
        return _MONTHLY
    if state != "held":
        return _WAITS[state]
    if task.kind in {"home", "list"}:
        return _MONTHLY if _is_past(task, today) else _DAILY
    if not task.day:
        return _WEEKLY
    age = (today - dt.date.fromisoformat(task.day)).days
    if age > _LAST_YEAR:
        return _YEARLY
    if age > _RECENT:
        return _MONTHLY
    # The service and the page tell when the rest is due.
    return _DAILY if age >= -_SOON and task.kind in {"service", "meeting"} else _WEEKLY


def _is_past(task: Task, today: dt.date) -> bool:
    """Whether a list is of years that are over."""
    year = re.search(r"/(?:year=|month/)(\d{4})", task.key)
    return "/act=" in task.key or (year is not None and 0 < int(year[1]) < today.year - 1)
