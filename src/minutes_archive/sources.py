"""Sources: the councils that an archive is fed from, as the user sees and edits them in ``sources.toml``.

    [fenmoor]
    url = "https://democracy.fenmoor.gov.uk/"
    platform = "moderngov"

A council is a few lines; the first crawl writes them, and changes none that are there.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minutes_archive.durable import replace_file
from minutes_archive.errors import WorkspaceError
from minutes_archive.identity import slug

_HEAD = """# The councils that this archive is fed from. Edit it as you like: `minutes crawl` only adds what is new.
# Under each name: url, platform (moderngov, cmis); if you wish: documents ("minutes" or "all"), delay (seconds).
"""


@dataclass(frozen=True)
class Source:
    """One council's site. ``name`` stands for the council in the records."""

    name: str
    url: str
    platform: str
    documents: str | None = None
    delay: float | None = None


def read_sources(path: Path) -> dict[str, Source]:
    """The sources by name; none where there is no file. Raises ``WorkspaceError`` naming the fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WorkspaceError(f"{path} can't be read ({error}); mend it, or move it away") from error
    return {name: _source(path, name, one) for name, one in raw.items()}


def add_source(path: Path, source: Source) -> None:
    """Write a new source below those that are there."""
    try:
        before = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        before = _HEAD
    said = {"url": source.url, "platform": source.platform}
    # JSON's strings are TOML's.
    lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items())
    replace_file(path, f"{before.rstrip()}\n\n[{source.name}]\n{lines}".encode())


def _source(path: Path, name: str, raw: Any) -> Source:
    def fault(what: str) -> WorkspaceError:
        return WorkspaceError(f"{path}: [{name}] {what}; mend it, or take the lines out")

    if slug(name) != name:
        raise fault(f"is no short name; write it as {slug(name)}")
    if not isinstance(raw, dict) or not isinstance(raw.get("url"), str):
        raise fault("has no url")
    for key, kinds in (("platform", str), ("documents", str), ("delay", int | float)):
        if key in raw and not isinstance(raw[key], kinds):
            raise fault(f"has a {key} that is no {'number' if key == 'delay' else 'text'}")
    if raw.get("documents") not in {None, "minutes", "all"}:
        raise fault('has documents that are neither "minutes" nor "all"')
    delay = raw.get("delay")
    return Source(
        name, raw["url"], raw.get("platform", "moderngov"), raw.get("documents"),
        None if delay is None else float(delay),
    )
