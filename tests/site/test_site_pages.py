"""The pages as files: whole, linked, described, and with the words that they say they rest on."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from lxml import etree, html

from minutes_archive.archive import Archive
from minutes_archive.export.site.address import item_page, safe_name

BIKES = item_page("moderngov.thornmere.example/3171/21303")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, html.HtmlElement]:
    return {path.relative_to(site).as_posix(): html.fromstring(path.read_bytes()) for path in sorted(site.rglob("*.html"))}


def test_every_kind_of_page_is_there(pages: dict[str, html.HtmlElement]):
    kinds = {path.split("/")[0] for path in pages}
    assert kinds == {
        "index.html", "search.html", "meetings.html", "bodies.html", "topics.html", "decisions.html", "themes.html",
        "restricted.html", "coverage.html", "about.html", "method.html", "years", "bodies", "topics", "decisions", "themes",
        "meetings", "items",
    }


def test_all_links_lead_somewhere(site: Path, pages: dict[str, html.HtmlElement]):
    broken = []
    anchors = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    for path, page in pages.items():
        for link in page.xpath("//@href | //@src | //form/@action"):
            if re.match(r"https?:|data:", link):
                continue
            target, fragment = urldefrag(link)
            file = ((site / path).parent / unquote(target)).resolve() if target else site / path
            name = file.relative_to(site).as_posix()
            if not file.is_file() or (fragment and fragment not in anchors[name]):
                broken.append(f"{path}: {link}")
    assert not broken


def test_every_item_is_reached_by_browsing(sample_archive: Path, pages: dict[str, html.HtmlElement]):
    seen, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for link in pages[path].xpath("//a/@href"):
            target = (Path("/") / path).parent.joinpath(urldefrag(link)[0] or ".").as_posix()
            name = re.sub(r"[^/]+/\.\./", "", target)
            while "/../" in name:
                name = re.sub(r"[^/]+/\.\./", "", name)
            name = name.lstrip("/")
            if name in pages and name not in seen:
                seen.add(name)
                waiting.append(name)
    assert seen == pages.keys()
    with Archive.open(sample_archive) as archive:
        found = archive.search(limit=1000).hits
    assert {item_page(hit.id) for hit in found} == {path for path in pages if path.startswith("items/")}


def test_every_page_has_its_policy_and_no_script_of_its_own(pages: dict[str, html.HtmlElement]):
    for path, page in pages.items():
        policy = page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
        assert policy.startswith("default-src 'none'; style-src 'self'"), path
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
        assert ("script-src" in policy) == (path == "search.html")
        for script in page.xpath("//script"):
            assert script.get("type") == "application/ld+json" or (path == "search.html" and not script.text), path
        assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]"), path


def test_pages_describe_themselves(pages: dict[str, html.HtmlElement]):
    page = pages[BIKES]
    terms = {meta.get("name"): meta.get("content") for meta in page.xpath("//meta[starts-with(@name, 'DCTERMS.')]")}
    assert terms["DCTERMS.identifier"] == "moderngov.thornmere.example/3171/21303"
    assert terms["DCTERMS.date"] == "2024-06-19"
    told = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert (told["@context"], told["@type"]) == ("https://schema.org", "DigitalDocument")
    assert page.xpath("string(//link[@rel='canonical']/@href)") == f"https://minutes.thornmere.example/{BIKES}"
    for path, one in pages.items():
        assert len(one.xpath("//h1")) == 1, path
        assert one.get("lang") == "en-GB", path


def test_marks_hold_the_words_of_the_evidence(sample_archive: Path, pages: dict[str, html.HtmlElement]):
    page = pages[BIKES]
    with Archive.open(sample_archive) as archive:
        _, item = archive.show("moderngov.thornmere.example/3171/21303")
    assert item is not None
    marked = [mark.text_content() for mark in page.xpath("//mark[@class='decision']")]
    assert marked == [one.text for one in item.decisions]
    for number, one in enumerate(item.evidence, 1):
        entry = page.xpath(f"//li[@id='evidence-{number}']")[0]
        assert one.text in entry.text_content()
    read = " ".join(" ".join(page.xpath("//div[@class='reading']")[0].itertext()).split())
    assert re.sub(r"\[\d+\]|\s", "", read) == re.sub(r"\s", "", item.minutes_text)


def test_votes_are_a_table(sample_archive: Path, pages: dict[str, html.HtmlElement]):
    with Archive.open(sample_archive) as archive:
        ids = [hit.id for hit in archive.search(limit=1000).hits]
        voted = next(item for one in ids if (item := archive.show(one)[1]) and item.votes and item.votes[0].in_favour)
    cells = pages[item_page(voted.id)].xpath("//section[@aria-labelledby='votes']//tbody/tr[1]/td/text()")
    assert str(voted.votes[0].in_favour) == cells[0]


def test_a_citation_names_the_bytes_that_the_text_is_of(pages: dict[str, html.HtmlElement]):
    cited = pages[BIKES].xpath("string(//p[@class='cite'])")
    assert "https://moderngov.thornmere.example/mgAi.aspx?ID=21303" in cited
    assert re.search(r"SHA-256 4dfceb6c[0-9a-f]{56}", cited)


def test_threads_and_themes_show_what_may_be_seen_alone(pages: dict[str, html.HtmlElement]):
    thread = pages[BIKES].xpath("//section[@aria-labelledby='thread']//li")
    assert [" ".join(one.text_content().split()) for one in thread] == [
        "earlier: Nuisance Off-Road Bikes on Mere Common · Safer Thornmere Partnership, 21 June 2023 (same words in the title)"
    ]
    theme = pages["themes/bikes.html"]
    assert theme.xpath("//blockquote/text()") == ["The report be noted.", "tagging and diversionary work"]
    assert theme.xpath("//*[name()='svg']/*[name()='title']/text()") == ["Off-road bikes on Mere Common by year"]


def test_charts_have_words_and_a_table(pages: dict[str, html.HtmlElement]):
    page = pages["topics/off-road-bikes.html"]
    assert page.xpath("string(//*[name()='svg']/*[name()='desc'])") == "16 items from 2023 to 2025; most in 2023, 7."
    assert page.xpath("//figure//tbody//td/text()") == ["7", "5", "4"]


def test_lists_have_json_csv_and_feeds(site: Path, pages: dict[str, html.HtmlElement]):
    listed = json.loads((site / "topics/off-road-bikes.json").read_bytes())
    assert listed["total"] == 16 == len(listed["items"])
    rows = list(csv.DictReader(io.StringIO((site / "topics/off-road-bikes.csv").read_text("utf-8"))))
    assert [row["id"] for row in rows] == [one["id"] for one in listed["items"]]
    for path in pages:
        if path.startswith(("bodies/", "topics/", "decisions/", "years/")) or path in {"restricted.html", "coverage.html"}:
            json.loads((site / path).with_suffix(".json").read_bytes())
            assert (site / path).with_suffix(".csv").is_file()
    names = {"a": "http://www.w3.org/2005/Atom"}
    for path in (*site.glob("bodies/*/*.atom"), *site.glob("topics/*.atom")):
        feed = etree.fromstring(path.read_bytes())
        assert feed.xpath("string(a:id)", namespaces=names).startswith("urn:minutes-archive:")
        for link in feed.xpath("a:entry/a:link/@href", namespaces=names):
            assert (site / link.removeprefix("https://minutes.thornmere.example/")).is_file()


def test_the_sitemap_names_every_page_to_be_found(site: Path, pages: dict[str, html.HtmlElement]):
    sitemap = etree.fromstring((site / "sitemap.xml").read_bytes())
    listed = {one.removeprefix("https://minutes.thornmere.example/") for one in sitemap.xpath("//*[local-name()='loc']/text()")}
    assert listed == pages.keys() - {"search.html", "themes.html"}


HOSTILE_IDS = [
    "../up", "..", ".", "a/../../b", "/etc/passwd", "C:/windows", "con", "x/NUL", "aux.html", "a.html", "a.html/b", "a" * 300,
    "/".join("b" * 80 for _ in range(5)), "A", "a", "é", "e\u0301", "a\u0000b", "a b", "a\\b", "com1", "lpt9.txt", "a.", "a/",
    "-", "~",
    "a,559aead0", "x/2024", "<script>", "%2e%2e/%2e%2e",
]


def test_hostile_ids_stay_in_the_folder_and_apart():
    names = [safe_name(one) for one in HOSTILE_IDS]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z0-9~_][a-z0-9._~,/-]*", name), name
        assert len(name) <= 130
        for segment in name.split("/"):
            assert not re.fullmatch(r"\.*|(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", segment), name
