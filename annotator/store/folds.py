"""The folds of reviews being worked on, so that one more decision does not replay them all."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from annotator.core.review import Review

_KEPT = 4


class Folds:
    """A few reviews by their row's id. Since the log is only appended to, a fold that ends at the
    same decision as the log is the fold of the log."""

    def __init__(self) -> None:
        self._reviews: OrderedDict[int, Review] = OrderedDict()
        self._lock = Lock()

    def at(self, review_id: int, last_seq: int) -> Review | None:
        """The fold up to decision `last_seq`, if it is here."""
        with self._lock:
            review = self._reviews.get(review_id)
        return review if review is not None and review.next_seq - 1 == last_seq else None

    def keep(self, review_id: int, review: Review) -> None:
        with self._lock:
            self._reviews[review_id] = review
            self._reviews.move_to_end(review_id)
            while len(self._reviews) > _KEPT:
                self._reviews.popitem(last=False)

    def forget(self, review_id: int) -> None:
        """What is no longer worked on takes no room."""
        with self._lock:
            self._reviews.pop(review_id, None)
