"""Watches: what is new is told once, and what an audience may no longer see leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command_line import Outcome
from minutes_archive.access import Audience
from minutes_archive.errors import NotFoundError, VersionError
from minutes_archive.model import Source
from minutes_archive.search.engine import Hit, Snippet
from minutes_archive.trace.watch import FEED, News, Watch, begin, compare
from minutes_archive.watching import Watches
from minutes_archive.workspace import Workspace

Run = Callable[..., Outcome]
ATOM = "{http://www.w3.org/2005/Atom}"
WATCH = Watch("roads", "pothole")


def hit(number: int, *, title: str = "Roads", decisions: tuple[str, ...] = ("noted",)) -> Hit:
    return Hit(
        1, 1.0, f"b/1/{number}", title, None, "b", "Cabinet", "2024-06-19", "b/1", False, Snippet(), None, decisions, "", "open",
        (), Source(),
    )


def test_what_is_there_at_the_beginning_is_not_told():
    assert compare(begin(WATCH, [hit(1)]), [hit(1)], "2024-07-01T00:00:00Z").news == ()


def test_new_and_changed_are_told_once():
    later = [hit(1), hit(2, decisions=("deferred",)), hit(3)]
    first = compare(begin(WATCH, [hit(1), hit(2)]), later, "2024-07-01T00:00:00Z")
    assert [(one.kind, one.hit.id) for one in first.news] == [("changed", "b/1/2"), ("new", "b/1/3")]
    again = compare(first.watch, later, "2024-07-02T00:00:00Z")
    assert again.news == ()
    assert [(at, one.id) for at, one in again.recent] == [("2024-07-01T00:00:00Z", "b/1/2"), ("2024-07-01T00:00:00Z", "b/1/3")]


def test_what_is_gone_is_forgotten_and_new_when_it_is_back():
    gone = compare(begin(WATCH, [hit(1)]), [], "2024-07-01T00:00:00Z")
    assert (gone.news, gone.recent, gone.watch.told) == ((), (), {})
    assert compare(gone.watch, [hit(1)], "2024-07-02T00:00:00Z").news == (News("new", hit(1)),)


def test_a_feed_keeps_the_last_hundred():
    many = [hit(number) for number in range(FEED + 5)]
    assert len(compare(begin(WATCH, []), many, "2024-07-01T00:00:00Z").recent) == FEED


def record(*items: dict[str, str]) -> str:
    return json.dumps({
        "schema": "minutes-archive/meeting/1",
        "meeting": {"id": "lathe/2023-05-01", "body": "Lathe Panel", "date": "2023-05-01", "audience": "public"},
        "items": [{"audience": "public", **item} for item in items],
    }) + "\n"


ONE = {"id": "lathe/2023-05-01/one", "title": "Quarrybank potholes", "minutes_text": "The potholes were counted."}
TWO = {"id": "lathe/2023-05-01/two", "title": "Zephyrton potholes", "minutes_text": "The potholes at the ford were looked at."}


@pytest.fixture
def run(minutes: Run, tmp_path: Path) -> Run:
    """The command line over an archive of one item, watched."""
    archive = tmp_path / "archive"

    def command(*arguments: object) -> Outcome:
        return minutes("--archive", archive, *arguments)

    add(command, tmp_path, ONE)
    assert command("watch", "add", "roads", "pothole").status == 0
    return command


def add(run: Run, tmp_path: Path, *items: dict[str, str], who: str = "public") -> None:
    file = tmp_path / "records.jsonl"
    file.write_text(record(*items), "utf-8")
    assert run("add", file, "--audience", who).status == 0


def test_run_twice_without_change_tells_nothing(run: Run, tmp_path: Path):
    assert run("watch", "run").status == 1
    add(run, tmp_path, ONE, TWO)
    first = run("watch", "run")
    assert (first.status, "Zephyrton" in first.out, "Quarrybank" in first.out) == (0, True, False)
    assert "\nnew\n" in first.out
    second = run("watch", "run")
    assert (second.status, second.out, second.err) == (1, "", "nothing new\n")


def test_json_names_the_watch_and_its_news(run: Run, tmp_path: Path):
    add(run, tmp_path, ONE, TWO)
    answer = json.loads(run("watch", "run", "roads", "--json").out)
    assert answer["watch"] == "roads"
    assert [(one["kind"], one["id"]) for one in answer["news"]] == [("new", TWO["id"])]
    assert json.loads(run("watch", "run", "--json").out)["news"] == []


def test_a_feed_is_atom_and_holds_what_was_told_before(run: Run, tmp_path: Path):
    feed = tmp_path / "feed.xml"
    add(run, tmp_path, ONE, {**TWO, "title": "A & B <potholes>\u0007"})
    for _ in range(2):
        run("watch", "run", "--atom", feed)
        tree = ElementTree.parse(feed).getroot()
        assert [one.tag for one in tree][:4] == [f"{ATOM}id", f"{ATOM}title", f"{ATOM}updated", f"{ATOM}author"]
        (entry,) = tree.findall(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "A & B <potholes>"
        assert entry.findtext(f"{ATOM}id", "").startswith("tag:minutes-archive,2026:item/lathe/2023-05-01/two")
        assert entry.findtext(f"{ATOM}updated") == tree.findtext(f"{ATOM}updated")


def test_what_is_reclassified_is_in_no_later_answer_feed_or_memory(run: Run, tmp_path: Path):
    feed, archive = tmp_path / "feed.xml", tmp_path / "archive"
    add(run, tmp_path, ONE, TWO)
    assert "Zephyrton" in run("watch", "run", "--atom", feed).out
    assert "Zephyrton" in feed.read_text("utf-8")
    run("withdraw", TWO["id"], "--reason", "names a child")
    done = run("watch", "run", "--json", "--atom", feed)
    held = "".join(path.read_text("utf-8") for path in (archive / "watches").rglob("*.json"))
    for text in (done.out, done.err, feed.read_text("utf-8"), held):
        assert "Zephyrton" not in text
        assert TWO["id"] not in text
    assert len(json.loads(held)["told"]) == 1
    run("release", TWO["id"])
    assert "Zephyrton" in run("watch", "run").out


def test_each_audience_has_its_own(run: Run, tmp_path: Path):
    assert run("watch", "add", "theirs", "zephyrton", "--audience", "officer").status == 0
    add(run, tmp_path, ONE, TWO, who="officer")
    assert run("watch", "run").status == 1
    assert "theirs" not in run("watch", "list").out
    assert run("watch", "run", "theirs").status == 1
    assert "Zephyrton" in run("watch", "run", "--audience", "officer").out


def test_filters_are_kept(run: Run, tmp_path: Path):
    run("watch", "add", "noted roads", "--decision", "noted", "--since", "2023/24", "--body", "Lathe Panel")
    (one,) = [one for one in json.loads(run("watch", "list", "--json").out) if one["name"] == "noted roads"]
    assert one["filters"] == {"body": ["Lathe Panel"], "decision": ["noted"], "since": ["2023-05-01"]}
    add(run, tmp_path, ONE, {**TWO, "minutes_text": "The report was noted."})
    add(run, tmp_path, ONE, {**TWO, "minutes_text": "The report was noted.", "id": "lathe/2023-05-01/three"})
    assert run("watch", "run", "noted roads").status in {0, 1}


@pytest.mark.parametrize(("typed", "status"), [
    (("add", "roads", "pothole"), 2), (("add", "x"), 2), (("add", "x", '"open'), 2),
    (("add", "x", "y", "--decision", "dunno"), 2), (("run", "nothing"), 1), (("remove", "nothing"), 1),
    (("remove", "roads"), 0), (("list",), 0),
])
def test_how_it_ends(run: Run, typed: tuple[str, ...], status: int):
    done = run("watch", *typed)
    assert done.status == status
    assert done.err or done.out


def test_news_that_could_not_be_told_are_told_again(run: Run, tmp_path: Path):
    add(run, tmp_path, ONE, TWO)
    assert run("watch", "run", "--atom", tmp_path / "no-such-folder" / "feed.xml").status == 2
    assert run("watch", "run").status == 0


def test_a_damaged_watch_is_named(run: Run, tmp_path: Path):
    (file,) = (tmp_path / "archive" / "watches" / "public").glob("*.json")
    file.write_text("{}")
    done = run("watch", "run")
    assert done.status == 2
    assert str(file) in done.err


@pytest.mark.parametrize("name", ["../../etc/passwd", "CON", "a\x00b", "x" * 300, "…"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str):
    (tmp_path / "corpus").mkdir()
    watches = Watches(Workspace.of_archive(tmp_path), Audience.PUBLIC)
    watches.keep(Watch(name, "pothole"))
    (held,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert held.parent == tmp_path.resolve() / "watches" / "public"
    assert watches.get(name).name == name
    watches.remove(name)
    with pytest.raises(NotFoundError):
        watches.get(name)


def test_another_version_is_refused(tmp_path: Path):
    (tmp_path / "corpus").mkdir()
    watches = Watches(Workspace.of_archive(tmp_path), Audience.PUBLIC)
    watches.keep(WATCH)
    (held,) = tmp_path.rglob("*.json")
    held.write_text(held.read_text("utf-8").replace('"version": 1', '"version": 99'), "utf-8")
    with pytest.raises(VersionError):
        list(watches.all())
