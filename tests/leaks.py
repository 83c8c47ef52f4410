"""A scanner for planted words: in any spelling that a program may give them, in any container that it may put them in.

Words are found as they are, in lower and upper case and stemmed; in UTF-8, UTF-16, base64, hexadecimal digits, percent,
HTML and JSON escapes; and in what is packed: gzip members, zlib streams, zip files, and base64 of any of these.
"""

from __future__ import annotations

import base64
import html
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from urllib.parse import quote

import ahocorasick
import Stemmer

_PARTS = (
    ("Qu", "Vex", "Dru", "Zar", "Blu", "Fli", "Gro", "Kli", "Mro", "Wra"), ("ill", "arr", "umb", "onk", "isp"),
    ("oxby", "ewick", "umple", "azzen", "orf"),
)
_LETTERS = str.maketrans("0123456789", "oieauywvzq")
_DEEPEST = 4
_MOST = 1 << 24
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")
_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


def nonsense(count: int, seed: int) -> list[str]:
    """Words that stand in no minutes, all different, none within another."""
    chance = random.Random(seed)
    words = [
        f"{head}{middle}{tail}{chance.choice('bdfgkmpz')}{chance.choice('aeou')}x{f'{number:02d}'.translate(_LETTERS)}"
        for number, (head, middle, tail) in enumerate(product(*_PARTS))
    ]
    chance.shuffle(words)
    return words[:count]


def spellings(word: str) -> Iterator[bytes]:
    """The ways in which a word may stand in bytes."""
    stem = Stemmer.Stemmer("english").stemWord(word.lower())
    for one in dict.fromkeys((word, word.lower(), word.upper(), stem)):
        raw = one.encode()
        yield from (raw, one.encode("utf-16-le"), one.encode("utf-16-be"))
        yield from (raw.hex().encode(), raw.hex().upper().encode())
        yield from (quote(one).encode(), *("".join(f"%{byte:{form}}" for byte in raw).encode() for form in ("02X", "02x")))
        yield from (html.escape(one).encode("ascii", "xmlcharrefreplace"), json.dumps(one)[1:-1].encode())
        yield from ("".join(f"&#{ord(sign)};" for sign in one).encode(), "".join(f"&#x{ord(sign):x};" for sign in one).encode())
        yield "".join(f"\\u{ord(sign):04x}" for sign in one).encode()
        for text in (raw, one.encode("utf-16-le")):
            yield from _within_base64(text)


def _within_base64(text: bytes) -> Iterator[bytes]:
    """What is the same in base64 of ``text``, whatever stands before and behind it."""
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(bytes(shift) + text + bytes(-(shift + len(text)) % 3)).rstrip(b"=")
            yield encoded[(0, 2, 3)[shift]: (len(text) + shift) * 8 // 6]


@lru_cache(maxsize=16)
def _automaton(words: tuple[str, ...]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word in words:
        for spelling in spellings(word):
            automaton.add_word(spelling.decode("latin-1"), word)
    automaton.make_automaton()
    return automaton


def found_in(content: bytes, words: Iterable[str]) -> set[str]:
    """Which of ``words`` stand in ``content`` or in what is packed in it."""
    automaton = _automaton(tuple(words))
    return {word for part in unpacked(content) for _, word in automaton.iter(part.decode("latin-1"))}


def unpacked(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and whatever is packed in them, several times over."""
    yield content
    if depth == _DEEPEST:
        return
    for packed in _packed(content):
        yield from unpacked(packed, depth + 1)


def _packed(content: bytes) -> Iterator[bytes]:
    for match in _PACKED.finditer(content):
        bits = zlib.MAX_WBITS + 16 if match[0].startswith(b"\x1f") else zlib.MAX_WBITS
        try:
            yield zlib.decompressobj(bits).decompress(content[match.start():], _MOST)
        except zlib.error:
            continue
    if b"PK\x05\x06" in content:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for entry in archive.infolist():
                    # What is stored as it is was looked at already.
                    if entry.compress_type != zipfile.ZIP_STORED:
                        yield archive.read(entry)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            pass
    for match in _BASE64.finditer(content):
        try:
            yield base64.b64decode(match[0].rstrip(b"=") + b"==", altchars=b"-_" if set(b"-_") & set(match[0]) else None)
        except ValueError:
            continue


def leaks(place: Path, words: Iterable[str]) -> list[str]:
    """Where in or below ``place`` any of the words can be found: in the bytes of files, and in their names."""
    words = tuple(words)
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    return [
        f"{path.name}: {word}"
        for path in files
        for word in sorted(found_in(path.read_bytes(), words) | found_in(str(path.relative_to(place.parent)).encode(), words))
    ]
