"""Hostile text in every field: it stays text, in the pages, in the search, in CSV, JSON and the feeds."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree

from chromium import watched
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.export.formats import FORMULA
from minutes_archive.export.site import Edition, Theme, ThreadLink, build, building
from minutes_archive.export.site.serving import site_server
from site_meetings import meeting

playwright = pytest.importorskip("playwright.sync_api")

# Each would run, or call out, if it ever reached a page as markup.
HOSTILE = (
    "<script>window.hurt=1</script>", "<img src=x onerror=window.hurt=1>", "\"><svg onload=window.hurt=1>", "'-window.hurt=1-'",
    "</style><script>window.hurt=1</script>", "</title><script>window.hurt=1</script>", "javascript:window.hurt=1",
    "<a href='javascript:window.hurt=1'>x</a>", "{{ 7*7 }}{% raw %}", "&lt;script&gt;", "<!--", "]]>", "-->",
    "<iframe srcdoc='<script>parent.hurt=1</script>'>", "<meta http-equiv=refresh content='0;url=https://x.example'>",
    "\u202e<b>\u0000\u2028", "<style>@import 'https://x.example'</style>", "</script><script>window.hurt=1</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hurt=1>", "<base href='https://x.example/'>",
    "\\u003cscript\\u003e",
    "<noscript><p title=\"</noscript><img src=x onerror=window.hurt=1>\">", "=cmd|' /C calc'!A0",
    "+1+1", "-2+3", "@SUM(A1)", "\t=1",
)


NEVER = "a[href^='javascript' i], base, iframe, main script, main style, main img, [onload], [onerror]"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("hostile") / "site"
    meetings = [meeting(number, text) for number, text in enumerate(HOSTILE)]
    coverage = [{"council": text, "body": text, "year": text, "held": 1, "missing": 0, "blocked": 0, "failed": 0, "pending": 0,
                 "says": text} for text in HOSTILE]
    text = " ".join(HOSTILE)
    edition = Edition(
        text, True, {one: one for one in HOSTILE}, base_url="https://x.example/", references={"x/1/1": text},
        threads={"x/1/1": (ThreadLink("x/2/1", text, text),)})
    with building(target) as folder:
        build(folder, edition, lambda: iter(meetings), Vocabulary(()), coverage, [Theme(text, text, text, (("x/1/1", text),))])
    return target


@pytest.fixture(scope="module", params=["http", "file"])
def base(request: pytest.FixtureRequest, hostile: Path) -> Iterator[str]:
    if request.param == "file":
        yield hostile.as_uri() + "/"
        return
    server = site_server(hostile, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def places(hostile: Path, every: int) -> list[str]:
    """The pages at the top, an item's page of each hostile text, and some of the others."""
    pages = sorted(path.relative_to(hostile).as_posix() for path in hostile.rglob("*.html"))
    items = [path for path in pages if path.startswith("items/") and path.endswith("/1.html")]
    rest = [path for path in pages if "/" in path and path not in items]
    return [path for path in pages if "/" not in path] + items[:: max(1, every // 5)] + rest[::every]


@pytest.mark.parametrize("bypass", [False, True], ids=["with its policy", "without"])
def test_nothing_runs_and_nothing_is_asked_for(browser: Any, hostile: Path, base: str, bypass: bool):
    # Escaping has to hold by itself: so most pages are looked at without the policy that would catch what it missed.
    every = 5 if bypass and base.startswith("http:") else 20
    with watched(browser, bypass_csp=bypass) as seen:
        for path in places(hostile, every):
            seen.page.goto(base + path)
            assert seen.page.evaluate("window.hurt") is None, path
            assert seen.page.locator(NEVER).count() == 0, path
            if path.startswith("items/x/"):
                shown = " ".join((seen.page.locator(".reading").first.text_content() or "").split())
                # A browser drops NUL.
                text = HOSTILE[int(path.split("/")[2])].replace("\u0000", "")
                assert " ".join(text.split()) in shown.replace("\ufffd", ""), "it is shown as it was written"
        seen.page.goto(base + "search.html?q=word1")
        for query in ("word1", "script window hurt", "", *HOSTILE[:2]):
            seen.page.fill("#q", query)
            seen.page.keyboard.press("Enter")
            playwright.expect(seen.page.locator("#status")).to_contain_text("found", timeout=60_000)
            assert seen.page.evaluate("window.hurt") is None, query
        seen.page.goto(base + "search.html?q=&body=" + quote(HOSTILE[1]) + "&sort=%3Cb%3E&page=-1&since=x")
        playwright.expect(seen.page.locator("#status")).to_contain_text("2 items found", timeout=60_000)
        assert HOSTILE[1] in (seen.page.locator("#chosen").text_content() or "")
        assert seen.page.evaluate("window.hurt") is None
        assert seen.strangers(base) == []


def test_no_cell_is_a_formula(hostile: Path):
    files = list(hostile.rglob("*.csv"))
    assert len(files) > 20
    for path in files:
        for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
            assert not [cell for cell in row if cell.startswith(FORMULA)], path


def test_json_and_feeds_are_whole(hostile: Path):
    for path in hostile.rglob("*.json"):
        json.loads(path.read_bytes())
    feeds = list(hostile.rglob("*.atom"))
    assert feeds
    for path in (*feeds, hostile / "sitemap.xml"):
        etree.fromstring(path.read_bytes())


def test_welsh_pages_are_marked(hostile: Path):
    page = etree.HTML((hostile / "items/x/1/1.html").read_bytes())
    assert page.get("lang") == "cy"
    assert page.xpath("//header/@lang | //footer/@lang") == ["en-GB", "en-GB"]
    assert page.xpath("string(//h2[@id='text-1']/@lang)") == "en-GB"
    assert etree.HTML((hostile / "items/x/2/1.html").read_bytes()).get("lang") == "en-GB"
