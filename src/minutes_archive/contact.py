"""Contact: whom the webmaster of a site that is crawled may write to. It stands in the User-Agent of every request.

``$MINUTES_CONTACT`` names it, or ``settings.toml`` in the archive's folder:

    [crawl]
    contact = "records@fenmoor.example"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

from minutes_archive.durable import replace_file
from minutes_archive.errors import CrawlError
from minutes_archive.workspace import Workspace

VARIABLE = "MINUTES_CONTACT"
_TABLE = re.compile(r"^[ \t]*\[crawl\][ \t]*(?:#.*)?$", re.MULTILINE)


def read_contact(workspace: Workspace, environment: Mapping[str, str]) -> str | None:
    """The contact that the user set; None where none is. Raises ``CrawlError`` for settings that can't be understood."""
    if told := environment.get(VARIABLE, "").strip():
        return checked_contact(told, f"${VARIABLE}")
    try:
        table = tomllib.loads(_text(workspace)).get("crawl", {})
    except tomllib.TOMLDecodeError as error:
        raise CrawlError(f"the settings in {workspace.settings} can't be read: {error}; mend the file") from error
    said = table.get("contact") if isinstance(table, dict) else None
    return None if said is None else checked_contact(said, f"contact in {workspace.settings}")


def checked_contact(contact: object, where: str = "the contact") -> str:
    """``contact`` as it may stand in a field of a request. Raises ``CrawlError`` for what nobody can write to."""
    told = contact.strip() if isinstance(contact, str) else ""
    if len(told) > 200 or not re.fullmatch(r"[!-'*-~]+@[!-'*-~]+|https?://[!-'*-~]+", told):
        raise CrawlError(f"{where} is neither an e-mail address nor one on the web: {contact!r}")
    return told


def write_contact(workspace: Workspace, contact: str) -> None:
    """Write the contact into ``settings.toml``, which has none yet; what else stands there stays."""
    before = _text(workspace)
    line = f"contact = {json.dumps(contact)}"
    if _TABLE.search(before):
        text = _TABLE.sub(lambda table: f"{table[0]}\n{line}", before, count=1)
    else:
        text = f"{before.rstrip()}\n\n[crawl]\n{line}\n".lstrip()
    replace_file(workspace.settings, text.encode())


def _text(workspace: Workspace) -> str:
    try:
        return workspace.settings.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise CrawlError(f"the settings in {workspace.settings} can't be read: {error}; mend the file") from error
