"""What ModernGov's pages share: how they say what they are, where they come from, which files they link."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from lxml import html

from minutes_archive.identity import PageIdentity, absolute_url, page_identity
from minutes_archive.model import Document
from minutes_archive.parse.html import has_class, text_of
from minutes_archive.parse.marks import split_attachment, split_restricted
from minutes_archive.text import fold_line

# What a browser writes into a page that a person saves: <!-- saved from url=(0063)https://... -->
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_REASONS = re.compile(r"reasons why (?:the )?document\s*(?P<title>.*?)\s*is restricted", re.IGNORECASE)
_QUOTES = "'\"‘’“”"
_EXTENSION = re.compile(r"\.([a-z]{3,4})(?:$|\?)", re.IGNORECASE)


def saved_from(markup: str, root: html.HtmlElement) -> str | None:
    """The page's own address, where a browser or the page itself tells it; None otherwise."""
    match = _SAVED.search(markup[:20_000])
    told = [match[1]] if match else []
    told += [str(one) for one in root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")[:2]]
    return next((url for url in told if url.lower().startswith(("http://", "https://"))), None)


def elements_of_class(root: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    """Every element below ``root`` with the class ``name``, in page order."""
    # XPath's contains() is only the sieve: "mgLabel" must not find "mgLabelWide".
    found = root.xpath(f".//*[contains(@class, '{name}') or contains(@class, '{name.lower()}')]")
    return [element for element in found if has_class(element, name)]


def first_text(root: html.HtmlElement, *names: str) -> str:
    """The text of the first element with one of the classes ``names``; "" where there is none."""
    for name in names:
        for element in elements_of_class(root, name):
            if text := text_of(element):
                return text
    return ""


def links(root: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    """Each link below ``root``: its address as found, and its element."""
    for anchor in root.iter("a"):
        if href := anchor.get("href"):
            yield href, anchor


def identities(root: html.HtmlElement, base: str | None) -> Iterator[PageIdentity]:
    """What the links below ``root`` point at, those that ModernGov's URLs identify."""
    stand_in = base or "https://unknown.invalid/"
    for href, _ in links(root):
        url = absolute_url(href, stand_in)
        if found := page_identity(url):
            yield found


def document(element: html.HtmlElement, base: str | None) -> Document | None:
    """The file that a title or list entry links; None where there is neither link nor a mark of restriction.

    The address is kept as found, made absolute where the page's own is known. Of a restricted file the page
    gives no link; its title and the mark are what there is to keep.
    """
    anchor = next((a for href, a in links(element) if _is_file(href)), None)
    label = text_of(_without_hidden(anchor if anchor is not None else element))
    if match := _REASONS.search(label):
        return Document(match["title"].strip(_QUOTES + " "), restricted=True)
    title, attached = split_attachment(label)
    title, restricted = split_restricted(title.strip(" ,"))
    restricted = restricted or bool(re.search(r"\((?:restricted|exempt)\)", fold_line(element.text_content()), re.I))
    if anchor is None and not restricted:
        return None
    href = anchor.get("href") or "" if anchor is not None else ""
    extension = _EXTENSION.search(href.split("/")[-1])
    kind = attached.type if attached else extension[1].lower() if extension else ""
    return Document(title, absolute_url(href, base), kind, attached.size if attached else None, restricted)


def reasons_restricted(root: html.HtmlElement) -> list[str]:
    """Titles of the documents whose "reasons why document is restricted" the page links."""
    matches = (_REASONS.search(fold_line(a.text_content())) for href, a in links(root) if "reasonsrestricted" in href.lower())
    return [match["title"].strip(_QUOTES + " ") for match in matches if match]


def _is_file(href: str) -> bool:
    lowered = href.lower()
    return "documents/" in lowered or "mgconvert2pdf" in lowered or bool(
        re.search(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|csv)(?:$|\?)", lowered)
    )


def _without_hidden(element: html.HtmlElement) -> html.HtmlElement:
    """A copy of ``element`` without what the page hides (", item 35." for screen readers), and its tail."""
    bare = copy.deepcopy(element)
    bare.tail = None
    for hidden in elements_of_class(bare, "mgHide"):
        hidden.clear(keep_tail=True)
    return bare
