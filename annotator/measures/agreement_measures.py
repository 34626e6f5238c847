"""Agreement between reviewers as a list of measures with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from annotator.core.comparison.article_tallies import Names
from annotator.core.comparison.subjects import (
    ATTRIBUTES,
    CLAIMS,
    ENTITIES,
    ITEM_KINDS,
    JUNK,
    PARTS,
    SUBJECTS,
)
from annotator.core.comparison.tallies import TallyOf
from annotator.core.comparison.token_labels import NONE
from annotator.measures.article_sums import ArticleSums, DrawnSums, Group
from annotator.measures.bootstrap import Interval, interval
from annotator.measures.coefficients import (
    Sums,
    alpha,
    alpha_u,
    cohen_kappa,
    f1,
    fleiss_kappa,
)

LEAST_UNITS = 10
LEAST_ARTICLES = 10
"""Measures of fewer units, or of units in fewer articles, are said to be too few to tell."""
_BY_CATEGORY = (ENTITIES, JUNK, *ATTRIBUTES)
_OVER_TOKENS = (ENTITIES, JUNK, *PARTS)
_OF_ITEMS = (*ITEM_KINDS, *PARTS)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what of (a subject, and a category of it or all), between whom and when.

    `units` counts what it is made of: items, tokens, spans or claims (`unit`), in so many
    `articles`. `value` is None where it is not defined; `is_enough` says whether there are units
    enough to read it.
    """

    name: str
    subject: str
    category: str | None
    pair: Names | None
    month: str | None
    interval: Interval
    units: int
    unit: str
    articles: int
    is_enough: bool

    @property
    def of(self) -> str:
        """What it is of, in one word: `entities`, `entities:PERSON`, `claims:stance`."""
        whole = self.subject if self.subject in ITEM_KINDS else f"{CLAIMS}:{self.subject}"
        return whole if self.category is None else f"{whole}:{self.category}"


def measures(sums: ArticleSums, groups: Iterable[Group] | None = None) -> Iterator[Measure]:
    """All measures: of everything, then by pair, then by month (these without categories)."""
    for group in sums.groups if groups is None else groups:
        for subject in SUBJECTS:
            drawn = sums.drawn(group, subject)
            if drawn.categories and (subject in ATTRIBUTES or drawn.categories != (NONE,)):
                yield from _of_subject(group, subject, drawn)


def _of_subject(group: Group, subject: str, drawn: DrawnSums) -> Iterator[Measure]:
    wanted: list[str | None] = [None]
    if group.month is None and subject in _BY_CATEGORY:
        wanted += [one for one in drawn.categories if one != NONE or subject in ATTRIBUTES]
    for category in wanted:
        if subject in _OF_ITEMS:
            yield from _of_items(_Scope(group, subject, category), drawn)
        if subject in _OVER_TOKENS or subject in ATTRIBUTES:
            yield from _of_choices(_Scope(group, subject, category), drawn)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What measures are of."""

    group: Group
    subject: str
    category: str | None

    def measure(self, name: str, values: Sums, basis: _Basis) -> Measure:
        pair, month = self.group
        return Measure(
            name,
            self.subject,
            self.category,
            pair,
            month,
            interval(values, basis.articles),
            basis.units,
            basis.unit,
            basis.articles,
            basis.is_enough,
        )


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a measure rests on; `marked` counts the units that matter to whether it can be read."""

    units: int
    unit: str
    marked: int
    articles: int

    @property
    def is_enough(self) -> bool:
        return self.marked >= LEAST_UNITS and self.articles >= LEAST_ARTICLES


def _of_items(scope: _Scope, drawn: DrawnSums) -> Iterator[Measure]:
    chosen = [one for one in drawn.categories if scope.category in (None, one)]
    items = _sum(drawn.each(TallyOf.ITEMS, chosen))
    articles = drawn.articles_with(TallyOf.ITEMS, chosen)
    for name, quantity in (("f1", TallyOf.SAME), ("f1_overlap", TallyOf.NEAR)):
        paired = _sum(drawn.each(quantity, chosen))
        units = round(float(items[0] - paired[0]))
        yield scope.measure(name, f1(paired, items), _Basis(units, "items", units, articles))


def _of_choices(scope: _Scope, drawn: DrawnSums) -> Iterator[Measure]:
    choices = _Choices.of(drawn, scope.category)
    basis = _basis_of_choices(scope, drawn)
    if scope.group.pair is not None:
        kappa = cohen_kappa(choices.agreeing, choices.left, choices.right)
        yield scope.measure("kappa", kappa, basis)
    else:
        kappa = fleiss_kappa(choices.agreeing, choices.shares)
        yield scope.measure("fleiss_kappa", kappa, basis)
    yield scope.measure("alpha", alpha(choices.coinciding, choices.chosen), basis)
    if scope.subject in _OVER_TOKENS:
        unitising = alpha_u(choices.coinciding, choices.chosen, choices.squares, choices.gaps)
        spans = _Basis(basis.marked, "spans", basis.marked, basis.articles)
        yield scope.measure("alpha_u", unitising, spans)


def _basis_of_choices(scope: _Scope, drawn: DrawnSums) -> _Basis:
    of_tokens = scope.subject in _OVER_TOKENS
    counted = TallyOf.RUNS if of_tokens else TallyOf.MARKED
    chosen = [
        one
        for one in drawn.categories
        if scope.category == one or (scope.category is None and not (of_tokens and one == NONE))
    ]
    marked = sum(drawn.count(one, counted) for one in chosen)
    if scope.category is None:
        units = drawn.count("", TallyOf.UNITS)
        marked = marked if of_tokens else units
    else:
        units = drawn.count(scope.category, TallyOf.MARKED)
    unit = "tokens" if of_tokens else "claims"
    return _Basis(units, unit, marked, drawn.articles_with(counted, chosen))


@dataclass(frozen=True, slots=True)
class _Choices:
    """The sums of choices between categories, or between one category and all others."""

    agreeing: Sums
    coinciding: Sums
    shares: list[Sums]
    left: list[Sums]
    right: list[Sums]
    chosen: list[Sums]
    squares: Sums
    gaps: Sums

    @classmethod
    def of(cls, drawn: DrawnSums, category: str | None) -> _Choices:
        return cls._of_all(drawn) if category is None else cls._of_one(drawn, category)

    @classmethod
    def _of_all(cls, drawn: DrawnSums) -> _Choices:
        each = partial(drawn.each, categories=drawn.categories)
        return cls(
            agreeing=_sum(each(TallyOf.AGREEING)),
            coinciding=_sum(each(TallyOf.COINCIDING)),
            shares=each(TallyOf.SHARE),
            left=each(TallyOf.LEFT),
            right=each(TallyOf.RIGHT),
            chosen=each(TallyOf.CHOSEN),
            squares=_sum(each(TallyOf.SQUARES)),
            gaps=drawn.of(NONE, TallyOf.CHOSEN),
        )

    @classmethod
    def _of_one(cls, drawn: DrawnSums, category: str) -> _Choices:
        every = cls._of_all(drawn)
        one = partial(drawn.of, category)
        units, values = _sum(every.shares), _sum(every.chosen)
        share, chosen = one(TallyOf.SHARE), one(TallyOf.CHOSEN)
        return cls(
            # Pairs that disagree on this category agree neither on it nor on the rest.
            agreeing=units - 2 * (share - one(TallyOf.AGREEING)),
            coinciding=values - 2 * (chosen - one(TallyOf.COINCIDING)),
            shares=[share, units - share],
            left=_and_rest(one(TallyOf.LEFT), every.left),
            right=_and_rest(one(TallyOf.RIGHT), every.right),
            chosen=[chosen, values - chosen],
            squares=one(TallyOf.SQUARES),
            gaps=values - chosen,
        )


def _and_rest(one: Sums, every: Sequence[Sums]) -> list[Sums]:
    return [one, _sum(every) - one]


def _sum(sums: Sequence[Sums]) -> Sums:
    total: Sums = np.sum(sums, axis=0, dtype=np.float64)
    return total
