"""How results and items look on a terminal: plain lines, hits marked, nothing that a terminal would obey."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator

import click

from minutes_archive.cli.messages import printable
from minutes_archive.export.wording import date_words, decision_words, restriction_words
from minutes_archive.search.engine import Hit, ResultPage, Snippet

_INDENT = "    "


def width() -> int:
    """Columns to write in: the terminal's, at most 100."""
    return min(shutil.get_terminal_size((100, 24)).columns, 100)


def wrapped(text: str, indent: str = _INDENT) -> str:
    """``text`` in lines of the terminal's width, its own line ends kept."""
    return "\n".join(
        textwrap.fill(line, width(), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in printable(text).split("\n")
    )


def facts(*parts: str | None) -> str:
    """The parts that are there, joined by a middle dot."""
    return " · ".join(" ".join(printable(part).split()) for part in parts if part)


def marked_snippet(snippet: Snippet, colored: bool) -> str:
    """The passage with its hits between « and », or in colour where there is colour."""
    text = wrapped(str(snippet))
    if not colored:
        return text
    return re.sub("«(.*?)»", lambda match: click.style(match[1], fg="yellow", bold=True), text, flags=re.DOTALL)


def hit_lines(hit: Hit, colored: bool) -> Iterator[str]:
    """One hit: title and number; where and when; what was decided; the passage; its id and source."""
    title = facts(" ".join(part for part in (hit.number, hit.title) if part))
    yield f"{hit.rank:>2}. " + (click.style(title, bold=True) if colored else title)
    yield _INDENT + facts(hit.body, date_words(hit.date), hit.council, "some of the words only" if hit.partial else None)
    outcome = ", ".join(decision_words(code) for code in hit.decisions)
    restriction = restriction_words(hit.restriction) if hit.restriction != "open" else None
    yield _INDENT + facts(outcome, restriction, ", ".join(hit.topics))
    if hit.snippet.text:
        yield marked_snippet(hit.snippet, colored)
    if hit.text is not None:
        yield wrapped(hit.text, _INDENT + "| ")
    for line in (f"id {hit.id}", facts(f"source {hit.source.url or hit.source.path}", f"sha256 {hit.source.sha256[:12]}")):
        yield _INDENT + (click.style(line, dim=True) if colored else printable(line))


def page_lines(page: ResultPage, colored: bool) -> Iterator[str]:
    """A page of results."""
    for hit in page.hits:
        yield from hit_lines(hit, colored)
        yield ""


def facet_lines(facets: dict[str, dict[str, int]], colored: bool, most: int = 12) -> Iterator[str]:
    """The counts of every facet, the largest first, as many as ``most`` of each."""
    for name, counts in facets.items():
        if not counts:
            continue
        yield click.style(name, bold=True) if colored else name
        for value, count in list(counts.items())[:most]:
            yield f"{count:>7,}  {printable(value)}"
        if len(counts) > most:
            yield f"{'':>7}  and {len(counts) - most} more"
        yield ""
