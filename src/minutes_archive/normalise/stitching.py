"""Stitching: the text that a page cuts off is put together with the full text, wherever that came from.

A fragment belongs to an item by the site's own id, or, where it has none, because the cut text is how
it begins. The cut text must be a prefix of the full text after folding; where it is not, nothing is
replaced and a problem says so (both texts stay in their captures).

What is for officers never goes into an item that is public: neither its text, nor its documents, nor a word
that it exists. It becomes an item of its own beside the public one, for officers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from minutes_archive.access import may_see
from minutes_archive.identity import attachment_of, slug
from minutes_archive.model import BODY_FIELDS, Document, ParsedItem, ParsedMeeting, Piece, Problem, TextField
from minutes_archive.normalise.belonging import SHORTEST_PROOF, Places
from minutes_archive.normalise.copies import matches, only_in_copy
from minutes_archive.normalise.marks import in_time, is_withheld
from minutes_archive.text import compact

# Documents are found by title apart from addresses: a title with an address, or without one.
_LINKED, _BARE = "linked", "bare"


@dataclass(frozen=True)
class Part:
    """One item as another capture has it. ``whole``: that capture shows the whole meeting, at an earlier time."""

    piece: Piece
    item: ParsedItem
    whole: bool = False


@dataclass(frozen=True)
class Stitched:
    """An item with the fields that fragments filled, and the piece that each of those came from.

    ``aside`` is what officers hold on the same item, not to be mixed with it.
    """

    item: ParsedItem
    sources: dict[TextField, Piece]
    problems: tuple[Problem, ...]
    aside: Part | None = None


def stitch(page: Piece, others: Sequence[Piece]) -> list[Stitched]:
    """Every item of the meeting that ``page`` shows, with what those of ``others`` that belong to it add.

    The order in which they are given does not matter: of two for one item the later capture wins. Earlier showings of
    the whole meeting only fill in what this page cuts off or can't tell; what it no longer has stays gone.
    """
    meeting = page.reading.meeting
    assert meeting is not None
    mine: dict[int, list[Part]] = {}
    places = Places(meeting)
    for piece in sorted(others, key=in_time):
        for at, part in _parts(piece, page, meeting, places):
            mine.setdefault(at, []).append(part)
    return [
        *(_stitched(page, item, at, mine.get(at, [])) for at, item in enumerate(meeting.items)),
        *_only_in_copies(page, others),
    ]


def _stitched(page: Piece, item: ParsedItem, position: int, parts: Sequence[Part]) -> Stitched:
    # Whoever may see the page may see what is stitched into it.
    fit = [part for part in parts if may_see(page.capture.audience, part.piece.capture.audience)]
    hidden = [part for part in parts if part not in fit and not part.whole]
    filled = _fill(item, position, fit)
    withheld = is_withheld([*((part.piece, part.item.withheld) for part in parts), (page, item.withheld)])
    documents = _tightened(filled.item.documents, (part for part in parts if part not in fit))
    tight = replace(filled.item, withheld=withheld, documents=documents)
    return replace(filled, item=tight, aside=hidden[-1] if hidden else None)


def _only_in_copies(page: Piece, others: Sequence[Piece]) -> Iterator[Stitched]:
    """The items that copies of the meeting have and its page has not; of two copies the later one's."""
    found: dict[tuple[str | None, str], Stitched] = {}
    for piece in sorted(others, key=in_time):
        for item in only_in_copy(piece, places) if (places := matches(piece, page)) is not None else ():
            sources: dict[TextField, Piece] = {name: piece for name in BODY_FIELDS if getattr(item, name)}
            found[item.number, slug(item.title)] = Stitched(item, sources, ())
    yield from found.values()


def _parts(piece: Piece, page: Piece, meeting: ParsedMeeting, places: Places) -> Iterator[tuple[int, Part]]:
    """What ``piece`` has of single items of ``meeting``, each with the item's position there."""
    for fragment in piece.reading.fragments:
        at = places.of(fragment)
        if at is not None:
            yield at, Part(piece, fragment.item)
    earlier = piece.reading.meeting
    if earlier and earlier.site and (earlier.site, earlier.number) == (meeting.site, meeting.number):
        by_anchor: dict[str | None, int] = {item.anchor: at for at, item in enumerate(meeting.items) if item.anchor}
        for item in earlier.items:
            if item.anchor in by_anchor:
                yield by_anchor[item.anchor], Part(piece, item, whole=True)
    elif earlier:
        for own, place in (matches(piece, page) or {}).items():
            yield place, Part(piece, earlier.items[own])


def _fill(item: ParsedItem, position: int, parts: Sequence[Part]) -> Stitched:
    texts = {name: getattr(item, name) for name in BODY_FIELDS}
    cut, documents = set(item.cut), item.documents
    sources: dict[TextField, Piece] = {}
    problems: list[Problem] = []
    for part in parts:
        found = _labelled(part.item, item)
        for name in BODY_FIELDS:
            full = getattr(found, name)
            if not full or name in found.cut or (name not in item.cut and (getattr(item, name) or part.whole)):
                continue
            if name in item.cut and not compact(full).startswith(compact(getattr(item, name))):
                problems.append(_mismatch(position, name, part.piece))
                continue
            texts[name] = full
            sources[name] = part.piece
            cut.discard(name)
        documents = _united(documents, part.item.documents, add=not part.whole)
    issue = next((part.item.issue_id for part in reversed(parts) if part.item.issue_id), None)
    votes = item.votes or next((part.item.votes for part in reversed(parts) if part.item.votes), ())
    filled = replace(
        item, votes=votes, issue_id=item.issue_id or issue, agenda_text=texts["agenda_text"],
        decision_text=texts["decision_text"], minutes_text=texts["minutes_text"], cut=frozenset(cut), documents=documents,
    )
    return Stitched(filled, sources, tuple(problems))


def _labelled(found: ParsedItem, item: ParsedItem) -> ParsedItem:
    """``found`` with its text under the label that its page has lost, where it begins as a cut text of ``item`` does."""
    if found.minutes_text or found.decision_text:
        return found
    text = found.agenda_text
    for name in sorted(item.cut - {"agenda_text"}):
        cut = compact(getattr(item, name))
        if len(cut) >= SHORTEST_PROOF and compact(text).startswith(cut):
            texts: dict[str, Any] = {"agenda_text": "", name: text}
            return replace(found, **texts, cut=frozenset({name} if "agenda_text" in found.cut else ()))
    return found


def _united(known: Sequence[Document], found: Sequence[Document], add: bool) -> tuple[Document, ...]:
    """The documents of both lists, or of the first one alone, told in full; what either marks restricted is restricted."""
    united = list(known)
    places: dict[str, int] = {}
    for at, one in enumerate(united):
        _put(places, one, at)
    for one in found:
        place = _find(places, one)
        if place is not None:
            same = united[place]
            restricted = same.restricted or one.restricted
            united[place] = replace(same, size=same.size or one.size, restricted=restricted, reason=same.reason or one.reason)
        elif add:
            _put(places, one, len(united))
            united.append(one)
    return tuple(united)


def _tightened(documents: Sequence[Document], parts: Iterable[Part]) -> tuple[Document, ...]:
    """``documents``, those restricted that one of ``parts`` marks so; nothing else is told of what the parts say."""
    restricted: dict[str, int] = {}
    for one in (document for part in parts for document in part.item.documents if document.restricted):
        _put(restricted, one, 0)
    return tuple(replace(one, restricted=one.restricted or _find(restricted, one) is not None) for one in documents)


def _put(places: dict[str, int], one: Document, at: int) -> None:
    """Let a document be found at ``at``: by its address, by the file that names, by its title."""
    for name in (one.url, attachment_of(one.url or ""), f"{_LINKED if one.url else _BARE} {one.title}"):
        if name:
            places.setdefault(name, at)


def _find(places: dict[str, int], one: Document) -> int | None:
    """Where the same document was put.

    The same address is the same document; the same title is, unless the addresses tell them apart.
    """
    titles = [f"{_BARE} {one.title}", *([] if one.url else [f"{_LINKED} {one.title}"])]
    names = (one.url, attachment_of(one.url or ""), *titles)
    return min((places[name] for name in names if name in places), default=None)


def _mismatch(position: int, name: str, piece: Piece) -> Problem:
    origin = piece.capture.url or piece.capture.path or piece.capture.sha256
    return Problem(
        "stitch_mismatch", "warning", f"#{position}",
        f"the full {name.split('_', maxsplit=1)[0]} text from {origin} does not begin with the text that the page shows; "
        "the page's text was kept",
    )
