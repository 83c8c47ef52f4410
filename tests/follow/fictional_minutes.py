"""Meetings for the tests of threads, made of a few words each."""

from __future__ import annotations

from dataclasses import replace

from minutes_archive.access import Audience
from minutes_archive.annotate import annotate, load_vocabulary
from minutes_archive.follow import Follower
from minutes_archive.model import Item, Meeting, Source
from minutes_archive.procedural import is_procedural

VOCABULARY = load_vocabulary()
# What else a council talks of: words are rare or common only among others.
FILLING = (
    ("Allotments at Nine Elms", "The rents of the allotments at Nine Elms were looked at and left as they were."),
    ("Winter gritting", "Two more salt bins would be filled before the frost, on the hill and by the school."),
    ("Footbridge at the mill", "The planks of the footbridge at the mill had rotted and were being replaced with oak."),
    ("Swimming lessons", "Eleven schools had sent children to swimming lessons; the pool was cold."),
    ("Street lighting in Cross Lane", "Four lamps in Cross Lane had been dark since the storm, and the contractor was told."),
    ("Hedge cutting", "The verge hedge along the bypass would be cut after the birds had flown."),
)


def item(identity: str, title: str, text: str, number: str | None = None, audience: Audience = Audience.PUBLIC) -> Item:
    """One item with minutes text."""
    return Item(
        identity, 1, title, number=number, minutes_text=text, procedural=is_procedural(title), audience=audience,
    )


def meeting(date: str, body: str, *items: Item, council: str = "fenmoor") -> Meeting:
    """An annotated meeting; its id is its body and date."""
    placed = tuple(replace(one, ordinal=place) for place, one in enumerate(items, 1))
    plain = Meeting(
        f"{council}/{body.lower().replace(' ', '-')}/{date}", Source(sha256="0" * 64), council=council, body=body, date=date,
        status="held", audience=Audience.PUBLIC, items=placed,
    )
    return annotate(plain, VOCABULARY)


def filling(date: str, body: str = "Services Committee") -> Meeting:
    """A meeting about other things."""
    items = (item(f"filling/{body}/{date}/{place}", title, text) for place, (title, text) in enumerate(FILLING))
    return meeting(date, body, *items)


def thread_ids(meetings: list[Meeting], start: str) -> list[str]:
    """The ids of the thread of ``start``, in order of date."""
    thread = Follower([*meetings, filling("2020-01-15"), filling("2020-02-12", "Works Panel")]).thread(start)
    assert thread is not None
    return [entry.id for entry in thread.entries]
