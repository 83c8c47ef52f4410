"""Evidence: what a page shows that tells its layout, weighed by the table ``evidence.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from minutes_archive.parse.cmis import is_cmis
from minutes_archive.parse.heading import read_title
from minutes_archive.parse.html import text_of
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.moderngov.converted import is_converted
from minutes_archive.parse.moderngov.markup import first_text

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("evidence.toml").read_text("utf-8"))
_ENOUGH: int = _DATA.pop("enough")
# Layout -> kind of sign -> sign -> weight.
_SIGNS: dict[str, dict[str, dict[str, int]]] = _DATA
# A page that is no answer says little: its words count up to this many characters of visible text.
_LITTLE = 4_000
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_HEADINGS = ("title", "h1", "h2")


@dataclass(frozen=True)
class Page:
    """A page to be recognised: its tree, its markup, and its own address where that is known."""

    root: html.HtmlElement
    markup: str
    url: str | None

    @cached_property
    def heading(self) -> str:
        """The main heading of a ModernGov page as the tables spell it; "" where there is none."""
        return label_key(first_text(self.root, "mgMainTitleTxt"))

    @cached_property
    def signs(self) -> dict[str, frozenset[str]]:
        """The signs on the page by kind, as the tables name them, but for those told by phrases."""
        classes, ids = _attributes(self.root)
        moderngov = bool(self.heading) or "mgcontent" in classes
        shown = {*self._shown(), *(["moderngov"] if moderngov else [])}
        return {
            "class": classes, "id": ids, "heading": frozenset({self.heading}), "shows": frozenset(shown),
            "address": frozenset({_file_name(self.url)} if moderngov else ()),
        }

    @cached_property
    def titles(self) -> str:
        """The page's titles, in lower case; "" on a page with much text, which is an answer whatever it is called."""
        found = (one for name in _HEADINGS for one in self.root.iter(name))
        return " \n ".join(label_key(text_of(one) or one.text or "") for one in found) if self.words else ""

    @cached_property
    def words(self) -> str:
        """All visible words, in lower case; "" on a page with much text."""
        parts: list[str] = []
        size = 0
        for text in self.root.itertext():
            parent = text.getparent() if hasattr(text, "getparent") else None
            if parent is not None and not text.is_tail and parent.tag in _UNSEEN:
                continue
            size += len(text.strip())
            if size > _LITTLE:
                return ""
            parts.append(text)
        return label_key(" ".join(parts))

    def _shown(self) -> Iterator[str]:
        title_line = first_text(self.root, "mgSubTitleTxt")
        title = read_title(title_line) if title_line else None
        if title and title.body:
            yield "title line"
        if is_converted(self.markup):
            yield "item marks"
        if is_cmis(self.root):
            yield "meeting summary"
        if any((field.get("type") or "").lower() == "password" for field in self.root.iter("input")):
            yield "password field"


def weigh(page: Page) -> list[tuple[str, int]]:
    """The layouts that ``page`` shows enough evidence of, with the weight of it, the likeliest first."""
    weights = {layout: _weight(page, kinds) for layout, kinds in _SIGNS.items()}
    enough = [(layout, weight) for layout, weight in weights.items() if weight >= _ENOUGH]
    return sorted(enough, key=lambda entry: -entry[1])


def phrase_of(page: Page) -> str:
    """The words by which ``page`` tells that it is no answer, for the message; its title where it has no such words."""
    for kind, text in (("words", page.words), ("title", page.titles)):
        for phrase in _SIGNS["error"][kind]:
            if phrase in text:
                return phrase
    return page.titles.partition("\n")[0].strip()


def _weight(page: Page, kinds: dict[str, dict[str, int]]) -> int:
    total = 0
    for kind, table in kinds.items():
        if kind in {"title", "words"}:
            text = page.titles if kind == "title" else page.words
            total += max((weight for phrase, weight in table.items() if phrase in text), default=0)
        else:
            total += sum(weight for sign, weight in table.items() if sign in page.signs[kind])
    return total


def _attributes(root: html.HtmlElement) -> tuple[frozenset[str], frozenset[str]]:
    """Every class and every id on the page, in lower case."""
    classes = {name for value in root.xpath("//@class") for name in str(value).lower().split()}
    return frozenset(classes), frozenset(str(value).strip().lower() for value in root.xpath("//@id"))


def _file_name(url: str | None) -> str:
    """The file name of an address, in lower case and without .asp or .aspx; "" where there is none."""
    try:
        name = urlsplit(url or "").path.rsplit("/", 1)[-1].lower()
    except ValueError:
        return ""
    return re.sub(r"\.aspx?$", "", name)
