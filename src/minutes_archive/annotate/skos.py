"""The vocabulary as SKOS (https://www.w3.org/TR/skos-reference/) in Turtle."""

from __future__ import annotations

from minutes_archive.annotate.vocabulary import Vocabulary


def to_skos_turtle(vocabulary: Vocabulary) -> str:
    """The vocabulary as SKOS in Turtle: one concept scheme; signs and hints are hidden labels."""
    lines = [
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix topic: <urn:minutes-archive:topic:> .",
        "",
        "topic:scheme a skos:ConceptScheme ;",
        "    skos:prefLabel \"Topics of council minutes\"@en .",
    ]
    for topic in vocabulary.topics:
        facts = ["a skos:Concept", "skos:inScheme topic:scheme", f"skos:prefLabel {_literal(topic.pref_label)}"]
        facts += [f"skos:altLabel {_literal(label)}" for label in topic.alt_labels if label.lower() != topic.pref_label.lower()]
        names = {label.lower() for label in (topic.pref_label, *topic.alt_labels)}
        hidden = dict.fromkeys(label for label in (*topic.signs, *topic.hints) if label.lower() not in names)
        facts += [f"skos:hiddenLabel {_literal(label)}" for label in hidden]
        facts += [f"skos:broader topic:{other}" for other in topic.broader]
        facts += [f"skos:related topic:{other}" for other in topic.related if other not in topic.broader]
        facts += [f"skos:scopeNote {_literal(topic.note)}"] if topic.note else []
        facts += [] if topic.broader else ["skos:topConceptOf topic:scheme"]
        lines += ["", f"topic:{topic.id} " + " ;\n    ".join(facts) + " ."]
    return "\n".join(lines) + "\n"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"@en'
