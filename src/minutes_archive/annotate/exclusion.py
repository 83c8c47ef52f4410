"""Exclusions: where in a meeting the public is shut out, which items that covers, and where it is let in again.

Scope is as resolved: one item, a number of items, named items (the items between stay open), or all until the public return.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.decisions import types_of
from minutes_archive.annotate.exemption import Citation, citations, in_order
from minutes_archive.annotate.sentences import lines_of, says_any
from minutes_archive.model import Item
from minutes_archive.procedural import procedural_kind
from minutes_archive.rules import load_rules
from minutes_archive.text import plain_marks

RULES = "annotate/restriction.toml"
# A sentence says nothing of the public's coming and going without one word of where it is and one of its moving.
_ROOM = (
    "public", "press", "session", "private", "committee", "camera", "confidence", "closed", "part i", "part 1", "part a",
    "part 2", "part b", "visitors", "gallery", "observers", "door", "webcast", "broadcast", "stream", "recording",
    "in open", "open meeting", "to open",
)
_CLOSED = (
    "exclu", "private", "in committee", "into committee", "closed", "camera", "confiden", "absence", "leave", "withdraw",
    "vacate", "part ii", "part 2", "part b",
)
_REOPENED = (
    "admi", "open", "in public", "invited", "return", "back", "join", "resum", "recommenc", "reconven", "out of committee",
    "part i", "part 1", "part a", "re-ent", "reent", "end of", "ended", "close of", "conclusion", "concluded", "restart",
)
_COUNT = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_ITEM_NUMBER = r"(?-i:(?!AND|TO|OR|ITEM)[A-Z]{1,5}[./ ]?)?\d[\w/.]*(?<![.,])"
_NAMED = re.compile(
    rf"\b(?:items?|minutes?)\b(?: \(?(?:numbers?|numbered|nos?\.?)\)?)?[ :]{{1,2}}(?P<list>{_ITEM_NUMBER}"
    rf"(?:(?:,? and |, ?| ?& ?| to | ?- ?)(?:items? )?{_ITEM_NUMBER})*)(?! of (?:the |part |schedule))",
    re.IGNORECASE,
)
_ROW = re.compile(
    rf"^(?P<item>{_ITEM_NUMBER})(?: ?\|[^|\n]*)? ?\| ?(?P<list>\d{{1,2}}(?:(?:,| and| &) ?\d{{1,2}})*)$", re.MULTILINE
)
_PRIVATE_MARK = re.compile(
    r"[-(:\[]\s*(?:exempt|restricted|confidential|private|part ii)\b[^)\]]*[)\]]?\s*$", re.IGNORECASE
)
# Business that follows the private part and is none of it.
_NEVER_PRIVATE = frozenset({
    "exclusion", "readmission", "next_meeting", "apologies", "declarations", "announcements", "order_of_business",
})


@dataclass(frozen=True)
class Exclusion:
    """The public is shut out.

    ``paragraphs`` and ``reason`` are those of all items it covers, ``own`` those of single ones by number. ``numbers`` are the
    items it names, ``titles`` words in which it may name others; ``left`` counts the items it still covers, None until the end.
    """

    paragraphs: tuple[str, ...] = ()
    reason: str | None = None
    own: tuple[tuple[str, tuple[str, ...]], ...] = ()
    numbers: frozenset[str] = frozenset()
    titles: str = ""
    left: int | None = None
    within: bool = False
    state: str = "exempt"

    def covers(self, item: Item, places: dict[str, str]) -> bool:
        """Whether the public is out for ``item``. ``places``: the agenda numbers of a meeting whose items show others."""
        if procedural_kind(item.title) in _NEVER_PRIVATE:
            return False
        if self.numbers:
            return bool(self._names(item, places))
        if self.titles:
            return _title_of(item) in self.titles
        return True

    def paragraphs_of(self, item: Item, places: dict[str, str]) -> tuple[str, ...]:
        """The paragraphs for which it covers ``item``."""
        named = self._names(item, places)
        return next((numbers for number, numbers in self.own if number in named), self.paragraphs)

    def _names(self, item: Item, places: dict[str, str]) -> frozenset[str]:
        return self.numbers & {_bare(item.number or ""), places.get(item.id, "")}

    def after_one(self) -> Exclusion | None:
        """What is left of it after an item that it covered."""
        if self.left is None:
            return self
        return replace(self, left=self.left - 1) if self.left > 1 else None


def exclusion_in(item: Item, later: Sequence[Item], date: str | None) -> Exclusion | None:
    """The exclusion that is resolved, or told, in ``item``; ``later`` are the items after it. None where there is none.

    ``within`` tells that it covers the very item in which it is resolved.
    """
    told = [one.text for one in item.decisions if one.type == "public_excluded"]
    decided = any(not _announced(words) for words in told)
    if not decided and not _tells_of_exclusion(item):
        return None
    words = " ".join(told) or item.minutes_text or item.decision_text
    whole = plain_marks("\n".join((item.decision_text, item.minutes_text)))
    cited = next((found for text in (whole, item.agenda_text) if (found := list(citations(text, date)))), [])
    paragraphs = in_order([number for one in cited for number in one.paragraphs])
    source = whole if cited and list(citations(whole, date)) else plain_marks(item.agenda_text)
    reason = source[cited[0].span.start:cited[0].span.end] if cited else None
    of_form = procedural_kind(item.title) == "exclusion"
    plain = plain_marks(words)
    named = _numbers(plain) or _numbers(whole)
    own = _own_paragraphs(whole, cited, named)
    numbers = frozenset(named) or frozenset(number for number, _ in own)
    titles = "" if numbers else _titles(whole, later)
    later_items = bool(numbers or titles or _scope("counted", plain) or _scope("next", plain) or _scope("rest", plain))
    about_itself = not of_form or bool(_scope("itself", item.title))
    within = about_itself and (_bare(item.number or "-") in numbers or not later_items)
    left = _left(plain, of_form, bool(numbers or titles), within)
    return Exclusion(paragraphs, reason, own, numbers, titles, left, within, state_of(whole))


def stayed_open(item: Item) -> bool:
    """Whether the texts of ``item`` say that the public was not shut out, whatever its title announces."""
    texts = (item.decision_text, item.minutes_text)
    return any(
        rule.pattern.search(plain_marks(text)) for text in texts if "not" in text.lower() for rule in load_rules(RULES)["stayed"]
    )


def state_of(words: str) -> str:
    """The restriction of what is dealt with behind an exclusion in these words."""
    return next((rule.type for rule in load_rules(RULES)["by_law"] if rule.pattern.search(words)), "exempt")


def heads_private_part(item: Item) -> bool:
    """Whether ``item`` is a bare heading above the private part: "Part II", "Confidential items", without a word under it."""
    if item.minutes_text or item.decision_text or item.agenda_text:
        return False
    return any(rule.pattern.search(plain_marks(item.title)) for rule in load_rules(RULES)["part"])


def reopens(item: Item) -> str:
    """Where in ``item`` the public is let in again: "start" (its title or first sentence), "end", or "" for nowhere."""
    if procedural_kind(item.title) == "readmission":
        return "start"
    text = item.minutes_text or item.decision_text
    if not (says_any(text, _ROOM) and says_any(text, _REOPENED)):
        return ""
    plain = plain_marks(text)
    rules = load_rules(RULES)
    spans = [span for line in lines_of(text) for span in line.sentences]
    for span in spans:
        words = plain[span.start:span.end]
        if not (says_any(words, _ROOM) and says_any(words, _REOPENED)):
            continue
        if any(rule.pattern.search(words) for rule in rules["reopened"]) and not _hypothetical(words):
            return "start" if span is spans[0] else "end"
    return ""


def places_of(items: Sequence[Item], numbers: frozenset[str]) -> dict[str, str]:
    """The agenda numbers of items that show others (minute numbers): their places, where no item shows a number named."""
    if any(_bare(item.number or "") in numbers for item in items):
        return {}
    tops = [item for item in items if item.parent is None]
    return {item.id: str(at) for at, item in enumerate(tops, start=1)}


def _tells_of_exclusion(item: Item) -> bool:
    """Whether the texts tell that the public was out, without a resolution that says so in form."""
    if "refused" in types_of(item) and procedural_kind(item.title) == "exclusion":
        return False
    rules = load_rules(RULES)["closed"]
    for text in (item.decision_text, item.minutes_text):
        if not (says_any(text, _CLOSED) and says_any(text, _ROOM)):
            continue
        plain = plain_marks(text)
        for line in lines_of(text):
            for span in line.sentences:
                words = plain[span.start:span.end]
                if not (says_any(words, _ROOM) and says_any(words, _CLOSED)):
                    continue
                out = any(rule.pattern.search(words) for rule in rules)
                if out and not (_hypothetical(words) or _announced(words)):
                    return True
    return False


def _hypothetical(words: str) -> bool:
    return any(rule.pattern.search(words) for rule in load_rules(RULES)["elsewhere"])


def _announced(words: str) -> bool:
    return any(rule.pattern.search(words) for rule in load_rules(RULES)["later"])


def _left(words: str, of_form: bool, named: bool, within: bool) -> int | None:
    if named:
        return None
    if counted := _scope("counted", words):
        return _COUNT[(counted["one"] or counted["two"]).lower()]
    single = _scope("next", words) or (of_form and _scope("this", words) and not _scope("rest", words))
    return 1 if single or within else None


def _scope(kind: str, words: str) -> re.Match[str] | None:
    """The words in which an exclusion says how far it goes, where it says it that way."""
    mine = (rule for rule in load_rules(RULES)["scope"] if rule.type == kind)
    return next((match for rule in mine if (match := rule.pattern.search(words))), None)


def _numbers(words: str) -> list[str]:
    """The numbers of items that ``words`` name, ranges filled in ("A.33 to A.35")."""
    found: list[str] = []
    for match in _NAMED.finditer(words):
        tokens = re.findall(rf"{_ITEM_NUMBER}|\bto\b|-", match["list"], re.IGNORECASE)
        for at, token in enumerate(tokens):
            if token.lower() in {"to", "-"}:
                found += _between(found[-1] if found else "", _bare(tokens[at + 1]) if at + 1 < len(tokens) else "")
            else:
                found.append(_bare(token))
    return found


def _between(first: str, last: str) -> list[str]:
    """The numbers between two that differ in their last figures alone; none where they are far apart."""
    one, other = (re.fullmatch(r"(.*?)(\d+)", number) for number in (first, last))
    if not one or not other or other[1] not in ("", one[1]) or not 0 < int(other[2]) - int(one[2]) <= 30:
        return []
    return [f"{one[1]}{number}" for number in range(int(one[2]) + 1, int(other[2]))]


def _own_paragraphs(whole: str, cited: Sequence[Citation], numbers: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Paragraphs stated item by item: "item 8 (paragraph 3) and item 9 (paragraphs 1 and 2)", or rows of a table."""
    rows = [(row["item"], tuple(re.findall(r"\d{1,2}", row["list"]))) for row in _ROW.finditer(whole)]
    if rows and "paragraph" in whole.lower():
        return tuple((_bare(item), paragraphs) for item, paragraphs in rows)
    if len(cited) < 2 or len(set(numbers)) < 2:
        return ()
    last: dict[str, int] = {}
    for number in numbers:
        named = rf"(?i:\b(?:items?|minutes?|of|for|to|no\.?|nos\.?|and|,|&)) ?(?<![\w/])({re.escape(number)})(?![\w/])"
        last |= {found[1]: found.start(1) for found in re.finditer(named, whole)}
    ahead = cited[0].span.start < min(last.values(), default=0)
    found: list[tuple[str, tuple[str, ...]]] = []
    for number, start in sorted(last.items(), key=lambda pair: pair[1]):
        before = [one for one in cited if one.span.start < start]
        after = [one for one in cited if one.span.start > start]
        mine = before[-1:] if ahead else after[:1]
        if mine:
            found.append((number, mine[0].paragraphs))
    return tuple(found)


def _titles(whole: str, later: Sequence[Item]) -> str:
    """``whole`` folded, where it names one of the later items by title; "" where it names none."""
    folded = _folded(whole)
    return folded if any(len(title := _title_of(one)) > 7 and title in folded for one in later) else ""


def _title_of(item: Item) -> str:
    """The title of ``item`` folded, without the mark that it is private."""
    return _folded(_PRIVATE_MARK.sub("", item.title)) or "\0"


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain_marks(text).lower()))


def _bare(number: str) -> str:
    return number.strip(" .()").upper()
