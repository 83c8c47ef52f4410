"""Exempt paragraphs: the numbers of Schedule 12A and its like that a text, a reason or a resolution cites."""

from __future__ import annotations

import re

from minutes_archive.text import plain_marks

_LIST = r"\d{1,2}[A-C]?(?:\s*\([a-z]\))?(?:\s*(?:,|and/or|and|or|&|to|-)\s*(?:and\s+)?(?:paragraphs?\s+)?\d{1,2}[A-C]?(?![.\d]))*"
_LAW = r"(?:part\s+(?:[1-7]|[IVX]{1,3})\b|schedule\s+(?:12\s*\(?A\)?|7A|6)|access to information|local government)"
# Only beside the law: "paragraph 3 of the report" cites nothing.
_CITED = re.compile(
    rf"\bparagraphs?(?:\(s\))?(?:\s+numbers?)?\s+(?P<list>{_LIST})(?![.\d])[^.;]{{0,90}}?(?P<law>{_LAW})", re.IGNORECASE
)
_CATEGORY = re.compile(
    r"\bcategor(?:y|ies)\s+(?P<list>\d{1,2}(?:\s*(?:,|and|&)\s*\d{1,2})*)\s+of\s+paragraph\s+[\d.]+"
    r"\s+of\s+the\s+access to information",
    re.IGNORECASE,
)
# Reasons are short and about nothing else: "paragraph 3", "Exempt: paras 1 and 2", "By virtue of paragraph 3".
_IN_REASON = re.compile(rf"\bpara(?:graph)?s?\.?(?:\(s\))?\s+(?P<list>{_LIST})(?![.\d])", re.IGNORECASE)
# The public interest test stands in paragraph 10 of Part 2 (England) and paragraph 21 of Part 5 (Wales): no ground itself.
_TEST = re.compile(r"part\s+(?:2|II|5|V)\b", re.IGNORECASE)
_PART = re.compile(r"\d{1,2}[A-C]?", re.IGNORECASE)


def cited_paragraphs(text: str) -> tuple[str, ...]:
    """The exempt paragraphs that ``text`` cites beside the law they stand in, in the order of citation."""
    plain = plain_marks(text)
    found: list[str] = []
    for match in [*_CATEGORY.finditer(plain), *_CITED.finditer(plain)]:
        if not ("law" in match.groupdict() and _is_the_test(match)):
            found += _expand(match["list"])
    return in_order(found)


def paragraphs_of_reason(reason: str | None) -> tuple[str, ...]:
    """The exempt paragraphs that the reason of a restricted document names."""
    found = [number for match in _IN_REASON.finditer(plain_marks(reason or "")) for number in _expand(match["list"])]
    return in_order(found)


def citation(text: str) -> str | None:
    """The words in which ``text`` first cites exempt paragraphs, or None."""
    match = _CITED.search(plain_marks(text))
    return text[match.start():match.end()] if match else None


def in_order(numbers: list[str]) -> tuple[str, ...]:
    """Paragraph numbers, each once, by number and letter."""
    return tuple(sorted(set(numbers), key=lambda number: (int(re.sub(r"\D", "", number)), number)))


def _is_the_test(match: re.Match[str]) -> bool:
    return bool(_TEST.match(match["law"])) and match["list"].strip() in {"10", "21"}


def _expand(cited: str) -> list[str]:
    numbers: list[str] = []
    range_from: str | None = None
    for token in re.findall(r"\d{1,2}[A-Ca-c]?|to\b|-", cited):
        if token in {"to", "-"}:
            range_from = numbers[-1] if numbers else None
            continue
        if range_from and range_from.isdigit() and token.isdigit() and int(range_from) < int(token) <= 18:
            numbers += [str(number) for number in range(int(range_from) + 1, int(token))]
        range_from = None
        numbers.append(token.upper())
    return numbers
