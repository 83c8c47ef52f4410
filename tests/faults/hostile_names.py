"""Hostile names: of files, of entries of a zip, of ids, bodies and councils. Nothing is written outside, nothing overwritten."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import unicodedata
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from command_line import SAMPLE, typed
from faults.trial import Case, Trial
from minutes_archive.annotate.vocabulary import Vocabulary
from minutes_archive.capture.fields import plain_text
from minutes_archive.export.site import Edition, build, building
from minutes_archive.model import Meeting
from site_meetings import meeting

PAGE = SAMPLE / "safer-thornmere-partnership" / "ieListDocuments-3171.html"
COUNT = 300
_DEVICES = ("CON", "PRN", "AUX", "NUL", "COM1", "COM9", "LPT1", "COM¹", "CONIN$", "CLOCK$")
_STEMS = (
    "minutes",
    "Café",
    "Ärger",
    "İstanbul",
    "straße",
    "ﬁre",
    "a",
    "planning/2024",
    "x.html",
    "index",
    "search",
    "assets",
    "items",
)
# What no file system of ours may be given in a name.
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]|[. ]$|^ ')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


@cache
def names() -> tuple[str, ...]:
    """Three hundred of them, always the same."""
    chance = Random("names")
    fixed = [
        "..",
        "../x",
        "../../../../tmp/x",
        "/etc/passwd",
        "/tmp/x",
        "//host/share/x",
        "C:\\x",
        "C:x",
        "\\\\host\\share",
        "..\\..\\x",
        "....//x",
        "%2e%2e%2fx",
        "..%c0%afx",
        "x/../../y",
        "./x",
        "x/./y",
        "x//y",
        "/",
        ".",
        "",
        " ",
        "~",
        "~root/x",
        "$HOME/x",
        "-rf",
        "--help",
        "*",
        "?",
        "x\0y",
        "x\0",
        "\0",
        "x\ny",
        "x\ry",
        "\x1b[31mx",
        "\u202ex",
        "x.",
        "x ",
        " x",
        "x:y",
        "x::$DATA",
        "x|y",
        "<x>",
        '"x"',
        "'x'",
        "`x`",
        "$(x)",
        ";x",
        "&x",
        "%s%n",
        "{0}",
        ".git/config",
        ".htaccess",
        "index.html",
        "INDEX.HTML",
        "site.json",
        "manifest.json",
        ".site.new",
        ".site.lock",
        "current.json",
        "catalogue.sqlite",
        "x.html/y",
        "x.json",
        "x,12345678",
        "..;/x",
        "x\u2215y",
        "x\uff0fy",
        "．．／x",
        "\u2024\u2024/x",
        "\ufeffx",
        "x\u200by",
        "\udcffx",
        "🛵",
        "a" * 300,
        "a/" * 150,
        "é" * 300,
        "x" * 255 + ".html",
    ]
    made = list(dict.fromkeys(fixed + [f"{name}{end}" for name in _DEVICES for end in ("", ".html", ".x.y", " ", "/x")]))
    while len(made) < COUNT:
        stem = chance.choice(_STEMS)
        form = chance.choice(
            (
                str.upper,
                str.lower,
                str.title,
                lambda one: unicodedata.normalize("NFD", one),
                lambda one: unicodedata.normalize("NFKC", one),
                lambda one: one + chance.choice(("\u0301", " ", ".", "/", "\\", "\0", "%00", ",", "~1")),
                lambda one: chance.choice(fixed) + one,
                lambda one: one * chance.randint(20, 90),
                lambda one: f"{one}/{chance.choice(fixed)}",
            )
        )
        if (name := form(stem)) not in made:
            made.append(name)
    return tuple(made[:COUNT])


def attempt(case: Case) -> str | None:
    """Give one name to all that may be named, beside twins of it that differ by case, form of letters or end."""
    name = names()[case.index % COUNT]
    outside = case.folder / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious", "utf-8")
    meant = _meant(case.folder, name)
    before = _stood(meant)
    # What comes into an archive is made fit for Unicode first: a site never sees stray bytes.
    said = _site(case.folder, plain_text(name) or name) or _added(case.folder, name)
    left = {path.name for path in case.folder.iterdir()} - {"outside", "site", "in", "archive", "out", ".site.lock", ".out.lock"}
    if (
        left
        or [path.name for path in outside.iterdir()] != ["precious.txt"]
        or (outside / "precious.txt").read_text() != "precious"
    ):
        said = f"written outside: {sorted(left)}"
    if (after := _stood(meant)) != before:
        said = f"written where the name leads: {sorted(path for path in meant if before[path] != after[path])}"
    return said and f"{name[:80]!r}: {said}"


def _meant(folder: Path, name: str) -> set[str]:
    """Where the name leads to, out of the case's folder: by itself, and from the folders that are written in."""
    places = (folder, folder / "in", folder / "archive", folder / "site" / "items", folder / "outside", Path.cwd())
    paths = {os.path.normpath(place / other) for place in places for other in (name, f"../{name}", f"{name}.html")}
    return {path for path in paths if not Path(path).is_relative_to(folder)}


def _stood(paths: set[str]) -> dict[str, tuple[int, ...] | None]:
    """What stands at each path: which file, how long, when it was changed; None for nothing. Folders are told by being there."""
    found: dict[str, tuple[int, ...] | None] = dict.fromkeys(paths)
    for path in paths:
        # Some are no names to the system.
        with contextlib.suppress(OSError, ValueError):
            told = os.lstat(path)
            found[path] = () if stat.S_ISDIR(told.st_mode) else (told.st_ino, told.st_size, told.st_mtime_ns)
    return found


def _site(folder: Path, name: str) -> str | None:
    """A site of meetings and items called so and almost so: each has a page, and no name is one that a system refuses."""
    twins = list(
        dict.fromkeys(
            (
                name,
                name.upper(),
                name.lower(),
                unicodedata.normalize("NFC", name),
                unicodedata.normalize("NFD", name),
                f"{name}.",
                f"{name} ",
                f"{name}/1",
                name.replace("/", "\\"),
            )
        )
    )
    meetings = [_named(number, one) for number, one in enumerate(twins)]
    with building(folder / "site") as target:
        build(target, Edition("A", False, {}), lambda: iter(meetings), Vocabulary(()), [], [])
    paths = [path.relative_to(folder / "site") for path in (folder / "site").rglob("*")]
    odd = [
        one for one in paths if any(_FORBIDDEN.search(part) or _DEVICE.fullmatch(part) or len(part) > 90 for part in one.parts)
    ]
    if odd:
        return f"a name that some system refuses: {odd[:3]}"
    alike = len({unicodedata.normalize("NFC", str(one)).casefold() for one in paths})
    pages = [one for one in paths if one.parts[0] == "items" and one.suffix == ".html"]
    if alike != len(paths) or len(pages) != sum(len(one.items) for one in meetings):
        return f"{len(pages)} pages of {sum(len(one.items) for one in meetings)} items"
    return None


def _named(number: int, name: str) -> Meeting:
    plain = meeting(number, name)
    items = tuple(replace(item, id=f"{name}#{number}/{item.ordinal}", topics=(), decisions=()) for item in plain.items)
    return replace(plain, id=f"{name}#{number}", items=items)


def _added(folder: Path, name: str) -> str | None:
    """A file, an entry of a zip and a record that are called so: loaded or refused with a word, and the archive is sound."""
    given = folder / "in"
    given.mkdir()
    # Some systems have no such name.
    with contextlib.suppress(OSError, ValueError):
        (given / name).write_bytes(PAGE.read_bytes()) if "/" not in name else None
    with zipfile.ZipFile(given / "pages.zip", "w") as archive:
        for entry in (name, f"../{name}", f"{name}/../x"):
            try:
                archive.writestr(_entry(entry), PAGE.read_bytes())
            except ValueError:
                continue
        link = _entry("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../outside/precious.txt")
        archive.writestr("link/x.html", PAGE.read_bytes())
    # Some systems let this user make no links.
    with contextlib.suppress(OSError):
        (given / "way out").symlink_to(folder / "outside", target_is_directory=True)
    shown = {
        "id": name,
        "title": name,
        "minutes_text": "The report was noted.",
        "audience": "public",
        "documents": [{"title": name}],
    }
    told = {
        "schema": "minutes-archive/meeting/1",
        "meeting": {"id": "m", "body": name, "council": name, "date": "2024-01-01"},
        "items": [{**shown, "id": "m/1"}, shown],
    }
    (given / "records.jsonl").write_text(json.dumps(told) + "\n", "utf-8")
    archive_folder = folder / "archive"
    # The council's name may be refused; the files then come without.
    for council in (("--council", name.replace("\0", "").lstrip("-") or "x"), ()):
        done = typed("--archive", archive_folder, "add", given, *council)
        if done.status == 0:
            break
        if done.status != 2 or not done.err:
            return f"add ended with {done.status}: {done.err[-200:]}"
    else:
        return f"nothing was added: {done.err[-300:]}"
    for command in (("check",), ("export", "wacz", folder / "out")):
        if (ended := typed("--archive", archive_folder, *command)).status:
            return f"{command[0]} after add: {ended.err[-300:]}"
    refused = typed("--archive", archive_folder, "export", "site", folder / "outside")
    return None if refused.status == 2 else f"export site into a folder that holds other things ended with {refused.status}"


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name
    return info


TRIAL = Trial(20, "hostile-names", "0 writes outside the target, 0 overwrites, no name that a system refuses", COUNT, 6, attempt)
