"""What a theme is: saved, a topic, or words."""

from __future__ import annotations

from pathlib import Path

import pytest

from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.errors import LoadError, QueryError
from minutes_archive.search.query import And, Labelled, Not, Or, Run, Word
from minutes_archive.trace.theme import Theme, read_themes, resolve_theme

VOCABULARY = load_vocabulary()
SAVED = """
[[theme]]
name = "nuisance-riding"
title = "Nuisance riding"
words = ['"quad bike"', "scrambl*"]
topics = ["off-road-bikes"]
without = ["cycle lane"]
"""


def saved(tmp_path: Path, text: str = SAVED) -> dict[str, Theme]:
    file = tmp_path / "themes.toml"
    file.write_text(text, "utf-8")
    return read_themes(file, VOCABULARY)


@pytest.mark.parametrize(("asked", "kind", "title"), [
    ("nuisance riding", "saved", "Nuisance riding"),
    ("Nuisance-Riding", "saved", "Nuisance riding"),
    ("off-road bikes", "topic", "Off-road bikes and e-scooters"),
    ("OFF ROAD BIKES", "topic", "Off-road bikes and e-scooters"),
    ("Knife crime and serious violence", "topic", "Knife crime and serious violence"),
    ("library", "query", "library"),
    ("leisure centre AND pool", "query", "leisure centre AND pool"),
])
def test_a_theme_is_the_first_thing_that_its_name_stands_for(tmp_path: Path, asked: str, kind: str, title: str):
    theme = resolve_theme(asked, saved(tmp_path), VOCABULARY)
    assert (theme.kind, theme.title) == (kind, title)


def test_a_saved_theme_is_any_of_its_words_and_topics_but_for_what_it_leaves_out(tmp_path: Path):
    query = resolve_theme("nuisance-riding", saved(tmp_path), VOCABULARY).query()
    assert isinstance(query, And)
    wanted, unwanted = query.parts
    assert isinstance(wanted, Or)
    assert isinstance(wanted.parts[0], Labelled)
    assert len(wanted.parts) == 3
    assert unwanted == Not(Run((Word("cycle", None, 1), Word("lane", None, 7))))


def test_without_a_file_there_are_no_themes(tmp_path: Path):
    assert read_themes(tmp_path / "themes.toml", VOCABULARY) == {}


@pytest.mark.parametrize(("text", "fault"), [
    ("[[theme]]\nname = 'x'", "needs words"),
    ("[[theme]]\nwords = ['x']", "needs a name"),
    ("[[theme]]\nname = 'x'\nwords = 'bus'", "words must be a list"),
    ("[[theme]]\nname = 'x'\ntopics = ['no-such-topic']", "no topic 'no-such-topic'"),
    ("[[theme]]\nname = 'x'\nwords = ['bus']\nword = ['bus']", "there is no word;"),
    ("[[theme]]\nname = 'x'\nwords = ['a']\n[[theme]]\nname = 'X'\nwords = ['b']", "the name of another"),
    ("[[themes]]\nname = 'x'\nwords = ['bus']", r"\[\[theme\]\]"),
    ("[theme", "can't be read"),
])
def test_a_fault_in_the_file_is_named(tmp_path: Path, text: str, fault: str):
    with pytest.raises(LoadError, match=fault):
        saved(tmp_path, text)


def test_a_fault_in_a_saved_query_is_told_when_it_is_asked(tmp_path: Path):
    theme = saved(tmp_path, "[[theme]]\nname = 'x'\nwords = ['(bus']")["x"]
    with pytest.raises(QueryError):
        theme.query()
