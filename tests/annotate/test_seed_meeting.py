"""The seed meeting of the Safer Stockton Partnership, item by item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.annotate_items import VOCABULARY
from minutes_archive.annotate import annotate
from minutes_archive.model import Item, Meeting, Source
from minutes_archive.parse import read

EXPECTED = {
    "Evacuation Procedure": "noted", "Declarations of Interest": "none", "Minutes": "minutes_confirmed",
    "Knife Crime Prevention": "deferred", "Recorded Crime & Disorder Report": "noted", "Performance Monitoring": "none",
    "Operation Harmony Update": "noted", "Safer Streets 5 Update": "noted", "Prevent (CT) Update": "noted",
    "Any Other Business": "noted", "iQuanta Report": "noted", "Bleed Cabinet Discussion": "none",
}
Annotated = Callable[[bool], dict[str, Item]]


@pytest.fixture
def seed(shared: Path) -> Annotated:
    """The seed meeting annotated, by title; with the full text of the cut item stitched in, or without."""
    page, fragment = (read(path.read_bytes()) for path in sorted((shared / "seeds").glob("*.txt")))

    def build(whole: bool) -> dict[str, Item]:
        assert page.meeting is not None
        (full,) = fragment.fragments
        items = []
        for at, one in enumerate(page.meeting.items):
            stitched = bool(one.cut) and whole
            items.append(Item(
                id=f"m/{at}", ordinal=at + 1, title=one.title, agenda_text=one.agenda_text, documents=one.documents,
                minutes_text=full.text if stitched else one.minutes_text, truncated=bool(one.cut) and not whole,
            ))
        return {one.title: one for one in annotate(Meeting("m", Source(), items=tuple(items)), VOCABULARY).items}

    return build


@pytest.mark.parametrize("whole", [True, False])
def test_the_decisions(seed: Annotated, whole: bool):
    found = {title: {decision.type for decision in one.decisions} for title, one in seed(whole).items()}
    assert found.pop("PCC Presentation") == {"noted" if whole else "unknown"}
    assert found == {title: {type_} for title, type_ in EXPECTED.items()}


def test_the_restricted_reports_are_enclosures_of_open_items(seed: Annotated):
    states = {title: one.restriction for title, one in seed(True).items() if one.restriction != "open"}
    assert states == {"iQuanta Report": "restricted_enclosure", "Bleed Cabinet Discussion": "restricted_enclosure"}
    assert (seed(True)["iQuanta Report"].restriction_reason or "").startswith("This report was a restricted document")


def test_the_topics(seed: Annotated):
    for whole in (True, False):
        assert "off-road-bikes" in seed(whole)["PCC Presentation"].topics
    assert "knife-crime" in seed(True)["Knife Crime Prevention"].topics
    assert "prevent" in seed(True)["Prevent (CT) Update"].topics
