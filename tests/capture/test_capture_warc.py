"""The WARC files: what other tools see in them, and how they are read past damage."""

import gzip
import io

import pytest
from warcio.archiveiterator import ArchiveIterator

from minutes_archive.access import Audience
from minutes_archive.capture.warc import Gap, Record, scan, warc_files


@pytest.fixture
def warc(store, workspace, keep_page, make_page):
    """The file of a run that kept three pages and classified the second anew."""
    with store.run() as run:
        for number in range(3):
            keep_page(run, make_page(number))
        keep_page(run, make_page(1), Audience.OFFICER, "thornmere")
    (path,) = warc_files(workspace.captures)
    return path


def test_another_tool_reads_the_file(warc, make_page):
    with warc.open("rb") as stream:
        records = [(one.rec_type, one.rec_headers, one.content_stream().read()) for one in ArchiveIterator(stream)]
    assert [kind for kind, _, _ in records] == ["warcinfo", "resource", "resource", "resource", "metadata"]
    assert [content for _, _, content in records[1:4]] == [make_page(number) for number in range(3)]
    header = records[2][1]
    assert header["WARC-Target-URI"] == "file:///page.html"
    assert header["WARC-Date"] == "2024-07-17T12:00:00Z"
    assert header["Content-Type"] == "text/html"
    word = records[4]
    assert word[1]["WARC-Refers-To"] == header["WARC-Record-ID"]
    assert word[2] == b'{"about": "classification", "audience": "officer", "council": "thornmere"}'


def test_one_gzip_member_a_record(warc):
    places = [found.place for found in scan(warc)]
    content = warc.read_bytes()
    assert [place.offset for place in places[1:]] == [place.end for place in places[:-1]]
    assert places[-1].end == len(content)
    for place in places:
        assert gzip.GzipFile(fileobj=io.BytesIO(content[place.offset:place.end])).read().startswith(b"WARC/1.0\r\n")


def test_the_name_begins_with_the_time_in_utc_and_the_first_number(warc):
    assert warc.name.startswith("20240717T120000-000001-")


@pytest.mark.parametrize("damaged", range(5))
def test_a_damaged_record_costs_only_itself(warc, damaged):
    places = [found.place for found in scan(warc)]
    content = bytearray(warc.read_bytes())
    content[places[damaged].offset + places[damaged].length // 2] ^= 0x10
    warc.write_bytes(content)
    found = list(scan(warc))
    assert [isinstance(one, Record) for one in found] == [number != damaged for number in range(5)]
    assert [(one.place.offset, one.place.length) for one in found] == [(one.offset, one.length) for one in places]
    assert not any(one.torn for one in found if isinstance(one, Gap))


def test_a_torn_end_costs_only_itself(warc):
    content = warc.read_bytes()
    whole = [found.place for found in scan(warc)]
    for size in range(whole[-1].offset + 1, len(content)):
        warc.write_bytes(content[:size])
        *records, end = scan(warc)
        assert [one.place for one in records] == whole[:-1]
        assert isinstance(end, Gap)
        assert end.torn
        assert end.place.end == size


@pytest.mark.parametrize("content", [
    b"", b"\x1f", b"\x1f\x8b\x08\x00", b"no gzip at all" * 9, gzip.compress(b"no WARC"),
    gzip.compress(b"WARC/1.0\r\n\r\n"), gzip.compress(b"WARC/1.0\r\nContent-Length: 9"),
])
def test_what_is_no_warc_is_one_gap(tmp_path, content):
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(content)
    found = list(scan(path))
    assert all(isinstance(one, Gap) for one in found)
    assert sum(one.place.length for one in found) == len(content)
