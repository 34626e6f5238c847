"""Who may adjudicate an article, and what changed in its reviews since somebody began."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.errors import ReviewError


def check_may_adjudicate(
    who: str, differing: Collection[str], *, appointed: Sequence[str], others: Iterable[str]
) -> None:
    """Raises ReviewError if `who` may not adjudicate the reviews of `differing`.

    `appointed` are the adjudicators that the workspace names; without any, it may be anybody, of
    whom `others` are known to the store. One of those who differ may only if nobody else is there.
    """
    if appointed and who not in appointed:
        raise ReviewError(
            f"{who} is not among the adjudicators of this workspace: {listed(appointed)}.",
            hint="Ask one of them, or add the name to `adjudicators` in annotator.toml.",
        )
    if who not in differing:
        return
    instead = sorted(name for name in appointed or others if name not in differing)
    if instead:
        raise ReviewError(
            f"{who} reviewed this article and cannot adjudicate it while somebody else can: "
            f"{listed(instead)}.",
            hint="Leave it to them.",
        )


def listed(names: Iterable[str], most: int = 4) -> str:
    """Names as a list in words; of many the first few."""
    found = list(names)
    if len(found) > most:
        found = [*found[:most], f"{len(found) - most} more"]
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))


def changes_since(
    pinned: ComparedReviews, finished: Mapping[str, int], unfinished: Collection[str] = ()
) -> tuple[str, ...]:
    """What happened to the reviews of an article since they were compared, in sentences.

    `finished` maps the reviewers whose reviews are finished now to their last decision's number.
    """
    return tuple(_changes(pinned, finished, unfinished))


def _changes(
    pinned: ComparedReviews, finished: Mapping[str, int], unfinished: Collection[str]
) -> Iterator[str]:
    before = {one.reviewer: one.seq for one in pinned.reviews}
    for name, seq in finished.items():
        if name not in before:
            yield f"{name} has finished a review too."
        elif seq != before[name]:
            yield f"{name} has finished the review anew."
    for name in before:
        if name in unfinished:
            yield f"{name} has reopened the review."
