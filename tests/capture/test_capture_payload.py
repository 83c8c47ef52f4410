"""Bodies as WARC files hold them: unpacked whole, taken as they are where they are no such thing, never half as whole."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.capture.members import UnreadableError
from minutes_archive.capture.payload import unchunked, unpacked

MOST = 1 << 22
PAGE = b"<h1>Agenda and minutes</h1>" * 40


def chunked(body: bytes, size: int = 100, end: bytes = b"0\r\n\r\n") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in parts) + end


def bare(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


@given(st.binary(max_size=400), st.integers(1, 90))
def test_chunks_are_put_together(body: bytes, size: int):
    assert unchunked(chunked(body, size)) == body


@pytest.mark.parametrize("body", [b"", PAGE, b"face the facts\r\n", b"\r\n", b"dead\r\nletter", b"zz\r\nzz"])
def test_what_is_not_chunked_is_taken_as_it_is(body: bytes):
    assert unchunked(body) == body


@pytest.mark.parametrize("cut", [1, 3, 6, 50, 250, 900])
def test_a_body_without_its_last_chunk_is_cut_short(cut: int):
    whole = chunked(PAGE)
    with pytest.raises(UnreadableError, match="cut short"):
        unchunked(whole[: max(130, len(whole) - 4 - cut)])


@pytest.mark.parametrize(("codings", "body"), [
    ((), PAGE), (("",), PAGE), (("identity",), PAGE),
    (("gzip",), gzip.compress(PAGE)), (("GZIP ",), gzip.compress(PAGE)), (("x-gzip",), gzip.compress(PAGE)),
    (("gzip",), gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:]) + b"\0\0"),
    (("deflate",), zlib.compress(PAGE)), (("deflate",), bare(PAGE)),
    (("deflate", "gzip"), gzip.compress(zlib.compress(PAGE))),
    # Kept unpacked, with the field that says it is packed.
    (("gzip",), PAGE), (("deflate",), PAGE),
])
def test_a_body_is_unpacked(codings: tuple[str, ...], body: bytes):
    assert unpacked(body, codings, MOST) == PAGE


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_packed_body_that_breaks_off_is_never_whole(coding: str, pack):
    packed = pack(PAGE)
    for size in range(20, len(packed)):
        with pytest.raises(UnreadableError):
            unpacked(packed[:size], (coding,), MOST)


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare)])
def test_a_bomb_is_refused(coding: str, pack):
    with pytest.raises(UnreadableError, match="more than"):
        unpacked(pack(bytes(MOST + 1)), (coding,), MOST)


def test_a_body_that_only_begins_like_gzip_is_said():
    with pytest.raises(UnreadableError, match="damaged"):
        unpacked(b"\x1f\x8b\xff" + PAGE, ("gzip",), MOST)


@pytest.mark.parametrize(("pack", "unpack"), [
    (lambda body: gzip.compress(body, 0), lambda packed: unpacked(packed, ("gzip",), MOST)),
    (lambda body: zlib.compress(body, 0), lambda packed: unpacked(packed, ("deflate",), MOST)),
    (lambda body: zlib.compress(body, 9), lambda packed: unpacked(packed, ("deflate",), MOST)),
    (lambda body: chunked(body, 1 << 16), unchunked),
])
def test_a_body_is_held_once_while_it_is_unpacked(pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]):
    body = bytes(range(256)) * (MOST // 256)
    packed = pack(body)
    tracemalloc.start()
    try:
        assert unpack(packed) == body
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The body, and a step of it on its way in and out.
    assert most < 2 * MOST


@pytest.mark.parametrize("coding", ["zstd", "compress", "aws-chunked"])
def test_a_coding_that_is_not_known_is_said(coding: str):
    with pytest.raises(UnreadableError, match=coding):
        unpacked(PAGE, (coding,), MOST)


@pytest.fixture
def brotli():
    return pytest.importorskip("brotli", reason="the library brotli is not installed")


def test_a_brotli_body_is_unpacked(brotli):
    assert unpacked(brotli.compress(PAGE), ("br",), MOST) == PAGE
    assert unpacked(PAGE, ("br",), MOST) == PAGE


def test_a_brotli_body_that_breaks_off_is_never_whole(brotli):
    packed = brotli.compress(bytes(range(256)) * 20 + PAGE)
    for size in range(len(packed) // 2, len(packed)):
        with pytest.raises(UnreadableError):
            unpacked(packed[:size], ("br",), MOST)


def test_a_brotli_bomb_is_refused(brotli):
    with pytest.raises(UnreadableError, match="more than"):
        unpacked(brotli.compress(bytes(MOST + 1)), ("br",), MOST)
