"""Bad input: one clear line, the rest goes on, and nothing already held is lost or changed."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from minutes_archive.load import load
from minutes_archive.model import Problem

PAGE = SAMPLE / "cabinet" / "ieListDocuments-3102.html"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
RECIPE = "<html><body><h1>Leek soup</h1><p>Clean the leeks and boil them for ten minutes.</p></body></html>"


def state(archive: Path) -> dict[str, bytes]:
    files = (path for folder in ("corpus", "index") for path in (archive / folder).rglob("*") if path.is_file())
    return {path.relative_to(archive).as_posix(): path.read_bytes() for path in files if path.name != ".lock.sqlite"}


@pytest.fixture
def archive(minutes: Minutes, tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    assert minutes("--archive", folder, "add", PAGE).status == 0
    return folder


@pytest.mark.parametrize(("name", "content", "said"), [
    ("empty.html", b"", "is empty"),
    ("blank.txt", b" \n\t\r\n ", "is empty"),
    ("picture.html", PICTURE, "is a picture (PNG)"),
    ("holiday.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "is a picture (JPEG)"),
    ("recipe.html", RECIPE.encode(), "is a page that is no minutes"),
    ("list.txt", b"eggs\nmilk\nbread\n", "is text that is no minutes"),
    ("large.html", b"<html><body>" + b"<p>x</p>" * 2_600_000 + b"</body></html>", "is 20 MB"),
    ("noise.txt", bytes(range(256)) * 40, "is no text"),
    ("error.html", b"<html><body><h1>Error</h1><p>An error has occurred.</p></body></html>", "is an error page"),
    ("waf.html", b"<html><head><title>Azure WAF</title></head><body>Checking</body></html>", "is an error page"),
    ("table.xml", b"<?xml version='1.0'?><rows/>", "is XML of an unknown kind"),
    ("bad.jsonl", b'{"schema": "minutes-archive/meeting/1", "meeting": {"id": "../x"}}\n', "line 1 is no record"),
    ("broken.zip", b"PK\x03\x04" + bytes(30), "damaged zip"),
])
def test_one_clear_line_and_exit_2(minutes: Minutes, archive: Path, tmp_path: Path, name: str, content: bytes, said: str):
    path = tmp_path / name
    path.write_bytes(content)
    before = state(archive)
    done = minutes("--archive", archive, "add", path)
    assert done.status == 2
    assert done.out == ""
    lines = done.err.splitlines()
    warned = [line for line in lines if line.startswith("warning: ")]
    assert len(warned) == 1
    assert name in warned[0]
    assert said in warned[0]
    assert lines[-1] == "minutes: nothing could be loaded"
    assert state(archive) == before


@pytest.mark.parametrize("name", ["nowhere.html", "nowhere/"])
def test_what_is_not_there(minutes: Minutes, archive: Path, tmp_path: Path, name: str):
    done = minutes("--archive", archive, "add", tmp_path / name)
    assert done.status == 2
    assert "does not exist" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are otherwise there")
def test_a_folder_that_may_not_be_read(tmp_path: Path):
    """Permissions bind everyone but root: as root the test looks through another user's eyes for a moment."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(65534)
        (problem,) = load([folder])
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
    assert isinstance(problem, Problem)
    assert problem.code == "unreadable"
    assert "can't be read: Permission denied" in problem.message


def test_the_good_files_beside_bad_ones_are_loaded(minutes: Minutes, tmp_path: Path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.html").write_bytes(PAGE.read_bytes())
    (folder / "b.png").write_bytes(PICTURE)
    (folder / "c.html").write_bytes(b"")
    done = minutes("--archive", tmp_path / "archive", "add", folder)
    assert done.status == 0
    assert "mixed/b.png: is a picture" in done.err
    assert "mixed/c.html: is empty" in done.err
    assert "1 file kept, 2 not loaded; meetings: 1 new" in done.err


def test_a_page_in_another_encoding_than_it_says_is_read_and_said(minutes: Minutes, tmp_path: Path):
    page = PAGE.read_text("utf-8").replace("Station Parade", "Caf\u00e9 Parade \u2013 \u00a31,000").encode("cp1252", "replace")
    path = tmp_path / "page.html"
    path.write_bytes(page)
    done = minutes("parse", path)
    assert done.status == 0
    assert "Café Parade – £1,000" in done.out
    assert "Windows-1252" in done.err


def test_formats_not_read_yet_are_kept_and_said(minutes: Minutes, tmp_path: Path):
    path = tmp_path / "minutes.pdf"
    path.write_bytes(b"%PDF-1.7\n...")
    done = minutes("--archive", tmp_path / "archive", "add", path)
    assert done.status == 0
    assert "minutes.pdf: is a PDF: its bytes are kept" in done.err
    assert "1 file kept" in done.err
    assert minutes("--archive", tmp_path / "archive", "check").status == 0


def test_a_link_inside_a_folder_is_not_followed(minutes: Minutes, tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "page.html").write_bytes(PAGE.read_bytes())
    try:
        (folder / "loop").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets this user make no links")
    done = minutes("--archive", tmp_path / "archive", "add", folder)
    assert done.status == 0
    assert "folder/loop: is a link" in done.err


def test_a_zip_is_loaded_and_its_names_are_only_names(minutes: Minutes, tmp_path: Path):
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../page.html", PAGE.read_bytes())
        archive.writestr("picture.png", PICTURE)
    done = minutes("--archive", tmp_path / "archive", "add", path)
    assert done.status == 0
    assert "1 new" in done.err
    page = json.loads(minutes("--archive", tmp_path / "archive", "search", "--limit", "1", "--json").out)
    assert page["hits"][0]["source"]["path"] == "pages.zip/page.html"
    assert {path.name for path in tmp_path.iterdir()} == {"pages.zip", "archive"}


def test_an_entry_without_a_name_keeps_nothing_else_of_a_zip_out(minutes: Minutes, tmp_path: Path):
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("page.html", PAGE.read_bytes())
        archive.writestr(nameless, b"whatever")
    done = minutes("--archive", tmp_path / "archive", "add", tmp_path / "pages.zip")
    assert done.status == 0
    assert "1 new" in done.err


def test_a_zip_bomb_is_cut_off(minutes: Minutes, tmp_path: Path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * (65 * 1024 * 1024))
    done = minutes("--archive", tmp_path / "archive", "add", path)
    assert done.status == 2
    assert "unpacks to more than 64 MB (load it as a file of its own); it was left out" in done.err


def test_an_archive_that_is_a_file(minutes: Minutes, tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("x")
    for command in (("add", PAGE), ("search", "x"), ("check",), ("index",)):
        done = minutes("--archive", path, *command)
        assert done.status == 2
        assert "is a file, not a folder" in done.err


def test_an_archive_that_is_not_there(minutes: Minutes, tmp_path: Path):
    for command in (("search", "x"), ("facets",), ("show", "x"), ("check",), ("index",)):
        done = minutes("--archive", tmp_path / "nowhere", *command)
        assert done.status == 2
        assert "does not exist" in done.err


def test_a_folder_that_holds_no_archive(minutes: Minutes, tmp_path: Path):
    for command in (("search", "x"), ("facets",), ("show", "x"), ("check",), ("index",)):
        done = minutes("--archive", tmp_path, *command)
        assert done.status == 2
        assert "holds no archive" in done.err
        assert list(tmp_path.iterdir()) == []


def test_names_of_files_can_forge_no_message(minutes: Minutes, tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        (folder / "a\nwarning: forged\x1b[31m\u202e.png").write_bytes(PICTURE)
    except OSError:
        pytest.skip("this system has no such names")
    done = minutes("--archive", tmp_path / "archive", "add", folder)
    assert not [line for line in done.err.splitlines() if line.startswith("warning: forged")]
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


def test_an_archive_without_an_index_says_what_to_do(minutes: Minutes, tmp_path: Path):
    minutes("--archive", tmp_path, "add", PAGE, "--no-index")
    done = minutes("--archive", tmp_path, "search", "leisure")
    assert done.status == 2
    assert "minutes index" in done.err
