"""Queries: whatever is typed, an answer or a clean refusal within two seconds, and never a traceback."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from command_line import typed
from faults.sample import sample_archive
from faults.trial import Case, Trial
from minutes_archive.archive import Archive
from minutes_archive.errors import MinutesArchiveError

# Seconds of processor time.
MOST = 2.0
WORDS = (
    "off-road",
    "bikes",
    "knife",
    "crime",
    "council",
    "the",
    "s106",
    "café",
    "07/2525/FUL",
    "e-scooters",
    "zzz",
    "a",
    "",
    "\u00df",
    "ﬁ",
    "İ",
    "\u0130stanbul",
    "\u202e",
    "\u0000",
    "\ud800",
    "🛵",
    "ｂｉｋｅｓ",
    "e\u0301",
    "अ",
    "\u200b",
    "’",
    "--",
    "NOT",
    "AND",
    "OR",
    "TO",
)
FIELDS = (
    "title",
    "body",
    "number",
    "person",
    "topic",
    "decision",
    "restriction",
    "date",
    "council",
    "audience",
    "minutes_text",
    "x",
    "",
)
PIECES = (
    '"',
    "(",
    ")",
    "*",
    "~",
    "-",
    "+",
    ":",
    "[",
    "]",
    "{",
    "}",
    "^",
    "?",
    "\\",
    "/",
    "..",
    "&&",
    "||",
    "!",
    "<",
    ">",
    "=",
    "'",
    ";",
    "\n",
    "\t",
    "\r",
    "\x1b[31m",
    "%s",
    "%00",
    "{0}",
    "${x}",
    "../",
    "'; DROP TABLE items;--",
    "<script>",
)


def words_and_signs(chance: Random) -> str:
    return "".join(chance.choice((chance.choice(WORDS), chance.choice(PIECES), " ")) for _ in range(chance.randint(1, 40)))


def fields(chance: Random) -> str:
    return " ".join(
        f"{chance.choice(FIELDS)}:{chance.choice(WORDS)}{chance.choice(PIECES)}" for _ in range(chance.randint(1, 12))
    )


def brackets(chance: Random) -> str:
    count = chance.choice((10, 500, 5_000, 200_000))
    return chance.choice(
        ("(" * count, "(" * count + "a" + ")" * count, ")" * count, '"' * count, "-" * count, "NOT " * count, "(a OR " * count)
    )


def long_words(chance: Random) -> str:
    size = chance.choice((100, 2_000, 50_000, 10 * 1024 * 1024))
    return chance.choice(("a", "ab ", "é", "1", "-a", "a*", "a-")) * (size // 2) + chance.choice(("", "*", "~", '"'))


def prefixes(chance: Random) -> str:
    return " ".join(
        chance.choice(("*", "a*", "*a", "b*~", "?", "**", "e*e*", "a~", "bkies~", "a~9", "-*", '"a*"'))
        for _ in range(chance.randint(1, 90))
    )


def random_characters(chance: Random) -> str:
    return "".join(
        chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x3000), chance.randrange(0xD7FF))))
        for _ in range(chance.randint(1, 300))
    )


def repetitions(chance: Random) -> str:
    return f"{chance.choice(WORDS)}{chance.choice(PIECES)}" * chance.choice((3, 90, 101, 1_000))


def dates(chance: Random) -> str:
    return "date:" + chance.choice(
        ("2024..", "..", "9999-99-99", "0000", "2024-02-30", "2024/25..2023", "-1", "1e9", "２０２４", "2024-01-01..x")
    )


KINDS: tuple[Callable[[Random], str], ...] = (
    words_and_signs,
    fields,
    brackets,
    long_words,
    prefixes,
    random_characters,
    repetitions,
    dates,
)


def attempt(case: Case) -> str | None:
    """Ask one query of the sample, as Python does or as the command line does."""
    make = KINDS[case.index % len(KINDS)]
    query = make(case.chance)
    folder = sample_archive()
    start = time.process_time()
    if case.index % 3 == 0:
        # Nobody can type NUL, or more than a system's command line holds.
        command = ("search", query.replace("\0", "")[:100_000] or "x", "--facets", "--json")
        done = (
            typed("--archive", folder, *command)
            if not query.startswith("-")
            else typed("--archive", folder, "search", "--", query[:9_999])
        )
        said = None if done.status in {0, 1, 2} else f"status {done.status}"
    else:
        said = _ask(folder, query)
    spent = time.process_time() - start
    if spent > MOST:
        said = f"took {spent:.1f} s"
    return said and f"{make.__name__}: {query[:200]!r}: {said}"


def _ask(folder: Path, query: str) -> str | None:
    try:
        with Archive.open(folder) as archive:
            archive.search(query, facets=True)
            if len(query) < 2_000:
                archive.trace(query)
    except MinutesArchiveError as error:
        return None if str(error) and len(str(error)) < 2_000 else f"an unclear refusal: {str(error)[:200]!r}"
    return None


TRIAL = Trial(23, "queries", "at most 2 s or a clean refusal; no traceback", 1_000, 48, attempt)
