"""Search bundles: Pagefind's index of one year's documents, made by Pagefind's own program.

The program is spoken to over its pipes (``pagefind --service``: base64 of JSON, each message ended by a comma); nothing is
written but the bundle, and no port is opened.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from minutes_archive.errors import MinutesArchiveError
from minutes_archive.export.site.documents import Document
from minutes_archive.export.site.folding import GAP

# What of Pagefind's output our own page needs: its API, the program for the browser, the index. Not its interfaces.
_NOT_NEEDED = (
    "pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight", "pagefind-worker", "wasm.unknown",
)
# Answers are read after so many questions: enough to keep the program busy, too little to fill its pipe.
_AHEAD = 64
_TITLE_WEIGHT = 3
# The page's script writes what is typed in the same way (assets/engines.js).
_END = "zq"
_LETTERS = str.maketrans({**{str(digit): f"q{letter}" for digit, letter in enumerate("abcdefghij")}, "/": "qx"})


class Pagefind:
    """A running Pagefind, see ``pagefind``."""

    def __init__(self, questions: IO[bytes], answers: BufferedReader) -> None:
        self._questions, self._answers = questions, answers
        self._rest = b""

    def write(self, documents: Iterable[Document], folder: Path) -> None:
        """Write the bundle of ``documents`` into ``folder``. Raises ``MinutesArchiveError`` where Pagefind says no."""
        index = self._ask({"type": "NewIndex", "config": {"force_language": "en"}})["index_id"]
        waiting = 0
        for document in documents:
            self._say({"type": "AddRecord", "index_id": index, **_record(document)})
            waiting += 1
            if waiting == _AHEAD:
                waiting -= self._hear_all(waiting)
        self._hear_all(waiting)
        # Written here: Pagefind says that its files are written while it still writes them, and is stopped before it has
        # (https://github.com/Pagefind/pagefind/issues/1271).
        for file in self._ask({"type": "GetFiles", "index_id": index})["files"]:
            path = folder / file["path"]
            if not path.name.startswith(_NOT_NEEDED):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(base64.b64decode(file["content"]))
        self._ask({"type": "DeleteIndex", "index_id": index})

    def _ask(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._say(payload)
        return self._hear()

    def _say(self, payload: dict[str, Any]) -> None:
        try:
            self._questions.write(base64.b64encode(json.dumps({"message_id": 1, "payload": payload}).encode()) + b",")
            self._questions.flush()
        except OSError as error:
            raise MinutesArchiveError(f"Pagefind, which makes the search of the site, stopped ({error})") from error

    def _hear_all(self, count: int) -> int:
        for _ in range(count):
            self._hear()
        return count

    def _hear(self) -> dict[str, Any]:
        pieces, end = [], b""
        while not end:
            piece, end, rest = (self._rest or self._answers.read1(1 << 16)).partition(b",")
            if not (piece or end):
                raise MinutesArchiveError("Pagefind, which makes the search of the site, stopped without a word")
            pieces.append(piece)
            self._rest = rest
        payload: dict[str, Any] = json.loads(base64.b64decode(b"".join(pieces)))["payload"]
        if payload["type"] == "Error":
            raise MinutesArchiveError(f"Pagefind, which makes the search of the site, said: {payload['message']}")
        return payload


@contextmanager
def pagefind() -> Iterator[Pagefind]:
    """Pagefind's program, running until the block ends. Raises ``MinutesArchiveError`` where it can't be started."""
    # Imported late: only this command needs it.
    from pagefind_bin import get_executable  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as nowhere:
        try:
            process = subprocess.Popen(
                [str(get_executable()), "--service"], cwd=nowhere, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
        except OSError as error:
            raise MinutesArchiveError(f"Pagefind, which makes the search of the site, can't be started ({error})") from error
        assert process.stdin is not None
        assert isinstance(process.stdout, BufferedReader)
        try:
            yield Pagefind(process.stdin, process.stdout)
        finally:
            process.kill()
            process.stdout.close()
            with suppress(OSError):
                process.stdin.close()
            process.wait()


def _record(document: Document) -> dict[str, Any]:
    title, text, extra = map(_written, document.terms)
    # Pagefind takes a word found in ``meta`` for all words found: so the title stands in the content, three times for its
    # weight. What a hit shows comes from its filters, and from the item's page.
    return {
        "url": "/" + document.url, "language": "en",
        "content": " ".join((f"{title} {_written(GAP)} " * _TITLE_WEIGHT, text, extra)),
        "meta": {"order": f"qx{document.order:05d}"},
        "filters": {name: list(values) for name, values in document.facets.items() if values}, "sort": {},
    }


def _written(terms: str) -> str:
    """Terms as Pagefind leaves them alone: letters only, and an ending that no other word goes on behind.

    Pagefind splits words at digits and marks, stems them once more, and finds words that begin with what is typed.
    """
    return " ".join(term.translate(_LETTERS) + _END for term in terms.split(" ") if term)
