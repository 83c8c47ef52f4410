"""The scanner itself: a planted word is found in every spelling and every container, and nowhere else."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import SAMPLE
from leaks import found_in, leaks, nonsense

WORDS = (*nonsense(20, seed=7), "Zárnwhistlé")
SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda word: word.encode(),
    "lower": lambda word: word.lower().encode(),
    "upper": lambda word: word.upper().encode(),
    "utf-16": lambda word: f"x{word} y".encode("utf-16"),
    "utf-16-be": lambda word: word.encode("utf-16-be"),
    "hex": lambda word: word.encode().hex().encode(),
    "percent": lambda word: "".join(f"%{byte:02X}" for byte in word.encode()).encode(),
    "html": lambda word: "".join(f"&#{ord(sign)};" for sign in word).encode(),
    "html hex": lambda word: "".join(f"&#x{ord(sign):x};" for sign in word).encode(),
    "json": lambda word: json.dumps({"title": word}).encode(),
    "json escapes": lambda word: "".join(f"\\u{ord(sign):04x}" for sign in word).encode(),
    "base64": lambda word: base64.b64encode(word.encode() + b" and more"),
    "base64, a byte before": lambda word: base64.b64encode(b"x" + word.encode() + b" and more"),
    "base64, two bytes before": lambda word: base64.b64encode(b"xy" + word.encode() + b" and more"),
    "base64 of utf-16": lambda word: base64.b64encode(b"z" + word.encode("utf-16-le") + b"!"),
}


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", content)
    return out.getvalue()


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: b"before " + content + b" behind",
    "gzip": lambda content: b"before" + gzip.compress(b"x" * 99) + gzip.compress(b"text " + content),
    "zlib": lambda content: b"\x00\x78before" + zlib.compress(b"text " + content, 9) + b"behind",
    "zip": lambda content: zipped(b"text " + content),
    "gzip in zip": lambda content: zipped(gzip.compress(b"text " + content)),
    "zip in gzip in zlib": lambda content: zlib.compress(gzip.compress(zipped(content))),
    "base64 of gzip": lambda content: b'"data": "' + base64.b64encode(gzip.compress(b"text " * 20 + content)) + b'"',
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_planted_word_is_found(spelling: str, container: str):
    for word in WORDS:
        assert found_in(CONTAINERS[container](SPELLINGS[spelling](word)), WORDS) == {word}


def test_a_word_in_a_file_name_is_found(tmp_path: Path):
    (tmp_path / f"{WORDS[0].lower()}.pdf").write_bytes(b"")
    assert leaks(tmp_path, WORDS) == [f"{WORDS[0].lower()}.pdf: {WORDS[0]}"]


def test_nothing_is_found_where_nothing_was_planted():
    assert leaks(SAMPLE, nonsense(200, seed=1)) == []


def test_the_words_are_many_and_different():
    words = nonsense(200, seed=1)
    assert len(set(words)) == 200
    assert not [(one, other) for one in words for other in words if one != other and one.lower() in other.lower()]
