"""The site in a real browser: on a server and from a disk, with and without scripts, by keyboard, on a phone, on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chromium import barriers, watched
from minutes_archive.archive import Archive
from minutes_archive.export.site.address import item_page

playwright = pytest.importorskip("playwright.sync_api")
# A busy machine is slow, not wrong.
playwright.expect.set_options(timeout=60_000)

BIKES = item_page("moderngov.thornmere.example/3171/21303")
ABOUT_BIKES = "search.html?q=off-road+bikes"
KINDS = (
    "index.html", ABOUT_BIKES, "meetings.html", "years/2024.html", "bodies.html",
    "bodies/thornmere/lathe-valley-joint-waste-committee.html", "topics.html",
    "topics/off-road-bikes.html", "decisions.html", "decisions/deferred.html", "themes.html", "themes/bikes.html",
    "restricted.html",
    "coverage.html", "about.html", "method.html", "meetings/moderngov.thornmere.example/3171.html", BIKES,
)
# How people may write it; the last few are of other kinds: a reference, a unit, a phrase, nothing there.
QUERIES = (
    "off-road bikes", "off road bikes", "offroad bikes", "Off-Road Bike", "OFFROAD  BIKE", "e scooters", "e-scooter", "escooters",
    "knife crime", '"knife crime"', "car park", "carpark", "council tax", "pcc", "parking on pavements", "STP/4/24",
    "24/0655/FUL",
    "20mph", "20 mph", "Kestrel Leisure Centre", "the report of the police", "zeppelin hangar",
)


@pytest.fixture(params=["http", "file"])
def base(request: pytest.FixtureRequest, site: Path, served: str) -> str:
    """Where the site stands: on a server, or on a disk."""
    return served if request.param == "http" else site.as_uri() + "/"


def answered(page: Any) -> str:
    """What the search says once it has answered."""
    playwright.expect(page.locator("#status")).to_contain_text("found", timeout=60_000)
    said: str = page.locator("#status").inner_text()
    return said


def found(page: Any) -> list[str]:
    """The pages of all results, over all pages of them."""
    links: list[str] = []
    while True:
        said = answered(page)
        links += page.locator("#results h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        if page.locator("#pager").is_hidden() or page.locator("#later").is_disabled():
            return links
        page.locator("#later").click()
        playwright.expect(page.locator("#status")).not_to_have_text(said)


def test_nothing_stands_in_anybodys_way(browser: Any, base: str):
    with watched(browser, viewport={"width": 320, "height": 700}) as seen:
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=scheme)
            for path in KINDS if scheme == "light" else (ABOUT_BIKES, BIKES, "topics/off-road-bikes.html"):
                seen.page.goto(base + path)
                if path == ABOUT_BIKES:
                    answered(seen.page)
                for details in seen.page.locator("details").all():
                    details.evaluate("one => one.open = true")
                assert barriers(seen.page) == [], (path, scheme)
                assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320, f"{path} scrolls sideways"
        assert seen.strangers(base) == []
        assert seen.complaints == []


@pytest.fixture(scope="module")
def by_command_line(sample_archive: Path) -> dict[str, set[str]]:
    with Archive.open(sample_archive) as archive:
        return {query: {item_page(hit.id) for hit in archive.search(query, match="all", limit=1000).hits} for query in QUERIES}


def test_it_finds_what_the_command_line_finds(browser: Any, base: str, by_command_line: dict[str, set[str]]):
    with watched(browser) as seen:
        seen.page.goto(base + "search.html")
        for query in QUERIES:
            seen.page.fill("#q", query)
            seen.page.keyboard.press("Enter")
            links = found(seen.page)
            assert len(links) == len(set(links))
            assert set(links) == by_command_line[query], query
        assert seen.strangers(base) == []
        assert seen.complaints == []


def test_facets_count_all_matches_and_filter(browser: Any, base: str, sample_archive: Path):
    with Archive.open(sample_archive) as archive:
        counts = archive.facets("off-road bikes", match="all")
        deferred = archive.search("off-road bikes", match="all", decision=["deferred"], limit=100)
    with watched(browser) as seen:
        page = seen.page
        page.goto(base + ABOUT_BIKES)
        answered(page)
        for name in ("body", "topic", "decision", "year"):
            shown = page.locator(f"#facets input[name={name}]").evaluate_all(
                "all => all.map(one => [one.value, Number(one.parentElement.lastChild.textContent)])")
            assert dict(shown) == counts[name], name
        page.locator("#facets input[value=deferred]").check()
        playwright.expect(page.locator("#status")).to_contain_text(f"{deferred.total} items found")
        assert "decision=deferred" in page.url
        assert page.evaluate("document.activeElement.value") == "deferred", "the focus stays where it was"
        assert set(found(page)) == {item_page(hit.id) for hit in deferred.hits}
        page.locator("#chosen button").click()
        playwright.expect(page.locator("#status")).to_contain_text("27 items found")
        page.go_back()
        playwright.expect(page.locator("#status")).to_contain_text(f"{deferred.total} items found")


def test_an_address_carries_the_whole_search(browser: Any, base: str, sample_archive: Path):
    with Archive.open(sample_archive) as archive:
        expected = archive.search(
            "council", match="all", decision=["noted", "approved"], since="2024-01-01", until="2024-10-16",
            sort="newest", limit=100)
    with watched(browser) as seen:
        page = seen.page
        page.goto(base + "search.html?q=council&decision=noted&decision=approved&since=2024-01-01&until=2024-10-16&sort=newest")
        answered(page)
        assert page.input_value("#q") == "council"
        assert [page.input_value(one) for one in ("#since", "#until", "#sort")] == ["2024-01-01", "2024-10-16", "newest"]
        assert sorted(page.locator("#chosen button").all_inner_texts()) == ["Decision: Approved ✕", "Decision: Noted ✕"]
        days: list[str] = []
        links: list[str] = []
        while True:
            said = answered(page)
            links += page.locator("#results h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
            days += [one.split(" · ")[1] for one in page.locator("#results .meta").all_inner_texts()]
            if page.locator("#later").is_disabled():
                break
            page.locator("#later").click()
            playwright.expect(page.locator("#status")).not_to_have_text(said)
        assert set(links) == {item_page(hit.id) for hit in expected.hits}
        in_order = page.evaluate("days => days.map(one => Date.parse(one + ' UTC'))", days)
        assert in_order == sorted(in_order, reverse=True)


def test_words_are_marked_and_results_announced(browser: Any, base: str):
    with watched(browser) as seen:
        seen.page.goto(base + ABOUT_BIKES)
        assert answered(seen.page) == "27 items found, page 1 of 3."
        assert seen.page.locator("#status").get_attribute("role") == "status"
        marked = {re.sub(r"\W", "", one).lower() for one in seen.page.locator("#results mark").all_inner_texts()}
        assert {"offroad", "bikes"} <= marked
        assert "scrambler bike" in seen.page.locator("#related").inner_text()
        seen.page.goto(base + ABOUT_BIKES + "&exact=1")
        assert int(answered(seen.page).split()[0]) < 21
        seen.page.goto(base + "search.html?q=zeppelin+hangar")
        assert answered(seen.page) == "Nothing was found."


def test_the_keyboard_is_enough(browser: Any, served: str):
    with watched(browser) as seen:
        page = seen.page
        page.goto(served)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        page.keyboard.type("off-road bikes")
        page.keyboard.press("Enter")
        answered(page)
        assert "search.html?q=off-road+bikes" in page.url
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "later":
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert float(outline.removesuffix("px")) >= 2
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#status")).to_contain_text("page 2 of 3")
        assert page.evaluate("document.activeElement.id") == "results-heading"


def test_without_scripts_all_can_be_read(browser: Any, base: str):
    with watched(browser, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(base + "search.html")
        assert page.locator("noscript a").count() == 4
        item = "STP/4/24 Off-Road Bikes, Quads and Nuisance Vehicles"
        for link in ("Meetings", "2024", "Safer Thornmere Partnership, 19 June 2024", item):
            page.get_by_role("link", name=link, exact=True).click()
        assert page.url == base + BIKES
        playwright.expect(page.locator("mark.decision")).to_have_count(2)


def test_too_much_for_a_disk_is_said(browser: Any, site: Path, tmp_path: Path):
    script = (site / "assets/archive.js").read_text("utf-8").replace('"offline":true', '"offline":false')
    with watched(browser) as seen:
        seen.page.route("**/assets/archive.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
        seen.page.goto(site.as_uri() + "/" + ABOUT_BIKES)
        playwright.expect(seen.page.locator("#said")).to_contain_text("too many to search without a web server")


@pytest.mark.parametrize("path", [BIKES, "topics/off-road-bikes.html"])
def test_it_prints(browser: Any, site: Path, path: str):
    with watched(browser) as seen:
        seen.page.goto(site.as_uri() + "/" + path)
        assert seen.page.pdf(format="A4").startswith(b"%PDF-")
        seen.page.emulate_media(media="print")
        assert not seen.page.locator("header.top nav").is_visible()
        assert seen.page.locator("h1").is_visible()
