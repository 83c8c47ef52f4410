"""The briefing, as a file and in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import Minutes
from minutes_archive import Archive
from minutes_archive.access import Audience
from minutes_archive.coverage import Count, Line
from minutes_archive.export.briefing import briefing_page
from minutes_archive.model import Source
from minutes_archive.trace.quote import Quote
from minutes_archive.trace.reference import find_references
from minutes_archive.trace.theme import Theme
from minutes_archive.trace.tracing import Sitting, Stay, Term, Trace

playwright = pytest.importorskip("playwright.sync_api")

HOSTILE = [
    "<script>window.hurt=1</script>", "\"><svg onload=window.hurt=1>", "</title></desc><script>window.hurt=1</script>",
    "</style><script>window.hurt=1</script>", "javascript:window.hurt=1", "{{ 7*7 }}{% raw %}", "<!--", "<b>\u202e",
]


@pytest.fixture(scope="module")
def bikes(themed_archive: Path) -> Trace:
    with Archive.open(themed_archive) as archive:
        return archive.trace("off-road bikes")


@pytest.fixture(scope="module")
def page(bikes: Trace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("briefing") / "bikes.html"
    gaps = [Line("thornmere", "Cabinet", "2024-25", Count(held=3, missing=2, blocked=1), True, "gaps")]
    file.write_text(briefing_page(bikes, {"since": ["2023"]}, {"off-road-bikes": "Off-road bikes"}, gaps), "utf-8")
    return file


def test_it_has_contents_chart_quotes_references_and_method(page: Path, bikes: Trace):
    text = page.read_text("utf-8")
    discussions = [one for _, one in bikes.discussions()]
    assert list(find_references(text)) == [one.reference for one in discussions]
    assert text.count("<article") == len(discussions)
    for part in ('<nav aria-label="Contents">', '<title id="chart-title">', '<desc id="chart-desc">', "How this was made",
                 "Words added", f"{bikes.searched:,} agenda items were searched", "2 missing, 1 blocked", "Only since: 2023."):
        assert part in text
    anchors = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= anchors
    assert len(anchors) == len(re.findall(r'id="([^"]+)"', text))


def test_it_names_nothing_that_a_browser_would_fetch(page: Path):
    text = page.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.findall(r"<(?:script|link|img|iframe|object|embed|form)\b|@import|url\(", text)


def test_the_command_writes_it_and_it_verifies(minutes: Minutes, themed_archive: Path, tmp_path: Path):
    file, again = tmp_path / "one.html", tmp_path / "two.html"
    for target in (file, again):
        done = minutes("--archive", themed_archive, "trace", "damp and mould", "--html", target)
        assert (done.status, done.out) == (0, "")
        assert re.search(r"\.html: \d+ discussions at \d+ meetings of \d+ bodies", done.err)
    assert file.read_bytes() == again.read_bytes()
    assert "no list of meetings was read" in file.read_text("utf-8")
    assert minutes("--archive", themed_archive, "verify", file).status == 0


def test_nothing_found_is_said_and_written(minutes: Minutes, themed_archive: Path, tmp_path: Path):
    file = tmp_path / "nothing.html"
    assert minutes("--archive", themed_archive, "trace", "zeppelin", "--html", file).status == 1
    assert "Nothing was found" in file.read_text("utf-8")
    assert minutes("--archive", themed_archive, "trace", "zeppelin", "--html", tmp_path).status == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_it_opens_by_double_click_and_fits(
    browser: playwright.Browser, page: Path, bikes: Trace, width: int, scheme: str
):
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(page.as_uri())
    assert tab.locator("h1").inner_text() == "Off-road bikes and e-scooters"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, "nothing scrolls sideways"
    assert tab.locator("svg rect").count() == sum(1 for _, count in bikes.timeline.counts if count)
    assert tab.locator("svg rect").first.evaluate("node => getComputedStyle(node).fill") != "rgb(0, 0, 0)"
    assert (asked, complaints) == ([page.as_uri()], [])
    tab.close()


def test_the_figures_of_the_chart_stand_in_a_table_too(browser: playwright.Browser, page: Path, bikes: Trace):
    tab = browser.new_page()
    tab.goto(page.as_uri())
    rows = tab.locator("details table tbody tr").all_inner_texts()
    assert [tuple(row.split("\t")) for row in rows] == [(label, str(count)) for label, count in bikes.timeline.counts]
    tab.close()


def test_it_prints_on_a4_with_no_article_torn(browser: playwright.Browser, page: Path):
    tab = browser.new_page()
    tab.goto(page.as_uri())
    tab.emulate_media(media="print")
    assert tab.locator("article").first.evaluate("node => getComputedStyle(node).breakInside") == "avoid"
    assert not tab.locator("summary").first.is_visible()
    assert tab.pdf(format="A4").startswith(b"%PDF-")
    tab.close()


def test_hostile_text_stays_text(browser: playwright.Browser, bikes: Trace, tmp_path: Path):
    tab = browser.new_page()
    sitting, one = next(bikes.discussions())
    for number, text in enumerate(HOSTILE):
        bad = replace(
            one, title=text, number=text, decided=text + "!", topics=(text,), quote=Quote("minutes_text", 0, len(text), text),
            source=Source(path=text, url=text, sha256="0" * 64),
        )
        trace = replace(
            bikes, theme=Theme(text, (text,), (text,), (text,)), sittings=(Sitting("m", text, text, sitting.date, (bad,)),),
            expanded={text: (text,)}, words=(Term(text, True, 1, None, None, False),), stays=(Stay(text, text, 1, None, None),),
            beside=(Term(text, False, 2, None, None, True),), moves=((text, text), (None, None)), audience=Audience.OFFICER,
        )
        file = tmp_path / f"{number}.html"
        gaps = [Line(text, text, text, Count(failed=1), False, text)]
        file.write_text(briefing_page(trace, {"body": [text]}, {text: text}, gaps), "utf-8")
        tab.goto(file.as_uri())
        assert tab.evaluate("window.hurt") is None, text
        assert text in (tab.locator("h1").text_content() or "")
        assert "Do not pass it on" in (tab.locator("header").text_content() or "")
        assert tab.locator("a[href^=javascript]").count() == 0
    tab.close()
