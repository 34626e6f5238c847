"""The part of `annotator report` on suggesters: how much of what each suggested was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotator.core.reviewing.outcomes import Outcomes
from annotator.store.values import SuggesterWork


def suggester_figures(work: Iterable[SuggesterWork]) -> list[dict[str, Any]]:
    """Counts and precision of each suggester, in all and by label; a precision is null without
    decisions. `failed` counts articles on which it has no opinion, `problem` is why on the last."""
    return [
        {
            "name": one.suggester,
            "articles": one.articles,
            **_counts(sum(one.outcomes.values(), Outcomes())),
            "failed": one.failed,
            "problem": one.problem,
            "dropped": one.dropped,
            "labels": {label: _counts(outcomes) for label, outcomes in one.outcomes.items()},
        }
        for one in work
    ]


def suggester_lines(figures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A table of precision by suggester, and what went wrong; nothing without suggesters."""
    if not figures:
        return
    widest = max(9, *(len(one["name"]) for one in figures))
    yield ""
    yield (
        f"{'suggester':<{widest}}{'articles':>10}{'accepted':>10}{'corrected':>11}"
        f"{'rejected':>10}{'precision':>11}"
    )
    for one in figures:
        share = one["precision"]
        yield (
            f"{one['name']:<{widest}}{one['articles']:>10,}{one['accepted']:>10,}"
            f"{one['corrected']:>11,}{one['rejected']:>10,}"
            f"{'–' if share is None else f'{share:.1%}':>11}"
        )
    for one in figures:
        yield from _troubles(one)


def _counts(outcomes: Outcomes) -> dict[str, Any]:
    precision = outcomes.precision
    return {
        "accepted": outcomes.accepted,
        "corrected": outcomes.corrected,
        "rejected": outcomes.rejected,
        "open": outcomes.open,
        "precision": None if precision is None else round(precision, 4),
    }


def _troubles(one: Mapping[str, Any]) -> Iterator[str]:
    if one["failed"]:
        articles = "1 article" if one["failed"] == 1 else f"{one['failed']:,} articles"
        yield f"{one['name']} has no opinion on {articles}; why it failed last: {one['problem']}"
    if one["dropped"]:
        yield (
            f"{one['dropped']:,} suggestions of {one['name']} were dropped: their labels are not "
            "in the label scheme"
        )
