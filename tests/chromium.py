"""Chromium for the tests of the site: a page that notes what it asks for and complains of, and axe, which looks for barriers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


@contextmanager
def chromium() -> Iterator[Any]:
    """A running Chromium; skips where there is none, but for CI, which installs it."""
    driver = pytest.importorskip("playwright.sync_api")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: .ci/run installs it")
        pytest.skip("no Chromium on the path")
    with driver.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page with what it asked for, and what it complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def strangers(self, base: str) -> list[str]:
        """What was asked for elsewhere than below ``base``."""
        return [url for url in self.asked if not url.startswith((base, "data:"))]


@contextmanager
def watched(browser: Any, **options: Any) -> Iterator[Watched]:
    """A new page of ``browser``, closed at the end."""
    context = browser.new_context(**options)
    page = context.new_page()
    seen = Watched(page)
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    yield seen
    context.close()


@cache
def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def barriers(page: Any) -> list[str]:
    """What axe finds wrong with the page as it is shown: rule and place of each."""
    # The debugger's own world: the page's policy lets no script in, and is not loosened for this.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": _axe()})
    answer = session.send("Runtime.evaluate", {
        "expression": "axe.run(document, {resultTypes: ['violations'], preload: false}).then(found => found.violations.map("
                      "one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)).join(' | ')))",
        "awaitPromise": True, "returnByValue": True,
    })
    session.detach()
    found: list[str] = answer["result"]["value"]
    return found
