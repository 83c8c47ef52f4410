"""Bombs: small files that unpack to very much, entities that name each other. Memory stays small, no part is taken as whole."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from command_line import SAMPLE, typed
from fakes.crawled import crawled
from fakes.server import Reply
from faults.bad_servers import KEPT, TARGETS
from faults.trial import Case, Trial
from minutes_archive.capture import CaptureStore
from minutes_archive.crawl.http import Limits
from minutes_archive.workspace import Workspace

MOST = 256 * 1024 * 1024
MEGABYTE = 1024 * 1024
# Megabytes that a bomb unpacks to; more than any cap on a body (64 MB).
SIZES = (65, 200, 700)
PAGE = SAMPLE / "cabinet" / "ieListDocuments-3102.html"


def _gzip(size: int) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as stream:
        for _ in range(size):
            stream.write(b" " * MEGABYTE)
    return out.getvalue()


def _deflate(size: int) -> bytes:
    squeeze = zlib.compressobj(9)
    return b"".join(squeeze.compress(b" " * MEGABYTE) for _ in range(size)) + squeeze.flush()


def _brotli(size: int) -> bytes:
    import brotli  # noqa: PLC0415

    squeeze = brotli.Compressor(quality=1)
    packed = b"".join(squeeze.process(b" " * MEGABYTE) for _ in range(size))
    return bytes(packed + squeeze.finish())


def _warc(coding: str, body: bytes) -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/ieListDocuments.aspx?MId=9\r\n"
        "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:test:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def _zip_of_one(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.html", "w", force_zip64=True) as entry:
        for _ in range(size):
            entry.write(b"<" * MEGABYTE)
    return out.getvalue()


def _zip_in_zip(size: int) -> bytes:
    inner = _zip_of_one(size)
    for _ in range(3):
        inner = _zip({f"{number}.zip": inner for number in range(4)})
    return inner


def _zip_that_lies(size: int) -> bytes:
    """An entry that says it is small."""
    content = bytearray(_zip_of_one(size))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def _word(size: int) -> bytes:
    kinds = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    head = b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", kinds)
        archive.writestr("_rels/.rels", rels)
        with archive.open("word/document.xml", "w", force_zip64=True) as entry:
            entry.write(head)
            for _ in range(size):
                entry.write(b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * (MEGABYTE // 34))
            entry.write(b"</w:body></w:document>")
    return out.getvalue()


def _pdf(size: int) -> bytes:
    stream = _deflate(size)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (at, one) for at, one in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF\n"


def _entities(kind: str, size: int) -> bytes:
    """XML entities: each ten times the one before; one long one, named again and again; a file of the system."""
    if kind == "laughs":
        told = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 12))
        kinds = f'<!DOCTYPE meeting [<!ENTITY e0 "ha">{told}]>'
        return f'<?xml version="1.0"?>{kinds}<meeting><meetingid>&e11;</meetingid></meeting>'.encode()
    if kind == "quadratic":
        many = "&e;" * (size * 100)
        return f'<?xml version="1.0"?><!DOCTYPE meeting [<!ENTITY e "{"x" * 60_000}">]><meeting>{many}</meeting>'.encode()
    kinds = '<!DOCTYPE meeting [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return f'<?xml version="1.0"?>{kinds}<meeting><meetingid>&e;</meetingid></meeting>'.encode()


def _tar(size: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("x.html")
        info.size = size * MEGABYTE
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    return out.getvalue()


FILES: dict[str, Callable[[int], bytes]] = {
    "gzip.warc.gz": lambda size: _warc("gzip", _gzip(size)),
    "deflate.warc.gz": lambda size: _warc("deflate", _deflate(size)),
    "brotli.warc.gz": lambda size: _warc("br", _brotli(size)),
    "twice.warc.gz": lambda size: _warc("gzip, gzip", gzip.compress(_gzip(size))),
    "whole.warc.gz": _gzip,
    "one.zip": _zip_of_one,
    "nested.zip": _zip_in_zip,
    "lying.zip": _zip_that_lies,
    "word.docx": _word,
    "printed.pdf": _pdf,
    "laughs.xml": lambda size: _entities("laughs", size),
    "quadratic.xml": lambda size: _entities("quadratic", size),
    "outside.xml": lambda size: _entities("outside", size),
    "packed.html": _gzip,
    "packed.tar.gz": _tar,
    "page.html.gz": _gzip,
    "many.zip": lambda size: _zip({f"{number}.html": b"<" * (size * 10_000) for number in range(100)}),
}
_ANSWERS: dict[str, Callable[[int], bytes]] = {"gzip": _gzip, "deflate": _deflate, "x-gzip": _gzip}


def attempt(case: Case) -> str | None:
    """Add one bomb beside a good page, in a process whose memory is measured; or have a site answer with it."""
    size = SIZES[case.index // len(FILES) % len(SIZES)]
    if case.index % 6 == 5:
        return _answered(case, list(_ANSWERS)[case.index // 6 % len(_ANSWERS)], size)
    name = list(FILES)[case.index % len(FILES)]
    given, archive = case.folder / "in", case.folder / "archive"
    given.mkdir()
    (given / name).write_bytes(FILES[name](size))
    (given / "good.html").write_bytes(PAGE.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "faults.peak", "--archive", str(archive), "add", str(given)],
        capture_output=True,
        text=True,
        check=False,
        # A hundred pages may each take five seconds of a processor that is shared.
        timeout=900,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        encoding="utf-8",
    )
    held = int(done.stdout.split()[-1])
    what = f"{name} of {size} MB"
    if done.returncode or "Traceback" in done.stderr or "internal error" in done.stderr:
        return f"{what}: ended with {done.returncode}: {done.stderr[-500:]}"
    if held > MOST:
        return f"{what}: held {held // MEGABYTE} MB"
    return _sound(archive, what)


def _sound(archive: Path, what: str) -> str | None:
    """The good page is there, nothing is larger than a body may be, no file of the system was read."""
    shown = typed("--archive", archive, "search", "--json", "--limit", "100", "--full-text")
    if '"total": 0' in shown.out or "root:" in shown.out:
        return f"{what}: {shown.out[:300]}"
    store = CaptureStore(Workspace.open(archive), lambda: None)  # type: ignore[arg-type, return-value]
    large = [one.path for one in store.captures() if len(store.read(one.sha256)) > 64 * MEGABYTE]
    return f"{what}: kept as a body: {large}" if large else None


def _answered(case: Case, coding: str, size: int) -> str | None:
    """A body over the cap is never taken as whole. (What a fetch holds is measured where a crawl's cost is.)"""
    bomb = Reply(_ANSWERS[coding](size), fields={"Content-Encoding": coding})
    with crawled(case.folder) as site:
        site.limits = Limits(size=8 * MEGABYTE, total=60, silence=10)
        site.council.meetings = {number: site.council.meetings[number] for number in KEPT}
        site.council.faults[TARGETS["page"]] = lambda request: bomb
        done = site.run()
        whole = [one.url for one in CaptureStore(site.workspace, site.clock.now).captures() if not one.truncated and one.url]
        if "too large" not in (done.failed_urls[0].reason if done.failed_urls else ""):
            return f"{coding} of {size} MB: {done}"
        return f"{coding} of {size} MB: taken as whole" if [url for url in whole if "MId=3225&V" in url] else None


TRIAL = Trial(
    9, "bombs", "memory under 256 MB; nothing over the cap taken as whole; what lies beside it is loaded", 51, 2, attempt
)
