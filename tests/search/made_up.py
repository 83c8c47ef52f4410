"""Made-up meetings for the tests of search, and a vocabulary of two topics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from minutes_archive.access import Audience
from minutes_archive.model import Attendance, Decision, Document, Item, Meeting, Source
from minutes_archive.search.engine import SearchEngine

Filled = Callable[..., SearchEngine]


@dataclass(frozen=True)
class Topic:
    pref_label: str
    alt_labels: tuple[str, ...]


TOPICS = (
    Topic("Off-road bikes", ("motorbikes", "quads", "quad bikes")),
    Topic("Police and crime commissioner", ("PCC",)),
)


def item(key: str, title: str = "", minutes: str = "", **more: Any) -> Item:
    """An item ``m/<key>``; its meeting numbers it."""
    decisions = tuple(Decision(type=name) for name in more.pop("decisions", ()))
    documents = tuple(Document(title) for title in more.pop("documents", ()))
    made = Item(id=f"m/{key}", ordinal=1, title=title, minutes_text=minutes, audience=Audience.PUBLIC)
    return replace(made, decisions=decisions, documents=documents, **more)


def meeting(
    key: str, *items: Item, date: str | None = "2024-03-05", body: str | None = "Cabinet", people: tuple[str, ...] = ()
) -> Meeting:
    numbered = tuple(replace(one, ordinal=number) for number, one in enumerate(items, start=1))
    return Meeting(
        id=key, source=Source(path=f"{key}.html", sha256="0" * 64), council="Thornmere", body=body, date=date,
        attendance=tuple(Attendance(name) for name in people), items=numbered, audience=Audience.PUBLIC,
    )


def archive() -> list[Meeting]:
    """A small archive in which every rule has something to find, and something to leave alone."""
    return [
        meeting(
            "2023",
            item(
                "apologies", "Apologies", "Apologies were received. Nobody rode a bike.",
                procedural=True, decisions=["none"],
            ),
            item(
                "bikes", "Off-road bikes on Mere Common",
                "Quads and off road motorbikes were seen. The report was noted.",
                number="SSP/1624", topics=("off-road-bikes",), decisions=["noted"], documents=("Police report",),
            ),
            item("tree", "Oak at 4 Mere Lane", "The council's tree officer objects.", number="07/2525/FUL"),
            date="2023-06-21", body="Safer Thornmere Partnership", people=("Dana Whitlow", "Judith Amory"),
        ),
        meeting(
            "2024",
            item("scooters", "E Scooters", "Members asked about e-scooters. RESOLVED to defer.", decisions=["deferred"],
                 topics=("off-road-bikes", "road-safety")),
            item("speed", "20mph on Tollgate Road", "A 20 mph limit was sought under s106. Café owners agreed.",
                 decisions=["approved", "noted"], topics=("road-safety",), decision_text="The limit was approved."),
            item("park", "Car park charges", "The carpark at Station Parade will cost more from 17th July 2024."),
            item("budget", "Budget", "Antisocial behaviour costs were noted by the Police and Crime Commissioner.",
                 agenda_text="To consider the budget report and the anti-social element of it.",
                 restriction="restricted_enclosure"),
            date="2024-01-16", people=("Judith Amory",),
        ),
        meeting(
            "undated",
            item("bridge", "Lathe-Bridge works", "The road over the river and the bridge were closed. Decision-making"),
            item("police", "Policing plan", "The police plan for bikes, knives and noise was debated at length."),
            item("short", "Bikes", "Knives."),
            date=None, body=None,
        ),
    ]
