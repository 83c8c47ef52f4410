"""Damaged pages: what becomes of good pages when tags, attributes, bytes, entities and lines are damaged at random.

    PYTHONPATH=src:tests python -m accuracy.mutants [--count 10000] [--seed 1] [--keep FOLDER]

Every mutant is read in a worker process. It may crash none, take no longer than the limit without being cut off, and lose
nothing in silence: a sentence of the good page (24 letters or more) that a plain tokeniser still sees in the mutant must be in
the reading, or some problem must say that text was not read. What is not counted: a page that is refused as a whole, which says
so itself; up to 16 letters of a sentence; text that the page had not shown as an item's. The same seed makes the same mutants.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path
from random import Random

from minutes_archive.bounded import BoundedReader, Limits
from minutes_archive.model import BODY_FIELDS, Reading
from minutes_archive.parse import read
from minutes_archive.parse.visible import content_of

TESTS = Path(__file__).parents[1]
SAMPLE = TESTS.parent / "corpus" / "sample"
# Pages are cut off by their processor time; by the clock, on a machine that does other work, they may take so many times that.
BY_THE_CLOCK = 6
DEPTHS = (10, 255, 300, 2_500, 20_000, 100_000)
# Problems that say that text of the page is not in its items.
SAYS_LOSS = frozenset({
    "text_left_out", "text_before_items", "text_outside_items", "cut_off", "parser_failed", "nested_too_deep",
    "not_published", "damaged_xml",
})
# Parsers that give no account of the text they read (minutes_archive.parse.account): their drops are counted apart.
UNACCOUNTED = ("plain-minutes", "markdown")
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_BROKEN_OFF = re.compile(r"<[a-zA-Z/][^<>]*\Z")
_ATTRIBUTE = re.compile(r"""\s[a-zA-Z-]+=("[^"<>]*"|'[^'<>]*')""")
_SENTENCE = re.compile(r"(?<=[.;:])\s+|\n+")
_SHORTEST_WITNESS = 24
_SHORTEST_PIECE = 8
# So many letters may be lost of a page without a word: the crumbs that the parsers' own account lets pass.
_CRUMBS = 16
# What is left of a sentence that says who was away when the names are taken out: the reading holds it as attendance.
_AWAY = re.compile(r"(?:apologies|forabsence|was|were|received|accepted|given|sent|and|from|by|cllrs?|councillors?|mrs?|ms)+")
_OPENINGS = (
    "<script>", "<!--", "<plaintext>", "<textarea>", "<title>", "<frameset>", "<template>", "<svg>", "<math>", "<noscript>",
    "<select>", "<xmp>", "<table>", "<form>", "<![CDATA[", "<?php", "</body>", "</html>", "<base href='x'>", "<a href='", "\x00",
)
_ENTITIES = (
    "&#0;", "&#1;", "&#999999999;", "&#xD800;", "&nbsp", "&", "&amp;amp;", "&lt;p&gt;", "&copy", "&#128;", "&unknown;", "&#8203;",
)
_NESTED = (("<b>", "</b>"), ("<div>", "</div>"), ("<span class=x>", "</span>"), ("<table><tr><td>", "</td></tr></table>"),
           ("<ul><li>", "</li></ul>"), ("<font>", "</font>"), ("<blockquote>", "</blockquote>"), ("<p>", ""))


@dataclass(frozen=True)
class Good:
    """A page that is read well, and the sentences that its items hold, as letters and digits."""

    name: str
    content: bytes
    witnesses: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        return self.content.lstrip()[:1] == b"<"


@dataclass
class Figures:
    """What was measured. ``crashes``, ``drops`` and ``slow`` name the mutants.

    ``unaccounted`` are drops of layouts whose text is not held against their reading yet.
    """

    count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    cut_off: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    slowest: float = 0.0


def good_pages() -> list[Good]:
    """Every golden source and every file of the sample that is read as meeting or item."""
    paths = sorted((TESTS / "golden").glob("*/source*")) + sorted(SAMPLE.glob("*/*"))
    found = []
    for path in paths:
        if path.suffix not in {".html", ".txt", ".xml"}:
            continue
        content = path.read_bytes()
        reading = read(content)
        if reading.meeting is not None or reading.fragments:
            found.append(Good(f"{path.parent.name}/{path.name}", content, tuple(_witnesses(reading, content))))
    return found


def mutants(pages: Sequence[Good], count: int, seed: int) -> Iterator[tuple[str, Good, bytes]]:
    """``count`` damaged pages: the damage done, the good page, the bytes."""
    return (mutant(pages, number, seed) for number in range(count))


def mutant(pages: Sequence[Good], number: int, seed: int) -> tuple[str, Good, bytes]:
    """One of them, by its number."""
    chance = Random(f"{seed}/{number}")
    page = pages[number % len(pages)]
    mutators = PAGE_MUTATORS if page.is_page else TEXT_MUTATORS
    chosen = [chance.choice(mutators) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    content = page.content
    for mutator in chosen:
        content = mutator(content, chance)
    return f"{number}:{page.name}:{'+'.join(one.__name__ for one in chosen)}", page, content


def lost_in_silence(page: Good, content: bytes, reading: Reading) -> list[str]:
    """The sentences of the good page that stand in its mutant, are not in the reading, and of which no problem tells."""
    if reading.meeting is None and not reading.fragments:
        return [] if reading.problems else ["(nothing is said)"]
    if SAYS_LOSS.intersection(problem.code for problem in reading.problems):
        return []
    # What stands in a <textarea> without end is text with its tags, to browsers too: it was read, tags and all.
    out = letters(_TAG.sub("", " ".join(_strings(reading))))
    missing = [
        one for one in page.witnesses if one not in out and not _in_pieces(one, out) and not _is_attendance(one, reading)
    ]
    if not missing:
        return []
    # A sentence that is in the mutant as whole as it was in the page: the tokeniser is asked only where it matters.
    seen = letters(visible(content, reading.platform != "html"))
    return [one for one in missing if one in seen]


def measure(pages: Sequence[Good], count: int, seed: int, keep: Callable[[str, bytes], None] | None = None) -> Figures:
    """Read ``count`` mutants; ``keep`` is given those that fail."""
    figures = Figures()
    limits = Limits()
    with BoundedReader(limits=limits) as reader:
        for name, page, content in mutants(pages, count, seed):
            start = time.monotonic()
            reading = reader.read(content)
            seconds = time.monotonic() - start
            figures.count += 1
            figures.kinds[reading.kind] += 1
            figures.slowest = max(figures.slowest, seconds)
            told = {problem.code: problem.message for problem in reading.problems}
            failures = []
            if "cut_off" in told:
                # A worker that ended by itself crashed; one over its limits was cut off, as it should be.
                where = figures.crashes if "ended the process" in told["cut_off"] else figures.cut_off
                where.append(f"{name}: {told['cut_off']}")
                failures.append(name)
                # The next one is not to wait for the new worker by its own clock.
                reader.read(b"")
            elif seconds > limits.seconds * BY_THE_CLOCK:
                figures.slow.append(name)
            if "parser_failed" in told:
                figures.crashes.append(f"{name}: {told['parser_failed']}")
                failures.append(name)
            if lost := lost_in_silence(page, content, reading):
                where = figures.unaccounted if reading.parser.startswith(UNACCOUNTED) else figures.drops
                where.append(f"{name}: {len(lost)} sentences, as {lost[0][:50]}")
                failures.append(name)
            if failures and keep:
                keep(name, content)
    return figures


# Damage to tags and text of pages; each takes the bytes and the chance that decides.

def delete_tags(content: bytes, chance: Random) -> bytes:
    return _at_tags(content, chance, lambda tag, _: "")


def double_tags(content: bytes, chance: Random) -> bytes:
    return _at_tags(content, chance, lambda tag, _: tag * 2)


def swap_tags(content: bytes, chance: Random) -> bytes:
    return _at_tags(content, chance, lambda tag, tags: chance.choice(tags))


def rename_tags(content: bytes, chance: Random) -> bytes:
    name = chance.choice(("x", "p", "td", "tr", "li", "table", "h1", "select", "b"))
    return _at_tags(content, chance, lambda tag, _: re.sub(r"[a-zA-Z][a-zA-Z0-9]*", name, tag, count=1))


def break_tags(content: bytes, chance: Random) -> bytes:
    return _at_tags(content, chance, lambda tag, _: tag[: chance.randrange(1, len(tag))])


def damage_attributes(content: bytes, chance: Random) -> bytes:
    def damage(match: re.Match[str]) -> str:
        whole = match[0]
        if chance.random() > 0.05:
            return whole
        return chance.choice((
            "", whole * 2, whole[:-1], whole.replace('"', ""), whole.upper(), whole + "\x0b", " class=''" + whole,
            whole[:-1] + "x" * 20_000 + whole[-1:],
        ))

    return _ATTRIBUTE.sub(damage, _text(content)).encode("utf-8", "surrogateescape")


def nest(content: bytes, chance: Random) -> bytes:
    text, (opening, closing), depth = _text(content), chance.choice(_NESTED), chance.choice(DEPTHS)
    at = _between_tags(text, chance)
    end = _between_tags(text, chance, at)
    closings = closing * depth if chance.random() < 0.7 else ""
    return f"{text[:at]}{opening * depth}{text[at:end]}{closings}{text[end:]}".encode("utf-8", "surrogateescape")


def insert_openings(content: bytes, chance: Random) -> bytes:
    text = _text(content)
    at = _between_tags(text, chance)
    return (text[:at] + chance.choice(_OPENINGS) + text[at:]).encode("utf-8", "surrogateescape")


def entity_noise(content: bytes, chance: Random) -> bytes:
    text = _text(content)
    for _ in range(chance.randrange(1, 30)):
        at = _between_tags(text, chance)
        text = text[:at] + chance.choice(_ENTITIES) + text[at:]
    if chance.random() < 0.3:
        word = chance.choice("aeiou")
        text = re.sub(rf"(?<=\w){word}(?=[^<>]*<)", f"&#{ord(word)};", text, count=500)
    return text.encode("utf-8", "surrogateescape")


# Damage to any file.

def truncate(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def flip_bits(content: bytes, chance: Random) -> bytes:
    noisy = bytearray(content)
    for _ in range(chance.choice((1, 10, 100, 1000))):
        if noisy:
            noisy[chance.randrange(len(noisy))] ^= 1 << chance.randrange(8)
    return bytes(noisy)


def drop_slice(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.randrange(2_000) :]


def double_slice(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.randrange(2_000)]
    at = chance.randrange(len(content) + 1)
    return content[:at] + piece + content[at:]


def damage_encoding(content: bytes, chance: Random) -> bytes:
    text = _text(content)
    damage = chance.randrange(7)
    if damage == 0:
        return text.encode("cp1252", "replace")
    if damage == 1:
        return text.encode("utf-16", "replace")
    if damage == 2:
        # Encoded twice: read as Windows-1252, written as UTF-8.
        return text.encode("utf-8", "replace").decode("cp1252", "replace").encode("utf-8")
    if damage == 3:
        return b"\xef\xbb\xbf" * 3 + content
    if damage == 4:
        charset = chance.choice((b"utf-7", b"x-user-defined", b"utf-16", b"shift_jis", b"nonsense", b"iso-8859-8"))
        return content.replace(b"utf-8", charset)
    if damage == 5:
        at = chance.randrange(len(content) + 1)
        return content[:at] + bytes(chance.randrange(128, 256) for _ in range(50)) + content[at:]
    return content.replace(b"\n", b"\r")


def damage_lines(content: bytes, chance: Random) -> bytes:
    lines = content.split(b"\n")
    for _ in range(chance.randrange(1, 10)):
        at = chance.randrange(len(lines))
        act = chance.randrange(5)
        if act == 0:
            lines[at : at + 1] = []
        elif act == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif act == 2:
            lines[at:at] = [b""] * chance.randrange(1, 4)
        elif act == 3:
            lines[at] = lines[at].upper()
        else:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        lines = lines or [b"x"]
    return b"\n".join(lines)


def break_lines(content: bytes, chance: Random) -> bytes:
    joined = chance.random() < 0.5
    pieces = re.split(rb"(\s)", content)
    places = [at for at, piece in enumerate(pieces) if piece == (b"\n" if joined else b" ")]
    for at in chance.sample(places, min(len(places), chance.randrange(1, 40))):
        pieces[at] = b" " if joined else b"\n"
    return b"".join(pieces)


TEXT_MUTATORS = (truncate, flip_bits, drop_slice, double_slice, damage_encoding, damage_lines, break_lines)
PAGE_MUTATORS = (
    delete_tags, double_tags, swap_tags, rename_tags, break_tags, damage_attributes, nest, nest, insert_openings, entity_noise,
    truncate, flip_bits, drop_slice, double_slice, damage_encoding, damage_lines,
)


def letters(text: str) -> str:
    """The letters and digits of a text, in lower case."""
    return re.sub(r"[\W_]+", "", text).lower()


def visible(content: bytes, only_content: bool = True) -> str:
    """The text that a plain tokeniser sees in bytes: all of it, whatever it stands in, but scripts and comments.

    Of a page, where it says which part is its content, that part alone: what damage has moved into the frame of the site is lost.
    """
    text = _decoded(content)
    if text.lstrip()[:1] != "<":
        return text
    tokeniser = _Tokeniser()
    # What stands in a tag that the file breaks off in is no text to browsers (HTML, eof-in-tag).
    tokeniser.feed(_BROKEN_OFF.sub("", content_of(text) if only_content else text))
    tokeniser.close()
    return "".join(tokeniser.pieces)


class _Tokeniser(HTMLParser):
    """Gathers character data. The standard library's tokeniser builds no tree: it has nothing to lose data with."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep what is no script and no style."""
        if self.cdata_elem is None:
            self.pieces.append(data)


def _witnesses(reading: Reading, content: bytes) -> Iterator[str]:
    """The sentences that the reading of a good page holds; only those that the tokeniser sees there too."""
    items = reading.meeting.items if reading.meeting else tuple(one.item for one in reading.fragments)
    seen = letters(visible(content))
    for item in items:
        for text in (item.title, *(getattr(item, name) for name in BODY_FIELDS)):
            for sentence in _SENTENCE.split(text):
                witness = letters(sentence)
                if len(witness) >= _SHORTEST_WITNESS and witness in seen:
                    yield witness


def _in_pieces(witness: str, out: str) -> bool:
    """Whether a sentence stands in the reading in pieces: broken into title and text, or with something in between."""
    at, crumbs = 0, 0
    while at < len(witness):
        length = 0
        while at + length < len(witness) and witness[at : at + length + 1] in out:
            length += 1
        crumbs += length if length < _SHORTEST_PIECE else 0
        crumbs += length == 0
        at += max(length, 1)
    return crumbs <= _CRUMBS


def _is_attendance(witness: str, reading: Reading) -> bool:
    """Whether a sentence says no more than who sent apologies, and the reading has all of them among those who did.

    Damage may move it from its item to the names in the head. It is read there, as people and not as a sentence.
    """
    away = {letters(one.name) for one in reading.meeting.attendance if one.status == "apologies"} if reading.meeting else set()
    rest = witness
    for name in sorted(away, key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != witness and bool(_AWAY.fullmatch(rest))


def _strings(value: object) -> Iterator[str]:
    """Every string in a reading, those of its problems included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from _strings(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _strings(getattr(value, one.name))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _at_tags(content: bytes, chance: Random, change: Callable[[str, Sequence[str]], str]) -> bytes:
    """The page with some of its tags changed: a few of them, or all that are alike."""
    text = _text(content)
    tags = [match[0] for match in _TAG.finditer(text)]
    if not tags:
        return content
    alike = chance.choice(tags) if chance.random() < 0.3 else None
    share = min(1.0, chance.choice((1, 3, 20)) / len(tags))

    def at(match: re.Match[str]) -> str:
        hit = match[0] == alike if alike else chance.random() < share
        return change(match[0], tags) if hit else match[0]

    return _TAG.sub(at, text).encode("utf-8", "surrogateescape")


def _between_tags(text: str, chance: Random, begin: int = 0) -> int:
    """A place in a page that is inside no tag, at or behind ``begin``."""
    at = chance.randrange(begin, len(text) + 1)
    opening, closing = text.find("<", at), text.find(">", at)
    return closing + 1 if 0 <= closing < opening or (closing >= 0 > opening) else at


def main() -> None:
    """Print the figures; the exit status says whether they are what they have to be."""
    arguments = argparse.ArgumentParser(description="Read damaged pages and print what became of them.")
    arguments.add_argument("--count", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path, help="write the mutants that fail into this folder")
    asked = arguments.parse_args()

    def keep(name: str, content: bytes) -> None:
        asked.keep.mkdir(parents=True, exist_ok=True)
        (asked.keep / re.sub(r"[^\w.+-]+", "_", name)).write_bytes(content)

    pages = good_pages()
    start = time.monotonic()
    figures = measure(pages, asked.count, asked.seed, keep if asked.keep else None)
    seconds = time.monotonic() - start
    print(f"{figures.count} mutants of {len(pages)} pages in {seconds:.0f} s, seed {asked.seed}")
    print("  read as     " + ", ".join(f"{kind} {count}" for kind, count in figures.kinds.most_common()))
    print(f"  slowest     {figures.slowest:.2f} s")
    for name, failures in (
        ("crashes", figures.crashes), ("not cut off in time", figures.slow), ("silent drops", figures.drops),
        ("of plain minutes", figures.unaccounted), ("cut off", figures.cut_off),
    ):
        print(f"  {name:<22} {len(failures)}")
        for one in failures[:20]:
            print(f"    {one}")
    sys.exit(1 if figures.crashes or figures.slow or figures.drops else 0)


if __name__ == "__main__":
    main()
