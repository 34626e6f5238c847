"""Coefficients of agreement: published worked examples, and second implementations.

The second implementations follow the definitions over single units and pairs of values, where the
product adds up sums.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.comparison.tallies import (
    Tally,
    TallyKey,
    TallyOf,
    new_tally,
    tally_choices,
    tally_tokens,
)
from annotator.core.comparison.token_labels import NONE, TokenLabels, TokenPlaces
from annotator.measures.coefficients import (
    Sums,
    alpha,
    alpha_u,
    cohen_kappa,
    f1,
    fleiss_kappa,
)

Ratings = Sequence[Sequence[str | None]]
"""For each unit what each reviewer chose; None: nothing."""


def sum_of(tally: Tally, category: str, quantity: TallyOf) -> Sums:
    return np.array([tally[TallyKey("x", category, quantity)]])


def each(tally: Tally, quantity: TallyOf) -> list[Sums]:
    categories = sorted({one.category for one in tally if one.category})
    return [sum_of(tally, category, quantity) for category in categories]


def total(tally: Tally, quantity: TallyOf) -> Sums:
    sums: Sums = np.sum(each(tally, quantity), axis=0, dtype=np.float64)
    return sums


def tallied(ratings: Ratings) -> Tally:
    tally = new_tally()
    tally_choices(tally, "x", Counter(tuple(one) for one in ratings))
    return tally


def cohen_of(ratings: Ratings) -> float:
    tally = tallied(ratings)
    left, right = each(tally, TallyOf.LEFT), each(tally, TallyOf.RIGHT)
    return float(cohen_kappa(total(tally, TallyOf.AGREEING), left, right)[0])


def fleiss_of(ratings: Ratings) -> float:
    tally = tallied(ratings)
    return float(fleiss_kappa(total(tally, TallyOf.AGREEING), each(tally, TallyOf.SHARE))[0])


def alpha_of(ratings: Ratings) -> float:
    tally = tallied(ratings)
    if not tally:
        return math.nan
    return float(alpha(total(tally, TallyOf.COINCIDING), each(tally, TallyOf.CHOSEN))[0])


def alpha_u_of(sides: Sequence[TokenLabels]) -> float:
    tally = new_tally()
    tally_tokens(tally, "x", sides)
    values = alpha_u(
        total(tally, TallyOf.COINCIDING),
        each(tally, TallyOf.CHOSEN),
        total(tally, TallyOf.SQUARES),
        sum_of(tally, NONE, TallyOf.CHOSEN),
    )
    return float(values[0])


def table(rows: Sequence[Sequence[int]]) -> Ratings:
    """The units of a contingency table: rows are the first reviewer's choices."""
    return [
        (str(n), str(m))
        for n, row in enumerate(rows)
        for m, count in enumerate(row)
        for _ in range(count)
    ]


# Published examples


def test_kappa_of_cohen_1960() -> None:
    """Cohen (1960), p. 45: kappa .492."""
    assert round(cohen_of(table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])), 3) == 0.492


def test_kappas_of_artstein_and_poesio_2008() -> None:
    """Artstein & Poesio (2008), Computational Linguistics 34:555-596, pp. 558 and 568: kappa .348
    and .801."""
    assert round(cohen_of(table([[20, 10], [20, 50]])), 3) == 0.348
    second = table([[46, 0, 0], [6, 32, 6], [0, 0, 10]])
    assert round(cohen_of(second), 3) == 0.801


FLEISS_1971 = """
444444 222555 233335 555555 222444 113333 333355 113334 114444 555555
144444 124444 222333 144444 224445 333335 111455 111112 224444 133555
555555 244444 224555 114444 144445 222224 111155 224444 133333 555555
"""


def test_kappa_of_fleiss_1971() -> None:
    """Fleiss (1971), p. 379: six psychiatrists, thirty patients, kappa .430."""
    assert round(fleiss_of([list(unit) for unit in FLEISS_1971.split()]), 3) == 0.430


def test_kappa_of_fourteen_raters() -> None:
    """The table of ten subjects and fourteen raters with which textbooks show Fleiss' kappa: .210
    (0.378 observed, 0.213 by chance)."""
    counts = (
        "0 0 0 0 14|0 2 6 4 2|0 0 3 5 6|0 3 9 2 0|2 2 8 1 1|"
        "7 7 0 0 0|3 2 6 3 0|2 5 3 2 2|6 5 2 1 0|0 2 2 3 7"
    )
    rows = [list(map(int, row.split())) for row in counts.split("|")]
    units = [[str(n) for n, k in enumerate(row) for _ in range(k)] for row in rows]
    assert round(fleiss_of(units), 3) == 0.210


def test_alphas_of_krippendorff_2011() -> None:
    """Krippendorff (2011), sections A to C: binary data .095, nominal data of two observers .692,
    of four observers with missing values .743."""
    binary = zip("1100000000", "0110010100", strict=True)
    assert round(alpha_of([*binary]), 3) == 0.095
    nominal = zip("aabbdcccedda", "babbbccceddd", strict=True)
    assert round(alpha_of([*nominal]), 3) == 0.692
    assert round(alpha_of(KRIPPENDORFF_2011_C), 3) == 0.743


_FOUR_OBSERVERS = "11.1 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 ..3."
KRIPPENDORFF_2011_C = [
    tuple(None if one == "." else one for one in unit) for unit in _FOUR_OBSERVERS.split()
]


def test_kappas_of_krippendorff_2004() -> None:
    """Krippendorff (2004), Content Analysis, 2nd edition, p. 246: kappa .186 and .258, although the
    first two reviewers differ without and the second with a system."""
    assert round(cohen_of(table([[12, 9, 9], [9, 14, 9], [9, 9, 20]])), 3) == 0.186
    assert round(cohen_of(table([[12, 18, 18], [0, 14, 18], [0, 0, 20]])), 3) == 0.258


UNITS_OF_2019 = (
    ((0, 7, "1"), (7, 13, "2"), (30, 32, "5"), (32, 37, "6"), (37, 44, "6"), (44, 60, "7")),
    ((0, 7, "1"), (7, 13, "3"), (13, 21, "5"), (32, 44, "6")),
    ((0, 7, "1"), (7, 13, "4"), (13, 21, "5"), (32, 37, "6"), (37, 41, "6"), (41, 44, "6")),
)
LETTERS = TokenPlaces(" ".join("x" * 60))


def labelled(units: Sequence[tuple[int, int, str]]) -> TokenLabels:
    """The labels of units in sixty tokens of a letter each."""
    return TokenLabels.of(LETTERS, [(Span(2 * a, 2 * b - 1), label) for a, b, label in units])


def test_alpha_u_of_krippendorff_2019() -> None:
    """Krippendorff (2019), section 12.6, the three observers of figure 12.11: .510, and .413 for
    units whatever their category."""
    assert round(alpha_u_of([labelled(units) for units in UNITS_OF_2019]), 3) == 0.510
    bare = [[(a, b, "unit") for a, b, _ in units] for units in UNITS_OF_2019]
    assert alpha_u_of([labelled(units) for units in bare]) == pytest.approx(0.413, abs=0.002)


def test_f1_by_hand() -> None:
    """By hand: of 8 and 6 items 5 are the same, so precision is 5/6, recall 5/8 and F1 10/14."""
    assert f1(np.array([5.0]), np.array([14.0]))[0] == pytest.approx(10 / 14)


def test_kappa_approaches_f1_as_unmarked_things_grow() -> None:
    """Hripcsak & Rothschild (2005): with more and more things that nobody marked."""
    marked = [[0, 10], [12, 80]]

    def distance(unmarked: int) -> float:
        ratings: Counter[tuple[str | None, ...]] = Counter(
            {("0", "0"): unmarked, ("0", "1"): 10, ("1", "0"): 12, ("1", "1"): 80}
        )
        tally = new_tally()
        tally_choices(tally, "x", ratings)
        left, right = each(tally, TallyOf.LEFT), each(tally, TallyOf.RIGHT)
        kappa = cohen_kappa(total(tally, TallyOf.AGREEING), left, right)[0]
        return abs(float(kappa) - 2 * 80 / (2 * 80 + marked[0][1] + marked[1][0]))

    assert distance(10_000_000) < 1e-4 < distance(1_000)


@pytest.mark.parametrize("of", [cohen_of, fleiss_of, alpha_of])
def test_without_units_or_with_one_category_nothing_is_told(of: object) -> None:
    assert callable(of)
    assert math.isnan(of([("a", "a"), ("a", "a")]))


# Second implementations

values = st.sampled_from(["a", "b", "c"])
pairs = st.lists(st.tuples(values, values), min_size=2, max_size=12)
full = st.integers(2, 5).flatmap(
    lambda m: st.lists(st.lists(values, min_size=m, max_size=m), min_size=2, max_size=8)
)
with_gaps = st.integers(2, 5).flatmap(
    lambda m: st.lists(
        st.lists(st.none() | values, min_size=m, max_size=m), min_size=2, max_size=10
    )
)


def _close(one: float, other: float) -> bool:
    return one == pytest.approx(other, abs=1e-9, nan_ok=True)


@given(pairs)
def test_cohen_kappa_is_that_of_its_definition(ratings: list[tuple[str, str]]) -> None:
    n = len(ratings)
    observed = sum(one == other for one, other in ratings) / n
    chance = sum(one == other for one, _ in ratings for _, other in ratings) / n**2
    expected = math.nan if chance == 1 else (observed - chance) / (1 - chance)
    assert _close(cohen_of(ratings), expected)


@given(full)
def test_fleiss_kappa_is_that_of_single_pairs_of_reviewers(ratings: list[list[str]]) -> None:
    """Agreement of two reviewers drawn for a unit drawn, against two choices drawn at random."""
    agreeing = [one == other for unit in ratings for one, other in permutations(unit, 2)]
    every = [one for unit in ratings for one in unit]
    observed = sum(agreeing) / len(agreeing)
    chance = sum(one == other for one in every for other in every) / len(every) ** 2
    expected = math.nan if chance == 1 else (observed - chance) / (1 - chance)
    assert _close(fleiss_of(ratings), expected)


@given(with_gaps)
def test_alpha_is_that_of_the_package_krippendorff(ratings: list[list[str | None]]) -> None:
    counts = [[unit.count(one) for one in "abc"] for unit in ratings]
    pairable = [row for row in counts if sum(row) > 1]
    if sum(any(row[n] for row in pairable) for n in range(3)) < 2:
        assert math.isnan(alpha_of(ratings))
    else:
        theirs = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
        assert _close(alpha_of(ratings), theirs)


@st.composite
def unitised(draw: st.DrawFn) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Units of two to four observers in a continuum of sixty, none overlapping another."""

    def units() -> tuple[tuple[int, int, str], ...]:
        edges = draw(st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted))
        return tuple((a, b, draw(values)) for a, b in zip(edges[::2], edges[1::2], strict=False))

    return tuple(units() for _ in range(draw(st.integers(2, 4))))


@given(unitised())
def test_alpha_u_is_that_of_single_intersections(
    sides: tuple[tuple[tuple[int, int, str], ...], ...],
) -> None:
    """Over pairs of units, gaps included, as Krippendorff (2019), equations 32 to 34, says it."""
    continua = [_with_gaps(units) for units in sides]
    observed: Counter[tuple[str, str]] = Counter()
    for one, other in permutations(continua, 2):
        for a, b, label in one:
            for c, d, their in other:
                observed[label, their] += max(0, min(b, d) - max(a, c))
    joint = {key: length / (len(sides) - 1) for key, length in observed.items()}
    lengths = {
        label: sum(length for (own, _), length in joint.items() if own == label)
        for label in (NONE, "a", "b", "c")
    }
    whole = sum(lengths.values())
    own = dict.fromkeys(lengths, 0.0)
    for a, b, label in (unit for units in continua for unit in units):
        own[label] += (b - a) if label == NONE else (b - a) ** 2
    scale = whole - sum(own.values()) / whole
    expected = {
        (one, other): (lengths[one] * lengths[other] - (own[one] if one == other else 0)) / scale
        for one in lengths
        for other in lengths
        if scale
    }
    apart = sum(length for (one, other), length in expected.items() if one != other)
    differing = sum(length for (one, other), length in joint.items() if one != other)
    value = 1 - differing / apart if apart else math.nan
    assert _close(alpha_u_of([labelled(units) for units in sides]), value)


def _with_gaps(units: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The units, and the gaps between them, of a continuum of sixty."""
    whole: list[tuple[int, int, str]] = []
    at = 0
    for a, b, label in units:
        whole += [(at, a, NONE)] * (a > at) + [(a, b, label)]
        at = b
    return whole + [(at, 60, NONE)] * (at < 60)
