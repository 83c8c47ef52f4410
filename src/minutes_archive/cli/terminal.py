"""How results and items look on a terminal: plain lines, hits marked, nothing that a terminal would obey."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator

import click

from minutes_archive.cli.messages import counted, printable
from minutes_archive.export.wording import date_words, decision_words, restriction_words
from minutes_archive.search.engine import Hit, ResultPage, Snippet

_INDENT = "    "
_NARROWEST, _WIDEST = 24, 100
# Stand about hits until lines are broken, where « and » may be the text's own: Unicode's private use.
_OPEN, _CLOSE = "\ue000", "\ue001"
_OUTCOME_LENGTH = 240


def width() -> int:
    """Columns to write in: the terminal's, at most 100."""
    return max(_NARROWEST, min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST))


def wrapped(text: str, indent: str = _INDENT, first: str | None = None) -> str:
    """``text`` in lines of the terminal's width, its own line ends kept; ``first`` begins the first line."""
    return "\n".join(
        textwrap.fill(
            line, width(), initial_indent=indent if first is None or number else first, subsequent_indent=indent,
            break_on_hyphens=False, break_long_words=False,
        )
        for number, line in enumerate(printable(text).split("\n"))
    )


def facts(*parts: str | None) -> str:
    """The parts that are there, joined by a middle dot."""
    return " · ".join(" ".join(printable(part).split()) for part in parts if part)


def marked_snippet(snippet: Snippet, colored: bool) -> str:
    """The passage with its hits between « and », or in colour where there is colour."""
    if not colored:
        return wrapped(str(snippet))
    text = wrapped(snippet.marked(_OPEN, _CLOSE))
    return re.sub(f"{_OPEN}(.*?){_CLOSE}", lambda match: click.style(match[1], fg="yellow", bold=True), text, flags=re.DOTALL)


def hit_lines(hit: Hit, colored: bool) -> Iterator[str]:
    """One hit: title and number; where and when; what was decided; the passage; its id and source."""
    title = wrapped(facts(" ".join(part for part in (hit.number, hit.title) if part)), first=f"{hit.rank:>2}. ")
    yield click.style(title, bold=True) if colored else title
    yield wrapped(facts(hit.body, date_words(hit.date), hit.council, "some of the words only" if hit.partial else None))
    outcome = ", ".join(decision_words(code) for code in hit.decisions)
    restriction = restriction_words(hit.restriction) if hit.restriction != "open" else None
    if told := facts(outcome, restriction, ", ".join(hit.topics)):
        yield wrapped(told)
    if hit.snippet.text:
        yield marked_snippet(hit.snippet, colored)
    if decided := _decision_beside(hit):
        yield wrapped(decided)
    if hit.text is not None:
        yield wrapped(hit.text, _INDENT + "| ")
    for line in (f"id {hit.id}", facts(f"source {hit.source.url or hit.source.path}", f"sha256 {hit.source.sha256[:12]}")):
        yield _INDENT + (click.style(line, dim=True) if colored else printable(line))


def _decision_beside(hit: Hit) -> str:
    """The words of the decision as a line of their own; "" where the passage shows them already."""
    line = " ".join(hit.decision_line.split())
    if not line or line in " ".join(hit.snippet.text.split()):
        return ""
    return "Decision: " + textwrap.shorten(line, _OUTCOME_LENGTH, placeholder=" …")


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


def summary(page: ResultPage, passed_over: int = 0) -> str:
    """What there is in one line: which hits of how many are shown and how to see more, or nothing, and what was meant.

    ``passed_over`` is how many hits were, at most: where they were all of them, it says so.
    """
    meant = f"; did you mean: {page.did_you_mean}" if page.did_you_mean else ""
    if page.total == 0:
        return f"nothing found{meant}"
    if passed_over >= page.total:
        found = f"{'is' if page.total == 1 else 'are'} {counted(page.total, 'item')}"
        return f"nothing behind --offset {passed_over:,}: there {found}{meant}"
    shown = ""
    if page.hits and len(page.hits) < page.total:
        shown = f"{page.hits[0].rank:,}-{page.hits[-1].rank:,} of "
    more = f" (more with --offset {page.hits[-1].rank})" if page.hits and page.hits[-1].rank < page.total else ""
    return f"{shown}{counted(page.total, 'item')}{more}{meant}"
