"""The engines that the contract holds for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from minutes_archive.access import Audience
from minutes_archive.model import Meeting
from minutes_archive.search.engine import SearchEngine
from minutes_archive.search.whoosh import WhooshEngine
from search.made_up import TOPICS, Filled, Topic
from search.reference import ReferenceEngine


@pytest.fixture(params=["reference", "whoosh"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Filled]:
    """Makes an engine of either kind that holds the meetings given."""
    made: list[SearchEngine] = []

    def fill(meetings: Iterable[Meeting], topics: Iterable[Topic] = TOPICS) -> SearchEngine:
        folder = tmp_path / str(len(made)) / "public"
        engine: SearchEngine
        if request.param == "reference":
            engine = ReferenceEngine(Audience.PUBLIC, topics)
        else:
            engine = WhooshEngine(folder, Audience.PUBLIC, topics)
        engine.update(meetings)
        made.append(engine)
        return engine

    yield fill
    for engine in made:
        engine.close()
