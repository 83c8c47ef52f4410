"""``minutes search`` as a newcomer types it: narrow terminals, unquoted minus signs, slips, part names, paging, bad queries."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from command_line import Minutes
from minutes_archive import Archive
from minutes_archive.errors import QueryError


def found(minutes: Minutes, archive: Path, *arguments: str) -> tuple[set[str], dict[str, object]]:
    page = json.loads(minutes("--archive", archive, "search", *arguments, "--json", "--limit", "500").out)
    return {hit["id"] for hit in page["hits"]}, page


@pytest.mark.parametrize(
    "spellings",
    [
        ("off-road bikes", "off road bikes", "offroad bikes", "Off-Road Bike"),
        ("e-scooters", "e scooters", "escooters", "E-Scooter"),
        ("anti-social behaviour", "anti social behaviour", "antisocial behavior", "Anti-Social Behaviour"),
        ("car park", "carpark", "car-park", "car parks"),
        ("20mph zone", "20 mph zone", "20-mph zones"),
        ("community speed watch", "community speedwatch", "community speed-watch"),
        ("knife crime", "knives crime", "knife-crime"),
        ("by-election", "byelection", "by election"),
        ("damp and mould", "damp & mold", "damp mould"),
        ("members' allowances", "members allowances", "Members’ allowance"),
    ],
)
def test_every_spelling_of_a_theme_finds_the_same_items(minutes: Minutes, sample_archive: Path, spellings: tuple[str, ...]):
    first, *others = (found(minutes, sample_archive, spelling)[0] for spelling in spellings)
    assert first
    assert all(other == first for other in others)


@pytest.mark.parametrize("columns", ["24", "40", "80"])
def test_lines_keep_to_the_terminal_and_words_stay_whole(
    minutes: Minutes, sample_archive: Path, monkeypatch: pytest.MonkeyPatch, columns: str
):
    monkeypatch.setenv("COLUMNS", columns)
    wide = minutes("--archive", sample_archive, "search", "kestrel leisure centre", "--limit", "3").out
    # An id and an address stay in one line, to be copied.
    lines = [line for line in wide.splitlines() if not line.lstrip().startswith(("id ", "source "))]
    assert all(len(line) <= int(columns) or " " not in line.strip() for line in lines)
    assert "«Kestrel»" in wide


def test_colours_mark_the_hits_and_leave_marks_of_the_text_alone(minutes: Minutes, sample_archive: Path):
    plain = minutes("--archive", sample_archive, "search", "kestrel leisure centre", "--limit", "2").out
    colored = minutes("--archive", sample_archive, "--color", "always", "search", "kestrel leisure centre", "--limit", "2").out
    assert plain.count("«") == plain.count("»") == colored.count("\x1b[33m")
    assert not set("«»") & set(colored)


def test_the_decision_stands_beside_the_passage(minutes: Minutes, sample_archive: Path):
    shown = minutes("--archive", sample_archive, "search", "kestrel leisure centre contract", "--limit", "1").out
    assert "Decision: RESOLVED that the contract" in shown


def test_a_minus_sign_needs_no_quotes(minutes: Minutes, sample_archive: Path):
    asked, _ = found(minutes, sample_archive, "bikes", "-common")
    assert asked == found(minutes, sample_archive, "bikes -common")[0]
    assert asked < found(minutes, sample_archive, "bikes")[0]
    assert minutes("--archive", sample_archive, "search", "bikes", "-x").status == 2


@pytest.mark.parametrize(
    ("arguments", "same"),
    [
        (("--body", "safer"), ("--body", "Safer Thornmere Partnership")),
        (("--body", "communities scrutiny"), ("--body", "Communities Scrutiny Committee")),
        (("--topic", "bikes"), ("--topic", "off-road-bikes")),
        (("--since", "June 2024"), ("--since", "2024-06-01")),
        (("--until", "17 July 2023"), ("--until", "2023-07-17")),
        (("--since", "2023/24", "--until", "2023/24"), ("--since", "2023-05-01", "--until", "2024-04-30")),
        (("date:2023/24",), ("--since", "2023/24", "--until", "2023/24")),
        (('date:"june 2024.."',), ("--since", "2024-06")),
        (("body:partnership",), ("--body", "partnership")),
        (("topic:bikes",), ("--topic", "bikes")),
    ],
)
def test_filters_in_other_words(minutes: Minutes, sample_archive: Path, arguments: tuple[str, ...], same: tuple[str, ...]):
    first, second = (found(minutes, sample_archive, *one)[0] for one in (arguments, same))
    assert first == second
    assert first


def test_a_body_that_is_called_just_so_is_that_one_alone(minutes: Minutes, sample_archive: Path):
    _, page = found(minutes, sample_archive, "--body", "council", "--facets")
    assert page["facets"]["body"].keys() == {"Council"}  # type: ignore[index]


def test_pages_say_how_to_go_on(minutes: Minutes, sample_archive: Path):
    first = minutes("--archive", sample_archive, "search", "report", "--limit", "5")
    assert "(more with --offset 5)" in first.err
    whole = json.loads(minutes("--archive", sample_archive, "search", "report", "--json", "--limit", "500").out)
    every = [hit["id"] for hit in whole["hits"]]
    deep = json.loads(minutes("--archive", sample_archive, "search", "report", "--json", "--offset", str(len(every) - 2)).out)
    assert [hit["id"] for hit in deep["hits"]] == every[-2:]
    assert [hit["rank"] for hit in deep["hits"]] == [len(every) - 1, len(every)]
    beyond = minutes("--archive", sample_archive, "search", "report", "--offset", "100000")
    assert (beyond.status, beyond.out) == (0, "")


@pytest.mark.parametrize("command", ["search", "facets"])
def test_nothing_is_said_plainly_with_what_was_perhaps_meant(minutes: Minutes, sample_archive: Path, command: str):
    done = minutes("--archive", sample_archive, command, "title:fluoding")
    assert (done.status, done.out) == (1, "")
    assert "nothing found; did you mean: title:flooding" in done.err


@pytest.mark.parametrize("command", ["search", "facets"])
def test_a_name_that_nothing_has_is_said(minutes: Minutes, sample_archive: Path, command: str):
    done = minutes("--archive", sample_archive, command, "bikes", "--body", "Parks Board", "--topic", "bikes")
    assert done.status == 1
    assert "nothing here has the body “Parks Board”" in done.err
    assert "the topic" not in done.err


def test_what_is_suggested_is_a_word_that_the_audience_may_see(minutes: Minutes, tmp_path: Path):
    def record(key: str, audience: str, title: str) -> str:
        meeting = {"id": key, "council": "t", "body": "Cabinet", "date": "2024-01-16"}
        item = {"id": f"{key}/1", "ordinal": 1, "title": title, "minutes_text": f"{title} was noted.", "audience": audience}
        return json.dumps({"schema": "minutes-archive/meeting/1", "meeting": meeting, "items": [item],
                           "source": {"path": f"{key}.html", "url": None, "sha256": "0" * 64}})

    file = tmp_path / "records.jsonl"
    file.write_text("\n".join([record("a", "public", "Heron"), record("b", "officer", "Wagtailing")]), "utf-8")
    minutes("--archive", tmp_path / "a", "add", file)
    assert "mean" not in minutes("--archive", tmp_path / "a", "search", "title:wagtalling").err
    assert "wagtailing" in minutes("--archive", tmp_path / "a", "--audience", "officer", "search", "title:wagtalling").err


BAD = {
    "star": "*", "range": "[a TO h]", "brackets": "(" * 5_000, "closed brackets": "(" * 50 + "a" + ")" * 50,
    "one long word": "a" * 100_000, "many words": "council " * 10_000,
    "unknown words": " ".join(f"zq{'x' * n}v" for n in range(60)),
    "emoji": "😀 " * 50, "control characters": "\x01\x1b[31mbikes\x07", "hyphens": "a-" * 900, "all near": "council~ " * 9,
    "all prefixes": "co* " * 9, "quotes": '"' * 7, "signs": "::::", "stop words": "the " * 100,
}


@pytest.mark.parametrize("query", BAD.values(), ids=list(BAD))
def test_bad_queries_end_soon_in_a_result_or_a_refusal(minutes: Minutes, sample_archive: Path, query: str):
    started = time.process_time()
    done = minutes("--archive", sample_archive, "search", "--", query)
    assert time.process_time() - started < 2
    assert done.status in {0, 1, 2}
    assert "internal error" not in done.err
    assert "\x1b" not in done.out + done.err
    if done.status == 2:
        assert "column" in done.err


def test_a_word_of_ten_megabytes_is_refused(sample_archive: Path):
    with Archive.open(sample_archive) as archive, pytest.raises(QueryError, match="too long"):
        archive.search("a" * 10_000_000)


def test_cells_that_a_spreadsheet_would_calculate_are_disarmed(minutes: Minutes, tmp_path: Path):
    formula = "=HYPERLINK(A1) herons"
    meeting = {"id": "m", "council": "t", "body": "@SUM(1)", "date": "2024-01-16"}
    record = {"schema": "minutes-archive/meeting/1", "meeting": meeting,
              "items": [{"id": "m/1", "ordinal": 1, "title": formula, "minutes_text": "+1 heron", "audience": "public"}],
              "source": {"path": "m.html", "url": None, "sha256": "0" * 64}}
    file = tmp_path / "records.jsonl"
    file.write_text(json.dumps(record), "utf-8")
    minutes("--archive", tmp_path / "a", "add", file)
    row = minutes("--archive", tmp_path / "a", "search", "herons", "--csv", "--full-text").out.splitlines()[1]
    assert ",'=HYPERLINK(A1) herons," in row
    assert ",'@SUM(1)," in row
    assert ",'+1 " in row


@pytest.mark.parametrize(("arguments", "said"), [
    (("bikes", "--meeting", "nope"), "nothing here has the meeting “nope”; what there is, is told by: minutes facets"),
    (("bikes", "--meeting", "3171"), "the meeting “3171”; is it one of these: moderngov.thornmere.example/3171"),
    (("topic:nonsense",), "the topic “nonsense”"),
    (("(bikes OR topic:of-road-bikes) -topic:wast",), "the topic “of-road-bikes”; is it one of these: off-road-bikes"),
    (("(bikes OR topic:of-road-bikes) -topic:wast",), "the topic “wast”; is it one of these: waste"),
    (("bikes", "--topic", "off-road-bikes", "--topic", "nonsense"), "the topic “nonsense”"),
    (("bikes", "--body", "cabnet"), "the body “cabnet”; is it one of these: Cabinet"),
])
def test_a_name_that_nothing_has_is_told_with_those_like_it(
    minutes: Minutes, sample_archive: Path, arguments: tuple[str, ...], said: str
):
    assert said in minutes("--archive", sample_archive, "search", *arguments).err
    assert "nothing here has" not in minutes("--archive", sample_archive, "search", "bikes", "--topic", "waste").err


def test_a_page_behind_the_last_says_so(minutes: Minutes, sample_archive: Path):
    done = minutes("--archive", sample_archive, "search", "flood action plan", "--match", "all", "--offset", "5000")
    assert (done.status, done.out) == (0, "")
    assert "nothing behind --offset 5,000: there are " in done.err


def test_the_related_words_keep_to_the_terminal(minutes: Minutes, sample_archive: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "50")
    lines = minutes("--archive", sample_archive, "search", "off-road bikes", "--limit", "0").err.splitlines()
    assert len(lines) > 3
    assert all(len(line) <= 50 for line in lines)
    assert " ".join(line.strip() for line in lines).count("(--no-expand leaves them out)") == 1
