"""Wording: the codes of the record in plain words, for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

_DECISIONS = {
    "minutes_confirmed": "minutes confirmed", "called_in": "called in", "public_excluded": "public excluded",
    "restricted_outcome": "outcome not published", "none": "no decision", "unknown": "not known",
}
_RESTRICTIONS = {"restricted_enclosure": "restricted enclosure"}


def decision_words(code: str) -> str:
    """A decision type in words: "minutes confirmed"."""
    return _DECISIONS.get(code, code)


def restriction_words(code: str) -> str:
    """A restriction in words: "restricted enclosure"."""
    return _RESTRICTIONS.get(code, code)


def date_words(date: str | None) -> str:
    """A day as people write it: "17 July 2024"; "undated" where there is none."""
    if date is None:
        return "undated"
    day = dt.date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"


def short_date(date: str | None) -> str:
    """A day for a table: "17 Jul 2024"; "undated" where there is none."""
    if date is None:
        return "undated"
    day = dt.date.fromisoformat(date)
    return f"{day.day} {day:%b %Y}"


def topic_words(code: str) -> str:
    """A topic's id as words: "off road bikes" of "off-road-bikes"; the vocabulary has the proper label."""
    return code.replace("-", " ")


def label_of(labels: Mapping[str, str], topic: str) -> str:
    """The label of a topic, or its id in words where the vocabulary does not have it."""
    return labels.get(topic, topic_words(topic))


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 item``, ``2 items``, ``2 bodies``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
