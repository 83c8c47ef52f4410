"""The house keeps its order: imports point one way, and each outside library has the rooms it may enter.

    errors, text, dates, identity, access, rules < model < durable, seal, workspace
    < {crawl | capture | parse | normalise | annotate} < load, bounded < records < search < trace, follow < export
    < agreement, material, assembly, pipeline < sources, contact, finding, keeping, crawling, coverage
    < citing, verifying, thesaurus < archive < withdrawing, handover, watching, publishing, naming < checking < repairing < cli

``procedural`` is shared by ``normalise`` and ``annotate`` and stands before them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import minutes_archive

PACKAGE = Path(minutes_archive.__file__).parent
ORDER = (
    ("errors", "text", "dates", "access", "rules"),
    ("identity",),
    ("model",),
    ("durable", "procedural"),
    ("seal", "workspace"),
    ("crawl", "capture", "parse", "normalise", "annotate"),
    ("load", "bounded"),
    ("records",),
    ("search",),
    ("trace", "follow"),
    ("export",),
    ("ocr", "material", "agreement"),
    ("assembly", "placement", "intake"),
    ("pipeline", "parsing"),
    ("sources", "contact"),
    ("finding", "keeping", "crawling", "coverage"),
    ("citing", "verifying", "thesaurus"),
    ("archive",),
    ("withdrawing", "handover", "watching", "publishing", "naming"),
    ("checking",),
    ("repairing",),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
# Rooms in braces never import each other; in the other ranks that have several, an earlier one may be used.
SEALED = frozenset(ORDER[5])
NETWORK = (
    "socket", "ssl", "asyncio", "urllib.request", "http.client", "requests", "httpx", "httpx2", "httpcore", "httpcore2",
    "urllib3", "ftplib",
)
IMPORTERS: dict[str, set[str]] = {
    "whoosh": {"search"},
    "warcio": {"capture"},
    "brotli": {"capture"},
    "Stemmer": {"search"},
    "numpy": {"search"},
    "ahocorasick": {"annotate"},
    "lxml": {"parse"},
    "bs4": {"parse"},
    "pypdfium2": {"parse"},
    "mammoth": {"parse"},
    "jinja2": {"export"},
    "click": {"cli"},
    "sqlite3": {"capture", "workspace", "crawl", "repairing"},
    "protego": {"crawl"},
    **{name: {"crawl"} for name in NETWORK},
    "nh3": {"export"},
    "pagefind_bin": {"export"},
    # Listens on the loopback address, and asks nobody.
    "http.server": {"export"},
    "subprocess": {"bounded", "ocr", "export", "search"},
}
# Who reads the evidence and the records past the door, and why.
PAST_THE_DOOR = {
    "pipeline", "parsing", "intake", "keeping", "crawling", "coverage", "withdrawing", "handover", "archive", "checking",
    "naming", "repairing", "load", "records", "capture", "citing", "verifying", "publishing",
}


def modules() -> Iterator[tuple[str, Path, list[str]]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] in {"__init__", "__main__"}:
            continue
        names: list[str] = []
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports are absolute"
                names += [f"{node.module}.{alias.name}" for alias in node.names]
        yield parts[0], path, names


def test_every_room_has_its_place():
    assert {room for room, _, _ in modules()} <= RANK.keys()


def test_imports_point_one_way():
    wrong = []
    for room, path, names in modules():
        for name in names:
            parts = name.split(".")
            if parts[0] != "minutes_archive" or len(parts) < 2 or parts[1] not in RANK:
                continue
            other = parts[1]
            if RANK[other] > RANK[room] or (other != room and {other, room} <= SEALED):
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_no_module_imports_itself_in_a_circle():
    graph: dict[str, set[str]] = {}
    for _, path, names in modules():
        own = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        graph[own] = {name.rsplit(".", 1)[0] for name in names} | set(names)
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done:
            return
        for other in graph[module] & graph.keys() - {module}:
            # A package names its modules to offer what they hold: that is no circle.
            if not module.startswith(f"{other}."):
                visit(other, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def test_outside_libraries_have_their_rooms():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for room, path, names in modules()
        for name in names
        for library, rooms in IMPORTERS.items()
        if (name == library or name.startswith(f"{library}.")) and room not in rooms
    ]
    assert not wrong


def test_one_module_each_for_whoosh_and_warcio():
    whoosh = {path.parent.name for _, path, names in modules() for name in names if name.split(".")[0] == "whoosh"}
    assert whoosh <= {"whoosh"}, "only search/whoosh/ knows Whoosh"
    numpy = {path.parent.name for _, path, names in modules() for name in names if name.split(".")[0] == "numpy"}
    assert numpy <= {"whoosh"}, "only search/whoosh/ has columns"
    warcio = {path.name for _, path, names in modules() for name in names if name.split(".")[0] == "warcio"}
    assert warcio <= {"warc.py", "transcript.py", "foreign.py"}, "our own WARC files, and other people's"


def test_one_module_each_for_the_programs_of_others():
    started = {
        path.relative_to(PACKAGE).as_posix() for room, path, names in modules() if room == "export" and "subprocess" in names
    }
    listening = {
        path.relative_to(PACKAGE).as_posix() for _, path, names in modules() if any("http.server" in name for name in names)
    }
    assert started == {"export/site/bundle.py"}
    assert listening == {"export/site/serving.py"}


def test_one_module_opens_sockets():
    network = {
        path.relative_to(PACKAGE).as_posix() for _, path, names in modules() for name in names
        if any(name == one or name.startswith(f"{one}.") for one in NETWORK)
    }
    assert network == {"crawl/http.py"}


def test_nothing_goes_round_the_door():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for room, path, names in modules()
        if room not in PAST_THE_DOOR
        for name in names
        if name.startswith(("minutes_archive.records.store", "minutes_archive.capture", "minutes_archive.records.RecordStore"))
    ]
    assert not wrong


def test_rooms_are_imported_by_what_they_offer():
    """``from minutes_archive import records`` would hide from these tests what is used of it."""
    whole = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for _, path, names in modules()
        for name in names
        if name.split(".")[0] == "minutes_archive" and name.count(".") == 1 and name != "minutes_archive.__version__"
    }
    assert whole <= {"__main__.py imports minutes_archive.cli"}
