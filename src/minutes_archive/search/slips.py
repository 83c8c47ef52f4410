"""Slips of the pen: the known word that an unknown one probably meant.

Most unknown words are words of their own, which nobody here has used yet (moon is not soon). So a slip must be a likely one:
letters swapped or doubled rather than others, neighbours on the keyboard or vowels for one another rather than any, hardly
ever at the beginning of the word; and the shorter the word, the likelier.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from string import ascii_lowercase

from minutes_archive.search.spelling import Lexicon, distance, exact, near

# A word in fewer letters is too near to others.
_SHORTEST = 4
# By length of the word (that and longer), how unlikely the slip may be.
_LIMITS = ((8, 2.0), (6, 1.5), (5, 1.0), (_SHORTEST, 0.8))
_SWAPPED = _DOUBLED = 0.5
_MISSED = 0.8
_ALIKE = 0.8
_OTHER = 1.2
_AT_BEGINNING = 0.7
# One slip in short words, two in longer ones.
_LONG = 6
# A known word in so many items (titles and texts counted) is no stray one. Short ones must be as frequent.
_OFTEN = 3

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Letters that sound alike.
_SOUNDS = ("aeiouy", "cks", "sz", "gj", "mn", "vw", "fv", "td", "pb")


def nearest(word: str, lexicon: Lexicon) -> str | None:
    """The known word that was most probably meant by an unknown one, both folded. None where none is likely.

    Of equally likely ones the most frequent.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    reach = 1 if len(word) < _LONG else 2
    limit = next(most for length, most in _LIMITS if len(word) >= length)
    likely = []
    for _, known in near(word, _candidates(word, lexicon), reach):
        cost = unlikelihood(word, known)
        often = lexicon.frequency(known) if known.isalpha() and cost <= limit else 0
        if often >= (1 if len(word) >= _LONG else _OFTEN):
            likely.append((cost, -often, known))
    return min(likely)[2] if likely else None


def _candidates(word: str, lexicon: Lexicon) -> Iterator[str]:
    """Known words that ``word`` may have been: those that begin as it does, or with its second letter, and those that
    are it but for the first letter. Few people mistype how a word begins; so no more of the vocabulary is gone through.
    """
    first = (letter + rest for letter in ascii_lowercase for rest in (word, word[1:]))
    begins = (lexicon.surfaces(letter) for letter in dict.fromkeys(word[:2]))
    return iter(dict.fromkeys(chain(chain.from_iterable(begins), (one for one in first if lexicon.has(exact(one))))))


def unlikelihood(word: str, known: str) -> float:
    """How unlikely it is that somebody who meant ``known`` typed ``word``: about 1 a slip, less for common slips."""
    start = next((i for i, (one, two) in enumerate(zip(word, known, strict=False)) if one != two), min(len(word), len(known)))
    most = min(len(word), len(known)) - start
    end = next((i for i in range(most) if word[-1 - i] != known[-1 - i]), most)
    typed, meant = word[start:len(word) - end], known[start:len(known) - end]
    return _cost(typed, meant, word[:start][-1:]) + (0 if word[0] == known[0] else _AT_BEGINNING)


def _cost(typed: str, meant: str, before: str) -> float:
    """Of letters typed for those meant, which differ at both ends."""
    if typed == meant[::-1] and len(typed) > 1:
        return _SWAPPED
    if not typed or not meant:
        return _DOUBLED if (typed or meant) == before else _MISSED * len(typed or meant)
    if len(typed) == len(meant) == 1:
        return _ALIKE if _are_near(typed, meant) else _OTHER
    return float(distance(typed, meant, 2))


def _are_near(one: str, two: str) -> bool:
    """Whether two letters are neighbours on the keyboard, or sound alike."""
    if any(one in sounds and two in sounds for sounds in _SOUNDS):
        return True
    places = {letter: (row, column) for row, letters in enumerate(_ROWS) for column, letter in enumerate(letters)}
    if one not in places or two not in places:
        return False
    (row, column), (other_row, other_column) = places[one], places[two]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def is_slip(word: str, known: str, lexicon: Lexicon) -> bool:
    """Whether an unknown word is so near a known one that it is taken for it without asking.

    Stricter than what is suggested; a short word must be near a frequent one.
    """
    reach = 2 if len(word) > 9 else 1
    alike = len(word) >= 5 and word[0] == known[0] and distance(word, known, reach) <= reach
    return alike and (len(word) > 6 or lexicon.frequency(known) >= _OFTEN)
