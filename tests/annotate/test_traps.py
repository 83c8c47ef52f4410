"""The traps of the decision language (dossier 3.3), one or more cases each, in words of our own."""

from __future__ import annotations

import pytest

from annotate.annotate_items import VOCABULARY, annotated, item, meeting, types
from minutes_archive.annotate import annotate

TRAPS = [
    # 1: "not" for "note"; a verb after "not" is a real negation.
    (1, "Update", "Members agreed to not the presentation.", {"noted"}),
    (1, "Update", "Members agreed to not the quarterly performance update.", {"noted"}),
    (1, "Scheme", "Members agreed to not proceed with the scheme.", {"approved"}),
    (1, "Scheme", "The Committee agreed not to support the application.", {"refused"}),
    # 2: sentiment, undertakings and what officers noted.
    (2, "Clinics", "Members were agreed on the importance of the clinics.", {"none"}),
    (2, "Clinics", "Officers noted the concerns of residents. It was acknowledged that more could be done.", {"none"}),
    (2, "Clinics", "Councillor Farrow noted that the bus was late.", {"none"}),
    (2, "Clinics", "Officers agreed to provide a map of the sites to all Members.", {"action"}),
    # 3: the minutes.
    (3, "Minutes", "The minutes of the last meeting were agreed as a true record.", {"minutes_confirmed"}),
    (3, "Minutes", "The minutes were approved as a correct record subject to the removal of the second line.",
     {"minutes_confirmed", "amended"}),
    (3, "Minutes of the last meeting", "AGREED.", {"minutes_confirmed"}),
    # 4: several outcomes.
    (4, "Plan", "RESOLVED that\n\n1. the report be noted;\n2. the plan be adopted;\n3. the survey be referred to the Cabinet;\n"
     "4. authority be delegated to the Director of Place to sign the lease.", {"noted", "approved", "referred", "delegated"}),
    (4, "Plan", "AGREED: (a) to note the report; (b) that the Clerk write to the owner.", {"noted", "action"}),
    # 5: decisions of the past, told again.
    (5, "Site", "It was originally considered in March and was deferred.\n\nRESOLVED that permission be granted.", {"approved"}),
    (5, "Site", "Permission had been approved for the same building in 2016. Members discussed the noise.", {"none"}),
    (5, "Appeals", "The Inspector had dismissed one appeal and allowed another.\n\nThe report was noted.", {"noted"}),
    (5, "Scheme", "The Cabinet had agreed the scheme in June. Members looked at the drawings.", {"none"}),
    # 6: what was proposed: agenda and quotations.
    (6, "Motion", 'Councillor Hume moved: "RESOLVED that this Council sells the park." The motion found no seconder.', {"none"}),
    # 7: amendments and motions.
    (7, "Motion", "An amendment was put and LOST by 4 votes to 9.\n\nThe motion was put and CARRIED.", {"approved"}),
    (7, "Motion", "The amendment was CARRIED.\n\nThe substantive motion was put and LOST.", {"amended", "refused"}),
    (7, "Motion", "It was moved that the question be now put. This was carried.\n\nThe motion was LOST.", {"refused"}),
    (7, "Private business", "It was moved that the public be excluded. On being put the motion was LOST.", {"refused"}),
    (7, "Site", "It was moved by Councillor Gale, seconded by Councillor Munt, that the application be refused.\n\n"
     "The motion was put and CARRIED.", {"refused"}),
    # 8: other senses.
    (8, "Survey", "A survey was carried out. The sum was carried forward.", {"none"}),
    (8, "Waste", "Refuse collection was discussed. One resident had been refused a bin.", {"none"}),
    (8, "Interests", "Councillor Gale withdrew from the meeting.", {"none"}),
    (8, "Clinic", "The clinic referred patients to the hospital and Members referred to the report.", {"none"}),
    (8, "Care", "RESOLVED that the deferred payments policy be approved.", {"approved"}),
    # 9: negated and conditional.
    (9, "Scheme", "RESOLVED that the scheme be not approved.", {"refused"}),
    (9, "Site", "AGREED that no objection be raised.", {"recommended"}),
    (9, "Site", "The Council agreed to recommend refusal.", {"recommended"}),
    (9, "Site", "The item would be deferred if the officer was ill.", {"none"}),
    # 10: a parish comments, it does not determine.
    (10, "Planning applications", "23/0461/HOU, The Glebe: No objection.\n\n23/0480/TCA, Orchards: Object.", {"recommended"}),
    (10, "Planning applications for comment", "24/01, The Green: Unanimously AGREED to recommend APPROVAL.", {"recommended"}),
    # 11: a heading and the lines that belong to it.
    (11, "Programme", "Decision\n\nThat Cabinet:\n\n1. approve the programme; and\n2. note the risks.\n\nReasons for decision\n\n"
     "The programme was refused last year.", {"approved", "noted"}),
    (11, "Minutes", "Resolved:\n\nTo approve as a true and correct record the minutes of 3 May.", {"minutes_confirmed"}),
    # 13: "resolved" in the narrative.
    (13, "Complaints", "The complaint had been resolved. Most issues were resolved within a week.", {"none"}),
    # 14: pairs.
    (14, "Report", "The report was received and noted.", {"noted"}),
    (14, "Report", "RESOLVED that the contents of the report be noted and endorsed.", {"noted", "approved"}),
    # 15: a casting vote.
    (15, "Motion", "For 6, Against 6. The Chair gave his casting vote against.\n\nThe motion was accordingly LOST.", {"refused"}),
    (15, "Site", "The motion to refuse was LOST.\n\nThe motion to approve was LOST. No decision had been made.", {"none"}),
    # 16: no quorum.
    (16, "All business", "The meeting was inquorate and all business was adjourned to 4 June.", {"deferred"}),
    # 17: the decision itself is private.
    (17, "Driver A", "The decision of the Committee is restricted due to exempt information.", {"restricted_outcome"}),
    (17, "Driver B", "This item was minuted under Part II Exempt Minute.", {"restricted_outcome"}),
    # 18: taken with another item.
    (18, "Roads", "This item was considered together with item 7.", {"none"}),
    # 20: a recommendation to the body that decides, and that body's decision.
    (20, "Premiums", "RECOMMENDED to Council that the premiums be adopted.", {"recommended"}),
    (20, "Premiums", "The Cabinet had recommended the premiums.\n\nRESOLVED that the premiums be adopted.", {"approved"}),
]


@pytest.mark.parametrize(("trap", "title", "minutes", "expected"), TRAPS)
def test_a_trap_is_not_fallen_into(trap: int, title: str, minutes: str, expected: set[str]):
    assert types(title, minutes) == expected


def test_trap_6_the_agenda_decides_nothing():
    assert types("Grant", "", agenda_text="RECOMMENDED that the grant be approved. To approve the grant.") == {"unknown"}
    assert types("Grant", "Members discussed it.", agenda_text="RESOLVED that the grant be approved.") == {"none"}


def test_trap_12_a_text_that_is_cut_off_is_unknown():
    assert types("Presentation", "Members discussed the presentation at length", truncated=True) == {"unknown"}
    decision = "RESOLVED that the report be noted."
    assert types("Presentation", "Members discussed", decision_text=decision, truncated=True) == {"noted"}


@pytest.mark.parametrize(("minutes", "counts"), [
    ("6 FOR, 6 AGAINST and O ABSTINATION", (6, 6, 0)),
    ("5 For, 0 Against, 1 Abstention.", (5, 0, 1)),
    ("It was lost by 14 votes to 24.", (14, 24, None)),
    ("For (6) Against (2) Abstentions (1)", (6, 2, 1)),
    ("carried by nine votes to three, with two abstentions", (9, 3, 2)),
])
def test_trap_19_votes_as_they_are_typed(minutes: str, counts: tuple[int, int, int | None]):
    vote = annotated(item("Motion", minutes))[0].votes[0]
    assert (vote.in_favour, vote.against, vote.abstain) == counts


def test_a_slip_of_the_pen_is_said():
    found = annotate(meeting(item("Update", "Members agreed to not the update.")), VOCABULARY)
    assert [(problem.code, problem.where) for problem in found.problems] == [("typo_outcome", "m/1")]
