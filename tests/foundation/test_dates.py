from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.dates import find_dates, find_time, municipal_year, read_period


# The formats that council sites use, one each.
@pytest.mark.parametrize(("text", "day", "time"), [
    ("Wednesday 17th July, 2024 9.00 am", "2024-07-17", "09:00"),
    ("Wednesday 23rd July 2025 9.00 am", "2025-07-23", "09:00"),
    ("Wednesday 16 October 2013 6.00 pm", "2013-10-16", "18:00"),
    ("Tuesday, 1 December 2020 10:00 am", "2020-12-01", "10:00"),
    ("Friday, 3 December 2021 2.30pm", "2021-12-03", "14:30"),
    ("Thursday, 26 July 2012 2.00 p.m.", "2012-07-26", "14:00"),
    ("Wednesday, 2nd October, 2019 10.10 am", "2019-10-02", "10:10"),
    ("Monday 5 February 2024 14:00", "2024-02-05", "14:00"),
    ("Monday 5 February 2024 at 7 pm", "2024-02-05", "19:00"),
    ("Monday 5 February 2024 12 noon", "2024-02-05", "12:00"),
    ("Monday 5 February 2024 07.05 p.m.", "2024-02-05", "19:05"),
    ("Dydd Iau, 9fed Hydref, 2014 2.00 o'r gloch", "2014-10-09", "02:00"),
    ("1 st March 2023", "2023-03-01", None),
    ("17/07/2024", "2024-07-17", None),
])
def test_dates_and_times_as_written(text: str, day: str, time: str | None):
    found = find_dates(text)
    assert [written.day.isoformat() for written in found] == [day]
    assert found[0].weekday_fits
    assert find_time(text[found[0].end :]) == time


@pytest.mark.parametrize("text", [
    "28th July", "31 June 2024", "July 2024", "May be considered", "item 17 of July", "2024", "99/99/2024", "",
])
def test_what_is_no_full_date_is_none(text: str):
    assert find_dates(text) == []


def test_a_weekday_that_does_not_fit_is_reported():
    (written,) = find_dates("Wednesday 18 November 2025")
    assert written.day == dt.date(2025, 11, 18)
    assert not written.weekday_fits


@pytest.mark.parametrize(("day", "year"), [
    ("2024-07-17", "2024-25"), ("2025-04-30", "2024-25"), ("2025-05-01", "2025-26"), ("1999-06-01", "1999-00"),
])
def test_the_municipal_year_turns_in_may(day: str, year: str):
    assert municipal_year(dt.date.fromisoformat(day)) == year


@pytest.mark.parametrize(("typed", "first", "last"), [
    ("2024-07-17", "2024-07-17", "2024-07-17"),
    ("17/07/2024", "2024-07-17", "2024-07-17"),
    ("17 July 2024", "2024-07-17", "2024-07-17"),
    ("17th July, 2024", "2024-07-17", "2024-07-17"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("February 2024", "2024-02-01", "2024-02-29"),
    ("feb-2024", "2024-02-01", "2024-02-29"),
    ("2024", "2024-01-01", "2024-12-31"),
    ("2023/24", "2023-05-01", "2024-04-30"),
    ("2023-24", "2023-05-01", "2024-04-30"),
    ("2023/2024", "2023-05-01", "2024-04-30"),
    ("2011-12", "2011-12-01", "2011-12-31"),
])
def test_periods_people_type(typed: str, first: str, last: str):
    period = read_period(typed)
    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("typed", [
    "", "soon", "2024-13-01", "2023/25", "2024-00", "0000", "17 July", "31 June 2024", "Smarch 2024", "July", "9999/00", "20244",
])
def test_what_is_no_period(typed: str):
    assert read_period(typed) is None


@given(st.dates(dt.date(1850, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_is_read_back_as_written(day: dt.date):
    (written,) = find_dates(f"Meeting of {day:%A} {day.day} {day:%B} {day.year} in the Hall")
    assert written.day == day
    assert written.weekday_fits
    period = read_period(day.isoformat())
    assert period is not None
    assert period.first == period.last == day


@given(st.text())
def test_nothing_makes_reading_fail(text: str):
    find_dates(text)
    find_time(text)
    read_period(text)
