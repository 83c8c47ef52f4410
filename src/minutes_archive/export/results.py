"""One result list as a self-contained HTML page: no script, no font, no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from minutes_archive.export.wording import date_words, decision_words, restriction_words, topic_words
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
    environment = Environment(
        loader=PackageLoader("minutes_archive.export"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "mark": _mark, "date": date_words, "decision": decision_words, "restriction": restriction_words,
        "topic": lambda code: labels.get(code, topic_words(code)), "weblink": weblink,
    }
    style = resources.files("minutes_archive.export").joinpath("templates/results.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = environment.get_template("results.html")
    return template.render(
        page=page, filters={name: values for name, values in filters.items() if values},
        facets=_facets(page, labels), style=Markup(style), style_hash=digest,
    ) + "\n"


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


def weblink(url: str | None) -> str | None:
    """``url`` where it is one that a browser may be sent to; None otherwise."""
    if url and url.lower().startswith(("https://", "http://")):
        return url.replace(" ", "%20")
    return None
