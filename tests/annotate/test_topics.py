"""Topics: the vocabulary, how its labels are found, and what an item is tagged with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotate.annotate_items import VOCABULARY, annotated, item, meeting, restricted
from minutes_archive.annotate import Topic, Vocabulary, annotate, explain, load_vocabulary, to_skos_turtle
from minutes_archive.errors import LoadError
from minutes_archive.model import Document

FORTY = [
    "anti-social-behaviour", "off-road-bikes", "crime-and-policing", "knife-crime", "domestic-abuse", "drugs-and-alcohol",
    "prevent", "exploitation", "road-safety", "highways", "parking", "public-transport", "active-travel",
    "planning-applications", "local-plan", "housing", "homelessness", "waste", "street-scene", "parks", "climate",
    "environmental-health", "flooding", "budget", "audit", "procurement", "property", "regeneration", "adult-social-care",
    "children-and-families", "education", "public-health", "nhs", "licensing", "leisure-and-culture", "communities",
    "elections-and-democracy", "workforce", "digital", "emergency-planning",
]
SMALL = Vocabulary((
    Topic("bikes", "Two wheels", alt_labels=("off road bike", "e scooter"), hints=("rider",)),
    Topic("police", "Police", signs=("PCC", "children's officer"), not_labels=("Parochial PCC",)),
    Topic("library", "Reading", signs=("library",)),
    Topic("waste", "Waste", signs=("refuse",), not_labels=("refuse permission",)),
))


def tagged(text: str) -> list[str]:
    return [score.topic for score in explain(text, VOCABULARY) if score.tagged]


def test_the_forty_topics():
    assert [topic.id for topic in VOCABULARY.topics] == FORTY
    known = set(FORTY)
    assert all({*topic.broader, *topic.related} <= known and topic.note and topic.alt_labels for topic in VOCABULARY.topics)


@pytest.mark.parametrize(("text", "words"), [
    ("Off-Road Bikes", ["Off-Road Bikes"]),
    ("an offroad bike and OFF ROAD BIKES", ["offroad bike", "OFF ROAD BIKES"]),
    ("E Scooters, e-scooters, escooters", ["E Scooters", "e-scooters", "escooters"]),
    ("off–road bike’s rider", ["off–road bike", "rider"]),
    ("the libraries and a library", ["libraries", "library"]),
    ("the childrens officer; the children’s officers", ["childrens officer", "children’s officers"]),
    ("the PCC said", ["PCC"]),
    ("pcc and P C C", []),
    ("the Parochial PCC met", []),
    ("scooter bikers; proffroad bikes", []),
    ("off. road bike", []),
    ("refuse permission", []),
    ("refuse trucks", ["refuse"]),
    ("", []),
])
def test_a_label_is_found_as_people_write_it(text: str, words: list[str]):
    assert [text[span.start:span.end] for _, span in SMALL.match(text)] == words


@pytest.mark.parametrize(("text", "expected"), [
    ("Quads and scramblers on the common", "off-road-bikes"),
    ("Refuse collection contract", "waste"),
    ("Recorded Crime & Disorder Report", "crime-and-policing"),
    ("Prevent (CT) Update", "prevent"),
    ("Anti social behaviour in the town", "anti-social-behaviour"),
    ("Review of taxi fares", "licensing"),
])
def test_a_title_is_enough(text: str, expected: str):
    assert expected in tagged(text)


@pytest.mark.parametrize("text", ["CT will go up again", "To prevent harm", "Members met", "RESOLVED to refuse it"])
def test_words_of_two_meanings_tag_nothing(text: str):
    assert tagged(text) == []


@pytest.mark.parametrize(("title", "text", "topic", "expected"), [
    ("PCC Update", "The PCC spoke of burglary.", "crime-and-policing", True),
    ("PCC bazaar", "The vicar thanked the PCC for the cakes.", "crime-and-policing", False),
    ("Extension of the PCC", "The public convenience contract (PCC) ends in May.", "crime-and-policing", False),
    ("Prevent update", "Channel referrals were down.", "prevent", True),
    ("Fencing", "To Prevent cattle from straying.", "prevent", False),
    ("Refuge places", "Women fleeing abuse found a refuge.", "domestic-abuse", True),
    ("Pedestrian refuge", "A refuge would be built in the high road.", "domestic-abuse", False),
    ("CT bills", "CT will go up by 3%.", "prevent", False),
])
def test_words_of_two_meanings_are_read_by_their_company(title: str, text: str, topic: str, expected: bool):
    assert (topic in annotated(item(title, text))[0].topics) is expected


def test_what_a_body_is_for_its_items_are_about():
    whole = meeting(item("Annual report", "It was noted."))
    of = {body: annotate(replace(whole, body=body), VOCABULARY).items[0].topics for body in ("Pension Fund Committee", "Council")}
    assert of == {"Pension Fund Committee": ("workforce",), "Council": ()}


def test_a_list_of_letters_is_about_none_of_them():
    letters = "A brochure for play equipment. A flood newsletter."
    assert annotated(item("Correspondence", letters))[0].topics == ()


def test_the_officers_title_is_not_what_the_item_is_about():
    one = annotated(item("Fees", "Members discussed the fees.", agenda_text="Report of the Director of Children's Services."))[0]
    assert "children-and-families" not in one.topics


def test_a_restricted_document_counts_nothing_ever():
    titles = ("Knife crime: addresses", "Knife crime strategy")
    shown = annotated(item("Knife crime", "", documents=tuple(map(Document, titles))))[0]
    hidden = annotated(item("Report", "", documents=tuple(map(restricted, titles))))[0]
    assert shown.topics == ("knife-crime",)
    assert hidden.topics == ()
    assert not [entry for entry in hidden.evidence if entry.about.startswith("topic")]
    assert not any("knife" in str(entry).lower() for entry in hidden.evidence)
    assert {entry.field for entry in shown.evidence} == {"title"}


def test_business_of_form_has_no_topics_but_for_what_clearly_comes_up():
    assert annotated(item("Declarations of interest", "Cllr Hext has an interest in domestic abuse."))[0].topics == ()
    assert annotated(item("Any other business", "The street lights were mentioned."))[0].topics == ()
    found = annotated(item("Any other business", "Off-road bikes and quads on the park were raised; quad bikes were seized."))[0]
    assert "off-road-bikes" in found.topics


def test_the_words_that_earned_it_are_shown():
    text = "Speed limits\nA 20mph limit was asked for; the bus was late."
    scores = explain(text, VOCABULARY)
    first = scores[0]
    assert (first.topic, first.tagged) == ("road-safety", True)
    assert [text[span.start:span.end] for span in first.spans] == ["Speed limits", "20mph limit"]
    below = next(score for score in scores if score.topic == "public-transport")
    assert not below.tagged


def test_the_users_own_file_adds_topics_and_words(tmp_path: Path):
    own = tmp_path / "topics.toml"
    own.write_text('[[topic]]\nid = "off-road-bikes"\naltLabel = ["hill hopper"]\n\n[[topic]]\nid = "beavers"\n', "utf-8")
    vocabulary = load_vocabulary(own)
    assert [topic.id for topic in vocabulary.topics] == [*FORTY, "beavers"]
    assert vocabulary.topics[-1].pref_label == "Beavers"
    assert vocabulary.topics[1].pref_label == VOCABULARY.topics[1].pref_label
    assert {topic for topic, _ in vocabulary.match("Hill-hoppers chase beavers; a quad bike")} == {"off-road-bikes", "beavers"}


@pytest.mark.parametrize("content", [
    "[[topic", '[[topic]]\nid = "Bad Id"\n', '[[topic]]\nprefLabel = "x"\n', '[[topic]]\nid = "x"\naltLabel = "quad"\n',
    '[[ambiguous]]\ntopic = "x"\n', '[[ambiguous]]\ntopic = "x"\nlabel = "y"\nbeside = "z"\n',
    '[[topic]]\nid = "x"\naltlabel = ["quad"]\n', '[[topic]]\nid = "x"\nhint = [1]\n',
])
def test_a_file_that_cant_be_understood_is_named(tmp_path: Path, content: str):
    own = tmp_path / "topics.toml"
    own.write_text(content, "utf-8")
    with pytest.raises(LoadError, match=r"topics\.toml"):
        load_vocabulary(own)


def test_a_file_that_is_not_there_adds_nothing(tmp_path: Path):
    assert [topic.id for topic in load_vocabulary(tmp_path / "nowhere.toml").topics] == list(FORTY)


def test_skos():
    turtle = to_skos_turtle(SMALL)
    assert turtle.startswith("@prefix skos: <http://www.w3.org/2004/02/skos/core#> .")
    assert 'topic:bikes a skos:Concept' in turtle
    assert 'skos:altLabel "off road bike"@en' in turtle
    assert 'skos:hiddenLabel "rider"@en' in turtle
    assert to_skos_turtle(VOCABULARY).count("a skos:Concept ;") == 40
    assert 'a \\"b\\" \\\\' in to_skos_turtle(Vocabulary((Topic("x", 'a "b" \\'),)))
