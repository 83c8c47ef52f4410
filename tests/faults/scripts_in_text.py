"""Scripts in text (XSS): an evasion list in every field, in every kind of page that we write, opened in a real browser.

Most pages are looked at without the policy that would catch what escaping missed; that each has such a policy is looked at too.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from chromium import chromium, watched
from faults.trial import Case, Trial
from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.coverage import Count, Line
from minutes_archive.export.briefing import briefing_page
from minutes_archive.export.results import results_page
from minutes_archive.export.site import Edition, Theme, ThreadLink, build, building
from minutes_archive.model import Source, Span
from minutes_archive.search.engine import Hit, ResultPage, Snippet
from minutes_archive.trace.quote import Quote
from minutes_archive.trace.reference import Reference, passage_of
from minutes_archive.trace.theme import Theme as TracedTheme
from minutes_archive.trace.timeline import timeline
from minutes_archive.trace.tracing import Discussion, Sitting, Stay, Term, Trace
from site_meetings import meeting

RUN = "window.hurt=1"
EVASIONS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script\n>{RUN}</script\n>",
    f"<script/x>{RUN}</script>",
    f"<<script>{RUN}//<</script>",
    f"<script>{RUN}",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f'"><script>{RUN}</script>',
    f"'><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</noscript><script>{RUN}</script>",
    f"</template><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'<img src=x onerror="{RUN}"',
    f"<img/src=x/onerror={RUN}>",
    f"<IMG SRC=x OnErRoR={RUN}>",
    f"<img src=x onerror\n=\n{RUN}>",
    f'<img src="x`<script>{RUN}</script>"`>',
    f'" onerror={RUN} x="',
    f"' onfocus={RUN} autofocus x='",
    f'" autofocus onfocus="{RUN}',
    f'"><svg onload={RUN}>',
    f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><style><img src=x onerror={RUN}></style></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<math><annotation-xml encoding='text/html'><script>{RUN}</script>",
    f"<body onload={RUN}>",
    f"<input onfocus={RUN} autofocus>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>",
    f'<object data="javascript:{RUN}">',
    f'<embed src="javascript:{RUN}">',
    f'<iframe src="javascript:parent.{RUN}">',
    f"<iframe srcdoc='<script>parent.{RUN.removeprefix('window.')}</script>'>",
    f'<a href="javascript:{RUN}">x</a>',
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}",
    f" javascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"javascript&#58;{RUN}",
    f"&#106;avascript:{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>parent.{RUN.removeprefix('window.')}</script>",
    f"view-source:javascript:{RUN}",
    f'https://x.example/"onmouseover="{RUN}',
    f"https://x.example/'><script>{RUN}</script>",
    f"'-{RUN}-'",
    f"';{RUN};//",
    f'";{RUN};//',
    f"\\';{RUN};//",
    f"`${{{RUN}}}`",
    f"${{{RUN}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    "{{ 7*7 }}{% raw %}",
    f"\u2028{RUN}\u2029",
    f"\u0000<script>{RUN}</script>",
    f"<\u0000script>{RUN}</script>",
    f"＜script＞{RUN}＜/script＞",
    f"\ufeff<script>{RUN}</script>",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    "<base href='https://x.example/'>",
    "<meta http-equiv=refresh content='0;url=https://x.example'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<link rel=stylesheet href=https://x.example/x.css>",
    "<style>@import 'https://x.example'</style>",
    "<style>*{background:url(https://x.example)}</style>",
    'x" style="background:url(https://x.example)',
    "<form action=https://x.example><button>x",
    f"<form><button formaction=javascript:{RUN}>x",
    f"<isindex action=javascript:{RUN}>",
    f'<xmp><p title="</xmp><img src=x onerror={RUN}>">',
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<template><script>{RUN}</script></template>",
    f"<plaintext><script>{RUN}</script>",
    f"<select><option><script>{RUN}</script>",
    f"<table background=javascript:{RUN}>",
    f"<div style=width:expression({RUN})>",
    f"<x onclick={RUN} contenteditable autofocus onfocus={RUN}>x",
    f"<portal src='javascript:{RUN}'>",
    f"<a ping=https://x.example href=# onclick={RUN}>x</a>",
    f"<dialog open onclose={RUN}><form method=dialog>",
    f"\u202e<script>{RUN}</script>",
)
NEVER = (
    "a[href^='javascript' i], a[href^='data:' i], a[href^='vbscript' i], base, iframe, object, embed, main script, main style, "
    "main img, main [formaction], [onload], [onerror], [onfocus], [onclick], [onmouseover], [ontoggle], meta[http-equiv=refresh]"
)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"\s+content="default-src (?:\'|&#39;)none')
# Of the pages of a site so many are opened, besides those at its top: all hold the same text.
_OPENED = 12


def attempt(case: Case) -> str | None:
    """Write a site, a page of results and a briefing of which every field is one text; open them."""
    text = EVASIONS[case.index % len(EVASIONS)]
    site = case.folder / "site"
    _site(site, text)
    single = case.folder / "results.html", case.folder / "briefing.html"
    single[0].write_text(results_page(_results(text), {"body": [text]}, {text: text}), "utf-8")
    single[1].write_text(_briefing(text), "utf-8")
    pages = sorted(site.rglob("*.html"))
    bare = [path for path in (*pages, *single) if not _POLICY.search(path.read_text("utf-8"))]
    if bare:
        return f"no policy on {bare}"
    chosen = [path for path in pages if path.parent == site] + case.chance.sample(pages, min(len(pages), _OPENED)) + [*single]
    # Playwright keeps to one thread, and another browser may be open in that of the tests.
    with ThreadPoolExecutor(1) as thread:
        fault = thread.submit(_opened, dict.fromkeys(chosen), case.index % 4 != 3).result()
    shutil.rmtree(site)
    return f"{text!r}: {fault}" if fault else None


def _opened(pages: Iterable[Path], bypass_csp: bool) -> str | None:
    """What pages do in a browser that they should not."""
    with chromium() as browser, watched(browser, bypass_csp=bypass_csp) as seen:
        for path in pages:
            seen.page.goto(path.as_uri())
            if fault := _hurt(seen.page, path):
                return fault
        strangers = [one for one in seen.asked if not one.startswith(("file:", "data:"))]
        return f"asked for {strangers}" if strangers else None


def _hurt(page: Any, path: Path) -> str | None:
    page.mouse.move(40, 200)
    if page.evaluate("window.hurt") is not None:
        return f"ran in {path}"
    count = page.locator(NEVER).count()
    return f"became markup in {path}: {page.locator(NEVER).first.evaluate('one => one.outerHTML')[:200]}" if count else None


def _site(folder: Path, text: str) -> None:
    edition = Edition(
        text,
        True,
        {text: text},
        base_url="https://x.example/",
        references={"x/1/1": text},
        threads={"x/1/1": (ThreadLink("x/2/1", text, text),)},
    )
    coverage = [
        {
            "council": text,
            "body": text,
            "year": text,
            "held": 1,
            "missing": 0,
            "blocked": 0,
            "failed": 0,
            "pending": 0,
            "says": text,
        }
    ]
    theme = Theme(text, text, text, (("x/1/1", text),))
    with building(folder) as target:
        build(target, edition, lambda: _meetings(text), Vocabulary(()), coverage, [theme])


def _meetings(text: str) -> Iterator[Any]:
    yield from (meeting(number, text) for number in (1, 2))


def _briefing(text: str) -> str:
    quote = Quote("minutes_text", 0, len(text), text, cut_start=True, cut_end=True)
    source = Source(path=text, url=text, sha256="0" * 64)
    reference = Reference(text, text, passage_of("minutes_text", 0, len(text), text))
    one = Discussion(text, text, text, ("noted",), f"{text}!", "restricted_enclosure", (text,), quote, reference, source, False)
    other = replace(one, quote=None, restriction="open", in_passing=True)
    days = ("2023-01-01", "2024-01-01")
    sittings = [Sitting(text, text, text, day, (one, other)) for day in (*days, None)]
    told = Trace(
        theme=TracedTheme(text, (text,), (text,), (text,)),
        audience=Audience.OFFICER,
        expanded={text: (text,)},
        searched=1,
        sittings=tuple(sittings),
        folded=1,
        words=(Term(text, True, 1, *days, False),),
        beside=(Term(text, False, 2, *days, True),),
        stays=(Stay(text, text, 1, *days),),
        moves=((text, text), (None, None)),
        timeline=timeline(sitting.date for sitting in sittings),
        did_you_mean=text,
        left_out=1,
    )
    gaps = [Line(text, text, text, Count(failed=1), False, text)]
    return briefing_page(told, {"body": [text]}, {text: text}, gaps)


def _results(text: str) -> ResultPage:
    hit = Hit(
        rank=1,
        score=1.0,
        id="b/2024-01-01/x",
        title=text,
        number=text,
        council=text,
        body=text,
        date="2024-01-01",
        meeting="b/2024-01-01",
        partial=True,
        snippet=Snippet(text * 2, (Span(0, len(text)),), "minutes_text"),
        text=text,
        decisions=("noted",),
        decision_line=text,
        restriction="restricted_enclosure",
        topics=(text,),
        source=Source(path=text, url=text, sha256="0" * 64),
    )
    facets = {name: {text: 1} for name in ("council", "body", "topic", "decision", "restriction", "year")}
    return ResultPage(
        query=text,
        audience=Audience.OFFICER,
        expanded={text: (text,)},
        total=1,
        took_ms=0.0,
        did_you_mean=text,
        hits=(hit,),
        facets=facets,
    )


TRIAL = Trial(
    21,
    "scripts-in-text",
    "0 executions, 0 requests elsewhere, 0 text that becomes markup, in Chromium; a policy on every page",
    len(EVASIONS),
    4,
    attempt,
)
