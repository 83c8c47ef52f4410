"""`make bench`: how fast the index is made and searched, beside stock Whoosh, SQLite FTS5 and tantivy.

    python -m bench --items 100000 [--stock] [--write] [--folder F]

Each engine indexes in a process of its own; then one process holds all of them open and asks them the same queries in
turn, so that whatever else the machine does hits them alike. ``--write`` puts the tables into docs/performance.md, where
that has a place for so many items.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench import items as fiction
from bench.engines import Engine, Fts5, Ours, Stock, Tantivy, lines
from bench.memory import own, peak, watched
from bench.queries import KINDS, SAMPLE, Asked, choose
from bench.tables import put_into, report
from minutes_archive.access import Audience
from minutes_archive.durable import replace_file
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.records.schema import read_record
from minutes_archive.thesaurus import keep_thesaurus
from minutes_archive.workspace import Workspace

_DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
_ROUNDS = 5
_COLD = 7
_ADDED = 3


def _engines(folder: Path) -> dict[str, Callable[[], Engine]]:
    return {
        "ours": lambda: Ours(folder / "archive" / "index" / "public"),
        "one process": lambda: Ours(folder / "single", workers=0),
        "fts5": lambda: Fts5(folder / "fts5"),
        "tantivy": lambda: Tantivy(folder / "tantivy"),
        "stock": lambda: Stock(folder / "stock"),
    }


def main() -> None:
    """Measure all that the command line asks for, and print it as tables."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--stock", action="store_true", help="stock Whoosh too (nine minutes at 100,000 items)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--folder", type=Path, default=Path("bench-archives"))
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder: Path = options.folder / str(options.items)
    if options.child:
        print(json.dumps(_CHILDREN[options.child[0]](folder, options.child[1])))
        return
    _make_records(folder, options.items)
    names = ["ours", "fts5"] + (["tantivy"] if find_spec("tantivy") else []) + (["stock"] if options.stock else [])

    def child(task: str, name: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "bench", "--items", str(options.items), "--folder", str(options.folder)]
        done = subprocess.run([*command, "--child", task, name], check=True, stdout=subprocess.PIPE)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    before, today = os.getloadavg()[0], dt.date.today()
    measured = {
        "items": options.items, "names": names, "day": f"{today.day} {today:%B %Y}",
        "processors": os.cpu_count(), "before": before,
        "loads": {name: child("load", name) for name in ["read", *names, "one process"]},
        "warm": child("warm", ",".join(names)),
        "added": {name: child("add", name)["ms"] for name in names if name != "stock"},
        "cold": child("cold", ",".join(names)),
    }
    told = report(measured | {"after": os.getloadavg()[0]})
    print(f"## {options.items:,} items\n\n{told}")
    if options.write:
        put_into(_DOCUMENT, options.items, told)


def _make_records(folder: Path, items: int) -> None:
    """The archive, unless it stands there."""
    if (folder / "made").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    workspace = Workspace.open(folder / "archive", writing=True)
    with workspace.writer_lock():
        RecordStore(workspace).put(fiction.meetings(items))
    (folder / "made").touch()


def _load(folder: Path, name: str) -> dict[str, Any]:
    """Index from the records, watching the memory of this process and of those that it starts."""
    archive = folder / "archive"
    started, used = time.perf_counter(), _processor_time()
    if name == "read":
        sum(1 for _ in ArchiveView(RecordStore(Workspace.of_archive(archive)), Audience.PUBLIC).meetings())
        return {"seconds": time.perf_counter() - started, "processor": _processor_time() - used, "memory": 0, "size": 0}
    engine = _engines(folder)[name]()
    with watched() as watch:
        engine.load(archive)
    seconds, processor = time.perf_counter() - started, _processor_time() - used
    if name == "ours":
        view = ArchiveView(store := RecordStore(Workspace.of_archive(archive)), Audience.PUBLIC)
        told = f"{view.fingerprint()}\n{store.withdrawals().fingerprint()}\n"
        replace_file(archive / "index" / "public.records", told.encode())
        keep_thesaurus(Workspace.of_archive(archive))
    place: Path = engine.folder  # type: ignore[attr-defined]
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return {"seconds": seconds, "processor": processor, "memory": watch.most, "size": size / 1e6}


def _processor_time() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _warm(folder: Path, names: str) -> dict[str, Any]:
    """Each query to each engine in turn: wall and processor times in ms by kind and engine, and how many items match."""
    engines = {name: _engines(folder)[name]() for name in names.split(",")}
    for engine in engines.values():
        engine.open()
    queries = choose(_sample(folder))
    times: dict[str, dict[str, list[tuple[float, float]]]] = {kind: {name: [] for name in engines} for kind in KINDS}
    found: dict[str, dict[str, list[int]]] = {kind: {name: [] for name in engines} for kind in KINDS}
    for round_ in range(_ROUNDS + 1):
        for asked, (name, engine) in itertools.product(queries, engines.items()):
            if name == "stock" and round_ > 1:
                continue
            started, used = time.perf_counter(), time.thread_time()
            count = engine.search(asked)
            taken = (time.perf_counter() - started) * 1000, (time.thread_time() - used) * 1000
            if round_:  # the first round warms up
                times[asked.kind][name].append(taken)
            else:
                found[asked.kind][name].append(count)
    memory = {name: _child_memory(folder, name) for name in engines}
    return {"times": times, "found": found, "memory": memory}


def _child_memory(folder: Path, name: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench", "--items", folder.name, "--folder", str(folder.parent), "--child", "search", name]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _search(folder: Path, name: str) -> dict[str, Any]:
    """What memory a process holds that only searches with one engine."""
    queries = [asked for asked in _queries(folder) if asked.kind != "none" or name != "stock"]
    engine = _engines(folder)[name]()
    engine.open()
    for asked in queries[::4] if name == "stock" else queries:
        engine.search(asked)
    return {"peak": peak(), "own": own()}


def _queries(folder: Path) -> list[Asked]:
    """The queries, chosen in another process: choosing takes more memory than searching."""
    kept = folder / "queries.json"
    if not kept.exists():
        kept.write_text(json.dumps([vars(asked) for asked in choose(_sample(folder))]))
    return [Asked(**one | {"words": tuple(one["words"])}) for one in json.loads(kept.read_text())]


def _sample(folder: Path) -> list[Any]:
    return list(itertools.islice(fiction.meetings(min(SAMPLE, int(folder.name))), SAMPLE))


def _add(folder: Path, name: str) -> dict[str, Any]:
    """One more meeting, several times; the median. Made on a copy."""
    place = folder / "copy"
    taken = []
    engine = _engines(folder)[name]()
    source: Path = engine.folder  # type: ignore[attr-defined]
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(source, place)
    engine.folder = place  # type: ignore[attr-defined]
    if isinstance(engine, Ours):
        engine = Ours(place)
    engine.open()
    template = next(lines(folder / "archive"))
    for number in range(_ADDED):
        line = template.replace('"bench/', f'"added/{number}/')
        read_record(line)
        started = time.perf_counter()
        engine.add(line)
        taken.append((time.perf_counter() - started) * 1000)
    shutil.rmtree(place)
    return {"ms": statistics.median(taken)}


_MINIMAL = {
    "tantivy": """
import sys, tantivy
index = tantivy.Index.open(sys.argv[1]); searcher = index.searcher()
query = index.parse_query(sys.argv[2], ["title", "text"])
snippets = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
for score, address in searcher.search(query, 10).hits:
    print(searcher.doc(address)["title"], snippets.snippet_from_doc(searcher.doc(address)).to_html())
""",
    "fts5": """
import sys, sqlite3
base = sqlite3.connect(sys.argv[1] + "/index.db")
select = "select title, snippet(words, 1, '', '', '', 32) from words where words match ? order by bm25(words) limit 10"
for row in base.execute(select, [sys.argv[2]]):
    print(row)
""",
    "python": "pass",
    "numpy and click": "import numpy, click",
}


def _cold(folder: Path, names: str) -> dict[str, Any]:
    """A whole process for one search, engines in turn: wall and processor times in ms."""
    word = next(asked.words[0] for asked in _queries(folder) if asked.kind == "rare")
    archive = str(folder / "archive")
    commands = {
        "minutes search": [sys.executable, "-m", "minutes_archive", "--archive", archive, "search", word],
        "minutes search --facets": [sys.executable, "-m", "minutes_archive", "--archive", archive, "search", word, "--facets"],
    }
    for name, script in _MINIMAL.items():
        if name in names.split(",") or name not in {"tantivy", "fts5"}:
            commands[name] = [sys.executable, "-c", script, str(folder / name), word]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    # As installed: what is imported has been compiled before.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for round_, (name, command) in itertools.product(range(_COLD + 1), commands.items()):
        started, used = time.perf_counter(), _processor_time()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        if round_:
            times[name].append(((time.perf_counter() - started) * 1000, (_processor_time() - used) * 1000))
    return {name: [statistics.median(column) for column in zip(*taken, strict=True)] for name, taken in times.items()}


_CHILDREN: dict[str, Callable[[Path, str], dict[str, Any]]] = {
    "load": _load, "warm": _warm, "search": _search, "add": _add, "cold": _cold,
}


if __name__ == "__main__":
    main()
