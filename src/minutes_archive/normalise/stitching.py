"""Stitching: the text that a page cuts off is put together with the full text, wherever that came from.

A fragment belongs to an item by the site's own id, or, where it has none, because the cut text is how
it begins. The cut text must be a prefix of the full text after folding; where it is not, nothing is
replaced and a problem says so (both texts stay in their captures).

What is for officers never goes into an item that is public: neither its text, nor its documents, nor a word
that it exists. It becomes an item of its own beside the public one, for officers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from minutes_archive.access import may_see
from minutes_archive.identity import slug
from minutes_archive.model import BODY_FIELDS, Document, Fragment, ParsedItem, ParsedMeeting, Piece, Problem, TextField
from minutes_archive.text import compact

# A cut text this short could begin many texts: it proves nothing. Code points without blanks.
SHORTEST_PROOF = 60


@dataclass(frozen=True)
class Stitched:
    """An item with the fields that fragments filled, and the piece that each of those came from.

    ``aside`` is what officers hold on the same item, not to be mixed with it.
    """

    item: ParsedItem
    sources: dict[TextField, Piece]
    problems: tuple[Problem, ...]
    aside: Piece | None = None


def belongs(fragment: Fragment, meeting: ParsedMeeting) -> int | None:
    """The position of the item of ``meeting`` that ``fragment`` is of, or None."""
    if fragment.anchor and fragment.site and meeting.site:
        if fragment.site != meeting.site:
            return None
        return next((at for at, item in enumerate(meeting.items) if item.anchor == fragment.anchor), None)
    by_words = [at for at, item in enumerate(meeting.items) if _begins_like(fragment, item)]
    if len(by_words) == 1:
        return by_words[0]
    if fragment.meeting_number and fragment.meeting_number == meeting.number:
        by_title = [at for at, item in enumerate(meeting.items) if slug(item.title) == slug(fragment.item.title)]
        return by_title[0] if len(by_title) == 1 else None
    return None


def stitch(page: Piece, fragments: Sequence[Piece]) -> list[Stitched]:
    """Every item of the meeting that ``page`` shows, with the text of those ``fragments`` that belong to it.

    The order in which the fragments are given does not matter: of two for one item the later capture wins.
    """
    meeting = page.reading.meeting
    assert meeting is not None
    mine: dict[int, list[Piece]] = {}
    for piece in sorted(fragments, key=lambda piece: (piece.capture.sequence, piece.capture.sha256)):
        if piece.reading.fragment is not None:
            at = belongs(piece.reading.fragment, meeting)
            if at is not None:
                mine.setdefault(at, []).append(piece)
    stitched = []
    for at, item in enumerate(meeting.items):
        # Whoever may see the page may see what is stitched into it.
        fit = [piece for piece in mine.get(at, []) if may_see(page.capture.audience, piece.capture.audience)]
        others = [piece for piece in mine.get(at, []) if piece not in fit]
        stitched.append(replace(_fill(item, at, fit), aside=others[-1] if others else None))
    return stitched


def _begins_like(fragment: Fragment, item: ParsedItem) -> bool:
    return any(
        len(compact(getattr(item, name))) >= SHORTEST_PROOF
        and compact(fragment.text).startswith(compact(getattr(item, name)))
        for name in item.cut
    )


def _fill(item: ParsedItem, position: int, pieces: Sequence[Piece]) -> Stitched:
    texts = {name: getattr(item, name) for name in BODY_FIELDS}
    cut, documents = set(item.cut), item.documents
    sources: dict[TextField, Piece] = {}
    problems: list[Problem] = []
    for piece in pieces:
        fragment = piece.reading.fragment
        assert fragment is not None
        for name in BODY_FIELDS:
            full = getattr(fragment.item, name)
            if not full or name in fragment.item.cut or (texts[name] and name not in item.cut):
                continue
            if name in item.cut and not compact(full).startswith(compact(getattr(item, name))):
                problems.append(_mismatch(position, name, piece))
                continue
            texts[name] = full
            sources[name] = piece
            cut.discard(name)
        documents = _united(documents, fragment.item.documents)
    filled = replace(
        item, agenda_text=texts["agenda_text"], decision_text=texts["decision_text"], minutes_text=texts["minutes_text"],
        cut=frozenset(cut), documents=documents,
    )
    return Stitched(filled, sources, tuple(problems))


def _united(known: Sequence[Document], found: Sequence[Document]) -> tuple[Document, ...]:
    """The documents of both lists; what either marks restricted is restricted."""
    united = list(known)
    for one in found:
        at = next((place for place, other in enumerate(united) if _is_same(one, other)), None)
        if at is None:
            united.append(one)
        elif one.restricted:
            united[at] = replace(united[at], restricted=True, reason=united[at].reason or one.reason)
    return tuple(united)


def _is_same(one: Document, other: Document) -> bool:
    """The same address is the same document; the same title is, unless the addresses tell them apart."""
    if one.url and other.url:
        return one.url == other.url
    return one.title == other.title


def _mismatch(position: int, name: str, piece: Piece) -> Problem:
    origin = piece.capture.url or piece.capture.path or piece.capture.sha256
    return Problem(
        "stitch_mismatch", "warning", f"#{position}",
        f"the full {name.split('_', maxsplit=1)[0]} text from {origin} does not begin with the text that the page shows; "
        "the page's text was kept",
    )
