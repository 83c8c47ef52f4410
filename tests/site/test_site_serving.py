"""``minutes serve``: the site, to this machine alone."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from command_line import Minutes


@pytest.mark.parametrize(("path", "host", "status", "kind"), [
    ("/", None, 200, "text/html; charset=utf-8"),
    ("/search.html?q=bikes", None, 200, "text/html; charset=utf-8"),
    ("/assets/search.js", None, 200, "text/javascript; charset=utf-8"),
    ("/bodies/thornmere/cabinet.atom", None, 200, "application/atom+xml"),
    ("/items/", None, 404, None),
    ("/nothing.html", None, 404, None),
    ("/../../../../../../etc/passwd", None, 404, None),
    ("/%2e%2e/%2e%2e/site.py", None, 404, None),
    # Another site's name that was made to lead to this machine (DNS rebinding).
    ("/", "evil.example", 421, None),
])
def test_it_shows_the_site_and_nothing_else(served: str, path: str, host: str | None, status: int, kind: str | None):
    address = urlsplit(served).netloc
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("GET", path, headers={"Host": host or address})
    answer = connection.getresponse()
    assert answer.status == status
    assert kind is None or answer.headers["Content-Type"] == kind
    connection.close()


def test_only_a_site_is_served(minutes: Minutes, tmp_path: Path):
    (tmp_path / "secret.txt").write_text("secret")
    done = minutes("serve", tmp_path)
    assert done.status == 2
    assert "holds no site" in done.err


def test_a_port_in_use_is_said(minutes: Minutes, site: Path, served: str):
    done = minutes("serve", site, "--port", urlsplit(served).port)
    assert done.status == 2
    assert "name another with --port" in done.err
