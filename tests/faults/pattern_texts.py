"""Hostile texts for a pattern, made from the pattern itself: what it repeats, again and again, with an end that it does not want.

A pattern backtracks where a text can be matched in many ways and then is not. So for every repetition in it, texts are made of
what leads to the repetition, of its body many times, and of no end; and of its beginning again and again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from re import _constants as told  # type: ignore[attr-defined]
from re import _parser as reader  # type: ignore[attr-defined]
from typing import Any

Tree = Any
_REPEATS = (told.MAX_REPEAT, told.MIN_REPEAT, told.POSSESSIVE_REPEAT)
_OF_A_KIND = {
    told.CATEGORY_DIGIT: "7",
    told.CATEGORY_NOT_DIGIT: "a",
    told.CATEGORY_SPACE: " ",
    told.CATEGORY_NOT_SPACE: "a",
    told.CATEGORY_WORD: "a",
    told.CATEGORY_NOT_WORD: " ",
}
# An end that few patterns take.
_NO_END = "\x1f"


def hostile_texts(pattern: re.Pattern[str], size: int, chance: Random) -> Iterator[str]:
    """Texts of ``size`` code points. The same for the same chance but for their length."""
    tree = reader.parse(pattern.pattern, pattern.flags)
    for before, body in dict.fromkeys(_repetitions(tree, "", chance)):
        yield _filled(before, body, size)
    whole = _sample(tree, chance)
    if whole:
        yield _filled("", whole, size)
        yield _filled("", whole[: len(whole) // 2 + 1], size)
        yield _filled("", f"{whole} ", size)
    for body in (" ", "a", "a ", "7", "\n", " \n"):
        yield _filled("", body, size)


def _filled(before: str, body: str, size: int) -> str:
    return (before + body * (size // max(1, len(body)) + 1))[: size - 1] + _NO_END


def _repetitions(tree: Tree, before: str, chance: Random) -> Iterator[tuple[str, str]]:
    """For each repetition that has no small end: a text that leads to it, and what it repeats."""
    for operation, value in tree:
        if operation in _REPEATS:
            _, most, inner = value
            if most is told.MAXREPEAT or most > 30:
                for _ in range(2):
                    if body := _sample(inner, chance):
                        yield before, body
            yield from _repetitions(inner, before, chance)
        elif operation is told.SUBPATTERN:
            yield from _repetitions(value[3], before, chance)
        elif operation is told.ATOMIC_GROUP:
            yield from _repetitions(value, before, chance)
        elif operation is told.BRANCH:
            for branch in value[1]:
                yield from _repetitions(branch, before, chance)
        elif operation in (told.ASSERT, told.ASSERT_NOT):
            yield from _repetitions(value[1], before, chance)
        before += _sample([(operation, value)], chance)


def _sample(tree: Tree, chance: Random) -> str:
    """A text that the pattern means, as far as it is regular: what looks around and refers back is left out."""
    return "".join(_sampled(operation, value, chance) for operation, value in tree)


def _sampled(operation: Any, value: Any, chance: Random) -> str:  # noqa: PLR0911
    if operation is told.LITERAL:
        return chr(value)
    if operation is told.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if operation is told.ANY:
        return chance.choice("a ")
    if operation is told.IN:
        return _one_of(value, chance)
    if operation in _REPEATS:
        least, most, inner = value
        times = least if least or most == 0 else chance.choice((0, 1))
        return "".join(_sample(inner, chance) for _ in range(times))
    if operation is told.SUBPATTERN:
        return _sample(value[3], chance)
    if operation is told.ATOMIC_GROUP:
        return _sample(value, chance)
    if operation is told.BRANCH:
        return _sample(chance.choice(value[1]), chance)
    return ""


def _one_of(members: Tree, chance: Random) -> str:
    """A character of a set; of one that names what it is not, the first common one that is not named."""
    if members[0][0] is told.NEGATE:
        known = [_character(*one) for one in members[1:]]
        return next((one for one in chance.sample("a 7x-\n(", 7) if one not in known), "é")
    return _character(*chance.choice(members))


def _character(operation: Any, value: Any) -> str:
    if operation is told.RANGE:
        return chr(value[0])
    return _OF_A_KIND.get(value, "a") if operation is told.CATEGORY else chr(value)
