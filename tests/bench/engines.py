"""The engines that are measured, each doing the same job as well as it can: match, rank, count facets, make snippets.

Each reads the records themselves, by the shortest way to what it indexes; ours by the way it always goes, through the door.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from bench.queries import Asked
from minutes_archive.access import Audience
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.records.schema import read_record
from minutes_archive.search.engine import Filters, Request
from minutes_archive.search.whoosh import WhooshEngine
from minutes_archive.workspace import Workspace

# Ours counts the meetings as well, a seventh facet, which the others need not.
SINGLE = ("council", "body", "restriction", "year")
SEVERAL = ("topic", "decision")


class Engine(Protocol):
    """What is measured of an engine. ``name`` is what the tables call it."""

    name: str

    def load(self, archive: Path) -> None:
        """Index the records of an archive."""

    def open(self) -> None:
        """Be ready to search."""

    def search(self, asked: Asked) -> int:
        """Ten ranked hits with snippets, and facets over all matches; how many match."""

    def add(self, line: str) -> None:
        """Add one more meeting, given as a record."""


def lines(archive: Path) -> Iterator[str]:
    """The records."""
    for path in sorted((archive / "corpus" / "meetings").rglob("*.jsonl")):
        yield from path.read_text("utf-8").splitlines()


def rows(line: str) -> Iterator[dict[str, Any]]:
    """The items of a record as flat values."""
    record = json.loads(line)
    meeting = record["meeting"]
    for item in record["items"]:
        yield {
            "id": item["id"], "title": item["title"], "text": item["minutes_text"], "council": meeting["council"],
            "body": meeting["body"], "date": meeting["date"], "year": meeting["date"][:4], "meeting": meeting["id"],
            "restriction": item["restriction"], "topic": item["topics"],
            "decision": list(dict.fromkeys(one["type"] for one in item["decisions"])),
        }


def typed(asked: Asked) -> str:
    """The query as ours, tantivy and Whoosh take it."""
    forms = {
        "and": " AND ".join(asked.words), "or": " OR ".join(asked.words), "phrase": f'"{" ".join(asked.words)}"',
        "prefix": f"{asked.words[0]}*",
    }
    return forms.get(asked.kind, asked.words[0])


class Ours:
    """This project's engine, with as many processes to help as are asked for."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.name = "ours" if workers else "ours, one process"
        self.folder = folder
        self._engine = WhooshEngine(folder, Audience.PUBLIC, workers=workers)

    def load(self, archive: Path) -> None:
        store = RecordStore(Workspace.of_archive(archive))
        self._engine.update(ArchiveView(store, Audience.PUBLIC).meetings(), rebuild=True)

    def open(self) -> None:
        self._engine.search(Request(""))

    def search(self, asked: Asked) -> int:
        filters = Filters()
        if asked.kind == "filter":
            filters = Filters(
                body=(asked.body,), since=dt.date.fromisoformat(asked.since), until=dt.date.fromisoformat(asked.until)
            )
        return self._engine.search(Request(typed(asked), filters, facets=True)).total

    def add(self, line: str) -> None:
        self._engine.put([read_record(line)])


class Fts5:
    """SQLite's full-text search with Porter stems and a prefix index; facets from narrow covering tables of numbers."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[tuple[str, str], int] = {}

    def load(self, archive: Path) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._connect()
        self._base.executescript("""
            pragma journal_mode=off; pragma synchronous=off;
            create table items(id integer primary key, item, title, text, meeting);
            create table label(id integer primary key, facet, value);
            create table one(id integer primary key, council int, body int, restriction int, year int, date text);
            create table many(id int, label int, primary key(id, label)) without rowid;
            create virtual table words using fts5(title, text, content='items', content_rowid='id',
                tokenize='porter unicode61', prefix='4');
        """)
        self._base.execute("begin")
        self._insert(row for line in lines(archive) for row in rows(line))
        self._base.execute("commit")

    def _insert(self, found: Iterator[dict[str, Any]]) -> None:
        base = self._base
        number = base.execute("select coalesce(max(id), 0) from items").fetchone()[0]
        for number, row in enumerate(found, start=number + 1):  # noqa: B020
            base.execute("insert into items values(?,?,?,?,?)", (number, row["id"], row["title"], row["text"], row["meeting"]))
            base.execute("insert into words(rowid, title, text) values(?,?,?)", (number, row["title"], row["text"]))
            singles = [self._label(facet, row[facet]) for facet in SINGLE]
            base.execute("insert into one values(?,?,?,?,?,?)", (number, *singles, row["date"]))
            labels = [(number, self._label(facet, value)) for facet in SEVERAL for value in row[facet]]
            base.executemany("insert into many values(?,?)", labels)

    def _label(self, facet: str, value: str) -> int:
        key = (facet, value)
        if key not in self._known:
            self._known[key] = len(self._known) + 1
            self._base.execute("insert into label values(?,?,?)", (self._known[key], facet, value))
        return self._known[key]

    def _connect(self) -> None:
        self._base = sqlite3.connect(self.folder / "index.db", isolation_level=None)
        self._base.executescript("pragma mmap_size=2000000000; pragma cache_size=-65536")
        self._base.execute("create temp table found(id integer primary key)")

    def open(self) -> None:
        self._connect()
        self._known = {(facet, value): number for number, facet, value in self._base.execute("select * from label")}

    def search(self, asked: Asked) -> int:
        base, words = self._base, [f'"{word}"' for word in asked.words]
        match = {
            "and": " AND ".join(words), "or": " OR ".join(words), "phrase": f'"{" ".join(asked.words)}"',
            "prefix": f"{asked.words[0]}*",
        }.get(asked.kind, words[0])
        more, values = "", [match]
        if asked.kind == "filter":
            more = " and (select body = ? and date between ? and ? from one where id = words.rowid)"
            values += [self._known["body", asked.body], asked.since, asked.until]  # type: ignore[list-item]
        base.execute(
            "select rowid, bm25(words, 3.0, 1.0) score, snippet(words, 1, '«', '»', '…', 32) from words "
            f"where words match ?{more} order by score limit 10", values,
        ).fetchall()
        base.execute("delete from temp.found")
        count = base.execute(f"insert into temp.found select rowid from words where words match ?{more}", values).rowcount
        for facet in SINGLE:
            base.execute(f"select {facet}, count(*) from temp.found cross join one using(id) group by 1").fetchall()
        base.execute("select label, count(*) from temp.found cross join many using(id) group by 1").fetchall()
        return count

    def add(self, line: str) -> None:
        self._base.executescript("pragma journal_mode=wal; pragma synchronous=full; begin")
        self._insert(rows(line))
        self._base.execute("commit")


class Tantivy:
    """tantivy through its Python package: English stems, facets as aggregations over fast fields."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, archive: Path) -> None:
        import tantivy  # noqa: PLC0415

        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        builder = tantivy.SchemaBuilder()
        for name in ("title", "text"):
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        for name in ("id", "meeting", *SINGLE, *SEVERAL):
            builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_date_field("date", stored=True, indexed=True, fast=True)
        self._index = tantivy.Index(builder.build(), path=str(self.folder))
        writer = self._index.writer(256_000_000, 2)
        for line in lines(archive):
            self._put(writer, line)
        writer.commit()
        writer.wait_merging_threads()

    def _put(self, writer: Any, line: str) -> None:
        import tantivy  # noqa: PLC0415

        for row in rows(line):
            row["date"] = dt.datetime.fromisoformat(row["date"]).replace(tzinfo=dt.UTC)
            writer.add_document(tantivy.Document(**row))

    def open(self) -> None:
        import tantivy  # noqa: PLC0415

        self._index = tantivy.Index.open(str(self.folder))
        self._searcher = self._index.searcher()

    def search(self, asked: Asked) -> int:
        import tantivy  # noqa: PLC0415
        from tantivy import Occur, Query  # noqa: PLC0415

        index, searcher = self._index, self._searcher
        if asked.kind == "prefix":
            query = Query.boolean_query([
                (Occur.Should, Query.regex_query(index.schema, name, f"{asked.words[0]}.*")) for name in ("title", "text")
            ])
        else:
            query = index.parse_query(typed(asked), ["title", "text"], {"title": 3.0})
        if asked.kind == "filter":
            first, last = (dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC) for day in (asked.since, asked.until))
            query = Query.boolean_query([
                (Occur.Must, query), (Occur.Must, Query.term_query(index.schema, "body", asked.body, "basic")),
                (Occur.Must, Query.range_query(index.schema, "date", tantivy.FieldType.Date, first, last)),
            ])
        found = searcher.search(query, 10, count=True)
        searcher.aggregate(query, {name: {"terms": {"field": name, "size": 100}} for name in (*SINGLE, *SEVERAL)})
        snippets = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
        for _, address in found.hits:
            snippets.snippet_from_doc(searcher.doc(address)).to_html()
        return int(found.count)

    def add(self, line: str) -> None:
        writer = self._index.writer(50_000_000, 1)
        self._put(writer, line)
        writer.commit()
        self._index.reload()


class Stock:
    """Whoosh as it comes: its analyser, its codec, its searcher with facets and highlights."""

    name = "stock Whoosh"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, archive: Path) -> None:
        from whoosh.analysis import StemmingAnalyzer  # noqa: PLC0415
        from whoosh.fields import DATETIME, ID, KEYWORD, TEXT, Schema  # noqa: PLC0415
        from whoosh.index import create_in  # noqa: PLC0415

        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        words = StemmingAnalyzer()
        schema = Schema(
            id=ID(stored=True), meeting=ID(stored=True, sortable=True), date=DATETIME(stored=True, sortable=True),
            title=TEXT(stored=True, analyzer=words, field_boost=3.0), text=TEXT(stored=True, analyzer=words),
            **{name: ID(stored=True, sortable=True) for name in SINGLE},
            **{name: KEYWORD(stored=True, commas=True) for name in SEVERAL},
        )
        writer = create_in(self.folder, schema).writer(limitmb=256)
        for line in lines(archive):
            for row in rows(line):
                row |= {name: ",".join(row[name]) for name in SEVERAL}
                row["date"] = dt.datetime.fromisoformat(row["date"])
                writer.add_document(**row)
        writer.commit()

    def open(self) -> None:
        from whoosh.index import open_dir  # noqa: PLC0415

        self._searcher = open_dir(self.folder).searcher()

    def search(self, asked: Asked) -> int:
        from whoosh import query, sorting  # noqa: PLC0415
        from whoosh.qparser import MultifieldParser  # noqa: PLC0415

        parsed = MultifieldParser(["title", "text"], self._searcher.schema).parse(typed(asked))
        kept = None
        if asked.kind == "filter":
            first, last = map(dt.datetime.fromisoformat, (asked.since, asked.until))
            kept = query.And([query.Term("body", asked.body), query.DateRange("date", first, last)])
        facets = sorting.Facets()
        for name in SINGLE:
            facets.add_facet(name, sorting.FieldFacet(name, maptype=sorting.Count))
        for name in SEVERAL:
            facets.add_facet(name, sorting.FieldFacet(name, allow_overlap=True, maptype=sorting.Count))
        found = self._searcher.search(parsed, limit=10, groupedby=facets, filter=kept)
        for name in (*SINGLE, *SEVERAL):
            found.groups(name)
        for number in range(min(10, found.scored_length())):
            found[number].highlights("text")
        return len(found)

    def add(self, line: str) -> None:
        raise NotImplementedError
