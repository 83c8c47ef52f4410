"""A meeting annotated: each item's decisions, votes, restriction and topics, with the words they rest on."""

from __future__ import annotations

from dataclasses import replace

from minutes_archive.access import Audience
from minutes_archive.annotate.decisions import annotate_decisions
from minutes_archive.annotate.restriction import annotate_restrictions
from minutes_archive.annotate.topics import annotate_topics
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.annotate.votes import annotate_votes, printed_votes
from minutes_archive.model import Item, Meeting, Problem
from minutes_archive.procedural import is_procedural, procedural_kind

ANNOTATOR = "rules/4"
# The problems that annotating finds: made anew with the annotations.
_OURS = frozenset({"typo_outcome", "conflicting_outcomes", "vote_count_differs"})


def annotate(meeting: Meeting, vocabulary: Vocabulary) -> Meeting:
    """``meeting`` with every item's annotations made anew; texts, ids and audiences stay as they are.

    Public items are annotated as though nothing else were there, so that nothing in them tells of an item for officers.
    """
    shown = tuple(item for item in meeting.items if item.audience is Audience.PUBLIC)
    public = _annotate(replace(meeting, items=shown), vocabulary)
    if len(shown) == len(meeting.items):
        return public
    known = {item.id: item for item in public.items}
    whole = _annotate(meeting, vocabulary)
    theirs = tuple(problem for problem in whole.problems if problem.where not in known and problem not in public.problems)
    items = tuple(known.get(item.id, item) for item in whole.items)
    return replace(whole, items=items, problems=(*public.problems, *theirs))


def _annotate(meeting: Meeting, vocabulary: Vocabulary) -> Meeting:
    parents = {item.parent for item in meeting.items}
    items: list[Item] = []
    problems: list[Problem] = []
    for item in meeting.items:
        one = replace(item, procedural=is_procedural(item.title), decisions=(), votes=printed_votes(item), topics=(), evidence=())
        # A vote may be all that tells of a decision.
        one, differing = annotate_votes(one)
        one, odd = annotate_decisions(one, procedural_kind(item.title), has_children=item.id in parents)
        items.append(one)
        problems += (*odd, *differing)
    body = vocabulary.of_body(meeting.body)
    marked = tuple(annotate_topics(item, vocabulary, body) for item in annotate_restrictions(items, meeting.date))
    kept = tuple(problem for problem in meeting.problems if problem.code not in _OURS)
    return replace(meeting, items=marked, annotator=ANNOTATOR, problems=(*kept, *problems))
