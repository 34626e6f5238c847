"""Measures as JSON values; loads no numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from annotator.measures.agreement_measures import Measure


def measure_to_dict(one: Measure) -> dict[str, Any]:
    """A measure as JSON values, rounded to four digits; `month` only where it is of one."""
    plain: dict[str, Any] = {
        "measure": one.name,
        "of": one.of,
        "pair": None if one.pair is None else list(one.pair),
        "value": _rounded(one.interval.value),
        "low": _rounded(one.interval.low),
        "high": _rounded(one.interval.high),
        "units": one.units,
        "unit": one.unit,
        "articles": one.articles,
        "enough": one.is_enough,
    }
    return plain if one.month is None else {**plain, "month": one.month}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
