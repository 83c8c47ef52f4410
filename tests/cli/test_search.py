"""``minutes search`` and its kin over the sample corpus, as a person and as a script meet them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from minutes_archive import Archive
from minutes_archive.errors import MinutesArchiveError, NotFoundError, QueryError

ITEM = "moderngov.thornmere.example/3171/21303"


def test_the_json_has_the_keys_that_scripts_rely_on(minutes: Minutes, sample_archive: Path):
    page = json.loads(minutes("--archive", sample_archive, "search", "off-road bikes", "--json", "--facets", "--full-text").out)
    assert list(page) == ["query", "audience", "expanded", "total", "took_ms", "did_you_mean", "hits", "facets"]
    assert list(page["facets"]) == ["council", "body", "meeting", "topic", "decision", "restriction", "year"]
    hit = page["hits"][0]
    assert set(hit) == {
        "rank", "score", "id", "title", "number", "council", "body", "date", "meeting", "partial", "snippet", "text",
        "decisions", "restriction", "topics", "source",
    }
    assert set(hit["source"]) == {"path", "url", "sha256"}
    assert "«" in hit["snippet"]
    assert "text" not in json.loads(minutes("--archive", sample_archive, "search", "bikes", "--json").out)["hits"][0]


def test_progress_and_words_go_to_stderr_and_results_to_stdout(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "search", "off-road bikes")
    assert "also searched for" in done.err
    assert "also searched for" not in done.out
    assert minutes("--archive", sample_archive, "search", "off-road bikes", "--json").err == ""


def test_the_csv_has_a_row_an_item(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "search", "flooding", "--csv", "--limit", "5")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == 5
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert all(row["sha256"] and row["meeting"] for row in rows)


@pytest.mark.parametrize("spelling", ["off-road bikes", "off road bikes", "offroad bikes", "Off-Road Bike", "OFF ROAD BIKE"])
def test_every_spelling_finds_the_same_items(minutes: Minutes, sample_archive: Path, spelling: str):
    def ids(query: str) -> list[str]:
        page = json.loads(minutes("--archive", sample_archive, "search", query, "--json", "--limit", "50").out)
        return sorted(hit["id"] for hit in page["hits"])

    assert ids(spelling) == ids("off-road bikes")
    assert len(ids(spelling)) >= 10


def test_filters_of_one_kind_add_up_and_kinds_narrow(minutes: Minutes, sample_archive: Path):
    def total(*arguments: str) -> int:
        return int(json.loads(minutes("--archive", sample_archive, "search", *arguments, "--json", "--limit", "0").out)["total"])

    cabinet, council = total("--body", "Cabinet"), total("--body", "Council")
    assert total("--body", "Cabinet", "--body", "council") == cabinet + council
    assert 0 < total("--body", "cabinet", "--restriction", "exempt") < cabinet
    assert total("--until", "2023/24") + total("--since", "2024/25") == total()
    assert total("--since", "2024-06", "--since", "2023-06") == total("--since", "2023-06")


def test_facets_count_all_matches_whatever_page_is_shown(minutes: Minutes, sample_archive: Path):
    def facets(*arguments: str) -> dict[str, dict[str, int]]:
        page = json.loads(minutes("--archive", sample_archive, "search", "report", "--facets", "--json", *arguments).out)
        found: dict[str, dict[str, int]] = page["facets"]
        return found

    assert facets("--limit", "1") == facets("--limit", "0") == facets("--limit", "5", "--offset", "7")
    alone = json.loads(minutes("--archive", sample_archive, "facets", "report", "--json").out)
    assert alone == facets()


def test_without_a_query_the_newest_come_first(minutes: Minutes, sample_archive: Path):
    page = json.loads(minutes("--archive", sample_archive, "search", "--decision", "deferred", "--json").out)
    dates = [hit["date"] for hit in page["hits"]]
    assert dates == sorted(dates, reverse=True)
    assert all("deferred" in hit["decisions"] for hit in page["hits"])


def test_nothing_found_exits_1_and_says_so(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "search", "zeppelin hangar")
    assert (done.status, done.out) == (1, "")
    assert "nothing found" in done.err
    assert minutes("--archive", sample_archive, "facets", "zeppelin").status == 1
    assert minutes("--archive", sample_archive, "show", "no/such-thing").status == 1


@pytest.mark.parametrize(("arguments", "said"), [
    (("search", "(bikes"), "column"),
    (("search", "title:(bikes OR quads)"), "(column 1)"),
    (("search", "--decision", "decided"), "it is one of: approved, noted"),
    (("search", "--since", "soon"), "is no date"),
    (("search", "bikes", "--limit", "-1"), "--limit"),
    (("search", "bikes", "--json", "--csv"), "exclude each other"),
    (("search", "bikes", "--facets", "--csv"), "minutes facets"),
    (("search", "scoter~9"), "(column 7)"),
    (("search", "[a TO h]"), "(column 1)"),
    (("nonsense",), "No such command"),
    (("add",), "Missing argument"),
    (("add", "x", "--council", "Stockton on Tees"), "stockton-on-tees"),
])
def test_faults_of_the_user_are_one_line_and_exit_2(
    minutes: Minutes, sample_archive: Path, arguments: tuple[str, ...], said: str
):
    done = minutes("--archive", sample_archive, *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize("file", ["", "corpus/meetings/manifest.json", "index/x.html", "nowhere/page.html"])
def test_exports_go_nowhere_but_to_a_file_of_the_users(minutes: Minutes, sample_archive: Path, file: str):
    before = sorted(path for path in sample_archive.rglob("*") if path.name != ".lock.sqlite")
    done = minutes("--archive", sample_archive, "export", "results", "bikes", sample_archive / file)
    assert done.status == 2
    assert sorted(path for path in sample_archive.rglob("*") if path.name != ".lock.sqlite") == before


def test_an_export_goes_through_a_link_and_keeps_it(minutes: Minutes, sample_archive: Path, tmp_path: Path):
    target, link = tmp_path / "target.html", tmp_path / "link.html"
    target.write_text("old")
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("this system lets this user make no links")
    assert minutes("--archive", sample_archive, "export", "results", "bikes", link).status == 0
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_rebuild_that_fails_leaves_the_index_that_was(minutes: Minutes, tmp_path: Path):
    minutes("--archive", tmp_path, "add", SAMPLE / "cabinet")
    (records,) = (tmp_path / "corpus" / "meetings").rglob("2024-25.jsonl")
    records.write_bytes(records.read_bytes().replace(b"Kestrel", b"Kestrol", 1))
    assert minutes("--archive", tmp_path, "index", "--rebuild").status == 2
    assert minutes("--archive", tmp_path, "search", "leisure centre").status == 0
    # The way to mend it that the message names.
    (tmp_path / "corpus" / "meetings").rename(tmp_path / "aside")
    assert minutes("--archive", tmp_path, "index").status == 0
    assert minutes("--archive", tmp_path, "check").out == ""


def test_the_public_is_not_told_how_much_there_is_for_officers(minutes: Minutes, tmp_path: Path):
    minutes("--archive", tmp_path, "add", SAMPLE / "council", "--no-index")
    minutes("--archive", tmp_path, "add", SAMPLE / "cabinet", "--audience", "officer")
    public = minutes("--archive", tmp_path, "index").err
    assert "public index: 51 items" in public
    assert "officer" not in public
    assert "officer index: 137 items" in minutes("--archive", tmp_path, "--audience", "officer", "index").err


def test_options_stand_before_or_after(minutes: Minutes, sample_archive: Path, monkeypatch: pytest.MonkeyPatch):
    before = minutes("--archive", sample_archive, "--audience", "officer", "search", "bikes", "--json")
    after = minutes("search", "bikes", "--json", "--audience", "officer", "--archive", sample_archive)
    assert json.loads(before.out)["audience"] == json.loads(after.out)["audience"] == "officer"
    monkeypatch.setenv("MINUTES_ARCHIVE", str(sample_archive))
    assert minutes("search", "bikes", "--json").status == 0


def test_colour_only_where_asked(minutes: Minutes, sample_archive: Path, monkeypatch: pytest.MonkeyPatch):
    plain = minutes("--archive", sample_archive, "search", "bikes")
    assert "\x1b[" not in plain.out
    assert "«" in plain.out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in minutes("--archive", sample_archive, "search", "bikes").out
    assert "\x1b[" in minutes("--archive", sample_archive, "search", "bikes", "--color", "always").out


def test_a_closed_pipe_is_no_error(sample_archive: Path):
    command = [sys.executable, "-m", "minutes_archive", "--archive", str(sample_archive), "search", "the", "--limit", "300",
               "--full-text"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"}) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.read(10)
        run.stdout.close()
        err = run.stderr.read().decode()
    assert run.returncode == 0
    assert "Traceback" not in err
    assert "Broken pipe" not in err


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be started without standard output there")
@pytest.mark.parametrize(("query", "status"), [("bikes", 2), ("zeppelin", 1)])
def test_without_standard_output_results_are_not_lost_silently(sample_archive: Path, query: str, status: int):
    command = f'exec "{sys.executable}" -m minutes_archive --archive "{sample_archive}" search {query} >&-'
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert run.returncode == status
    assert ("standard output is closed" in run.stderr) is (status == 2)
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(("asked", "meant"), [("21303", ITEM), ("3171", "moderngov.thornmere.example/3171"), ("STP/4/24", ITEM)])
@pytest.mark.parametrize("command", ["show", "cite", "follow"])
def test_what_is_no_id_but_looks_like_one_gets_a_hint(
    minutes: Minutes, sample_archive: Path, command: str, asked: str, meant: str
):
    done = minutes("--archive", sample_archive, command, asked)
    assert (done.status, done.out) == (1, "")
    assert done.err.rstrip().endswith(f"Is it one of these: {meant}")
    assert "one of these" not in minutes("--archive", sample_archive, command, "nope").err


def test_an_item_is_shown_with_the_words_its_annotations_rest_on(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "show", ITEM, "--evidence")
    assert done.status == 0
    for shown in ("STP/4/24", "19 June 2024", "Minutes", "Evidence", "decision:noted", "mgAi-21303.html", "sha256", ITEM):
        assert shown in done.out
    record = json.loads(minutes("--archive", sample_archive, "show", ITEM, "--json").out)
    # Each is numbered, and marked where it stands in the text.
    decision = next(at for at, one in enumerate(record["evidence"], 1) if one["about"] == "decision:noted")
    assert f"[{decision}] decision:noted" in done.out
    assert f"»[{decision}]" in done.out
    assert "annotated by rules/" in done.out
    for one in record["evidence"]:
        assert record[one["field"]][one["start"] : one["end"]] == one["text"]


def test_a_meeting_is_shown_with_its_items_in_order(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "show", ITEM.rsplit("/", 1)[0])
    numbers = [line.split(".")[0].strip() for line in done.out.splitlines() if line[:4].strip().rstrip(".").isdigit()]
    assert numbers == [str(n) for n in range(1, 14)]


def test_similar_items(minutes: Minutes, sample_archive: Path):
    page = json.loads(minutes("--archive", sample_archive, "show", ITEM, "--similar", "--json").out)
    assert page["total"] > 0
    assert ITEM not in [hit["id"] for hit in page["hits"]]
    assert "off-road-bikes" in page["hits"][0]["topics"]


def test_topics(minutes: Minutes, sample_archive: Path, tmp_path: Path):
    listed = minutes("--archive", sample_archive, "topics").out.splitlines()
    assert len(listed) >= 40
    done = minutes("--archive", sample_archive, "topics", "test", "Quads and scramblers on the common")
    assert done.status == 0
    assert "off-road-bikes" in done.out
    assert minutes("--archive", sample_archive, "topics", "test", "Nothing in particular").status == 1
    file = tmp_path / "topics.ttl"
    assert minutes("--archive", sample_archive, "topics", "--skos", file).status == 0
    assert "skos:prefLabel" in file.read_text("utf-8")


def test_a_users_own_topics_add_to_the_vocabulary(minutes: Minutes, tmp_path: Path):
    (tmp_path / "topics.toml").write_text(
        '[[topic]]\nid = "swifts"\nprefLabel = "Swifts and their nests"\naltLabel = ["swift brick", "nesting swifts"]\n', "utf-8"
    )
    assert "swifts" in minutes("--archive", tmp_path, "topics").out
    assert "swifts" in minutes("--archive", tmp_path, "topics", "test", "A swift brick in every new house").out


def test_from_python(sample_archive: Path):
    with Archive.open(sample_archive, audience="public") as archive:
        page = archive.search("off-road bikes", decision=["deferred"], since="2019-01-01", limit=10, facets=True)
        assert page.total == len(page.hits) >= 1
        assert "«" in str(page.hits[0].snippet)
        assert page.facets["decision"]["deferred"] == page.total
        assert archive.facets("off-road bikes")["topic"]["off-road-bikes"] > 5
        meeting, item = archive.show(ITEM)
        assert item is not None
        assert item.id == ITEM
        assert meeting.body == "Safer Thornmere Partnership"
        with pytest.raises(NotFoundError):
            archive.show("no/such-thing")
        with pytest.raises(QueryError):
            archive.search("(bikes")
        for name, value in (
            ("query", None), ("query", 5), ("limit", -1), ("limit", "3"), ("offset", -2), ("sort", "zz"), ("match", "zz"),
        ):
            with pytest.raises(MinutesArchiveError):
                archive.search(**{"query": "bikes", name: value})
    with pytest.raises(MinutesArchiveError):
        Archive.open(sample_archive, audience="everyone")  # type: ignore[arg-type]
