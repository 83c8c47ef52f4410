"""Themes: what a trace is about. A saved theme, a topic, or any query; each becomes one query tree.

``themes.toml`` in the archive's folder holds the saved ones:

    [[theme]]
    name = "nuisance-riding"
    title = "Nuisance riding on the commons"
    words = ["off-road bike", '"quad bikes"', "scrambl*"]     # each a query as for search; any of them will do
    topics = ["off-road-bikes"]
    without = ["cycle lane"]                                  # queries whose items are left out
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.errors import LoadError
from minutes_archive.search.analysis import label_key
from minutes_archive.search.query import And, Labelled, Not, Or, Query
from minutes_archive.search.reading import parse

_KEYS = {"name", "title", "words", "topics", "without"}


@dataclass(frozen=True)
class Theme:
    """What is looked for: items that say one of ``words`` or are on one of ``topics``, but for those that ``without`` finds.

    ``words`` and ``without`` are queries as people type them. ``kind`` says where it comes from: "saved", "topic", "query".
    """

    title: str
    words: tuple[str, ...]
    topics: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    kind: str = "query"

    def query(self) -> Query:
        """The tree that an engine is asked. Raises ``QueryError``."""
        ways: list[Query] = [Labelled("topic", topic) for topic in self.topics]
        ways += [parse(words) for words in self.words]
        wanted = ways[0] if len(ways) == 1 else Or(tuple(ways))
        if not self.without:
            return wanted
        return And((wanted, *(Not(parse(words)) for words in self.without)))

    def names(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Every name and sign of its topics: words that a text may use for the theme though nobody typed them."""
        found = (vocabulary.topic(topic) for topic in self.topics)
        return tuple(name for topic in found if topic for name in (topic.pref_label, *topic.alt_labels, *topic.signs))


def resolve_theme(asked: str, saved: Mapping[str, Theme], vocabulary: Vocabulary) -> Theme:
    """The theme that ``asked`` names: a saved one, else a topic (by its id or its label), else the query that it is.

    Case, hyphens and blanks of names do not matter.
    """
    key = label_key(asked)
    if key in saved:
        return saved[key]
    for topic in vocabulary.topics:
        if key in {label_key(topic.id), label_key(topic.pref_label)}:
            # What was typed is searched as well: an item may say it once, too faintly to be tagged.
            return Theme(topic.pref_label, (topic.id.replace("-", " "),), (topic.id,), kind="topic")
    return Theme(asked.strip(), (asked,))


def read_themes(file: Path, vocabulary: Vocabulary) -> dict[str, Theme]:
    """The themes saved in ``file``, by the keys of name and title; none where it is not there.

    Raises ``LoadError``, naming theme and fault, where it can't be read or understood.
    """
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LoadError(f"the themes in {file} can't be read: {error}") from error
    entries = table.get("theme", [])
    if set(table) - {"theme"} or not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise LoadError(f"the themes in {file}: write each as a [[theme]] table")
    themes: dict[str, Theme] = {}
    for entry in entries:
        name, theme = _theme(entry, file, vocabulary)
        for key in dict.fromkeys((label_key(name), label_key(theme.title))):
            if key in themes:
                raise LoadError(f"the themes in {file}: {name!r} has the name of another theme")
            themes[key] = theme
    return themes


def _theme(entry: dict[str, Any], file: Path, vocabulary: Vocabulary) -> tuple[str, Theme]:
    name = entry.get("name")
    if not isinstance(name, str) or not label_key(name):
        raise LoadError(f"the themes in {file}: every theme needs a name = \"…\"")
    where = f"the theme {name!r} in {file}"
    if unknown := sorted(set(entry) - _KEYS):
        raise LoadError(f"{where}: there is no {', '.join(unknown)}; a theme has {', '.join(sorted(_KEYS))}")
    title = entry.get("title", name)
    words, topics, without = (_texts(entry, key, where) for key in ("words", "topics", "without"))
    if not isinstance(title, str) or not title.strip():
        raise LoadError(f"{where}: title must be a text")
    if not words and not topics:
        raise LoadError(f"{where}: it needs words = […] or topics = […]")
    if lost := [topic for topic in topics if vocabulary.topic(topic) is None]:
        raise LoadError(f"{where}: there is no topic {lost[0]!r}; see: minutes topics")
    return name, Theme(title.strip(), words, topics, without, "saved")


def _texts(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values: Sequence[object] | Iterable[object] = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
        raise LoadError(f"{where}: {key} must be a list of texts")
    return tuple(str(one) for one in values)
