"""The word tables of ModernGov's other pages and of its XML service; ``words.toml`` says what each is for."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from minutes_archive.model import Problem
from minutes_archive.parse.labels import label_key

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))

COLUMNS: dict[str, str] = _DATA["columns"]
GROUPS: dict[str, str] = _DATA["groups"]
MEETING_STATUS: dict[str, str] = _DATA["meeting_status"]
MINUTES_STATUS: dict[str, str] = _DATA["minutes_status"]
DECISION_PARTS: dict[str, str] = _DATA["decision_parts"]
_ATTENDANCE: list[tuple[str, str]] = sorted(_DATA["attendance"].items(), key=lambda entry: -len(entry[0]))


def attendance_doubt(words: str) -> Problem:
    """That a register says something of a person which no table knows."""
    return Problem("attendance_unclear", "info", "", f"the register says “{words}” of a person, which is no known word")


def attendance_status(words: str) -> str | None:
    """The record's word for what a register says of a person; None where the words are not known."""
    key = label_key(words)
    return next((status for known, status in _ATTENDANCE if key == known or key.startswith((f"{known} ", f"{known},"))), None)
