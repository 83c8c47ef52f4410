"""``minutes export wacz``: what leaves, for whom; opened and replayed by other means than our own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from command_line import SAMPLE, Minutes
from faults.planted import warc_of

PAGE = SAMPLE / "safer-thornmere-partnership" / "ieListDocuments-3171.html"
ITEM_PAGE = SAMPLE / "communities-scrutiny-committee" / "mgAi-21003.html"
TEXT = SAMPLE / "ashlock-parish-council" / "2023-10-09-minutes.txt"
ADDRESS = "https://moderngov.thornmere.example/ieListDocuments.aspx?CId=12&MId=3171"
ITEM = "moderngov.thornmere.example/3171/21303"


@pytest.fixture
def archive(minutes: Minutes, tmp_path: Path) -> Path:
    """A fetched page, a loaded text, and a text for officers."""
    folder = tmp_path / "archive"
    (tmp_path / "crawl.warc.gz").write_bytes(warc_of(ADDRESS, PAGE.read_bytes()))
    assert minutes("--archive", folder, "add", tmp_path / "crawl.warc.gz", TEXT).status == 0
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(TEXT.read_text("utf-8").replace("9 October 2023", "16 October 2023"), "utf-8")
    assert minutes("--archive", folder, "add", theirs, "--audience", "officer").status == 0
    return folder


def export(minutes: Minutes, archive: Path, file: Path, *options: str) -> str:
    done = minutes("--archive", archive, "export", "wacz", file, *options)
    assert done.status == 0, done.err
    return done.err


def records(file: Path) -> dict[str, tuple[str, bytes, str | None]]:
    """Media type, bytes and audience of each record in a WACZ file, as warcio reads it, every digest checked."""
    found = {}
    with zipfile.ZipFile(file) as archive:
        for one in ArchiveIterator(io.BytesIO(archive.read("archive/captures.warc.gz")), check_digests="raise"):
            told = one.rec_headers
            if one.rec_type != "warcinfo":
                body = one.content_stream().read()
                found[told["WARC-Target-URI"]] = (told["Content-Type"], body, told.get("Minutes-Audience"))
    return found


def replay(file: Path, url: str) -> bytes:
    """The bytes that a WACZ file has of a URL, found as a replay tool does: index of the index, index, record."""
    with zipfile.ZipFile(file) as archive:
        lines = []
        for block in archive.read("indexes/index.idx").decode().splitlines()[1:]:
            place = json.loads("{" + block.partition("{")[2])
            data = archive.read("indexes/index.cdx.gz")[place["offset"] :][: place["length"]]
            lines += gzip.decompress(data).decode().splitlines()
        (fields,) = [one for one in (json.loads(line.split(" ", 2)[2]) for line in lines) if one["url"] == url]
        member = archive.read(f"archive/{fields['filename']}")[int(fields["offset"]) :][: int(fields["length"])]
    record = next(ArchiveIterator(io.BytesIO(member), check_digests="raise"))
    content: bytes = record.content_stream().read()
    assert fields["digest"] == "sha256:" + base64.b32encode(hashlib.sha256(content).digest()).decode()
    return content


def test_the_public_gets_what_is_public(minutes: Minutes, archive: Path, tmp_path: Path):
    said = export(minutes, archive, tmp_path / "a.wacz")
    assert "2 captures" in said
    held = records(tmp_path / "a.wacz")
    assert {url: content for url, (_, content, _) in held.items()} == {
        ADDRESS: PAGE.read_bytes(), "file:///2023-10-09-minutes.txt": TEXT.read_bytes(),
    }
    assert {audience for _, _, audience in held.values()} == {None}


def test_officers_get_everything_marked_for_whom_it_is(minutes: Minutes, archive: Path, tmp_path: Path):
    minutes("--archive", archive, "withdraw", ITEM, "--reason", "x")
    said = export(minutes, archive, tmp_path / "a.wacz", "--audience", "officer")
    assert "hand it to nobody else" in said
    assert {url: audience for url, (_, _, audience) in records(tmp_path / "a.wacz").items()} == {
        ADDRESS: "officer", "file:///2023-10-09-minutes.txt": "public", "file:///theirs.txt": "officer",
    }


def test_bytes_are_replayed_by_the_index(minutes: Minutes, archive: Path, tmp_path: Path):
    export(minutes, archive, tmp_path / "a.wacz")
    assert replay(tmp_path / "a.wacz", ADDRESS) == PAGE.read_bytes()
    assert replay(tmp_path / "a.wacz", "file:///2023-10-09-minutes.txt") == TEXT.read_bytes()


def test_loaded_files_have_the_type_that_their_names_tell(minutes: Minutes, archive: Path, tmp_path: Path):
    export(minutes, archive, tmp_path / "a.wacz")
    assert records(tmp_path / "a.wacz")["file:///2023-10-09-minutes.txt"][0] == "text/plain"


def test_pages_are_named_by_their_meetings(minutes: Minutes, archive: Path, tmp_path: Path):
    export(minutes, archive, tmp_path / "a.wacz")
    with zipfile.ZipFile(tmp_path / "a.wacz") as wacz:
        pages = [json.loads(line) for line in wacz.read("pages/pages.jsonl").decode().splitlines()[1:]]
    assert [(one["url"], one["title"]) for one in pages] == [
        (ADDRESS, "Safer Thornmere Partnership, 19 June 2024"),
        ("file:///2023-10-09-minutes.txt", "Ashlock Parish Council, 9 October 2023"),
    ]


def test_the_same_archive_gives_the_same_bytes(
    minutes: Minutes, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, date in {"one": None, "two": None, "three": "1750000000", "four": "1750000000"}.items():
        if date:
            monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
        export(minutes, archive, tmp_path / name)
    one, two, three, four = [(tmp_path / name).read_bytes() for name in ("one", "two", "three", "four")]
    assert one == two
    assert three == four != one
    with zipfile.ZipFile(tmp_path / "three") as wacz:
        assert json.loads(wacz.read("datapackage.json"))["created"] == "2025-06-15T15:06:40Z"


def test_a_page_of_which_an_item_is_withdrawn_stays_and_comes_back(minutes: Minutes, archive: Path, tmp_path: Path):
    before = export(minutes, archive, tmp_path / "before.wacz")
    minutes("--archive", archive, "withdraw", ITEM, "--reason", "x")
    export(minutes, archive, tmp_path / "a.wacz")
    assert list(records(tmp_path / "a.wacz")) == ["file:///2023-10-09-minutes.txt"]
    minutes("--archive", archive, "release", ITEM)
    assert export(minutes, archive, tmp_path / "after.wacz").replace("after", "before") == before
    assert (tmp_path / "after.wacz").read_bytes() == (tmp_path / "before.wacz").read_bytes()


def test_what_was_withdrawn_and_is_in_an_older_capture_alone_stays(minutes: Minutes, tmp_path: Path):
    archive = tmp_path / "archive"
    older = tmp_path / "older.html"
    older.write_bytes(PAGE.read_bytes())
    minutes("--archive", archive, "add", older)
    minutes("--archive", archive, "withdraw", ITEM, "--reason", "x")
    newer = tmp_path / "newer.html"  # the council has taken the item off its page
    text = PAGE.read_text("utf-8").replace("Off-Road Bikes, Quads and Nuisance Vehicles", "Item moved")
    newer.write_text(text.replace("21303", "21399").replace("STP/4/24", "STP/44/24"), "utf-8")
    minutes("--archive", archive, "add", newer, TEXT)
    export(minutes, archive, tmp_path / "a.wacz")
    assert list(records(tmp_path / "a.wacz")) == ["file:///2023-10-09-minutes.txt"]


def test_a_handover_is_taken_in_elsewhere(minutes: Minutes, archive: Path, tmp_path: Path):
    export(minutes, archive, tmp_path / "a.wacz")
    other = tmp_path / "other"
    done = minutes("--archive", other, "add", tmp_path / "a.wacz")
    assert (done.status, "2 files kept" in done.err) == (0, True), done.err
    assert json.loads(minutes("--archive", other, "show", ITEM, "--json").out)["id"] == ITEM


def test_what_was_withdrawn_or_for_officers_stays_so_elsewhere(minutes: Minutes, archive: Path, tmp_path: Path):
    minutes("--archive", archive, "withdraw", ITEM, "--reason", "x")
    export(minutes, archive, tmp_path / "a.wacz", "--audience", "officer")
    other = tmp_path / "other"
    assert minutes("--archive", other, "add", tmp_path / "a.wacz").status == 2, "it has to be said for whom"
    minutes("--archive", other, "add", tmp_path / "a.wacz", "--audience", "public")
    assert minutes("--archive", other, "show", ITEM).status == 1
    bodies = json.loads(minutes("--archive", other, "facets", "--json").out)["body"]
    assert list(bodies) == ["Ashlock Parish Council"]


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_damaged_wacz_gives_what_is_whole(minutes: Minutes, archive: Path, tmp_path: Path, damage: str):
    export(minutes, archive, tmp_path / "a.wacz")
    content = bytearray((tmp_path / "a.wacz").read_bytes())
    if damage == "flip":
        content[1000] ^= 0x10
    else:
        del content[2000:]
    (tmp_path / "b.wacz").write_bytes(content)
    done = minutes("--archive", tmp_path / "other", "add", tmp_path / "b.wacz")
    if damage == "cut":
        assert (done.status, "damaged zip" in done.err) == (2, True)
    else:
        assert (done.status, "1 file kept" in done.err, "unpacked whole" in done.err) == (0, True, True), done.err


def test_warc_files_in_a_zip_are_read(minutes: Minutes, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("crawl/one.warc.gz", warc_of(ADDRESS, PAGE.read_bytes()))
        packed.writestr("text.txt", TEXT.read_bytes())
    done = minutes("--archive", tmp_path / "other", "add", tmp_path / "all.zip")
    assert (done.status, "2 files kept" in done.err) == (0, True), done.err


@pytest.mark.parametrize(("arguments", "said"), [
    (("--archive", "nowhere", "export", "wacz", "a.wacz"), "nowhere"),
    (("export", "wacz", "."), "is a folder"),
    (("export", "wacz", "corpus/captures/a.wacz"), "archive's own files"),
])
def test_what_can_not_be_written_is_said(
    minutes: Minutes, archive: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(archive)
    done = minutes(*arguments)
    assert (done.status, said in done.err) == (2, True), done.err


def test_where_nothing_may_leave_nothing_is_written(minutes: Minutes, tmp_path: Path):
    minutes("--archive", tmp_path / "archive", "add", PAGE, "--audience", "officer")
    done = minutes("--archive", tmp_path / "archive", "export", "wacz", tmp_path / "a.wacz")
    assert (done.status, "no capture that may leave" in done.err) == (2, True)
    assert list(tmp_path.glob("*.wacz*")) == list(tmp_path.glob(".*")) == []


def test_captures_that_are_not_read_stay_until_they_are(minutes: Minutes, archive: Path, tmp_path: Path):
    for path in (archive / "corpus" / "captures").glob("catalogue*"):
        path.unlink()
    done = minutes("--archive", archive, "export", "wacz", tmp_path / "a.wacz")
    assert (done.status, "minutes index" in done.err) == (2, True)
    minutes("--archive", archive, "index")
    export(minutes, archive, tmp_path / "a.wacz")


@pytest.mark.parametrize("date", ["soon", "99999999999999999999"])
def test_a_date_of_making_that_is_none_is_said(
    minutes: Minutes, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, date: str
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
    done = minutes("--archive", archive, "export", "wacz", tmp_path / "a.wacz")
    assert (done.status, "SOURCE_DATE_EPOCH" in done.err) == (2, True)
