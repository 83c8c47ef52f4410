"""The thesaurus that is kept beside the indexes: it is what would be made anew, or it is not used."""

import hashlib
from pathlib import Path

import pytest

from minutes_archive.annotate import load_vocabulary
from minutes_archive.errors import LoadError
from minutes_archive.search.expand import Thesaurus
from minutes_archive.thesaurus import keep_thesaurus, read_thesaurus
from minutes_archive.workspace import Workspace

OWN = '[[topic]]\nid = "moorings"\nprefLabel = "Moorings"\naltLabel = ["houseboats", "berths"]\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path, writing=True)


def kept_file(workspace: Workspace) -> Path:
    return workspace.index / "thesaurus.json"


def labels(thesaurus: Thesaurus, *surfaces: str) -> set[str]:
    return {label for group in thesaurus.groups(surfaces) for label in group.labels}


def test_what_is_kept_knows_what_was_made(workspace: Workspace):
    vocabulary = load_vocabulary()
    made = Thesaurus((*vocabulary.topics, *vocabulary.synonyms))
    keep_thesaurus(workspace)
    assert read_thesaurus(workspace).told() == made.told()
    for topic in vocabulary.topics:
        for label in topic.alt_labels:
            surfaces = label.lower().split()
            assert list(read_thesaurus(workspace).groups(surfaces)) == list(made.groups(surfaces))


def test_it_is_read_without_the_vocabulary(workspace: Workspace):
    keep_thesaurus(workspace)
    lines = kept_file(workspace).read_bytes().split(b"\n", 2)
    told = b'{"rings":[["tram","streetcar"]],"rings_of":{"tram":[0]},"longest":2,"words":["tram"]}'
    kept_file(workspace).write_bytes(b"\n".join((lines[0], hashlib.sha256(lines[0] + told).hexdigest().encode(), told)))
    assert labels(read_thesaurus(workspace), "tram") == {"streetcar"}


def test_nothing_is_written_by_reading(workspace: Workspace):
    read_thesaurus(workspace)
    assert not kept_file(workspace).exists()


def test_topics_of_the_user_are_heeded_at_once(workspace: Workspace):
    keep_thesaurus(workspace)
    assert not labels(read_thesaurus(workspace), "houseboats")
    workspace.topics.parent.mkdir(exist_ok=True)
    workspace.topics.write_text(OWN, "utf-8")
    assert labels(read_thesaurus(workspace), "houseboats") == {"Moorings", "berths"}
    keep_thesaurus(workspace)
    assert labels(read_thesaurus(workspace), "houseboats") == {"Moorings", "berths"}
    workspace.topics.unlink()
    assert not labels(read_thesaurus(workspace), "houseboats")


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-7], lambda content: content.replace(b"bike", b"bile"), lambda _: b""]
)
def test_a_damaged_one_is_not_used(workspace: Workspace, damage):
    keep_thesaurus(workspace)
    whole = read_thesaurus(workspace).told()
    kept_file(workspace).write_bytes(damage(kept_file(workspace).read_bytes()))
    assert read_thesaurus(workspace).told() == whole
    keep_thesaurus(workspace)
    assert read_thesaurus(workspace).told() == whole


def test_topics_that_cannot_be_read_are_told_of(workspace: Workspace):
    keep_thesaurus(workspace)
    workspace.topics.parent.mkdir(exist_ok=True)
    workspace.topics.write_text("topic = [", "utf-8")
    with pytest.raises(LoadError, match=r"topics\.toml"):
        read_thesaurus(workspace)
