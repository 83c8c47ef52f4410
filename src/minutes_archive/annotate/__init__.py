"""Annotating: a normalised meeting -> the same meeting with decisions, votes, restriction and topics, each with its evidence.

    procedural ─► decisions ─► votes ─► restriction (over the meeting's items in order) ─► topics

What the rules know stands in the TOML files beside the modules (``decisions``, ``restriction``, ``exemption``, ``topics``);
titles of procedural business, which ``normalise`` knows too, in ``procedural.toml`` above. Everything here is pure.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minutes_archive.annotate.meeting import ANNOTATOR, annotate
    from minutes_archive.annotate.skos import to_skos_turtle
    from minutes_archive.annotate.topics import TopicScore, explain
    from minutes_archive.annotate.vocabulary import Synonyms, Topic, Vocabulary, load_vocabulary

__all__ = [
    "ANNOTATOR", "Synonyms", "Topic", "TopicScore", "Vocabulary", "annotate", "explain", "load_vocabulary", "to_skos_turtle",
]

_MODULES = {
    "ANNOTATOR": "meeting", "annotate": "meeting", "to_skos_turtle": "skos", "TopicScore": "topics", "explain": "topics",
    "Synonyms": "vocabulary", "Topic": "vocabulary", "Vocabulary": "vocabulary", "load_vocabulary": "vocabulary",
}


def __getattr__(name: str) -> object:
    """Imported when asked for: whoever only searches needs the vocabulary, and none of the rules."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
