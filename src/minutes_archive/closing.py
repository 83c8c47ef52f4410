"""Closing: a record that was for officers stays so while captures are missing that may have said why. Pure."""

from __future__ import annotations

from dataclasses import replace

from minutes_archive.access import Audience
from minutes_archive.model import Meeting


def keep_closed(meeting: Meeting, before: Meeting | None) -> Meeting:
    """``meeting`` with all for officers that was so ``before``."""
    if before is None:
        return meeting
    closed = {item.id for item in before.items if item.audience is Audience.OFFICER}
    items = tuple(replace(item, audience=Audience.OFFICER) if item.id in closed else item for item in meeting.items)
    return replace(meeting, items=items, audience=Audience.OFFICER if before.audience is Audience.OFFICER else meeting.audience)
