"""Addresses: where the page of everything stands in the site. Stable, readable, and safe on every file system.

An id becomes a path of the same words, in lower case: systems that do not tell "A" from "a" would put two pages in one
place. What had to be changed (capitals, a device's name, length) is told apart by eight digits of its hash, behind a comma,
which no id holds.
"""

from __future__ import annotations

import hashlib
import re

from minutes_archive.identity import slug

# Windows has devices of these names in every folder, with any ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")
_ODD = re.compile(r"[^a-z0-9._~-]+")
# Windows takes 260 characters for a whole path, the user's own folders included.
_LONGEST = 120
_LONGEST_SEGMENT = 60


def safe_name(identity: str) -> str:
    """``identity`` as a relative path without an ending, different for different ids; never upwards, never a device."""
    segments = [_segment(one) for one in identity.lower().split("/")]
    name = "/".join(segments)
    if len(name) > _LONGEST:
        name = name[:_LONGEST].rstrip("/.-")
    if name == identity:
        return name
    return f"{name},{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _segment(one: str) -> str:
    plain = _ODD.sub("-", one)[:_LONGEST_SEGMENT].strip(".-") or "x"
    # A page "a.html" and a folder "a.html" can't stand side by side; and "nul.html" is a device as "nul" is.
    if _DEVICES.fullmatch(plain):
        plain = f"x-{plain}"
    return f"{plain}-x" if plain.endswith((".html", ".json", ".csv", ".atom")) else plain


def meeting_page(meeting_id: str) -> str:
    """The page of a meeting."""
    return f"meetings/{safe_name(meeting_id)}.html"


def item_page(item_id: str) -> str:
    """The page of an item."""
    return f"items/{safe_name(item_id)}.html"


def body_key(council: str | None, body: str | None) -> str:
    """What two ways of writing one body's name have in common: ``thornmere/planning-committee``."""
    return f"{slug(council) if council else 'unassigned'}/{slug(body) if body else 'unknown'}"


def body_page(key: str) -> str:
    """The page of a body."""
    return f"bodies/{safe_name(key)}.html"


def topic_page(topic: str) -> str:
    """The page of a topic."""
    return f"topics/{safe_name(topic)}.html"


def theme_page(theme: str) -> str:
    """The page of a saved theme."""
    return f"themes/{safe_name(theme)}.html"


def decision_page(code: str) -> str:
    """The page of a decision type."""
    return f"decisions/{safe_name(code.replace('_', '-'))}.html"


def year_page(year: str) -> str:
    """The page of a year's meetings."""
    return f"years/{year}.html"


def sibling(page: str, ending: str) -> str:
    """The other form of a list: ``topics/x.json`` of ``topics/x.html``."""
    return page.removesuffix(".html") + ending


def root_of(page: str) -> str:
    """The way from a page up to the site's own folder: ``../../`` for ``items/a/b.html``."""
    return "../" * page.count("/")
