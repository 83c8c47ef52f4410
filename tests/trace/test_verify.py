"""Citing and verifying: what holds is found again in the captured bytes, and what does not is said."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from minutes_archive import Archive
from minutes_archive.capture.catalogue import Catalogue
from minutes_archive.capture.members import Place
from minutes_archive.errors import NotFoundError
from minutes_archive.trace.reference import Passage, Reference, find_references
from minutes_archive.verifying import Verdict

ITEM = "moderngov.thornmere.example/3171/21303"  # its minutes are cut off on the page, and stitched from its own page
WORDS = "a gap of only 60 centimetres"


def only(archive: Archive, reference: Reference) -> Verdict:
    (verdict,) = archive.verify([reference])
    return verdict


def answers(verdict: Verdict) -> dict[str, bool | None]:
    return {check.asked: check.holds for check in verdict.checks}


@pytest.fixture
def own(sample_archive: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(sample_archive, folder)
    return folder


@pytest.mark.parametrize("typed", [WORDS, "A GAP of only\n60  centimetres", "  a gap of only 60 centimetres  "])
def test_words_are_quoted_as_they_stand(opened: Archive, typed: str):
    quote = opened.cite(ITEM, typed).quote
    assert quote is not None
    assert quote.text == WORDS


def test_quotation_marks_and_dashes_may_be_typed_plainly(opened: Archive):
    hits = opened.search("that", limit=10_000, full_text=True).hits
    hit = next(hit for hit in hits if "–" in hit.texts.get("minutes_text", ""))
    text = hit.texts["minutes_text"]
    around = text[max(0, text.index("–") - 12) : text.index("–") + 12]
    quote = opened.cite(hit.id, around.replace("–", "-")).quote
    assert quote is not None
    assert quote.text == around.strip()


@pytest.mark.parametrize(("identity", "said"), [
    ("no/such/item", None), (ITEM, "words that nobody said"), (ITEM, " "), ("moderngov.thornmere.example/3171", "a gap"),
])
def test_what_is_not_there_is_not_cited(opened: Archive, identity: str, said: str | None):
    with pytest.raises(NotFoundError):
        opened.cite(identity, said)


def test_a_citation_names_the_capture_that_its_words_came_from(opened: Archive):
    cited = opened.cite(ITEM, WORDS)
    meeting, item = opened.show(ITEM)
    assert item is not None
    assert cited.sha256 == item.text_sources["minutes_text"].sha256 != meeting.source.sha256
    assert cited.captured_at is not None
    assert cited.sha256 in {file_hash(path) for path in SAMPLE.rglob("mgAi-*.html")}


def file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("identity", [ITEM, "moderngov.thornmere.example/3171"])
def test_an_item_and_a_meeting_verify_as_a_whole(opened: Archive, identity: str):
    verdict = only(opened, opened.cite(identity).reference)
    assert verdict.holds
    assert verdict.quote is None


def test_a_quote_is_found_again(opened: Archive):
    verdict = only(opened, opened.cite(ITEM, WORDS).reference)
    assert answers(verdict) == {"item": True, "capture": True, "text": True, "words": True, "record": True}
    assert verdict.quote == WORDS


def changed(reference: Reference, **values: object) -> Reference:
    passage = reference.passage
    assert passage is not None
    own_values = {name: value for name, value in values.items() if name in {"id", "sha256"}}
    rest = {name: value for name, value in values.items() if name not in own_values}
    return replace(reference, passage=replace(passage, **rest), **own_values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("change", "failing", "told"), [
    (lambda p: {"start": p.start + 1, "end": p.end + 1}, "words", True),
    (lambda p: {"field": "agenda_text"}, "text", False),
    (lambda p: {"digest": "0" * 16}, "words", False),
    (lambda p: {"end": 10**8}, "words", False),
    (lambda p: {"sha256": "0" * 64}, "capture", False),
    (lambda p: {"id": "no/such/item"}, "item", False),
])
def test_what_does_not_hold_is_named(
    opened: Archive, change: Callable[[Passage], dict[str, object]], failing: str, told: bool
):
    reference = opened.cite(ITEM, WORDS).reference
    assert reference.passage is not None
    verdict = only(opened, changed(reference, **change(reference.passage)))
    assert not verdict.holds
    assert [asked for asked, holds in answers(verdict).items() if holds is False] == [failing]
    assert (verdict.quote is not None) is told


def test_words_of_another_capture_of_the_meeting_are_not_taken_for_its_own(opened: Archive):
    reference = opened.cite(ITEM, "that nine had stayed the course").reference
    # The page cuts the text off before these words.
    verdict = only(opened, changed(reference, sha256=opened.show(ITEM)[0].source.sha256))
    assert (answers(verdict)["text"], answers(verdict)["words"], verdict.quote) == (True, False, None)


def test_one_byte_of_a_capture_changed_is_said_by_verify_and_check(minutes: Minutes, own: Path):
    told = minutes("--archive", own, "cite", ITEM, "--quote", WORDS).out
    (reference,) = find_references(told)
    assert minutes("--archive", own, "check").out == ""
    assert minutes("--archive", own, "verify", str(reference)).status == 0
    (warc,) = (own / "corpus" / "captures").glob("*.warc.gz")
    sound = warc.read_bytes()
    place = place_of(own, reference.sha256)
    for at in (place.offset, place.offset + place.length // 3, place.offset + place.length // 2, place.end - 5, place.end - 1):
        warc.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        done = minutes("--archive", own, "verify", str(reference))
        assert done.status == 1, at - place.offset
        assert "FAILS  capture:" in done.out
        assert WORDS not in done.out
        assert "capture_damaged" in minutes("--archive", own, "check", "--json").out
    warc.write_bytes(sound)
    assert minutes("--archive", own, "verify", str(reference)).status == 0


def place_of(archive: Path, sha256: str) -> Place:
    with closing(Catalogue.copy(archive / "corpus" / "captures" / "catalogue.sqlite")) as catalogue:
        place = catalogue.place(sha256)
    assert place is not None
    return place


PAGE = SAMPLE / "planning-committee" / "ieListDocuments-3110.html"
APPEALS = "moderngov.thornmere.example/3110/20510"


def test_a_draft_that_was_confirmed_in_other_words_still_verifies(minutes: Minutes, tmp_path: Path):
    archive, later = tmp_path / "archive", tmp_path / "later.html"
    minutes("--archive", archive, "add", PAGE)
    with Archive.open(archive) as opened:
        reference = opened.cite(APPEALS, "The report was noted.").reference
    text = PAGE.read_text("utf-8")
    assert "The report was noted." in text
    later.write_text(text.replace("The report was noted.", "The report was received."), "utf-8")
    minutes("--archive", archive, "add", later)
    with Archive.open(archive) as opened:
        assert "was received" in opened.show(APPEALS)[1].minutes_text  # type: ignore[union-attr]
        verdict = only(opened, reference)
        assert verdict.holds
        assert verdict.quote == "The report was noted."
        assert answers(verdict)["record"] is None


def test_nothing_is_verified_into_view(minutes: Minutes, tmp_path: Path):
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", PAGE)
    reference = str(next(find_references(minutes("--archive", archive, "cite", APPEALS, "--quote", "The report was noted.").out)))
    minutes("--archive", archive, "withdraw", APPEALS, "--reason", "names a child")
    for command in (("verify", reference), ("verify", reference, "--json"), ("cite", APPEALS)):
        done = minutes("--archive", archive, *command)
        assert done.status == 1
        assert "nothing is held by the id" in done.out + done.err
        assert "report was noted" not in done.out + done.err
    assert minutes("--archive", archive, "--audience", "officer", "verify", reference).status == 0


def test_the_hash_of_an_officers_capture_tells_the_public_nothing(minutes: Minutes, tmp_path: Path):
    archive, theirs = tmp_path / "archive", tmp_path / "theirs.html"
    theirs.write_text(PAGE.read_text("utf-8").replace("The report was noted.", "Money changed hands."), "utf-8")
    minutes("--archive", archive, "add", PAGE)
    minutes("--archive", archive, "add", theirs, "--audience", "officer")
    with Archive.open(archive, "officer") as opened:
        beside = [hit.id for hit in opened.search('"money changed hands"').hits]
        assert len(beside) == 1
        reference = opened.cite(beside[0], "Money changed hands.").reference
        assert only(opened, reference).holds
    with Archive.open(archive) as opened:
        assert answers(only(opened, reference)) == {"item": False}
        held = only(opened, changed(reference, id=APPEALS))
        unknown = only(opened, changed(reference, id=APPEALS, sha256="0" * 64))
        assert answers(held) == answers(unknown) == {"item": True, "capture": False}
        assert [c.said.replace(held.reference.sha256, "0" * 64) for c in held.checks] == [c.said for c in unknown.checks]


def test_a_record_from_elsewhere_rests_on_the_file_that_it_came_in(minutes: Minutes, tmp_path: Path):
    archive, file = tmp_path / "archive", tmp_path / "records.jsonl"
    item = {"id": "lathe/2023-05-01/roads", "title": "Roads", "minutes_text": "The potholes were counted.", "audience": "public"}
    file.write_text(json.dumps({
        "schema": "minutes-archive/meeting/1", "source": {"sha256": "f" * 64, "path": "elsewhere.html"},
        "meeting": {"id": "lathe/2023-05-01", "body": "Lathe Panel", "date": "2023-05-01", "audience": "public"}, "items": [item],
    }) + "\n")
    minutes("--archive", archive, "add", file)
    with Archive.open(archive) as opened:
        cited = opened.cite("lathe/2023-05-01/roads", "potholes were counted")
        assert cited.sha256 == file_hash(file)
        assert only(opened, cited.reference).holds


@pytest.mark.parametrize("form", ["text", "markdown", "bibtex", "csl"])
def test_a_file_of_references_is_verified_whatever_its_form(minutes: Minutes, themed_archive: Path, tmp_path: Path, form: str):
    report = tmp_path / "report"
    both = (ITEM, "moderngov.thornmere.example/3171")
    told = [minutes("--archive", themed_archive, "cite", one, "--as", form).out for one in both]
    report.write_text("\n".join([*told, *told]), "utf-8")
    done = minutes("--archive", themed_archive, "verify", report, "--json")
    assert done.status == 0
    verdicts = [json.loads(line) for line in done.out.splitlines()]
    assert [one["holds"] for one in verdicts] == [True, True]
    assert "2 references: all of it holds" in done.err


@pytest.mark.parametrize("typed", ["nothing.txt", "minutes:x?sha256=12", "."])
def test_what_is_neither_a_reference_nor_a_file_of_them(minutes: Minutes, themed_archive: Path, typed: str):
    done = minutes("--archive", themed_archive, "verify", typed)
    assert done.status == 2
    assert done.err.count("\n") == 1
