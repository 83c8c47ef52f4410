"""Subjects: what a sentence without a heading is about, in its own words.

    It was noted that [the fence] has not been mended.          what stands before the verb
    Mr Howe asked how [the money from the fair] could be spent.  one who speaks: behind "how"
    Concern was raised regarding [the pond].                     a word that says nothing of the matter: behind "regarding"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minutes_archive.parse.plain.words import BUSINESS_NOUNS, FINITE, LEADING, LIGHT, TELLING, VERBS
from minutes_archive.text import fold_line

_FORM = re.compile(
    r"(?:no\s+)?(?:members[’']? )?(apologies(?: (?:for|of) absence)?|declarations? of (?:pecuniary )?interests?)\b", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bCllr\.)(?<!\bSt\.)(?<!\b[A-Z]\.)\s+(?=[A-Z])"
)
_LEAD_IN = re.compile(
    r"(?:it (?:was|is|has been) (?:then |also |further |again )?"
    r"(?:suggested|agreed|reported|noted|resolved|proposed|decided|asked|recommended)(?: that)?"
    r"|at the outset(?: of the meeting)?,?|there (?:was|were) (?:no )?|the following|no|the|an?|some|this"
    r"|(?:to )?(?:receive|consider|discuss|approve|note|agree|confirm))\s+",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:(?i:mr|mrs|ms|miss|dr|cllrs?|councillors?|county|borough|chair|chairman|clerk|mayor|cathaoirleach|members?|all|he|she|they|we|i"
    r"|parish council|council)\b\.?|[A-Z]{2}\b)"
)
_NAMED = re.compile(r"(?:[A-Z][\w’'&-]+|£\d+)(?:\s+(?:of|in|and|the|for|to|&)\s+(?=[A-Z])|\s+[A-Z][\w’'&-]*|\s+\d{4})*")
_ENDS = re.compile(
    r",\s|\bso that\b|\bwhich\b|\bwho\b|\bas\b(?! to\b)|\band will\b|\b(?:because|before|after|when|until)\b|[;(]|\s[-–]\s"
)
_CALLED_FOR = re.compile(
    r"\b(?:convened|called|held|arranged|summoned|meeting)\s+(?:in order )?to "
    r"(?:discuss|consider|pass|elect|adopt|approve|debate|express)\s+(?P<matter>[^.:]{5,200})"
)
# A subject with more words is a sentence that was not understood.
_MOST_WORDS = 14
_DEEPEST = 4
# What a sentence is about stands in its beginning. Code points.
_LONGEST = 600
_HAVING = frozenset({"has", "have", "had"})


def subject_of(sentence: str) -> str:
    """The words of ``sentence`` (of its first sentence) that say what it is about; never empty for a text with words."""
    first = _SENTENCE.split(sentence[:_LONGEST], maxsplit=1)[0].strip()
    if match := _FORM.match(first):
        return match[1]
    return _subject(first, 0) or _name(first) or _object(first) or " ".join(_bare(first).split()[:_MOST_WORDS])


def is_person(text: str) -> bool:
    """Whether ``text`` begins with who does something: a title, an office, initials."""
    return bool(_PERSON.match(text))


def purpose_of(text: str) -> str:
    """What a meeting was called for, where ``text`` says so: "convened to discuss [the closure of the bridge]"."""
    match = _CALLED_FOR.search(text)
    return _ended(_bare(" ".join(match["matter"].split()[:_MOST_WORDS]))) if match else ""


def _subject(clause: str, depth: int) -> str:
    """What stands before the verb, unless that is a person or a word without matter; then what is led to behind it."""
    words = _bare(clause).split()
    told = next((at for at, word in enumerate(words) if at and _is_verb(word, FINITE | TELLING)), len(words))
    whole = told < len(words)
    subject = words[:told] if whole else _before_participle(words)
    rest = words[len(subject) :]
    person = is_person(" ".join(subject))
    speaks = _tells(rest, person)
    short = _plain(" ".join(subject))
    if subject and len(subject) <= _MOST_WORDS and not person and not speaks and short not in LIGHT:
        return _ended(" ".join(subject)) if len(subject) > 1 or not whole or short in BUSINESS_NOUNS else _all_of(words)
    if whole and person and not speaks and (found := _name(clause) or _object(clause)):
        return found
    return _behind(rest, whole, depth) if depth < _DEEPEST else ""


def _all_of(words: Sequence[str]) -> str:
    """A subject of one word says little: "the fence" is told by what is said of it."""
    return " ".join(_ended(" ".join(words)).split()[:_MOST_WORDS])


def _tells(words: Sequence[str], person: bool) -> bool:
    """Whether the subject speaks ("has asked") or, being a ``person``, is spoken to ("should be asked"): not "was reported"."""
    plain = [_plain(word) for word in words[:4]]
    if person:
        return not TELLING.isdisjoint(plain)
    return bool(plain) and (plain[0] in TELLING or (plain[0] in _HAVING and plain[1:2] != [] and plain[1] in TELLING))


def _before_participle(words: Sequence[str]) -> list[str]:
    """"Accounts presented and accepted" is about the accounts."""
    return list(words[: next((at for at, word in enumerate(words) if at and _plain(word) in VERBS), len(words))])


def _behind(words: Sequence[str], whole: bool, depth: int) -> str:
    """The subject of the clause behind the word that leads to it: in a ``whole`` sentence the strongest, else the first."""
    plain = [_plain(word) for word in words]
    found = [
        (order if whole else at, at + len(lead))
        for at, word in enumerate(plain)
        for order, lead in LEADING.get(word, ())
        if at + len(lead) < len(plain) and tuple(plain[at : at + len(lead)]) == lead
    ]
    return next((subject for _, at in sorted(found) if (subject := _subject(" ".join(words[at:]), depth + 1))), "")


def _name(first: str) -> str:
    """The longest proper name of three words or more that is no person's."""
    names = [name[0] for name in _NAMED.finditer(first) if len(name[0].split()) > 2 and not _PERSON.match(name[0])]
    return max(names, key=len, default="")


def _object(first: str) -> str:
    """What stands behind the verb: "Mr Howe will check [the cost of a meter]"."""
    words = _bare(first).split()
    verb = next((at for at, word in enumerate(words) if at and _plain(word) in VERBS | FINITE | TELLING), len(words))
    # "will check", "has been asked": the verb is the last of these.
    last = next((at for at in range(verb, len(words)) if _plain(words[at]) not in FINITE | {"been", "be", "not"}), verb)
    return _ended(_bare(" ".join(words[last + 1 : last + 1 + _MOST_WORDS])))


def _bare(clause: str) -> str:
    while match := _LEAD_IN.match(clause):
        clause = clause[match.end() :]
    return clause


def _ended(text: str) -> str:
    return _ENDS.split(text, maxsplit=1)[0]


def _is_verb(word: str, verbs: frozenset[str]) -> bool:
    """May is a month, and CAN may be a society."""
    return _plain(word) in verbs and word != "May" and not word.isupper()


def _plain(words: str) -> str:
    return fold_line(words).strip(" ,.;:()").casefold()
