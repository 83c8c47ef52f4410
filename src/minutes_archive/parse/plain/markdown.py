"""Markdown: front matter, headings, emphasis, links and page breaks to lines.

Much of it was made from PDF: every printed line a paragraph of its own, pages parted by ``---`` and their number,
headings bold, or one word a line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from minutes_archive.model import Span
from minutes_archive.parse.blocks import Kind
from minutes_archive.parse.front_matter import split_front
from minutes_archive.parse.html import tree_of
from minutes_archive.parse.plain.lines import TextLine, join_wrapped, opens_with_marker
from minutes_archive.parse.plain.marked_lines import lines_of_table
from minutes_archive.text import fold_line

_FIELD = re.compile(r"^(?P<name>[A-Za-z][\w-]*):[ \t]*(?P<value>.*)$")
_SIGNS = re.compile(r"^#{1,6} \S|^\d+\\\.|\*\*\S|^__\S|\]\(|^---[ \t]*$|^> ", re.MULTILINE)
_RULE = re.compile(r"[ \t]*(?:-{3,}|_{3,}|(?:\*[ \t]*+){3,})[ \t]*")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t#]*")
_TOKEN = re.compile(
    r"\\(?P<escaped>[^\w\s])|(?<=\w)(?P<raised>\^\w{1,4}\^)|(?P<stars>\*{1,4})|(?P<scores>(?<!\w)_{1,2}(?=[^\W_])|(?<=[^\W_]|[.,;:)])_{1,2}(?!\w))"
    r"|!\[[^\[\]]{0,300}\]\([^()]{0,1000}\)"
    r"|\[(?P<label>[^\[\]]{0,500})\]\((?:<(?P<angled>[^<>]{0,1000})>|(?P<target>(?:[^()\s]|\([^()]{0,200}\)){0,1000}))\)"
    r"|</?[A-Za-z][^<>]{0,200}>|(?P<entity>&#?\w{1,10};)"
)
_CALLOUT = re.compile(r"^\[!(?P<kind>\w+)\][-+]?[ \t]*(?P<title>.*)$")
_BULLET = re.compile(r"^(?:\\?[*+-]|[·•▪■\uf0b7])[ \t]+")
_TABLE_RULE = re.compile(r"^\|?[ \t:|-]+\|?$")
# What tools that turn PDF into Markdown print on each page, and where they left a picture out.
_TOOL_NOTE = re.compile(
    r"(?:scanned page, text may contain errors\..*|\(image omitted\)|\[?original (?:file|link)\]?.*)", re.IGNORECASE
)
_VOTERS = re.compile(r"(?:^|\| )(?:yeas|nays|for|against|abstain(?:ed)?|absent|conflict|recuse)\s*:?\s*(?:\||$)", re.IGNORECASE)
# One heading printed a word a line: this many lone words in a row are one line, and once there is one such, so are two.
_FEWEST_LONE_WORDS = 4
_PAGE_BREAK = re.compile(r"^---[ \t]*\n\s*\d{1,3}[ \t]*$", re.MULTILINE)
# In a longer line marks are not looked for.
_LONGEST_MARKED = 50_000


@dataclass(frozen=True)
class MarkdownText:
    """The lines of a document, and its front matter with lower-case names."""

    front: dict[str, str]
    lines: list[TextLine]
    left_out: int = 0


def is_markdown(text: str) -> bool:
    """Whether ``text`` carries Markdown's marks: front matter, headings, emphasis, escaped numerals, links, rules."""
    return bool(split_front(text)[0] is not None or _PAGE_BREAK.search(text)) or len(list(islice(_SIGNS.finditer(text), 3))) == 3


def has_front_matter(text: str) -> bool:
    """Whether ``text`` begins with fields between two rules."""
    return split_front(text.replace("\r\n", "\n"))[0] is not None


def lines_of_markdown(text: str) -> MarkdownText:
    """The logical lines of a Markdown document. ``left_out`` counts the tables of names of recorded votes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front, body = split_front(text)
    lines = list(_physical(body))
    kept, left_out = _without_vote_tables(lines)
    whole = join_wrapped(_lone_words_joined(kept))
    return MarkdownText(_fields(front) if front is not None else {}, whole, left_out)


def _fields(body: str) -> dict[str, str]:
    found = (match for line in body.split("\n") if (match := _FIELD.match(line)))
    return {match["name"].lower(): fold_line(match["value"].strip().strip("\"'")) for match in found if match["value"].strip()}


def _physical(text: str) -> list[TextLine]:
    lines: list[TextLine] = []
    gap, page, after_break = 0, 1, False
    for raw in text.split("\n"):
        if not raw.strip():
            gap += 1
        elif _RULE.fullmatch(raw):
            page += raw.strip().startswith("-") and bool(lines)
            gap, after_break = gap + 1, True
        else:
            found = [line for line in _line(raw, gap, page) if not _TOOL_NOTE.fullmatch(line.text)]
            # The number of a page stands right after the break before it (or, on the first page, at the very top).
            if not ((after_break or not lines) and len(found) == 1 and re.fullmatch(r"\d{1,3}", found[0].text)):
                lines += found
                after_break = after_break and not found
            gap = 0
    return lines


def _line(raw: str, gap: int, page: int) -> list[TextLine]:
    stripped = raw.strip()
    if stripped.startswith("<table"):
        return _rows(stripped, gap, page)
    quoted = stripped.startswith(">")
    body = re.sub(r"^(?:>[ \t]?)+", "", stripped)
    if quoted and (callout := _CALLOUT.match(body)):
        body = callout["title"]
    heading = _HEADING.fullmatch(body)
    if heading:
        body = heading["text"]
    kind: Kind = "paragraph"
    if bullet := _BULLET.match(body):
        body, kind = body[bullet.end() :], "entry"
    if body.startswith("|"):
        if _TABLE_RULE.match(body):
            return []
        body, kind = " | ".join(cell.strip() for cell in body.strip("|").split("|")), "row"
    text, bold, slanted, link = _inline(body)
    if not text.strip(" |"):
        return []
    level = len(heading["marks"]) if heading and len(text) <= 300 else 0
    return [TextLine(text, gap, level, bold, slanted, len(raw) - len(raw.lstrip()), page, kind, link)]


def _rows(markup: str, gap: int, page: int) -> list[TextLine]:
    root = tree_of(markup)
    table = next(iter(root.iter("table")), None) if root is not None else None
    rows = lines_of_table(table) if table is not None else []
    return [replace(line, gap=gap if at == 0 else line.gap, page=page) for at, line in enumerate(rows)]


def _inline(body: str) -> tuple[str, Span | None, bool, str | None]:
    """``body`` without its marks, its first bold stretch, whether all of it is italic, and the target of a lone link."""
    if len(body) > _LONGEST_MARKED:
        return fold_line(body.replace("*", "")), None, False, None
    pieces: list[tuple[str, bool, bool]] = []
    links: list[tuple[str, str]] = []
    bold = slanted = False
    at = 0
    for token in _TOKEN.finditer(body):
        pieces.append((body[at : token.start()], bold, slanted))
        at = token.end()
        mark = token["stars"] or token["scores"]
        if mark:
            if len(mark) in {2, 3}:
                bold = not bold
            if len(mark) in {1, 3}:
                slanted = not slanted
        elif token["escaped"] or token["raised"]:
            pieces.append((token["escaped"] or token["raised"].strip("^"), bold, slanted))
        elif token["label"] is not None:
            label, target = token["label"], token["angled"] or token["target"] or ""
            links.append((label, target))
            # "(2.1)" that leads to a report is a reference, no part of the heading it stands in.
            if not re.fullmatch(r"\(\d+(?:\.\d+)*\)", label):
                pieces.append((html.unescape(label.replace("\\", "")), bold, slanted))
        elif token["entity"]:
            pieces.append((html.unescape(token["entity"]), bold, slanted))
    pieces.append((body[at:], bold, slanted))
    return _styled(pieces, links)


def _styled(
    pieces: Sequence[tuple[str, bool, bool]], links: Sequence[tuple[str, str]]
) -> tuple[str, Span | None, bool, str | None]:
    text, span = "", None
    for piece, bold, _ in pieces:
        folded = fold_line(("x" + piece + "x").replace("\t", " "))[1:-1]
        if text.endswith(" ") or not text:
            folded = folded.lstrip(" ")
        start, text = len(text), text + folded
        if bold and folded.strip(" .:") and (span is None or not re.search(r"\w", text[span.end : start])):
            span = Span(start if span is None else span.start, len(text.rstrip()))
    text = text.rstrip()
    lettered = [slanted for piece, _, slanted in pieces if re.search(r"\w\w", piece)]
    lone = links[0][1] if len(links) == 1 and fold_line(links[0][0]) == text else None
    return text, span, bool(lettered) and all(lettered), lone


def _without_vote_tables(lines: Sequence[TextLine]) -> tuple[list[TextLine], int]:
    """``lines`` without the tables that list who voted how (record schema, "Settled cases"), and how many there were."""
    kept: list[TextLine] = []
    tables, inside = 0, False
    for line in lines:
        if line.kind == "row" and not inside and _VOTERS.search(line.text):
            tables, inside = tables + 1, True
            if kept and re.fullmatch(r"votes?:", kept[-1].text, re.IGNORECASE):
                kept.pop()
        inside = inside and line.kind == "row"
        if not inside:
            kept.append(line)
    return kept, tables


def _lone_words_joined(lines: Sequence[TextLine]) -> list[TextLine]:
    """``lines`` with runs of single words in capitals put together: justified headings arrive so."""
    runs = [(lone, list(run)) for lone, run in groupby(lines, _is_lone_word)]
    longest = max((len(run) for lone, run in runs if lone), default=0)
    fewest = 2 if longest >= _FEWEST_LONE_WORDS else _FEWEST_LONE_WORDS
    found: list[TextLine] = []
    for lone, run in runs:
        whole = lone and len(run) >= fewest
        found += [replace(run[0], text=" ".join(one.text for one in run))] if whole else run
    return found


def _is_lone_word(line: TextLine) -> bool:
    return bool(re.fullmatch(r"[A-Z&’',.-]+", line.text)) and not opens_with_marker(line.text)
