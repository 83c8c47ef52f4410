"""WACZ 1.1.1: captures in one file that standard tools open and replay (https://specs.webrecorder.net/wacz/1.1.1/).

    archive/captures.warc.gz    the records, one gzip member each
    indexes/index.cdx.gz        a CDXJ line a record, sorted, in gzip members of 300 lines; index.idx says where each begins
    pages/pages.jsonl           the pages that a person would begin with
    datapackage.json            size and SHA-256 of all of these; datapackage-digest.json has its own

The same records give the same bytes: the only date in it is the one that the caller gives.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote, unquote_to_bytes, urlsplit

_VERSION = "1.1.1"
_WARC = "captures.warc.gz"
_LINES = 300
# Above this the zip needs its 64-bit form, which has to be said before a file in it is begun.
_LARGE = 2**31 - 2**24
_EARLIEST = 1980  # a zip knows no earlier year
_MOST_ESCAPES = 8
_SAFE = "%/:=&?~#+!$,;'@()*[]|-._"


@dataclass(frozen=True)
class Entry:
    """One record: its gzip member and what the index says of it. ``title`` None: no page that a person would begin with."""

    member: bytes
    url: str
    date: str
    media_type: str
    status: str
    digest: str
    title: str | None = None


@dataclass(frozen=True)
class Package:
    """What the file says of itself; ``made`` is the only date of making in it."""

    title: str
    description: str
    software: str
    made: dt.datetime


def write_wacz(stream: BinaryIO, head: bytes, entries: Iterable[Entry], size: int, package: Package) -> int:
    """Write ``entries`` behind the ``head`` member as WACZ to ``stream``, which can seek; the number of pages listed.

    ``size`` is how many bytes the records have at most.
    """
    lines: list[str] = []
    pages: list[dict[str, str]] = []
    with zipfile.ZipFile(stream, "w") as archive:
        parts = _Parts(archive, package.made)
        with parts.adding(f"archive/{_WARC}", large=size > _LARGE) as write:
            write(head)
            offset = len(head)
            for entry in entries:
                write(entry.member)
                lines.append(_cdxj(entry, offset))
                offset += len(entry.member)
                if entry.title is not None:
                    pages.append(_page(entry))
        data, index = _zipnum(sorted(lines))
        parts.add("indexes/index.cdx.gz", data)
        parts.add("indexes/index.idx", index)
        parts.add("pages/pages.jsonl", _json_lines([
            {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": False}, *pages,
        ]))
        described = _json({
            "profile": "data-package", "wacz_version": _VERSION, "title": package.title, "description": package.description,
            "created": package.made.strftime("%Y-%m-%dT%H:%M:%SZ"), "software": package.software, "resources": parts.resources,
        })
        parts.add("datapackage.json", described)
        parts.add("datapackage-digest.json", _json({"path": "datapackage.json", "hash": _sha256(described)}))
    return len(pages)


def url_key(url: str) -> str:
    """``url`` as indexes of WARC files sort it (SURT): host reversed, lower case, query in order, no escape without need.

    The escapes and the path as Safe Browsing has them (https://developers.google.com/safe-browsing/v4/urls-hashing).
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return quote(url.strip().lower(), safe=_SAFE)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return quote(re.sub("^file:/+", "file:/", url.strip(), flags=re.IGNORECASE).lower(), safe=_SAFE)
    host = re.sub(r"^www\d*\.", "", quote(parts.hostname, safe=_SAFE))
    reversed_host = ",".join(reversed(host.split(".")))
    where = f":{port}" if port and port != {"http": 80, "https": 443}[parts.scheme.lower()] else ""
    path = _plain_path(_unescaped(parts.path).lower()).rstrip("/") or "/"
    query = "&".join(sorted(_unescaped(parts.query).lower().split("&")))
    return f"{reversed_host}{where}){path}" + (f"?{query}" if query else "")


def _unescaped(text: str) -> str:
    """``text`` with its escapes undone, again and again, but for blanks, controls, "#", "%" and what is no ASCII."""
    raw = text.encode("utf-8", "replace")
    for _ in range(_MOST_ESCAPES):
        plain = unquote_to_bytes(raw)
        if plain == raw:
            break
        raw = plain
    return "".join(chr(one) if 0x20 < one < 0x7F and one not in b"#%" else f"%{one:02X}" for one in raw)


def _plain_path(path: str) -> str:
    """``path`` without empty steps, "." and ".."."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in {"", "."}:
            steps.append(step)
    return "/" + "/".join(steps)


class _Parts:
    """The files of a WACZ, none of them compressed again, and what the data package says of each."""

    def __init__(self, archive: zipfile.ZipFile, made: dt.datetime) -> None:
        self._archive = archive
        self._date = max(made.timetuple()[:6], (_EARLIEST, 1, 1, 0, 0, 0))
        self.resources: list[dict[str, object]] = []

    @contextmanager
    def adding(self, path: str, *, large: bool = False) -> Iterator[Callable[[bytes], None]]:
        """A function that adds bytes to the file ``path``."""
        info = zipfile.ZipInfo(path, self._date)
        info.create_system, info.external_attr = 3, 0o644 << 16  # the same on every system
        sha256, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=large) as out:

            def write(content: bytes) -> None:
                nonlocal size
                size += len(content)
                sha256.update(content)
                out.write(content)

            yield write
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{sha256.hexdigest()}", "bytes": size})

    def add(self, path: str, content: bytes) -> None:
        """Add the file ``path``."""
        with self.adding(path) as write:
            write(content)


def _cdxj(entry: Entry, offset: int) -> str:
    fields = {
        "url": entry.url, "mime": entry.media_type, "status": entry.status, "digest": entry.digest,
        "length": str(len(entry.member)), "offset": str(offset), "filename": _WARC,
    }
    return f"{url_key(entry.url)} {re.sub('[^0-9]', '', entry.date)[:14]} {json.dumps(fields)}\n"


def _zipnum(lines: list[str]) -> tuple[bytes, bytes]:
    """The sorted CDXJ lines in gzip members, and the index that says with which line each begins (ZipNum)."""
    data = b""
    meta = json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})
    index = f"!meta 0 {meta}\n"
    for block in (lines[start : start + _LINES] for start in range(0, len(lines), _LINES)):
        deflater = zlib.compressobj(wbits=zlib.MAX_WBITS + 16)
        member = deflater.compress("".join(block).encode()) + deflater.flush()
        place = {"offset": len(data), "length": len(member), "digest": _sha256(member)}
        index += f"{block[0].partition('{')[0].strip()} {json.dumps(place)}\n"
        data += member
    return data, index.encode()


def _page(entry: Entry) -> dict[str, str]:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{entry.url} {entry.date} {entry.digest}")
    return {"id": str(identity), "url": entry.url, "ts": entry.date, "title": entry.title or entry.url}


def _json_lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
