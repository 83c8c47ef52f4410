"""Agreement: whether a record is for those that its captures say, and stays closed while some of them are missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from minutes_archive.access import Audience
from minutes_archive.model import BODY_FIELDS, Item, Meeting
from minutes_archive.normalise import OFFICER_MARK


def keep_closed(meeting: Meeting, before: Meeting | None) -> Meeting:
    """``meeting`` with all for officers that was so ``before``."""
    if before is None:
        return meeting
    closed = {item.id for item in before.items if item.audience is Audience.OFFICER}
    items = tuple(replace(item, audience=Audience.OFFICER) if item.id in closed else item for item in meeting.items)
    return replace(meeting, items=items, audience=Audience.OFFICER if before.audience is Audience.OFFICER else meeting.audience)


def is_too_open(meeting: Meeting, said: Mapping[str, Audience]) -> bool:
    """Whether the record shows the public what was read off captures for officers; ``said``: for whom each (SHA-256) is."""
    return any(
        item.audience is Audience.PUBLIC and Audience.OFFICER in _sources(meeting, item, said) for item in meeting.items
    )


def is_too_closed(meeting: Meeting, said: Mapping[str, Audience]) -> bool:
    """Whether the record keeps for officers what was read off public captures alone, and nothing in them withholds."""
    return any(
        item.audience is Audience.OFFICER and item.restriction != "withheld" and not item.id.endswith(OFFICER_MARK)
        and _sources(meeting, item, said) == {Audience.PUBLIC}
        for item in meeting.items
    )


def _sources(meeting: Meeting, item: Item, said: Mapping[str, Audience]) -> set[Audience | None]:
    """For whom the captures are that an item's text came from; None of one that is not known."""
    shown = [name for name in ("title", *BODY_FIELDS) if getattr(item, name)]
    return {said.get(item.text_sources.get(name, meeting.source).sha256) for name in shown}
