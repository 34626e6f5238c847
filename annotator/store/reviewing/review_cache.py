"""A cache of open reviews, so that a new decision does not replay the whole log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from sqlalchemy import Row

from annotator.core.review import Review

_KEPT = 4


class ReviewCache:
    """A few reviews by their rows. The log is append-only, so a cached review with the same last
    decision is current, unless the review was opened anew in the meantime, perhaps on other
    suggestions."""

    def __init__(self) -> None:
        self._reviews: OrderedDict[Hashable, Review] = OrderedDict()
        self._lock = Lock()

    def of(self, row: Row[Any]) -> Review | None:
        """The cached review of this row, if current."""
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
        """Remove all reviews."""
        with self._lock:
            self._reviews.clear()

    def forget(self, row: Row[Any]) -> None:
        """Remove a review that is no longer open."""
        with self._lock:
            self._reviews.pop(_key(row), None)


def _key(row: Row[Any]) -> Hashable:
    return row.id, row.article_id, row.suggestion_set_id, row.opened_at, row.assisted
