"""Pages as the crawler sees them: links, values of the service's XML, and what of a page is no noise.

Plain searches over the bytes: they are linear, know no nesting to run out of, and take a damaged page as it is.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

_ANCHOR = re.compile(r"<a\s([^<>]{0,4000})>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_OPTION = re.compile(r"""<option\s[^<>]{0,200}?\bvalue\s*=\s*["']?((?:19|20)\d\d)\b""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_TEXT = 600
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,4000}={0,2}")
_DOUBLY_ESCAPED = re.compile(r"&(?:amp;)+", re.IGNORECASE)

# What changes from one answer to the next though nothing is said anew: scripts, comments, hidden fields, sessions.
_HIDDEN = ((b"<script", b"</script"), (b"<style", b"</style"), (b"<!--", b"-->"))
_SILENT_TAG = re.compile(rb"<(?:input|meta|link)\b[^<>]{0,20000}>")
_NOISE = re.compile(
    rb"/\((?:[a-z]\([^)<>\"]{0,100}\)){1,4}\)(?=/)"
    rb"|[?&](?:amp;)?(?:zts|xxr|j|x|pk_\w{1,20}|utm_\w{1,20})=[^&\"'<>\s]{0,200}"
    rb"|\s(?:id|nonce|name|aria-[\w-]{1,40}|data-[\w-]{1,40})=(?:\"[^\"<>]{0,400}\"|'[^'<>]{0,400}')"
)
_PDF_NOISE = re.compile(
    rb"/(?:CreationDate|ModDate)\s{0,3}\([^()]{0,100}\)|/ID\s{0,3}\[[^\]]{0,400}\]"
    rb"|<xmp:(?:Create|Modify|Metadata)Date>[^<]{0,60}<|uuid:[0-9a-fA-F-]{36}"
)
_BLANKS = re.compile(rb"\s+")
_BIGGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Link:
    """A link as found: where to, its words, and the words behind it up to the next tag's end that says more."""

    href: str
    text: str
    tail: str = ""


def links(content: bytes) -> list[Link]:
    """Every link of a page, in order, entities resolved (also those escaped twice)."""
    text = content.decode("utf-8", "replace")
    found = []
    for anchor in _ANCHOR.finditer(text):
        href = _HREF.search(" " + anchor[1])
        if href is None:
            continue
        address = unwrapped(unescape(_DOUBLY_ESCAPED.sub("&", href[1] or href[2] or href[3] or "")))
        stretch = text[anchor.end() : anchor.end() + _LONGEST_TEXT]
        inside = re.split(r"</a\b", stretch, maxsplit=1, flags=re.IGNORECASE)[0]
        behind = stretch[len(inside):].partition(">")[2]
        tail = re.split(r"<(?:/li|li|/tr|/td|a)\b", behind, maxsplit=1, flags=re.IGNORECASE)[0]
        found.append(Link(address, plain(inside), plain(tail)))
    return found


def unwrapped(url: str) -> str:
    """The address that ``url`` carries in base64, as a council's own site shows another's pages (dossier 1.4); else ``url``."""
    for value in (part.partition("=")[2] for part in url.partition("?")[2].partition("#")[0].split("&")):
        packed = unquote(value).lstrip("+ ")
        if not _BASE64.fullmatch(packed):
            continue
        with contextlib.suppress(ValueError):
            told = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("ascii")
            inner = unquote(told.removeprefix("url=").partition("&")[0]) if told.startswith("url=") else told
            if inner.lower().startswith(("http://", "https://")):
                return inner
    return url


def years(content: bytes) -> list[int]:
    """The years that a page offers to choose from."""
    return sorted({int(year) for year in _OPTION.findall(content.decode("utf-8", "replace"))}, reverse=True)


def plain(markup: str) -> str:
    """The words of a stretch of markup on one line."""
    return " ".join(unescape(_TAG.sub(" ", markup)).replace("\xa0", " ").split())


def elements(xml: bytes, name: str) -> list[str]:
    """The stretches of an answer of the service that begin with ``<name>``, each to the next such or the end."""
    text = xml.decode("utf-8", "replace")
    return re.split(rf"<{name}\b[^<>]*>", text, flags=re.IGNORECASE)[1:]


def value(stretch: str, name: str) -> str:
    """The value of the first element ``name`` in a stretch of XML, on one line; "" where there is none."""
    found = re.search(rf"<{name}\b[^<>]*>([^<]*)", stretch, re.IGNORECASE)
    return " ".join(unescape(unescape(found[1])).split()) if found else ""


def root_of(xml: bytes) -> str:
    """The name of the first element, in lower case; "" where there is none."""
    start = xml[:4096].decode("utf-8-sig", "replace")
    found = re.search(r"<([A-Za-z][\w.-]*)", re.sub(r"<[?!][^<>]*>", "", start))
    return found[1].lower() if found else ""


def digest(content: bytes) -> str:
    """What a page or document says, without the noise in it, as a digest: the same as long as nothing is said anew."""
    if len(content) <= _BIGGEST and content.startswith(b"%PDF"):
        content = _PDF_NOISE.sub(b"", content)
    elif len(content) <= _BIGGEST and content.lstrip()[:1] == b"<":
        content = content.lower()
        for opening, closing in _HIDDEN:
            content = _without(content, opening, closing)
        content = _SILENT_TAG.sub(lambda tag: b"" if not tag[0].startswith(b"<input") or b"hidden" in tag[0] else tag[0], content)
        content = _BLANKS.sub(b" ", _NOISE.sub(b"", content))
    return hashlib.sha256(content).hexdigest()


def _without(content: bytes, opening: bytes, closing: bytes) -> bytes:
    """``content`` without the stretches from ``opening`` to ``closing``."""
    first, *rest = content.split(opening)
    return b"".join([first, *(part.partition(closing)[2] for part in rest)])
