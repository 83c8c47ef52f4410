"""What of an answer of the service was not read: elements nobody knows, one too many, text out of place or in broken markup.

The texts stay out of the message: what could not be read may be what nobody may see.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from minutes_archive.model import Problem
from minutes_archive.parse.account import words_of
from minutes_archive.parse.html import text_of, tree_of
from minutes_archive.parse.moderngov.service_xml import content_of, markup_of, name_of, plain_value
from minutes_archive.parse.visible import visible_lines

# Element -> the elements that may stand in it any number of times.
_LISTS = {"agendaitems": "agendaitem", "linkeddocuments": "linkeddoc", "attendees": "attendee"}
# Element -> the elements in it that are read, or said to be left out.
_READ = {
    "meeting": {
        "meetingid", "meetingdate", "meetingstatus", "isdisplayallowed", "meetingtime", "meetinglocation", "meetingroom",
        "minutepublished", "committeetitle", *_LISTS,
    },
    "agendaitem": {
        "agendaitemid", "agendaitemtitle", "agendatext", "agendaitemnumber", "agendaitemsubnumber", "fulldisplaynumberformat",
        "commenttext1", "commenttext2", "minutesnonemptyhtmlbody", "decisionnonemptyhtmlbody", "isdecisionpublished",
        "isminutepublished", "isrestricted", "isdisplayallowed", "refertocommittee", *_LISTS,
    },
    "linkeddoc": {"title", "url", "isrestricted", "restrictionsref", "committeetitle", "ownertitle"},
    "attendee": {"url", "photosmallurl", "photobigurl", "name", "roledescription", "attendance"},
}
# Fewer letters than this are a mark; up to the second figure a loss is a notice.
_A_MARK = 24
# Of a text that is read so many letters may differ from what it shows.
_CRUMBS = 16
_NOTICE = 240


def unread(root: etree._Element) -> tuple[Problem, ...]:
    """The problem that some of an answer's text is in no field; () where all is read or said to be left out."""
    lost: list[tuple[int, str]] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = name_of(element)
        seen: set[str] = set()
        _note(lost, name, " ".join([element.text or "", *(one.tail or "" for one in element)]))
        for one in element:
            inner = name_of(one)
            if _LISTS.get(name) == inner:
                waiting.append(one)
            elif inner in seen or inner not in _READ.get(name, ()):
                _note(lost, inner, content_of(one))
            elif inner in _LISTS:
                waiting.append(one)
            elif (swallowed := _swallowed(one)) > _CRUMBS:
                lost.append((swallowed, inner))
            seen.add(inner)
    count = sum(letters for letters, _ in lost)
    if not count:
        return ()
    return (Problem(
        "text_left_out", "info" if count <= _NOTICE else "warning", "",
        f"{count} letters of the answer are in no item; most of them stand in an element “{max(lost)[1]}”",
    ),)


def _swallowed(element: etree._Element) -> int:
    """How many letters a text shows that its tree has lost: those behind a quote that nobody closed are of the tag."""
    markup = markup_of(element)
    tree = tree_of(markup) if markup else None
    if tree is None:
        return 0
    lost = Counter(words_of("\n".join(visible_lines(markup)))) - Counter(words_of(text_of(tree)))
    return sum(len(word) * count for word, count in lost.items())


def _note(lost: list[tuple[int, str]], name: str, text: str) -> None:
    if len(text) > _A_MARK and not text.isspace():
        letters = sum(sign.isalnum() for sign in plain_value(text))
        if letters > _A_MARK:
            lost.append((letters, name))
