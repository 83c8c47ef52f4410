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
    yield from _filling(request.param, tmp_path)


@pytest.fixture
def ranked(tmp_path: Path) -> Iterator[Filled]:
    """Makes an embedded engine that holds the meetings given: only its hits stand in an order."""
    yield from _filling("whoosh", tmp_path)


def _filling(kind: str, folder: Path) -> Iterator[Filled]:
    made: list[SearchEngine] = []

    def fill(meetings: Iterable[Meeting], topics: Iterable[Topic] = TOPICS) -> SearchEngine:
        engine: SearchEngine
        if kind == "reference":
            engine = ReferenceEngine(Audience.PUBLIC, topics)
        else:
            engine = WhooshEngine(folder / str(len(made)) / "public", Audience.PUBLIC, topics)
        engine.update(meetings)
        made.append(engine)
        return engine

    yield fill
    for engine in made:
        engine.close()
