"""A segment in the making: meetings in, one column file out. The same meetings always give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from minutes_archive.model import Item, Meeting
from minutes_archive.search.entry import entries
from minutes_archive.search.whoosh.columns import ColumnWriter, narrow
from minutes_archive.search.whoosh.fields import WORD_FIELDS
from minutes_archive.search.whoosh.inversion import write_postings
from minutes_archive.search.whoosh.labels import LabelsDraft
from minutes_archive.search.whoosh.lines import digest_of, pack, write_line
from minutes_archive.search.whoosh.stream import Chunks, Stream

# A segment is full at so many characters of text, or documents: what it takes to build one stays within 250 MB, and
# a document's number within two bytes.
_MOST_CHARACTERS = 18_000_000
MOST_DOCUMENTS = 1 << 16


@dataclass(frozen=True)
class Document:
    """What a segment keeps of an item besides its words and labels. ``shared`` and ``own`` are its line."""

    id: str
    day: int
    ordinal: int
    procedural: bool
    shared: bytes
    own: bytes


class Fill:
    """Tells when a segment is full, by what has been put into it."""

    def __init__(self) -> None:
        self.characters = 0
        self._documents = 0

    def has_room(self, meeting: Meeting) -> bool:
        """Whether a meeting still goes in, and counts it if so. The first always does."""
        characters = sum(map(_size, meeting.items))
        fits = self.characters + characters <= _MOST_CHARACTERS and self._documents + len(meeting.items) <= MOST_DOCUMENTS
        if fits or not self._documents:
            self.characters += characters
            self._documents += len(meeting.items)
            return True
        return False


def _size(item: Item) -> int:
    return len(item.title) + len(item.minutes_text) + len(item.decision_text) + len(item.agenda_text)


class Documents:
    """The columns of documents and meetings, gathered in order."""

    def __init__(self) -> None:
        self.labels = LabelsDraft()
        self._meetings: list[tuple[str, bytes, int]] = []
        self._held: list[Document] = []

    def __len__(self) -> int:
        return len(self._held)

    def put(self, document: Document) -> None:
        """Add the next document."""
        self._held.append(document)

    def end_meeting(self, identity: str, told: bytes) -> None:
        """Say that the documents since the last meeting are those of one; ``told`` is the digest of all that is known of it."""
        self._meetings.append((identity, told, len(self._held)))

    def write(self, writer: ColumnWriter) -> None:
        """Write all of it."""
        ids, digests, ends = zip(*self._meetings, strict=True) if self._meetings else ((), (), ())
        writer.put_texts("meeting_id", ids)
        writer.put("meeting_digest", np.frombuffer(b"".join(digests), np.uint8))
        writer.put("meeting_end", np.array(ends, np.uint32))
        writer.put("day", np.array([one.day for one in self._held], np.uint32))
        writer.put("ordinal", narrow(np.array([one.ordinal for one in self._held], np.int64)))
        writer.put("procedural", np.array([one.procedural for one in self._held], np.uint8))
        writer.put_texts("item_id", (one.id for one in self._held))
        shared = dict.fromkeys(one.shared for one in self._held)
        number_of = {packed: number for number, packed in enumerate(shared)}
        writer.put_bytes("shared", shared)
        writer.put("shared_of", narrow(np.array([number_of[one.shared] for one in self._held], np.int64)))
        writer.put_bytes("own", (one.own for one in self._held))
        self.labels.write(writer)


class Draft:
    """A segment made of meetings. ``chunks`` is what is known of words from segments before."""

    def __init__(self, chunks: Chunks) -> None:
        chunks.forget()
        self._stream = Stream(chunks)
        self._documents = Documents()

    def __len__(self) -> int:
        return len(self._documents)

    def put(self, meeting: Meeting) -> None:
        """Take in a meeting."""
        held = [(entry, *write_line(entry.line)) for entry in entries(meeting)]
        for entry, shared, own in held:
            number = len(self._documents)
            for field in WORD_FIELDS:
                if field in entry.words:
                    self._stream.take(number, field, entry.words[field])
            self._documents.labels.take(entry.labels)
            day = entry.day.toordinal() if entry.day else 0
            self._documents.put(Document(entry.line.id, day, entry.ordinal, entry.procedural, shared, pack(own)))
        self._documents.end_meeting(meeting.id, digest_of(held))

    def write(self, path: Path) -> None:
        """Write the segment as the file ``path``, durably; the draft is done with then."""
        documents, self._documents = self._documents, Documents()
        count = len(documents)
        writer = ColumnWriter(path)
        try:
            documents.write(writer)
            del documents
            write_postings(writer, self._stream.occurrences(), count)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
