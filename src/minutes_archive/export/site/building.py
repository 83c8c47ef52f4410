"""The building of a site: its parts in order, each made anew only where what it is made of has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.export.site.bundle import pagefind
from minutes_archive.export.site.contents import Contents
from minutes_archive.export.site.edition import Edition, Theme
from minutes_archive.export.site.folder import Part, SiteFolder
from minutes_archive.export.site.folding import Folding, compounds, halves, shards, stop_words
from minutes_archive.export.site.index_pages import index_pages, lists
from minutes_archive.export.site.item_pages import meeting_files
from minutes_archive.export.site.offline import MOST_ITEMS, script_safe, year_script
from minutes_archive.export.site.row import MeetingRow, digest_of
from minutes_archive.export.site.spool import Spool, spooling
from minutes_archive.export.wording import decision_words, label_of, restriction_words
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS, Meeting

_ASSETS = ("icon.svg", "folding.js", "engines.js", "search.js", "minisearch.js", "minisearch-LICENSE.txt")


def build(
    folder: SiteFolder, edition: Edition, meetings: Callable[[], Iterator[Meeting]], vocabulary: Vocabulary,
    coverage: Sequence[Mapping[str, Any]], themes: Sequence[Theme] = (),
) -> Contents:
    """Put every part of the site into ``folder``. ``meetings`` gives the meetings, which have passed the door, each time anew.

    Only rows are kept in memory; texts are read again for the pages and the search, a meeting and a year at a time.
    """
    contents = Contents.of(meetings())
    folder.put(_assets(edition))
    _pages(folder, edition, contents, meetings)
    for part in lists(edition, contents, vocabulary, themes):
        folder.put(part)
    for part in index_pages(edition, contents, themes, coverage):
        folder.put(part)
    _search(folder, edition, contents, meetings, vocabulary)
    return contents


def _assets(edition: Edition) -> Part:
    package = resources.files("minutes_archive.export")
    style = "".join(package.joinpath(name).read_text("utf-8") for name in ("templates/results.css", "templates/site/site.css"))
    files = [("assets/site.css", style.encode())]
    files += [(f"assets/{name}", package.joinpath(f"site/assets/{name}").read_bytes()) for name in _ASSETS]
    return Part("assets", digest_of(*(content.decode() for _, content in files)), lambda: files)


def _pages(folder: SiteFolder, edition: Edition, contents: Contents, meetings: Callable[[], Iterator[Meeting]]) -> None:
    rows = {row.id: row for row in contents.meetings}
    for meeting in meetings():
        row = rows[meeting.id]
        threads = [repr(edition.threads.get(item.id, ())) + edition.references.get(item.id, "") for item in row.items]
        linked = [
            f"{other.page} {other.title} {other.date}" for item in row.items for link in edition.threads.get(item.id, ())
            if (other := contents.by_id.get(link.item))
        ]
        digest = digest_of(edition.digest, row.digest, *threads, *linked)
        folder.put(Part(f"meeting/{meeting.id}", digest, _maker(edition, meeting, row, contents)))


def _maker(edition: Edition, meeting: Meeting, row: MeetingRow, contents: Contents) -> Callable[[], Iterator[tuple[str, bytes]]]:
    return lambda: meeting_files(edition, meeting, row, contents.by_id)


def _search(
    folder: SiteFolder, edition: Edition, contents: Contents, meetings: Callable[[], Iterator[Meeting]], vocabulary: Vocabulary
) -> None:
    """A bundle for each year, and what the page's script has to know of all of them."""
    folding = Folding((*vocabulary.topics, *vocabulary.synonyms))
    concepts = json.dumps([[one.as_record() for one in folding.concepts], folding.keys], ensure_ascii=False)
    searched = [year for year, rows in contents.years.items() if any(row.items for row in rows)]
    offline = len(contents.items) <= MOST_ITEMS
    with spooling(meetings, folding) as spool:
        digests = {
            year: digest_of(edition.digest, concepts, *sorted(row.digest for row in contents.years[year])) for year in searched
        }
        parts = {year: _year_parts(spool, year, digest, offline) for year, digest in digests.items()}
        spool.want({year for year, of_year in parts.items() if not all(map(folder.is_current, of_year))})
        for part in chain.from_iterable(parts.values()):
            folder.put(part)
    words = [json.loads(folder.read(f"search/words-{year}.json")) for year in searched]
    folder.put(_stems(words[::-1]))
    told = {
        "years": searched, "offline": offline, "items": len(contents.items), "stop": stop_words(),
        "compounds": compounds(words), "halves": halves(words),
        "concepts": json.loads(concepts)[0], "keys": folding.keys, "stems": dict(sorted(folding.stems.items())),
        "labels": {
            "topic": {topic: label_of(edition.labels, topic) for topic in contents.by_topic},
            "decision": {code: decision_words(code) for code in DECISION_TYPES},
            "restriction": {code: restriction_words(code) for code in RESTRICTIONS},
        },
    }
    script = f"var minutesArchive = {script_safe(json.dumps(told, ensure_ascii=False, separators=(',', ':')))};\n"
    folder.put(Part("assets/archive.js", digest_of(script), lambda: [("assets/archive.js", script.encode())]))


def _stems(words: Sequence[Mapping[str, Any]]) -> Part:
    """The lists of stems; ``words`` are those of each year, the earliest first, so that a new year changes no bit."""
    files = [
        (f"search/stems-{letter}.json", (json.dumps(stems, ensure_ascii=False, separators=(",", ":")) + "\n").encode())
        for letter, stems in shards(words).items()
    ]
    return Part("search/stems", digest_of(*(content.decode() for _, content in files)), lambda: files)


def _year_parts(spool: Spool, year: str, digest: str, offline: bool) -> list[Part]:
    """Pagefind's bundle of a year, what its words tell, and its script for sites opened from a disk."""

    def bundle(place: Path) -> None:
        with pagefind() as program:
            program.write(spool.documents(year), place)

    def told() -> Iterator[tuple[str, bytes]]:
        yield f"search/words-{year}.json", json.dumps(spool.words(year).as_record(), ensure_ascii=False).encode()

    def script() -> Iterator[tuple[str, bytes]]:
        yield f"search/offline-{year}.js", year_script(year, spool.documents(year), spool.words(year).stems)

    parts = [Part(f"search/{year}", digest, fill=bundle), Part(f"search/words-{year}.json", digest, told)]
    return [*parts, Part(f"search/offline-{year}.js", digest, script)] if offline else parts
