"""Items and meetings for the annotator's tests, and what they come out as."""

from __future__ import annotations

from minutes_archive.access import Audience
from minutes_archive.annotate import Vocabulary, annotate, load_vocabulary
from minutes_archive.model import Document, Item, Meeting, Source

VOCABULARY: Vocabulary = load_vocabulary()


def item(title: str = "Report", minutes: str = "", **more: object) -> Item:
    """An item of the normalised record. Raises nothing; ``more`` are fields of Item."""
    known: dict[str, object] = {"id": "m/1", "ordinal": 1, "audience": Audience.PUBLIC, "minutes_text": minutes}
    return Item(title=title, **(known | more))  # type: ignore[arg-type]


def meeting(*items: Item, date: str | None = None) -> Meeting:
    """A meeting of ``items``, given ids and places in order."""
    placed = tuple(
        Item(**{**one.__dict__, "id": f"m/{at}" if one.id == "m/1" else one.id, "ordinal": at}) for at, one in enumerate(items, 1)
    )
    return Meeting(id="m", source=Source(), date=date, items=placed, audience=Audience.PUBLIC)


def annotated(*items: Item) -> tuple[Item, ...]:
    """``items`` as one meeting, annotated."""
    return annotate(meeting(*items), VOCABULARY).items


def types(title: str, minutes: str, **more: object) -> set[str]:
    """The decision types of one item."""
    return {decision.type for decision in annotated(item(title, minutes, **more))[0].decisions}


def restricted(title: str, reason: str | None = None) -> Document:
    """A document that the site marks as restricted."""
    return Document(title, restricted=True, reason=reason)
