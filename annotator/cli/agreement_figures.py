"""Agreement between reviewers, read from a store, as lines and as JSON; for several verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from annotator.errors import ArticleDamaged
from annotator.measures.measure_values import measure_to_dict as measure_to_dict

if TYPE_CHECKING:
    from annotator.measures.agreement_measures import Measure
    from annotator.measures.comparisons import Comparisons
    from annotator.store.store import Store
    from annotator.store.values import OpenedReview

Progress = Callable[[int, int], None]
Told = Callable[[ArticleDamaged], None]


def compared(
    store: Store, into: Comparisons, told: Told | None, progress: Progress = lambda *_: None
) -> Iterator[tuple[OpenedReview, ...]]:
    """The articles with two finished reviews or more; each is taken `into` the comparisons.

    `told` is called for each review that cannot be read, which is left out; without it, the first
    raises an error. `progress` is called with the number of articles read and of all.
    """
    from annotator.core.comparison.judgement import COMPARED_KINDS

    total = store.finished.compared_count(COMPARED_KINDS)
    articles = store.finished.compared(COMPARED_KINDS, damaged=told)
    for number, reviews in enumerate(articles, start=1):
        into.take_reviews(reviews)
        progress(number, total)
        yield reviews


def overall(sums: Comparisons) -> tuple[Measure, ...]:
    """The measures of all reviewers together, without categories."""
    from annotator.measures.agreement_measures import measures
    from annotator.measures.article_sums import TOGETHER

    if not sums.sums.articles():
        return ()
    return tuple(one for one in measures(sums.sums, [TOGETHER]) if one.category is None)
