"""What ModernGov's pages share: how they say what they are, where they come from, which files they link."""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from lxml import etree, html

from minutes_archive.identity import PageIdentity, absolute_url, page_identity, site_of
from minutes_archive.model import Document
from minutes_archive.parse.html import has_class, text_of
from minutes_archive.parse.marks import Attachment, split_attachment, split_restricted
from minutes_archive.text import fold_line

# What a browser writes into a page that a person saves: <!-- saved from url=(0063)https://... -->
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
# What is searched is folded: no two blanks in a row.
_REASONS = re.compile(r"reasons why (?:the )?document\s?(?P<title>.{0,300}?)\s?is restricted", re.IGNORECASE)
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
    # XPath is only the sieve: "mgLabel" must not find "mgLabelWide".
    found = cast("list[html.HtmlElement]", _sieve(name)(root))
    return [element for element in found if has_class(element, name)]


@functools.cache
def _sieve(name: str) -> etree.XPath:
    return etree.XPath(f"descendant::*[contains(@class, '{name}') or contains(@class, '{name.lower()}')]")


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


def own_links(root: html.HtmlElement) -> Iterator[str]:
    """The addresses of the links that the site itself makes below ``root``: none in a text, which may link anything."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if is_word_paste(element):
            walker.skip_subtree()
        elif element.tag == "a" and (href := element.get("href")):
            yield href


def is_word_paste(element: etree._Element) -> bool:
    """Whether an element holds a text, pasted from Word, and not the site's own markup."""
    name = (element.get("class") or "").lower()
    return "mgwordpara" in name or "wordsection" in name


def identities(root: html.HtmlElement, base: str | None) -> Iterator[PageIdentity]:
    """What the site's own links below ``root`` point at on that site, those that ModernGov's URLs identify."""
    site = site_of(base)
    for href in own_links(root):
        found = page_identity(absolute_url(href, base or "https://unknown.invalid/"))
        # Ids are a site's own: 815 on another site is another meeting.
        if found and site in (None, found.site):
            yield found


def take_documents(element: html.HtmlElement, base: str | None) -> list[Document]:
    """The files that the entries of a list link, or that ``element`` does, where it is none. The entries are taken out."""
    found = []
    # The innermost first, so that what a nested list holds is not read again with each list round it.
    for entry in [*element.iter("li")][::-1] or [element]:
        if one := document(entry, base):
            found.append(one)
        if entry is not element:
            entry.clear(keep_tail=True)
    return found[::-1]


def split_file(element: html.HtmlElement) -> tuple[str, Attachment | None]:
    """The text of a title or link, and the type and size of its file, where they stand at its end."""
    words = text_of(element)
    title, attached = split_attachment(words)
    # Older templates show the size alone: "(62k)".
    size = first_text(element, "mgFileSize") if attached is None else ""
    return (words.removesuffix(size).rstrip(), None) if size.startswith("(") else (title, attached)


def document(element: html.HtmlElement, base: str | None) -> Document | None:
    """The file that a title or list entry links; None where there is neither link nor a mark of restriction.

    The address is kept as found, made absolute where the page's own is known. Of a restricted file the page
    gives no link; its title and the mark are what there is to keep.
    """
    anchor = _file_in(element)
    shown = _without_hidden(anchor if anchor is not None else element)
    if match := _REASONS.search(text_of(shown)):
        return Document(match["title"].strip(_QUOTES + " "), restricted=True)
    title, attached = split_file(shown)
    if attached is None and anchor is not None:
        # Some templates write type and size behind the link, not into it.
        attached = split_attachment(text_of(_without_hidden(element)))[1]
    title, restricted = split_restricted(title.strip(" ,"))
    restricted = restricted or bool(re.search(r"\((?:restricted|exempt)\)", fold_line(element.text_content()), re.I))
    if anchor is None and not restricted:
        return None
    href = anchor.get("href") or "" if anchor is not None else ""
    extension = _EXTENSION.search(href.split("/")[-1])
    kind = attached.type if attached else extension[1].lower() if extension else ""
    return Document(title, absolute_url(href, base), kind, attached.size if attached else None, restricted)


def take_reasons(elements: Iterable[html.HtmlElement]) -> list[str]:
    """Titles of the documents whose "reasons why document is restricted" ``elements`` link.

    The links are taken out: what they say is no text of an item, and the public may not see those titles.
    """
    titles = []
    for link in [link for element in elements for _, link in links(element)]:
        match = _REASONS.search(fold_line(link.text_content()))
        if match is None:
            continue
        entry = next(link.iterancestors("li"), None)
        link.clear(keep_tail=True)
        # In the entry of a file it is that file, whatever the link calls it.
        beside = document(entry, None) if entry is not None and _file_in(entry) is not None else None
        titles.append(beside.title if beside else match["title"].strip(_QUOTES + " "))
    return titles


def restrict(documents: Iterable[Document], titles: Sequence[str]) -> tuple[Document, ...]:
    """``documents``, each once, with those called one of ``titles`` marked as restricted, listed or not."""
    listed = list(dict.fromkeys(documents))
    restricted = {*titles, *(one.title for one in listed if one.restricted)}
    known = {one.title for one in listed}
    marked = [replace(one, restricted=one.restricted or one.title in restricted) for one in listed]
    return tuple(dict.fromkeys([*marked, *(Document(title, restricted=True) for title in titles if title not in known)]))


def _file_in(element: html.HtmlElement) -> html.HtmlElement | None:
    return next((a for href, a in links(element) if _is_file(href)), None)


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
