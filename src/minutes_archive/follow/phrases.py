"""The same phrase in two items: a run of words that nearly nothing else has, as an address or a name in two lists.

It is what joins one entry of a list with one of another, where the lists as wholes are not alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from minutes_archive.follow.entry import Entry, Quote, quote
from minutes_archive.follow.standing import standing_kind
from minutes_archive.model import TextField

# So many words in a row, of which so many different ones stand in few items.
_RUN, _RARE = 5, 3
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True)
class Word:
    """One word of an item, folded, and where it stands."""

    text: str
    field: TextField
    start: int
    end: int


def words_of(entry: Entry) -> tuple[Word, ...]:
    """The words of an item's texts; of its title only where that is no standing heading."""
    standing = bool(standing_kind(entry.item.title))
    return tuple(
        Word(match[0].casefold(), field, match.start(), match.end())
        for field, text in entry.texts() if not (standing and field == "title") for match in _WORD.finditer(text)
    )


def common_phrase(
    one: Entry, other: Entry, words: tuple[Sequence[Word], Sequence[Word]], is_rare: Callable[[str], bool]
) -> tuple[Quote, Quote] | None:
    """The first run of words that both items have and that is rare enough, as it stands in each; None where there is none."""
    first, second = words
    starts = {_key(second, at): at for at in range(len(second) - _RUN, -1, -1)}
    for at in range(len(first) - _RUN + 1):
        there = starts.get(_key(first, at))
        if there is None:
            continue
        length = _length(first, second, at, there)
        if len({word.text for word in first[at:at + length] if is_rare(word.text)}) >= _RARE:
            return _quote(one, first, at, length), _quote(other, second, there, length)
    return None


def _key(words: Sequence[Word], at: int) -> tuple[str, ...]:
    return tuple(word.text for word in words[at:at + _RUN])


def _length(first: Sequence[Word], second: Sequence[Word], at: int, there: int) -> int:
    """How far the runs that begin at two places go on alike, each within one text."""
    length = 0
    while (
        at + length < len(first) and there + length < len(second)
        and first[at + length].text == second[there + length].text
        and first[at + length].field == first[at].field and second[there + length].field == second[there].field
    ):
        length += 1
    return length


def _quote(entry: Entry, words: Sequence[Word], at: int, length: int) -> Quote:
    return quote(entry, words[at].field, words[at].start, words[at + length - 1].end)
