"""The search bundle: whole on the disk as soon as it is said to be written."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from minutes_archive.export.site.bundle import Pagefind, pagefind
from minutes_archive.export.site.documents import Document

DOCUMENT = Document("items/x/1.html", "Bikes", 1, ("Bikes on the common.",), ("bike", "bike common", ""), {"body": ("Cabinet",)})


class Asked:
    """Pagefind's pipe for questions, which keeps what it was asked."""

    def __init__(self, program: Pagefind) -> None:
        self._pipe, self.types = program._questions, []
        program._questions = self  # type: ignore[assignment]

    def write(self, question: bytes) -> int:
        self.types.append(json.loads(base64.b64decode(question.removesuffix(b",")))["payload"]["type"])
        return self._pipe.write(question)

    def flush(self) -> None:
        self._pipe.flush()


def test_no_file_is_left_to_a_program_that_is_stopped_before_it_has_written_it(tmp_path: Path):
    """It says that files are written before they are: some were empty, one site in thirty on a busy machine."""
    with pagefind() as program:
        asked = Asked(program)
        program.write([DOCUMENT], tmp_path)
    assert asked.types == ["NewIndex", "AddRecord", "GetFiles", "DeleteIndex"]
    names = {path.suffix for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size}
    assert {".pf_index", ".pf_fragment", ".pf_filter", ".pf_meta", ".pagefind"} <= names
    assert json.loads((tmp_path / "pagefind-entry.json").read_bytes())["languages"]["en"]["page_count"] == 1
    assert not list(tmp_path.glob("pagefind-ui*"))
