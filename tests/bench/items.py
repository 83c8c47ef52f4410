"""Fictional items, always the same ones: a Zipfian vocabulary of made-up English, lognormal lengths, uneven labels."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator

from minutes_archive.access import Audience
from minutes_archive.model import Attendance, Decision, Item, Meeting, Source

_SEED = 20_261
_VOCABULARY = 60_000
# Word number n (from 0) is used in proportion to 1 / (n + _SHIFT): a Zipf law with the flat head that English has.
_SHIFT = 2.7
_USUAL_WORDS, _SPREAD, _FEWEST, _MOST = 120, 0.75, 30, 600
_STOP = (
    "the", "of", "and", "to", "in", "a", "that", "for", "be", "is", "on", "with", "by", "as", "was", "at", "it", "this",
    "from", "or", "an", "are", "have", "not", "which", "were", "has", "will", "had", "been",
)
_ONSETS = (
    "b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl",
    "pr", "qu", "r", "s", "sh", "sl", "st", "str", "t", "th", "tr", "v", "w",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ee", "oa", "oo", "ou")
_CODAS = (
    "", "b", "ck", "d", "ft", "g", "l", "ll", "lt", "m", "n", "nd", "ng", "nt", "p", "r", "rd", "rn", "rt", "s", "sh", "ss",
    "st", "t", "th",
)
_ENDINGS = ("", "", "", "", "s", "s", "ed", "ing", "ment", "ation", "er", "ly")

BODIES = tuple(f"{place} {name}" for place in ("North", "South", "East", "West", "Joint") for name in (
    "Planning Committee", "Cabinet", "Scrutiny Panel", "Licensing Board", "Audit Committee", "Housing Board",
    "Transport Partnership", "Children's Services Committee",
))
TOPICS = tuple(f"topic-{number:02}" for number in range(40))
_DECISIONS = ("noted", "approved", "recommended", "deferred", "refused", "delegated", "referred", "amended", "appointed")
_RESTRICTIONS = ("open", "open", "open", "open", "open", "open", "open", "open", "restricted_enclosure", "exempt")
_FIRST_DAY = dt.date(2005, 1, 10)


def vocabulary() -> list[str]:
    """The words, the most frequent first."""
    chance = random.Random(_SEED)
    words = dict.fromkeys(_STOP)
    while len(words) < _VOCABULARY:
        syllables = chance.choice((1, 2, 2, 2, 3, 3))
        stem = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(syllables))
        words.setdefault(stem + chance.choice(_ENDINGS))
    return list(words)


def meetings(items: int) -> Iterator[Meeting]:
    """Meetings that hold so many ``items`` in all; a longer archive begins with the meetings of a shorter one."""
    words = vocabulary()
    compounds = [f"{one}-{two}" for one, two in zip(words[100:400], words[900:1200], strict=True)]
    weights = list(itertools.accumulate(1 / (number + _SHIFT) for number in range(len(words))))
    uneven = list(itertools.accumulate(1 / (number + 1) ** 0.7 for number in range(40)))
    for number in itertools.count():
        if items <= 0:
            return
        chance = random.Random(_SEED + number)
        size = min(items, chance.randint(4, 24))
        items -= size
        yield _meeting(number, size, chance, words, compounds, weights, uneven)


def _meeting(
    number: int, size: int, chance: random.Random, words: list[str], compounds: list[str],
    weights: list[float], uneven: list[float],
) -> Meeting:
    key = f"bench/{number:06}"
    day = _FIRST_DAY + dt.timedelta(days=chance.randrange(7600))
    source = Source(f"{key}.html", f"https://bench.example/{number}", f"{number:064x}", None, "moderngov", "moderngov/1")
    people = tuple(
        Attendance(f"{chance.choice(words[30:900]).title()} {chance.choice(words[900:3000]).title()}") for _ in range(8)
    )
    return Meeting(
        id=key, source=source, council="thornmere", body=chance.choices(BODIES, cum_weights=uneven)[0], date=day.isoformat(),
        audience=Audience.PUBLIC, attendance=people,
        items=tuple(_item(key, ordinal, chance, words, compounds, weights, uneven) for ordinal in range(1, size + 1)),
    )


def _item(
    key: str, ordinal: int, chance: random.Random, words: list[str], compounds: list[str],
    weights: list[float], uneven: list[float],
) -> Item:
    length = int(min(_MOST, max(_FEWEST, chance.lognormvariate(4.55, _SPREAD))))
    title = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(4, 11))).capitalize()
    text = _prose(chance.choices(words, cum_weights=weights, k=length), compounds, chance)
    topics = tuple(dict.fromkeys(chance.choices(TOPICS, cum_weights=uneven, k=chance.randint(1, 4))))
    kinds = tuple(dict.fromkeys(chance.choices(_DECISIONS, k=chance.randint(1, 2))))
    end = text.find(".") + 1
    return Item(
        id=f"{key}/{ordinal}", ordinal=ordinal, title=title, number=str(ordinal), minutes_text=text, topics=topics,
        decisions=tuple(Decision(kind, text[:end], "minutes_text", 0, end) for kind in kinds),
        restriction=chance.choice(_RESTRICTIONS), audience=Audience.PUBLIC, url=f"https://bench.example/{key}#{ordinal}",
    )


def _prose(words: list[str], compounds: list[str], chance: random.Random) -> str:
    """Words as sentences and paragraphs; here and there a word with a hyphen, or a reference, stands between them."""
    sentences = []
    place = 0
    while place < len(words):
        sentence = words[place:place + chance.randint(8, 27)]
        place += len(sentence)
        if len(sentence) > 4 and chance.random() < 0.2:
            sentence[2] = chance.choice(compounds)
        if chance.random() < 0.05:
            sentence.append(f"{chance.randint(10, 24)}/{chance.randint(1, 4000):04}/FUL")
        sentences.append(" ".join(sentence).capitalize() + ".")
    return "\n".join(" ".join(sentences[first:first + 4]) for first in range(0, len(sentences), 4))
