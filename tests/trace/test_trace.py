"""``minutes trace`` over the sample corpus, as a person and as a script meet it; and how much it finds."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from accuracy.tracing import Label, Measure, measure, read_gold, report
from command_line import Minutes
from minutes_archive import Archive
from minutes_archive.access import Audience
from minutes_archive.archive import engine_of
from minutes_archive.errors import MinutesArchiveError, QueryError
from minutes_archive.model import BODY_FIELDS
from minutes_archive.search.engine import Request, Snippet
from minutes_archive.trace.reference import find_references
from minutes_archive.workspace import Workspace

JUDGED, LABELS, _ = read_gold()


@pytest.fixture(scope="module")
def measures(themed_archive: Path) -> list[Measure]:
    with Archive.open(themed_archive) as archive:
        return [measure(archive, label, JUDGED) for label in LABELS]


def test_there_are_twelve_themes_and_their_items_are_held(themed_archive: Path):
    assert len(LABELS) == 12
    with Archive.open(themed_archive) as archive:
        hits = archive.search(limit=10_000).hits
    held = {f"{hit.date} {hit.title}" for hit in hits}
    for label in LABELS:
        assert label.about | label.touches <= held, label.ask
        assert {one[:10] for one in label.about | label.touches} <= JUDGED


def test_a_trace_holds_nine_in_ten_of_the_relevant_items(measures: list[Measure]):
    total = Measure("all")
    for one in measures:
        total.add(one)
        assert one.about_found >= 0.9 * one.about, (one.ask, one.missed)
    assert total.found >= 0.9 * total.relevant, report(measures)
    assert total.firm_right >= 0.9 * total.firm, report(measures)


def test_every_quote_is_exact_and_verifies(measures: list[Measure]):
    for one in measures:
        assert one.quotes == one.listed or one.ask == "domestic-abuse"  # one item there is a heading alone, quoted as such
        assert (one.exact, one.verified) == (one.quotes, one.quotes), one.ask


def test_a_measure_counts_what_was_missed_and_what_was_listed_besides(opened: Archive):
    about = "2023-09-27 Damp and Mould in Rented Homes"
    wrong = Label("damp and mould", frozenset({about}), frozenset({"2023-09-27 No such item"}))
    told = measure(opened, wrong, JUDGED)
    assert (told.about_found, told.found, told.relevant) == (1, 1, 2)
    assert told.missed == ["2023-09-27 No such item"]
    assert told.extra == ["2024-01-16 Damp and mould in council homes: policy"]


def test_hits_bring_their_texts_as_the_record_has_them_and_no_snippet_where_none_is_wanted(themed_archive: Path, opened: Archive):
    engine = engine_of(Workspace(themed_archive), Audience.PUBLIC)
    full = engine.search(Request("bikes", limit=50, full_text=True, snippets=False)).hits
    assert [hit.id for hit in full] == [hit.id for hit in engine.search(Request("bikes", limit=50)).hits]
    for hit in full:
        meeting, item = opened.show(hit.id)
        assert item is not None
        texts = {name: item.text_of(name) for name in ("title", *BODY_FIELDS)}
        assert hit.texts == {name: text for name, text in texts.items() if text}
        assert hit.sources == {name: item.text_sources.get(name, meeting.source) for name in hit.texts}
        assert hit.snippet == Snippet()
    assert all(not hit.texts and hit.snippet.text for hit in engine.search(Request("bikes")).hits)
    engine.close()


def test_oldest_first_by_meeting_with_what_they_tell_together(opened: Archive):
    found = opened.trace("off-road bikes")
    days = [sitting.date for sitting in found.sittings]
    assert days == sorted(day for day in days if day)
    assert len({sitting.meeting for sitting in found.sittings}) == len(found.sittings)
    assert sum(count for _, count in found.timeline.counts) == sum(1 for _ in found.discussions())
    assert sum(one.discussions for one in found.stays) == sum(1 for _ in found.discussions())
    assert {body for _, body in found.moves} == {one.body for one in found.stays}
    typed = [one for one in found.words if one.typed]
    assert typed[0].label == "off road bikes"
    assert not typed[0].new
    assert any(one.new for one in found.words)
    assert all(one.label != "off-road-bikes" for one in found.beside)


def test_business_of_form_is_counted_and_not_listed(opened: Archive):
    found = opened.trace("domestic abuse strategy", since="2023-06-21", until="2023-06-21")
    assert (len(found.sittings), found.folded) == (1, 1)  # the one is a declaration of interest
    assert all("Declarations" not in one.title for _, one in found.discussions())


def test_what_is_typed_is_not_widened_unless_asked(opened: Archive):
    def titles(**options: bool) -> set[str]:
        return {one.title for _, one in opened.trace("damp and mould", **options).discussions()}

    assert opened.trace("damp and mould").expanded == {}
    assert titles() < titles(expand=True)
    assert "e scooter" in opened.trace("off-road bikes").expanded["off road bikes"]
    assert opened.trace("off-road bikes", expand=False).expanded == {}


def test_filters_are_those_of_search(opened: Archive):
    found = opened.trace("flooding", body="cabinet", since="2024/25")
    assert {sitting.body for sitting in found.sittings} == {"Cabinet"}
    assert min(sitting.date or "" for sitting in found.sittings) >= "2024-05-01"
    assert found.searched < opened.trace("flooding").searched


def test_a_query_keeps_its_operators(opened: Archive):
    every = {one.id for _, one in opened.trace("flood").discussions()}
    without = {one.id for _, one in opened.trace("flood -sandbags").discussions()}
    assert without < every
    with pytest.raises(QueryError):
        opened.trace('"flood')
    with pytest.raises(MinutesArchiveError, match="needs a theme"):
        opened.trace(" ")


def test_the_json_has_the_keys_that_scripts_rely_on(minutes: Minutes, themed_archive: Path):
    done = minutes("--archive", themed_archive, "trace", "buses", "--json")
    record = json.loads(done.out)
    assert list(record) == [
        "theme", "audience", "expanded", "searched", "discussions", "folded", "left_out", "did_you_mean", "meetings", "timeline",
        "words", "topics", "bodies", "moves",
    ]
    assert record["theme"]["kind"] == "saved"
    one = record["meetings"][0]["discussions"][0]
    assert list(one) == ["id", "number", "title", "decisions", "decided", "restriction", "topics", "quote", "in_passing",
                         "reference", "source"]
    assert next(find_references(one["reference"])).id == one["id"]


def test_the_csv_has_a_row_a_discussion(minutes: Minutes, themed_archive: Path):
    rows = list(csv.DictReader(io.StringIO(minutes("--archive", themed_archive, "trace", "flooding", "--csv").out)))
    assert len(rows) == json.loads(minutes("--archive", themed_archive, "trace", "flooding", "--json").out)["discussions"]
    for row in rows:
        assert int(row["end"]) - int(row["start"]) == len(row["quote"])
        assert row["reference"].startswith(f"minutes:{row['id']}?sha256={row['sha256']}#{row['field']},")


def test_the_terminal_shows_chart_meetings_quotes_and_bodies(minutes: Minutes, themed_archive: Path):
    done = minutes("--archive", themed_archive, "trace", "off-road", "bikes")
    assert done.status == 0
    assert done.out.startswith("Off-road bikes and e-scooters · ")
    assert re.search(r"\n  20\d\d(?: Q\d)? +█", done.out)
    for part in ("19 June 2024 · Safer Thornmere Partnership", "noted, approved", "decided: ", "minutes:",
                 "\nwords,", "\nbodies\n", "from body to body:"):
        assert part in done.out
    assert "also searched for off road bikes" in done.err


@pytest.mark.parametrize(("typed", "status"), [
    (("zeppelin",), 1), (("library", "--json", "--csv"), 2), ((" ",), 2), (('"open',), 2), (("library", "--since", "soon"), 2),
    ((), 2),
])
def test_how_it_ends(minutes: Minutes, themed_archive: Path, typed: tuple[str, ...], status: int):
    assert minutes("--archive", themed_archive, "trace", *typed).status == status


def test_nothing_found_says_what_may_have_been_meant(minutes: Minutes, themed_archive: Path):
    assert "did you mean: flood" in minutes("--archive", themed_archive, "trace", "floood").err


def test_a_body_is_one_however_its_name_is_written(minutes: Minutes, tmp_path: Path):
    bodies = ("Mill Lane Parish Council", "MILL LANE PARISH COUNCIL", "Works Committee", "Mill-Lane Parish Council")
    records = [
        {"schema": "minutes-archive/meeting/1", "meeting": {"id": f"b/{at}", "body": body, "date": f"2024-0{at}-01"},
         "items": [{"id": f"b/{at}/x", "title": "Ford", "minutes_text": "The ford was dug.", "audience": "public"}]}
        for at, body in enumerate(bodies, 1)
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    minutes("--archive", tmp_path / "archive", "add", file, "--audience", "public")
    with Archive.open(tmp_path / "archive") as archive:
        found = archive.trace("ford")
    assert [(one.body, one.discussions, one.first) for one in found.stays] == [
        ("Mill Lane Parish Council", 3, "2024-01-01"), ("Works Committee", 1, "2024-03-01"),
    ]
    assert [body for _, body in found.moves] == ["Mill Lane Parish Council", "Works Committee", "Mill-Lane Parish Council"]
