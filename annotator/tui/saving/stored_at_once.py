"""Stores decisions on an article that no review screen shows. Blocks."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.article import Article
from annotator.core.decisions import Change, DecisionGroup, to_decisions
from annotator.core.review import Review
from annotator.errors import ReviewError
from annotator.tui.app_setup import AppSetup


def store_at_once(
    setup: AppSetup, article: Article, review: Review | None, changes: Sequence[Change], group: str
) -> None:
    """Store one key press in the reviewer's review of an article, made upon `review` (None: there
    was none yet), as decisions of the group `group`.

    Raises ReviewError if the review has changed so that they do not fit, LeaseLost if others have
    the article; then nothing is stored.
    """
    clock, config = setup.clock, setup.config
    first = review.next_seq if review else 1
    adjudicates = review is not None and review.adjudicates
    press = DecisionGroup(
        group, article.id, config.reviewer, clock.now(), first, keys=1, adjudicates=adjudicates
    )
    outcome = setup.store.reviews.append_late(
        to_decisions(changes, press, ids=[clock.new_id() for _ in changes]),
        text=article.text,
        now=clock.now(),
        lease_seconds=config.lease_seconds,
        plan=config.plan,
    )
    for _, why in outcome.left:
        raise ReviewError(why, hint="Look at it again, then decide anew.")
