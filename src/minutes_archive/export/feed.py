"""What watches have told as an Atom feed (RFC 4287): one entry an item, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from minutes_archive.export.wording import date_words, decision_words
from minutes_archive.identity import slug
from minutes_archive.search.engine import Hit
from minutes_archive.text import xml_text
from minutes_archive.trace.watch import Answer

_ATOM = "http://www.w3.org/2005/Atom"
# RFC 4151: ids of ours, which no address has to stand for.
_TAG = "tag:minutes-archive,2026:"


def atom_feed(answers: Sequence[Answer], audience: str, updated: str) -> bytes:
    """The feed of all that these watches have told, this time and before; ``updated`` (ISO) where they have told nothing.

    It is made of what the index holds now: what has left the audience's view since is not in it.
    """
    ElementTree.register_namespace("", _ATOM)
    names = ", ".join(answer.watch.name for answer in answers)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    told = sorted(((at, answer.watch.name, hit) for answer in answers for at, hit in answer.recent),
                  key=lambda one: one[0], reverse=True)
    _add(feed, "id", f"{_TAG}watch/{audience}/{'/'.join(slug(answer.watch.name) for answer in answers)}")
    _add(feed, "title", f"Minutes: {names}" + (" (for officers)" if audience != "public" else ""))
    _add(feed, "updated", max((at for at, _, _ in told), default=updated))
    author = _add(feed, "author", None)
    _add(author, "name", "minutes-archive")
    for at, name, hit in told:
        _entry(feed, at, name, hit)
    ElementTree.indent(feed, " ")
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _entry(feed: ElementTree.Element, at: str, name: str, hit: Hit) -> None:
    entry = _add(feed, "entry", None)
    _add(entry, "id", f"{_TAG}item/{hit.id}#{at}")
    _add(entry, "title", " ".join(filter(None, [hit.number, hit.title])))
    _add(entry, "updated", at)
    if hit.source.url and hit.source.url.startswith(("https://", "http://")):
        ElementTree.SubElement(entry, f"{{{_ATOM}}}link", {"href": xml_text(hit.source.url)})
    ElementTree.SubElement(entry, f"{{{_ATOM}}}category", {"term": xml_text(name)})
    decided = ", ".join(decision_words(code) for code in hit.decisions)
    place = " · ".join(filter(None, [hit.body, date_words(hit.date), hit.council, decided]))
    said = str(hit.snippet).replace("«", "").replace("»", "")
    _add(entry, "summary", "\n\n".join(filter(None, [place, said])))


def _add(parent: ElementTree.Element, name: str, text: str | None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = xml_text(text) if text is not None else None
    return child
