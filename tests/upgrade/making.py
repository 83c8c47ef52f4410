"""A small archive with something of every kind that an archive holds, and what it answers.

    make keepsake       or: PYTHONPATH=src:tests python -m upgrade.making [NAME]

packs the archive as this version makes it, as ``tests/upgrade/<version>.zip``, with its answers beside it. Run it once for every
version that is released, and commit both: later versions are tested on them (``test_upgrade.py``).
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from command_line import SAMPLE
from fakes.clock import Clock
from fakes.server import Request as Asked
from fakes.site import FakeCouncil, default_meetings
from minutes_archive import Archive, __version__
from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.capture import CaptureStore
from minutes_archive.coverage import coverage
from minutes_archive.crawling import Wish, crawl
from minutes_archive.finding import Means
from minutes_archive.intake import Request
from minutes_archive.model import Exchange
from minutes_archive.pipeline import Archiver
from minutes_archive.records import RecordStore
from minutes_archive.sources import Source
from minutes_archive.trace.watch import Watch
from minutes_archive.watching import Watches
from minutes_archive.withdrawing import withdraw
from minutes_archive.workspace import Workspace

FOLDER = Path(__file__).parent
SITE = "http://democracy.fenmoor.example"
PUBLIC = [SAMPLE / "cabinet" / name for name in ("ieListDocuments-3132.html", "mgAi-20804.html")]
OFFICERS = SAMPLE / "safer-thornmere-partnership" / "2023-06-21-minutes.txt"
RESTRICTED_LATER = SAMPLE / "ashlock-parish-council"
QUERIES = ("bikes", "budget", "leisure centre", '"be noted"', "parish", "deferred OR approved", "")
THEMES = '[[theme]]\nname = "bikes"\nwords = ["bikes"]\n'


def make_archive(folder: Path) -> Workspace:
    """The archive, in a new ``folder``: loaded, crawled twice, reclassified, withdrawn, watched, indexed."""
    clock = Clock()
    workspace = Workspace.open(folder, writing=True)
    (folder / "themes.toml").write_text(THEMES, "utf-8")
    with workspace.writer_lock():
        archiver = Archiver(workspace, clock.now, lambda problem: None)
        later = sorted(RESTRICTED_LATER.iterdir())[:1]
        archiver.add([*PUBLIC, *later], Request(council="thornmere"))
        archiver.add([OFFICERS], Request(council="thornmere", audience=Audience.OFFICER))
        archiver.add(later, Request(council="ashlock", audience=Audience.OFFICER))
        _crawl(workspace, clock)
        item = next(one for one in RecordStore(workspace).meetings() if one.id.endswith("/3132")).items[2]
        withdraw(workspace, item.id, "names a child", clock.now)
        update_index(workspace)
    with Archive.open(folder) as archive:
        Watches(workspace, Audience.PUBLIC).add(Watch("bikes", "bikes"), archive)
    return workspace


def _crawl(workspace: Workspace, clock: Clock) -> None:
    """Crawl a small site twice; the second time one of its meetings is gone."""
    meetings = dict(sorted(default_meetings().items())[:2])
    council = FakeCouncil(validators=True, messy=False, meetings=meetings, base=SITE, service=False)
    for _ in range(2):
        means = Means(_fetch(council, clock), clock.now, clock.sleep)
        with workspace.crawl_lock():
            crawl(workspace, [Source("fenmoor", f"{SITE}/", "moderngov")], Wish(), means, lambda problem: None)
        council.gone.add(next(iter(meetings)))
        clock.pass_days(400)


def _fetch(council: FakeCouncil, clock: Clock) -> Callable[..., Exchange]:
    def fetch(url: str, validators: dict[str, str] | None = None) -> Exchange:
        reply = council(Asked(url.removeprefix(SITE), {name.lower(): one for name, one in (validators or {}).items()}))
        media_type = reply.fields.get("Content-Type", "text/html")
        fields = "".join(f"{name}: {value}\r\n" for name, value in reply.fields.items())
        head = f"HTTP/1.1 {reply.status} OK\r\nContent-Type: {media_type}\r\n{fields}\r\n".encode()
        return Exchange(url, b"GET / HTTP/1.1\r\n\r\n", reply.status, head, reply.body, clock.now(), media_type)

    return fetch


@contextmanager
def questions(workspace: Workspace) -> Iterator[dict[str, Callable[[], Any]]]:
    """What an archive can be asked, for both audiences, and how."""
    asked: dict[str, Callable[[], Any]] = {"records": partial(_recorded, workspace)}
    with ExitStack() as opened:
        for audience in Audience:
            archive = opened.enter_context(Archive.open(workspace.root, audience))
            asked |= {f"{audience} {query}": partial(_found, archive, query) for query in QUERIES}
            asked[f"{audience} coverage"] = partial(_covered, workspace, audience)
        yield asked


def answers(workspace: Workspace) -> dict[str, Any]:
    """All that an archive answers: to be compared with what it answered before."""
    with questions(workspace) as asked:
        return {name: ask() for name, ask in asked.items()}


def _found(archive: Archive, query: str) -> dict[str, Any]:
    page = archive.search(query, facets=True, limit=1000, full_text=True)
    return {
        "items": sorted(f"{hit.id} {_digest(hit.title, hit.text or '')}" for hit in page.hits),
        "facets": {name: dict(sorted(counts.items())) for name, counts in sorted(page.facets.items())},
    }


def _covered(workspace: Workspace, audience: Audience) -> list[str]:
    return [repr(line) for line in coverage(workspace, audience, Clock().now())]


def _recorded(workspace: Workspace) -> dict[str, str]:
    return {
        item.id: _digest(item.title, item.minutes_text or "", item.decision_text or "", item.agenda_text or "", item.audience)
        for meeting in RecordStore(workspace).meetings() for item in meeting.items
    }


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def holdings(workspace: Workspace) -> list[list[str]]:
    """What captures are held: SHA-256, audience, council, when withdrawn, number."""
    store = CaptureStore(workspace, Clock().now)
    found = [one for one in store.captures() if store.read(one.sha256)]
    return [[one.sha256, one.audience.value, one.council or "", one.withdrawn_at or "", str(one.sequence)] for one in found]


def pack(folder: Path, target: Path) -> None:
    """Pack an archive as a zip, of the same bytes for the same files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != ".lock.sqlite":
                name = path.relative_to(folder).as_posix()
                packed.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)


def main() -> None:
    """Make the archive of this version, and its answers."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_archive(Path(folder) / "archive")
        told = {"answers": answers(workspace), "holdings": holdings(workspace)}
        name = sys.argv[1] if len(sys.argv) > 1 else __version__
        pack(workspace.root, FOLDER / f"{name}.zip")
        (FOLDER / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", "utf-8")
    sys.stdout.write(f"{FOLDER / name}.zip\n")


if __name__ == "__main__":
    main()
