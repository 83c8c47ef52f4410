"""Readings of what holds no minutes: refused for good, or kept for a version that reads its format."""

from __future__ import annotations

from minutes_archive.model import Problem, Reading

PARSER = "recognise/1"


def refused(code: str, message: str) -> Reading:
    """The reading of content that holds no minutes. ``message`` follows the file's name: "is a picture"."""
    return Reading("refused", "unknown", PARSER, problems=(Problem(code, "warning", "", message),))


def unread(code: str, message: str) -> Reading:
    """The reading of content that is kept though nothing could be read in it."""
    return Reading("unread", "unknown", PARSER, problems=(Problem(code, "warning", "", message),))
