"""One site of the sample corpus for all these tests, on a loopback address and on the disk, and a browser to look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from minutes_archive.access import Audience
from minutes_archive.export.site import Theme, ThreadLink
from minutes_archive.export.site.serving import site_server
from minutes_archive.publishing import publish
from minutes_archive.workspace import Workspace

BIKES = "moderngov.thornmere.example/3171/21303"
BIKES_BEFORE = "thornmere/safer-thornmere-partnership/2023-06-21-0930/nuisance-off-road-bikes-on-mere-common"


@pytest.fixture(scope="session")
def site(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the sample corpus, with a saved theme and a thread. Read only."""
    folder = tmp_path_factory.mktemp("exported") / "site"
    publish(
        Workspace.of_archive(sample_archive), Audience.PUBLIC, folder, "https://minutes.thornmere.example/",
        themes=[Theme("bikes", "Off-road bikes on Mere Common", "What became of them.", (
            (BIKES_BEFORE, "The report be noted."), (BIKES, "tagging and diversionary work"), ("nobody/knows/this", "hidden")))],
        threads={BIKES: (
            ThreadLink(BIKES_BEFORE, "earlier", "same words in the title"), ThreadLink("nobody/knows/this", "later", "hidden"))},
    )
    return folder


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address at which ``minutes serve`` would show the site."""
    server = site_server(site, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
