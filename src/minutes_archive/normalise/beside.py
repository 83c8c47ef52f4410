"""What officers hold on a public meeting, beside what the public sees of it; never mixed.

The public part stays what it would be without them. Where officers hold an item in other words it stands
beside the public one, with an id that ends in ``~officer``; items that only they hold stand at the end.
"""

from __future__ import annotations

from dataclasses import replace

from minutes_archive.access import Audience
from minutes_archive.model import BODY_FIELDS, Item, Meeting

OFFICER_MARK = "~officer"


def put_beside(public: Meeting, theirs: Meeting) -> Meeting:
    """``public`` with the items of ``theirs``, the same meeting from a source for officers, added for officers."""
    held = {item.id: item for item in theirs.items}
    known = {item.id for item in public.items}
    items: list[Item] = []
    for item in public.items:
        items.append(item)
        other = held.get(item.id)
        if other is not None and not _says_the_same(item, other) and item.id + OFFICER_MARK not in known:
            items.append(replace(_kept(other, theirs), id=item.id + OFFICER_MARK, parent=item.id))
    items += [_kept(item, theirs) for item in theirs.items if item.id not in known]
    placed = {item.id for item in items}
    problems = [one for one in theirs.problems if one.where in placed - known]
    numbered = tuple(replace(item, ordinal=ordinal) for ordinal, item in enumerate(items, start=1))
    return replace(public, items=numbered, problems=(*public.problems, *problems))


def _kept(item: Item, theirs: Meeting) -> Item:
    """An item of ``theirs`` for officers, its texts still those of the source that showed them."""
    texts = {name: theirs.source for name in ("title", *BODY_FIELDS) if getattr(item, name)}
    return replace(item, audience=Audience.OFFICER, text_sources=texts | item.text_sources)


def _says_the_same(item: Item, other: Item) -> bool:
    return (item.title, item.agenda_text, item.decision_text, item.minutes_text, item.documents) == (
        other.title, other.agenda_text, other.decision_text, other.minutes_text, other.documents
    )
