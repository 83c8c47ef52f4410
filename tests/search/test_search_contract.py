"""What every engine finds: the query language over a small archive, for the reference and the embedded engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from minutes_archive.model import Document
from minutes_archive.search.engine import Filters, Request
from minutes_archive.search.query import And, Not, Word
from search.made_up import Filled, Topic, archive, item, meeting


def found(engine_page: object) -> set[str]:
    return {hit.id.removeprefix("m/") for hit in engine_page.hits}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Words meet in different fields of an item; endings do not matter.
        ("bike", "apologies bikes police short"),
        ("oak officer", "tree"),
        ("police report", "bikes budget"),
        ("commissioner element", "budget"),
        # Case, accents, apostrophes, quotation marks.
        ("COUNCILS cafe", ""),
        ("cafe", "speed"),
        ("councils", "tree"),
        ("council’s", "tree"),
        # One word or two, in both directions.
        ("off-road", "bikes"),
        ("off road", "bikes"),
        ("offroad", "bikes"),
        ("e-scooter", "scooters"),
        ("e scooter", "scooters"),
        ("escooter", "scooters"),
        ("E Scooters", "scooters"),
        ("anti-social", "budget"),
        ("anti social", "budget"),
        ("antisocial", "budget"),
        ("carpark", "park"),
        ("car park", "park"),
        ("car-park", "park"),
        ("lathebridge", "bridge"),
        ("lathe bridge", "bridge"),
        ("decision making", "bridge"),
        ("decisionmaking", "bridge"),
        ("20mph", "speed"),
        ("20 mph", "speed"),
        ("17 July", "park"),
        ("17th July", "park"),
        # References whole and in parts.
        ("SSP/1624", "bikes"),
        ("07/2525/FUL", "tree"),
        ("s106", "speed"),
        ("number:1624", "bikes"),
        ("number:ssp/1624", "bikes"),
        ("number:2525", "tree"),
        # Operators are strict.
        ("bikes AND knives", "police short"),
        ("oak OR budget", "tree budget"),
        ("bikes -knives", "apologies bikes"),
        ("bikes NOT knives", "apologies bikes"),
        ("(oak OR knives) AND -debated", "tree short"),
        ("bikes AND common AND zebra", ""),
        ("-bikes -the", "scooters"),
        # Phrases are exact, within one field, and blind to case, hyphens, blanks.
        ('"the report was noted"', "bikes"),
        ('"reports was noted"', ""),
        ('"off-road motorbikes"', "bikes"),
        ('"offroad motorbikes"', "bikes"),
        ('"common quads"', ""),
        ('"the road over the river"', "bridge"),
        ('"road river"', ""),
        ('"report police"', ""),
        # Prefixes, spelling.
        ("knif*", ""),
        ("kniv*", "police short"),
        ("scooters*", "scooters"),
        ("motorbkies~", "bikes"),
        ("policingg~", "police bikes budget"),
        # Fields.
        ("title:budget", "budget"),
        ("title:police", "police"),
        ("title:quads", ""),
        ("body:partnership", "apologies bikes tree"),
        ('body:"safer thornmere"', "apologies bikes tree"),
        ("person:whitlow", "apologies bikes tree"),
        ('person:"judith amory" title:budget', "budget"),
        ("topic:road-safety", "scooters speed"),
        ('topic:"Off-Road Bikes" noted', "bikes"),
        ("decision:deferred", "scooters"),
        ("decision:NOTED", "bikes speed"),
        ("restriction:restricted-enclosure", "budget"),
        # Dates; undated items are outside every period.
        ("date:2023 bike", "apologies bikes"),
        ("date:2023/24 oak", "tree"),
        ("date:2024..", "scooters speed park budget"),
        ("date:..2023-12 oak", "tree"),
        ("date:2023-06-21..2024-01-16 members", "scooters"),
        # Irregular plurals, the spelling of other countries, plurals of abbreviations.
        ("knife", "police short"),
        # Part of a name will do for a topic.
        ("topic:bikes", "bikes scooters"),
        ("topic:safety", "scooters speed"),
        # Stop words are not required, unless there is nothing else.
        ("the oak of the", "tree"),
        ("over", "bridge"),
        ('"over the"', "bridge"),
    ],
)
def test_what_a_query_finds(filled: Filled, query: str, expected: str) -> None:
    page = filled(archive()).search(Request(query, expand=False, limit=50))
    assert found(page) == set(expected.split())
    assert page.total == len(page.hits)
    assert not any(hit.partial for hit in page.hits)


@pytest.mark.parametrize(
    ("query", "expected", "expanded"),
    [
        ("off-road bikes", "bikes", {"off-road bikes": ("motorbikes", "quad bikes", "quads")}),
        ("offroad bike", "bikes", {"offroad bike": ("motorbikes", "quad bikes", "quads")}),
        ("PCC costs", "budget", {"PCC": ("Police and crime commissioner",)}),
        ("police and crime commissioner", "budget", {}),
        ("motorbikes", "bikes", {"motorbikes": ("Off-road bikes", "quad bikes", "quads")}),
        ("quads -motorbikes", "", {"quads": ("Off-road bikes", "motorbikes", "quad bikes")}),
        ('"quads"', "bikes", {}),
    ],
)
def test_related_words_are_searched_and_named(
    filled: Filled, query: str, expected: str, expanded: dict[str, tuple[str, ...]]
) -> None:
    page = filled(archive()).search(Request(query))
    assert found(page) == set(expected.split())
    assert {typed: tuple(sorted(added)) for typed, added in page.expanded.items()} == expanded


def test_an_item_found_by_related_words_alone_is_a_full_match(filled: Filled) -> None:
    engine = filled([meeting("m", item("a", "Quads on the common"), item("b", "Off-road bikes"))])
    page = engine.search(Request("off-road bikes"))
    assert found(page) == {"a", "b"}
    assert not any(hit.partial for hit in page.hits)
    assert found(engine.search(Request("off-road bikes", expand=False))) == {"b"}


@pytest.mark.parametrize(
    ("query", "expected", "meant"),
    [
        ("motorbkies", "bikes", "motorbikes"),
        # A short word is taken only for a frequent one, and none for one that begins otherwise.
        ("polcie", "bikes budget police", "police"),
        ("nivesk", "", None),
        ("zoise", "", None),
    ],
)
def test_a_slip_of_the_pen_finds_what_was_meant_and_says_so(
    filled: Filled, query: str, expected: str, meant: str | None
) -> None:
    engine = filled(archive())
    page = engine.search(Request(query))
    assert found(page) == set(expected.split())
    assert page.expanded.get(query, (None,))[0] == meant
    assert found(engine.search(Request(query, expand=False))) == set()


@pytest.mark.parametrize("written", ["Speedwatch", "Speed watch", "Speed-watch", "Speedwatch;Speed watch"])
def test_however_it_is_typed_and_written_the_same_is_found(filled: Filled, written: str) -> None:
    held = [item(f"i{number}", title) for number, title in enumerate(written.split(";"))]
    engine = filled([meeting("m", *held, item("x", "Speed of traffic"), item("y", "Night watch"), item("z", "Watch"))])
    pages = [engine.search(Request(typed)) for typed in ("speed watch", "speedwatch", "speed-watch", "SPEED WATCHES")]
    assert {hit.id for hit in pages[0].hits if not hit.partial} == {one.id for one in held}
    assert [found(page) for page in pages] == [found(pages[0])] * 4


def test_whoever_asks_for_a_word_does_not_ask_for_its_relations(filled: Filled) -> None:
    held = [item("a", "Zoning of the quay"), item("b", "Zones for parking"), item("c", "Change of use")]
    rings = (Topic("rezoning", ("zoning", "change of use")),)
    engine = filled([meeting("m", *held)], rings)
    assert found(engine.search(Request("zoning"))) == {"a", "b", "c"}
    assert found(engine.search(Request("zones"))) == {"a", "b"}
    assert found(engine.search(Request("rezoning"))) == {"a", "c"}


@pytest.mark.parametrize(
    ("query", "match", "full", "partial"),
    [
        # Of two words both are most of them; of three, two, if they are not the common ones.
        ("oak zebra", "most", "", ""),
        ("oak officer objects", "most", "tree", ""),
        ("oak officer zebra", "most", "", "tree"),
        ("oak officer objects zebra", "most", "", "tree"),
        ("oak officer objects zebra", "all", "", ""),
        ("oak knives", "any", "tree police short", ""),
        ('oak "knives and noise"', "any", "tree police", ""),
        ('oak "knives and noise"', "most", "", ""),
        # Conditions hold whatever the words do.
        ("oak officer objects zebra date:2024", "most", "", ""),
        ("oak knives topic:road-safety", "any", "", ""),
        # Only words side by side are a matter of most: operators are strict.
        ("oak officer objects AND zebra", "most", "", ""),
    ],
)
def test_how_much_must_match(filled: Filled, query: str, match: str, full: str, partial: str) -> None:
    page = filled(archive()).search(Request(query, match=match))  # type: ignore[arg-type]
    assert {hit.id for hit in page.hits if not hit.partial} == {f"m/{key}" for key in full.split()}
    assert {hit.id for hit in page.hits if hit.partial} == {f"m/{key}" for key in partial.split()}


def test_junk_that_shares_common_words_is_no_answer(filled: Filled) -> None:
    items = [item(f"i{n}", "Report", "The report on the budget was presented to members.") for n in range(20)]
    engine = filled([meeting("m", *items, item("x", "Heron", "Herons nest at the mill pond near the weir."))])
    # What its title names is an answer, if it is the rarest of the words.
    assert found(engine.search(Request("report budget herons", limit=50))) == {"x"}
    assert found(engine.search(Request("report budget weir", limit=50))) == set()
    assert found(engine.search(Request("report budget members giraffe", limit=50))) == set()


def test_partial_matches_are_left_out_where_many_items_have_all_words(filled: Filled) -> None:
    others = [item(f"o{n}", "Budget") for n in range(30)]
    full = [item(f"f{n}", "Heron pond weir") for n in range(10)]
    engine = filled([meeting("m", *others, *full, item("p", "Heron pond"))])
    assert engine.search(Request("heron pond weir")).total == 10
    fewer = filled([meeting("m", *others, *full[1:], item("p", "Heron pond"))])
    assert [hit.id for hit in fewer.search(Request("heron pond weir")).hits if hit.partial] == ["m/p"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(body=("cabinet",)), "scooters speed park budget"),
        (Filters(body=("Cabinet", "Safer Thornmere Partnership"), decision=("noted",)), "bikes speed"),
        (Filters(topic=("off_road bikes",)), "bikes scooters"),
        (Filters(meeting=("und",)), ""),
        (Filters(meeting=("2023", "undated")), "apologies bikes tree bridge police short"),
        (Filters(council=("THORNMERE",), restriction=("restricted_enclosure",)), "budget"),
        (Filters(council=("Elsewhere",)), ""),
        # Part of a name will do, unless there is one that is called just so.
        (Filters(body=("safer thornmere",)), "apologies bikes tree"),
        (Filters(body=("partnership", "cab")), "apologies bikes tree"),
        (Filters(topic=("bikes",)), "bikes scooters"),
        (Filters(since=dt.date(2023, 6, 21), until=dt.date(2023, 6, 21)), "apologies bikes tree"),
        (Filters(since=dt.date(2023, 6, 22)), "scooters speed park budget"),
        (Filters(until=dt.date(2023, 6, 20)), ""),
    ],
)
def test_filters(filled: Filled, filters: Filters, expected: str) -> None:
    assert found(filled(archive()).search(Request("", filters))) == set(expected.split())


def test_facets_count_all_matches_once_an_item_and_value(filled: Filled) -> None:
    page = filled(archive()).search(Request("", Filters(since=dt.date(2023, 1, 1)), limit=1, facets=True))
    assert page.total == 7
    assert page.facets == {
        "council": {"Thornmere": 7},
        "body": {"Cabinet": 4, "Safer Thornmere Partnership": 3},
        "meeting": {"2024": 4, "2023": 3},
        "topic": {"off-road-bikes": 2, "road-safety": 2},
        "decision": {"noted": 2, "approved": 1, "deferred": 1, "none": 1},
        "restriction": {"open": 6, "restricted_enclosure": 1},
        "year": {"2024": 4, "2023": 3},
    }
    assert list(page.facets["body"]) == ["Cabinet", "Safer Thornmere Partnership"]


def test_items_without_body_or_date_are_not_counted_there(filled: Filled) -> None:
    facets = filled(archive()).search(Request("bridge", facets=True)).facets
    assert (facets["body"], facets["year"], facets["meeting"]) == ({}, {}, {"undated": 1})


def test_a_query_tree_serves_as_well_as_text(filled: Filled) -> None:
    tree = And((Word("bikes"), Not(Word("knives"))))
    assert found(filled(archive()).search(Request(tree))) == {"apologies", "bikes"}


def test_an_empty_archive_answers(filled: Filled) -> None:
    engine = filled([])
    for query in ("", "bikes", "off road", "plan*", "word~", "-x", "topic:a", "date:2024", '"a b"'):
        page = engine.search(Request(query, facets=True))
        assert (page.total, page.hits, page.facets["body"]) == (0, (), {})


def test_titles_of_restricted_documents_are_not_words_of_an_item(filled: Filled) -> None:
    held = replace(item("a", "Land"), documents=(Document("Wagtail valuation", restricted=True), Document("Map")))
    engine = filled([meeting("m", held)])
    assert found(engine.search(Request("map"))) == {"a"}
    assert found(engine.search(Request("wagtail"))) == set()
