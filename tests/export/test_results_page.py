"""The result page, as a file and in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from command_line import Minutes
from minutes_archive.access import Audience
from minutes_archive.cli import main
from minutes_archive.export.results import results_page
from minutes_archive.model import Source, Span
from minutes_archive.search.engine import Hit, ResultPage, Snippet

playwright = pytest.importorskip("playwright.sync_api")

# Each would run, or call out, if it ever reached the page as markup.
HOSTILE = [
    "<script>window.hurt=1</script>", "<img src=x onerror=window.hurt=1>", "\"><svg onload=window.hurt=1>",
    "'-window.hurt=1-'", "</style><script>window.hurt=1</script>", "</title><script>window.hurt=1</script>",
    "javascript:window.hurt=1", "<a href='javascript:window.hurt=1'>x</a>", "{{ 7*7 }}{% raw %}", "&lt;script&gt;",
    "<iframe srcdoc='<script>parent.hurt=1</script>'>", "<meta http-equiv=refresh content='0;url=https://x.example'>",
    "\u202e<b>\u0000", "<!--", "]]>", "<style>@import 'https://x.example'</style>",
]


def page_of(text: str) -> ResultPage:
    """A result page with ``text`` in every field that a source could have written."""
    hit = Hit(
        rank=1, score=1.0, id="b/2024-01-01/x", title=text, number=text, council=text, body=text, date="2024-01-01",
        meeting="b/2024-01-01", partial=True, snippet=Snippet(text * 2, (Span(0, len(text)),), "minutes_text"), text=text,
        decisions=("noted",), decision_line=text, restriction="restricted_enclosure", topics=(text,),
        source=Source(path=text, url=text, sha256="0" * 64),
    )
    counts = {text: 1}
    return ResultPage(
        query=text, audience=Audience.OFFICER, expanded={text: (text,)}, total=1, took_ms=0.0, did_you_mean=text, hits=(hit,),
        facets={"council": counts, "body": counts, "topic": counts, "decision": counts, "restriction": counts, "year": counts},
    )


@pytest.fixture(scope="module")
def bikes(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "bikes.html"
    with pytest.raises(SystemExit) as ended:
        main(["--archive", str(sample_archive), "export", "results", "off-road bikes", str(file), "--full-text"])
    assert ended.value.code == 0
    return file


def test_the_page_is_the_same_each_time(minutes: Minutes, sample_archive: Path, bikes: Path, tmp_path: Path):
    again = tmp_path / "again.html"
    done = minutes("--archive", sample_archive, "export", "results", "off-road bikes", again, "--full-text")
    assert done.status == 0
    assert again.read_bytes() == bikes.read_bytes()


def test_the_page_names_nothing_that_a_browser_would_fetch(bikes: Path):
    text = bikes.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.findall(r"<(?:script|link|img|iframe|object|embed|form)\b|@import|url\(", text)
    assert text.count("<style>") == 1


def test_nothing_found_is_said_and_written(minutes: Minutes, sample_archive: Path, tmp_path: Path):
    file = tmp_path / "nothing.html"
    done = minutes("--archive", sample_archive, "export", "results", "zeppelin hangar", file)
    assert done.status == 1
    assert "Nothing was found" in file.read_text("utf-8")


def test_a_folder_is_no_file(minutes: Minutes, sample_archive: Path, tmp_path: Path):
    done = minutes("--archive", sample_archive, "export", "results", "bikes", tmp_path)
    assert done.status == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_it_opens_by_double_click_and_fits(browser: playwright.Browser, bikes: Path, width: int, scheme: str):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(bikes.as_uri())
    assert page.title() == "off-road bikes – minutes"
    assert page.locator("h1").inner_text() == "Minutes on “off-road bikes”"
    assert page.locator("ol.hits > li").count() >= 10
    assert page.locator("mark").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing scrolls sideways"
    assert page.evaluate("getComputedStyle(document.querySelector('mark')).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert (asked, complaints) == ([bikes.as_uri()], [])
    page.close()


def test_the_keyboard_reaches_results_and_sources(browser: playwright.Browser, bikes: Path):
    page = browser.new_page()
    page.goto(bikes.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.locator("summary", has_text="Source of item 1").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("dd code").nth(1).is_visible()
    page.close()


def test_it_prints(browser: playwright.Browser, bikes: Path):
    page = browser.new_page()
    page.goto(bikes.as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.close()


def test_hostile_text_stays_text(browser: playwright.Browser, tmp_path: Path):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number, text in enumerate(HOSTILE):
        file = tmp_path / f"{number}.html"
        file.write_text(results_page(page_of(text), {"body": [text]}, {text: text}), "utf-8")
        page.goto(file.as_uri())
        assert page.evaluate("window.hurt") is None, text
        # A browser drops NUL; all else must be shown as it was written.
        assert text.replace("\u0000", "") in (page.locator("h2").text_content() or "")
        assert page.locator("a[href^=javascript]").count() == 0
    assert all(url.startswith("file:") for url in asked)
    page.close()
