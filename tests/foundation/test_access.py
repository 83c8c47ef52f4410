"""Who may see what (record schema, "Restriction and audience are two things")."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.access import Audience, after_withdrawal, may_see, understood

PUBLIC, OFFICER = Audience.PUBLIC, Audience.OFFICER


@pytest.mark.parametrize(("viewer", "mark", "seen"), [
    (PUBLIC, PUBLIC, True), (PUBLIC, OFFICER, False), (OFFICER, PUBLIC, True), (OFFICER, OFFICER, True),
])
def test_the_one_rule(viewer: Audience, mark: Audience, seen: bool):
    assert may_see(viewer, mark) is seen


@given(st.one_of(st.none(), st.text(), st.integers(), st.booleans(), st.lists(st.text())))
def test_only_the_exact_mark_is_public(mark: object):
    assert understood(mark) is (PUBLIC if mark == "public" else OFFICER)


@pytest.mark.parametrize("mark", ["Public", "PUBLIC", " public", "all", "", None, 0, True])
def test_marks_that_are_not_understood_are_for_officers(mark: object):
    assert understood(mark) is OFFICER


@pytest.mark.parametrize(("held", "withdrawn", "mark"), [
    ("2020-01-15", None, PUBLIC),
    ("2020-01-15", "2026-01-14", OFFICER),
    ("2020-01-15", "2026-01-15", PUBLIC),
    ("2020-01-15", "2026-01-14T23:59:59Z", OFFICER),
    ("2020-02-29", "2026-02-28", OFFICER),
    ("2020-02-29", "2026-03-01", PUBLIC),
    (None, "2026-01-15", OFFICER),
    ("2020-01-15", "soon", OFFICER),
])
def test_what_is_taken_down_within_six_years_is_for_officers(held: str | None, withdrawn: str | None, mark: Audience):
    assert after_withdrawal(PUBLIC, held, withdrawn) is mark
    assert after_withdrawal(OFFICER, held, withdrawn) is OFFICER
