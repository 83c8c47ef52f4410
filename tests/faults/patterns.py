"""Regular expressions: their time grows with a text's length, whatever it says. Every pattern of the package is tried.

Patterns are found where they stand: compiled at the top of a module, written into a call of ``re``, in the tables of rules.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import signal
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from random import Random

import minutes_archive
from accuracy.mutants import BY_THE_CLOCK
from faults.pattern_texts import hostile_texts
from faults.trial import Case, Trial
from minutes_archive.annotate.frames import DECISIONS, rules_in
from minutes_archive.bounded import Limits, shared_reader
from minutes_archive.rules import Rule, load_rules

# Code points.
SIZES = (1_000, 10_000, 100_000)
MOST_GROWTH = 15
# A machine that is busy elsewhere disturbs single measurements, not the least of several: with twenty processes on two
# processors linear growth was measured between 7 and 14 once, and between 9 and 11 as the least of five, for texts that take
# from 0.2 ms. What is still in doubt after a few is measured again.
TRIES = 20
FEW_TRIES = 5
# Growth that is in no doubt after a few tries: the square of a text grows a hundredfold. And seconds, that no disturbance takes.
NO_DOUBT = 40
BEYOND_DOUBT = 1.0
# Seconds. Not because measurements waver: those are taken again. A sentence comes in parts of 2,000, so a pattern that takes the
# square of a part takes twenty times as long for 10,000 as for 1,000, which is less than a part, and ten times from there on.
# From 5 ms, such a pattern may take 75 ms for 10,000; from 2 ms, about fifteen of the rules of decisions and votes would fall.
LEAST = 0.005
# What takes longer than this has no bound worth measuring: its time may double with every word.
ENOUGH = 10.0
# What the code gives to a pattern at most (code points), where that is less than a page: sentences (annotate.sentences),
# a number of an item, an address to write to.
SENTENCE = 2_000
GIVEN = (
    ("annotate/decisions.toml", SENTENCE), ("annotate/votes.toml", SENTENCE), ("frames", SENTENCE),
    ("annotate.ballots", SENTENCE),
    ("annotate.points", SENTENCE), ("annotate.rolls", SENTENCE), ("annotate.motions", SENTENCE),
    ("annotate.resolutions", SENTENCE),
    ("annotate.exclusion:", 200), ("contact", 200),
    # The beginning of a line that may hold a title; a line of names; a heading; a name; the beginning of a text of unknown kind.
    ("parse.plain.titles._CUTS", 260), ("parse.plain.attendance._BETWEEN", 5_000), ("parse.plain.attendance._OFFICE", 5_000),
    ("parse.heading._DASH", 300), ("parse.plain.attendance._ROLE_BEHIND", 70), ("parse.plain.words.KINDS", 6_000),
)
# The second line, for patterns named here and no others: where they stand, and what they are. Parsers read in a process that is
# stopped (minutes_archive.bounded), so a file made against one of these is cut off. Quotations are taken out of what a reading
# tells of itself: only a reading with very much to tell makes that long.
EXCUSED = frozenset({("parse.account:", "“([^”]+)”")})
_SEARCHES = ("search", "sub", "subn", "split", "findall", "finditer")
_MATCHES = ("match", "fullmatch")


@dataclass(frozen=True)
class Known:
    """A pattern, where it stands, and how it is used: searched for, or held against a text's beginning or its whole."""

    where: str
    pattern: re.Pattern[str]
    use: str = "search"

    @property
    def longest(self) -> int:
        """The longest text that it is ever given, in code points; what is longer comes in parts."""
        return next((longest for where, longest in GIVEN if self.where.startswith(where)), SIZES[-1])

    def seconds(self, text: str) -> float:
        """How long it takes to use it on a text, by the processor; without end where it was broken off."""
        start = time.process_time()
        try:
            with _broken_off():
                self._use(text)
        except TimeoutError:
            return float("inf")
        return time.process_time() - start

    def _use(self, text: str) -> None:
        for at in range(0, len(text), self.longest):
            part = text[at : at + self.longest]
            if self.use in _MATCHES:
                getattr(self.pattern, self.use)(part)
            else:
                sum(1 for _ in self.pattern.finditer(part))


@contextmanager
def _broken_off() -> Iterator[None]:
    """Raises ``TimeoutError`` when enough processor time has passed. Where there are no such timers, nothing is broken off."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _raise)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENOUGH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _raise(*_: object) -> None:
    raise TimeoutError


@cache
def patterns() -> tuple[Known, ...]:
    """Every pattern of the package; the same pattern once, by its hardest use."""
    found: dict[tuple[str, int], Known] = {}
    for one in (*_in_modules(), *_in_rules()):
        key = (one.pattern.pattern, one.pattern.flags)
        if not isinstance(one.pattern.pattern, str) or (one.use == "compile" and key in found):
            continue
        if key not in found or one.use == "search":
            found[key] = one
    return tuple(sorted(found.values(), key=lambda one: one.where))


def _in_modules() -> Iterator[Known]:
    modules = [
        importlib.import_module(one.name)
        for one in pkgutil.walk_packages(minutes_archive.__path__, "minutes_archive.")
        if not one.name.endswith("__main__")
    ]
    trees = {module.__name__: ast.parse(inspect.getsource(module)) for module in modules}
    uses = _uses(trees.values())
    for module in modules:
        short = module.__name__.removeprefix("minutes_archive.")
        for name, value in vars(module).items():
            for pattern in _held(value):
                yield Known(f"{short}.{name}", pattern, uses.get(name, "search") if value is pattern else "search")
        yield from _written(short, trees[module.__name__])


def _held(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns in a value of a module: itself, or in tables and tuples of it."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _held(tuple(value.values()))
    elif isinstance(value, (tuple, list, frozenset, set)):
        for inner in value:
            yield from _held(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _held(tuple(getattr(value, one.name) for one in fields(value)))


def _uses(trees: Iterable[ast.Module]) -> dict[str, str]:
    """For each name of which a method of patterns is called, in whatever module, the hardest: NAME.search over NAME.match."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in (*_SEARCHES, *_MATCHES):
                name = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                found.setdefault(name, set()).add(node.attr)
    return {name: _hardest(used) for name, used in found.items()}


def _hardest(used: set[str]) -> str:
    if used == {"compile"}:
        return "compile"
    return next((one for one in _MATCHES if used == {one}), "match" if used == set(_MATCHES) else "search")


def _written(short: str, tree: ast.Module) -> Iterator[Known]:
    """The patterns that are written into calls of ``re``. What is put together as it runs is not seen."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
            continue
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            said = [*node.args[1:], *(keyword.value for keyword in node.keywords if keyword.arg == "flags")]
            flags = sum({_flag(inner) for one in said for inner in ast.walk(one)})
            yield Known(f"{short}:{node.lineno}", re.compile(node.args[0].value, flags), _hardest({node.func.attr}))


def _flag(node: ast.AST) -> int:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re":
        found = getattr(re, node.attr, 0)
        return int(found) if isinstance(found, re.RegexFlag) else 0
    return 0


def _in_rules() -> Iterator[Known]:
    """The rules as they are read, and of those that a frame makes, one for each kind of verb, the first of all."""
    root = files("minutes_archive")
    for path in sorted(str(one.relative_to(str(root)).as_posix()) for one in Path(str(root)).rglob("*.toml")):
        tables = tomllib.loads(root.joinpath(path).read_text("utf-8"))
        entries = [entry for table in tables.values() if isinstance(table, list) for entry in table]
        if path != "annotate/verbs.toml" and any("pattern" in entry for entry in entries):
            yield from _of_rules(path, (rule for rules in load_rules(path).values() for rule in rules))
    made = {
        rule.name.split("-", 1)[1]: rule
        for rules in rules_in(DECISIONS).values()
        for rule in reversed(rules)
        if rule not in [known for table in load_rules(DECISIONS).values() for known in table]
    }
    yield from _of_rules("frames", made.values())


def _of_rules(where: str, rules: Iterable[Rule]) -> Iterator[Known]:
    for rule in rules:
        yield Known(f"{where}: {rule.name}", rule.pattern)
        if rule.small:
            yield Known(f"{where}: {rule.name}, in small letters", rule.small)


def grows_with_length(known: Known, texts: Sequence[str]) -> bool:
    """Whether each text, ten times as long as the one before, takes at most fifteen times as long."""
    least = [float("inf")] * len(texts)
    growth = 0.0
    for tried in range(TRIES):
        for at, text in enumerate(texts):
            least[at] = min(least[at], known.seconds(text))
            growth = least[at] / (max(least[at - 1], LEAST) if at else ENOUGH)
            if growth > MOST_GROWTH:
                break
        else:
            return True
        if least[at] > BEYOND_DOUBT or (tried + 1 >= FEW_TRIES and growth > NO_DOUBT):
            break
    return False


def is_excused(known: Known, text: str) -> bool:
    """Whether a pattern is one that may be slow, and a file of the text that slows it down is cut off, or read in time."""
    if (re.sub(r"\d+$", "", known.where), known.pattern.pattern) not in EXCUSED:
        return False
    # Starting a worker is no part of reading.
    shared_reader().read(b"")
    start = time.monotonic()
    reading = shared_reader().read(text.encode("utf-8", "replace"))
    seconds = time.monotonic() - start
    told = {problem.code: problem.message for problem in reading.problems}
    if "cut_off" in told:
        return told["cut_off"].startswith("took over")
    # The limit is processor time, of which the reader alone knows; by the clock a busy machine takes some times that.
    return "parser_failed" not in told and seconds <= Limits().seconds * BY_THE_CLOCK


def attempt(case: Case) -> str | None:
    """Try one pattern on every text that is made for it. Those excused may be slow, where the file that slows them is cut off."""
    every = patterns()
    again, at = divmod(case.index * max(1, len(every) // case.count), len(every))
    known = every[at]
    sizes = [hostile_texts(known.pattern, size, Random(f"{case.seed}/{again}/{known.where}")) for size in SIZES]
    for texts in zip(*sizes, strict=True):
        if not grows_with_length(known, texts) and not is_excused(known, texts[-1]):
            return f"{known.where} ({known.use}): {known.pattern.pattern[:300]!r} on {texts[0][:120]!r}"
    return None


TRIAL = Trial(
    24,
    "patterns",
    "every pattern at 1k, 10k, 100k characters: at most 15 times the time for 10 times the text (one of a parser may be cut off)",
    1_000,
    30,
    attempt,
)
