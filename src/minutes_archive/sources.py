"""Sources: the councils that an archive is fed from, as the user sees and edits them in ``sources.toml``.

    [fenmoor]
    url = "https://democracy.fenmoor.gov.uk/"
    platform = "moderngov"

A council is a few lines; the first crawl writes them, and changes none that are there.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minutes_archive.access import Audience
from minutes_archive.crawl.site import PLATFORMS
from minutes_archive.durable import replace_file
from minutes_archive.errors import WorkspaceError
from minutes_archive.identity import slug

_CHOICES = {"platform": tuple(PLATFORMS), "documents": ("minutes", "all"), "audience": tuple(Audience)}
_HEAD = """# The councils that this archive is fed from. Edit it as you like: `minutes crawl` only adds what is new.
# Under each name: url, platform (moderngov, cmis); if you wish: documents ("minutes" or "all"), delay (seconds),
# audience ("officer": for whom its pages are, where the command line does not say).
"""


@dataclass(frozen=True)
class Source:
    """One council's site. ``name`` stands for the council in the records."""

    name: str
    url: str
    platform: str
    documents: str | None = None
    delay: float | None = None
    audience: Audience | None = None


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
    said = {"url": source.url, "platform": source.platform, **({"audience": source.audience} if source.audience else {})}
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
    if not re.match(r"https?://[^/\s]+(/|$)", raw["url"], re.IGNORECASE):
        raise fault("has a url that is no address on the web (https://…)")
    if unknown := raw.keys() - {"url", *_CHOICES, "delay"}:
        raise fault(f"has {min(unknown)!r}, which means nothing here; there are url, {', '.join(_CHOICES)} and delay")
    for key, choices in _CHOICES.items():
        if raw.get(key, choices[0]) not in choices:
            raise fault(f"has a {key} that is none of: {', '.join(choices)}")
    delay = raw.get("delay")
    if delay is not None and (isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay < math.inf):
        raise fault("has a delay that is no number of seconds")
    folder = raw["url"] if raw["url"].endswith("/") else raw["url"] + "/"
    return Source(
        name, folder, raw.get("platform", _CHOICES["platform"][0]), raw.get("documents"), None if delay is None else float(delay),
        Audience(raw["audience"]) if "audience" in raw else None,
    )
