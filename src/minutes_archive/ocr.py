"""OCR: the text of scanned PDFs, by a command of the user's own.

``settings.toml`` in the archive's folder names it:

    [ocr]
    command = ["scan-to-text", "{input}"]
    seconds = 300

The command is given the path of a PDF in place of ``{input}`` and prints its text to standard output: UTF-8, pages parted
by form feeds. What it printed is kept in ``cache/ocr/``, so that a scan is read once; the folder may be deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import tempfile
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from minutes_archive.bounded import shared_reader
from minutes_archive.durable import replace_file
from minutes_archive.errors import LoadError
from minutes_archive.model import Problem, Reading
from minutes_archive.workspace import Workspace

SECONDS = 300.0
# What makes a reading of the text, in a process that can be stopped.
_READ = "minutes_archive.parse.printed:read_scanned"
_INPUT = "{input}"
# How much of what a failing command says is told again. Code points.
_QUOTED = 200
# No minutes have more text than this, in bytes.
_MOST_TEXT = 32 * 1024 * 1024


@dataclass(frozen=True)
class Ocr:
    """The command that reads scans. ``seconds`` is what one file may take; ``cache`` keeps what was printed."""

    command: tuple[str, ...]
    seconds: float = SECONDS
    cache: Path | None = None

    @classmethod
    def of_archive(cls, workspace: Workspace, *, keep: bool = True) -> Ocr | None:
        """The command that the archive's settings name; None where they name none. ``keep`` what it prints in the cache.

        Raises LoadError where the settings can't be read or understood.
        """
        file = workspace.settings
        try:
            table = tomllib.loads(file.read_text("utf-8")).get("ocr", {})
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise LoadError(f"the settings in {file} can't be read: {error}; mend the file or do without it") from error
        if not isinstance(table, dict) or "command" not in table:
            return None
        command, seconds = table["command"], table.get("seconds", SECONDS)
        if not isinstance(command, list) or not all(isinstance(part, str) for part in command) or _INPUT not in command:
            raise LoadError(f'{file}: the OCR command is a list of words, one of them "{_INPUT}": command = ["ocr", "{_INPUT}"]')
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
            raise LoadError(f"{file}: the seconds that OCR may take are a number over 0: seconds = {SECONDS:g}")
        return cls(tuple(command), float(seconds), workspace.cache / "ocr" if keep else None)

    @property
    def name(self) -> str:
        """What tells this command from another: a digest of its words."""
        return "ocr/" + hashlib.sha256("\0".join(self.command).encode()).hexdigest()[:12]

    def read(self, content: bytes, reading: Reading) -> Reading:
        """The minutes in the scanned PDF ``content``, of which ``reading`` says that it is pictures alone.

        Where the command fails, ``reading`` comes back with a problem more that says why.
        """
        try:
            text = self._text(content)
            return shared_reader(_READ).read(text.encode("utf-8", "replace"), Path(self.command[0]).name)
        except LoadError as error:
            return replace(reading, problems=(*reading.problems, Problem("ocr_failed", "warning", "", str(error))))

    def _text(self, content: bytes) -> str:
        kept = self._kept(content)
        if kept is not None and kept.is_file():
            with contextlib.suppress(OSError):
                return kept.read_text("utf-8")
        text = self._run(content)
        if kept is not None:
            with contextlib.suppress(OSError):  # It is only a cache.
                replace_file(kept, text.encode())
        return text

    def _kept(self, content: bytes) -> Path | None:
        """Where the text of ``content`` is kept: another command is another text."""
        if self.cache is None:
            return None
        named = hashlib.sha256("\0".join(self.command).encode() + b"\0\0" + content).hexdigest()
        return self.cache / f"{named}.txt"

    def _run(self, content: bytes) -> str:
        name = self.command[0]
        with tempfile.TemporaryDirectory(prefix="minutes-ocr-", ignore_cleanup_errors=True) as folder:
            file, printed, said = Path(folder) / "scan.pdf", Path(folder) / "text", Path(folder) / "errors"
            file.write_bytes(content)
            command = [str(file) if part == _INPUT else part for part in self.command]
            # Into files, not pipes: what the command's own children hold open can't keep us waiting.
            with printed.open("wb") as output, said.open("wb") as errors:
                try:
                    ended = subprocess.run(
                        command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, timeout=self.seconds, check=False,
                    )
                except subprocess.TimeoutExpired as error:
                    raise LoadError(f"the OCR command {name} took over {self.seconds:g} s and was stopped") from error
                except (OSError, ValueError) as error:
                    raise LoadError(f"the OCR command {name} can't be run ({error}); see `ocr` in settings.toml") from error
            if ended.returncode:
                told = " ".join(said.read_bytes()[:4 * _QUOTED].decode("utf-8", "replace").split())[:_QUOTED]
                raise LoadError(f"the OCR command {name} failed with status {ended.returncode}: {told or 'it said nothing'}")
            if printed.stat().st_size > _MOST_TEXT:
                raise LoadError(f"the OCR command {name} printed more than {_MOST_TEXT // 1_048_576} MB")
            text = printed.read_bytes().decode("utf-8", "replace")
        if not text.strip():
            raise LoadError(f"the OCR command {name} found no text")
        return text
