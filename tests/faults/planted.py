"""Planted words: files with nonsense words in every place where officers' and withdrawn text can stand, and archives of them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from command_line import SAMPLE, typed
from leaks import leaks, nonsense
from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.handover import write_handover
from minutes_archive.intake import Request
from minutes_archive.pipeline import Archiver
from minutes_archive.publishing import publish
from minutes_archive.withdrawing import release, withdraw
from minutes_archive.workspace import Workspace
from pagefind_content import site_content

COUNT = 200
SEED = 20261122
OPEN_PAGE = SAMPLE / "safer-thornmere-partnership" / "ieListDocuments-3171.html"
OPEN_WORD = "motorcycle"
REASON = "names a child"
Step = tuple[str, Sequence[Path] | str]


def item_row(anchor: int, number: int, words: Iterator[str]) -> str:
    return f"""<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI{anchor}"></a>{number}.</p></td>
<td><p class="mgAiTitleTxt">Purchase of {next(words)} Mill</p>
<div class="mgWordPara"><p>To consider a report on {next(words)} Lane and the {next(words)} trust.</p></div>
<p class="mgSubItemTitleTxt">Minutes:</p>
<div class="mgWordPara"><p>{next(words)} {next(words)}, Director, spoke of {next(words)}.</p>
<p>Members AGREED to pay {next(words)} Holdings.</p></div><p class="mgSubItemTitleTxt">Additional documents:</p>
<ul class="mgBulletList"><li><a href="documents/s{anchor}/{next(words)}.pdf">{next(words)} valuation</a></li></ul></td></tr>"""


def meeting_page(site: str, number: int, body: str, rows: str, venue: str = "Town Hall") -> str:
    address = f"https://{site}/ieListDocuments.aspx?CId=1&amp;MId={number}&amp;Ver=4"
    return f"""<!DOCTYPE html><!-- saved from url=(0099){address} --><html><head><title>x</title>
<link rel="canonical" href="{address}"></head><body><div id="modgov">
<div class="mgHeader"><h1 class="mgMainTitleTxt">Agenda and minutes</h1></div>
<div class="mgSubTitle"><h2 class="mgSubTitleTxt">{body} - Monday 3 June 2024 6.00 pm</h2></div>
<div class="mgContent"><p><span class="mgLabel">Venue: </span>{venue}</p>
<table class="mgItemTable" id="mgItemTable">{rows}</table></div></div></body></html>"""


def item_page(site: str, number: int, words: Iterator[str]) -> str:
    return f"""<!DOCTYPE html><!-- saved from url=(0099)https://{site}/mgAi.aspx?ID={number} --><html><body><div id="modgov">
<div class="mgHeader"><h1 class="mgMainTitleTxt">Agenda item</h1></div><h2 class="mgSubTitleTxt">Purchase of {next(words)}</h2>
<div class="mgContent"><div class="mgWordPara"><p>The full text on {next(words)} and {next(words)}.</p></div></div>
</div></body></html>"""


def open_row(anchor: int) -> str:
    return f"""<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI{anchor}"></a>9.</p></td><td>
<p class="mgAiTitleTxt">Grass cutting</p><p class="mgSubItemTitleTxt">Minutes:</p>
<div class="mgWordPara"><p>The report was noted.</p></div></td></tr>"""


def record(words: Iterator[str]) -> str:
    """A meeting of which the public may see one item, as a line of JSON."""
    paper = {"title": next(words), "url": f"https://x.example/{next(words)}.pdf", "restricted": True, "reason": next(words)}
    items = [
        {"id": "lathe/2023-05-01/open", "title": "Minutes of the last meeting", "minutes_text": "AGREED.", "audience": "public"},
        {
            "id": f"lathe/2023-05-01/{next(words)}",
            "title": f"{next(words)} inquiry",
            "minutes_text": f"{next(words)} was named.",
            "url": f"https://{next(words)}.example/9",
            "restriction_reason": next(words),
            "audience": "officer",
            "documents": [paper],
        },
    ]
    meeting = {"id": "lathe/2023-05-01", "body": "Lathe Panel", "date": "2023-05-01", "audience": "public"}
    problems = [{"code": "odd", "severity": "info", "where": "lathe/2023-05-01", "message": f"{next(words)} is odd"}]
    return json.dumps({"schema": "minutes-archive/meeting/1", "meeting": meeting, "items": items, "problems": problems}) + "\n"


def warc_of(url: str, body: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:test:1>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


class Planted:
    """Files with planted words below ``folder``, by how they are kept from the public; other words for every seed."""

    def __init__(self, folder: Path, seed: int = SEED) -> None:
        self.folder = folder
        words = nonsense(COUNT, seed)
        one = iter(words)
        # For officers by the user's word: a page, an item's own page, a text, records, a WARC file, a zip.
        site = f"{next(one)}.example"
        self.put(
            "officer",
            f"{next(one)} page.html",
            meeting_page(
                site, 71, f"{next(one)} Committee", "".join(item_row(700 + n, n, one) for n in range(1, 7)), f"{next(one)} House"
            ),
        )
        self.put("officer", f"{next(one)}.html", item_page(site, 702, one))
        self.put(
            "officer",
            f"{next(one)}.txt",
            (
                f"{next(one)} Parish Council\n\n"
                f"Minutes of the meeting held on Monday 6 May 2024 at 7.00 pm in the {next(one)} Hall\n\n"
                f"Present: Cllr {next(one)} (Chair), Cllrs {', '.join(islice(one, 6))}\n\n"
                f"1. Apologies\n\nApologies were received from Cllr {next(one)}.\n\n"
                f"2. {next(one)} allotments\n\nRESOLVED that {next(one)} be paid.\n"
            ),
        )
        self.put(
            "officer",
            f"{next(one)}.warc.gz",
            warc_of(
                f"https://{next(one)}.example/ieListDocuments.aspx?MId=72",
                meeting_page("warc.example", 72, f"{next(one)} Panel", item_row(721, 1, one)).encode(),
            ),
        )
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            page = meeting_page("zip.example", 73, f"{next(one)} Board", item_row(731, 1, one))
            archive.writestr(f"{next(one)}/page.html", page)
        self.put("officer", f"{next(one)}.zip", zipped.getvalue())
        # By marks within: records of which one item is public.
        self.put("open", "records.jsonl", record(one))
        # Public when they came, and then withdrawn or reclassified.
        rows = item_row(811, 1, one) + open_row(812)
        self.put("open", "one-item.html", meeting_page("thorn.example", 81, "Works Committee", rows))
        self.put("open", "its-item.html", item_page("thorn.example", 811, one))
        # The text of an item that names no meeting: nobody can tell what it belongs to.
        self.put(
            "open",
            "loose.txt",
            (
                f"The Committee considered the report on the {next(one)} bridge, which Members had asked for at the "
                "meeting in May. The Chair thanked the officers, and the Councillor for the ward seconded the recommendation.\n\n"
                f"RESOLVED that {next(one)} be paid, and that the report be noted.\n"
            ),
        )
        self.put(
            "open",
            f"{next(one)}.html",
            meeting_page(
                "thorn.example", 82, f"{next(one)} Forum", "".join(item_row(820 + n, n, one) for n in range(1, 6)), next(one)
            ),
        )
        self.put(
            "later",
            f"{next(one)}.html",
            meeting_page("thorn.example", 83, f"{next(one)} Group", "".join(item_row(830 + n, n, one) for n in range(1, 4))),
        )
        self.reason = f"asked by {next(one)}"
        assert next(one, None) is None, "all words are planted"
        self.used = words

    def put(self, how: str, name: str, content: str | bytes) -> None:
        path = self.folder / how / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def __getitem__(self, how: str) -> Path:
        return self.folder / how


def planted_archive(folder: Path, planted: Planted) -> Path:
    """An archive of all that, withdrawn and reclassified as it should be."""

    def done(*command: object, status: int = 0) -> None:
        outcome = typed("--archive", folder, *command)
        assert outcome.status == status, outcome

    done("add", OPEN_PAGE, planted["open"], planted["later"])
    assert leaks(folder / "index" / "public", planted.used), "they were there before"
    done("watch", "add", "mills", "mill OR purchase OR bridge OR grass")
    done("watch", "run", status=1)
    done("add", planted["officer"], "--audience", "officer", "--council", "lathe")
    for identity in ("thorn.example/81/811", "thorn.example/82"):
        done("withdraw", identity, "--reason", planted.reason)
    done("add", planted["later"], "--audience", "officer")
    return folder


def said_to_the_public(archive: Path, planted: Planted, out: Path) -> bytes:
    """All that the commands print for the public; what was typed is taken out of it again."""
    said = []

    def ask(*command: object, echoed: str = "") -> None:
        done = typed("--archive", archive, *command)
        said.append((done.out + done.err).replace(echoed, "") if echoed else done.out + done.err)

    for word in planted.used[::9]:
        ask("search", word, "--json", "--facets", echoed=word)
        ask("search", f"{word.lower()[:-1]}~")
        ask("search", f"{word[:5]}*", "--csv")
        ask("show", word, echoed=word)
        ask("trace", word, echoed=word)
        ask("cite", word, echoed=word)
    ask("search", "purchase mill pay holdings valuation trust", "--match", "any", "--full-text", "--facets", "--limit", "50")
    ask("search", "--json", "--full-text", "--limit", "100", "--facets")
    for identity in (
        "thorn.example/81",
        "thorn.example/81/811",
        "thorn.example/81/812",
        "thorn.example/82",
        "thorn.example/82/821",
        "thorn.example/83",
        "lathe/2023-05-01",
        "lathe/2023-05-01/open",
        "works-committee/2024-06-03-1800",
    ):
        for option in ((), ("--json",), ("--evidence", "--similar")):
            ask("show", identity, *option)
        ask("cite", identity, "--json")
        ask("cite", identity, "--quote", "Members AGREED to pay")
        ask("verify", reference_of(archive, identity), "--json")
    for command in (
        ("facets",),
        ("facets", "--json"),
        ("check",),
        ("check", "--json"),
        ("index",),
        ("topics", "--json"),
        ("withdraw", "--list"),
        ("withdraw", "--list", "--json"),
        ("coverage",),
        ("coverage", "--json"),
        ("index", "--rebuild"),
        ("export", "results", "mill pay", out / "results.html"),
        ("export", "wacz", out / "handover.wacz"),
        ("trace", "purchase mill pay", "--match", "any"),
        ("trace", "minutes", "--json"),
        ("trace", "purchase OR grass", "--csv"),
        ("trace", "purchase OR minutes OR grass", "--html", out / "briefing.html"),
        ("register",),
        ("register", "--json"),
        ("register", "--csv"),
        ("watch", "list", "--json"),
        ("watch", "run", "--json", "--atom", out / "feed.xml"),
        ("watch", "run"),
        ("export", "site", out / "site", "--base-url", "https://minutes.example/"),
    ):
        ask(*command)
    return "\n".join(said).encode()


def reference_of(archive: Path, identity: str) -> str:
    """What officers would cite an item or meeting by."""
    told = typed("--archive", archive, "--audience", "officer", "cite", identity, "--json")
    return str(json.loads(told.out)["reference"]) if told.status == 0 else f"minutes:{identity}?sha256={'0' * 64}"


def archive_of(folder: Path, *steps: Step, rebuild: bool = True) -> Workspace:
    """An archive made by ``steps`` at one moment: ("public" or "officer", files), ("withdraw" or "release", id).

    Its index is made at the end; without ``rebuild`` it is kept up to date after each step.
    """
    workspace = Workspace.open(folder, writing=True)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with workspace.writer_lock():
        for step, what in steps:
            if isinstance(what, str):
                if step == "withdraw":
                    withdraw(workspace, what, REASON, lambda: moment)
                else:
                    release(workspace, what, lambda: moment)
            else:
                archiver = Archiver(workspace, lambda: moment, lambda problem: None)
                archiver.add(what, Request(audience=Audience(step)))
            if not rebuild:
                update_index(workspace)
        if rebuild:
            update_index(workspace, rebuild=True)
    return workspace


def public_bytes(workspace: Workspace) -> dict[str, Any]:
    """The public index, the public captures and the public site, as files."""
    folder = workspace.index / "public"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return files | public_exports(workspace)


def public_exports(workspace: Workspace) -> dict[str, Any]:
    """The public captures and the public site, as files."""
    out = io.BytesIO()
    write_handover(workspace, Audience.PUBLIC, out)
    site = workspace.root.with_name(f"{workspace.root.name}-site")
    publish(workspace, Audience.PUBLIC, site)
    return {"handover.wacz": out.getvalue(), "site": site_content(site)}
