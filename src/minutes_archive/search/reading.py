"""Reading what was typed: the query language of the command line, into a query tree.

Plain words side by side; ``AND``, ``OR``, ``NOT`` in capitals (or ``&&``, ``|``), ``-`` before a word; brackets;
``"exact phrase"``; ``word*``; ``word~``; ``title:`` ``body:`` ``number:`` ``person:`` ``topic:``
``decision:`` ``restriction:`` and ``date:2019..2024-06``. AND binds closer than OR, standing side by
side closer than AND. A faulty query raises ``QueryError``, which names the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import cast

from minutes_archive.dates import Period, read_period
from minutes_archive.errors import QueryError
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS
from minutes_archive.search.analysis import label_key, parts
from minutes_archive.search.query import (
    VALUE_FIELDS,
    WORD_FIELDS,
    And,
    Dated,
    Everything,
    Fuzzy,
    Labelled,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Run,
    ValueField,
    Word,
    WordField,
)

MAX_LENGTH = 2_000
MAX_DEPTH = 50
MAX_WORDS = 100
# Of words joined by hyphens and slashes: a long reference has five.
MAX_PARTS = 300
MIN_PREFIX = 2

_OPERATORS = {"AND": "AND", "&&": "AND", "OR": "OR", "|": "OR", "||": "OR", "NOT": "NOT"}
_FIELDS = (*WORD_FIELDS, *VALUE_FIELDS, "date")
_QUOTES = str.maketrans("“”„«»", '"""""')
_LEXEME = re.compile(
    r"(?P<open>\()|(?P<close>\))"
    r"|(?P<minus>-)(?=[^\s)\-])|(?P<either>\|\|?)"
    r"|(?:(?P<field>[A-Za-z_]+):(?=[^\s/()|]))?(?:\"(?P<phrase>[^\"]*)(?P<end>\"?)|(?P<word>[^\s()\"|]+))"
)
# What other engines read as a range; here it would be words.
_RANGE = re.compile(r"(?:[A-Za-z_]+:)?[\[{]\s*\S+\s+TO\s+[^\s\]}]+\s*[\]}]")
_SHORT_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})")
# Of words behind date: as many as 17 July 2024..30 June 2025 has, but the first.
_MOST_OF_DATE = 4


@dataclass(frozen=True)
class _Lexeme:
    """One piece of a query. ``kind`` is ``(``, ``)``, ``-``, an operator, ``phrase`` or ``word``."""

    kind: str
    text: str
    column: int
    field: str | None = None


def parse(text: str) -> Query:
    """The tree of a typed query; ``Everything`` for a blank one. Raises ``QueryError``."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is too long: keep it within {MAX_LENGTH:,} characters", MAX_LENGTH + 1)
    if not text.strip():
        return Everything()
    lexemes = list(_lexemes(unicodedata.normalize("NFC", text).translate(_QUOTES)))
    if not lexemes:
        raise QueryError("nothing to search for: there is no letter or digit", 1)
    _check_size([lexeme for lexeme in lexemes if lexeme.kind in {"word", "phrase"}])
    return _Reader(lexemes, len(text) + 1).query()


def _check_size(words: list[_Lexeme]) -> None:
    if len(words) > MAX_WORDS:
        raise QueryError(f"too many words: keep a query within {MAX_WORDS}", words[MAX_WORDS].column)
    held = 0
    for word in words:
        held += sum(1 for _ in parts(word.text))
        if held > MAX_PARTS:
            raise QueryError(f"too many parts of words: keep a query within {MAX_PARTS}", word.column)


def _lexemes(text: str) -> Iterator[_Lexeme]:
    """The pieces of ``text``; words without any letter or digit are none."""
    place = 0
    while match := _LEXEME.search(text, place):
        place, column = match.end(), match.start() + 1
        if _RANGE.match(text, match.start()):
            raise QueryError("a range of dates is written date:2019..2024-06, and of words there is none", column)
        if match["minus"] and match.start() and text[match.start() - 1] not in " \t\n\r(":
            continue
        if match["open"] or match["close"] or match["minus"]:
            yield _Lexeme(match[0], match[0], column)
        elif match["phrase"] is not None:
            if not match["end"]:
                raise QueryError("the quotation mark is not closed", match.start("phrase"))
            yield _Lexeme("phrase", match["phrase"], column, match["field"])
        elif match[0] in _OPERATORS:
            yield _Lexeme(_OPERATORS[match[0]], match[0], column)
        elif match["word"].endswith(":") and match["word"][:-1].lower() in _FIELDS:
            raise QueryError(f'"{match["word"]}" needs a word or "a phrase" right behind it, without blank or bracket', column)
        elif match["field"] or any(character.isalnum() for character in match["word"]) or "*" in match["word"]:
            yield _Lexeme("word", match["word"], column, match["field"])


class _Reader:
    """Recursive descent over the pieces, one piece of lookahead."""

    def __init__(self, lexemes: list[_Lexeme], end: int) -> None:
        self._lexemes = lexemes
        self._place = 0
        self._depth = 0
        self._end = end

    def query(self) -> Query:
        tree = self._either()
        stray = self._next()
        if stray:
            raise QueryError("a closing bracket without an opening one", stray.column)
        return tree

    def _next(self) -> _Lexeme | None:
        return self._lexemes[self._place] if self._place < len(self._lexemes) else None

    def _take(self, *kinds: str) -> _Lexeme | None:
        lexeme = self._next()
        if lexeme is None or lexeme.kind not in kinds:
            return None
        self._place += 1
        return lexeme

    def _either(self) -> Query:
        branches = [self._both()]
        while self._take("OR"):
            branches.append(self._both())
        return branches[0] if len(branches) == 1 else Or(tuple(branches))

    def _both(self) -> Query:
        branches = [self._run()]
        while self._take("AND"):
            branches.append(self._run())
        return branches[0] if len(branches) == 1 else And(tuple(branches))

    def _run(self) -> Query:
        members: list[Query] = []
        while (lexeme := self._next()) and lexeme.kind not in {")", "AND", "OR"}:
            members.append(self._factor(lexeme))
        if not members:
            raise self._missing()
        return members[0] if len(members) == 1 else Run(tuple(members))

    def _missing(self) -> QueryError:
        """What to say where words were due and none stand."""
        after = self._next()
        before = self._lexemes[self._place - 1] if self._place else None
        for lexeme in (before, after):
            if lexeme and lexeme.kind in {"AND", "OR"}:
                return QueryError(f"{lexeme.text} needs words on both sides", lexeme.column)
        if before and before.kind == "(":
            return QueryError("there is nothing in the brackets", before.column)
        if after:
            return QueryError("a closing bracket without an opening one", after.column)
        return QueryError("words are missing here", self._end)

    def _factor(self, lexeme: _Lexeme) -> Query:
        self._place += 1
        if lexeme.kind in {"NOT", "-"}:
            return self._negated(lexeme)
        if lexeme.kind == "(":
            return self._bracketed(lexeme)
        if lexeme.kind == "word" and (lexeme.field or "").lower() == "date":
            lexeme = self._date_in_words(lexeme)
        return _leaf(lexeme)

    def _date_in_words(self, lexeme: _Lexeme) -> _Lexeme:
        """A date that goes on behind a blank: date:June 2024, date:17 July 2024..30 June 2025."""
        following = list(takewhile(_is_plain, self._lexemes[self._place:self._place + _MOST_OF_DATE]))
        for count in range(len(following), 0, -1):
            text = " ".join([lexeme.text, *(one.text for one in following[:count])])
            if all(read_period(one) for one in text.split("..") if one.strip()):
                self._place += count
                return replace(lexeme, text=text)
        return lexeme

    def _deeper(self, lexeme: _Lexeme) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"brackets are nested too deeply: at most {MAX_DEPTH}", lexeme.column)

    def _negated(self, lexeme: _Lexeme) -> Query:
        operand = self._next()
        if operand is None or operand.kind in {")", "AND", "OR"}:
            raise QueryError(f"{lexeme.text} needs a word after it", lexeme.column)
        self._deeper(lexeme)
        negated = Not(self._factor(operand))
        self._depth -= 1
        return negated

    def _bracketed(self, lexeme: _Lexeme) -> Query:
        self._deeper(lexeme)
        inner = self._either()
        if not self._take(")"):
            raise QueryError("the bracket is not closed", lexeme.column)
        self._depth -= 1
        return inner


def _is_plain(lexeme: _Lexeme) -> bool:
    return lexeme.kind == "word" and lexeme.field is None


def _leaf(lexeme: _Lexeme) -> Query:
    name = lexeme.field.lower() if lexeme.field else None
    if name is not None and name not in _FIELDS:
        known = ", ".join(_FIELDS)
        raise QueryError(f'there is no field "{name}": use {known}, or put the words in quotes', lexeme.column)
    column = lexeme.column + (len(name) + 1 if name else 0)
    if name == "date":
        return _dated(lexeme.text, column)
    if name in VALUE_FIELDS:
        return _labelled(cast(ValueField, name), lexeme.text, column)
    return _worded(lexeme, cast("WordField | None", name), column)


def _worded(lexeme: _Lexeme, field: WordField | None, column: int) -> Query:
    if lexeme.kind == "phrase":
        if next(parts(lexeme.text), None) is None:
            raise QueryError("there are no words between the quotation marks", column)
        return Phrase(lexeme.text, field, column)
    text = lexeme.text
    star = text.find("*")
    if 0 <= star < len(text) - 1:
        raise QueryError("* can stand only at the end of a word", column + star)
    if star >= 0:
        if sum(len(part.surface) for part in parts(text)) < MIN_PREFIX:
            raise QueryError(f"* needs at least {MIN_PREFIX} letters before it", column + star)
        return Prefix(text[:-1], field, column)
    tilde = text.find("~")
    if 0 <= tilde < len(text) - 1 or text == "~":
        raise QueryError("~ can stand only at the end of a word, and takes no number", column + tilde)
    if next(parts(text), None) is None:
        raise QueryError(f'"{text}" has no letters or digits', column)
    return Fuzzy(text[:-1], field, column) if text.endswith("~") else Word(text, field, column)


def _labelled(field: ValueField, text: str, column: int) -> Labelled:
    known = {"decision": DECISION_TYPES, "restriction": RESTRICTIONS}.get(field)
    key = label_key(text)
    if known and key not in map(label_key, known):
        raise QueryError(f'"{text}" is no {field}: use one of {", ".join(known)}', column)
    return Labelled(field, text, column)


def _dated(text: str, column: int) -> Dated:
    first, dots, last = text.partition("..")
    since = _period(first, column) if first or not dots else None
    until = _period(last, column + len(first) + len(dots)) if dots and last else None
    if since is None and until is None:
        raise QueryError("a period needs a date before or after the dots", column)
    begin = since.first if since else None
    end = until.last if until else None if dots else since.last if since else None
    if begin and end and begin > end:
        raise QueryError("the period ends before it begins", column)
    return Dated(begin, end, column)


def _period(text: str, column: int) -> Period:
    period = read_period(text)
    if period is None and (short := _SHORT_YEAR.fullmatch(text)):
        raise QueryError(f'"{text}" is no date: write the year in full, {short[1]}/{short[2]}/20{short[3]}', column)
    if period is None:
        raise QueryError(f'"{text}" is no date: write 2024-06-30, 2024-06, 2024 or 2023/24, and .. between two', column)
    return period
