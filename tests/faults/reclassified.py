"""Reclassified: what was public and is no longer is nowhere after the next `index` and `export`, stale files included."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from command_line import Outcome, typed
from faults.planted import OPEN_PAGE, REASON, meeting_page, open_row
from faults.trial import Case, Trial
from leaks import leaks, nonsense

SITE, NUMBER = "thorn.example", 81
MEETING = f"{SITE}/{NUMBER}"
RECORD = {"id": "lathe/2023-05-01", "body": "Lathe Panel", "date": "2023-05-01", "audience": "public"}


class Secret:
    """A page with an open item and one of planted words, and a record of the same; both public at first."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self.folder, self.words = folder, words
        folder.mkdir()
        one, two, three, four = words
        self.row = f"""<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI811"></a>1.</p></td>
<td><p class="mgAiTitleTxt">Purchase of {one} Mill</p><p class="mgSubItemTitleTxt">Minutes:</p>
<div class="mgWordPara"><p>Members AGREED to pay {two} Holdings.</p></div></td></tr>"""
        self.page = self.put("page.html", meeting_page(SITE, NUMBER, "Works Committee", self.row + open_row(812)))
        self.records = self.put("records.jsonl", self.record("public"))
        self.said = (three, four)

    def put(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, "utf-8")
        return path

    def record(self, audience: object) -> str:
        items = [
            {
                "id": "lathe/2023-05-01/open",
                "title": "Minutes of the last meeting",
                "minutes_text": "AGREED.",
                "audience": "public",
            },
            {
                "id": "lathe/2023-05-01/inquiry",
                "title": f"{self.words[2]} inquiry",
                "minutes_text": f"{self.words[3]} was named.",
                "audience": audience,
            },
        ]
        return json.dumps({"schema": "minutes-archive/meeting/1", "meeting": RECORD, "items": items}) + "\n"


Run = Callable[..., Outcome]


def withdraw_items(secret: Secret, run: Run) -> None:
    for identity in (f"{MEETING}/811", "lathe/2023-05-01/inquiry"):
        run("withdraw", identity, "--reason", REASON)


def withdraw_meetings(secret: Secret, run: Run) -> None:
    for identity in (MEETING, "lathe/2023-05-01"):
        run("withdraw", identity, "--reason", REASON)


def add_for_officers(secret: Secret, run: Run) -> None:
    run("add", secret.page, secret.records, "--audience", "officer")


def mark_anew(secret: Secret, run: Run) -> None:
    """The records say it, and the service says of the page's item that it is restricted."""
    item = (
        "<agendaitem><agendaitemid>{0}</agendaitemid><agendaitemtitle>{1}</agendaitemtitle><isrestricted>{2}</isrestricted>"
        "<isdisplayallowed>True</isdisplayallowed></agendaitem>"
    )
    service = (
        f"<meeting><meetingid>{NUMBER}</meetingid><meetingdate>03/06/2024</meetingdate><committeetitle>Works Committee"
        "</committeetitle><agendaitems>"
        + item.format(811, "Purchase", "True")
        + item.format(812, "Grass cutting", "False")
        + "</agendaitems></meeting>"
    )
    run("add", secret.put("service.xml", service), secret.put("records2.jsonl", secret.record("officer")))


def withdraw_and_lose(secret: Secret, run: Run) -> None:
    """Withdrawn, and all that can be derived again is lost."""
    withdraw_items(secret, run)
    root = secret.folder.parent / "archive"
    for path in (root / "corpus" / "captures").glob("catalogue*"):
        path.unlink()


WAYS = (withdraw_items, withdraw_meetings, add_for_officers, mark_anew, withdraw_and_lose)


def attempt(case: Case) -> str | None:
    """Show it, export it, leave stale files, take it back, export again, and look everywhere."""
    chance = case.chance
    way = WAYS[case.index % len(WAYS)]
    secret = Secret(case.folder / "pages", nonsense(4, chance.randrange(1 << 30)))
    archive, out = case.folder / "archive", case.folder / "out"
    out.mkdir()

    def run(*command: object) -> Outcome:
        done = typed("--archive", archive, *command)
        assert done.status in {0, 1}, (command, done)
        return done

    exports = (
        ("export", "site", out / "site", "--base-url", "https://minutes.example/"),
        ("export", "wacz", out / "all.wacz"),
        ("export", "results", "mill OR inquiry OR grass", out / "results.html"),
        ("watch", "run", "--atom", out / "feed.xml"),
        ("trace", "purchase OR inquiry OR grass", "--html", out / "briefing.html"),
    )
    run("add", OPEN_PAGE, secret.page, secret.records)
    run("watch", "add", "mills", "mill OR inquiry OR grass")
    for command in exports:
        run(*command)
    public = archive / "index" / "public"
    if len({leak.split(": ")[1] for place in (public, out) for leak in leaks(place, secret.words)}) != len(secret.words):
        return "it was not public to begin with"
    _leave_stale(public, out, secret.words[chance.randrange(4)])
    way(secret, run)
    run("index", *(("--rebuild",) if chance.random() < 0.5 else ()))
    for command in exports:
        run(*command)
    found = [
        leak
        for place in (public, archive / "index" / "public.records", archive / "watches", out)
        if place.exists()
        for leak in leaks(place, secret.words)
    ]
    if found:
        return f"{way.__name__}: {found}"
    return (
        None if leaks(public, ["Thornmere"]) and leaks(out / "site", ["Thornmere"]) else f"{way.__name__}: nothing is left at all"
    )


def _leave_stale(public: Path, out: Path, word: str) -> None:
    """What runs that were killed may leave behind."""
    for name in ("g00000777", "g00000001"):
        (public / name).mkdir(exist_ok=True)
        (public / name / "old.seg").write_text(word, "utf-8")
    (public / ".current.json.0123456789ab.tmp").write_text(word, "utf-8")
    (out / ".site.new").mkdir(exist_ok=True)
    (out / ".site.new" / "item.html").write_text(word, "utf-8")


TRIAL = Trial(18, "reclassified", "0 hits anywhere after the next index and export, stale files included", 40, 1, attempt)
