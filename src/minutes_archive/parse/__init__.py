"""Parsing: bytes to ``ParsedMeeting`` or ``Fragment`` and problems; no network, no clock, no files.

    bytes ──recognise──► moderngov_page │ moderngov_item │ minutes_text ──► Reading

A parser returns what it read and what it could not; it never raises on content.
"""

from minutes_archive.parse.recognise import MAX_PAGE, read

__all__ = ["MAX_PAGE", "read"]
