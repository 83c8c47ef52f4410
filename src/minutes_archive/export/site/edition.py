"""The edition: what every page of one site has in common, and the rendering of a page.

Every page forbids scripts altogether by its Content-Security-Policy, but for the search page, which runs its own and Pagefind's
program; no page has a script, a style or an event within its markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any

from jinja2 import Environment

from minutes_archive import __version__
from minutes_archive.export.pages import templates
from minutes_archive.export.site.address import body_page, decision_page, meeting_page, root_of, topic_page
from minutes_archive.export.site.row import digest_of
from minutes_archive.model import Source

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
# Pagefind's program for the browser is WebAssembly, which it fetches together with the index.
SEARCH_POLICY = _POLICY + "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
MENU = (
    ("search.html", "Search"), ("meetings.html", "Meetings"), ("bodies.html", "Bodies"), ("topics.html", "Topics"),
    ("decisions.html", "Decisions"), ("restricted.html", "Restricted items"), ("coverage.html", "Coverage"),
    ("about.html", "About"),
)


@dataclass(frozen=True)
class ThreadLink:
    """An item before or after another on the same matter. ``when`` is "earlier" or "later", ``why`` what links the two."""

    item: str
    when: str
    why: str


@dataclass(frozen=True)
class Theme:
    """A saved theme as it was traced: the ids of its items, each with the exact words quoted."""

    id: str
    label: str
    note: str
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Edition:
    """A site: for whom, under which address (with its last slash, or None), with which words.

    ``labels`` are those of the topics, by id; ``threads`` and ``references`` (how to cite it) are by item id. ``made`` is the day
    of making as ISO date, None where none is to be named; ``several`` whether there is more than one council.
    """

    name: str
    public: bool
    labels: Mapping[str, str]
    base_url: str | None = None
    threads: Mapping[str, tuple[ThreadLink, ...]] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    made: str | None = None
    several: bool = False
    policy: str = _POLICY
    menu: tuple[tuple[str, str], ...] = MENU

    @cached_property
    def digest(self) -> str:
        """Changes with whatever stands on every page: the templates and programs that make them included."""
        package = resources.files("minutes_archive.export")
        files = (*package.joinpath("templates").iterdir(), *package.joinpath("templates/site").iterdir(),
                 *package.joinpath("site").iterdir(), *map(package.joinpath, ("wording.py", "pages.py", "formats.py")))
        sources = [one.read_text("utf-8") for one in sorted(files, key=str) if one.name.endswith((".html", ".css", ".py"))]
        labels = [f"{topic}\0{label}" for topic, label in sorted(self.labels.items())]
        own = (__version__, self.name, str(self.public), self.base_url or "", self.made or "", str(self.several))
        return digest_of(*own, *labels, *sources)

    def render(self, template: str, page: str, **context: Any) -> bytes:
        """A page, the same for the same context."""
        text = self._environment.get_template(f"site/{template}").render(
            site=self, page=page, root=root_of(page), **context)
        return (text.rstrip("\n") + "\n").encode()

    @cached_property
    def _environment(self) -> Environment:
        environment = templates(self.labels)
        environment.filters |= {
            "topic_page": topic_page, "decision_page": decision_page, "body_page": body_page, "meeting_page": meeting_page,
        }
        # What a page may leave out.
        environment.globals |= {
            "language": "en-GB", "description": None, "feed": None, "json_ld": None, "trail": (), "dublin_core": (),
        }
        return environment


def dublin_core(pairs: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """Terms of Dublin Core that have a value."""
    return [(name, value) for name, value in pairs if value]


def source_facts(source: Source, heading: str | None = None) -> dict[str, Any]:
    """A source as the pages show it."""
    return {
        "heading": heading, "url": source.url, "path": source.path, "fetched_at": source.fetched_at, "sha256": source.sha256,
        "parser": source.parser,
    }
