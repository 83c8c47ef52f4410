"""Verifying: a reference held against the captured bytes. What is asked, in this order:

    item      is anything shown to this audience by that id?
    capture   are the bytes with that SHA-256 held, whole and unchanged?
    text      does reading them again give the item, with that field?
    words     do the quoted words stand there, or elsewhere in it?
    record    does the record of today still rest on these bytes?   (said, but no fault: minutes go from draft to confirmed)

Nothing is taken on trust: the bytes are read from the captures, hashed, and parsed anew; what the reading shows passes the
door before a word of it is told. Words that the reference does not name by their digest are never told at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from minutes_archive.access import may_see
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.assembly import assemble
from minutes_archive.bounded import shared_reader
from minutes_archive.capture import CaptureStore
from minutes_archive.citing import held
from minutes_archive.errors import CaptureError, NotFoundError
from minutes_archive.material import Captured, Material, marks_of, read_material
from minutes_archive.model import BODY_FIELDS, Capture, Item, Meeting
from minutes_archive.ocr import Ocr
from minutes_archive.records import ArchiveView
from minutes_archive.records.log import read_withdrawals
from minutes_archive.records.view import see
from minutes_archive.trace.reference import Passage, Reference, digest_of
from minutes_archive.workspace import Workspace

Asked = Literal["item", "capture", "text", "words", "record"]


@dataclass(frozen=True)
class Check:
    """One answer. ``holds`` None: nothing is wrong, but there is something to know."""

    asked: Asked
    holds: bool | None
    said: str


@dataclass(frozen=True)
class Verdict:
    """What became of one reference. ``quote`` holds the words as they stand in the captured bytes, where they were found."""

    reference: Reference
    checks: tuple[Check, ...]
    quote: str | None = None

    @property
    def holds(self) -> bool:
        """Whether all of it holds."""
        return all(check.holds is not False for check in self.checks)


class Verifier:
    """Verifies references for the audience of ``view``; what was read for one serves the next."""

    def __init__(self, workspace: Workspace, view: ArchiveView, vocabulary: Vocabulary) -> None:
        self._workspace = workspace
        self._view = view
        self._vocabulary = vocabulary
        self._store = CaptureStore(workspace, lambda: datetime.now(UTC))
        self._ocr = Ocr.of_archive(workspace)
        self._read: dict[str, Material] = {}
        self._derived: dict[tuple[str, frozenset[str]], Meeting | None] = {}

    def verify(self, references: Iterable[Reference]) -> Iterator[Verdict]:
        """The verdict on each of ``references``, in their order."""
        for reference in references:
            yield self._verdict(reference)

    def _verdict(self, reference: Reference) -> Verdict:
        try:
            meeting, item = held(self._view, reference.id)
        except NotFoundError as error:
            return Verdict(reference, (Check("item", False, str(error)),))
        checks = [Check("item", True, "it is held")]
        capture = self._store.capture(reference.sha256)
        if capture is None or not may_see(self._view.audience, capture.audience):
            said = f"no captured bytes with the SHA-256 {reference.sha256} are held"
            return Verdict(reference, (*checks, Check("capture", False, said)))
        try:
            size = len(self._store.read(reference.sha256))
        except CaptureError as error:
            return Verdict(reference, (*checks, Check("capture", False, str(error))))
        checks.append(Check("capture", True, f"{size:,} bytes captured on {capture.captured_at[:10]} have that SHA-256"))
        return self._reread(reference, capture, meeting, item, checks)

    def _reread(
        self, reference: Reference, capture: Capture, meeting: Meeting, item: Item | None, checks: list[Check]
    ) -> Verdict:
        """The rest: what the bytes show when they are read again."""
        derived = self._states(meeting.id, capture)
        # A record that was made elsewhere names the bytes that it was made of there; here it rests on its file of records.
        bytes_named = {capture.sha256, *(one.source.sha256 for one in self._material(capture).records if one.id == meeting.id)}
        passage = reference.passage
        if item is None:
            checks.append(_text_check(next(derived, None) is not None, "the meeting"))
            return Verdict(reference, (*checks, _record_check(bytes_named & {meeting.source.sha256})))
        texts: list[Item] = []
        for state in derived:
            if found := _item(state, item.id, bytes_named, passage):
                texts.append(found)
                if passage is None or _stands(found, passage):
                    break
        checks.append(_text_check(bool(texts), f"the item with its {passage.field}" if passage else "the item"))
        if not texts:
            return Verdict(reference, tuple(checks))
        record = _record_check(bytes_named & _sources(meeting, item, passage))
        if passage is None:
            return Verdict(reference, (*checks, record))
        check, quote = _find_words(texts, passage)
        return Verdict(reference, (*checks, check, record), quote)

    def _states(self, meeting_id: str, capture: Capture) -> Iterator[Meeting]:
        """The meeting as the captures show it: now, as it was when ``capture`` was the latest, and by that alone."""
        captures = {one.sha256: one for one in self._store.captures_of(meeting_id)} | {capture.sha256: capture}
        earlier = frozenset(sha256 for sha256, one in captures.items() if one.sequence <= capture.sequence)
        for chosen in dict.fromkeys((frozenset(captures), earlier, frozenset({capture.sha256}))):
            key = (meeting_id, chosen)
            if key not in self._derived:
                self._derived[key] = self._state(meeting_id, [one for sha256, one in captures.items() if sha256 in chosen])
            if (shown := self._derived[key]) is not None:
                yield shown

    def _state(self, meeting_id: str, captures: list[Capture]) -> Meeting | None:
        """What the audience may see of the meeting that ``captures`` show."""
        state = assemble(meeting_id, [self._material(one) for one in captures], self._vocabulary)
        return see(state, self._view.audience, read_withdrawals(self._workspace).of(state)) if state else None

    def _material(self, capture: Capture) -> Material:
        """What a capture holds, read from its bytes; nothing of one that is damaged, which another check tells."""
        if capture.sha256 not in self._read:
            try:
                content = self._store.read(capture.sha256)
            except CaptureError:
                return Material(capture, "unread", "")
            one = Captured(content, capture, marks_of(self._store.reading_kind(capture.sha256)))
            (self._read[capture.sha256],) = read_material([one], shared_reader(), self._ocr)
        return self._read[capture.sha256]


def _item(meeting: Meeting, item_id: str, bytes_named: set[str], passage: Passage | None) -> Item | None:
    """The item as ``meeting`` shows it, where what is asked of it was read from the bytes in question."""
    item = next((one for one in meeting.items if one.id == item_id), None)
    if item is None or not bytes_named & _sources(meeting, item, passage):
        return None
    return item if passage is None or item.text_of(passage.field) else None


def _sources(meeting: Meeting, item: Item, passage: Passage | None) -> set[str]:
    """The SHA-256 of what the field of ``passage`` was read from; without one, of all that the item was read from."""
    fields: tuple[str, ...] = (passage.field,) if passage else ("title", *BODY_FIELDS)
    return {item.text_sources.get(one, meeting.source).sha256 for one in fields}


def _text_check(found: bool, what: str) -> Check:
    return Check("text", found, f"read again, they show {what}" if found else f"read again, they do not show {what}")


def _record_check(rests: set[str]) -> Check:
    if rests:
        return Check("record", True, "the record of today rests on these bytes")
    return Check("record", None, "the record of today rests on a later capture: see `minutes show`")


def _stands(item: Item, passage: Passage) -> bool:
    words = item.text_of(passage.field)[passage.start : passage.end]
    return len(words) == passage.end - passage.start and digest_of(words) == passage.digest


def _find_words(texts: list[Item], passage: Passage) -> tuple[Check, str | None]:
    """Whether the words are where the reference says, else where they are; known by their digest."""
    length = passage.end - passage.start
    for item in texts:
        if _stands(item, passage):
            said = f"the words stand in {passage.field} from {passage.start} to {passage.end}"
            return Check("words", True, said), item.text_of(passage.field)[passage.start : passage.end]
    for item in texts:
        for field in (passage.field, *(one for one in ("title", *BODY_FIELDS) if one != passage.field)):
            text = item.text_of(field)
            for start in range(len(text) - length + 1):
                words = text[start : start + length]
                if digest_of(words) == passage.digest:
                    said = f"the words stand in {field} from {start} to {start + length}, not where the reference says"
                    return Check("words", False, said), words
    said = f"the words are not those of {passage.field} from {passage.start} to {passage.end}, nor anywhere else in the item"
    return Check("words", False, said), None
