"""A meeting annotated: each item's decisions, votes, restriction and topics, with the words they rest on."""

from __future__ import annotations

from dataclasses import replace

from minutes_archive.annotate.decisions import annotate_decisions
from minutes_archive.annotate.restriction import annotate_restrictions
from minutes_archive.annotate.topics import annotate_topics
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.annotate.votes import annotate_votes, printed_votes
from minutes_archive.model import Item, Meeting, Problem
from minutes_archive.procedural import is_procedural, procedural_kind

ANNOTATOR = "rules/1"


def annotate(meeting: Meeting, vocabulary: Vocabulary) -> Meeting:
    """``meeting`` with every item's annotations made anew; texts, ids and audiences stay as they are."""
    parents = {item.parent for item in meeting.items}
    items: list[Item] = []
    problems: list[Problem] = []
    for item in meeting.items:
        one = replace(item, procedural=is_procedural(item.title), decisions=(), votes=printed_votes(item), topics=(), evidence=())
        one, odd = annotate_decisions(one, procedural_kind(item.title), has_children=item.id in parents)
        items.append(annotate_votes(one))
        problems += odd
    marked = tuple(annotate_topics(item, vocabulary) for item in annotate_restrictions(items))
    kept = tuple(problem for problem in meeting.problems if problem.code not in {"typo_outcome", "conflicting_outcomes"})
    return replace(meeting, items=marked, annotator=ANNOTATOR, problems=(*kept, *problems))
