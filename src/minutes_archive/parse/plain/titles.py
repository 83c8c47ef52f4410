"""Titles: where the heading of an item ends and its text begins, and what stands for it where there is none.

Minutes set a heading apart by bold type, capitals, a colon, a full stop, or not at all ("3. The minutes were agreed").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from minutes_archive.parse.labels import OUTCOMES, label_key
from minutes_archive.parse.plain.lines import TextLine
from minutes_archive.parse.plain.subjects import is_person, subject_of
from minutes_archive.parse.plain.words import BEGINNING, BUSINESS, FINITE, PAST, SENTENCE_WORDS, TELLING, VERBS, is_business
from minutes_archive.procedural import is_procedural, procedural_kind
from minutes_archive.text import fold_line

_LONGEST = 260
_MOST_WORDS = 40
_PLAIN_LONGEST = 130
_PLAIN_WORDS = 18
_PROCEDURAL_WORDS = 12
_RECEIVED_WORDS = 3
_A_SENTENCE = re.compile(r"[.?!;]$")
_ABBREVIATED = re.compile(
    r"\b(?:mr|mrs|ms|dr|st|no|nos|cllr|cllrs|cmhlr|ref|rev|hon|co|ltd|p\.?c|m\.?p|e\.?g|i\.?e|[a-z])\.$", re.IGNORECASE
)
# What may part a title from the text behind it; where two stand in one place the first of them counts. Lines are folded: no two
# blanks in a row.
_CUTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("colon", re.compile(r"\s?:\s?[-–]?\s|\s?:\s?[-–]?$|\s?:[-–]\s?")),
    ("list", re.compile(r"\s(?=(?:\(?(?:i|a|1)[.)])\s\S)")),
    ("list", re.compile(r"\s[•·▪■\uf0b7\uf0a7]\s?")),
    ("stop", re.compile(r"\.\s(?=[A-Z£\d(‘“\"'])|\.\s?$")),
    ("day", re.compile(r"\s(?:[-–]\s)?(?=(?:\w+day,?\s)?\d{1,2}(?:st|nd|rd|th)?\s[A-Z][a-z]{2,8}\b)")),
    ("dash", re.compile(r"\s[-–]\s")),
    ("bracket", re.compile(r"\s\((?=[^()]{8,})")),
    ("name", re.compile(r"\s(?=(?:[A-Z][\w’'-]+\s){2}(?:" + "|".join(sorted(FINITE)) + r")\b)")),
    ("absent", re.compile(r"\s(?=(?:(?:Parish|Town|County|Borough|District)\s)?(?:Cllrs?|Councillors?)\b)")),
    ("initials", re.compile(r"\s(?=[A-Z]{2,3}\s(?:" + "|".join(sorted(TELLING)) + r")\b)")),
    ("run on", re.compile(r"\s(?=(?:" + "|".join(sorted(word.capitalize() for word in BEGINNING)) + r")\b(?!\.))")),
)
# A title does not end in one of these.
_GOES_ON = re.compile(
    r"(?:^to\s+\w+(?:\s+(?:and|or|&)\s+\w+|\s+\w+ing)?|^(?:no|any|the)"
    r"|\b(?:of|and|for|the|to|in|on|with|from|by|at|or|a|an|our|between|re|as|that|next|last|previous)|[&,/-])$",
    re.IGNORECASE,
)
# "To discuss and approve: the terms of the lease": the colon does not end the title.
_TO_DO_WHAT = re.compile(r"to\s+\w+(?:\s+(?:and|or|&)\s+\w+)?", re.IGNORECASE)
# "Present: ..." may be numbered like an item.
_NO_TITLES = OUTCOMES - {"present"}
_SETTLED = frozenset({"no", "none", "nothing", "nil", "noted", "agreed", "approved", "deferred", "attached", "received"})
_SETTLED_WORDS = 8
# Of a business they are no verbs: "Notice of Motion received from Councillor Howe".
_PARTICIPLES = frozenset({"received", "made", "agreed", "may"})
_MOST_TELLING = 16
# "Borough Councillor Ann Lowe (AL) reported ..."
_INITIALS = re.compile(r"\s\([A-Z]{2,4}\)")
_INITIALISM = re.compile(r"(?:[A-Z]\.){2,}")
_TO_DO = re.compile(r"\(?(?:clerk|chair(?:man)?|cllrs?|councillors?|mr|mrs|ms)\b.{0,30}\bto\s+[a-z]", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?:[A-Z0-9&’'/,.()–-]*[A-Z]{2,}[A-Z0-9&’'/,.()–-]*|[A-Z]|&|[-–/]|of|and|for|the|to|in|on|\d+|\([^)]{1,60}\))"
    r"(?:\s+(?:[A-Z0-9&’'/,.()–-]*[A-Z]{2,}[A-Z0-9&’'/,.()–-]*|[A-Z](?=\s)|&|[-–/]|of|and|for|the|to|in|on|\d+|\([^)]{1,60}\)))*"
)
# Small words at an end: the first of them is one that follows no other, so that none is tried again from the midst of a row.
_LEFT_OVER = re.compile(
    r"(?<!\sof)(?<!\sand)(?<!\sfor)(?<!\sthe)(?<!\sto)(?<!\sin)(?<!\son)(?<!\s[AI&/–-])"
    r"(?:\s(?:of|and|for|the|to|in|on|[AI&/–-]))++$"
)
_TAIL = re.compile(r"\s+(?:held on\s+(?:the\s+)?(?:\w+day,?\s+)?\d{1,2}\w{0,2}\s+\w+,?\s+\d{4}|\([^)]{1,80}\))")
# "To approve ...", "Public Session (15 mins) to receive & consider ...": the wording of an agenda.
_AGENDA_FORM = re.compile(
    r"to\s+\w+|[^.]{3,60}\bto (?:receive|consider|approve|discuss|note|agree|adopt|review|resolve|accept|confirm)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Titled:
    """A line taken apart: its title, the text behind it, and how: by ``mark`` (bold, colon ...) or ``inferred``."""

    title: str
    text: str
    mark: str
    inferred: bool = False


def is_title_like(text: str, longest: int = _PLAIN_LONGEST, most_words: int = _PLAIN_WORDS) -> bool:
    """Short, with a capital (or figure) in its first word and no word that makes it a sentence."""
    if len(text) > longest:
        return False
    words = text.split()
    if not words or len(words) > most_words or label_key(text) in _NO_TITLES:
        return False
    first = words[0].lstrip("(‘“\"'£*")
    if not first or (first[0].islower() and first == first.lower()):
        return False
    # May is a month and "may" a verb.
    plain = {re.sub(r"[^\w]", "", word).lower() for word in words if word.strip(",.") not in {"May", "Proposed"}}
    shouted = text == text.upper()
    opens_agenda = bool(_AGENDA_FORM.match(text)) or (bool(BUSINESS.match(text)) and not VERBS.difference(_PARTICIPLES) & plain)
    if shouted or opens_agenda:
        return True
    # "Apologies received from Mr Briston" tells; "Correspondence received" is a heading.
    if not SENTENCE_WORDS & plain and ("received" not in plain or len(words) <= _RECEIVED_WORDS):
        return True
    # A line of few words before its colon heads what follows: "Other matters raised by parishioners:".
    if text.endswith(":") and len(words) <= _PROCEDURAL_WORDS and not VERBS & plain:
        return True
    return is_procedural(text) and len(words) <= _PROCEDURAL_WORDS and not VERBS & plain


def take_apart(line: TextLine, start: int = 0, colons: bool = False) -> Titled | None:
    """The title and the text in ``line`` from ``start`` on; None where nothing is left.

    ``colons``: in this document a colon ends a heading, even one that is bold beyond it.
    """
    rest = line.text[start:].strip()
    shift = start + len(line.text[start:]) - len(line.text[start:].lstrip())
    if not rest:
        return None
    if line.heading and len(rest) <= _LONGEST:
        return Titled(_clean(rest), "", "heading")
    return _by_bold(line, shift, rest, colons) or _by_points(rest) or _whole(rest) or infer(rest)


def _by_bold(line: TextLine, shift: int, rest: str, colons: bool) -> Titled | None:
    if line.bold is None or line.bold.end <= shift or line.bold.start > shift + 2 or line.slanted:
        return None
    end = line.bold.end - shift
    title, text = rest[:end].strip(), rest[end:].lstrip()
    # A bold heading may go on in plain type to its colon ("Minutes of 3 May:"), or in brackets.
    if text.startswith("("):
        bracket = re.match(r"\([^)]{1,150}\)?", text)
        if bracket and not text[bracket.end() :].strip(" .:"):
            title, text = f"{title} {bracket[0]}", ""
    if colons and (points := _by_points(title)) and points.mark == "colon":
        return Titled(points.title, rest[rest.index(":") + 1 :].lstrip(" -–"), "bold")
    text = re.sub(r"^[\s.:;,–-]+", "", text)
    if len(title) > _LONGEST or not re.search(r"\w\w", title):
        return None
    told = not is_title_like(title.rstrip(" :"), _LONGEST, _MOST_WORDS)
    said = VERBS.union(SENTENCE_WORDS).intersection(re.findall(r"[a-z]+", title.lower()))
    if told and said and (not text or len(title) > _PLAIN_LONGEST or VERBS.intersection(said)):
        return None
    # A heading that is bold as a whole may have its text behind a colon or full stop all the same, if that is a sentence.
    if not text and (points := _by_points(title)) and _A_SENTENCE.search(points.text) and not is_title_like(points.text):
        return points
    return Titled(_clean(title), text, "bold") if re.search(r"[^\W\d]{2}", title) else None


def _by_points(rest: str) -> Titled | None:
    """Parted by capitals, else by the first place where what stands before is a title and what follows may be its text."""
    if capitals := _by_capitals(rest):
        return capitals
    found = [(match.start(), at, match) for at, (_, pattern) in enumerate(_CUTS) for match in pattern.finditer(rest, 0, _LONGEST)]
    for start, at, match in sorted(found, key=lambda one: one[:2]):
        mark, title, text = _CUTS[at][0], rest[:start], rest[match.end() :].strip()
        if mark == "colon" and re.match(r"to\s+[a-z]+\s[^.]*$", text) and len(rest) <= _PLAIN_LONGEST:
            # "Finance: to approve the annual accounts" is an agenda's wording as a whole.
            return Titled(_clean(rest), "", "whole")
        if mark == "colon" and _TO_DO_WHAT.fullmatch(title):
            continue
        # Initials that tell something begin a sentence for certain: "Comments made in the press AL reported that ...".
        sure = mark == "initials" and FINITE.isdisjoint(title.split()) and title[:1].isupper()
        if sure or is_title_like(title, _LONGEST, _MOST_WORDS if mark in {"colon", "list"} else 30):
            if _may_part(mark, title, text):
                return Titled(_clean(title), rest[match.end() if mark != "bracket" else start :].strip(), mark)
        elif not FINITE.isdisjoint(title.split()) and not _AGENDA_FORM.match(title):
            # What has a verb is a sentence, however much of it.
            break
    return None


def _is_loud_whole(rest: str, title: str, text: str) -> bool:
    """Whether capitals go on behind a colon, as a title of two parts: "ENFORCEMENT: 3 MARKET PLACE"; not "APOLOGIES: NONE"."""
    words = text.casefold().split()
    loud = rest == rest.upper() and bool(re.search(r"[A-Z]{4}", text))
    return loud and len(words) > 1 and words[0].strip(".,") not in _SETTLED and not is_procedural(title) and not is_person(text)


def _may_part(mark: str, title: str, text: str) -> bool:
    """Whether a sign of this kind parts ``title`` from ``text``, and does not stand inside a title."""
    if mark == "stop":
        return not _ABBREVIATED.search(title + ".")
    if mark == "colon":
        return not (re.search(r"\d$", title) and re.match(r"\d", text))
    if mark in {"dash", "bracket"}:
        return tells(text)
    if mark == "run on":
        person = is_person(title) and not is_business(title)
        return not _GOES_ON.search(title) and not person and tells(text) and len(title.split()) <= _PLAIN_WORDS
    if mark in {"name", "initials"}:
        known = mark == "initials" or bool(BUSINESS.match(title)) or is_procedural(title)
        return known and not _GOES_ON.search(title)
    if mark in {"day", "absent"}:
        return procedural_kind(title) == ("next_meeting" if mark == "day" else "apologies")
    return True


def tells(text: str) -> bool:
    """Whether ``text`` begins with a sentence, or with what was decided: "no further report", "Clerk to attend"."""
    first = re.split(r"[.;)](?:\s|$)|\s[-–•·]\s", _INITIALS.sub("", text), maxsplit=1)[0]
    words = [re.sub(r"[^\w’']", "", word).lower() for word in first.split()[:_MOST_TELLING]]
    if not words:
        return False
    settled = label_key(first) in OUTCOMES or (words[0] in _SETTLED and len(words) <= _SETTLED_WORDS)
    # "The Clerk displayed ...": most verbs of minutes are in the past.
    acted = words[0] in BEGINNING and any(word in PAST or re.fullmatch(r"[a-z]{3,}ed", word) for word in words[1:6])
    return settled or acted or bool(VERBS.intersection(words)) or bool(_TO_DO.match(first))


def _by_capitals(rest: str) -> Titled | None:
    match = _CAPITALS.match(rest[: 2 * _LONGEST])
    if match is None:
        return None
    end = match.end()
    while tail := _TAIL.match(rest, end):
        end = tail.end()
    title = rest[:end].strip()
    # Words such as "of" at its end, and a sentence's "A", belong to what follows.
    title = _LEFT_OVER.sub("", title)
    loud = re.findall(r"[A-Z]{2,}", title)
    if len("".join(loud)) < 8 and not (len(loud) == 1 and len(loud[0]) >= 5):
        return None
    text = rest[len(title) :]
    if text and not re.match(r"[\s.:;,–-]", text):
        return None
    following = text.lstrip(" .:;,–-")
    if text.startswith(":") and _is_loud_whole(rest, title, following):
        return Titled(_clean(rest), "", "capitals")
    if following and not re.match(r"\s*[.:]?[-–]?\s+", text) and not text.startswith(":"):
        return None
    # "BCKLWN Draft Local Plan": one abbreviation is no heading.
    if following and len(title.split()) == 1 and not text.lstrip().startswith((":", ".")) and len(title) < 7:
        return None
    return Titled(_clean(title), following, "capitals")


def _whole(rest: str) -> Titled | None:
    if is_title_like(rest) and not re.search(r"[,;]$", rest):
        return Titled(_clean(rest), "", "whole")
    # An agenda's own wording stays a title however long: "To receive & consider any matters raised ...".
    if re.match(r"to\s+[a-z]+", rest, re.IGNORECASE) and len(rest) <= _LONGEST and not re.search(r"\.\s+\w", rest):
        return Titled(_clean(rest), "", "whole")
    return None


def infer(sentence: str) -> Titled:
    """What a sentence without heading is about, for want of one; the whole of it stays text."""
    return Titled(_clean(subject_of(sentence)), sentence, "sentence", True)


def _clean(title: str) -> str:
    title = fold_line(title).strip(" :;,–-")
    # "A.O.B." keeps its last point.
    return title if _INITIALISM.fullmatch(title) else title.strip(" .:;,–-") or title
