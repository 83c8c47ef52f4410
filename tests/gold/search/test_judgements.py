"""The judged queries are sound: what they name exists, what they say can be, and a third of them is held back by the rule."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from accuracy.search.collection import judged_files, load
from accuracy.search.judgements import COLLECTIONS, FILTERS, KINDS, NO_ANSWER, Query, is_held_back, path_of, read_queries
from minutes_archive.access import Audience
from minutes_archive.dates import read_period
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.workspace import Workspace

PARTS = [(name, held) for name in COLLECTIONS for held in (False, True)]
ENOUGH = {"sample": 64, "real": 44}


def queries_of(collection: str) -> list[Query]:
    """Seen and held back together."""
    return [query for held in (False, True) for query in read_queries(path_of(collection, held))]


@pytest.mark.parametrize(("collection", "held"), PARTS)
def test_judgements_can_be(collection: str, held: bool):
    # Of what is held back a failure must not tell more than how many are wrong.
    queries = read_queries(path_of(collection, held))
    assert sum(is_held_back(query.theme) is not held for query in queries) == 0, "the rule decides what is held back"
    assert sum(query.kind not in KINDS or not query.text.strip() for query in queries) == 0
    assert sum((query.kind == NO_ANSWER) is bool(query.grades) for query in queries) == 0
    assert sum(max(query.grades.values()) != 2 for query in queries if query.grades) == 0, "every answer has an item that decides"
    assert sum(bool(query.filters.keys() - set(FILTERS)) for query in queries) == 0
    allowed = {"decision": DECISION_TYPES, "restriction": RESTRICTIONS}
    assert sum(bool(set(query.filters.get(name, ())) - set(known)) for query in queries for name, known in allowed.items()) == 0
    bounds = [query.filters[name] for query in queries for name in ("since", "until") if name in query.filters]
    assert sum(read_period(bound) is None for bound in bounds) == 0


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_there_are_enough(collection: str):
    queries = queries_of(collection)
    asked = Counter((query.text, str(query.filters)) for query in queries)
    assert asked.total() == len(asked), "no query twice"
    assert len(queries) >= ENOUGH[collection]
    assert {query.kind for query in queries} == set(KINDS)
    held = sum(is_held_back(query.theme) for query in queries)
    assert 0.25 < held / len(queries) < 0.42


def test_every_judged_item_of_the_sample_exists(sample_archive: Path):
    view = ArchiveView(RecordStore(Workspace.of_archive(sample_archive)), Audience.PUBLIC)
    ids = {item.id for meeting in view.meetings() for item in meeting.items}
    assert len({key for query in queries_of("sample") for key in query.grades} - ids) == 0


def test_every_judged_real_item_exists(shared: Path, tmp_path: Path):
    files = judged_files("real") or []
    assert [one.name for one in files if hashlib.sha256(one.path.read_bytes()).hexdigest() != one.sha256] == []
    collection = load(files, tmp_path)
    assert len(collection.items) == len(collection.keys), "no two items go by one name"
    assert len({key for query in queries_of("real") for key in query.grades} - collection.items.keys()) == 0
