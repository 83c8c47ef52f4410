"""One result list as a self-contained HTML page: no script, no font, no request to anywhere."""

from __future__ import annotations

from markupsafe import Markup, escape

from minutes_archive.export.pages import render
from minutes_archive.export.wording import decision_words, restriction_words, topic_words
from minutes_archive.search.engine import ResultPage, Snippet

FACET_NAMES = {
    "council": "Council", "body": "Body", "topic": "Topic", "decision": "Decision", "restriction": "Restriction",
    "year": "Year",
}
_MOST_VALUES = 12
_WORDS = {"decision": decision_words, "restriction": restriction_words, "topic": topic_words}


def results_page(page: ResultPage, filters: dict[str, list[str]], labels: dict[str, str]) -> str:
    """The page of one result list.

    ``filters`` are those in force, by name; ``labels`` maps ids of topics to their preferred labels. The same
    input gives the same text: nothing of the day or the machine is in it.
    """
    return render(
        "results.html", "results.css", labels, page=page, mark=_mark, facets=_facets(page, labels),
        filters={name: values for name, values in filters.items() if values},
    )


def _facets(page: ResultPage, labels: dict[str, str]) -> list[tuple[str, list[tuple[str, int]], int]]:
    """The facets worth showing: heading, its first values in words with counts, and how many more there are."""
    shown = []
    for name, heading in FACET_NAMES.items():
        counts = page.facets.get(name, {})
        if not counts:
            continue
        words = _WORDS.get(name, str)
        values = [(labels.get(value) or words(value) if name == "topic" else words(value), n) for value, n in counts.items()]
        shown.append((heading, values[:_MOST_VALUES], max(0, len(values) - _MOST_VALUES)))
    return shown


def _mark(snippet: Snippet) -> Markup:
    """A snippet with its hits in ``<mark>``; everything else escaped."""
    pieces, end = ["…" if snippet.cut_start else ""], 0
    for span in snippet.spans:
        before, hit = snippet.text[end : span.start], snippet.text[span.start : span.end]
        pieces += [escape(before), Markup("<mark>"), escape(hit), Markup("</mark>")]
        end = span.end
    return Markup("").join([*pieces, escape(snippet.text[end:]), "…" if snippet.cut_end else ""])
