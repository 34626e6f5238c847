"""Agreement between reviewers, read from a store, as lines and as JSON; for several verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from annotator.core.text.counted import many
from annotator.errors import ArticleDamaged
from annotator.measures.measure_values import measure_to_dict as measure_to_dict

if TYPE_CHECKING:
    from annotator.measures.agreement_measures import Measure
    from annotator.measures.comparisons import Comparisons
    from annotator.store.store import Store
    from annotator.store.values import OpenedReview

Progress = Callable[[int, int], None]
Told = Callable[[ArticleDamaged], None]
Hidden = Counter[str]
"""How many reviews of each reviewer this role of the database may not read."""


def compared(
    store: Store,
    into: Comparisons,
    told: Told | None,
    progress: Progress = lambda *_: None,
    *,
    hidden: Hidden | None = None,
) -> Iterator[tuple[OpenedReview, ...]]:
    """The articles with two finished reviews or more; each is taken `into` the comparisons.

    `told` is called for each review that cannot be read, which is left out, and those that may not
    be read are counted in `hidden`; without them, the first raises an error. `progress` is called
    with the number of articles read and of all.
    """
    from annotator.core.comparison.judgement import COMPARED_KINDS

    total = store.finished.compared_count(COMPARED_KINDS)
    count = None if hidden is None else lambda reviewer: hidden.update([reviewer])
    articles = store.finished.compared(COMPARED_KINDS, damaged=told, hidden=count)
    for number, reviews in enumerate(articles, start=1):
        into.take_reviews(reviews)
        progress(number, total)
        yield reviews


def hidden_in_words(hidden: Mapping[str, int]) -> str:
    """What may not be read, in a sentence; empty if there is nothing."""
    if not hidden:
        return ""
    whose = ", ".join(f"{many(hidden[name], 'review')} by {name}" for name in sorted(hidden))
    return (
        f"The database does not let you read {whose}: agreement leaves them out. A lead or the "
        "owner of the database reads them."
    )


def overall(sums: Comparisons) -> tuple[Measure, ...]:
    """The measures of all reviewers together, without categories."""
    from annotator.measures.agreement_measures import measures
    from annotator.measures.article_sums import TOGETHER

    if not sums.sums.articles():
        return ()
    return tuple(one for one in measures(sums.sums, [TOGETHER]) if one.category is None)
