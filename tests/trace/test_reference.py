"""References: one line, found again in whatever a report is written in."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.export.citations import citation_bibtex, citation_csl, citation_markdown, citation_record, citation_text
from minutes_archive.trace.citation import Citation
from minutes_archive.trace.quote import Quote
from minutes_archive.trace.reference import Reference, digest_of, find_references, passage_of

SHA = "0123456789abcdef" * 4
ID = st.lists(st.text("abcXYZ019._~-", min_size=1, max_size=8).filter(lambda one: set(one) != {"."}), min_size=1, max_size=4)


@given(ID, st.integers(0, 10**6), st.text(min_size=1, max_size=40))
def test_a_reference_is_read_back_as_it_was(segments: list[str], start: int, words: str):
    one = Reference("/".join(segments), SHA, passage_of("minutes_text", start, start + len(words), words))
    assert list(find_references(f"see {one}.")) == [one]
    assert list(find_references(f"({Reference(one.id, SHA)})")) == [Reference(one.id, SHA)]


@pytest.mark.parametrize("text", [
    "", "minutes:", "minutes:a/b?sha256=12", f"minutes:a/../b?sha256={SHA}", f"minutes:a?sha256={SHA}0",
    f"minutes:a?sha256={SHA}#minutes_text,9,3,{'0' * 16}", "minutes of the meeting",
])
def test_what_is_no_reference(text: str):
    assert list(find_references(text)) == []


HOSTILE = Citation(
    id="b.example/1/2", council="b_c", body="Roads & Bridges [Sub]", date="2024-06-19", number="3#a",
    title="100% of $5 {net} ~ <b>\\x^y_z</b>", minutes_status="draft", url="https://b.example/a b?x={1}&y=)2", path=None,
    sha256=SHA, captured_at="2024-07-01T09:00:00Z", quote=Quote("minutes_text", 3, 12, "50% “off”"),
)


@pytest.mark.parametrize("form", [citation_text, citation_markdown, citation_bibtex, citation_csl])
def test_every_form_carries_the_reference_whole(form):  # type: ignore[no-untyped-def]
    assert list(find_references(form(HOSTILE))) == [HOSTILE.reference]
    assert list(find_references(html.escape(form(HOSTILE)))) == [HOSTILE.reference]


def test_text_says_who_when_what_and_where():
    told = citation_text(HOSTILE)
    for part in ("Roads & Bridges [Sub] (b_c)", "minutes of 19 June 2024", "item 3#a", "(draft)", "50% “off”", SHA):
        assert part in told
    assert "Captured 1 July 2024" in told


def test_markdown_escapes_what_it_would_obey():
    told = citation_markdown(HOSTILE)
    assert "](https://b.example/a%20b?x={1}&y=%292)" in told
    assert "\\<b\\>" in told
    assert told.startswith("> 50% “off”\n")


def test_bibtex_escapes_what_tex_would_obey_and_leaves_no_brace_open():
    told = citation_bibtex(HOSTILE)
    assert r"100\% of \$5 \{net\} \textasciitilde{} <b>\textbackslash{}x\textasciicircum{}y\_z</b>" in told
    assert "url = {https://b.example/a%20b?x=%7B1%7D&y=)2}" in told
    assert told.replace(r"\{", "").replace(r"\}", "").count("{") == told.replace(r"\{", "").replace(r"\}", "").count("}")


def test_csl_has_dates_as_parts_and_the_quote_as_note():
    (item,) = json.loads(citation_csl(HOSTILE))
    assert item["issued"] == {"date-parts": [[2024, 6, 19]]}
    assert item["accessed"] == {"date-parts": [[2024, 7, 1]]}
    assert item["annote"] == "50% “off”"
    assert item["status"] == "draft"


def test_the_record_has_everything():
    record = citation_record(HOSTILE)
    assert record["quote"] == {"field": "minutes_text", "start": 3, "end": 12, "text": "50% “off”"}
    assert record["reference"].endswith(f"#minutes_text,3,12,{digest_of('50% “off”')}")
