"""The measure itself, on tiny examples whose figures can be told by hand; and what each fault takes away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accuracy.baseline import split_at_numbers
from accuracy.measure import Item, Meeting, Tally, has_title, joined, measure, pair, words_of
from accuracy.table import HEAD, fill, table

TEXT = " ".join(f"word{number}" for number in range(100))


def item(title: str, text: str = TEXT, parent: int | None = None, inferred: bool = False, **facts: Any) -> Item:
    return Item(title, {"agenda_text": "", "minutes_text": text}, {"documents": [], **facts}, parent, inferred)


FACTS = {"body": "Harbour Committee", "date": "2024-05-09", "attendance": [{"name": "Ada Quill"}]}
ITEMS = (item("Ferry", number="3"), item("Slipway", number="4"), item("Steps", number="4a", parent=1))
LABEL = Meeting(FACTS, ITEMS)


def tally(*items: Item, label: Meeting = LABEL) -> Tally:
    return measure([Meeting(label.facts, items)], [label], "made")


def short(found: Tally) -> tuple[float, float]:
    return round(found.precision, 3), round(found.recall, 3)


def wrong(found: Tally) -> list[str]:
    return sorted(name for name in found.stated if found.exact[name] < found.stated[name])


def changed(**change: Any) -> Item:
    facts = {**ITEMS[0].facts, **{name: change.pop(name) for name in ("number", "documents") if name in change}}
    text = change.pop("text", None)
    texts = ITEMS[0].texts if text is None else {"agenda_text": "", "minutes_text": text}
    return replace(ITEMS[0], facts=facts, texts=texts, **change)


@pytest.mark.parametrize(("change", "shares", "fields"), [
    pytest.param({}, (1.0, 1.0), [], id="nothing"),
    pytest.param({"title": "Ferries"}, (0.667, 0.667), ["number"], id="another title"),
    pytest.param({"number": "5"}, (1.0, 1.0), ["number"], id="another number"),
    pytest.param({"documents": [{"title": "Map"}]}, (1.0, 1.0), ["documents"], id="a file that is not there"),
    pytest.param({"parent": 1}, (1.0, 1.0), ["parent"], id="a parent that it has not"),
    pytest.param({"text": f"{TEXT} one two three four five"}, (1.0, 1.0), [], id="five words too many"),
    pytest.param({"text": f"{TEXT} one two three four five six"}, (0.667, 0.667), [], id="six words too many"),
    pytest.param({"text": TEXT.split(" ", 5)[5]}, (1.0, 1.0), [], id="five words lost"),
    pytest.param({"text": TEXT.split(" ", 6)[6]}, (0.667, 0.667), [], id="six words lost"),
    pytest.param({"text": " ".join(reversed(TEXT.split()))}, (0.667, 0.667), [], id="words out of order"),
    pytest.param({"text": ""}, (0.667, 0.667), [], id="no text"),
])
def test_what_a_fault_takes_away(change: dict[str, Any], shares: tuple[float, float], fields: list[str]):
    found = tally(changed(**change), *ITEMS[1:])
    assert short(found) == shares
    assert wrong(found) == fields


@pytest.mark.parametrize(("items", "precision", "recall", "f1"), [
    pytest.param(ITEMS, 1.0, 1.0, 1.0, id="all"),
    pytest.param(ITEMS[:2], 1.0, 0.667, 0.8, id="one missing"),
    pytest.param((*ITEMS, item("Toll")), 0.75, 1.0, 0.857, id="one too many"),
    pytest.param((item("Ferry", f"{TEXT} {TEXT} {TEXT}"),), 0.0, 0.0, 0.0, id="all text in one item"),
    pytest.param((), 0.0, 0.0, 0.0, id="none"),
])
def test_boundaries(items: tuple[Item, ...], precision: float, recall: float, f1: float):
    found = tally(*items)
    assert short(found) == (precision, recall)
    assert round(found.f1, 3) == f1


def test_a_text_in_the_wrong_field_is_right_at_its_boundaries_and_lost_in_its_field():
    found = tally(replace(ITEMS[0], texts={"agenda_text": TEXT, "minutes_text": ""}), *ITEMS[1:])
    assert short(found) == (1.0, 1.0)
    assert (round(found.words_found, 3), round(found.words_foreign, 3)) == (0.667, 0.333)


def test_words_are_counted_where_only_the_title_is_right():
    found = tally(changed(text=f"{TEXT} {TEXT}"), *ITEMS[1:])
    assert (found.words_found, found.words_foreign) == (1.0, 0.25)


@pytest.mark.parametrize(("read", "labelled", "told", "shares"), [
    ([], [], 1, (1.0, 1.0)),
    ([], [LABEL], 0, (0.0, 0.0)),
    ([LABEL], [], 0, (0.0, 1.0)),
    ([LABEL, LABEL], [LABEL], 1, (0.5, 1.0)),
])
def test_a_meeting_that_is_missing_or_is_none(
    read: list[Meeting], labelled: list[Meeting], told: int, shares: tuple[float, float]
):
    found = measure(read, labelled, "made")
    assert found.exact["told"] == told
    assert short(found) == shares
    assert "body" not in found.stated or found.exact["body"] == len(read[:1])


@pytest.mark.parametrize(("stated", "read", "counts"), [
    ({"time": "09:00"}, {"time": "09:00"}, (1, 1)),
    ({"time": "09:00"}, {"time": "21:00"}, (0, 1)),
    ({"time": "09:00"}, {}, (0, 1)),
    ({"time": None}, {"time": "09:00"}, (0, 1)),
    # Nothing said and nothing read is no achievement; what the label leaves out is not compared.
    ({"time": None}, {"time": None}, (0, 0)),
    ({}, {"time": "09:00"}, (0, 0)),
])
def test_fields_of_a_meeting(stated: dict[str, Any], read: dict[str, Any], counts: tuple[int, int]):
    found = measure([Meeting(read, ())], [Meeting(stated, ())], "made")
    assert (found.exact["time"], found.stated["time"]) == counts


@pytest.mark.parametrize(("read", "labelled", "same"), [
    (item("The Ferry"), item("Ferry"), False),
    (item("FERRY – Winter"), item("Ferry - winter"), True),
    (item("Ferry timetable", inferred=True), item("Winter ferry timetable"), True),
    (item("Ferry timetable"), item("Winter ferry timetable", inferred=True), True),
    (item("Slipway", inferred=True), item("Winter ferry timetable", inferred=True), False),
])
def test_titles(read: Item, labelled: Item, same: bool):
    assert has_title(read, labelled) is same


def test_items_of_one_title_are_told_apart_by_text_and_place():
    motion, other = item("Motion", "carried by all"), item("Motion", "found no seconder")
    assert pair([other, motion], [motion, other]) == {0: 1, 1: 0}
    assert pair([motion, motion], [motion, motion]) == {0: 0, 1: 1}


@pytest.mark.parametrize(("text", "words"), [
    ("Off-road bikes", ("offroad", "bikes")),
    ("the Mayor’s car", ("the", "mayors", "car")),
    ("a 10-\nyear plan", ("a", "10year", "plan")),
    ("Caf\u00e9 | £5.00", ("café", "5", "00")),
])
def test_words(text: str, words: tuple[str, ...]):
    assert words_of(text) == words


def test_tallies_add_up():
    both = tally(*ITEMS) + tally(*ITEMS[:1])
    assert (both.files, both.labelled, both.read, both.right) == (2, 6, 4, 4)
    assert both.exact["body"] == both.stated["body"] == 2


def test_the_baseline_splits_at_numbered_lines():
    items = split_at_numbers("Minutes\n1. Apologies\nNone.\n12/24\nFerry\nMinutes:\nIt leaks.\n\n2024 was wet")
    assert [(one.title, one.texts["text"]) for one in items] == [("Apologies", "None."), ("Ferry", "It leaks."), ("was wet", "")]


def test_a_reader_of_no_fields_is_held_to_titles_and_texts():
    (label,) = joined([LABEL, LABEL])
    assert len(label.items) == 6
    assert measure([label], [label], "made").f1 == 1.0


def test_the_table_has_a_row_for_each_layout_and_one_for_all():
    head, _, *rows = table({"made": tally(*ITEMS), "not": measure([], [], "x")}, {"made": tally(), "not": Tally()}).split("\n")
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in (head, *rows)]
    assert cells[0] == list(HEAD)
    assert [row[:8] for row in cells[1:]] == [
        ["made", "1", "3", "3", "1.000", "1.000", "1.000", "0.000"],
        ["not", "1", "0", "0", *"––––"],
        ["all", "2", "3", "3", "1.000", "1.000", "1.000", "0.000"],
    ]
    assert cells[1][HEAD.index("parent")] == "1/1"


def test_figures_are_filled_in_at_their_place(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- figures: seen -->\nold\n<!-- end of figures -->\nAfter.\n", "utf-8")
    fill(page, "seen", "new\\1")
    assert page.read_text("utf-8") == "Before.\n<!-- figures: seen -->\nnew\\1\n<!-- end of figures -->\nAfter.\n"
    with pytest.raises(ValueError, match="figures: held back"):
        fill(page, "held back", "")
