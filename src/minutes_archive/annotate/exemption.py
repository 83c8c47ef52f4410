"""Exempt paragraphs: the numbers of Schedule 12A and its like that a text, a reason or a resolution cites.

Which numbers are grounds of exemption depends on nation and date: ``exemption.toml`` holds the lists.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from minutes_archive.model import Span
from minutes_archive.text import plain_marks

_NUMBER = r"\d{1,2}[A-C]?\b(?:\s?\([a-z]\))?"
_LIST = rf"{_NUMBER}(?:\s?(?:,|/|and/or|and|or|&|to|-)\s?(?:and |or )?(?:para(?:graph)?s?\.? )?(?:{_NUMBER}(?!\.\d)|\([a-z]\)))*"
_CITED = re.compile(
    rf"(?<!sub-)(?<!sub)\b(?:para(?:graph)?(?:'?s|/s|\(s\))?\.?|categor(?:y|ies))"
    rf"(?: (?:numbers?|numbered|nos?\.?))?[: ]{{0,2}}"
    rf"(?P<list>{_LIST})(?![\w%£]|\.\d)", re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:parts? (?:[1-7]|[IVX]{1,3})\b|schedule ?(?:12 ?\(?A\)?|7 ?\(?A\)?|6\b)|access to information|local government|"
    r"(?:the|that|this|said) (?:act|schedule)\b)", re.IGNORECASE,
)
# What a paragraph number may be of that is no law, though words of secrecy stand before it.
_OF_A_PAPER = re.compile(
    r"[\s,]*(?:above|below|[^.;\n]{0,20}\b(?:of|in|to) (?:the |this |his |her |their )?(?:[\w-]+ ){0,2}?"
    r"(?:report|minutes?|plan|appendix|policy|constitution|strategy|paper|document|resolution|agreement|statement|rules|orders)\b)",
    re.IGNORECASE,
)
_RULES = re.compile(r"\bof paragraph [\d.]+ of the access to information", re.IGNORECASE)
_SECRET = re.compile(
    r"\b(?:exempt\w*|not for publication|confidential|restricted|excluded?|exclusion|withheld|"
    r"schedule ?(?:12|7) ?\(?A\)?|schedule 6|100A|by virtue)\b", re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z(])|\n")
# The public interest test stands in Part 2 (England) and Part 5 (Wales) of the Schedule: no ground itself.
_TEST_PART = re.compile(r"[ ,(]{0,2}(?:of |in )?part (?:2|II|5|V)\b", re.IGNORECASE)
_REACH = 160


@dataclass(frozen=True)
class ExemptList:
    """A list of grounds of exemption, in force from ``first`` until before ``until``."""

    name: str
    law: re.Pattern[str]
    paragraphs: dict[str, str]
    test: frozenset[str]
    first: dt.date
    until: dt.date

    def is_in_force(self, day: dt.date) -> bool:
        """Whether the list is law on ``day``."""
        return self.first <= day < self.until


@cache
def exempt_lists() -> tuple[ExemptList, ...]:
    """The lists of ``exemption.toml``."""
    table = tomllib.loads(files(__package__).joinpath("exemption.toml").read_text("utf-8"))
    return tuple(
        ExemptList(
            one["name"], re.compile(one["law"], re.IGNORECASE), one["paragraphs"], frozenset(one.get("test", ())),
            one.get("from", dt.date.min), one.get("until", dt.date.max),
        )
        for one in table["list"]
    )


@dataclass(frozen=True)
class Citation:
    """The paragraphs cited in one place of a text; ``end`` of its span is the end of the law, where that follows."""

    paragraphs: tuple[str, ...]
    span: Span


def citations(text: str, date: str | None = None, *, bare: bool = False) -> Iterator[Citation]:
    """The exempt paragraphs that ``text`` cites, place by place.

    ``date`` (ISO) is the meeting's: the law changed. Numbers count beside the law or words of secrecy only ("paragraph 3 of
    the report" cites nothing), anywhere where the text is ``bare``: a reason, which is about nothing else.
    """
    if "ara" not in (lower := text.lower()) and "categor" not in lower:
        return
    plain = plain_marks(text)
    for match in _CITED.finditer(plain):
        after = plain[match.end():match.end() + _REACH]
        if ends := re.search(r"\.\s|;|\n", after):
            after = after[:ends.start()]
        law = _LAW.search(after)
        before = _SENTENCE_END.split(plain[max(0, match.start() - _REACH):match.start()])[-1]
        if _TEST_PART.match(after) and not re.search(r"part (?:1|I|4|IV)\b", after[:40], re.IGNORECASE):
            continue
        is_law = law is not None and law.start() <= 90 and not (law.start() > 25 and _OF_A_PAPER.match(after))
        if match[0][:3].lower() == "cat":
            is_law = bool(_RULES.match(after.lstrip())) or (bool(law) and "exempt" in before.lower())
            bare_word = False
        else:
            bare_word = not _OF_A_PAPER.match(after) and (bare or bool(_SECRET.search(before) or _SECRET.search(after[:40])))
        if not (is_law or bare_word):
            continue
        context = before + after
        if numbers := _grounds(_expand(match["list"]), context, date):
            end = match.end() + (law.end() if law and is_law else 0)
            yield Citation(numbers, Span(match.start(), end))


def cited_paragraphs(text: str, date: str | None = None) -> tuple[str, ...]:
    """The exempt paragraphs that ``text`` cites, in order."""
    return in_order([number for one in citations(text, date) for number in one.paragraphs])


def paragraphs_of_reason(reason: str | None, date: str | None = None) -> tuple[str, ...]:
    """The exempt paragraphs that the reason of a restricted document names."""
    return in_order([number for one in citations(reason or "", date, bare=True) for number in one.paragraphs])


def citation(text: str) -> str | None:
    """The words in which ``text`` first cites exempt paragraphs, or None."""
    first = next(citations(text), None)
    return text[first.span.start:first.span.end] if first else None


def in_order(numbers: list[str]) -> tuple[str, ...]:
    """Paragraph numbers, each once, by number and letter."""
    return tuple(sorted(set(numbers), key=lambda number: (int(re.sub(r"\D", "", number)), number)))


def _grounds(numbers: list[str], context: str, date: str | None) -> tuple[str, ...]:
    """The ``numbers`` that are grounds of exemption by a list in force at ``date`` which ``context`` may mean."""
    try:
        day = dt.date.fromisoformat(date or "")
    except ValueError:
        day = dt.date.max - dt.timedelta(days=1)
    in_force = [one for one in exempt_lists() if one.is_in_force(day)]
    meant = [one for one in in_force if one.law.search(context)] or in_force
    return tuple(number for number in numbers if any(number in one.paragraphs for one in meant))


def _expand(cited: str) -> list[str]:
    numbers: list[str] = []
    range_from: str | None = None
    for token in re.findall(r"\d{1,2}[A-Ca-c]?(?![a-z])|\bto\b|-", cited, re.IGNORECASE):
        if token.lower() in {"to", "-"}:
            range_from = numbers[-1] if numbers else None
            continue
        if range_from and range_from.isdigit() and token.isdigit() and int(range_from) < int(token) <= 18:
            numbers += [str(number) for number in range(int(range_from) + 1, int(token))]
        range_from = None
        numbers.append(token.upper())
    return numbers
