"""How far reviewers agree with the pipeline, with its suggestions before them and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotator.core.anchoring import Overlap, ReviewOverlaps
from annotator.core.comparison.subjects import CLAIMS, ENTITIES
from annotator.core.text.counted import many
from annotator.measures.agreement_measures import LEAST_ARTICLES, LEAST_UNITS
from annotator.measures.bootstrap import Interval, drawn_sums, interval
from annotator.measures.coefficients import Sums, f1

ASSISTED, UNASSISTED = "assisted", "unassisted"


@dataclass(frozen=True, slots=True)
class PipelineAgreement:
    """F1 of reviews against what the pipeline suggested for their articles, for entities or claims
    (`subject`), over so many reviews and articles, with so many items on both sides together."""

    subject: str
    reviews: int
    articles: int
    items: int
    f: Interval
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The agreement with and without suggestions, and by how much it is higher with them: empty
    unless there are enough reviews of both kinds."""

    assisted: PipelineAgreement
    unassisted: PipelineAgreement
    difference: Interval

    @property
    def subject(self) -> str:
        """Entities or claims."""
        return self.assisted.subject


def anchoring(assisted: ReviewOverlaps, unassisted: ReviewOverlaps) -> tuple[Anchoring, ...]:
    """The anchoring of entities, and that of claims."""
    return tuple(_of_subject(subject, assisted, unassisted) for subject in (ENTITIES, CLAIMS))


def _of_subject(subject: str, assisted: ReviewOverlaps, unassisted: ReviewOverlaps) -> Anchoring:
    helped, with_help = _agreement(subject, assisted, ASSISTED)
    alone, without = _agreement(subject, unassisted, UNASSISTED)
    difference = Interval()
    if helped.is_enough and alone.is_enough:
        difference = interval(with_help - without, min(len(assisted.rows), len(unassisted.rows)))
    return Anchoring(helped, alone, difference)


def _agreement(subject: str, reviews: ReviewOverlaps, name: str) -> tuple[PipelineAgreement, Sums]:
    """The agreement, and the values that its interval is made of."""
    overlaps = [row.entities if subject == ENTITIES else row.claims for row in reviews.rows]
    bearing, items, values = f1_drawn(overlaps, f"{subject} {name}")
    enough = len(values) > 1
    found = interval(values, bearing) if enough else Interval()
    return (
        PipelineAgreement(subject, reviews.reviews, reviews.articles, items, found, enough),
        values,
    )


def f1_drawn(overlaps: Sequence[Overlap], name: str) -> tuple[int, int, Sums]:
    """How many of these articles have items, how many items they have, and F1 over all of them and
    over each draw of them; one value that is not a number where there are not enough."""
    bearing = sum(one.marked > 0 for one in overlaps)
    items = sum(one.marked for one in overlaps)
    if bearing < LEAST_ARTICLES or items < LEAST_UNITS:
        return bearing, items, np.full(1, np.nan)
    rows = np.array([(one.same, one.marked) for one in overlaps], dtype=np.float64)
    sums = drawn_sums(rows, name)
    return bearing, items, f1(sums[:, 0], sums[:, 1])


# As JSON, and in words


def anchoring_to_dict(found: tuple[Anchoring, ...]) -> dict[str, Any]:
    """The anchoring as JSON values: `assisted`, `unassisted` and `difference`, by subject."""
    return {
        ASSISTED: {one.subject: _agreement_to_dict(one.assisted) for one in found},
        UNASSISTED: {one.subject: _agreement_to_dict(one.unassisted) for one in found},
        "difference": {one.subject: interval_to_dict(one.difference) for one in found},
    }


def _agreement_to_dict(one: PipelineAgreement) -> dict[str, Any]:
    return {
        "reviews": one.reviews,
        "articles": one.articles,
        "items": one.items,
        "enough": one.is_enough,
        **interval_to_dict(one.f),
    }


def interval_to_dict(one: Interval) -> dict[str, float | None]:
    """A value with its interval as JSON values."""
    ends = {"value": one.value, "low": one.low, "high": one.high}
    return {name: None if end is None else round(end, 4) for name, end in ends.items()}


def anchoring_lines(plain: Mapping[str, Any]) -> Iterator[str]:
    """What `anchoring_to_dict` gave, one line for each figure that there is."""
    for subject, helped in plain[ASSISTED].items():
        alone, more = plain[UNASSISTED][subject], plain["difference"][subject]
        yield f"{subject}: with suggestions {_in_words(helped)}; without {_in_words(alone)}"
        if more["value"] is not None:
            yield f"{subject}: higher by {_range(more, 100)} points with suggestions"


def _in_words(one: Mapping[str, Any]) -> str:
    articles = many(one["articles"], "article")
    if not one["enough"]:
        return f"not enough ({articles})"
    return f"F {_range(one, 100)} ({articles})"


def _range(one: Mapping[str, Any], times: float) -> str:
    value, low, high = (
        None if one[name] is None else f"{one[name] * times:.1f}"
        for name in ("value", "low", "high")
    )
    return f"{value}" if low is None or high is None else f"{value} (95 %: {low} to {high})"
