"""The account: the words that a file shows against the words of its reading, so that nothing is dropped in silence.

    bytes ──shown_lines──► lines ──furniture taken out──► words ─┐
    Reading ──its texts, names, titles─────────────────► words ─┴─► those the reading lacks ──► Problem

A word counts as often as it stands there, wherever that is: text that was moved is read, text that was halved is not.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from itertools import chain

from minutes_archive.dates import find_dates
from minutes_archive.model import ParsedItem, Problem, Reading
from minutes_archive.parse.cmis import FURNITURE as CMIS_FURNITURE
from minutes_archive.parse.labels import BLOCKS, FURNITURE, HEAD, HEADINGS, ITEM_FURNITURE, STATUS
from minutes_archive.parse.moderngov.text_page import PARSER as TEXT_PAGE
from minutes_archive.parse.plain.page_breaks import page_breaks
from minutes_archive.parse.plain.titles import tells
from minutes_archive.parse.plain.words import ATTENDANCE
from minutes_archive.parse.shown import shown_lines
from minutes_archive.text import strip_bullet

# Letters and digits: fewer not read than this are the crumbs of numbers and labels; up to the second figure it is a notice.
_CRUMBS = 16
_NOTICE = 240
# So many letters of different words are no frame, whatever words they are: "All members of the Cabinet were present."
_SENTENCE = 24
# A line that tells the meeting's day and is no longer is its heading.
_LONGEST_HEAD = 200
# Lines at the top that may be a title, where neither markup nor a page's own order tells it.
_HEADING_LINES = 8
_PRINTED = frozenset({"text", "markdown", "pdf", "docx"})
_FIGURE_ENDS = ("", "st", "nd", "rd", "th", "am", "pm")
# Words in a row by which a text is known again.
_ROW = 3

_DATA = tomllib.loads(resources.files(__package__).joinpath("account.toml").read_text("utf-8"))
_FRAME = frozenset(_DATA["frame"]["words"])
_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_KNOWN = (BLOCKS, HEAD, HEADINGS, STATUS, FURNITURE, ITEM_FURNITURE, CMIS_FURNITURE, ATTENDANCE)
_LABELS = sorted({label for labels in _KNOWN for label in labels}, key=len, reverse=True)
_SENTENCE_END = re.compile(r"\.\s+(?=[A-Z])")
_TO_DO = re.compile(r"\W*to\s+[a-z]", re.IGNORECASE)
_ANY_LABEL, _ANY_BLOCK = "|".join(map(re.escape, _LABELS)), "|".join(map(re.escape, BLOCKS))
_LIST_OF_PEOPLE = re.compile(rf"\W*+(?:{'|'.join(map(re.escape, ATTENDANCE))})\s*+(?::|$)", re.IGNORECASE)
_FURNITURE = re.compile(
    "|".join([*_DATA["furniture"]["patterns"], rf"^\W*(?:{_ANY_LABEL})\s*(?::|\W*$)", rf"\b(?:{_ANY_BLOCK})\s*:"]),
    re.IGNORECASE,
)


def account(content: bytes, reading: Reading, media_type: str | None = None) -> tuple[Problem, ...]:
    """The problem that some of the words of ``content`` were not read; () also where nothing was, which is said by itself."""
    if reading.meeting is None and not reading.fragments and reading.register is None:
        return ()
    return shortfall(shown_lines(content, reading.platform, media_type), reading)


def shortfall(lines: Sequence[str], reading: Reading) -> tuple[Problem, ...]:
    """The problem that some of the words in ``lines`` are not in ``reading``."""
    if reading.platform in _PRINTED:
        breaks = page_breaks(lines)
        lines = _unbroken([line for at, line in enumerate(lines) if at not in breaks])
    texts = [_WORD.findall(line) for text in _texts(reading) for line in _folded(text).split("\n")]
    shown = _without_furniture(lines, texts)
    if not shown:
        return ()
    missing = _missing(shown, texts)
    heading = set(_heading(lines, reading))
    missing = [one for one in missing if one[0] not in heading and not _tells_day(one[0], reading)]
    frame = _FRAME | _numbers_of(reading)
    said = Counter(line for line, word in missing if word not in frame)
    whole = _whole_sentences(missing, _below_head(lines, reading))
    missing = [(line, word) for line, word in missing if said[line] > 1 or word not in frame or line in whole]
    count = sum(len(word) for _, word in missing)
    if count <= _CRUMBS:
        return ()
    return (Problem(
        "text_left_out", "info" if count <= _NOTICE else "warning", "",
        # Not which: what was left out may be what nobody may see.
        f"{len(missing)} words of this file are in no item: look at the file beside what was read of it",
    ),)


def _unbroken(lines: Iterable[str]) -> list[str]:
    """``lines`` with those as one of which the second begins in lower case: a sentence in pieces looks like a heading."""
    pieces: list[list[str]] = []
    for line in lines:
        if pieces and line.lstrip()[:1].islower() and pieces[-1][-1].strip():
            pieces[-1].append(line)
        else:
            pieces.append([line])
    return [" ".join(piece) for piece in pieces]


def words_of(text: str) -> list[str]:
    """The words of ``text``, figures included, in lower case and without their marks."""
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()


def _without_furniture(lines: Sequence[str], texts: Sequence[Sequence[str]]) -> list[tuple[str, list[str]]]:
    """Each line and its words, furniture taken out; none where the reading then lacks no more than crumbs, as is the rule.

    Furniture is looked for only in lines that are none of the reading and have words of which it has too few: that costs most.
    """
    folded = _folded("\n".join(line.replace("\n", " ") for line in lines)).split("\n")
    words = [_WORD.findall(line) for line in folded]
    shown, held = Counter(chain.from_iterable(words)), Counter(chain.from_iterable(texts))
    few = {word for word, count in shown.items() if count > held[word]}
    if sum((shown[word] - held[word]) * len(word) for word in few) <= _CRUMBS:
        return []
    whole = {tuple(text) for text in texts}
    kept = []
    for line, found in zip(lines, words, strict=True):
        rest = found if few.isdisjoint(found) or tuple(found) in whole else words_of(_FURNITURE.sub(" ", line))
        if len(rest) < len(found):
            shown.subtract(found)
            shown.update(rest)
        kept.append((line, rest))
    return kept if sum(max(0, shown[word] - held[word]) * len(word) for word in few) > _CRUMBS else []


def _below_head(lines: Sequence[str], reading: Reading) -> frozenset[str]:
    """The lines from the first item's title on: no frame stands there but labels and numbers."""
    titles = {tuple(words_of(item.title)) for item in _items(reading) if item.title}
    first = next((at for at, line in enumerate(lines) if tuple(words_of(line)) in titles), len(lines))
    return frozenset(lines[first:])


def _whole_sentences(missing: Iterable[tuple[str, str]], lines: frozenset[str]) -> set[str]:
    """Those of ``lines`` that lack so many different words that a frame is no excuse."""
    lacking: dict[str, set[str]] = {}
    for line, word in missing:
        if line in lines:
            lacking.setdefault(line, set()).add(word)
    return {line for line, words in lacking.items() if sum(map(len, words)) >= _SENTENCE}


def _missing(shown: Sequence[tuple[str, list[str]]], texts: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Each word that the reading's ``texts`` lack, behind its line.

    Three words in a row that are in the reading have been read; words between them where the reading has them left over.
    """
    rows = Counter(row for words in texts for row in _rows(words))
    left = Counter(chain.from_iterable(texts))
    words = [(line, word) for line, words in shown for word in words]
    read = [False] * len(words)
    for at, row in enumerate(_rows([word for _, word in words])):
        if rows[row] > 0:
            rows[row] -= 1
            read[at : at + _ROW] = [True] * _ROW
    left.subtract(word for (_, word), is_read in zip(words, read, strict=True) if is_read)
    missing = []
    for (line, word), is_read in zip(words, read, strict=True):
        if is_read:
            continue
        if left[word] > 0:
            left[word] -= 1
        else:
            missing.append((line, word))
    return list(_without_broken(missing, left))


def _rows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[at:] for at in range(_ROW)), strict=False)


def _without_broken(missing: list[tuple[str, str]], left: Counter[str]) -> Iterator[tuple[str, str]]:
    """``missing`` without words that the reading has put together: "recom-" and "mendation"."""
    at = 0
    while at < len(missing):
        joined = missing[at][1] + missing[at + 1][1] if at + 1 < len(missing) else ""
        if joined and left[joined] > 0:
            left[joined] -= 1
            at += 2
        else:
            yield missing[at]
            at += 1


def _texts(reading: Reading) -> Iterator[str]:
    """All that a reading holds of its file, and what its problems quote: that was said."""
    if reading.meeting is not None:
        meeting = reading.meeting
        yield from (text for text in (meeting.body, meeting.venue, meeting.contact) if text)
        for one in meeting.attendance:
            yield from (text for text in (one.name, one.role) if text)
    if reading.register is not None:
        yield from (text for one in reading.register.people for text in (one.name, one.role, one.status) if text)
    for item in _items(reading):
        yield from _texts_of(item)
    for problem in reading.problems:
        yield from (quoted.rstrip("…") for quoted in re.findall("“([^”]+)”", problem.message))
    yield from reading.outside


def _items(reading: Reading) -> Sequence[ParsedItem]:
    return reading.meeting.items if reading.meeting else tuple(fragment.item for fragment in reading.fragments)


def _texts_of(item: ParsedItem) -> Iterator[str]:
    # A title that was inferred stands inside the text.
    yield from (text for text in (item.number, "" if item.title_inferred else item.title) if text)
    yield from (text for text in (item.agenda_text, item.decision_text, item.minutes_text) if text)
    yield from (vote.result for vote in item.votes if vote.result)
    for document in item.documents:
        if document.title != item.title:
            yield document.title
        yield from (text for text in (document.size and f"{document.type} {document.size}", document.reason) if text)


def _heading(lines: Sequence[str], reading: Reading) -> Iterator[str]:
    """The lines at the top of printed or plain minutes that may be of their title: short, above people and items.

    No sentence, no entry of a list, nothing that leads to one.
    """
    if reading.platform not in _PRINTED or reading.parser == TEXT_PAGE:
        return
    titles = {tuple(words_of(item.title)) for item in _items(reading)}
    for line in [line for line in lines if line.strip()][:_HEADING_LINES]:
        if _LIST_OF_PEOPLE.match(line) or tuple(words_of(line)) in titles:
            return
        _, is_entry = strip_bullet(line)
        if len(line) <= _LONGEST_HEAD and not is_entry and not line.rstrip().endswith((".", ";", ":")):
            yield line


def _tells_day(line: str, reading: Reading) -> bool:
    """Whether a line names the meeting's day: the reading holds it in another form, and the words around it are its frame.

    A sentence of business that names it is none: of a page without a heading its day may have been taken from there.
    """
    meeting = reading.meeting
    if meeting is None or len(line) > _LONGEST_HEAD:
        return False
    days = [written for written in find_dates(line) if written.day.isoformat() == meeting.date]
    return any(not _is_business(line[: day.start] + line[day.end :]) for day in days)


def _is_business(line: str) -> bool:
    return bool(_TO_DO.match(line)) or any(map(tells, _SENTENCE_END.split(line.strip())))


def _numbers_of(reading: Reading) -> set[str]:
    """How the figures of the meeting's date and time may stand in the file: "2024", "26th", "7", "00pm"."""
    if reading.meeting is None:
        return set()
    figures = {int(one) for one in re.findall(r"\d+", f"{reading.meeting.date} {reading.meeting.time}")}
    figures |= {one - 12 for one in figures if 12 < one < 24}
    return {f"{one:{width}}{end}" for one in figures for width in ("", "02") for end in _FIGURE_ENDS}

