"""Mojibake is repaired where that is provably right, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.parse.html import decode
from minutes_archive.parse.mojibake import repair


@pytest.mark.parametrize(("damaged", "meant"), [
    ("Councillor Oâ€™Dowd", "Councillor O’Dowd"),
    ("a grant of Â£4,200", "a grant of £4,200"),
    ("RESOLVED â€“ That", "RESOLVED – That"),
    # U+009D, which Windows-1252 leaves undefined, is half of every closing quote.
    ("â€œUrgentâ€\x9d", "“Urgent”"),
    ("CafÃ© at TÅ· Mawr", "Café at Tŷ Mawr"),
    ("Item 4Â\u00a0", "Item 4\u00a0"),
    # Misread twice.
    ("Ã¢â‚¬â„¢", "’"),
    # As entities, which is how a page in Latin-1 writes them.
    ("the Mayor&acirc;&euro;&trade;s car &amp; &Acirc;&pound;5", "the Mayor’s car &amp; £5"),
    ("I&#226;&#8364;&#8482;d", "I’d"),
    ("Oâ€™Hare&nbsp;", "O’Hare&nbsp;"),
    ("itemÂ&nbsp;4, &Acirc;&nbsp;Oâ€™Hare&nbsp;", "item\u00a04, \u00a0O’Hare&nbsp;"),
])
def test_what_goes_back_to_its_bytes_is_repaired(damaged: str, meant: str):
    assert repair(damaged).text == meant


@pytest.mark.parametrize("text", [
    "São João, Conceição, naïve, Ångström", "Â’r gymuned", "Câi, tŷ, dŵr – ac ‘ymlaen’", "£5 – “six”", "½ of 20°", "ÂŽ", "",
    "Â£5 in one line – with a dash that was never damaged",
])
def test_everything_else_stays_as_it_is(text: str):
    assert repair(text).text == text
    assert repair(text).pieces == 0


@pytest.mark.parametrize(("text", "pieces", "left"), [
    ("<p>Oâ€™Dowd</p>\n<p>Â£5</p>", 2, 0),
    ("<p>Oâ€™Dowd – right beside wrong</p>", 0, 1),
    ("<p>Â’r gymuned</p>", 0, 0),
    ("<p>plain</p>", 0, 0),
])
def test_pieces_are_judged_and_counted_one_by_one(text: str, pieces: int, left: int):
    found = repair(text)
    assert (found.pieces, found.left) == (pieces, left)


def test_a_page_says_what_was_repaired_and_what_was_left():
    page = "<html><head><meta charset='utf-8'></head><body><p>Oâ€™Dowd</p><p>Oâ€™Dowd – left</p></body></html>"
    text, doubt = decode(page.encode("utf-8"))
    assert "O’Dowd</p><p>Oâ€™Dowd – left" in text
    assert doubt is not None
    assert "1 passage: repaired; 1 passage may be damaged" in doubt


@given(st.text(st.sampled_from("abc £é’“”–ŷŵ½€"), min_size=1, max_size=30))
def test_what_was_misread_once_is_found_again(text: str):
    bytes_of = text.encode("utf-8")
    misread = "".join(_as_browsers_do(byte) for byte in bytes_of)
    if misread != text and not repair(text).pieces:
        assert repair(misread).text == text


def _as_browsers_do(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


@given(st.text(st.sampled_from("<>&;#âÃÂ€™£ a1"), max_size=60))
def test_markup_is_never_made_or_lost(text: str):
    mended = repair(text).text
    assert [mended.count(sign) for sign in "<>"] == [text.count(sign) for sign in "<>"]
