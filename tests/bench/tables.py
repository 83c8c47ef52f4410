"""Tables: what was measured, as the Markdown that docs/performance.md holds."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.queries import KINDS

_NAMES = {"ours": "ours", "fts5": "FTS5", "tantivy": "tantivy", "stock": "stock Whoosh", "one process": "ours, one process"}
_KINDS = {
    "rare": "rare word", "common": "common word", "and": "AND", "or": "OR of three", "phrase": "phrase", "prefix": "prefix",
    "filter": "body and period", "none": "nothing found",
}
# Kinds of queries that match much.
_MUCH = ("common", "or", "prefix")


def report(measured: Mapping[str, Any]) -> str:
    """All tables of one run, under the headings of the document."""
    return "\n".join([
        f"Measured {measured['day']} on {measured['processors']} processors; load average {measured['before']:.1f} at the "
        f"beginning, {measured['after']:.1f} at the end.\n",
        *_searching(measured), "", *_indexing(measured), "", *_processes(measured), "", *_aims(measured), "",
    ])


def put_into(document: Path, items: int, told: str) -> None:
    """Put the tables of a run into a document, between the marks for so many items. Raises ``ValueError`` without such marks."""
    begin, end = f"<!-- measured: {items} -->\n", "<!-- end -->\n"
    before, found, rest = document.read_text("utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{document} has no place for {items} items: write {begin.strip()} and {end.strip()} where it is to be")
    document.write_text(f"{before}{begin}\n{told}\n{end}{after}", "utf-8")


def _table(*rows: Sequence[str]) -> Iterator[str]:
    head, *others = rows
    for row in (head, ["---"] * len(head), *others):
        yield f"| {' | '.join(row)} |".replace("|  |", "| |").replace("|  |", "| |")


def _searching(measured: Mapping[str, Any]) -> Iterator[str]:
    warm, names = measured["warm"], measured["names"]
    peers = [name for name in names if name != "ours"]
    yield "Searching: processor time of the searching thread, ms, p50 (p95):\n"
    middles = medians(warm, "processor")
    rows = [["", "matches", *map(_NAMES.__getitem__, names), *(f"ours / {_NAMES[peer]}" for peer in peers)]]
    for kind in KINDS:
        cells = [f"{middles[name][kind]:.2f} ({_late(warm['times'][kind][name]):.2f})" for name in names]
        ratios = ["" if kind == "none" else f"{middles['ours'][kind] / middles[peer][kind]:.2f}" for peer in peers]
        rows.append([_KINDS[kind], f"{statistics.median(warm['found'][kind]['ours']):,.0f}", *cells, *ratios])
    means = {name: mean(middles[name]) for name in names}
    rows.append([
        "geometric mean without the last", "", *(f"{means[name]:.2f}" for name in names),
        *(f"{means['ours'] / means[peer]:.2f}" for peer in peers),
    ])
    yield from _table(*rows)
    clock = ", ".join(f"{_NAMES[name]} {mean(taken):.2f}" for name, taken in medians(warm, "clock").items())
    yield f"\nThe same geometric means by the clock: {clock} ms."


def medians(warm: Mapping[str, Any], by: str) -> dict[str, dict[str, float]]:
    """The median time of each engine and kind of query, by the ``clock`` or of the ``processor``."""
    which = ("clock", "processor").index(by)
    return {
        name: {kind: statistics.median(pair[which] for pair in warm["times"][kind][name]) for kind in KINDS}
        for name in warm["times"][KINDS[0]]
    }


def mean(of_kinds: Mapping[str, float]) -> float:
    """The geometric mean; a query that finds nothing costs ours a search for what may have been meant, and is left out."""
    return statistics.geometric_mean(value for kind, value in of_kinds.items() if kind != "none")


def _late(pairs: Sequence[Sequence[float]]) -> float:
    values = sorted(processor for _, processor in pairs)
    return values[int(len(values) * 0.95)]


def _indexing(measured: Mapping[str, Any]) -> Iterator[str]:
    items = measured["items"]
    yield "Indexing from records; memory is the most that all processes held together:\n"
    rows = [["", "items a second of processor time", "items a second by the clock", "memory, MB", "index, MB"]]
    for name, one in measured["loads"].items():
        sizes = ["", ""] if name == "read" else [f"{one['memory']:.0f}", f"{one['size']:.0f}"]
        label = _NAMES.get(name, "reading the records alone")
        rows.append([label, f"{items / one['processor']:,.0f}", f"{items / one['seconds']:,.0f}", *sizes])
    yield from _table(*rows)
    added = ", ".join(f"{_NAMES[name]} {taken:.0f}" for name, taken in measured["added"].items())
    yield f"\nOne more meeting, put into the index, by the clock: {added} ms."


def _processes(measured: Mapping[str, Any]) -> Iterator[str]:
    yield "A process for one search, ms:\n"
    rows = [["", "processor time", "by the clock"]]
    rows += [[name, f"{processor:.0f}", f"{clock:.0f}"] for name, (clock, processor) in measured["cold"].items()]
    yield from _table(*rows)
    memory = measured["warm"]["memory"]
    told = ", ".join(f"{_NAMES[name]} {one['peak']:.0f} ({one['own']:.0f})" for name, one in memory.items())
    yield f"\nMemory of a process that has answered all queries, MB, in brackets without pages of files: {told}."


def _aims(measured: Mapping[str, Any]) -> Iterator[str]:
    """What issue 7 asked for, as far as this run tells."""
    rows = [["aimed at", "aim", "measured", ""]]
    for name, most, value in _against(measured):
        rows.append([name, f"{most:g}", f"{value:.2f}" if value < 10 else f"{value:.0f}", "held" if value <= most else "missed"])
    for name, least, value in _rates(measured):
        rows.append([name, f"{least:g} or more", f"{value:.2f}", "held" if value >= least else "missed"])
    yield from _table(*rows)


def _against(measured: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """What should be no more than so much."""
    middles, loads, cold = medians(measured["warm"], "processor"), measured["loads"], measured["cold"]
    if "tantivy" in measured["names"]:
        worst = max(middles["ours"][kind] / middles["tantivy"][kind] for kind in KINDS if kind != "none")
        yield "searching / tantivy, geometric mean", 1.5, mean(middles["ours"]) / mean(middles["tantivy"])
        yield "searching / tantivy, worst kind", 2.5, worst
        yield "a process for one search / tantivy", 4, cold["minutes search"][1] / cold["tantivy"][1]
        yield "index / tantivy's", 1.3, loads["ours"]["size"] / loads["tantivy"]["size"]
    yield "searching / FTS5, geometric mean", 1, mean(middles["ours"]) / mean(middles["fts5"])
    for kind in _MUCH:
        yield f"searching / FTS5, {_KINDS[kind]}", 1, middles["ours"][kind] / middles["fts5"][kind]
    yield "memory indexing, MB", 600, loads["ours"]["memory"]
    yield "memory searching, MB", 150, measured["warm"]["memory"]["ours"]["peak"]
    yield "one more meeting, ms", 1000, measured["added"]["ours"]


def _rates(measured: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """What should be so much or more."""
    loads = measured["loads"]
    if "stock" in loads:
        yield "indexing in one process / stock Whoosh", 8, loads["stock"]["processor"] / loads["one process"]["processor"]
    yield "indexing with two processes / FTS5, by the clock", 0.8, loads["fts5"]["seconds"] / loads["ours"]["seconds"]
    yield "the same if both processors were free all the time", 0.8, 2 * loads["fts5"]["processor"] / loads["ours"]["processor"]
