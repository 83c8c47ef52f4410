"""Recorded votes that ModernGov prints as tables of its own: votes, not text.

Only the site's own tables are taken out; a roll of names that a clerk typed into the minutes is their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from minutes_archive.model import Vote
from minutes_archive.parse.html import text_of
from minutes_archive.parse.labels import label_key

_NAMED = re.compile(r"\b(?:recorded votes?|voting record|record of voting)\b", re.IGNORECASE)
_WORD = "ancestor-or-self::*[contains(@class, 'mgWordPara') or contains(@class, 'WordSection')]"
# A number begins at its first digit, and blanks are taken whole: neither is tried again from its midst.
_COUNTS = {
    "for": re.compile(r"(?<!\d)(\d+)\s*+(?:votes?\s++)?for\b|\b(?:for|in favour)\s*+[:(]?\s*+(\d+)", re.IGNORECASE),
    "against": re.compile(r"(?<!\d)(\d+)\s*+(?:votes?\s++)?against\b|\bagainst\s*+[:(]?\s*+(\d+)", re.IGNORECASE),
    "abstain": re.compile(r"(?<!\d)(\d+)\s*+abst\w+|\babst\w+\s*+[:(]?\s*+(\d+)", re.IGNORECASE),
}
_CAST = {
    "for": "for", "in favour": "for", "against": "against", "abstain": "abstain", "abstained": "abstain",
    "abstention": "abstain",
}
_RESULTS = {
    "carried": "carried", "passed": "carried", "agreed": "carried", "lost": "lost", "rejected": "lost", "defeated": "lost",
    "not carried": "lost",
}


def take_votes(element: html.HtmlElement) -> list[Vote]:
    """The votes in the tables of recorded votes in ``element``, in order. The tables are emptied: they are no text."""
    found = []
    # A table inside another is that one's content: looked at one by one, a thousand nested ones would take hours.
    for table in [one for one in _outermost(element) if _is_vote_table(one)]:
        found += _read_votes(table)
        table.text = None
        for child in list(table):
            table.remove(child)
    return found


def _outermost(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    inside: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end"), tag="table"):
        if event == "start" and inside is None:
            inside = node
            yield node
        elif event == "end" and node is inside:
            inside = None


def _is_vote_table(table: html.HtmlElement) -> bool:
    if table.xpath(_WORD):
        return False
    named = " ".join([table.get("summary") or "", *(text_of(caption) for caption in table.xpath("./caption"))])
    return bool(_NAMED.search(named)) or {"recorded vote text", "result"} <= set(_cells(next(_rows(table), None)))


def _rows(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return iter(table.xpath("./tr | ./thead/tr | ./tbody/tr"))


def _cells(row: html.HtmlElement | None) -> list[str]:
    return [] if row is None else [label_key(text_of(cell)) for cell in row.xpath("./td | ./th")]


def _read_votes(table: html.HtmlElement) -> list[Vote]:
    """One vote a row where a column tells the result; else one of the table, counted from what each member cast."""
    rows = [cells for row in _rows(table) if (cells := _cells(row))]
    if rows and "result" in rows[0]:
        at = rows[0].index("result")
        return [_vote(" ".join(row), row[at] if at < len(row) else "") for row in rows[1:]]
    cast = [_CAST[row[-1]] for row in rows if row[-1] in _CAST]
    if not cast:
        return [_vote(" ".join(" ".join(row) for row in rows), "")] if rows else []
    counts = {word: cast.count(word) for word in ("for", "against", "abstain")}
    return [Vote(counts["for"], counts["against"], counts["abstain"])]


def _vote(words: str, result: str) -> Vote:
    found = {word: pattern.search(words) for word, pattern in _COUNTS.items()}
    counts = {word: int(match[1] or match[2]) if match else None for word, match in found.items()}
    return Vote(counts["for"], counts["against"], counts["abstain"], result=_RESULTS.get(result))
