"""The spool: the documents of each year on disk, so that the search of one year after the other is made in little memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from minutes_archive.export.site.documents import Document, documents
from minutes_archive.export.site.folding import Folding, Words
from minutes_archive.export.site.row import UNDATED
from minutes_archive.model import Meeting


class Spool:
    """Documents by year; see ``spooling``. The meetings are read once for all years that are wanted together."""

    def __init__(self, folder: Path, meetings: Callable[[], Iterator[Meeting]], folding: Folding) -> None:
        self._folder, self._meetings, self._folding = folder, meetings, folding
        self._wanted: set[str] = set()
        self._words: dict[str, Words] = {}

    def want(self, years: set[str]) -> None:
        """Name years that will be asked for."""
        self._wanted |= years

    def documents(self, year: str) -> Iterator[Document]:
        """The documents of a year."""
        self._fill(year)
        with self._file(year).open(encoding="utf-8") as stream:
            for line in stream:
                told = json.loads(line)
                yield Document(**told | {name: tuple(told[name]) for name in ("texts", "terms")})

    def words(self, year: str) -> Words:
        """What the words of a year tell."""
        self._fill(year)
        return self._words[year]

    def _fill(self, year: str) -> None:
        if year in self._words:
            return
        years = (self._wanted | {year}) - self._words.keys()
        self._words |= {one: Words() for one in years}
        with ExitStack() as open_files:
            files = {one: open_files.enter_context(self._file(one).open("w", encoding="utf-8")) for one in years}
            for meeting in self._meetings():
                of = meeting.date[:4] if meeting.date else UNDATED
                if of in files:
                    for document in documents(meeting, self._folding, self._words[of]):
                        files[of].write(json.dumps(asdict(document)) + "\n")

    def _file(self, year: str) -> Path:
        return self._folder / f"{year}.jsonl"


@contextmanager
def spooling(meetings: Callable[[], Iterator[Meeting]], folding: Folding) -> Iterator[Spool]:
    """A spool in a folder for the while; ``meetings`` gives the meetings, which have passed the door."""
    with tempfile.TemporaryDirectory() as folder:
        yield Spool(Path(folder), meetings, folding)
