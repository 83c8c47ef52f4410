"""Identity: ids that stay the same over re-crawls and re-parsing, and one canonicaliser for their parts.

An id is segments of ``[A-Za-z0-9._~-]`` joined by ``/``, made of the source's own ids where it has
them (host, meeting id, agenda item id), else of body, date, time and title; never of the text, which
changes from draft to confirmed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import NewType
from urllib.parse import parse_qsl, urljoin, urlsplit

from minutes_archive.text import fold_line

MeetingId = NewType("MeetingId", str)
ItemId = NewType("ItemId", str)

ID_SHAPE = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")
_MAX_SEGMENT = 80
# No real host with its folder is longer, and no number of 64 bits: with a segment more an id stays within its bounds.
_MAX_SITE = 250
_MAX_NUMBER = 19

# ASP.NET sessions in the path, as in /(S(wm5gga55b130f045qoanjja5))/ieListDocuments.aspx (dossier 1.4).
_SESSION = re.compile(r"/\((?:[A-Za-z]\([^()/]*\))+\)(?=/)")

# Page name (without .asp, .aspx) -> what it shows, and the names of the parameter that identifies it (dossier 1.3, 1.4).
_PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "ielistdocuments": ("meeting", ("mid", "meetingid")),
    "celistdocuments": ("meeting", ("mid", "meetingid")),
    "mgmeetingattendance": ("meeting", ("id",)),
    "mgai": ("item", ("id",)),
    "ielistmeetings": ("committee", ("cid", "committeeid")),
    "mgcommitteedetails": ("committee", ("id",)),
    "mgissuehistoryhome": ("issue", ("iid",)),
    "ieissuedetails": ("issue", ("iid",)),
}


@dataclass(frozen=True)
class PageIdentity:
    """What a ModernGov URL points at: ``kind`` meeting, item, committee or issue; ``number`` the site's id of it."""

    site: str
    kind: str
    number: str


def slug(text: str) -> str:
    """``text`` as one id segment: lower case, words joined by hyphens, at most 80 characters; "untitled" when empty."""
    plain = unicodedata.normalize("NFKD", fold_line(text).replace("’", "").replace("'", "").replace("&", " and "))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    return "-".join(words)[:_MAX_SEGMENT].strip("-") or "untitled"


def is_id(text: str) -> bool:
    """Whether ``text`` has the shape of an id and no segment that a file system would take for a way up."""
    return len(text) <= 400 and bool(ID_SHAPE.fullmatch(text)) and not any(set(s) == {"."} for s in text.split("/"))


def canonical_number(displayed: str) -> str | None:
    """An item's number as displayed, without blanks at its ends and trailing dot; None where there is none."""
    number = fold_line(displayed).rstrip(".").strip()
    return number or None


def site_number(text: str | None) -> str | None:
    """A number that a site gives (of a meeting, an item, a file), blanks at its ends gone; None where it is none."""
    number = (text or "").strip()
    # str.isdigit() alone takes "²" and the digits of other scripts, which no id may hold.
    return number if number.isascii() and number.isdigit() and len(number) <= _MAX_NUMBER else None


def clean_href(href: str) -> str:
    """A link as found on a page, without control characters (file names hold CR and LF) and blanks at its ends."""
    return re.sub(r"[\x00-\x1f\x7f]", "", href).strip()


def absolute_url(href: str, base: str | None) -> str | None:
    """``href`` against the page's URL, sessions taken out; None where it is no web address.

    As found where the page's own URL is not known.
    """
    href = clean_href(href)
    if not href:
        return None
    try:
        # A session in the path is of one visitor: an address that holds it would leak it and lead nowhere later.
        url = _SESSION.sub("", urljoin(base, href) if base else href)
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    return url if scheme in {"http", "https", ""} else None


def site_of(url: str | None) -> str | None:
    """Host (lower case, default port gone) and mount folder of a page: ``host`` or ``host/moderngov``.

    None for no address, and for one that names no host or none that could be: ids are made of it.
    """
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if not any(sign.isalnum() for sign in host):
        return None
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port != {"http": 80, "https": 443}.get(parts.scheme.lower()):
        host = f"{host}~{port}"
    path = _SESSION.sub("", parts.path)
    folder, documents, _ = re.sub("/documents/", "/documents/", path, flags=re.IGNORECASE).partition("/documents/")
    mount = folder if documents else path.rsplit("/", 1)[0]
    folders = [slug(part) for part in mount.split("/") if part]
    site = "/".join([re.sub(r"[^a-z0-9._~-]", "-", host), *folders])
    return site if len(site) <= _MAX_SITE else None


def page_identity(url: str | None) -> PageIdentity | None:
    """What a ModernGov URL identifies, whatever its case, order, aliases and noise; None where it is none."""
    if not url:
        return None
    try:
        parts = urlsplit(url.replace("&amp;", "&"))
        name = re.sub(r"\.aspx?$", "", parts.path.rsplit("/", 1)[-1].lower())
        if name not in _PAGES:
            return None
        kind, keys = _PAGES[name]
        values = {key.lower(): value for key, value in parse_qsl(parts.query)}
    except ValueError:
        return None
    site = site_of(url)
    number = next((found for key in keys if (found := site_number(values.get(key)))), None)
    return PageIdentity(site, kind, number) if site and number else None


def attachment_of(url: str) -> str | None:
    """The site and attachment id that a document's address names, as ``site/s41207``; None where it names none.

    ``mgConvert2PDF.aspx?ID=41207`` and ``documents/s41207/Report.pdf`` are one document.
    """
    found = re.search(r"/(?:documents/s([0-9]+)/|mgconvert2pdf\.aspx\?(?:[^#]{0,500}&)?id=([0-9]+)(?![^&#]))", url, re.IGNORECASE)
    return f"{site_of(url)}/s{found[1] or found[2]}" if found else None


def meeting_id(
    site: str | None, number: str | None, council: str | None, body: str | None, day: dt.date | None, time: str | None
) -> MeetingId:
    """The id of a meeting: the site's own where both site and number are known, else made of body, date and time."""
    if site and number:
        return MeetingId(f"{site}/{number}")
    owner = [slug(council)] if council else []
    if number:
        return MeetingId("/".join([*owner, slug(body or "meeting"), number]))
    moment = day.isoformat() if day else "undated"
    if time:
        moment += "-" + time.replace(":", "")
    return MeetingId("/".join([*owner, slug(body or "meeting"), moment]))


def item_id(meeting: MeetingId, number: str | None, title: str, taken: dict[str, int]) -> ItemId:
    """The id of an item in ``meeting``: the site's agenda item id, else the title's slug, numbered where it recurs.

    ``taken`` holds the ids given out so far in this meeting, each with the last number tried for it, and is added to.
    """
    base = f"{meeting}/{number or slug(title)}"
    candidate, count = base, taken.get(base, 0)
    while candidate in taken:
        count += 1
        candidate = f"{base}-{count + 1}"
    taken[base] = count
    taken[candidate] = taken.get(candidate, 0)
    return ItemId(candidate)
