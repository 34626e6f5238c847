"""A process that decides on an article for ever and says which decisions were acknowledged.

`python -m tests.helpers.keep_appending URL ARTICLE REVIEWER`: tests kill it at any moment.
"""

from __future__ import annotations

import random
import sys
import uuid
from datetime import UTC, datetime
from itertools import repeat

from annotator.core.decisions import (
    Change,
    DecisionGroup,
    accept,
    finish,
    reject,
    reopen,
    to_decisions,
)
from annotator.core.review import Review
from annotator.store.store import Store


def main(url: str, article_id: str, reviewer: str) -> None:
    store = Store.open(url)
    now = datetime.now(UTC)
    opened = store.reviews.open(article_id, reviewer, now=now, lease_seconds=60)
    review = opened.review
    print("open", len(review.decisions), flush=True)
    while True:
        made = to_decisions(
            _press(review),
            DecisionGroup(
                id=str(uuid.uuid4()),
                article=article_id,
                reviewer=reviewer,
                at=datetime.now(UTC),
                first_seq=review.next_seq,
                keys=1,
                seconds=0.1,
            ),
            ids=(str(uuid.uuid4()) for _ in repeat(None)),
        )
        store.reviews.append(made, text=opened.article.text)
        print(" ".join(decision.id for decision in made), flush=True)
        review = review.decide(*made)


def _press(review: Review) -> list[Change]:
    if review.finished:
        return [reopen()]
    undo = review.undo()
    if undo is not None and random.random() < 0.3:
        return [undo]
    if random.random() < 0.1:
        return [finish()]
    verb = random.choice([accept, reject])
    return [verb(held.item) for held in review.held.values()]


if __name__ == "__main__":
    main(*sys.argv[1:])
