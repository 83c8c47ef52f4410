"""The site under load: ``make site-load`` (OPTIONS="--items 100000" for more). Prints what it took; asserts nothing.

Made-up meetings of 12 items, about 120 words each, over ten years: written, exported, searched in Chromium, changed in one
meeting and exported again. Processor seconds count what this process and Pagefind used; memory is the most of either.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.export.site.serving import site_server
from minutes_archive.model import Decision, Evidence, Item, Meeting, Source
from minutes_archive.publishing import publish
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace

ITEMS_A_MEETING = 12
WORDS_AN_ITEM = 120
YEARS = 10
BODIES = ("Cabinet", "Council", "Planning Committee", "Communities Scrutiny Committee", "Licensing Panel", "Audit Committee")
QUERIES = ("off-road bikes", "knife crime", "council tax", "report", "flooding bridge", '"the report"', "car park", "")
RESOLVED = "RESOLVED that the report be noted."


def words(count: int) -> list[str]:
    """Made-up words, the most frequent first, with the vocabulary's own labels among them."""
    chance = random.Random(7)
    heads = ("bar", "mer", "tol", "quin", "ash", "stor", "wen", "hal", "pel", "dro", "fen", "lin")
    tails = ("ing", "ed", "ton", "s", "er", "ley", "ment", "y")
    made = {f"{chance.choice(heads)}{chance.choice(heads)}{chance.choice(tails)}" for _ in range(count)}
    made |= {f"{one}{chance.choice(heads)}" for one in list(made)[:count]}
    common = [
        "the", "of", "to", "and", "in", "that", "report", "was", "members", "council", "committee", "officer", "for", "be", "on",
        "noted", "agreed", "tax",
    ]
    return common + sorted(made)[:count]


def meetings(items: int) -> Iterator[Meeting]:
    """Meetings that hold so many items together."""
    chance = random.Random(11)
    known = words(30_000)
    weights = [1 / (rank + 3) for rank in range(len(known))]
    running = [sum(weights[:1])]
    for weight in weights[1:]:
        running.append(running[-1] + weight)
    labels = [topic for topic in load_vocabulary(Path("no-topics.toml")).topics if topic.alt_labels]
    first = dt.date(2015, 1, 5)
    count = -(-items // ITEMS_A_MEETING)
    for number in range(count):
        day = first + dt.timedelta(days=number * 365 * YEARS // count)
        identity = f"load.example/{number}"
        made = []
        for ordinal in range(1, min(ITEMS_A_MEETING, items - number * ITEMS_A_MEETING) + 1):
            text = chance.choices(known, cum_weights=running, k=WORDS_AN_ITEM)
            topic = chance.choice(labels)
            text.insert(chance.randrange(40), chance.choice((topic.pref_label, *topic.alt_labels)))
            body = " ".join(text[:60]).capitalize() + ".\n\n" + " ".join(text[60:]).capitalize() + ".\n\n" + RESOLVED
            start = len(body) - len(RESOLVED)
            made.append(Item(
                id=f"{identity}/{ordinal}", ordinal=ordinal, number=str(ordinal), title=" ".join(text[2:7]).capitalize(),
                minutes_text=body, decisions=(Decision("noted", RESOLVED, "minutes_text", start, len(body)),),
                evidence=(Evidence("decision:noted", "minutes_text", start, len(body), RESOLVED, "noted"),), topics=(topic.id,),
                audience=Audience.PUBLIC))
        yield Meeting(
            id=identity, source=Source(url=f"https://load.example/{number}", sha256="0" * 64, platform="moderngov", parser="x/1"),
            council="load", body=BODIES[number % len(BODIES)], date=day.isoformat(), status="held", minutes_status="published",
            audience=Audience.PUBLIC, items=tuple(made))


def fill(root: Path, items: int) -> None:
    """Write the records of so many items."""
    workspace = Workspace.open(root)
    made = meetings(items)
    with workspace.writer_lock():
        store = RecordStore(workspace)
        while some := list(islice(made, 500)):
            store.put(some)


def measured(what: str, act: Callable[[], object]) -> None:
    """Run ``act`` and print what it took."""
    before, start = _processor_seconds(), time.perf_counter()
    said = act()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"{what}: {time.perf_counter() - start:.1f} s by the clock, {_processor_seconds() - before:.1f} s of processor, "
          f"peak memory {own:.2f} GB and Pagefind {child:.2f} GB{f'; {said}' if said else ''}", flush=True)


def _processor_seconds() -> float:
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def searches(site: Path) -> None:
    """Print how long the search page takes for the first answer and for those after it."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only where there is a browser

    from chromium import FLAGS  # noqa: PLC0415

    server = site_server(site, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        for base in (f"http://127.0.0.1:{server.server_address[1]}/", site.as_uri() + "/"):
            start = time.perf_counter()
            page.goto(base + "search.html?q=off-road+bikes")
            status = page.locator("#status")
            if page.locator("#said").is_visible():
                print(f"  {base[:5]} {page.locator('#said').inner_text()}")
                continue
            expect(status).to_contain_text("found", timeout=60_000)
            print(f"  {base[:5]} first answer, page and index included: {(time.perf_counter() - start) * 1000:.0f} ms")
            for query in QUERIES:
                page.fill("#q", query)
                took = page.evaluate(
                    """async () => { const start = performance.now(), status = document.getElementById("status");
                    document.getElementById("search-form").requestSubmit();
                    while (!/found/.test(status.textContent)) await new Promise(done => setTimeout(done, 2));
                    return performance.now() - start; }""")
                print(f"  {base[:5]} {query!r}: {took:.0f} ms, {status.inner_text()}")
        browser.close()
    server.shutdown()
    server.server_close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="make site-load", description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    items = parser.parse_args().items
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Path(folder) / "archive", writing=True)
        # In a process of its own: its memory is not that of the export.
        filling = get_context("spawn").Process(target=fill, args=(workspace.root, items))
        filling.start()
        filling.join()
        site = Path(folder) / "site"

        def export() -> str:
            done = publish(workspace, Audience.PUBLIC, site)
            return f"{done.items:,} items, {done.done.written:,} files written, {done.done.kept:,} kept"

        measured("export", export)
        searches(site)
        measured("export, nothing changed", export)
        store = RecordStore(workspace)
        last = store.get("load.example/3")
        assert last is not None
        with workspace.writer_lock():
            store.put([replace(last, items=(replace(last.items[0], title="Another title"), *last.items[1:]))])
        measured("export, one meeting changed", export)


if __name__ == "__main__":
    main()
