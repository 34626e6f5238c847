"""Numbers and dates in texts: how they are read, and which of them agree."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.moments import Moment, compare_moments, moments_in
from annotator.core.across.quantities import Compared, Quantity, compare, quantities_in
from annotator.core.article import Span

DAY = 86_400


def read(text: str) -> list[tuple[float, float, str]]:
    """The ranges and units of the numbers of a text."""
    return [(one.low, one.high, one.unit) for one in quantities_in(text)]


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("2,000 troops", [(2_000, 2_000, "")]),
        ("1\u00a0100 soldiers", [(1_100, 1_100, "")]),
        ("some 2,000 troops", [(1_800, 2_200, "")]),
        ("more than 2,000 troops", [(2_000, 4_000, "")]),
        ("at least 47 people", [(47, 94, "")]),
        ("nearly 300 passengers", [(270, 300, "")]),
        ("up to 500 people", [(0, 500, "")]),
        ("between 20,000 and 30,000 fighters", [(20_000, 30_000, "")]),
        ("20 to 30 men", [(20, 30, "")]),
        ("2 to 3 million people", [(2_000_000, 3_000_000, "")]),
        ("20 men and 30 women", [(20, 20, ""), (30, 30, "")]),
        ("twenty-one soldiers", [(21, 21, "")]),
        ("two hundred men", [(200, 200, "")]),
        ("half a million people", [(500_000, 500_000, "")]),
        ("a dozen trucks", [(12, 12, "")]),
        ("dozens of people", [(24, 99, "")]),
        ("not one soldier", [(1, 1, "")]),
        ("$1.1 billion", [(1_100_000_000, 1_100_000_000, "dollar")]),
        ("50 euros", [(50, 50, "euro")]),
        ("54 percent of them", [(54, 54, "percent")]),
        ("a 55-kilometre zone", [(55_000, 55_000, "metre")]),
        ("60 to 100 days", [(60 * DAY, 100 * DAY, "second")]),
        ("two and a half hours", [(9_000, 9_000, "second")]),
        ("in October 2017", []),
        ("on 12 February", []),
        ("at 9:30 am or 11.14 pm", []),
        ("the third floor, the 20th man", []),
        ("one of them flew an F-16", []),
    ],
)
def test_a_number_is_read_as_a_range(text: str, ranges: list[tuple[float, float, str]]) -> None:
    assert read(text) == [pytest.approx(one) for one in ranges]


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("some 2,000 troops", "2,000 soldiers", Compared.AGREE),
        ("some 2,000 troops", "more than 2,000 American forces", Compared.AGREE),
        ("some 300 passengers", "312 passengers", Compared.AGREE),
        ("at least 47 people", "50 people", Compared.AGREE),
        ("47 people", "50 people", Compared.CONFLICT),
        ("killed 50 people", "the number of dead at 51", Compared.CONFLICT),
        ("20,000 fighters", "between 20,000 and 30,000 militants", Compared.AGREE),
        ("2,000 troops", "14,000 troops", Compared.CONFLICT),
        ("47 air strikes", "47 vehicles", Compared.UNRELATED),
        ("2,000 American troops", "300 American airstrikes", Compared.UNRELATED),
        ("ten miles", "16 kilometres", Compared.CONFLICT),
        ("about ten miles", "16 kilometres", Compared.AGREE),
        ("$60 million", "60 million euros", Compared.UNRELATED),
        ("17 years", "60 days", Compared.UNRELATED),
        ("two weeks", "14 days", Compared.AGREE),
    ],
)
def test_numbers_of_the_same_are_compared(one: str, other: str, agreement: Compared) -> None:
    (mine,), (theirs,) = quantities_in(one), quantities_in(other)
    assert compare(mine, theirs) is agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("on 12 February", "on Feb. 12, 2018", Compared.AGREE),
        ("on 12 February", "February 13", Compared.CONFLICT),
        ("in October", "in October 2017", Compared.AGREE),
        ("in 2015", "in March 2016", Compared.CONFLICT),
        ("in 2015", "on 12 February", Compared.UNRELATED),
        ("on Friday", "last Friday", Compared.AGREE),
        ("on Friday", "on Monday", Compared.UNRELATED),
    ],
)
def test_dates_are_compared_as_far_as_they_say(one: str, other: str, agreement: Compared) -> None:
    (mine,), (theirs,) = moments_in(one), moments_in(other)
    assert compare_moments(mine, theirs) is agreement


def test_a_weekday_is_a_date_where_the_day_of_publication_is_known() -> None:
    monday = date(2018, 12, 24)
    assert moments_in("on Friday", monday) == (Moment(2018, 12, 21, 4),)
    assert moments_in("yesterday", monday) == (Moment(2018, 12, 23, 6),)
    assert moments_in("yesterday") == ()


def test_days_beyond_the_calendar_are_none() -> None:
    assert moments_in("on Sunday, today and tomorrow", date.max) == (
        Moment(9999, 12, 26, 6),
        Moment(9999, 12, 31, 4),
    )
    assert moments_in("on Friday and yesterday", date.min) == (Moment(weekday=4),)


@pytest.mark.parametrize("text", ["they may leave", "they march on", "second to none"])
def test_words_that_look_like_months_are_none(text: str) -> None:
    assert moments_in(text) == ()


# Properties

numbers = st.floats(0, 1e6, allow_nan=False)
quantities = st.builds(
    lambda ends, unit, nouns: Quantity(Span(0, 1), min(ends), max(ends), unit, nouns),
    st.tuples(numbers, numbers),
    st.sampled_from(["", "metre"]),
    st.frozensets(st.sampled_from(["troop", "car"])),
)
moments = st.builds(
    Moment,
    st.none() | st.integers(2017, 2019),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(0, 2),
)


@given(quantities, quantities)
def test_comparing_numbers_is_symmetric(one: Quantity, other: Quantity) -> None:
    assert compare(one, other) is compare(other, one)


@given(moments, moments)
def test_comparing_dates_is_symmetric(one: Moment, other: Moment) -> None:
    assert compare_moments(one, other) is compare_moments(other, one)


@given(st.integers(0, 10**12).filter(lambda number: not 1900 <= number <= 2100))
def test_a_number_is_read_in_digits_with_and_without_commas(number: int) -> None:
    for text in (f"{number} troops", f"{number:,} troops"):
        assert read(text) == [(number, number, "")]


@given(st.integers(1, 10**6), st.sampled_from(["some", "more than", "at least", "nearly", "up to"]))
def test_a_hedged_number_agrees_with_the_number(number: int, hedge: str) -> None:
    (hedged,) = quantities_in(f"{hedge} {number:,} troops")
    (plain,) = quantities_in(f"{number:,} troops")
    assert compare(hedged, plain) is Compared.AGREE


@given(st.text("0123456789,.$ -abtmilonkw", max_size=40))
def test_any_text_is_read(text: str) -> None:
    for one in quantities_in(text):
        assert 0 <= one.low <= one.high
        assert one.span.end <= len(text)
