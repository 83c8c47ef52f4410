"""XML of ModernGov's service: bytes to elements, and elements to values and readable blocks.

The answers come from anybody's web site. A document type declaration is refused unread (the service sends none;
entities are how XML is made to explode or to read files), nothing is fetched, depth and size are bounded by
libxml2's own limits. Values are padded with blanks, entities are escaped twice, and texts are Word's HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from minutes_archive.model import Problem
from minutes_archive.parse.blocks import Block, make_block
from minutes_archive.parse.html import blocks_of, tree_of
from minutes_archive.text import fold_line

MEETING = "meeting"
LISTS = frozenset({"committees", "getmeetings", "getmeetingsbydate"})
_ENVELOPE = "envelope"
# What the body of a SOAP envelope answers, where it is one of the answers that are read.
_OPERATIONS = (b"getmeeting", b"getcommittees", b"getallmeetingsbydate")
_FIRST_TAG = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s>/]")
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
# Possessive: a prolog of a thousand comments must not be tried in every grouping.
_DOCTYPE = re.compile(r"^(?:\s++|(?><!--.*?-->)|(?><\?.*?\?>))*+<!DOCTYPE", re.DOTALL | re.IGNORECASE)
# What XML 1.0 has no place for, and .NET writes nevertheless: control characters, raw or as &#x1F;.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|(\d{1,9}));")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,7});")
_ESCAPED_TWICE = re.compile(r"&amp;(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,7});")
# A tag of the HTML that Word writes; "<A1 upgrade" and "<b" before a figure are text.
_TAG = re.compile(
    r"<(?:/?(?:a|abbr|b|blockquote|br|center|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|script|s|span|strike|strong|style|sub"
    r"|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|html|head|body|meta|link|[a-z][a-z0-9]{0,9}:[a-z]\w{0,20})(?:\s[^<>]*|/)?>|!--)",
    re.IGNORECASE,
)
_ESCAPED_TAG = re.compile(r"&lt;/?[A-Za-z][A-Za-z0-9:]{0,20}(?:\s|/?&gt;)")
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


@dataclass(frozen=True)
class Answer:
    """An answer parsed: the element that says what it is, that element's name, and what was wrong with the bytes.

    ``damaged``: something of it is missing, and nobody knows what: a mark that is not there may have been lost.
    """

    root: etree._Element
    name: str
    doubts: tuple[Problem, ...] = ()
    damaged: bool = False


def is_answer(start: bytes) -> bool:
    """Whether a file that begins with ``start`` is an answer of the service, in a SOAP envelope or without."""
    first = _FIRST_TAG.search(start)
    name = first[1].decode("ascii", "replace").lower() if first else ""
    return name == MEETING or name in LISTS or (name == _ENVELOPE and any(known in start.lower() for known in _OPERATIONS))


def parse_answer(content: bytes) -> Answer | str:
    """The answer in ``content``, or in words why there is none to be had."""
    try:
        text, doubts = content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        doubts = [Problem("wrong_encoding", "warning", "", "the answer is not UTF-8; it was read as Windows-1252")]
    if _DOCTYPE.match(text):
        return "is XML that declares a document type, which ModernGov's service never does: it was not parsed"
    clean = _without_illegal(_CONTROL.sub("", _DECLARATION.sub("", text))).encode("utf-8", "replace")
    tree = _parse(clean, mend=False)
    damaged = tree is None
    if damaged:
        tree = _parse(clean, mend=True)
        doubts.append(Problem("damaged_xml", "warning", "", "the XML is damaged or cut off: what could be read of it was read"))
    if tree is not None and tree.getroottree().docinfo.internalDTD is None:
        for one in tree.iter():
            if name_of(one) == MEETING or name_of(one) in LISTS:
                return Answer(one, name_of(one), tuple(doubts), damaged)
    return "is XML in which no answer of ModernGov's service could be read"


def _parse(clean: bytes, mend: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=mend,
    )
    try:
        return etree.fromstring(clean, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _without_illegal(text: str) -> str:
    """``text`` without references to what XML has no place for, such as half a surrogate pair, which lxml can't decode."""
    clean = _REFERENCE.sub(lambda match: match[0] if _is_legal(match) else "", text)
    # Two halves of a reference may have met where one was taken out: "&#xD8&#1;00;".
    return _REFERENCE.sub(lambda match: match[0] if _is_legal(match) else "\ufffd", clean)


def _is_legal(match: re.Match[str]) -> bool:
    code = int(match[1], 16) if match[1] else int(match[2])
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF


def name_of(element: etree._Element) -> str:
    """An element's name in lower case, without its namespace; "" for what is no element."""
    # A mended answer has names that etree.QName refuses, such as "https:".
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child called ``name`` (lower case), or None."""
    return next((one for one in element if name_of(one) == name), None)


def children(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """Every element that ``path`` leads to from ``element``, be there none, one or many."""
    if not path:
        yield element
        return
    for one in element:
        if name_of(one) == path[0]:
            yield from children(one, *path[1:])


def value(element: etree._Element, name: str) -> str:
    """The value of a child on one line: padding gone, entities that were escaped twice resolved; "" where there is none."""
    one = child(element, name)
    return plain_value("" if one is None else content_of(one))


def plain_value(raw: str) -> str:
    """A value or attribute as people read it."""
    raw = _unescaped(_unescaped(raw))
    if _TAG.search(raw) and (tree := tree_of(raw)) is not None:
        raw = " ".join(block.text for block in blocks_of(tree))
    return fold_line(raw)


def blocks(element: etree._Element, name: str) -> list[Block]:
    """The readable blocks of a child's text: Word's HTML, however often it was escaped, or paragraphs of plain text."""
    one = child(element, name)
    markup = _once_escaped("" if one is None else content_of(one))
    if _TAG.search(markup):
        tree = tree_of(markup)
        return [] if tree is None else blocks_of(tree)
    paragraphs = re.split(r"\n[^\S\n]*\n", _unescaped(markup).replace("\r\n", "\n"))
    return [block for raw in paragraphs if (block := make_block(" ".join(raw.split("\n"))))]


def flag(element: etree._Element, name: str, unclear: bool) -> bool | None:
    """What a child marks; None where it is not there or blank.

    ``unclear`` where its word is not understood, or where it is there twice with different words (two items run into one).
    """
    words = {plain_value(content_of(one)).lower() for one in children(element, name)} - {""}
    told = {True if word in _TRUE else False if word in _FALSE else unclear for word in words}
    return None if not told else told.pop() if len(told) == 1 else unclear


def content_of(element: etree._Element) -> str:
    """All that stands in an element; markup that was not escaped is given back as markup."""
    inside = (etree.tostring(one, encoding="unicode") for one in element)
    return (element.text or "") + "".join(inside)


def markup_of(element: etree._Element) -> str:
    """The HTML in an element, as ``blocks`` reads it; "" where its text is none."""
    markup = _once_escaped(content_of(element))
    return markup if _TAG.search(markup) else ""


def _once_escaped(markup: str) -> str:
    """``markup`` with its tags as tags and no entity escaped more than once."""
    for _ in range(2):
        if not _TAG.search(markup) and _ESCAPED_TAG.search(markup):
            markup = _unescaped(markup)
    return _ESCAPED_TWICE.sub(r"&\1;", _ESCAPED_TWICE.sub(r"&\1;", markup))


def _unescaped(text: str) -> str:
    # html.unescape() alone would take "&copy=" for a sign.
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)
