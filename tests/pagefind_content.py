"""What a Pagefind bundle holds, whatever order it was written in: two builds of the same documents differ in that alone.

The files are gzip with a mark before them; the content is CBOR (RFC 8949), of which Pagefind uses whole numbers, text and lists,
or JSON. The order of a filter's values is not fixed, and file names are hashes of their content.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

_MARK = b"pagefind_dcd"


def bundle_content(folder: Path) -> dict[str, Any]:
    """The content of each file of the bundle by its kind and, where the name tells nothing else, its place in order."""
    told: dict[str, Any] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        kind = path.relative_to(folder).as_posix()
        if path.suffix in {".js", ".pagefind"}:
            told[kind] = path.read_bytes()
        elif path.suffix in {".pf_fragment", ".pf_index"}:
            told[kind] = gzip.decompress(path.read_bytes())
        elif path.suffix == ".pf_filter":
            name, values = decoded(gzip.decompress(path.read_bytes()).removeprefix(_MARK))
            told[f"filter {name}"] = sorted(values)
    # The list of files, and Pagefind's own, name those files by hash: they say nothing else but how many pages there are.
    entry = json.loads((folder / "pagefind-entry.json").read_bytes())
    told["pages"] = {language: one["page_count"] for language, one in entry["languages"].items()}
    return told


def decoded(content: bytes) -> Any:
    """The value of one CBOR item."""
    value, rest = _item(content)
    assert not rest
    return value


def _item(content: bytes) -> tuple[Any, bytes]:
    kind, short = content[0] >> 5, content[0] & 31
    width = {24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0)
    number, rest = int.from_bytes(content[1:1 + width], "big") if width else short, content[1 + width:]
    if kind == 0:
        return number, rest
    if kind == 3:
        return rest[:number].decode(), rest[number:]
    assert kind == 4, "Pagefind's filters hold numbers, text and lists"
    values = []
    for _ in range(number):
        value, rest = _item(rest)
        values.append(value)
    return values, rest


def site_content(folder: Path) -> dict[str, Any]:
    """Every file of a site: its bytes, and of Pagefind's folders what they hold."""
    bundles = [path for path in (folder / "search").iterdir() if path.is_dir()] if (folder / "search").is_dir() else []
    files = (path for path in folder.rglob("*") if path.is_file() and not any(path.is_relative_to(one) for one in bundles))
    told: dict[str, Any] = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return told | {one.relative_to(folder).as_posix(): bundle_content(one) for one in bundles}
