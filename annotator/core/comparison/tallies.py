"""What measures of agreement are computed from: sums over articles, each of a comparison.

A key names one sum: what it is of (`entities`, `content`, `stance` ...), a category in it (a
label, a value, or `none`) and a quantity. All measures are functions of such sums, so
articles are read one at a time, and drawing articles again means adding up other rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from annotator.core.comparison.token_labels import TokenLabels


class TallyOf(StrEnum):
    """What is counted; for n reviewers who judged a unit, k of whom chose the category.

    Of the items of two reviewers: `items` are those of both, `same` the pairs of equal ones, `near`
    the pairs of overlapping ones of one category.
    """

    UNITS = "units"  # units that two or more judged (of no category)
    MARKED = "marked"  # units to which at least one gave the category
    CHOSEN = "chosen"  # k
    COINCIDING = "coinciding"  # k (k - 1) / (n - 1)
    SHARE = "share"  # k / n
    AGREEING = "agreeing"  # k (k - 1) / (n (n - 1))
    LEFT = "left"  # of two reviewers, the first chose the category
    RIGHT = "right"  # the second did
    SQUARES = "squares"  # squares of the lengths of units of the category
    RUNS = "runs"  # units of the category
    ITEMS = "items"
    SAME = "same"
    NEAR = "near"


class TallyKey(NamedTuple):
    """What a sum is of."""

    of: str
    category: str
    quantity: TallyOf


Tally = defaultdict[TallyKey, float]
"""The sums of one article."""


def new_tally() -> Tally:
    """Sums of nothing."""
    return defaultdict(float)


def tally_choices(tally: Tally, of: str, choices: Mapping[tuple[str | None, ...], int]) -> None:
    """Add the choices that reviewers made for units.

    `choices` counts units by what each reviewer chose; None: said nothing. Units that fewer than
    two judged are left out.
    """
    for chosen, units in choices.items():
        known = [one for one in chosen if one is not None]
        n = len(known)
        if n < 2:
            continue
        tally[TallyKey(of, "", TallyOf.UNITS)] += units
        for category, k in Counter(known).items():
            tally[TallyKey(of, category, TallyOf.MARKED)] += units
            tally[TallyKey(of, category, TallyOf.CHOSEN)] += k * units
            tally[TallyKey(of, category, TallyOf.SHARE)] += k * units / n
            if k > 1:
                both = k * (k - 1) * units / (n - 1)
                tally[TallyKey(of, category, TallyOf.COINCIDING)] += both
                tally[TallyKey(of, category, TallyOf.AGREEING)] += both / n
        if len(chosen) == 2:
            tally[TallyKey(of, known[0], TallyOf.LEFT)] += units
            tally[TallyKey(of, known[1], TallyOf.RIGHT)] += units


def tally_tokens(tally: Tally, of: str, sides: Sequence[TokenLabels]) -> None:
    """Add the labels that reviewers gave to the tokens of a text, and their units."""
    choices = Counter(zip(*(side.labels for side in sides), strict=True))
    tally_choices(tally, of, choices)
    pairable = _pairable(sides) if any(None in one for one in choices) else None
    for side in sides:
        for first, end, label in side.units:
            length = end - first if pairable is None else sum(pairable[first:end])
            if length:
                tally[TallyKey(of, label, TallyOf.SQUARES)] += length * length
                tally[TallyKey(of, label, TallyOf.RUNS)] += 1


def _pairable(sides: Sequence[TokenLabels]) -> bytearray:
    """For each token 1 where two reviewers or more judged it. A unit's own reviewer did."""
    columns: Iterable[tuple[str | None, ...]] = zip(*(s.labels for s in sides), strict=True)
    return bytearray(len(chosen) - chosen.count(None) > 1 for chosen in columns)
