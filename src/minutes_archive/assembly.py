"""Assembly: material of any number of meetings put together to annotated meetings. Pure.

The same rules serve ``minutes parse`` (all files in hand) and the archive (material from captures).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from minutes_archive.access import Audience
from minutes_archive.annotate import annotate
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.material import ANNOTATE, Material, marks_of
from minutes_archive.model import RESTRICTIONS, Item, Meeting
from minutes_archive.normalise import is_register_of, matches, meeting_id_of, normalise, put_beside


def assemble(meeting_id: str, materials: Sequence[Material], vocabulary: Vocabulary) -> Meeting | None:
    """The present state of one meeting: of the pages and records that show it to the public the latest capture wins.

    What officers' files show beside them is put beside the public items.

    ``materials`` may hold fragments and pages of other meetings, which are passed over. None where nothing shows it.
    """
    showing = [one for one in materials if meeting_id in one.meeting_ids]
    public = [one for one in showing if _is_public(one, meeting_id)]
    theirs = [one for one in showing if one not in public]
    if not public or not theirs:
        return _state(meeting_id, public or theirs, materials, vocabulary)
    # Officers' files never take the place of public ones, nor public ones theirs: whatever came first or last.
    open_material = [one for one in materials if one.capture.audience is Audience.PUBLIC]
    # Of theirs only the marks that withhold an item count for the public.
    shown = _state(meeting_id, public, [*open_material, *(one for one in theirs if one not in open_material)], vocabulary)
    held = _state(meeting_id, theirs, materials, vocabulary)
    return put_beside(shown, held) if shown and held else shown or held


def _state(
    meeting_id: str, showing: Sequence[Material], materials: Sequence[Material], vocabulary: Vocabulary
) -> Meeting | None:
    latest = max(showing, key=lambda one: one.capture.sequence, default=None)
    if latest is None:
        return None
    if latest.piece is None:
        record = _record(latest, meeting_id)
        return annotate(_bare(record), vocabulary) if ANNOTATE in marks_of(latest.kind) else record
    others = [one.piece for one in materials if one.piece and one is not latest and one.tells_of(meeting_id)]
    return annotate(normalise(latest.piece, others), vocabulary)


def _record(material: Material, meeting_id: str) -> Meeting:
    return next(one for one in material.records if one.id == meeting_id)


def _is_public(material: Material, meeting_id: str) -> bool:
    """Whether the public may see what a page or record shows of a meeting."""
    if material.records:
        return _record(material, meeting_id).audience is Audience.PUBLIC
    return material.capture.audience is Audience.PUBLIC


def _bare(record: Meeting) -> Meeting:
    """A record as it was before anyone annotated it. That its source only shows a heading is no annotation."""
    items = tuple(
        replace(
            item, procedural=False, decisions=(), votes=(), exempt_paragraphs=(), restriction_reason=None, topics=(), evidence=(),
            restriction="withheld" if item.restriction == "withheld" else "open",
        )
        for item in record.items
    )
    return replace(record, items=items)


def annotate_anew(record: Meeting, vocabulary: Vocabulary) -> Meeting:
    """``record`` with what our own rules told of it told again; annotations that came with it, made by others, stay."""
    if not (record.annotator or "").startswith("rules/"):
        return record
    items = tuple(
        replace(item, restriction=_told_by_its_source(item), exempt_paragraphs=(), restriction_reason=None)
        for item in record.items
    )
    return annotate(replace(record, items=items), vocabulary)


def _told_by_its_source(item: Item) -> str:
    """The restriction that no rule set: what the service withholds is for officers, and what is unknown came with the record."""
    withheld = item.restriction == "withheld" and item.audience is Audience.OFFICER
    return item.restriction if withheld or item.restriction not in RESTRICTIONS else "open"


def owners(material: Material, pages: Iterable[Material]) -> frozenset[str]:
    """The ids of the meetings among ``pages`` that ``material`` belongs to: its fragments, its register, or as a copy."""
    reading = material.reading
    if reading is None or not (material.is_fragment or material.is_copy):
        return frozenset()
    if material.is_copy:
        return _original(material, pages)
    found = set()
    for page in pages:
        meeting = page.reading.meeting if page.reading else None
        if meeting is None or page.places is None or page.piece is None:
            continue
        if any(page.places.of(fragment) is not None for fragment in reading.fragments) or (
            reading.register is not None and is_register_of(reading.register, meeting)
        ):
            found.add(str(meeting_id_of(page.piece)))
    return frozenset(found)


def _original(copy: Material, pages: Iterable[Material]) -> frozenset[str]:
    """The id of the one meeting among ``pages`` that a copy is of; none where there are several."""
    pieces = [page.piece for page in pages if page.shows_meeting and page.piece]
    found = {str(meeting_id_of(piece)) for piece in pieces if copy.piece and matches(copy.piece, piece) is not None}
    return frozenset(found if len(found) == 1 else ())
