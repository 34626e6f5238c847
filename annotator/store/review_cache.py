"""The folds of reviews being worked on, so that one more decision does not replay them all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from sqlalchemy import Row

from annotator.core.review import Review

_KEPT = 4


class ReviewCache:
    """A few reviews by their rows. Since the log is only appended to, a fold that ends at the same
    decision as the log is the fold of the log; where the review has been opened as a new one in
    the meantime, perhaps upon other suggestions, it is none."""

    def __init__(self) -> None:
        self._reviews: OrderedDict[Hashable, Review] = OrderedDict()
        self._lock = Lock()

    def of(self, row: Row[Any]) -> Review | None:
        """The fold of the review in this row, if it is here."""
        with self._lock:
            review = self._reviews.get(_key(row))
        return review if review is not None and review.next_seq - 1 == row.last_seq else None

    def keep(self, row: Row[Any], review: Review) -> None:
        with self._lock:
            self._reviews[_key(row)] = review
            self._reviews.move_to_end(_key(row))
            while len(self._reviews) > _KEPT:
                self._reviews.popitem(last=False)

    def clear(self) -> None:
        """Keeps none of them any more."""
        with self._lock:
            self._reviews.clear()

    def forget(self, row: Row[Any]) -> None:
        """What is no longer worked on takes no room."""
        with self._lock:
            self._reviews.pop(_key(row), None)


def _key(row: Row[Any]) -> Hashable:
    return row.id, row.article_id, row.suggestion_set_id, row.opened_at
