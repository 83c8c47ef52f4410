"""Access: who may see what. The one rule, pure; the door that applies it is ``records.view``.

``restriction`` tells what an item is; ``audience`` who may see our text of it (record schema,
"Restriction and audience are two things"). Whatever can't be understood is for officers.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Audience(StrEnum):
    """Who is looking, or for whom a text is."""

    PUBLIC = "public"
    OFFICER = "officer"


# Councils may drop minutes six years after the meeting (Local Government Act 1972, s.100C(1)): what
# is taken down sooner was perhaps never meant to be out.
_INSPECTION_YEARS = 6


def understood(mark: object) -> Audience:
    """The audience that ``mark`` names; officers for a missing or unknown mark."""
    return Audience.PUBLIC if mark == Audience.PUBLIC.value else Audience.OFFICER


def may_see(viewer: Audience, mark: Audience) -> bool:
    """Whether ``viewer`` may see a text marked ``mark``."""
    return viewer is Audience.OFFICER or mark is Audience.PUBLIC


def after_withdrawal(mark: Audience, meeting_date: str | None, withdrawn_at: str | None) -> Audience:
    """The audience of a text whose source was taken down at ``withdrawn_at`` (ISO date or time).

    Taken down within six years of the meeting: for officers until someone releases it. Later, or
    not at all: as it was. Dates that can't be read count as recent.
    """
    if withdrawn_at is None:
        return mark
    try:
        held = dt.date.fromisoformat(meeting_date or "")
        withdrawn = dt.date.fromisoformat(withdrawn_at[:10])
    except ValueError:
        return Audience.OFFICER
    recent = (withdrawn.year - held.year, withdrawn.month, withdrawn.day) < (_INSPECTION_YEARS, held.month, held.day)
    return Audience.OFFICER if recent else mark
